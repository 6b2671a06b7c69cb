/* sky/search.h -- what a kind of event must offer to be searched for; private to sky. */
#ifndef SKY_SEARCH_H
#define SKY_SEARCH_H

#include "sky/sky.h"

/* Makes events in steps, each step's events later than the one's before: a quarter of the Moon, a
 * season, a day.  Steps are numbered in the order of time. */
struct sky_maker {
    sky_kinds kinds;
    /* A step none of whose events is later than tt, nor any of those before it. */
    int64_t (*step_before)(double tt);
    /* A time that no event of the step or of later ones precedes. */
    double (*earliest)(int64_t step);
    /* The wanted events of a step, in order of time, into out; returns how many. */
    size_t (*make)(int64_t step, sky_kinds wanted, const struct sky_place *place,
                   struct sky_event out[static SKY_QUEUE]);
};

extern const struct sky_maker phase_maker;
extern const struct sky_maker season_maker;
extern const struct sky_maker eclipse_maker;
extern const struct sky_maker apsis_maker;
extern const struct sky_maker shower_maker;
extern const struct sky_maker day_maker;

#endif
