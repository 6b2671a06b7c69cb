/* feeds/calendar.h -- inside of the module: events and the calendar around them as iCalendar text,
 * built and written by libical. */
#ifndef FEEDS_CALENDAR_H
#define FEEDS_CALENDAR_H

#include "feeds/event.h"

/* One VEVENT, CRLF and folded; a heap string (libical's allocator is libc's).  NULL: no memory. */
char *feed_calendar_event(const struct feed_event *event, const struct zone *zone);

/* The text before the first event, from BEGIN:VCALENDAR on, with the VTIMEZONE when zone is given
 * (right for events from `from` to `to`). */
char *feed_calendar_open(const struct feed_request *request, utc from, utc to);

extern const char *const FEED_CALENDAR_CLOSE;

#endif
