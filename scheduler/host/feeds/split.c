#include "feeds/split.h"

#include <stdio.h>
#include <stdlib.h>

enum unit { UNIT_YEAR, UNIT_MONTH };

struct splitter {
    const struct feed_events *events;
    const size_t *size;
    size_t budget;
    struct feed_split *out;
    size_t room;
};

/* How many of the events from first to last (excluded) fit into one file; at least one. */
static size_t fit(const struct splitter *splitter, size_t first, size_t last)
{
    size_t bytes = 0;
    size_t count = 0;
    while (first + count < last && count < FEED_EVENTS_MAX) {
        bytes += splitter->size[first + count];
        if (bytes > splitter->budget && count > 0) {
            break;
        }
        count++;
    }
    return count;
}

static struct feed_share *add_share(struct splitter *splitter, size_t first, size_t count)
{
    struct feed_split *out = splitter->out;
    if (out->count == splitter->room) {
        size_t room = splitter->room == 0 ? 8 : 2 * splitter->room;
        struct feed_share *grown = realloc(out->share, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        out->share = grown;
        splitter->room = room;
    }
    struct feed_share *share = &out->share[out->count++];
    *share = (struct feed_share){.first = first, .count = count};
    return share;
}

/* The end of the run of events that begin in the same year (or month) as the one at first. */
static size_t run_end(const struct splitter *splitter, enum unit unit, size_t first, size_t last)
{
    struct civil_date date = civil_from_utc(splitter->events->event[first].start).date;
    size_t end = first + 1;
    for (; end < last; end++) {
        struct civil_date other = civil_from_utc(splitter->events->event[end].start).date;
        if (other.year != date.year || (unit == UNIT_MONTH && other.month != date.month)) {
            break;
        }
    }
    return end;
}

static bool add_pieces(struct splitter *splitter, size_t first, size_t last)
{
    struct civil_date date = civil_from_utc(splitter->events->event[first].start).date;
    for (unsigned piece = 1; first < last; piece++) {
        size_t count = fit(splitter, first, last);
        struct feed_share *share = add_share(splitter, first, count);
        if (share == NULL) {
            return false;
        }
        snprintf(share->name, sizeof share->name, "-%04d-%02d-%u", date.year % 10000,
                 date.month % 100, piece % 1000000);
        first += count;
    }
    return true;
}

static bool add_run(struct splitter *splitter, enum unit unit, size_t first, size_t last)
{
    while (first < last) {
        size_t end = run_end(splitter, unit, first, last);
        struct civil_date date = civil_from_utc(splitter->events->event[first].start).date;
        if (fit(splitter, first, end) == end - first) {
            struct feed_share *share = add_share(splitter, first, end - first);
            if (share == NULL) {
                return false;
            }
            if (unit == UNIT_YEAR) {
                snprintf(share->name, sizeof share->name, "-%04d", date.year % 10000);
            } else {
                snprintf(share->name, sizeof share->name, "-%04d-%02d", date.year % 10000,
                         date.month % 100);
            }
        } else if (!(unit == UNIT_YEAR ? add_run(splitter, UNIT_MONTH, first, end)
                                       : add_pieces(splitter, first, end))) {
            return false;
        }
        first = end;
    }
    return true;
}

bool feed_split(const struct feed_events *events, const size_t *size, size_t budget, utc now,
                struct feed_split *out)
{
    *out = (struct feed_split){0};
    struct splitter splitter = {.events = events, .size = size, .budget = budget, .out = out};
    if (fit(&splitter, 0, events->count) == events->count) {
        return add_share(&splitter, 0, events->count) != NULL;
    }
    size_t next = 0;
    while (next < events->count && utc_since(events->event[next].end, now).ns <= 0) {
        next++;
    }
    /* The first name stays what people subscribed to: whatever comes next. */
    bool added = add_share(&splitter, next, fit(&splitter, next, events->count)) != NULL &&
                 add_run(&splitter, UNIT_YEAR, 0, events->count);
    if (!added) {
        free(out->share);
        *out = (struct feed_split){0};
    }
    return added;
}
