/* words/countries.h -- what countries are called in the languages of rules, also in the cases that
 * follow "in" and "of".  English names are those of places/. */
#ifndef WORDS_COUNTRIES_H
#define WORDS_COUNTRIES_H

#include "words/phrases.h"

struct country_name {
    const char code[3];
    const char *text;
};

const struct country_name *countries_of(enum language language, size_t *count);

/* The ISO 3166 code of the country that is called so in a language; NULL: none is. */
const char *countries_find(enum language language, const char *text, size_t len);

#endif
