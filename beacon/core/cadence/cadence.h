/* cadence/cadence.h -- how often a beacon ticks: seldom, and faster as a start comes near.
 *
 *   calm       60 s          10 s              1 s             60 s
 *        ------------|----------------|--------------------|--------->
 *                T-10 min          T-30 s               T+10 s
 *
 *   lively     60 s          10 s          1 s       1/5 s      1 s       60 s
 *        ------------|----------------|------------|--------|-----------|--------->
 *                T-10 min         T-2 min       T-5 s     T-0       T+10 s
 *
 * Calm is about a hundred ticks a listener, and what clocks need: they learn more from answered
 * questions (tocsin-ticks(5)).  Lively is for a LAN, where ticks cost nothing.  Near a start, ticks
 * fall on whole periods before and after it, so that they count down evenly. Pure. */
#ifndef CADENCE_CADENCE_H
#define CADENCE_CADENCE_H

#include <stddef.h>

#include "instants/instant.h"

enum cadence { CADENCE_CALM, CADENCE_LIVELY };

/* The shortest period of either. */
enum { CADENCE_SHORTEST_NS = 200000000 };

/* The period in force at now, given the starts (in any order) of the windows that are moments. */
span cadence_period(enum cadence which, utc now, const utc *start, size_t count);

/* When the next tick after now is due: later than now, by at most the period in force. */
utc cadence_next(enum cadence which, utc now, const utc *start, size_t count);

/* How long a broker should keep a tick: three periods, in whole seconds. */
uint32_t cadence_expiry_s(span period);

#endif
