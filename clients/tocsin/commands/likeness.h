/* tocsin/commands/likeness.h -- whether an event of a calendar file is as our own feeds write
 * it. */
#ifndef TOCSIN_LIKENESS_H
#define TOCSIN_LIKENESS_H

#include "tocsin/commands/ics.h"
#include "tocsin/session/session.h"

/* How far an event goes along with one that our feeds write: the first that differs. */
enum likeness {
    UNLIKE_ALL, /* none of our feeds has its uid */
    UNLIKE_START,
    UNLIKE_END,
    UNLIKE_STATUS,
    UNLIKE_TITLE,
    UNLIKE_PLACE,
    UNLIKE_URL,
    ALIKE,
};

/* The event against every one that a feed of ours has for its uid: in each language, by each clock,
 * and for readers everywhere.  False for want of memory. */
bool likeness_of(const struct session *session, const struct view_window *window,
                 const struct ics_event *event, enum likeness *out);

/* Whether an hour of a wave by the clock, reckoned as if clocks kept UTC, may be so much later in
 * some zone. */
bool likeness_is_of_a_zone(utc at, utc by_utc);

/* One sentence without a full stop. */
const char *likeness_text(enum likeness likeness);

#endif
