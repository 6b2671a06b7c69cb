/* sky/moon.h -- the Moon from the Earth's centre; private to sky. */
#ifndef SKY_MOON_H
#define SKY_MOON_H

/* ROUGH leaves out what is below about 0.3": good to some arcseconds and kilometres for the Moon,
 * to 1" for the Sun. */
enum sky_grade { ROUGH, FINE };

/* Geometric coordinates in the inertial mean ecliptic of date of ELP/MPP02, whose longitudes count
 * from the departure point of J2000's equinox; t in Julian centuries TDB from J2000.
 * Source: Chapront & Francou 2003, cut as moon_table.c says. */
double moon_longitude_rad(double t, enum sky_grade grade); /* not reduced to a turn */
double moon_latitude_rad(double t, enum sky_grade grade);
double moon_distance_km(double t, enum sky_grade grade);

/* The rotation from that frame to the mean ecliptic and equinox of J2000. */
void moon_frame(double t, double to_j2000[3][3]);

#endif
