/* sky/shadow.h -- Sun, Moon and the shadows that they throw, around one syzygy; private to sky. */
#ifndef SKY_SHADOW_H
#define SKY_SHADOW_H

#include "sky/track.h"

#define EARTH_RADIUS_KM 6378.137

/* The Sun's radius from 959.63" at 1 au.  The Moon's as F. Espenak & J. Meeus use it in "Five
 * Millennium Canon of Solar Eclipses" (NASA/TP-2006-214141): the mean limb for the penumbra and for
 * lunar eclipses, the valleys' floor for totality, in radii of the Earth. */
#define SUN_RADIUS_KM   695990.66
#define MOON_MEAN_KM    (0.2725076 * EARTH_RADIUS_KM)
#define MOON_VALLEYS_KM (0.2722810 * EARTH_RADIUS_KM)

/* Both bodies over +-6 h, at the best grade. */
struct shadow {
    struct sky_track sun, moon;
};

void shadow_init(struct shadow *shadow, double middle);

/* The shadow's axis in a plane through the Earth's centre (solar), or the Moon in a plane through
 * its own centre and across the Earth's shadow (lunar); everything in km and the tracks' frame. */
struct shadow_cut {
    double axis[3];   /* unit vector towards the Sun (solar), away from it (lunar) */
    double offset[3]; /* solar: axis from the Earth's centre; lunar: Moon's centre from the axis */
    double distance;  /* along the axis from the Earth's centre to the Moon */
    double sun_moon;  /* between the centres */
};

struct shadow_cut shadow_cut_solar(const struct shadow *shadow, double tt);
struct shadow_cut shadow_cut_lunar(const struct shadow *shadow, double tt);

/* The tt near around at which the offset is least. */
double shadow_greatest(const struct shadow *shadow, double around,
                       struct shadow_cut (*cut)(const struct shadow *, double));

/* Radii of the Moon's shadow cones in a plane at height (towards the Sun) above the Earth's centre:
 * penumbra, and umbra, negative where the eclipse is total. */
void shadow_cones(const struct shadow_cut *cut, double height, double *penumbra, double *umbra);

/* Angles seen from the Earth's centre in a lunar eclipse: between Moon and axis, and of radii. */
struct shadow_angles {
    double separation, moon, umbra, penumbra;
};

/* Danjon's enlargement as in F. Espenak & J. Meeus, "Five Millennium Canon of Lunar Eclipses"
 * (NASA/TP-2009-214172): 1.01 times the Moon's parallax. */
struct shadow_angles shadow_angles(const struct shadow *shadow, double tt);

#endif
