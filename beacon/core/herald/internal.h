/* herald/internal.h -- the parts of the herald that only the herald sees. */
#ifndef HERALD_INTERNAL_H
#define HERALD_INTERNAL_H

#include "herald/herald.h"

/* Takes from the view what this key may tick for, the nearest first if there is too much. */
void herald_take_view(struct herald *herald, const struct view *view, utc now);

/* The starts of the moments that are still to be counted, for the cadence; each later by less than
 * the shortest period, by the same for one key: ticks of several beacons that all fall on T-0 would
 * queue behind each other in every broker and connection, and the last would always be late. */
size_t herald_starts(const struct herald *herald, utc out[static HERALD_OCCURRENCES_MAX]);

/* Up to TICK_WINDOWS_MAX windows for a tick: the nearest, and others within two days. */
size_t herald_nearest(const struct herald *herald, utc now,
                      struct tick_window out[static TICK_WINDOWS_MAX]);

/* session.c: begins a connection's row of ticks. */
void herald_open_session(struct herald_session *session, const uint8_t id[static 8]);

/* Fills in what every tick says, signs it and counts it in its session; what this one says besides
 * is there already.  False when there is no such session, or the clock stands where no tick can. */
bool herald_sign(struct herald *herald, struct herald_session *session,
                 const struct herald_clocks *clocks, struct tick *tick,
                 struct herald_update *update);

/* answers.c: the events of an ear; and, after every event, whether its questions are answered now,
 * or when to wake for them. */
void herald_answer_step(struct herald *herald, const struct herald_event *event,
                        struct herald_update *update);
void herald_answer_when_due(struct herald *herald, const struct herald_event *event,
                            struct herald_update *update);

/* The moment that people wait for, as news of this kind tell of it. */
struct herald_news herald_awaited(const struct herald *herald, utc now, enum herald_news_kind kind);

#endif
