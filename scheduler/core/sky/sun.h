/* sky/sun.h -- the Sun from the Earth's centre; private to sky. */
#ifndef SKY_SUN_H
#define SKY_SUN_H

#include "sky/moon.h"

#define ASTRONOMICAL_UNIT_KM 149597870.7
#define LIGHT_KM_S           299792.458

/* A direction and distance. */
struct sky_spherical {
    double longitude, latitude; /* radians */
    double distance;            /* au */
};

/* Geometric geocentric Sun in the dynamical ecliptic and equinox of J2000; t in Julian centuries
 * TDB. The longitude is not reduced to a turn. */
struct sky_spherical sun_at(double t, enum sky_grade grade);

/* The same for when its light left it, which is its apparent direction: to the order that matters
 * here the Earth's motion during the light's travel is the aberration. */
struct sky_spherical sun_apparent(double t, enum sky_grade grade);

#endif
