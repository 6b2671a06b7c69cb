/* instants/leap.h -- the leap-second table as a value, and UTC to TAI and back through it.
 * Knows no file: the bytes of leap-seconds.list come in as an argument. */
#ifndef INSTANTS_LEAP_H
#define INSTANTS_LEAP_H

#include <stddef.h>

#include "instants/instant.h"

enum { LEAP_ENTRIES_MAX = 128 };

/* How far an answer can be believed. */
enum certainty {
    CERTAIN = 0,
    BEYOND_LEAP_TABLE, /* past the table's expiry: the last known TAI-UTC was held */
    BEFORE_UTC,        /* before 1972: "UTC" means UT1 */
};

struct leap_table {
    size_t count;
    struct {
        int64_t from_utc_s; /* the first second, since 1970, at which the offset holds */
        int32_t tai_minus_utc_s;
    } entry[LEAP_ENTRIES_MAX];
    int64_t expires_utc_s;
};

/* The table as it stood when this program was written (27 leap seconds, 1972 to 2017): the one to
 * use where the system has no leap-seconds.list.  Source: IERS leap-seconds.list that expires on 28
 * June 2027. */
const struct leap_table *leap_builtin(void);

/* Reads the text of an IERS/NIST leap-seconds.list, at most 64 KiB.  False, *out untouched, when a
 * line is malformed, out of order, there are more than LEAP_ENTRIES_MAX, or expiry is missing. */
TOCSIN_MUST_USE bool leap_table_read(const char *text, size_t len, struct leap_table *out);

/* TAI - UTC in whole seconds at a UTC instant from 1972 on, and how far to believe it. */
int32_t leap_tai_minus_utc(const struct leap_table *table, utc at, enum certainty *certainty);

/* UTC to TAI and back.  Before 1972 UTC means UT1: TAI = UT1 + deltaT - 32.184 s
 * (instants/deltat.h); during 1971 a ramp of 0.045 s leads from UT1 to UTC, so that neither clock
 * jumps.  Both ways never run backwards, and whole microseconds come back from the round trip as
 * they were; before 1972 finer ones may be a nanosecond off, as the two clocks tick differently.
 * The instant inside a leap second reads as the second before it.  certainty may be NULL. */
instant leap_from_utc(const struct leap_table *table, utc at, enum certainty *certainty);
utc leap_to_utc(const struct leap_table *table, instant at, enum certainty *certainty);

#endif
