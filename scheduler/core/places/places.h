/* places/places.h -- where people are: cities by their names, positions, and the clock of each.
 *
 * A place is written NAME, NAME, COUNTRY or NAME, REGION, COUNTRY; or LATITUDE,LONGITUDE in
 * degrees, north and east positive, perhaps with ,METRES and with its zone: 34.05,-118.25 in
 * America/Los_Angeles.  Names are those in English, in the languages of the catalogue and in the
 * city's own, in any case, with or without accents; countries their ISO 3166 code or English name.
 *
 * The cities are GeoNames' of at least 50,000 people, one at least of every zone, and the towns of
 * tools/towns.tsv; former names find them too, and letters for states (Selma, AL); see
 * gazetteer_table.c.  Knows no file: zones are names here. */
#ifndef PLACES_PLACES_H
#define PLACES_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instants/must_use.h"
#include "words/phrases.h"

enum {
    PLACE_NAME_SIZE = 64,
    PLACE_DOUBT_SIZE = 320,
};

struct place {
    char name[PLACE_NAME_SIZE];         /* "Rome", "Athens, GR", "44.49,11.34" */
    double latitude_deg, longitude_deg; /* north and east positive */
    double height_m;
    char zone[PLACE_NAME_SIZE]; /* IANA name; "" : none is known, and no clock is read there */
    char country[3];            /* ISO 3166; "" : unknown */
    bool is_position;
};

enum places_answer {
    PLACES_FOUND = 0,
    PLACES_NONE,      /* no such city */
    PLACES_SEVERAL,   /* namesakes, none of them much larger than the others */
    PLACES_OFF_EARTH, /* a latitude beyond 90 degrees, a longitude beyond 180, a height of no land
                       */
};

/* The place that len bytes of text name; *out is touched by PLACES_FOUND alone.  Of namesakes the
 * largest is meant if it has at least two and a half times the people of the next, but for a few
 * names that are asked however large: Granada, Durham. */
TOCSIN_MUST_USE enum places_answer places_find(const char *text, size_t len, struct place *out);

/* Why places_find did not find it, or found no zone, and what to write instead: the nearest
 * spelling, the namesakes with their countries, a position at sea with a zone. */
void places_doubt(const char *text, size_t len, char out[static PLACE_DOUBT_SIZE]);
/* The same in the language of the reader. */
void places_doubt_in(const char *text, size_t len, enum language reader,
                     char out[static PLACE_DOUBT_SIZE]);

/* The namesakes that such a text may mean, the largest first, as places_write has them; how many.
 */
enum { PLACE_NAMESAKES_MAX = 6 };
size_t places_namesakes(const char *text, size_t len,
                        char out[static PLACE_NAMESAKES_MAX][PLACE_NAME_SIZE]);

/* The one text by which places_find finds it again: its name, of a position with its zone. */
void places_write(const struct place *place, char out[static PLACE_NAME_SIZE]);

/* As places_write, in a language's own name where that is known: by what is written places_find
 * finds the same city.  name: as places_write has it; of a place that is not known it is copied. */
void places_write_in(const char *name, enum language language, char out[static PLACE_NAME_SIZE]);

/* The city that a zone is called after, as places_write has it; false: there is none of that
 * clock. */
TOCSIN_MUST_USE bool places_of_zone(const char *zone, char out[static PLACE_NAME_SIZE]);

/* The principal cities, of every zone one at least, by name.  cursor: 0 before the first.  False
 * after the last. */
bool places_next(size_t *cursor, struct place *out);

/* The zone that a name which is none was meant for: that of the city it ends with, as in
 * Europe/Lisboa, or the nearest in spelling; NULL: none is near. */
const char *places_zone_like(const char *name);

/* The IANA spelling of a zone's name of len bytes in any case: "europe/rome" is Europe/Rome.  Names
 * that no city of the table has keep theirs, but for those of fixed offsets, Etc/GMT+3. */
void places_zone_name(const char *text, size_t len, char out[static PLACE_NAME_SIZE]);

/* The zone of the land at a position; NULL at sea.
 * Source: the map of the npm package @photostructure/tz-lookup; see zone_map_table.c.
 * Good to: of 25,691 towns of 1,000 to 50,000 people 98.2 % get the zone, and 99.3 % the clock of
 * 2026, that the boundaries of timezone-boundary-builder give them; the others lie near borders. */
const char *places_zone_at(double latitude_deg, double longitude_deg);

/* The code of a country by its code or English name. */
TOCSIN_MUST_USE bool places_find_country(const char *text, size_t len, char out[static 3]);
/* Its English name; NULL: there is no such code. */
const char *places_country_name(const char *code);

/* Whether another city of that name than places_find gives lies in another country, one of
 * countries, "ES MX", and has at least a fifteenth of its people. */
TOCSIN_MUST_USE bool places_has_namesake(const char *text, size_t len, const char *countries);

/* Whether the language calls another city so that has more than two fifths of the people of the one
 * that places_find gives: Florencia, in Spanish, is Florence or in Colombia.  is_spoken: in the one
 * it gives, so that a principal city is meant: Bethlehem, in Arabic. */
TOCSIN_MUST_USE bool places_has_other(const char *text, size_t len, enum language language,
                                      bool is_spoken);

/* Whether a region is called so in which the city of that name does not lie: Ontario, Virginia.
 * What follows a comma in text is left out. */
TOCSIN_MUST_USE bool places_is_region(const char *text, size_t len);

/* How many bytes of text are the region that it begins with, of up to three words; 0: none is. */
TOCSIN_MUST_USE size_t places_region_at(const char *text, size_t len);

/* Whether text, NAME, REGION, is another city than NAME alone, of len bytes, is, or NAME alone is
 * none: London, Ontario. */
TOCSIN_MUST_USE bool places_is_told_by_region(const char *text, size_t len, size_t name_len);

/* Whether a region is called so in which clocks are not of that zone: Georgia. */
TOCSIN_MUST_USE bool places_is_region_elsewhere(const char *text, size_t len, const char *zone);

/* What a person says where places are asked for: one place, a country or all. */
struct places_choice {
    enum { PLACES_ONE, PLACES_COUNTRY, PLACES_ALL } kind;
    struct place one; /* of PLACES_ONE */
    char country[3];  /* of PLACES_COUNTRY */
};

/* Reads a choice; a name that a city and a country have is the city's.  False: *why says what to
 * write instead. */
TOCSIN_MUST_USE bool places_read(const char *text, struct places_choice *out,
                                 char why[static PLACE_DOUBT_SIZE]);

#endif
