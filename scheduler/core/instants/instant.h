/* instants/instant.h -- points in time as types that do not mix.
 *
 *   instant  TAI, nanoseconds since 1970-01-01T00:00:00 TAI: what tocsin computes with inside
 *   utc      what clocks on walls and wires say: nanoseconds since 1970-01-01T00:00:00Z, counted as
 *            POSIX counts them (a leap second has no number of its own)
 *   mono     a host's monotonic clock, nanoseconds since some boot: only differences mean anything
 *   mono_raw the same as its quartz has it, which no time daemon slews (CLOCK_MONOTONIC_RAW)
 *   span     the signed difference of two of a kind, nanoseconds
 *
 * Knows no clock and no leap second; instants/leap.h joins utc to instant. */
#ifndef INSTANTS_INSTANT_H
#define INSTANTS_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "instants/must_use.h"

typedef struct {
    int64_t tai_ns;
} instant;

typedef struct {
    int64_t ns;
} utc;

typedef struct {
    int64_t ns;
} mono;

typedef struct {
    int64_t ns;
} mono_raw;

typedef struct {
    int64_t ns;
} span;

#define NS_PER_US  INT64_C(1000)
#define NS_PER_MS  INT64_C(1000000)
#define NS_PER_S   INT64_C(1000000000)
#define NS_PER_DAY (INT64_C(86400) * NS_PER_S)

/* The range of every date that tocsin accepts: [1700-01-01, 2250-01-01), UTC (UT1 before 1972). */
#define UTC_EARLIEST_S (INT64_C(-8520336000))
#define UTC_LATEST_S   (INT64_C(8835955200))

/* Whether at lies in the accepted range. */
bool utc_is_in_range(utc at);

/* at + by into *out; false, *out untouched, when the sum does not fit 64 bits. */
TOCSIN_MUST_USE bool instant_add(instant at, span by, instant *out);

/* later - earlier.  Within the accepted range it always fits; beyond, it saturates. */
span instant_since(instant later, instant earlier);
span utc_since(utc later, utc earlier);
span mono_since(mono later, mono earlier);

/* -1, 0 or 1 as a is before, at or after b. */
int instant_compare(instant a, instant b);
instant instant_earlier(instant a, instant b);
instant instant_later(instant a, instant b);

#endif
