/* feeds/split.h -- inside of the module: which events go into which file. */
#ifndef FEEDS_SPLIT_H
#define FEEDS_SPLIT_H

#include "feeds/event.h"

struct feed_split {
    uint32_t *file;               /* owned: for each entry the index of its file, 0 the first */
    char (*name)[FEED_NAME_SIZE]; /* owned: of each file */
    size_t file_count;
};

/* Shares out entries of the given written sizes so that no file passes budget bytes or
 * FEED_EVENTS_MAX events, and no entry is in two; one larger than budget stands alone.  The first
 * file, which people subscribed to, holds of every window what comes next, as far as it goes; the
 * others hold the rest by years: "-2027", "-2027-2".  False for want of memory. */
TOCSIN_MUST_USE bool feed_split(const struct feed_entries *entries, const size_t *size,
                                size_t budget, utc now, struct feed_split *out);
void feed_split_free(struct feed_split *split);

#endif
