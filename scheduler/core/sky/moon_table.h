/* sky/moon_table.h -- the shape of the generated lunar series; private to sky. */
#ifndef SKY_MOON_TABLE_H
#define SKY_MOON_TABLE_H

#include <stddef.h>

/* The terms of one power of T: constant + sum of amplitude * sin(phase), phases in turns as
 * polynomials of T in Julian centuries.  Columns, so that rows are taken four at a time; counts are
 * multiples of four; amplitudes descend. */
struct moon_series {
    double constant;
    size_t curved_count; /* phases up to T^4 */
    size_t curved_rough; /* how many of them a rough evaluation takes */
    const double *curved_amplitude;
    const double *curved[5];
    size_t straight_count; /* phases linear in T */
    size_t straight_rough;
    const double *straight_amplitude;
    const double *straight[2];
};

extern const double moon_mean_longitude[5];        /* W1, radians */
extern const struct moon_series moon_longitude[4]; /* arcseconds, to be added to W1 */
extern const struct moon_series moon_latitude[4];  /* arcseconds */
extern const struct moon_series moon_distance[4];  /* km */

#endif
