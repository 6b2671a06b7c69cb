#include "sky/phases.h"

#include <math.h>

#include <erfa.h>

#include "sky/angles.h"
#include "sky/frame.h"
#include "sky/moon.h"
#include "sky/scales.h"
#include "sky/search.h"
#include "sky/sun.h"

static const double synodic_month = 29.530588861; /* Meeus, Astronomical Algorithms, (49.1) */
static const double first_new_moon = 5.09766;     /* days from J2000 */

double phase_mean_time(int64_t quarter)
{
    double k = (double)quarter / 4, t = k / 1236.85;
    return first_new_moon + synodic_month * k + 0.00015437 * t * t;
}

int64_t phase_quarter_near(double tt)
{
    return llround((tt - first_new_moon) / synodic_month * 4);
}

/* Elongation to some arcseconds; both longitudes miss the same precession. */
static double rough_elongation(double tt)
{
    double t = tt_to_centuries(tt);
    return moon_longitude_rad(t - 1.28 / 86400 / 36525, ROUGH) - sun_apparent(t, ROUGH).longitude;
}

/* Difference of the apparent longitudes of date; nutation moves both alike and is left out. */
static double elongation(double tt)
{
    double t = tt_to_centuries(tt);
    struct sky_spherical sun = sun_apparent(t, FINE);
    double seen = t - moon_distance_km(t, ROUGH) / LIGHT_KM_S / 86400 / 36525;
    double own[3][3], date[3][3], moon[3], v[3];
    eraS2c(moon_longitude_rad(seen, FINE), moon_latitude_rad(seen, ROUGH), moon);
    moon_frame(seen, own);
    frame_ecliptic_of_date(tt, date);
    eraRxp(own, moon, v);
    eraRxp(date, v, moon);
    eraS2c(sun.longitude, sun.latitude, v);
    eraRxp(date, v, v);
    return atan2(moon[1] * v[0] - moon[0] * v[1], moon[0] * v[0] + moon[1] * v[1]);
}

static double find_roughly(int64_t quarter, double *rate)
{
    double target = (double)(quarter & 3) * (TURN_RAD / 4), tt = phase_mean_time(quarter);
    for (int i = 0; i < 6; i++) {
        double here = rough_elongation(tt);
        *rate =
            angle_towards_zero(rough_elongation(tt + 0.02) - rough_elongation(tt - 0.02)) / 0.04;
        double step = angle_towards_zero(target - here) / *rate;
        tt += step;
        if (fabs(step) < 0.003) {
            break;
        }
    }
    return tt;
}

double phase_find_roughly(int64_t quarter)
{
    double rate;
    return find_roughly(quarter, &rate);
}

static double phase_find(int64_t quarter)
{
    double target = (double)(quarter & 3) * (TURN_RAD / 4), rate;
    double tt = find_roughly(quarter, &rate);
    return tt + angle_towards_zero(target - elongation(tt)) / rate;
}

static int64_t step_before(double tt)
{
    return phase_quarter_near(tt) - 2;
}

/* True phases stay within 0.7 days of the mean ones. */
static double earliest(int64_t quarter)
{
    return phase_mean_time(quarter) - 1;
}

static size_t make(int64_t quarter, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    (void)place;
    if ((wanted & SKY_SET(SKY_NEW_MOON + (quarter & 3))) == 0) {
        return 0;
    }
    double tt = phase_find(quarter);
    int64_t lunation = (quarter - (quarter & 3)) / 4;
    out[0] = (struct sky_event){
        .kind = (enum sky_kind)(SKY_NEW_MOON + (int)(quarter & 3)),
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = 0.1,
        .lunation = (int32_t)(lunation + 953),
    };
    return 1;
}

const struct sky_maker phase_maker = {SKY_PHASE_KINDS, step_before, earliest, make};
