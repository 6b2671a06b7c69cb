/* words/phrases_data.h -- the tables of phrases_en.c, phrases_it.c, ...; private to words.
 *
 * Ordinary use, as in the dictionaries of each language and the CLDR's date formats; one row a
 * phrase.  Of phrases alike the first counts.  Parts of the day: morning, evening, late (at night)
 * and midday say which half of the day an hour is in, and "12 at night" is asked. */
#ifndef WORDS_PHRASES_DATA_H
#define WORDS_PHRASES_DATA_H

#include "words/phrases.h"

struct phrase_table {
    const struct phrase *phrase;
    size_t count;
};

extern const struct phrase_table phrases_en, phrases_it, phrases_es, phrases_fr, phrases_de,
    phrases_pt, phrases_pl, phrases_uk, phrases_ar, phrases_el;

#endif
