/* feeds/check.h -- inside of the module: what was written, read back and held against what was
 * meant. */
#ifndef FEEDS_CHECK_H
#define FEEDS_CHECK_H

#include "feeds/event.h"

/* Whether bytes are well-formed line by line (CRLF, at most 75 octets, UTF-8 whole in every line,
 * no control characters) and libical reads from them exactly this event, each property at most once
 * and none that we never write.  Else says in error what differs. */
TOCSIN_MUST_USE bool feed_check_event(const char *bytes, size_t size,
                                      const struct feed_event *event,
                                      char error[static FEED_ERROR_SIZE]);

/* Whether the uid and numbers before words_at are the event's: what is left to ask where the same
 * words were read back before. */
TOCSIN_MUST_USE bool feed_check_numbers(const char *bytes, size_t words_at,
                                        const struct feed_event *event,
                                        char error[static FEED_ERROR_SIZE]);

/* The same for the text around events: a calendar without components. */
TOCSIN_MUST_USE bool feed_check_around(const char *open, const char *close,
                                       char error[static FEED_ERROR_SIZE]);

/* Gives back what libical keeps between two checks; costly, so once for many. */
void feed_check_end(void);

#endif
