/* tocsin/commands/ics_match.h -- whether an event of a calendar file is as our own feeds write
 * it. */
#ifndef TOCSIN_ICS_MATCH_H
#define TOCSIN_ICS_MATCH_H

#include "tocsin/commands/ics.h"
#include "tocsin/session/session.h"

/* How far an event goes along with one that our feeds write: the first that differs. */
enum ics_match {
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
 * and for readers everywhere. */
enum ics_match ics_match_of(const struct session *session, const struct view_window *window,
                            const struct ics_event *event);

/* Whether an hour of a wave by the clock, reckoned as if clocks kept UTC, may be so much later in
 * some zone. */
bool ics_match_is_of_a_zone(utc at, utc by_utc);

/* One sentence without a full stop. */
const char *ics_match_text(enum ics_match match);

#endif
