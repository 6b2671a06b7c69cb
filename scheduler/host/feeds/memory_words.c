#include "feeds/memory_words.h"

#include <string.h>

#include "feeds/words.h"

/* words/memory.tsv has a line for each language, in the order of the fields. */
static const struct memory_words words[] = {
#include "feeds/words/memory.inc"
};

const struct memory_words *memory_words_for(const char *language)
{
    const struct memory_words *found = FEED_WORDS_FIND(words, language);
    return found != NULL ? found : &words[0];
}

const char *memory_language(size_t index)
{
    return index < sizeof words / sizeof *words ? words[index].language : NULL;
}

bool memory_speaks(const char *language)
{
    return FEED_WORDS_FIND(words, language) != NULL;
}

enum { MEMORY_LANGUAGES = sizeof words / sizeof *words };

/* What a tag of the catalogue, or a kind of source, is called: the first row names the languages.
 */
struct word {
    const char *name;
    const char *in[MEMORY_LANGUAGES];
};

static const struct word subjects[] = {
#include "feeds/words/subjects.inc"
};

/* After that in the order of enum dates_source_kind. */
static const struct word kinds[] = {
#include "feeds/words/sources.inc"
};

_Static_assert(sizeof kinds / sizeof *kinds == 1 + DATES_SOURCE_KINDS,
               "a kind of source has no words");

/* In this language, else in English. */
static const char *say_in(const char *language, const struct word *heading, const struct word *word)
{
    for (size_t i = 0; i < MEMORY_LANGUAGES; i++) {
        if (strcmp(heading->in[i], language) == 0) {
            return word->in[i];
        }
    }
    return word->in[0];
}

const char *memory_subject(const char *language, const char *tag)
{
    for (size_t i = 1; i < sizeof subjects / sizeof *subjects; i++) {
        if (strcmp(subjects[i].name, tag) == 0) {
            return say_in(language, subjects, &subjects[i]);
        }
    }
    return NULL;
}

const char *memory_source_kind(const char *language, enum dates_source_kind kind)
{
    return say_in(language, kinds, &kinds[1 + kind]);
}
