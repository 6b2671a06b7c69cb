/* sky/phases.h -- when the Moon's apparent longitude leads the Sun's by quarters; private to
 * sky. */
#ifndef SKY_PHASES_H
#define SKY_PHASES_H

#include "sky/sky.h"

/* Quarters counted from the new moon of 6 January 2000: quarter 4k + q is the phase q of Meeus'
 * lunation k.  Returns tt to a quarter of a minute; and by its mean, to 0.7 days. */
double phase_find_roughly(int64_t quarter);
double phase_mean_time(int64_t quarter);

/* The number of the quarter that falls near tt, within one of the true one. */
int64_t phase_quarter_near(double tt);

#endif
