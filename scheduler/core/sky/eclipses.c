/* Solar and lunar eclipses: which new and full Moons are one, and of what kind. */
#include <math.h>

#include <erfa.h>

#include "sky/angles.h"
#include "sky/moon.h"
#include "sky/phases.h"
#include "sky/scales.h"
#include "sky/search.h"
#include "sky/shadow.h"

static const double squash = (1 - 1 / 298.257223563) * (1 - 1 / 298.257223563);

/* Eclipses one saros (223 lunations) apart carry one number; one inex (358 lunations) on, the next.
 * So 358 a + 223 b lunations from a known eclipse the number is a higher.  It is known modulo 223,
 * and only some 50 series at a time are alive: take the one nearest to those of our centuries. */
static int32_t saros_of(int64_t lunation, int64_t known_lunation, int64_t known_saros)
{
    int64_t inverse = 0; /* of 358, modulo 223 */
    while (358 * inverse % 223 != 1) {
        inverse++;
    }
    int64_t ahead = ((lunation - known_lunation) % 223 + 223) % 223 * inverse % 223;
    int64_t saros = known_saros + ahead;
    while (saros > 135 + 111) {
        saros -= 223;
    }
    return (int32_t)saros;
}

/* In the plane across the axis: the offset's length and its northward part. */
static double northward(const struct shadow_cut *cut)
{
    /* north is the pole's direction less its part along the axis */
    const double *k = cut->axis, *p = cut->offset;
    return p[2] - k[2] * (k[0] * p[0] + k[1] * p[1] + k[2] * p[2]);
}

/* Distance from the Earth's centre to its outline in the direction of the offset. */
static double outline_km(const struct shadow_cut *cut, double offset_km)
{
    double cosine = sqrt(1 - cut->axis[2] * cut->axis[2]);
    double north = offset_km > 0 ? northward(cut) / cosine / offset_km : 0;
    double minor2 = 1 - (1 - squash) * cosine * cosine;
    return EARTH_RADIUS_KM / sqrt(1 - north * north + north * north / minor2);
}

/* The higher point where the line offset + height * axis meets the Earth; false when it misses. */
static bool meets_earth(const struct shadow_cut *cut, double point[3], double *height)
{
    const double *p = cut->offset, *k = cut->axis;
    double a = k[0] * k[0] + k[1] * k[1] + k[2] * k[2] / squash;
    double b = p[0] * k[0] + p[1] * k[1] + p[2] * k[2] / squash;
    double c = p[0] * p[0] + p[1] * p[1] + p[2] * p[2] / squash - EARTH_RADIUS_KM * EARTH_RADIUS_KM;
    double root = b * b - a * c;
    if (root < 0) {
        return false;
    }
    *height = (-b + sqrt(root)) / a;
    for (int i = 0; i < 3; i++) {
        point[i] = p[i] + *height * k[i];
    }
    return true;
}

/* Annular where the axis first or last touches the Earth, though total at its nearest? */
static bool is_annular_at_an_end(const struct shadow *shadow, double greatest)
{
    const double h = 0.01;
    struct shadow_cut middle = shadow_cut_solar(shadow, greatest);
    struct shadow_cut later = shadow_cut_solar(shadow, greatest + h);
    double moved[3];
    eraPmp(later.offset, middle.offset, moved);
    double speed = eraPm(moved) / h, least = eraPm(middle.offset);
    double outline = outline_km(&middle, least);
    double half = sqrt(fmax(0, outline * outline - least * least)) / speed;
    for (int side = -1; side <= 1; side += 2) {
        struct shadow_cut end = shadow_cut_solar(shadow, greatest + side * half);
        double penumbra, umbra;
        shadow_cones(&end, 0, &penumbra, &umbra);
        if (umbra > 0) {
            return true;
        }
    }
    return false;
}

static void set_place(struct sky_eclipse *eclipse, const double point[3], double sidereal)
{
    eclipse->latitude_rad = atan2(point[2], squash * hypot(point[0], point[1]));
    eclipse->longitude_rad = angle_towards_zero(atan2(point[1], point[0]) - sidereal);
}

/* At the instant of greatest eclipse the axis of the shadow is nearest to the Earth's centre:
 * whether it meets the flattened Earth, and how wide its cones are there, says what kind it is.
 * Meeus, Astronomical Algorithms, ch. 54, has the same by fitted terms; here it is the geometry
 * itself. */
