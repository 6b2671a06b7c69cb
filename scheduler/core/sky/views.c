/* What an eclipse looks like from a place. */
#include <math.h>

#include <erfa.h>

#include "instants/deltat.h"
#include "sky/angles.h"
#include "sky/crossings.h"
#include "sky/scales.h"
#include "sky/shadow.h"

static const double refraction = 34.0 / 60 * DEGREE_RAD;

/* An eclipse seen from a site; how deep it is at a moment. */
struct view {
    bool is_solar;
    struct shadow shadow;
    struct track_site site;
};

struct look {
    double separation, sun, moon, valleys; /* solar: of the centres; radii; topocentric */
    struct shadow_angles angles;           /* lunar */
};

static struct look look_at(const struct view *view, double tt)
{
    struct look look = {0};
    if (!view->is_solar) {
        look.angles = shadow_angles(&view->shadow, tt);
        return look;
    }
    struct track_sight sun = track_sight(&view->shadow.sun, &view->site, tt);
    struct track_sight moon = track_sight(&view->shadow.moon, &view->site, tt);
    look.separation = eraSepp(sun.towards, moon.towards);
    look.sun = asin(SUN_RADIUS_KM / sun.distance_km);
    look.moon = asin(MOON_MEAN_KM / moon.distance_km);
    look.valleys = asin(MOON_VALLEYS_KM / moon.distance_km);
    return look;
}

enum contact { DEEPEST, OUTER, INNER, PENUMBRAL };

/* Negative within the contact, positive outside; DEEPEST: just the separation. */
static double beyond(const struct view *view, enum contact contact, double tt)
{
    struct look look = look_at(view, tt);
    const struct shadow_angles *a = &look.angles;
    if (view->is_solar) {
        return look.separation - (contact == OUTER   ? look.sun + look.moon
                                  : contact == INNER ? fabs(look.valleys - look.sun)
                                                     : 0);
    }
    return a->separation - (contact == OUTER       ? a->umbra + a->moon
                            : contact == INNER     ? a->umbra - a->moon
                            : contact == PENUMBRAL ? a->penumbra + a->moon
                                                   : 0);
}

/* The moment between a (outside) and b (within) at which the contact happens. */
static double contact_between(const struct view *view, enum contact contact, double a, double b)
{
    for (int i = 0; i < 40; i++) {
        double c = (a + b) / 2;
        if (beyond(view, contact, c) > 0) {
            a = c;
        } else {
            b = c;
        }
    }
    return (a + b) / 2;
}

static double deepest(const struct view *view, double around)
{
    double best = around, least = 10;          /* radians: more than any */
    for (int step = -44; step <= 44; step++) { /* five minutes each */
        double tt = around + step / 288.0;
        double here = beyond(view, DEEPEST, tt);
        if (here < least) {
            least = here;
            best = tt;
        }
    }
    double a = best - 1.0 / 288, b = best + 1.0 / 288;
    const double golden = 0.6180339887498949;
    double c = b - golden * (b - a), d = a + golden * (b - a);
    double fc = beyond(view, DEEPEST, c), fd = beyond(view, DEEPEST, d);
    while (b - a > 1e-8) {
        if (fc < fd) {
            b = d;
            d = c;
            fd = fc;
            c = b - golden * (b - a);
            fc = beyond(view, DEEPEST, c);
        } else {
            a = c;
            c = d;
            fc = fd;
            d = a + golden * (b - a);
            fd = beyond(view, DEEPEST, d);
        }
    }
    return (a + b) / 2;
}

static const struct sky_track *body_track(const struct view *view)
{
    return view->is_solar ? &view->shadow.sun : &view->shadow.moon;
}

/* How far the upper limb of the eclipsed body stands above the horizon. */
static double clearance(const struct view *view, double tt)
{
    struct track_sight sight = track_sight(body_track(view), &view->site, tt);
    double radius = asin((view->is_solar ? SUN_RADIUS_KM : MOON_MEAN_KM) / sight.distance_km);
    return sight.altitude + refraction + radius + view->site.dip;
}

/* At a contact. */
static double contact_error_s(const struct view *view, enum contact contact, double tt)
{
    const double h = 2e-4;
    double early = beyond(view, contact, tt - h), late = beyond(view, contact, tt + h);
    double soft = view->is_solar ? 2 : contact == PENUMBRAL ? 60 : 20;
    double here = beyond(view, contact, tt);
    return crossing_doubt(soft * ARCSECOND_RAD, (late - early) / (2 * h),
                          (early - 2 * here + late) / (h * h)) *
               86400 +
           deltat_error_s(tt);
}

/* Where the body passes the horizon. */
static double horizon_error_s(const struct view *view, double tt)
{
    const double h = 2e-3;
    double early = clearance(view, tt - h), late = clearance(view, tt + h);
    return crossing_error_s(view->is_solar ? SKY_SUN : SKY_MOON, tt, (late - early) / (2 * h),
                            (early - 2 * clearance(view, tt) + late) / (h * h));
}

static struct sky_eclipse_phase phase_at(const struct view *view, double tt, double error_s)
{
    struct track_sight sight = track_sight(body_track(view), &view->site, tt);
    return (struct sky_eclipse_phase){
        .happens = true,
        .at = tt_to_instant(tt),
        .error_s = error_s,
        .altitude_rad = sight.altitude,
        .azimuth_rad = track_azimuth(body_track(view), &view->site, tt, &sight),
    };
}

