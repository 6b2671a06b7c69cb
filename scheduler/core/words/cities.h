/* words/cities.h -- what countries and the cities of zones are called in the languages of the
 * pages. */
#ifndef WORDS_CITIES_H
#define WORDS_CITIES_H

#include "words/interface.h"

/* Ascending by key. */
extern const struct city_name {
    const char *key; /* "IT", "Europe/Rome" */
    const char *in[INTERFACE_LANGUAGES];
} city_names[];
extern const size_t city_name_count;

/* Of a country by its ISO 3166 code, of a zone by its IANA name, today's or the one that browsers
 * may still give it; NULL: neither. */
const char *cities_name(enum interface_language language, const char *key);

#endif
