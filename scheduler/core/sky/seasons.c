/* When the Sun's apparent longitude of date has a value. */
#include <math.h>

#include <erfa.h>

#include "sky/angles.h"
#include "sky/frame.h"
#include "sky/scales.h"
#include "sky/search.h"
#include "sky/sun.h"

static const double tropical_year = 365.242190;
static const double first_equinox = 79.3; /* 20 March 2000 */

/* Mean ecliptic of date, without nutation. */
static double mean_longitude_of_date(double tt, double date[3][3], enum sky_grade grade)
{
    struct sky_spherical sun = sun_apparent(tt_to_centuries(tt), grade);
    double v[3], turned[3];
    eraS2c(sun.longitude, sun.latitude, v);
    eraRxp(date, v, turned);
    return atan2(turned[1], turned[0]);
}

/* The tt at which the apparent longitude of the Sun is longitude (radians), nearest to around: what
 * it is there is known to two degrees from its mean motion. */
static double solar_longitude_find(double longitude, double around)
{
    double tt = around, rate = TURN_RAD / tropical_year, date[3][3], nutation, obliquity;
    frame_ecliptic_of_date(tt, date);
    for (int i = 0; i < 8; i++) {
        double here = mean_longitude_of_date(tt, date, ROUGH);
        if (i > 0) {
            rate = angle_towards_zero(mean_longitude_of_date(tt + 0.5, date, ROUGH) - here) / 0.5;
        }
        double step = angle_towards_zero(longitude - here) / rate;
        tt += step;
        if (fabs(step) < 0.01) {
            break;
        }
    }
    /* Precession and nutation move by less than 0.0001" in the minutes that are left. */
    frame_ecliptic_of_date(tt, date);
    frame_nutation_fine(tt, &nutation, &obliquity);
    for (int i = 0; i < 2; i++) {
        tt += angle_towards_zero(longitude - nutation - mean_longitude_of_date(tt, date, FINE)) /
              rate;
    }
    return tt;
}

/* Seasons are counted from the march equinox of 2000. */
static double mean_time(int64_t season)
{
    return first_equinox + (double)season * tropical_year / 4;
}

static double season_error_s(double tt)
{
    return fabs(tt) < 36525 ? 0.1 : 0.2;
}

bool sky_next_solar_longitude(double longitude_rad, instant after, instant *out, double *error_s)
{
    double start = tt_from_instant(after);
    if (!tt_is_in_range(start) || !isfinite(longitude_rad)) {
        return false;
    }
    /* Each crossing is always sought from the same mean time, so that it is always the same instant
     * to the nanosecond, and the next after it is another. */
    double part = angle_positive(longitude_rad) / TURN_RAD;
    double years = floor((start - first_equinox) / tropical_year - part) - 1, tt;
    do {
        tt = solar_longitude_find(longitude_rad, first_equinox + (years + part) * tropical_year);
        years += 1;
    } while (instant_compare(tt_to_instant(tt), after) <= 0);
    if (!tt_is_in_range(tt)) {
        return false;
    }
    *out = tt_to_instant(tt);
    *error_s = season_error_s(tt);
    return true;
}

static int64_t step_before(double tt)
{
    return llround((tt - first_equinox) / tropical_year * 4) - 2;
}

/* The true seasons wander less than four days from equal quarters of the year. */
static double earliest(int64_t season)
{
    return mean_time(season) - 6;
}

static size_t make(int64_t season, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    (void)place;
    if ((wanted & SKY_SET(SKY_MARCH_EQUINOX + (season & 3))) == 0) {
        return 0;
    }
    double tt = solar_longitude_find((double)(season & 3) * (TURN_RAD / 4), mean_time(season));
    out[0] = (struct sky_event){
        .kind = (enum sky_kind)(SKY_MARCH_EQUINOX + (int)(season & 3)),
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = season_error_s(tt),
    };
    return 1;
}

const struct sky_maker season_maker = {SKY_SEASON_KINDS, step_before, earliest, make};
