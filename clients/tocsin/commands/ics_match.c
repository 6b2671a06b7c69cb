#include "tocsin/commands/ics_match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feeds/event.h"
#include "zones/zone.h"

static const char *status_text(enum feed_status status)
{
    return status == FEED_CONFIRMED   ? "CONFIRMED"
           : status == FEED_CANCELLED ? "CANCELLED"
                                      : "TENTATIVE";
}

bool ics_match_is_of_a_zone(utc at, utc by_utc)
{
    enum { ZONE_STEP_S = 900, EARLIEST_S = 14 * 3600, LATEST_S = 12 * 3600 };
    int64_t apart_s = utc_since(at, by_utc).ns / NS_PER_S;
    return apart_s % ZONE_STEP_S == 0 && apart_s >= -EARLIEST_S && apart_s <= LATEST_S;
}

static bool starts_alike(const struct feed_entry *entry, const struct feed_event *meant,
                         const struct ics_event *event, utc start)
{
    enum record_wave wave = entry->of->times->wave;
    if (meant->is_date != (event->kind == ICS_DATE)) {
        return false;
    }
    bool is_by_zone = !meant->is_date && (wave == WAVE_CLOCK || wave == WAVE_DAY);
    return is_by_zone ? ics_match_is_of_a_zone(start, meant->start) : start.ns == meant->start.ns;
}

/* An event without an end says nothing false of it; a date without one is a day. */
static bool ends_alike(const struct feed_event *meant, const struct ics_event *event, utc start)
{
    int64_t meant_s = utc_since(meant->end, meant->start).ns / NS_PER_S;
    utc end;
    if (event->has_length) {
        return event->length_s == meant_s;
    }
    if (event->end_kind == ICS_NO_START) {
        return !meant->is_date || meant_s == NS_PER_DAY / NS_PER_S;
    }
    return event->end_kind == event->kind && ics_read_time(event->end_kind, event->end, &end) &&
           utc_since(end, start).ns / NS_PER_S == meant_s;
}

/* What a reader may have dropped, or left as it was. */
static bool is_absent_or(const char *said, const char *meant)
{
    return *said == '\0' || (meant != NULL && strcmp(said, meant) == 0);
}

static enum ics_match compare(const struct feed_entry *entry, const struct feed_event *meant,
                              const struct ics_event *event)
{
    utc start;
    if (strcmp(event->uid_text, meant->uid) != 0) {
        return UNLIKE_ALL;
    }
    if (!ics_read_time(event->kind, event->start, &start) ||
        !starts_alike(entry, meant, event, start)) {
        return UNLIKE_START;
    }
    if (!ends_alike(meant, event, start)) {
        return UNLIKE_END;
    }
    if (*event->status != '\0' && strcasecmp(event->status, status_text(meant->status)) != 0) {
        return UNLIKE_STATUS;
    }
    if (strcmp(event->summary, meant->title) != 0) {
        return UNLIKE_TITLE;
    }
    if (!is_absent_or(event->place, meant->place)) {
        return UNLIKE_PLACE;
    }
    return is_absent_or(event->url, meant->url) ? ALIKE : UNLIKE_URL;
}

/* In every language that the constellation's feeds are in. */
struct languages {
    char (*tag)[FEED_LANGUAGE_SIZE]; /* owned */
    size_t count;
};

static void compare_entries(const struct feed_source *source, const struct feed_items *items,
                            struct feed_request request, const struct languages *languages,
                            const struct ics_event *event, enum ics_match *best)
{
    struct feed_entries entries;
    if (!feed_entries_build(source, items, &request, &entries)) {
        say_no_memory();
    }
    for (size_t i = 0; i < entries.count; i++) {
        const struct feed_entry *entry = &entries.entry[i];
        if (entry->is_rest != event->is_rest || !text_is(entry->of->key, event->key)) {
            continue;
        }
        for (size_t k = 0; *best != ALIKE && k < languages->count + 2; k++) {
            struct feed_event meant;
            request.language = k == 0 ? "" : k == 1 ? FEED_MANY_LANGUAGES : languages->tag[k - 2];
            if (!feed_event_build(source, &request, entry, "", &meant)) {
                say_no_memory();
            }
            enum ics_match one = compare(entry, &meant, event);
            *best = one > *best ? one : *best;
            feed_event_free(&meant);
        }
    }
    feed_entries_free(&entries);
}

enum ics_match ics_match_of(const struct session *session, const struct view_window *window,
                            const struct ics_event *event)
{
    struct feed_source source = {
        .view = session->view,
        .entry = session->set.entry,
        .entry_count = session->set.entry_count,
        .leap = &session->leap,
        .horizon = {.from = session->now, .to = session->now, .now = session->now},
        .now = session->now,
    };
    /* an old file is held against what was then, a long window against all of it */
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        static const span before = {-2 * NS_PER_DAY}, after = {400 * NS_PER_DAY};
        instant at;
        if (instant_add(one->start, before, &at) && instant_compare(at, source.horizon.from) < 0) {
            source.horizon.from = at;
        }
        if (instant_add(one->end, after, &at) && instant_compare(at, source.horizon.to) > 0) {
            source.horizon.to = at;
        }
    }
    struct feed_tallies tallies = {0};
    struct feed_items items = {0};
    struct languages languages = {0};
    struct zone *utc_clock = say_memory(zone_fixed("UTC", 0));
    struct feed_request request = {
        .root = view_find_root(session->view, &window->root), .language = "", .window = window};
    enum ics_match best = UNLIKE_ALL;
    if (!feed_tallies_build(&source, &tallies) || !feed_items_build(&source, &tallies, &items) ||
        !feed_languages(session->view, &window->root, &languages.tag, &languages.count)) {
        say_no_memory();
    }
    compare_entries(&source, &items, request, &languages, event, &best);
    request.zone = utc_clock;
    compare_entries(&source, &items, request, &languages, event, &best);
    free(languages.tag);
    feed_items_free(&items);
    feed_tallies_free(&tallies);
    zone_free(utc_clock);
    return best;
}

const char *ics_match_text(enum ics_match match)
{
    static const char *const text[] = {
        [UNLIKE_ALL] = "no feed of ours has such an event",
        [UNLIKE_START] = "its start is not the signed one",
        [UNLIKE_END] = "its end is not the signed one",
        [UNLIKE_STATUS] = "its status is not that of the signed record",
        [UNLIKE_TITLE] = "its title is not as feeds write the signed one",
        [UNLIKE_PLACE] = "its place is not signed",
        [UNLIKE_URL] = "its link is not signed",
        [ALIKE] = "as signed",
    };
    return text[match];
}
