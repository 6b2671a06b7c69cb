/* feeds/words.h -- the few words of our own in a feed, by language. */
#ifndef FEEDS_WORDS_H
#define FEEDS_WORDS_H

#include "text/text.h"

enum { FEED_GESTURES = 7, FEED_TONES = 4 };

struct feed_words {
    const char *language; /* primary subtag of BCP 47 */
    const char *cancelled;
    const char *tentative;
    const char *confirmed;
    const char *instead; /* before the gesture that it has now */
    const char *rest;
    const char *disputed;               /* a change is contested: what stood before holds */
    const char *nothing;                /* an empty feed's one event */
    const char *gesture[FEED_GESTURES]; /* silence candles noise mural march broadcast festival */
    const char *tone[FEED_TONES];       /* by enum record_tone */
};

/* The row of a table of words, each of which begins with its language, for a language tag by its
 * primary subtag; NULL: there is none. */
const void *feed_words_find(const char *language, const void *table, size_t rows, size_t row_size);
#define FEED_WORDS_FIND(table, language)                                                           \
    feed_words_find(language, table, sizeof(table) / sizeof *(table), sizeof *(table))

/* The words for a language tag by its primary subtag; English for "" and for languages not here. */
const struct feed_words *feed_words_for(const char *language);

/* The index of a gesture that we have words for, or FEED_GESTURES. */
size_t feed_gesture_index(struct text gesture);

#endif
