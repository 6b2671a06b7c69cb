/* feeds/check.h -- inside of the module: what was written, read back and held against what was
 * meant. */
#ifndef FEEDS_CHECK_H
#define FEEDS_CHECK_H

#include "feeds/event.h"

/* Whether bytes are well-formed line by line (CRLF, at most 75 octets, UTF-8 whole in every line,
 * no control characters) and libical reads from them exactly these events, each property at most
 * once and none that we never write.  Else says in error what differs. */
TOCSIN_MUST_USE bool feed_check(const char *bytes, size_t size, const struct feed_event *event,
                                size_t count, const struct zone *zone,
                                char error[static FEED_ERROR_SIZE]);

#endif
