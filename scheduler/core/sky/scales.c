#include "sky/scales.h"

#include <math.h>

/* TT = TAI + 32.184 s; 1970-01-01T00:00:00 is 10957.5 days before J2000.0. */
static const double tt_minus_tai_s = 32.184;
static const double epoch_days = -10957.5;
static const double day_s = 86400.0;

bool tt_is_in_range(double tt)
{
    /* 1700-01-01 and 2250-01-01, one second of slack for the scales' difference */
    return tt > -109572.5 - 2e-3 && tt < 91310.5 + 2e-3;
}

double tt_from_instant(instant at)
{
    int64_t days = at.tai_ns / NS_PER_DAY, rest = at.tai_ns % NS_PER_DAY;
    return (double)days + epoch_days + ((double)rest * 1e-9 + tt_minus_tai_s) / day_s;
}

instant tt_to_instant(double tt)
{
    double days = floor(tt);
    double rest_s = (tt - days) * day_s - tt_minus_tai_s;
    int64_t whole = (int64_t)days * 2 + 21915; /* half days since 1970 */
    return (instant){whole * (NS_PER_DAY / 2) + (int64_t)llround(rest_s * 1e9)};
}

double tt_to_centuries(double tt)
{
    double t = tt / 36525.0;
    return t + 0.001657 * sin(628.3076 * t + 6.2401) / (36525.0 * day_s);
}
