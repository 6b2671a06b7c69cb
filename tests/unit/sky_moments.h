/* sky_moments.h -- instants and places of the tests of the sky, as they are written. */
#ifndef SKY_MOMENTS_H
#define SKY_MOMENTS_H

#include "check.h"

#include <math.h>

#include "instants/leap.h"
#include "instants/stamp.h"
#include "sky/sky.h"
#include "sky_next.h"

static const double degree = 0.017453292519943295;

static inline instant at(const char *text)
{
    utc out;
    assert_true(stamp_read(text, strlen(text), &out));
    return leap_from_utc(leap_builtin(), out, NULL);
}

static inline instant plus_hours(instant from, int64_t hours)
{
    return (instant){from.tai_ns + hours * 3600 * NS_PER_S};
}

static inline struct sky_place place(double latitude, double longitude)
{
    return (struct sky_place){latitude * degree, longitude * degree, 0};
}

#endif
