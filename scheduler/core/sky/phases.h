/* sky/phases.h -- when the Moon's apparent longitude leads the Sun's by quarters; private to
 * sky. */
#ifndef SKY_PHASES_H
#define SKY_PHASES_H

#include "sky/sky.h"

/* Quarters counted from the new moon of 6 January 2000: quarter 4k + q is the phase q of Meeus'
 * lunation k.  Returns tt. */
double phase_find(int64_t quarter);

/* The same to a quarter of a minute, at a tenth of the cost; and by its mean, to 0.7 days. */
double phase_find_roughly(int64_t quarter);
double phase_mean_time(int64_t quarter);

/* The number of the quarter that falls near tt, within one of the true one. */
int64_t phase_quarter_near(double tt);

/* Fills in an event of a quarter that lies at tt. */
void phase_fill(int64_t quarter, double tt, struct sky_event *out);

#endif
