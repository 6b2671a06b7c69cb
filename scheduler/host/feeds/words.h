/* feeds/words.h -- the few words of our own in a feed, by language. */
#ifndef FEEDS_WORDS_H
#define FEEDS_WORDS_H

struct feed_words {
    const char *language; /* primary subtag of BCP 47 */
    const char *cancelled;
    const char *tentative;
    const char *rest;
};

/* The words for a language tag by its primary subtag; English for "" and for languages not here. */
const struct feed_words *feed_words_for(const char *language);

#endif
