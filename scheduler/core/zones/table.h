/* zones/table.h -- inside of the module: the table that tzif.c and footer.c fill and zone.c
 * asks. */
#ifndef ZONES_TABLE_H
#define ZONES_TABLE_H

#include "zones/zone.h"

enum {
    ZONE_TRANSITIONS_MAX = 4096, /* read from a file */
    ZONE_FOOTER_YEARS = 2252 - 1690,
    ZONE_TYPES_MAX = 256,
    ZONE_FOOTER_SIZE = 96,
};

struct zone_type {
    int32_t offset_s;
    bool is_dst;
    uint16_t abbreviation; /* index into zone.abbreviations */
};

struct zone {
    char name[ZONE_NAME_SIZE];
    char footer[ZONE_FOOTER_SIZE];
    char abbreviations[256 + 2 * ZONE_FOOTER_SIZE];
    struct zone_type type[ZONE_TYPES_MAX + 2]; /* the last two: the footer's */
    uint16_t before;                           /* the type that holds before the first transition */
    size_t count;
    int64_t *from_s;   /* owned; ascending UTC seconds at which a type begins */
    uint16_t *type_of; /* owned */
};

/* Reads a POSIX TZ string and appends its transitions, from the table's end to 2251. */
TOCSIN_MUST_USE bool zone_play_footer(struct zone *zone, const char *text, size_t len);

#endif
