/* feeds/sky_words.h -- inside of the module: the sky's events by language. */
#ifndef FEEDS_SKY_WORDS_H
#define FEEDS_SKY_WORDS_H

enum { SKY_WORDS = 10, SKY_PARTS = 3 };

struct sky_words {
    const char *language;        /* primary subtag of BCP 47 */
    const char *sky;             /* the feed's name */
    const char *part[SKY_PARTS]; /* those of its parts: moons, seasons, eclipses */
    const char *of[SKY_WORDS];   /* by enum sky_kind, up to the lunar eclipse */
};

/* As feed_words_for. */
const struct sky_words *sky_words_for(const char *language);

#endif
