#include "sky/crossings.h"

#include <math.h>

#include "instants/deltat.h"
#include "sky/angles.h"
#include "sky/scales.h"
#include "sky/sun.h"

static const double moon_radius_km = 1737.4;
static const double sun_radius_at_1_au = 959.63 * ARCSECOND_RAD;
static const double refraction = 34.0 / 60 * DEGREE_RAD;
static const double sample_days = 1.0 / 24;

void curve_init(struct sky_curve *curve, const struct track_frame *frame, enum sky_body body,
                const struct sky_place *place, double length)
{
    double from = frame->middle - length / 2;
    curve->body = body;
    curve->site = track_site_of(place);
    track_init(&curve->track, frame, body, ROUGH, fmax(length / 2, 1e-3));
    double steps = fmin(fmax(ceil(length / sample_days), 2), CURVE_POINTS - 1);
    curve->count = (size_t)steps + 1;
    curve->from = from;
    curve->step = length / steps;
    /* The samples are evenly spaced: the Earth turns on by the same angle, by complex product. */
    double angle = track_sidereal(&curve->track, from) + curve->site.longitude;
    double turn = curve->track.sidereal_rate * curve->step, turn_s = sin(turn), turn_c = cos(turn);
    double s = sin(angle), c = cos(angle);
    for (size_t i = 0; i < curve->count; i++) {
        double tt = from + curve->step * (double)i, kept = s;
        curve->sight[i] = track_sight_turned(&curve->track, &curve->site, tt, s, c);
        s = s * turn_c + c * turn_s;
        c = c * turn_c - kept * turn_s;
    }
}

/* How far the body stands above the horizon. */
static double clearance(const struct sky_curve *curve, enum sky_horizon horizon,
                        const struct track_sight *sight)
{
    static const double depth[] = {
        [SKY_CIVIL] = 6 * DEGREE_RAD,
        [SKY_NAUTICAL] = 12 * DEGREE_RAD,
        [SKY_ASTRONOMICAL] = 18 * DEGREE_RAD,
    };
    if (horizon != SKY_HORIZON) {
        return sight->altitude + depth[horizon];
    }
    double ratio = moon_radius_km / sight->distance_km; /* 0.0049 at most: its arc sine to 1e-13 */
    double radius = curve->body == SKY_SUN
                        ? sun_radius_at_1_au * ASTRONOMICAL_UNIT_KM / sight->distance_km
                        : ratio * (1 + ratio * ratio / 6);
    return sight->altitude + refraction + radius + curve->site.dip;
}

static double clearance_at(const struct sky_curve *curve, enum sky_horizon horizon, double tt)
{
    struct track_sight sight = track_sight(&curve->track, &curve->site, tt);
    return clearance(curve, horizon, &sight);
}

/* The root between a and b, where the clearance has different signs: false position, the stale end
 * halved (Illinois). */
static double root(const struct sky_curve *curve, enum sky_horizon horizon, double a, double fa,
                   double b, double fb)
{
    int kept = 0; /* -1: a stayed the last time, 1: b */
    for (int i = 0; i < 60 && b - a > 1e-9; i++) {
        double c = b - fb * (b - a) / (fb - fa);
        double fc = clearance_at(curve, horizon, c);
        if (fabs(fc) < 2e-10) { /* 0.00004" */
            return c;
        }
        if ((fc > 0) == (fb > 0)) {
            b = c;
            fb = fc;
            fa = kept == -1 ? fa / 2 : fa;
            kept = -1;
        } else {
            a = c;
            fa = fc;
            fb = kept == 1 ? fb / 2 : fb;
            kept = 1;
        }
    }
    return (a + b) / 2;
}

/* The extreme of the clearance near three samples around middle; tt, and its value in *f. */
static double extreme(const struct sky_curve *curve, enum sky_horizon horizon, double middle,
                      double step, double *f)
{
    double tt = middle;
    for (int i = 0; i < 4; i++) {
        double l = clearance_at(curve, horizon, tt - step), m = clearance_at(curve, horizon, tt);
        double r = clearance_at(curve, horizon, tt + step);
        double bend = l - 2 * m + r;
        if (fabs(bend) > 0) {
            tt += fmax(-step, fmin(step, (l - r) / (2 * bend) * step));
        }
        step /= 4;
    }
    *f = clearance_at(curve, horizon, tt);
    return tt;
}

static void add(const struct sky_curve *curve, enum sky_horizon horizon, double a, double fa,
                double b, double fb, size_t max, size_t *count, struct curve_crossing *out)
{
    if (*count == max) {
        return;
    }
    const double h = 2e-3;
    double tt = root(curve, horizon, a, fa, b, fb);
    double early = clearance_at(curve, horizon, tt - h),
           late = clearance_at(curve, horizon, tt + h);
    out[(*count)++] = (struct curve_crossing){
        .tt = tt,
        .is_rising = fb > 0,
        .rate = (late - early) / (2 * h),
        .bend = (late + early) / (h * h), /* from zero */
    };
}

