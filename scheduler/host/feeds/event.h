/* feeds/event.h -- inside of the module: what one VEVENT shall say, before any iCalendar. */
#ifndef FEEDS_EVENT_H
#define FEEDS_EVENT_H

#include "feeds/item.h"

enum { FEED_UID_SIZE = 112 };

/* When an event is by one feed's clock.  Two of the same item that are equal here say the same
 * in every word. */
struct feed_time {
    bool is_date;   /* whole days; start is midnight UTC of the first, end of the day after */
    utc start, end; /* whole seconds */
    bool has_clock; /* the hour is told: by clocks ahead of UTC by shift_s... */
    bool is_utc;    /* ...or in UTC, and said so */
    int32_t shift_s, end_shift_s;
    utc exact_start, exact_end; /* of the hour that is told: not rounded up to a minute */
};

/* An occurrence, or the rest after it, in one feed. */
struct feed_entry {
    const struct feed_item *of;
    bool is_rest;
    struct feed_time time;
};

struct feed_entries {
    struct feed_entry *entry; /* owned; ascending by start, then by the UIDs' parts */
    size_t count;
};

/* All entries of a request.  False for want of memory. */
TOCSIN_MUST_USE bool feed_entries_build(const struct feed_source *source,
                                        const struct feed_items *items,
                                        const struct feed_request *request,
                                        struct feed_entries *out);
void feed_entries_free(struct feed_entries *entries);

struct feed_event {
    char uid[FEED_UID_SIZE]; /* uid.KEY.ROOT8[.PLACE][.rest]: says nothing of the computed time */
    struct record_id record; /* that it comes from, but for... */
    bool is_of_sky;          /* ...what nobody declared */
    bool is_date;
    utc start, end;
    enum feed_status status;
    uint32_t sequence;
    utc changed;
    bool has_alarm;
    char *title;                       /* owned */
    char *about;                       /* owned */
    char *place;                       /* owned; NULL: none */
    char *url;                         /* owned; NULL: none, or not fit to be printed */
    char *gesture;                     /* owned; NULL: none */
    char language[FEED_LANGUAGE_SIZE]; /* of the title; "": not said */
};

/* The event of an entry; rule: as feed_rule_said has it.  The caller frees *out with
 * feed_event_free.  False for want of memory. */
TOCSIN_MUST_USE bool feed_event_build(const struct feed_source *source,
                                      const struct feed_request *request,
                                      const struct feed_entry *entry, const char *rule,
                                      struct feed_event *out);

/* The one event of a feed that has no other: a whole day, on the day the root was made. */
TOCSIN_MUST_USE bool feed_event_build_empty(const struct feed_source *source,
                                            const struct feed_tallies *tallies,
                                            const struct feed_request *request,
                                            struct feed_event *out);
void feed_event_free(struct feed_event *event);

/* A URL that every reader takes: http or https, printable ASCII without quotes and spaces. */
bool feed_url_is_plain(struct text url);

#endif
