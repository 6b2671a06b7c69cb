/* places/gazetteer.h -- the tables of cities that tools/make_gazetteer.py writes. */
#ifndef PLACES_GAZETTEER_H
#define PLACES_GAZETTEER_H

#include <stddef.h>
#include <stdint.h>

enum {
    GAZETTEER_ROW = 4000, /* bytes of text in a row: C compilers need not take longer literals */
    GAZETTEER_ZONE_SIZE = 40,
};

/* Strings end in '\0'; one begins at row * GAZETTEER_ROW + column. */
extern const char gazetteer_text[][GAZETTEER_ROW];

extern const char gazetteer_zone[][GAZETTEER_ZONE_SIZE];
extern const size_t gazetteer_zones;

/* Each country once, and after that more names of some. */
extern const struct gazetteer_country {
    char code[3];  /* ISO 3166 */
    char name[46]; /* English */
} gazetteer_country[];
extern const size_t gazetteer_countries;

enum gazetteer_flags {
    GAZETTEER_WITH_COUNTRY = 1, /* it has namesakes, and is written with its country */
    GAZETTEER_WITH_REGION = 2,  /* it has namesakes in its country, too */
    GAZETTEER_PRINCIPAL = 4,    /* what "all" means: of every zone one at least */
};

extern const struct gazetteer_city {
    int32_t latitude_e4, longitude_e4; /* ten thousandths of a degree, north and east positive */
    uint32_t population;               /* 0: not known */
    uint32_t name, region;             /* in the text; English; a region may be "" */
    uint16_t zone;
    uint8_t country;
    uint8_t flags;
} gazetteer_city[];
extern const size_t gazetteer_cities;

/* Bits of a name's languages: en it es fr de pt pl uk ar el he ja tr from 0 on, and these. */
enum {
    GAZETTEER_NAME = 1 << 13,    /* the one it is written with */
    GAZETTEER_OWN = 1 << 14,     /* how it is called in English or by its own people */
    GAZETTEER_SHIPPED = 1 << 15, /* what zone.tab or places.tsv call it */
};

/* By key, and of one key by population. */
extern const struct gazetteer_name {
    uint32_t text;
    uint16_t city;
    uint16_t languages;
} gazetteer_name[];
extern const size_t gazetteer_names;

static inline const char *gazetteer_string(uint32_t at)
{
    return gazetteer_text[at / GAZETTEER_ROW] + at % GAZETTEER_ROW;
}

#endif
