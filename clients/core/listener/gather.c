#include "listener/gather.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const int64_t PAST_NS = 3600 * NS_PER_S;

/* A word is of ASCII, and there is room for the longest. */
static void copy_word(struct text from, char *out, size_t size)
{
    snprintf(out, size, "%.*s", (int)from.len, from.at);
}

bool listener_wants(const struct listener_site *site, const struct view_window *window)
{
    static const uint8_t any[sizeof site->wanted->root];
    for (size_t i = 0; i < site->wanted_count; i++) {
        const struct listener_wanted *one = &site->wanted[i];
        if (record_uid_equal(&one->uid, &window->uid) &&
            (memcmp(one->root, any, sizeof any) == 0 ||
             memcmp(one->root, window->root.bytes, sizeof any) == 0)) {
            return true;
        }
    }
    return site->wanted_count == 0;
}

bool listener_is_place(const char *site, struct text listed)
{
    return site != NULL && strlen(site) == listed.len &&
           strncasecmp(site, listed.at, listed.len) == 0;
}

/* When it starts at this site; false when it does not ring here. */
static bool start_here(const struct view_occurrence *occurrence, const struct record_window *window,
                       const struct listener_site *site, const struct leap_table *leap, utc *start)
{
    switch (window->wave) {
    case WAVE_NONE:
        *start = leap_to_utc(leap, occurrence->start, NULL);
        return occurrence->has_start;
    case WAVE_CLOCK:
        if (site->zone == NULL) {
            return false;
        }
        *start = zone_start_of(site->zone, (struct civil){occurrence->date, window->wave_time});
        return true;
    case WAVE_PLACE:
        if (!occurrence->has_start || !listener_is_place(site->place, occurrence->place)) {
            return false;
        }
        *start = leap_to_utc(leap, occurrence->start, NULL);
        return true;
    case WAVE_DAY:
        break;
    }
    return false;
}

static void leave_out(struct listener_occurrence *left_out, bool *is_any,
                      const struct listener_occurrence *one)
{
    if (!*is_any || one->start.ns < left_out->start.ns) {
        *left_out = *one;
        *is_any = true;
    }
}

/* Keeps the nearest `max`, ascending by start, then by name, so that equal views give equal lists.
 * What falls off is in list[max - 1] before, or is `next`. */
static size_t insert(struct listener_occurrence *list, size_t count, size_t max,
                     const struct listener_occurrence *next)
{
    size_t at = count;
    while (at > 0 && list[at - 1].start.ns > next->start.ns) {
        at--;
    }
    if (at == max) {
        return count;
    }
    size_t moved = (count < max ? count : max - 1) - at;
    memmove(&list[at + 1], &list[at], moved * sizeof *list);
    list[at] = *next;
    return count < max ? count + 1 : max;
}

/* What the view has in force is not yet what rings here: places, clocks and the wishes of a site
 * are its own business, and so is when a wave by the clock starts, and whether it has expired by
 * then. */
size_t listener_gather(const struct view *view, const struct record_id *root_id,
                       const struct listener_site *site, const struct leap_table *leap, instant now,
                       struct listener_occurrence *out, size_t max,
                       struct listener_occurrence *left_out)
{
    size_t count = 0;
    bool is_any_out = false;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (!record_id_equal(&window->root, root_id) || !listener_wants(site, window)) {
            continue;
        }
        for (size_t j = 0; j < window->occurrence_count; j++) {
            const struct view_occurrence *occurrence = &window->occurrence[j];
            const struct record_window *record = &occurrence->record->is.window;
            struct listener_occurrence next = {.state = LISTENER_WAITING};
            if (occurrence->state != OCCURRENCE_IN_FORCE ||
                !start_here(occurrence, record, site, leap, &next.start)) {
                continue;
            }
            next.end.ns = next.start.ns + record->duration.ns;
            next.starts = leap_from_utc(leap, next.start, NULL);
            next.ends = leap_from_utc(leap, next.end, NULL);
            next.is_wave = record->wave != WAVE_NONE;
            if (next.is_wave && next.starts.tai_ns >= occurrence->expires.tai_ns) {
                continue;
            }
            if (instant_since(now, next.ends).ns > PAST_NS) {
                continue;
            }
            next.name.root = window->root;
            next.name.uid = window->uid;
            copy_word(occurrence->key, next.name.key, sizeof next.name.key);
            copy_word(record->gesture, next.gesture, sizeof next.gesture);
            record_unescape(record_prose_in(record->title, record->title_count, site->languages),
                            next.title, sizeof next.title);
            next.tone = record->tone;
            next.is_alerted = occurrence->alerted;
            if (count == max) {
                bool is_next = max == 0 || next.start.ns >= out[max - 1].start.ns;
                leave_out(left_out, &is_any_out, is_next ? &next : &out[max - 1]);
            }
            count = insert(out, count, max, &next);
        }
    }
    return count;
}
