#include "feeds/words.h"

#include <string.h>

/* words/feed.tsv has a line for each language, in the order of the fields. */
static const struct feed_words words[] = {
#include "feeds/words/feed.inc"
};

const void *feed_words_find(const char *language, const void *table, size_t rows, size_t row_size)
{
    size_t len = strcspn(language, "-");
    for (const char *row = table; rows > 0; rows--, row += row_size) {
        const char *tag;
        memcpy(&tag, row, sizeof tag);
        if (strlen(tag) == len && memcmp(tag, language, len) == 0) {
            return row;
        }
    }
    return NULL;
}

const struct feed_words *feed_words_for(const char *language)
{
    const struct feed_words *found = FEED_WORDS_FIND(words, language);
    return found != NULL ? found : &words[0];
}

size_t feed_gesture_index(struct text gesture)
{
    for (size_t i = 0; i < FEED_GESTURES; i++) {
        const char *name = words[0].gesture[i];
        if (gesture.len == strlen(name) && memcmp(gesture.at, name, gesture.len) == 0) {
            return i;
        }
    }
    return FEED_GESTURES;
}
