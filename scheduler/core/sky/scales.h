/* sky/scales.h -- the time scales of the sky; private to sky.
 *
 * Inside sky a moment is tt: days of Terrestrial Time from J2000.0 (JD 2451545.0 TT), a double,
 * good to a microsecond over the whole range; t is Julian centuries TDB from the same epoch. */
#ifndef SKY_SCALES_H
#define SKY_SCALES_H

#include "instants/instant.h"

#define J2000_JD 2451545.0

/* Instants inside 1700 to 2250, with the days that a search may look over the edge. */
bool tt_is_in_range(double tt);

double tt_from_instant(instant at);
instant tt_to_instant(double tt);

/* Centuries of TDB; TDB - TT by its leading term, within 0.05 ms. */
double tt_to_centuries(double tt);

#endif
