/* tocsin-beacon/clocks.h -- the host's clocks as the herald wants them. */
#ifndef DAEMON_CLOCKS_H
#define DAEMON_CLOCKS_H

#include "herald/herald.h"
#include "instants/leap.h"

/* *pretence is a sentence for people where the clock is pretended (clock/clock.h), else NULL; false
 * when that cannot be read. */
TOCSIN_MUST_USE bool clocks_begin(const char **pretence);

/* The time is read last, so that it is as fresh as can be. */
struct herald_clocks clocks_read(const struct leap_table *table);

#endif
