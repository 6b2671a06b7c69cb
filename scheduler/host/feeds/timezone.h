/* feeds/timezone.h -- inside of the module: a VTIMEZONE of our own.
 *
 * libical's own holds UTC values in RDATE, which RFC 5545 section 3.6.5 forbids and other readers
 * misread; valid RDATEs there are misread too.  So: an RRULE for zones whose changes keep one
 * pattern over the whole span, else one sub-component for each change. */
#ifndef FEEDS_TIMEZONE_H
#define FEEDS_TIMEZONE_H

#include <libical/ical.h>

#include "zones/zone.h"

/* A VTIMEZONE that is right from a year before `from` to a year after `to`.  NULL: no memory. */
icalcomponent *feed_timezone_new(const struct zone *zone, utc from, utc to);

#endif
