/* position.c -- where a body stands, and how much of the Moon is lit. */
#include <math.h>

#include <erfa.h>
#include <erfam.h>

#include "sky/angles.h"
#include "sky/frame.h"
#include "sky/scales.h"
#include "sky/track.h"

bool sky_position_at(enum sky_body body, instant at, struct sky_position *out)
{
    double tt = tt_from_instant(at), km[3], longitude, obliquity, turn[3][3], ecliptic[3];
    if (!tt_is_in_range(tt)) {
        return false;
    }
    struct sky_track track;
    struct track_frame frame;
    track_frame_init(&frame, tt);
    track_init(&track, &frame, body, FINE, 0.01);
    track_at(&track, tt, km);
    double ra, distance;
    eraP2s(km, &ra, &out->declination_rad, &distance);
    out->right_ascension_rad = angle_positive(ra);
    out->distance_km = distance;
    frame_nutation(tt, &longitude, &obliquity);
    eraIr(turn);
    eraRx(frame_obliquity(tt) + obliquity, turn);
    eraRxp(turn, km, ecliptic);
    eraC2s(ecliptic, &out->longitude_rad, &out->latitude_rad);
    out->longitude_rad = angle_positive(out->longitude_rad);
    /* A place's zenith is along its vertical, so what stands there has the place's own geodetic
     * latitude: the Sun that of its declination. */
    double metres[3] = {1e3 * distance * cos(out->declination_rad), 0,
                        1e3 * distance * sin(out->declination_rad)};
    double unused, height;
    (void)eraGc2gd(ERFA_WGS84, metres, &unused, &out->overhead_latitude_rad, &height);
    out->overhead_longitude_rad = angle_towards_zero(ra - track_sidereal(&track, tt));
    return true;
}

bool sky_altitude_at(enum sky_body body, const struct sky_place *place, instant at,
                     double *altitude_rad, double *azimuth_rad)
{
    double tt = tt_from_instant(at);
    if (!tt_is_in_range(tt) || !sky_place_is_valid(place)) {
        return false;
    }
    struct sky_track track;
    struct track_frame frame;
    struct track_site site = track_site_of(place);
    track_frame_init(&frame, tt);
    track_init(&track, &frame, body, ROUGH, 0.01);
    struct track_sight sight = track_sight(&track, &site, tt);
    *altitude_rad = sight.altitude;
    *azimuth_rad = track_azimuth(&track, &site, tt, &sight);
    return true;
}

bool sky_moon_lit(instant at, double *fraction)
{
    double tt = tt_from_instant(at), sun[3], moon[3], to_sun[3];
    if (!tt_is_in_range(tt)) {
        return false;
    }
    struct sky_track track;
    struct track_frame frame;
    track_frame_init(&frame, tt);
    track_init(&track, &frame, SKY_SUN, ROUGH, 0.01);
    track_at(&track, tt, sun);
    track_init(&track, &frame, SKY_MOON, ROUGH, 0.01);
    track_at(&track, tt, moon);
    eraPmp(sun, moon, to_sun);
    /* The angle at the Moon between the Sun and the Earth. */
    *fraction = (1 - eraPdp(moon, to_sun) / (eraPm(moon) * eraPm(to_sun))) / 2;
    return true;
}
