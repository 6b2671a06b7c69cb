/* feeds/machine.h -- the same events for programs: events.json and Atom (RFC 4287), as
 * tocsin-feeds(5) has them. */
#ifndef FEEDS_MACHINE_H
#define FEEDS_MACHINE_H

#include "feeds/feed.h"

/* What a constellation tells, whatever a reader's clock or language: moments as instants, waves by
 * the clock as dates and hours.  A NUL-terminated heap string; NULL: no memory. */
char *machine_json(struct feed_book *book, const struct view_root *root);

/* What is to come and what was called off, a request without a zone as an Atom feed, the latest
 * change first; each title begins with date and hour.  self: where the feed will stand; NULL: not
 * known. */
char *machine_atom(struct feed_book *book, const struct feed_request *request, const char *self);

#endif
