/* tocsin-beacon/clocks.h -- the host's clocks as the herald wants them. */
#ifndef DAEMON_CLOCKS_H
#define DAEMON_CLOCKS_H

#include "herald/herald.h"
#include "instants/leap.h"

/* *pretence is a sentence for people where the clock is pretended (clock/clock.h), else NULL; false
 * when that cannot be read. */
TOCSIN_MUST_USE bool clocks_begin(const char **pretence);

/* Its owner vouches that the clock is within error of UTC now: where no daemon keeps it that is its
 * error from now on, growing by 100 ppm, until somebody sets it or the host sleeps. */
void clocks_vouch(span error);

/* Whose word the last reading's error was: VOID once somebody has set the clock, or the host has
 * slept, since its owner vouched for it. */
enum clocks_vouch { CLOCKS_NOT_VOUCHED, CLOCKS_VOUCHED, CLOCKS_VOUCH_VOID };
enum clocks_vouch clocks_vouch_state(void);

/* The time is read last, so that it is as fresh as can be. */
struct herald_clocks clocks_read(const struct leap_table *table);

#endif
