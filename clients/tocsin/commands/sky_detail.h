/* tocsin/commands/sky_detail.h -- the columns of tocsin sky as text.  The details are in tocsin(1)
 * word by word: scripts read them. */
#ifndef TOCSIN_SKY_DETAIL_H
#define TOCSIN_SKY_DETAIL_H

#include "instants/stamp.h"
#include "sky/sky.h"
#include "zones/zone.h"

enum { SKY_DETAIL_SIZE = 320 };

/* What there is to say of an event; place may be NULL.  zone: whose clock the times of an eclipse
 * are told by; NULL: UTC, which scripts rely on. */
void sky_detail_write(const struct sky_event *event, const struct sky_place *place,
                      const struct zone *zone, char out[static SKY_DETAIL_SIZE]);

/* The nearest millisecond, all three digits written. */
utc sky_detail_round(utc at);
void sky_detail_stamp(utc at, char out[static STAMP_TEXT_SIZE]);

/* A number rounded to some decimals, 0 to 8, as printf would, several times as fast: a year at a
 * place has ten thousand of them. */
void sky_detail_number(double value, int decimals, char out[static 32]);

#endif
