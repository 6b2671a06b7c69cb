/* feeds/icalendar.h -- inside of the module: events and the calendar around them as iCalendar text
 * (RFC 5545, RFC 7986).  Written here, because libical 3.0.16 breaks some lines between the CR and
 * the LF that end them and leaves commas bare in X properties; read back by libical. */
#ifndef FEEDS_ICALENDAR_H
#define FEEDS_ICALENDAR_H

#include "feeds/event.h"
#include "text/draft.h"

/* One VEVENT, CRLF and folded: first its uid and numbers, then what people wrote; returns where in
 * the draft that begins. */
size_t feed_calendar_event(struct draft *draft, const struct feed_event *event);

/* The text before the first event, from BEGIN:VCALENDAR on. */
void feed_calendar_open(struct draft *draft, const struct feed_source *source,
                        const struct feed_request *request);

/* The same for a calendar of no constellation. */
void feed_calendar_open_named(struct draft *draft, const char *name);

extern const char *const FEED_CALENDAR_CLOSE;

#endif
