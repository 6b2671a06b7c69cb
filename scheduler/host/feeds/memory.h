/* feeds/memory.h -- the catalogue of memory as calendars that need no organizer: each day that
 * people keep, for years ahead, with its story, its disputes and its sources.
 *
 * A pure function of the catalogue, the month, the zone data and the program's words.  As in
 * tocsin-feeds(5): flat events, instants in UTC, whole days as dates, every event read back. */
#ifndef FEEDS_MEMORY_H
#define FEEDS_MEMORY_H

#include "dates/dates.h"
#include "feeds/feed.h"
#include "rules/rule.h"

/* What all feeds of the catalogue are made of; borrowed as long as the memory is there. */
struct memory_source {
    const struct dates_entry *entry;
    size_t entry_count;
    const struct rule_world *rules;
    utc now;
    const char *url; /* where pages of the languages will stand, ending in '/'; NULL: not known */
};

/* The months that the feeds of a day hold: from the one before its own to three years after it.
 * What they say of an event is dated by the month's beginning, since a catalogue has no date. */
struct memory_months {
    utc from, to, changed;
    uint32_t number; /* of the month: it only grows */
};

/* One day of an entry. */
struct memory_day {
    const struct dates_entry *of;
    struct civil_date date; /* by the clock of its place */
    bool is_date; /* whole days, or a moment of no length: start and end are midnights as if of UTC
                   */
    utc start, end; /* whole seconds, at least a minute */
    char key[RULE_KEY_SIZE];
    bool has_clock; /* whole days by everybody's own clock, at this hour */
    struct civil_time clock;
};

struct memory {
    struct memory_source source;
    struct memory_months months;
    struct memory_day *day; /* owned; ascending by start, then by id */
    size_t day_count;
    struct memory_told *told; /* owned; the days in the last language asked for */
};

/* FEED_UNSOUND: a rule cannot be evaluated here. */
TOCSIN_MUST_USE enum feed_result memory_open(const struct memory_source *source, struct memory *out,
                                             char error[static FEED_ERROR_SIZE]);
void memory_close(struct memory *memory);

/* The next day of an entry, today or later; NULL: none within the months. */
const struct memory_day *memory_next(const struct memory *memory, const struct dates_entry *entry);

/* Which days, told how. */
struct memory_request {
    const char *language;
    const char *name;    /* of the calendar */
    struct text tag;     /* only with this one; empty: all */
    unsigned continents; /* only of these, 1 << enum dates_continent; 0: all */
    bool is_named;       /* only those with a name in the language */
    bool is_empty;       /* none: an address that is kept */
};

bool memory_has(const struct memory_request *request, const struct dates_entry *entry);

/* As feed_write. */
TOCSIN_MUST_USE enum feed_result memory_write(struct memory *memory,
                                              const struct memory_request *request,
                                              struct feed_list *out,
                                              char error[static FEED_ERROR_SIZE]);

/* The name of an entry in a language ("pt"), or in a narrower one ("pt-br"); false: it has none. */
bool memory_name(const struct dates_entry *entry, const char *language, struct dates_name *out);

#endif
