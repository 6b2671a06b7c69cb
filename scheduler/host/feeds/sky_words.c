#include "feeds/sky_words.h"

#include "feeds/words.h"

/* words/sky.tsv has a line for each language, in the order of the fields. */
static const struct sky_words words[] = {
#include "feeds/words/sky.inc"
};

const struct sky_words *sky_words_for(const char *language)
{
    const struct sky_words *found = FEED_WORDS_FIND(words, language);
    return found != NULL ? found : &words[0];
}
