/* feeds/split.h -- inside of the module: which events go into which file, and the files. */
#ifndef FEEDS_SPLIT_H
#define FEEDS_SPLIT_H

#include "feeds/event.h"
#include "text/draft.h"

/* An event to be shared out. */
struct feed_slot {
    utc start, end;
    const void *series; /* what it is an occurrence of; of one array */
    const char *bytes;  /* as written */
    size_t size;
};

/* Shares out slots, ascending by start, among files that begin with the text `open`, so that none
 * passes FEED_SIZE_MAX bytes or FEED_EVENTS_MAX events, and no slot is in two; one larger than that
 * stands alone.  The first file, which people subscribed to, holds of every series what comes next,
 * as far as it goes; the others hold the rest by years: "-2027", "-2027-2". */
TOCSIN_MUST_USE enum feed_result feed_split_write(const struct feed_slot *slot, size_t count,
                                                  const char *open, utc now, struct feed_list *out);

/* The file of a feed that has this event alone, read back before it is handed out; none where that
 * fails. */
TOCSIN_MUST_USE enum feed_result feed_write_one(const char *open, const struct feed_event *event,
                                                struct feed_list *out,
                                                char error[static FEED_ERROR_SIZE]);

#endif
