/* sky/sun_table.h -- the shape of the generated series of the Earth's way; private to sky. */
#ifndef SKY_SUN_TABLE_H
#define SKY_SUN_TABLE_H

#include <stddef.h>

/* The terms of one power of T: the sum of amplitude * sin(phase), phases in turns linear in T
 * (Julian centuries).  Columns; counts are multiples of four; amplitudes descend. */
struct sun_series {
    size_t count;
    size_t rough; /* how many of them a rough evaluation takes */
    const double *amplitude, *p0, *p1;
};

enum { SUN_POWERS = 5 };

extern const double sun_longitude_mean[6]; /* polynomials in T: radians, radians, au */
extern const double sun_latitude_mean[5];
extern const double sun_distance_mean[4];
extern const struct sun_series sun_longitude[SUN_POWERS];
extern const struct sun_series sun_latitude[SUN_POWERS];
extern const struct sun_series sun_distance[SUN_POWERS];

#endif
