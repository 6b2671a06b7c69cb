/* feeds/memory_words.h -- the few words of our own around the catalogue of memory, by language. */
#ifndef FEEDS_MEMORY_WORDS_H
#define FEEDS_MEMORY_WORDS_H

#include "dates/dates.h"

struct memory_words {
    const char *language; /* primary subtag of BCP 47 */
    const char *title;
    const char *subscribe;
    const char *note; /* in which languages stories and names are */
    const char *all, *by_subject, *by_continent, *by_language;
    const char *kept, *also, *disputed, *sources;
    const char *since;                       /* before a year */
    const char *continent[DATES_CONTINENTS]; /* by enum dates_continent */
};

/* As feed_words_for. */
const struct memory_words *memory_words_for(const char *language);

/* The languages that have words, English first; NULL after the last. */
const char *memory_language(size_t index);
bool memory_speaks(const char *language);

/* What a tag of the catalogue is called; NULL: it has no words yet. */
const char *memory_subject(const char *language, const char *tag);

const char *memory_source_kind(const char *language, enum dates_source_kind kind);

#endif
