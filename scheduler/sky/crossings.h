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

/* to - from at most 2.1 days. */
void curve_init(struct sky_curve *curve, enum sky_body body, const struct sky_place *place,
                double from, double to);

struct curve_crossing {
    double tt;
    bool is_rising;
    double rate; /* of the altitude, radians a day */
};

/* Every crossing of a horizon within the curve, at most max; whether the body starts above it. */
size_t curve_crossings(const struct sky_curve *curve, enum sky_horizon horizon, size_t max,
                       struct curve_crossing *out, bool *starts_above);

/* Upper transits of the body within the curve; returns how many, at most 4. */
size_t curve_transits(const struct sky_curve *curve, double tt[static 4]);

/* The honest bar of a crossing: of the body's place, and of the Earth's turning. */
double crossing_error_s(enum sky_body body, double tt, double rate);

#endif
