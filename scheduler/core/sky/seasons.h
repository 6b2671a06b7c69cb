/* sky/seasons.h -- when the Sun's apparent longitude of date has a value; private to sky. */
#ifndef SKY_SEASONS_H
#define SKY_SEASONS_H

#include "sky/sky.h"

/* The tt at which the apparent longitude of the Sun is longitude (radians), nearest to around. */
double solar_longitude_find(double longitude, double around);

/* Its apparent longitude of date at tt, with IAU 2000A nutation, in (-pi, pi]. */
double solar_longitude(double tt);

/* Seasons counted from the march equinox of 2000. */
double season_find(int64_t season);
int64_t season_near(double tt);
void season_fill(int64_t season, double tt, struct sky_event *out);

#endif
