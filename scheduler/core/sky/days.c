/* Events of a place, a day at a time. */
#include <math.h>

#include "sky/crossings.h"
#include "sky/scales.h"
#include "sky/search.h"

static int64_t step_before(double tt)
{
    return (int64_t)floor(tt);
}

static double earliest(int64_t day)
{
    return (double)day;
}

static void fill(const struct sky_curve *curve, enum sky_kind kind, double tt, double error_s,
                 struct sky_event *out)
{
    struct track_sight sight = track_sight(&curve->track, &curve->site, tt);
    *out = (struct sky_event){
        .kind = kind,
        .at = tt_to_instant(tt),
        .tt_jd = J2000_JD + tt,
        .error_s = error_s,
        .place = {sight.altitude, track_azimuth(&curve->track, &curve->site, tt, &sight)},
    };
}

static size_t add_crossings(const struct sky_curve *curve, enum sky_horizon horizon,
                            enum sky_kind rise, enum sky_kind set, sky_kinds wanted,
                            struct sky_event *out)
{
    struct curve_crossing found[SKY_CROSSINGS_MAX];
    bool starts_above;
    size_t count = 0;
    if ((wanted & (SKY_SET(rise) | SKY_SET(set))) == 0) {
        return 0;
    }
    size_t n = curve_crossings(curve, horizon, 6, found, &starts_above);
    for (size_t i = 0; i < n; i++) {
        enum sky_kind kind = found[i].is_rising ? rise : set;
        if ((wanted & SKY_SET(kind)) != 0) {
            fill(curve, kind, found[i].tt,
                 crossing_error_s(curve->body, found[i].tt, found[i].rate, found[i].bend),
                 &out[count++]);
        }
    }
    return count;
}

static void sort(struct sky_event *events, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sky_event event = events[i];
        size_t j = i;
        for (; j > 0 && instant_compare(events[j - 1].at, event.at) > 0; j--) {
            events[j] = events[j - 1];
        }
        events[j] = event;
    }
}

static size_t add_sun(const struct track_frame *frame, sky_kinds wanted,
                      const struct sky_place *place, struct sky_event *out)
{
    struct sky_curve curve;
    curve_init(&curve, frame, SKY_SUN, place, 1);
    size_t count = add_crossings(&curve, SKY_HORIZON, SKY_SUNRISE, SKY_SUNSET, wanted, out);
    count += add_crossings(&curve, SKY_CIVIL, SKY_CIVIL_DAWN, SKY_CIVIL_DUSK, wanted, out + count);
    count += add_crossings(&curve, SKY_NAUTICAL, SKY_NAUTICAL_DAWN, SKY_NAUTICAL_DUSK, wanted,
                           out + count);
    count += add_crossings(&curve, SKY_ASTRONOMICAL, SKY_ASTRONOMICAL_DAWN, SKY_ASTRONOMICAL_DUSK,
                           wanted, out + count);
    if ((wanted & SKY_SET(SKY_NOON)) != 0) {
        double tt[4];
        size_t n = curve_transits(&curve, tt);
        for (size_t i = 0; i < n && i < 2; i++) {
            fill(&curve, SKY_NOON, tt[i], crossing_error_s(SKY_SUN, tt[i], 6, 0), &out[count++]);
        }
    }
    return count;
}

enum { MOON_KINDS = SKY_SET(SKY_MOONRISE) | SKY_SET(SKY_MOONSET) };

static size_t make(int64_t day, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE])
{
    struct track_frame frame;
    size_t count = 0;
    track_frame_init(&frame, (double)day + 0.5);
    /* At most six crossings of each of five horizons and two transits: they fit SKY_QUEUE. */
    if ((wanted & SKY_PLACE_KINDS & ~(sky_kinds)MOON_KINDS) != 0) {
        count = add_sun(&frame, wanted, place, out);
    }
    if ((wanted & MOON_KINDS) != 0) {
        struct sky_curve curve;
        curve_init(&curve, &frame, SKY_MOON, place, 1);
        count += add_crossings(&curve, SKY_HORIZON, SKY_MOONRISE, SKY_MOONSET, wanted, out + count);
    }
    sort(out, count);
    return count;
}

const struct sky_maker day_maker = {SKY_PLACE_KINDS, step_before, earliest, make};
