/* sky/crossings.h -- when a body passes an altitude; private to sky. */
#ifndef SKY_CROSSINGS_H
#define SKY_CROSSINGS_H

#include "sky/track.h"

enum { CURVE_POINTS = 128 };

/* A body's altitude over a span, sampled: several horizons can be asked of one curve. */
struct sky_curve {
    enum sky_body body;
    struct sky_track track;
    struct track_site site;
    size_t count;
    double from, step; /* tt, days */
    struct track_sight sight[CURVE_POINTS];
};

/* length days around the frame's middle, at most 2.1. */
void curve_init(struct sky_curve *curve, const struct track_frame *frame, enum sky_body body,
                const struct sky_place *place, double length);

struct curve_crossing {
    double tt;
    bool is_rising;
    double rate, bend; /* of the altitude: radians a day, and a day squared */
};

/* Every crossing of a horizon within the curve, at most max; whether the body starts above it. */
size_t curve_crossings(const struct sky_curve *curve, enum sky_horizon horizon, size_t max,
                       struct curve_crossing *out, bool *starts_above);

/* Upper transits of the body within the curve; returns how many, at most 4. */
size_t curve_transits(const struct sky_curve *curve, double tt[static 4]);

/* By how many days a crossing of zero may be off when its curve, of that rate and bend there, may
 * be off by place: the curve is a parabola, and the move that brings the root farther counts; when
 * a move makes it miss zero, as far as the other move leads.  At most a day. */
double crossing_doubt(double place, double rate, double bend);

/* The honest bar of a crossing: of the body's place, and of the Earth's turning. */
double crossing_error_s(enum sky_body body, double tt, double rate, double bend);

#endif
