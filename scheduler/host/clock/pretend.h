/* clock/pretend.h -- a clock that is not the host's; and, where none may be pretended, the real
 * one.  Private to the module. */
#ifndef CLOCK_PRETEND_H
#define CLOCK_PRETEND_H

#include "clock/clock.h"

/* Reads what TOCSIN_TEST_CLOCK says (clock.h), if this build looks; false when it cannot be
 * read. */
TOCSIN_MUST_USE bool clock_pretend(struct clock *clock);

/* Makes a real reading the clock's. */
mono_raw clock_pretend_raw(const struct clock *clock, mono_raw real);
void clock_pretend_reading(const struct clock *clock, struct clock_reading *reading);

#endif