static bool solar_judge(const struct shadow *shadow, double tt, struct sky_eclipse *out)
{
    struct shadow_cut cut = shadow_cut_solar(shadow, tt);
    double least = eraPm(cut.offset), outline = outline_km(&cut, least), height = 0, point[3];
    double penumbra, umbra, sidereal = track_sidereal(&shadow->sun, tt);
    shadow_cones(&cut, 0, &penumbra, &umbra);
    *out = (struct sky_eclipse){.gamma = copysign(least, northward(&cut)) / EARTH_RADIUS_KM};
    if (least - outline > penumbra) {
        return false;
    }
    out->is_central = meets_earth(&cut, point, &height);
    if (out->is_central) {
        shadow_cones(&cut, height, &penumbra, &umbra);
        out->type = umbra > 0                          ? SKY_ANNULAR
                    : is_annular_at_an_end(shadow, tt) ? SKY_HYBRID
                                                       : SKY_TOTAL;
        out->magnitude = (penumbra - umbra) / (penumbra + umbra);
    } else {
        eraSxp(outline / least, cut.offset, point);
        bool grazes = least - outline < fabs(umbra);
        out->type = !grazes ? SKY_PARTIAL : umbra > 0 ? SKY_ANNULAR : SKY_TOTAL;
        out->magnitude = (penumbra - (least - outline)) / (penumbra + umbra);
    }
    set_place(out, point, sidereal);
    if (out->is_central) {
        /* The width of the umbra over the speed at which it leaves the turning place behind. */
        const double h = 1e-4;
        struct shadow_cut later = shadow_cut_solar(shadow, tt + h);
        double turn = track_sidereal(&shadow->sun, tt + h) - sidereal, turned[3], moved[3];
        turned[0] = point[0] * cos(turn) - point[1] * sin(turn);
        turned[1] = point[0] * sin(turn) + point[1] * cos(turn);
        turned[2] = point[2];
        eraPmp(turned, later.offset, moved);
        eraPpsp(moved, -eraPdp(moved, later.axis), later.axis, moved);
        out->duration_s = 2 * fabs(umbra) / (eraPm(moved) / h) * 86400;
    }
    return true;
}

/* How much of the Moon's diameter lies in each shadow decides the type.  Duration: near the
 * greatest eclipse the separation is a hyperbola, s^2 + (v t)^2; v^2 is taken from 0.02 days on
 * either side, and the eclipse lasts while it is below the sum of radii. */
static bool lunar_judge(const struct shadow *shadow, double tt, struct sky_eclipse *out)
{
    struct shadow_cut cut = shadow_cut_lunar(shadow, tt);
    struct shadow_angles a = shadow_angles(shadow, tt);
    double umbral = (a.umbra + a.moon - a.separation) / (2 * a.moon), moon[3];
    double penumbral = (a.penumbra + a.moon - a.separation) / (2 * a.moon);
    if (penumbral <= 0) {
        return false;
    }
    *out = (struct sky_eclipse){
        .type = umbral >= 1  ? SKY_TOTAL
                : umbral > 0 ? SKY_PARTIAL
                             : SKY_PENUMBRAL,
        .gamma = copysign(eraPm(cut.offset), northward(&cut)) / EARTH_RADIUS_KM,
        .magnitude = umbral,
        .penumbral = penumbral,
    };
    track_at(&shadow->moon, tt, moon);
    set_place(out, moon, track_sidereal(&shadow->moon, tt));
    if (umbral > 0) {
        const double h = 0.02;
        double s = a.separation, reach = a.umbra + a.moon;
        double speed2 = (pow(shadow_angles(shadow, tt - h).separation, 2) +
                         pow(shadow_angles(shadow, tt + h).separation, 2) - 2 * s * s) /
                        (2 * h * h);
        out->duration_s = 2 * sqrt((reach * reach - s * s) / speed2) * 86400;
    }
    return true;
}

/* Could the syzygy near tt be an eclipse?  Not when the Moon is 1.65 degrees from the ecliptic. */
static bool is_near_node(double tt)
{
    return fabs(moon_latitude_rad(tt_to_centuries(tt), ROUGH)) < 1.65 * DEGREE_RAD;
}

static bool eclipse_find(int64_t quarter, struct sky_event *out)
{
    bool is_solar = (quarter & 3) == 0;
    double near = phase_find_roughly(quarter);
    if (!is_near_node(near)) {
        return false;
    }
    struct shadow shadow;
    shadow_init(&shadow, near);
    double tt = shadow_greatest(&shadow, near, is_solar ? shadow_cut_solar : shadow_cut_lunar);
    struct sky_eclipse eclipse;
    if (!(is_solar ? solar_judge : lunar_judge)(&shadow, tt, &eclipse)) {
        return false;
    }
    /* Known: 11 August 1999, solar, saros 145; 21 January 2000, lunar, saros 124. */
    int64_t lunation = (quarter - (quarter & 3)) / 4;
    eclipse.saros = is_solar ? saros_of(lunation, -5, 145) : saros_of(lunation, 0, 124);
    *out = (struct sky_event){
        .kind = is_solar ? SKY_SOLAR_ECLIPSE : SKY_LUNAR_ECLIPSE,
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = fabs(tt) < 36525 ? 0.15 : 0.3,
        .eclipse = eclipse,
    };
    return true;
}

/* A step is half a lunation: even ones new Moons, odd ones full Moons. */
static int64_t step_before(double tt)
{
    return (phase_quarter_near(tt) - 4) >> 1;
}

static double earliest(int64_t step)
{
    return phase_mean_time(step * 2) - 1.2;
}

static size_t make(int64_t step, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    (void)place;
    enum sky_kind kind = (step & 1) == 0 ? SKY_SOLAR_ECLIPSE : SKY_LUNAR_ECLIPSE;
    return (wanted & SKY_SET(kind)) != 0 && eclipse_find(step * 2, &out[0]) ? 1 : 0;
}

const struct sky_maker eclipse_maker = {SKY_ECLIPSE_KINDS, step_before, earliest, make};
