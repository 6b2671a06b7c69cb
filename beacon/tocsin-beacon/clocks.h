/* tocsin-beacon/clocks.h -- the host's clocks, and what the kernel says of them. */
#ifndef DAEMON_CLOCKS_H
#define DAEMON_CLOCKS_H

#include "herald/herald.h"
#include "instants/leap.h"

/* Reads the system's leap-seconds.list into *table, or takes the built-in one. */
void clocks_load_leap(struct leap_table *table);

/* For tests, TOCSIN_TEST_CLOCK="offset=SECONDS sync=BOUND_S": a clock that is wrong by so much and
 * claims to be good to that.  NULL: the host's own.  False when it cannot be read. */
bool clocks_pretend(const char *text);

/* The time last, so that it is as fresh as can be. */
struct herald_clocks clocks_read(const struct leap_table *table);

mono clocks_mono(void);

#endif
