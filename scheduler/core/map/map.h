/* map/map.h -- the Earth at a moment as an SVG picture: where it is day, twilight and night, where
 * the Moon is up, places, and how far a wave by the clock has come.
 *
 * An equirectangular map, a tenth of a degree a unit.  Knows no file: zones come in through a
 * function.  Definitions are sky.h's: rise and set of the upper limb at -(34' + semidiameter),
 * twilights at -6, -12 and -18 degrees. */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "instants/civil.h"
#include "instants/instant.h"
#include "text/draft.h"
#include "text/text.h"
#include "words/interface.h"
#include "zones/zone.h"

struct map_place {
    struct text name; /* as places.h reads it; what it does not know is left out */
    bool has_at;      /* it has an instant of its own, whose hour stands beside it... */
    utc at;           /* ...else that of the map does */
};

struct map_request {
    instant at;
    utc at_utc;        /* the same, as people and zones count it */
    struct text title; /* the picture's name; may be empty */
    const struct map_place *place;
    size_t place_count;
    bool has_cities; /* ten great cities, each with its hour, besides */
    /* What names are in; of several the first, and each by its code as the picture's fragment:
     * "map.svg#ja". */
    const enum interface_language *language;
    size_t language_count;
    bool has_wave; /* a wave by the clock, as far as it has come by then */
    struct civil wave_at;
    span wave_lasts;
    /* The zone of an IANA name; NULL: there is none. */
    const struct zone *(*zone_find)(void *context, const char *name);
    void *context;
};

/* Adds the whole SVG document.  Texts are cleaned and escaped.  False, with nothing added, outside
 * of 1700 to 2250; memory that runs out is the draft's to remember. */
TOCSIN_MUST_USE bool map_write(const struct map_request *request, struct draft *out);

#endif
