/* feeds/event.h -- inside of the module: what one VEVENT shall say, before any iCalendar. */
#ifndef FEEDS_EVENT_H
#define FEEDS_EVENT_H

#include "feeds/feed.h"

enum { FEED_UID_SIZE = 80 };

enum feed_clock { FEED_UTC, FEED_LOCAL, FEED_DATE };

enum feed_status { FEED_TENTATIVE, FEED_CONFIRMED, FEED_CANCELLED };

struct feed_event {
    char uid[FEED_UID_SIZE]; /* uid.KEY.ROOT8[.rest]: says nothing of the computed time */
    const struct record *record;
    enum feed_clock clock;
    utc start,
        end; /* whole seconds; of FEED_DATE: midnight UTC of the first day, of the day after */
    struct civil local_start, local_end; /* FEED_LOCAL */
    enum feed_status status;
    uint32_t sequence;
    utc changed;
    char *title;                       /* owned */
    char *about;                       /* owned */
    char *place;                       /* owned; NULL: none */
    char *url;                         /* owned; NULL: none, or not fit to be printed */
    char *gesture;                     /* owned; NULL: none */
    char language[FEED_LANGUAGE_SIZE]; /* of the title; "": not said */
};

struct feed_events {
    struct feed_event *event; /* owned; ascending by start, then uid */
    size_t count;
};

/* All events of a request.  False for want of memory. */
TOCSIN_MUST_USE bool feed_events_build(const struct feed_request *request, struct feed_events *out);
void feed_events_free(struct feed_events *events);

#endif
