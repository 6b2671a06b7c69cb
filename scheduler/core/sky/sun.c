#include "sky/sun.h"

#include <math.h>

#include "sky/angles.h"
#include "sky/series.h"
#include "sky/sun_table.h"

static const double light_day_au = LIGHT_KM_S * 86400.0 / ASTRONOMICAL_UNIT_KM;
static const double moon_share = 1 / (1 + 81.30056907419062); /* mass ratio of DE431 */

/* Rows before this one have amplitudes above 0.1" and need the exact sine, but where arcseconds
 * do. */
enum { EXACT_ROWS = 24 };

static double sum(const struct sun_series *s, size_t count, size_t exact, double t)
{
    series_pair sum = series_both(0), tt = series_both(t);
    size_t i = 0;
    for (; i < count && i < exact; i += 2) {
        series_pair phase = series_load(s->p1 + i) * tt + series_load(s->p0 + i);
        sum += series_load(s->amplitude + i) * series_sine(phase);
    }
    series_pair odd = series_both(0);
    for (; i < count; i += 4) {
        series_pair a = series_load(s->p1 + i) * tt + series_load(s->p0 + i);
        series_pair b = series_load(s->p1 + i + 2) * tt + series_load(s->p0 + i + 2);
        sum += series_load(s->amplitude + i) * series_quick_sine(a);
        odd += series_load(s->amplitude + i + 2) * series_quick_sine(b);
    }
    sum += odd;
    return sum[0] + sum[1];
}

static double value(const struct sun_series series[SUN_POWERS], const double *mean, size_t means,
                    double t, enum sky_grade grade)
{
    double polynomial = 0, periodic = 0;
    for (size_t k = means; k-- > 0;) {
        polynomial = polynomial * t + mean[k];
    }
    if (grade == ROUGH) {
        periodic = sum(&series[0], series[0].rough, 0, t) +
                   t * sum(&series[1], series[1].count > 0 ? 4 : 0, 0, t);
    } else {
        for (size_t k = SUN_POWERS; k-- > 0;) {
            periodic = periodic * t + sum(&series[k], series[k].count, EXACT_ROWS, t);
        }
    }
    return polynomial + periodic * 1e-9;
}

struct sky_spherical sun_at(double t, enum sky_grade grade)
{
    struct sky_spherical sun = {
        .longitude = value(sun_longitude, sun_longitude_mean, 6, t, grade) + TURN_RAD / 2,
        .latitude = -value(sun_latitude, sun_latitude_mean, 5, t, grade),
        .distance = value(sun_distance, sun_distance_mean, 4, t, grade),
    };
    /* From the barycentre to the Earth: 6.4" at most, so that the Moon's place may be rough. */
    if (grade == ROUGH) {
        /* by the mean elongation and the mean argument of latitude: to 0.8" */
        sun.longitude += 3.12e-5 * sin(5.198466741 + 7771.377146811 * t);
        sun.latitude += 2.8e-6 * sin(1.627905234 + 8433.466158131 * t);
        return sun;
    }
    double moon = moon_longitude_rad(t, ROUGH) - sun.longitude;
    double latitude = moon_latitude_rad(t, ROUGH);
    double size = moon_share * moon_distance_km(t, ROUGH) / ASTRONOMICAL_UNIT_KM / sun.distance;
    double along = size * cos(latitude) * cos(moon);
    sun.longitude += size * cos(latitude) * sin(moon) / (1 + along);
    sun.latitude += size * sin(latitude);
    sun.distance *= 1 + along;
    return sun;
}

struct sky_spherical sun_apparent(double t, enum sky_grade grade)
{
    double au = value(sun_distance, sun_distance_mean, 4, t, ROUGH);
    return sun_at(t - au / light_day_au / 36525.0, grade);
}
