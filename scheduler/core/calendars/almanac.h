/* calendars/almanac.h -- the sky's events year by year, each computed once and kept. */
#ifndef CALENDARS_ALMANAC_H
#define CALENDARS_ALMANAC_H

#include "instants/leap.h"
#include "sky/sky.h"

/* Those who evaluate one rule after another share one. */
struct almanac;
struct almanac *almanac_new(void);
void almanac_free(struct almanac *almanac);

/* The events of a kind in a UTC year (1700 to 2249), in order.  False: no memory. */
TOCSIN_MUST_USE bool almanac_year(struct almanac *almanac, const struct leap_table *leaps,
                                  enum sky_kind kind, int32_t year, const struct sky_event **events,
                                  size_t *count);

/* The instants at which the Sun's longitude is 300, 330, 0 ... 270 degrees, from January to
 * December of a year; false: out of the sky's range. */
enum { ALMANAC_TERMS = 12 };
TOCSIN_MUST_USE bool almanac_principal_terms(struct almanac *almanac,
                                             const struct leap_table *leaps, int32_t year,
                                             const instant **out);

/* Brown's number of the lunation that is under way at an instant. */
TOCSIN_MUST_USE bool almanac_lunation(struct almanac *almanac, const struct leap_table *leaps,
                                      utc at, int32_t *out);

/* Whether the last of new and full moon was a new moon. */
TOCSIN_MUST_USE bool almanac_is_waxing(struct almanac *almanac, const struct leap_table *leaps,
                                       utc at, bool *out);

#endif
