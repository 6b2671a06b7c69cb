/* feeds/split.h -- inside of the module: which events go into which file. */
#ifndef FEEDS_SPLIT_H
#define FEEDS_SPLIT_H

#include "feeds/event.h"

struct feed_share {
    char name[FEED_NAME_SIZE];
    size_t first, count; /* into the events */
};

struct feed_split {
    struct feed_share *share; /* owned */
    size_t count;
};

/* Shares out events of the given written sizes so that no share passes budget bytes or
 * FEED_EVENTS_MAX events; an event larger than budget stands alone.  False for want of memory. */
TOCSIN_MUST_USE bool feed_split(const struct feed_events *events, const size_t *size, size_t budget,
                                utc now, struct feed_split *out);

#endif
