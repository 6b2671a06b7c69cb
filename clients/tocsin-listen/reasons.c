#include "tocsin-listen/reasons.h"

#include <stdio.h>
#include <string.h>

#include "words/words.h"

static void add(char out[static REASON_SIZE], const char *text, size_t length)
{
    size_t used = strlen(out), room = REASON_SIZE - 1 - used;
    length = length < room ? length : room;
    memcpy(out + used, text, length);
    out[used + length] = '\0';
}

/* "lists Rome, Lisboa: your place Roma is none of them (nearest: Rome)" */
static void write_places(const struct view_window *window, const char *place,
                         char out[static REASON_SIZE])
{
    enum { SHOWN = 6 };
    char nearest[64] = "", name[64];
    size_t shown = 0, others = 0;
    int least = 9;
    add(out, "by place: it lists ", 19);
    for (size_t i = 0; i < window->occurrence_count; i++) {
        struct text one = window->occurrence[i].place;
        bool is_known = false;
        for (size_t j = 0; j < i; j++) {
            const struct text *before = &window->occurrence[j].place;
            is_known |= before->len == one.len && memcmp(before->at, one.at, one.len) == 0;
        }
        if (is_known) {
            continue;
        }
        if (shown < SHOWN) {
            add(out, "; ", shown++ > 0 ? 2 : 0);
            add(out, one.at, one.len);
        } else {
            others++;
        }
        int distance = place != NULL ? words_distance(place, strlen(place), one.at, one.len) : 9;
        if (distance < least && one.len < sizeof nearest) {
            least = distance;
            snprintf(nearest, sizeof nearest, "%.*s", (int)one.len, one.at);
        }
    }
    if (others > 0) {
        add(out, name, (size_t)snprintf(name, sizeof name, " and %zu more", others));
    }
    char rest[REASON_SIZE];
    if (place == NULL) {
        snprintf(rest, sizeof rest, ": say with --place which of them this is");
    } else {
        snprintf(rest, sizeof rest, ": your place %.80s is none of them%s%s%s", place,
                 least < 5 ? " (nearest: " : "", least < 5 ? nearest : "", least < 5 ? ")" : "");
    }
    add(out, rest, strlen(rest));
}

bool reason_no_place(const struct view_window *window, const struct listener_site *site,
                     instant now, char out[static REASON_SIZE])
{
    bool is_ahead = false;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (one->record->is.window.wave != WAVE_PLACE ||
            listener_is_place(site->place, one->place)) {
            return false;
        }
        is_ahead |= one->state == OCCURRENCE_IN_FORCE && one->start.tai_ns > now.tai_ns;
    }
    out[0] = '\0';
    if (is_ahead && listener_wants(site, window)) {
        write_places(window, site->place, out);
    }
    return out[0] != '\0';
}

static bool set(char out[static REASON_SIZE], const char *text)
{
    snprintf(out, REASON_SIZE, "%s", text);
    return true;
}

/* The records' own reason, then the site's. */
bool reason_of(const struct view *view, const struct view_window *window,
               const struct view_occurrence *occurrence, const struct listener_site *site,
               char out[static REASON_SIZE])
{
    const struct view_root *root = view_find_root(view, &window->root);
    char fact[VIEW_SENTENCE_SIZE];
    view_fact_write(&window->why, fact);
    switch (occurrence->state) {
    case OCCURRENCE_NOT_YET:
        if (root != NULL && root->is_tentative) {
            char of_root[VIEW_SENTENCE_SIZE];
            view_fact_write(&root->why, of_root);
            snprintf(out, REASON_SIZE, "its root is not in force (%.120s)", of_root);
            return true;
        }
        return set(out, fact);
    case OCCURRENCE_OFF:
        return set(out, "this date is called off");
    case OCCURRENCE_CANCELLED:
        return set(out, fact);
    case OCCURRENCE_EXPIRED:
        return set(out, "it would start after its record, or its root, expires");
    case OCCURRENCE_IN_FORCE:
        break;
    }
    if (!listener_wants(site, window)) {
        return set(out, "--uid names others");
    }
    switch (occurrence->record->is.window.wave) {
    case WAVE_NONE:
        return false;
    case WAVE_CLOCK:
        return site->zone == NULL && set(out, "by the site's clock: say with --zone where this is");
    case WAVE_PLACE:
        out[0] = '\0';
        if (!listener_is_place(site->place, occurrence->place)) {
            write_places(window, site->place, out);
        }
        return out[0] != '\0';
    case WAVE_DAY:
        return set(out, "whole days never ring");
    }
    return false;
}
