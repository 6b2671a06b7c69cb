/* sky/track.h -- a body's way through some hours, cheap to ask often; private to sky. */
#ifndef SKY_TRACK_H
#define SKY_TRACK_H

#include "sky/moon.h"
#include "sky/sky.h"

enum { TRACK_NODES = 8 };

/* The true equator and equinox of a moment, and how the Earth stands in them: most of what a track
 * costs, so that the tracks of both bodies share one. */
struct track_frame {
    double middle;   /* tt, days */
    double m[3][3];  /* from the ecliptic and equinox of J2000 */
    double sidereal; /* apparent sidereal time at Greenwich, radians */
};

void track_frame_init(struct track_frame *frame, double middle);

/* Apparent geocentric place by Chebyshev polynomials in the true equator and equinox of one moment
 * in the middle, km, and how the Earth turns meanwhile. */
struct sky_track {
    double middle, half; /* tt, days */
    int nodes;
    double coefficient[3][TRACK_NODES];
    double sidereal, sidereal_rate; /* apparent sidereal time at middle, radians; radians a day */
};

/* From half before to half after the frame's middle, half at most 1.1 days.  The interpolation is
 * better than 0.001" for both bodies. */
void track_init(struct sky_track *track, const struct track_frame *frame, enum sky_body body,
                enum sky_grade grade, double half);

void track_at(const struct sky_track *track, double tt, double km[3]);

/* Greenwich apparent sidereal time, radians, not reduced. */
double track_sidereal(const struct sky_track *track, double tt);

/* A place: its vector from the Earth's centre and its vertical, turning with the Earth. */
struct track_site {
    double axis_km, along_km; /* distances from the axis, and along it, WGS 84 */
    double sin_latitude, cos_latitude, longitude;
    double dip; /* of the horizon, radians */
};

struct track_site track_site_of(const struct sky_place *place);

/* What the site sees: true altitude of the centre (no refraction), its sine, azimuth, distance. */
struct track_sight {
    double altitude, distance_km;
    double towards[3]; /* topocentric, the track's frame, km */
};

struct track_sight track_sight(const struct sky_track *track, const struct track_site *site,
                               double tt);
/* The same where sine and cosine of the local sidereal time are known. */
struct track_sight track_sight_turned(const struct sky_track *track, const struct track_site *site,
                                      double tt, double sine, double cosine);
double track_azimuth(const struct sky_track *track, const struct track_site *site, double tt,
                     const struct track_sight *sight);

#endif
