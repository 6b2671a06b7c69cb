#include "sky/shadow.h"

#include <math.h>

#include <erfa.h>

#include "sky/angles.h"
#include "sky/sun.h"

void shadow_init(struct shadow *shadow, double middle)
{
    struct track_frame frame;
    track_frame_init(&frame, middle);
    track_init(&shadow->sun, &frame, SKY_SUN, FINE, 0.25);
    track_init(&shadow->moon, &frame, SKY_MOON, FINE, 0.25);
}

struct shadow_cut shadow_cut_solar(const struct shadow *shadow, double tt)
{
    struct shadow_cut cut;
    double sun[3], moon[3], between[3];
    track_at(&shadow->sun, tt, sun);
    track_at(&shadow->moon, tt, moon);
    eraPmp(sun, moon, between);
    eraPn(between, &cut.sun_moon, cut.axis);
    cut.distance = eraPdp(moon, cut.axis);
    eraPpsp(moon, -cut.distance, cut.axis, cut.offset);
    return cut;
}

struct shadow_cut shadow_cut_lunar(const struct shadow *shadow, double tt)
{
    struct shadow_cut cut;
    double sun[3], moon[3], between[3], away;
    track_at(&shadow->sun, tt, sun);
    track_at(&shadow->moon, tt, moon);
    eraPmp(sun, moon, between);
    cut.sun_moon = eraPm(between);
    eraPn(sun, &away, cut.axis);
    eraSxp(-1, cut.axis, cut.axis);
    cut.distance = eraPdp(moon, cut.axis);
    eraPpsp(moon, -cut.distance, cut.axis, cut.offset);
    return cut;
}

double shadow_greatest(const struct shadow *shadow, double around,
                       struct shadow_cut (*cut)(const struct shadow *, double))
{
    double tt = around;
    /* The square of the offset is a parabola but for curvature: a few shrinking steps settle it. */
    for (double h = 0.05; h > 0.0005; h /= 4) {
        struct shadow_cut a = cut(shadow, tt - h), b = cut(shadow, tt), c = cut(shadow, tt + h);
        double l = eraPdp(a.offset, a.offset), m = eraPdp(b.offset, b.offset);
        double r = eraPdp(c.offset, c.offset);
        tt += fmax(-0.15, fmin(0.15, (l - r) / (2 * (l - 2 * m + r)) * h));
    }
    return tt;
}

void shadow_cones(const struct shadow_cut *cut, double height, double *penumbra, double *umbra)
{
    double sine = (SUN_RADIUS_KM + MOON_MEAN_KM) / cut->sun_moon;
    *penumbra = (cut->distance - height + MOON_MEAN_KM / sine) * sine / sqrt(1 - sine * sine);
    sine = (SUN_RADIUS_KM - MOON_VALLEYS_KM) / cut->sun_moon;
    *umbra = (cut->distance - height - MOON_VALLEYS_KM / sine) * sine / sqrt(1 - sine * sine);
}

struct shadow_angles shadow_angles(const struct shadow *shadow, double tt)
{
    double sun[3], moon[3], away[3];
    track_at(&shadow->sun, tt, sun);
    track_at(&shadow->moon, tt, moon);
    eraSxp(-1, sun, away);
    double sun_km = eraPm(sun), moon_km = eraPm(moon);
    double sun_radius = asin(SUN_RADIUS_KM / sun_km), sun_parallax = asin(EARTH_RADIUS_KM / sun_km);
    double parallax = 1.01 * asin(EARTH_RADIUS_KM / moon_km);
    return (struct shadow_angles){
        .separation = eraSepp(away, moon),
        .moon = asin(MOON_MEAN_KM / moon_km),
        .umbra = parallax - sun_radius + sun_parallax,
        .penumbra = parallax + sun_radius + sun_parallax,
    };
}
