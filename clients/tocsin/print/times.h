/* tocsin/print/times.h -- instants as people say them: weekday, clock and zone, and how far off. */
#ifndef TOCSIN_TIMES_H
#define TOCSIN_TIMES_H

#include "instants/civil.h"
#include "instants/instant.h"
#include "zones/zone.h"

enum { TIMES_LOCAL_SIZE = 48 + ZONE_NAME_SIZE, TIMES_UNTIL_SIZE = 64 };

/* "Mon 2027-08-02 10:25:00 Europe/Rome" in out of TIMES_LOCAL_SIZE bytes, which is returned. */
const char *times_local(const struct zone *zone, const char *name, utc at, char *out);

/* "in 3 d 4 h", "in 45 s", "now", "5 min ago" in out of TIMES_UNTIL_SIZE bytes, which is returned:
 * its two largest units, cut. */
const char *times_until(span ahead, char *out);

/* "Mon 2027-08-02" in out, which is returned. */
enum { TIMES_DAY_SIZE = 40 };
const char *times_day(struct civil_date date, char out[static TIMES_DAY_SIZE]);

#endif
