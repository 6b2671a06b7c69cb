/* When the Moon's centre is nearest to the Earth's and farthest from it. */
#include <math.h>

#include "sky/angles.h"
#include "sky/moon.h"
#include "sky/scales.h"
#include "sky/search.h"

static const double anomalistic_month = 27.55454989; /* Meeus, Astronomical Algorithms, ch. 50 */
static const double first_perigee = -10.3302;

static double mean_time(int64_t half)
{
    return first_perigee + anomalistic_month / 2 * (double)half;
}

static double distance(double tt, enum sky_grade grade)
{
    return moon_distance_km(tt_to_centuries(tt), grade);
}

/* Half 2k is the perigee k, counted from December 1999, half 2k + 1 the apogee after it. */
static double apsis_find(int64_t half)
{
    double tt = mean_time(half), bend = 0;
    /* The distance swings about the apsis with periods down to weeks: walk in short steps first. */
    for (double h = 0.5; h > 0.01; h /= 1.7) {
        double l = distance(tt - h, ROUGH), m = distance(tt, ROUGH), r = distance(tt + h, ROUGH);
        bend = (l - 2 * m + r) / (h * h);
        double slope = (r - l) / (2 * h);
        double step = (half & 1) != 0 ? -slope / fmin(bend, -200) : -slope / fmax(bend, 200);
        tt += fmax(-0.8, fmin(0.8, step));
    }
    /* Wide enough for rounding, narrow enough that the third derivative moves the zero by 0.02
     * s. */
    const double h = 0.002;
    for (int i = 0; i < 2; i++) {
        tt -= (distance(tt + h, FINE) - distance(tt - h, FINE)) / (2 * h) / bend;
    }
    return tt;
}

static int64_t step_before(double tt)
{
    return (int64_t)floor((tt - first_perigee) / anomalistic_month * 2) - 2;
}

/* True apsides stay within 3 days of the mean ones. */
static double earliest(int64_t half)
{
    return mean_time(half) - 4;
}

static size_t make(int64_t half, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    (void)place;
    enum sky_kind kind = (half & 1) != 0 ? SKY_APOGEE : SKY_PERIGEE;
    if ((wanted & SKY_SET(kind)) == 0) {
        return 0;
    }
    double tt = apsis_find(half);
    out[0] = (struct sky_event){
        .kind = kind,
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = fabs(tt) < 36525 ? 5 : 8,
        .distance_km = distance(tt, FINE),
    };
    return 1;
}

const struct sky_maker apsis_maker = {SKY_SET(SKY_PERIGEE) | SKY_SET(SKY_APOGEE), step_before,
                                      earliest, make};