/* The contact before (side -1) or after (side 1) the deepest moment, if it happens. */
static struct sky_eclipse_phase phase_of(const struct view *view, enum contact contact, double deep,
                                         int side)
{
    double far = deep + side * 0.2;
    if (beyond(view, contact, deep) >= 0 || beyond(view, contact, far) <= 0) {
        return (struct sky_eclipse_phase){0};
    }
    double tt = contact_between(view, contact, far, deep);
    return phase_at(view, tt, contact_error_s(view, contact, tt));
}

/* The moment nearest to the deepest at which the body is up, between first and last. */
static bool best_moment(const struct view *view, double first, double deep, double last,
                        double *out)
{
    if (clearance(view, deep) > 0) {
        *out = deep;
        return true;
    }
    enum { PARTS = 64 };
    double nearest = 1; /* a day: more than any */
    for (int side = -1; side <= 1; side += 2) {
        double end = side < 0 ? first : last, down = deep;
        for (int i = 1; i <= PARTS; i++) {
            double up = deep + (end - deep) * i / PARTS;
            if (clearance(view, up) > 0) {
                for (int k = 0; k < 40; k++) {
                    double middle = (down + up) / 2;
                    if (clearance(view, middle) > 0) {
                        up = middle;
                    } else {
                        down = middle;
                    }
                }
                if (fabs(up - deep) < nearest) {
                    nearest = fabs(up - deep);
                    *out = up;
                }
                break;
            }
            down = up;
        }
    }
    return nearest < 1;
}

/* Area of the Sun's disk behind the Moon's, as a fraction. */
static double obscured(double separation, double sun, double moon)
{
    if (separation >= sun + moon) {
        return 0;
    }
    if (separation <= fabs(moon - sun)) {
        return moon >= sun ? 1 : moon * moon / (sun * sun);
    }
    double d = separation, s2 = sun * sun, m2 = moon * moon;
    double a = acos(fmax(-1, fmin(1, (d * d + s2 - m2) / (2 * d * sun))));
    double b = acos(fmax(-1, fmin(1, (d * d + m2 - s2) / (2 * d * moon))));
    return (s2 * (a - sin(2 * a) / 2) + m2 * (b - sin(2 * b) / 2)) / (TURN_RAD / 2 * s2);
}

static void measure(const struct view *view, double tt, enum sky_eclipse_type type,
                    struct sky_local_eclipse *out)
{
    struct look look = look_at(view, tt);
    if (view->is_solar) {
        bool is_within = look.separation < fabs(look.valleys - look.sun);
        out->magnitude = is_within ? look.valleys / look.sun
                                   : (look.sun + look.moon - look.separation) / (2 * look.sun);
        out->obscuration = is_within ? fmin(1, look.valleys * look.valleys / (look.sun * look.sun))
                                     : fmin(1, obscured(look.separation, look.sun, look.moon));
        return;
    }
    const struct shadow_angles *a = &look.angles;
    double edge = type == SKY_PENUMBRAL ? a->penumbra : a->umbra;
    out->magnitude = (edge + a->moon - a->separation) / (2 * a->moon);
    out->obscuration = type == SKY_PENUMBRAL ? 0 : fmax(0, fmin(1, out->magnitude));
}

bool sky_eclipse_from(const struct sky_event *event, const struct sky_place *place,
                      struct sky_local_eclipse *out)
{
    bool is_solar = event->kind == SKY_SOLAR_ECLIPSE;
    double greatest = event->tt_jd - J2000_JD;
    if ((!is_solar && event->kind != SKY_LUNAR_ECLIPSE) || !sky_place_is_valid(place) ||
        !tt_is_in_range(greatest)) {
        return false;
    }
    struct view view = {.is_solar = is_solar, .site = track_site_of(place)};
    shadow_init(&view.shadow, greatest);
    double deep = is_solar ? deepest(&view, greatest) : greatest;
    enum contact outer = is_solar || event->eclipse.type != SKY_PENUMBRAL ? OUTER : PENUMBRAL;
    if (beyond(&view, outer, deep) >= 0) {
        return false;
    }
    *out = (struct sky_local_eclipse){.type = event->eclipse.type};
    /* 0.2" along the way; a lunar one does not depend on the place */
    double deep_error_s = is_solar ? 0.5 + deltat_error_s(deep) : event->error_s;
    out->maximum = phase_at(&view, deep, deep_error_s);
    out->first = phase_of(&view, outer, deep, -1);
    out->last = phase_of(&view, outer, deep, 1);
    if (outer == OUTER) {
        out->inner_first = phase_of(&view, INNER, deep, -1);
        out->inner_last = phase_of(&view, INNER, deep, 1);
    }
    if (is_solar) {
        struct look look = look_at(&view, deep);
        out->type = !out->inner_first.happens ? SKY_PARTIAL
                    : look.valleys > look.sun ? SKY_TOTAL
                                              : SKY_ANNULAR;
    }
    double first = tt_from_instant(out->first.at), last = tt_from_instant(out->last.at),
           best = deep;
    out->is_visible = best_moment(&view, first, deep, last, &best);
    out->best = phase_at(&view, best,
                         best < deep || best > deep ? horizon_error_s(&view, best) : deep_error_s);
    out->best.happens = out->is_visible;
    measure(&view, best, out->type, out);
    return true;
}
