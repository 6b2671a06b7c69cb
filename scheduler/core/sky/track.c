#include "sky/track.h"

#include <math.h>
#include <string.h>

#include <erfa.h>

#include "instants/deltat.h"
#include "sky/angles.h"
#include "sky/frame.h"
#include "sky/scales.h"
#include "sky/sun.h"

static const double half_pi = 1.57079632679489661923;

void track_frame_init(struct track_frame *frame, double middle)
{
    double ecliptic[3][3], longitude, obliquity, turn[3][3], tt = middle;
    double mean = frame_obliquity(tt), ut1 = tt - deltat_s(tt) / 86400;
    frame_ecliptic_of_date(tt, ecliptic);
    frame_nutation(tt, &longitude, &obliquity);
    eraIr(turn);
    eraRz(-longitude, turn);
    eraRx(-(mean + obliquity), turn);
    eraRxr(turn, ecliptic, frame->m);
    frame->middle = middle;
    /* with the equation of the equinoxes */
    frame->sidereal = eraGmst06(J2000_JD, ut1, J2000_JD, tt) + longitude * cos(mean);
}

static void geocentric(enum sky_body body, enum sky_grade grade, double tt, double km[3])
{
    double t = tt_to_centuries(tt);
    if (body == SKY_SUN) {
        struct sky_spherical sun = sun_apparent(t, grade);
        eraS2p(sun.longitude, sun.latitude, sun.distance * ASTRONOMICAL_UNIT_KM, km);
        return;
    }
    double near = moon_distance_km(t, ROUGH);
    double seen = t - near / LIGHT_KM_S / 86400 / 36525;
    double frame[3][3], own[3];
    eraS2p(moon_longitude_rad(seen, grade), moon_latitude_rad(seen, grade),
           grade == ROUGH ? near : moon_distance_km(seen, grade), own);
    moon_frame(seen, frame);
    eraRxp(frame, own, km);
}

void track_init(struct sky_track *track, const struct track_frame *frame, enum sky_body body,
                enum sky_grade grade, double half)
{
    double sample[TRACK_NODES][3], middle = frame->middle, m[3][3];
    memcpy(m, frame->m, sizeof m); /* ERFA knows no const */
    /* Each node gains a factor of 30 for the Moon, 500 for the Sun, over a day. */
    const bool is_short = half < 0.6;
    const int n = body == SKY_SUN ? (is_short ? 4 : 5) : (is_short ? 6 : TRACK_NODES);
    track->middle = middle;
    track->half = half;
    track->nodes = n;
    for (int j = 0; j < n; j++) {
        double km[3];
        geocentric(body, grade, middle + half * cos(TURN_RAD / 4 * (2 * j + 1) / n), km);
        eraRxp(m, km, sample[j]);
    }
    for (int k = 0; k < n; k++) {
        for (int axis = 0; axis < 3; axis++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += sample[j][axis] * cos(TURN_RAD / 4 * k * (2 * j + 1) / n);
            }
            track->coefficient[axis][k] = sum * (k == 0 ? 1 : 2) / n;
        }
    }
    track->sidereal = frame->sidereal;
    track->sidereal_rate = TURN_RAD * 1.00273781191135448;
}

void track_at(const struct sky_track *track, double tt, double km[3])
{
    double u = (tt - track->middle) / track->half;
    for (int axis = 0; axis < 3; axis++) {
        const double *c = track->coefficient[axis];
        double b1 = 0, b2 = 0;
        for (int k = track->nodes - 1; k > 0; k--) {
            double b = 2 * u * b1 - b2 + c[k];
            b2 = b1;
            b1 = b;
        }
        km[axis] = u * b1 - b2 + c[0];
    }
}

double track_sidereal(const struct sky_track *track, double tt)
{
    return track->sidereal + track->sidereal_rate * (tt - track->middle);
}

bool sky_place_is_valid(const struct sky_place *place)
{
    /* Comparisons that a NaN fails. */
    return fabs(place->latitude_rad) <= half_pi && fabs(place->longitude_rad) <= 2 * half_pi &&
           place->height_m >= -500 && place->height_m <= 9000;
}

struct track_site track_site_of(const struct sky_place *place)
{
    const double equator_km = 6378.137, flattening = 1 / 298.257223563;
    double s = sin(place->latitude_rad), c = cos(place->latitude_rad);
    double squash = (1 - flattening) * (1 - flattening);
    double curve = equator_km / sqrt(c * c + squash * s * s), height_km = place->height_m / 1000;
    return (struct track_site){
        .axis_km = (curve + height_km) * c,
        .along_km = (squash * curve + height_km) * s,
        .sin_latitude = s,
        .cos_latitude = c,
        .longitude = place->longitude_rad,
        /* 1.76' a root of a metre: the Nautical Almanac's, terrestrial refraction included */
        .dip = place->height_m > 0 ? 1.76 / 60 * DEGREE_RAD * sqrt(place->height_m) : 0,
    };
}

struct track_sight track_sight(const struct sky_track *track, const struct track_site *site,
                               double tt)
{
    double angle = track_sidereal(track, tt) + site->longitude;
    return track_sight_turned(track, site, tt, sin(angle), cos(angle));
}

struct track_sight track_sight_turned(const struct sky_track *track, const struct track_site *site,
                                      double tt, double s, double c)
{
    struct track_sight sight;
    double body[3];
    track_at(track, tt, body);
    sight.towards[0] = body[0] - site->axis_km * c;
    sight.towards[1] = body[1] - site->axis_km * s;
    sight.towards[2] = body[2] - site->along_km;
    sight.distance_km =
        sqrt(sight.towards[0] * sight.towards[0] + sight.towards[1] * sight.towards[1] +
             sight.towards[2] * sight.towards[2]);
    double up = site->cos_latitude * (c * sight.towards[0] + s * sight.towards[1]) +
                site->sin_latitude * sight.towards[2];
    sight.altitude = asin(fmin(1, fmax(-1, up / sight.distance_km)));
    return sight;
}

double track_azimuth(const struct sky_track *track, const struct track_site *site, double tt,
                     const struct track_sight *sight)
{
    double angle = track_sidereal(track, tt) + site->longitude;
    double outward = cos(angle) * sight->towards[0] + sin(angle) * sight->towards[1];
    double east = cos(angle) * sight->towards[1] - sin(angle) * sight->towards[0];
    double north = site->cos_latitude * sight->towards[2] - site->sin_latitude * outward;
    return angle_positive(atan2(east, north));
}
