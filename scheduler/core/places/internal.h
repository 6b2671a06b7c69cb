/* places/internal.h -- what the files of this module share. */
#ifndef PLACES_INTERNAL_H
#define PLACES_INTERNAL_H

#include "places/gazetteer.h"
#include "places/places.h"

/* A name as it is compared: letters without case or accents, runs of blanks, hyphens and
 * underscores as one space, neither dots nor apostrophes. */
enum { KEY_MAX = 48 };
struct key {
    uint32_t letter[KEY_MAX];
    size_t count; /* more than KEY_MAX: the rest was left out */
};
void key_of(const char *text, size_t len, struct key *out);
bool key_is(const struct key *key, const char *text);
int key_compare(const struct key *key, const char *text); /* as strcmp */

/* The country of that code or English name, by its first row in the gazetteer. */
bool country_find(const char *text, size_t len, uint8_t *out);

/* NAME, REGION, COUNTRY: the last two may be missing. */
struct wanted {
    bool by_abbreviation; /* as there is none by the names of countries and regions */
    struct key name;
    size_t parts;
    struct part {
        struct key key;
        bool is_country; /* or a region, or both */
        uint8_t country;
    } part[2];
};
bool wanted_read(const char *text, size_t len, struct wanted *out);

void city_give(const struct gazetteer_city *city, struct place *out);

/* Whether it is in the region and the country that are wanted. */
bool city_lies_in(const struct gazetteer_city *city, const struct wanted *wanted);

/* Whether a key is how the post abbreviates the city's region: "Selma, AL". */
bool is_abbreviated(const struct gazetteer_city *city, const struct key *key);

/* The first name from which on keys are no less. */
size_t names_from(const struct key *key);

enum { NAMESAKES_MAX = 16 };

/* The cities with such a name, the largest first: of the names with one of these bits; from: as
 * names_from has it. */
size_t cities_find_of_kind(const struct wanted *wanted, size_t from, uint16_t kind,
                           const struct gazetteer_name *out[static NAMESAKES_MAX]);

/* Those that are written with the name go before those whose people use it, and these before those
 * that others call so. */
size_t cities_find_namesakes(const struct wanted *wanted,
                             const struct gazetteer_name *out[static NAMESAKES_MAX]);

/* The cities that a text may mean, the largest first. */
size_t cities_find(const char *text, size_t len,
                   const struct gazetteer_name *out[static NAMESAKES_MAX]);

/* Whether the first of namesakes is what people mean who do not say which. */
bool is_much_larger(const struct gazetteer_name *const *name, size_t count);

/* As places_write_in, by the bit of a language in gazetteer.h. */
void city_write_in(const char *name, unsigned bit, char out[static PLACE_NAME_SIZE]);

/* "Buenos Aires" of America/Argentina/Buenos_Aires */
void city_of_zone(const char *zone, char out[static PLACE_NAME_SIZE]);

/* LATITUDE,LONGITUDE[,METRES][ in ZONE].  PLACES_NONE: that is not what it looks like. */
enum places_answer position_read(const char *text, size_t len, struct place *out);

#endif
