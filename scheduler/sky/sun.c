#include "sky/sun.h"

#include <math.h>

#include <erfa.h>

#include "sky/frame.h"
#include "sky/scales.h"

static const double light_day_au = LIGHT_KM_S * 86400.0 / ASTRONOMICAL_UNIT_KM;

struct sky_spherical sun_at(double t, enum sky_grade grade)
{
    (void)grade;
    double earth[2][3], barycentric[2][3], tie[3][3], ecliptic[3];
    (void)eraEpv00(J2000_JD, t * 36525.0, earth, barycentric);
    frame_j2000_to_icrs(tie);
    eraTrxp(tie, earth[0], ecliptic);
    struct sky_spherical out;
    eraP2s((double[3]){-ecliptic[0], -ecliptic[1], -ecliptic[2]}, &out.longitude, &out.latitude,
           &out.distance);
    return out;
}

struct sky_spherical sun_apparent(double t, enum sky_grade grade)
{
    /* 0.0167 au of eccentricity is 0.1" of light time: one approximate distance is enough. */
    double anomaly = 6.24006 + 628.301955 * t;
    double au = 1.00014 - 0.016708 * cos(anomaly) - 0.00014 * cos(2 * anomaly);
    return sun_at(t - au / light_day_au / 36525.0, grade);
}
