/* sky/frame.h -- ecliptics and equators of date; private to sky. */
#ifndef SKY_FRAME_H
#define SKY_FRAME_H

/* The rotation from the dynamical ecliptic and equinox of J2000, to which ELP and the planetary
 * theories refer, to the mean ecliptic and equinox of date (IAU 2006). */
void frame_ecliptic_of_date(double tt, double m[3][3]);

/* The same ecliptic of J2000 to the axes of ICRS: 84381.4091" about the equinox and 0.0475" about
 * the pole, the tie of DE405 that ERFA's epv00.c states. */
void frame_j2000_to_icrs(double m[3][3]);

/* Nutation in longitude and obliquity, radians: IAU 2000A as adjusted to IAU 2006 (fine), or its
 * shorter model 2000B, which differs by at most 0.001" between 1995 and 2050. */
void frame_nutation_fine(double tt, double *longitude, double *obliquity);
void frame_nutation(double tt, double *longitude, double *obliquity);

/* Mean obliquity of date, radians, IAU 2006. */
double frame_obliquity(double tt);

#endif
