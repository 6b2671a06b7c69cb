/* zones/zone.h -- one time zone as a value: a table of transitions read from TZif bytes (RFC 8536,
 * versions 1 to 4), its footer played forward to the end of the accepted range.
 *
 *   civil clock   00:30 01:00 01:30 | 03:00 03:30            01:30 02:00 02:30 | 02:00 02:30 03:00
 *   civil -> utc    one   one   one   none until 03:00         one   two (earlier, later)    one
 *
 * Knows no file and no clock: zoneinfo/ finds the bytes. */
#ifndef ZONES_ZONE_H
#define ZONES_ZONE_H

#include <stddef.h>

#include "instants/civil.h"
#include "instants/instant.h"

enum {
    ZONE_BYTES_MAX = 65536, /* the largest in tzdata is under 4 KiB */
    ZONE_NAME_SIZE = 64,    /* longest IANA name today: 32 */
};

struct zone;

enum zone_result {
    ZONE_READ = 0,
    ZONE_TOO_LARGE,
    ZONE_NOT_TZIF,
    ZONE_CUT_SHORT,
    ZONE_BAD_DATA,         /* an index, an order or an offset that RFC 8536 forbids */
    ZONE_HAS_LEAP_SECONDS, /* a "right/" file: its times are not UTC as people count it */
    ZONE_BAD_FOOTER,
    ZONE_NO_MEMORY,
};

const char *zone_result_text(enum zone_result result);

/* Reads a whole TZif file.  name is copied, at most ZONE_NAME_SIZE - 1 bytes.  *out is owned by the
 * caller and untouched unless ZONE_READ is returned. */
TOCSIN_MUST_USE enum zone_result zone_read(const char *name, const uint8_t *bytes, size_t len,
                                           struct zone **out);

/* A zone that is always offset_s east of Greenwich, e.g. UTC itself.  NULL: no memory. */
struct zone *zone_fixed(const char *name, int32_t offset_s);

void zone_free(struct zone *zone);

const char *zone_name(const struct zone *zone);

/* The footer: the POSIX TZ string that holds after the last transition; "" when the file has
 * none. */
const char *zone_footer(const struct zone *zone);

/* What clocks in the zone do at an instant.  abbreviation lives as long as the zone. */
struct zone_local {
    int32_t offset_s; /* local - UTC */
    bool is_dst;
    const char *abbreviation;
};

struct zone_local zone_at(const struct zone *zone, utc at);

/* The civil clock of the zone. */
struct civil zone_to_civil(const struct zone *zone, utc at);

enum zone_answer_kind {
    ZONE_NONE, /* the clocks jump over this time */
    ZONE_ONE,
    ZONE_TWO, /* the clocks show this time twice */
};

struct zone_answer {
    enum zone_answer_kind kind;
    utc earlier; /* ZONE_ONE: the instant.  ZONE_TWO: the first.  ZONE_NONE: first instant after the
                    gap */
    utc later;   /* ZONE_TWO: the last; otherwise equals earlier */
};

/* The instants at which the zone's clocks show a valid civil time of the years 1690 to 2255. */
struct zone_answer zone_from_civil(const struct zone *zone, struct civil at);

/* What a gathering does with any answer: in a gap the first instant after it, when ambiguous the
 * earlier.  For years 1690 to 2255. */
utc zone_start_of(const struct zone *zone, struct civil at);

/* The first change of offset, daylight flag or abbreviation strictly after an instant (or at or
 * before one); false when there is none within the accepted range. */
TOCSIN_MUST_USE bool zone_next_transition(const struct zone *zone, utc after, utc *out);
TOCSIN_MUST_USE bool zone_previous_transition(const struct zone *zone, utc at, utc *out);

#endif