size_t curve_crossings(const struct sky_curve *curve, enum sky_horizon horizon, size_t max,
                       struct curve_crossing *out, bool *starts_above)
{
    size_t count = 0;
    double before = clearance(curve, horizon, &curve->sight[0]), older = before;
    *starts_above = before > 0;
    for (size_t i = 1; i < curve->count; i++) {
        double here = clearance(curve, horizon, &curve->sight[i]);
        double a = curve->from + curve->step * (double)(i - 1), b = a + curve->step;
        if ((here > 0) != (before > 0)) {
            add(curve, horizon, a, before, b, here, max, &count, out);
        } else if (i + 1 < curve->count || i == curve->count - 1) {
            /* A short visit between samples: the samples turn towards the horizon but do not reach
             * it. */
            double next =
                i + 1 < curve->count ? clearance(curve, horizon, &curve->sight[i + 1]) : here;
            bool turns_here = fabs(here) <= fabs(before) && fabs(here) <= fabs(next);
            bool turns_before = i == 1 ? fabs(before) <= fabs(here)
                                       : fabs(before) <= fabs(here) && fabs(before) <= fabs(older);
            if ((turns_here || turns_before) && fmin(fabs(here), fabs(before)) < 0.02) {
                double f, peak = extreme(curve, horizon, turns_here ? b : a, curve->step, &f);
                if (peak > a && peak < b && (f > 0) != (before > 0)) {
                    add(curve, horizon, a, before, peak, f, max, &count, out);
                    add(curve, horizon, peak, f, b, here, max, &count, out);
                }
            }
        }
        older = before;
        before = here;
    }
    return count;
}

/* The hour angle, upper transit 0. */
static double hour_angle(const struct sky_curve *curve, double tt)
{
    double km[3];
    track_at(&curve->track, tt, km);
    return angle_towards_zero(track_sidereal(&curve->track, tt) + curve->site.longitude -
                              atan2(km[1], km[0]));
}

size_t curve_transits(const struct sky_curve *curve, double out[static 4])
{
    size_t count = 0;
    double end = curve->from + curve->step * (double)(curve->count - 1);
    double rate = curve->body == SKY_SUN ? TURN_RAD : TURN_RAD * 0.966;
    double start = curve->from - hour_angle(curve, curve->from) / rate;
    for (int day = -1; day <= 3 && count < 4; day++) {
        double tt = start + day * TURN_RAD / rate;
        if (tt < curve->from - 0.2 || tt > end + 0.2) {
            continue;
        }
        for (int i = 0; i < 5; i++) {
            double step = hour_angle(curve, tt) / rate;
            tt -= step;
            if (fabs(step) < 1e-10) {
                break;
            }
        }
        if (tt >= curve->from && tt < end && (count == 0 || tt > out[count - 1] + 0.1)) {
            out[count++] = tt;
        }
    }
    return count;
}

double crossing_doubt(double place, double rate, double bend)
{
    double r = fabs(rate), b = fabs(bend), left = r * r - 2 * b * place;
    return fmin(1, left > 0 ? 2 * place / (r + sqrt(left)) : sqrt(2 * place / fmax(b, 1e-9)));
}

double crossing_error_s(enum sky_body body, double tt, double rate, double bend)
{
    /* 1.2" of the Sun, 8" of the Moon by rough evaluation; and how far the body itself moves,
     * against the stars, in the time that deltaT is not known to. */
    double turning_s = deltat_error_s(tt), own = body == SKY_SUN ? 0.05 : 0.75;
    double place = ((body == SKY_SUN ? 1.2 : 8) + own * turning_s) * ARCSECOND_RAD;
    return crossing_doubt(place, rate, bend) * 86400 + turning_s;
}

/* One frame, of the span's middle, serves all of it: a track is good for 1.1 days on either side
 * (track.h), hence the longest span, of the 49 hours that a day of any zone and its nights need. */
enum sky_status sky_crossings_find(enum sky_body body, enum sky_horizon horizon,
                                   const struct sky_place *place, instant from, instant to,
                                   struct sky_crossings *out)
{
    double a = tt_from_instant(from), b = tt_from_instant(to);
    if (!sky_place_is_valid(place)) {
        return SKY_BAD_PLACE;
    }
    if (!tt_is_in_range(a) || !tt_is_in_range(b)) {
        return SKY_OUT_OF_RANGE;
    }
    if (b < a || b - a > 49.0 / 24 + 1e-6 || (body == SKY_MOON && horizon != SKY_HORIZON)) {
        return SKY_BAD_SPAN;
    }
    struct sky_curve curve;
    struct curve_crossing found[SKY_CROSSINGS_MAX];
    struct track_frame frame;
    track_frame_init(&frame, a + (b - a) / 2);
    curve_init(&curve, &frame, body, place, b - a);
    out->count = curve_crossings(&curve, horizon, SKY_CROSSINGS_MAX, found, &out->starts_above);
    for (size_t i = 0; i < out->count; i++) {
        struct track_sight sight = track_sight(&curve.track, &curve.site, found[i].tt);
        out->at[i] = (struct sky_crossing){
            .is_rising = found[i].is_rising,
            .at = tt_to_instant(found[i].tt),
            .error_s = crossing_error_s(body, found[i].tt, found[i].rate, found[i].bend),
            .azimuth_rad = track_azimuth(&curve.track, &curve.site, found[i].tt, &sight),
        };
    }
    return SKY_OK;
}
