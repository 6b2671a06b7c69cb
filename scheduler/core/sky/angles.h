/* sky/angles.h -- angles are radians; private to sky. */
#ifndef SKY_ANGLES_H
#define SKY_ANGLES_H

#include <math.h>

#define TURN_RAD      6.283185307179586476925287
#define DEGREE_RAD    (TURN_RAD / 360)
#define ARCSECOND_RAD (TURN_RAD / 1296000)

/* The same direction in [-pi, pi]. */
static inline double angle_towards_zero(double angle)
{
    return remainder(angle, TURN_RAD);
}

/* The same direction in [0, 2 pi). */
static inline double angle_positive(double angle)
{
    double a = fmod(angle, TURN_RAD);
    return a < 0 ? a + TURN_RAD : a;
}

#endif
