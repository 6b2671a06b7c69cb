/* words/words.h -- the words of months, weekdays and phases in every language of the catalogue, and
 * the comparing of words without regard to case or accents. */
#ifndef WORDS_WORDS_H
#define WORDS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum word_kind {
    WORD_MONTH,    /* value 1..12 */
    WORD_WEEKDAY,  /* value 1..7 */
    WORD_EVENT,    /* value: enum event */
    WORD_CALENDAR, /* value: enum calendar */
    WORD_MONTH_OF, /* a month of another calendar: value calendar * 100 + month */
    WORD_SUN,      /* value: enum sun_event */
    WORD_TERM,     /* value: degrees of the Sun's longitude */
    WORD_KINDS,
};

struct word {
    const char *text; /* natural spelling, several words joined by one space */
    int16_t value;
};

/* The words of a kind; the first of a value is its canonical English. */
const struct word *words_of(enum word_kind kind, size_t *count);

/* The canonical English of a value. */
const char *words_name(enum word_kind kind, int32_t value);

/* The value of the first len bytes of text, from first on (NULL: from the start); NULL when there
 * is none.  Runs of blanks in text match one space. */
const struct word *words_find(enum word_kind kind, const char *text, size_t len,
                              const struct word *after);

/* Whether two texts are the same but for case, accents, blanks, hyphens and underscores. */
bool words_equal(const char *a, size_t a_len, const char *b, size_t b_len);

/* Whether a text has this part somewhere, but for case and accents. */
bool words_has(const char *text, size_t len, const char *part, size_t part_len);

/* Whether two texts may be equal, by their first bytes: false is certain.  Neither is empty. */
static inline bool words_may_equal(const char *a, const char *b)
{
    unsigned char x = (unsigned char)*a, y = (unsigned char)*b;
    if (x < 0x80 && y < 0x80) {
        return ((x ^ y) & ~0x20) == 0; /* but for the case */
    }
    if (x >= 0x80 && y >= 0x80) {
        return (x & 0xF8) == (y & 0xF8); /* Latin, Greek, Cyrillic, Arabic */
    }
    /* the letters with an ASCII base are those of U+00C0 to U+017F, 0xC3 to 0xC5 in UTF-8 */
    return (x < 0x80 ? y : x) <= 0xC5;
}

/* The next letter of UTF-8 text, lower case and without its accent; 0 at the end or for what is
 * left out (combining marks, vowel signs of Arabic).  Malformed bytes stand for themselves. */
uint32_t words_fold(const char **at, const char *end);

/* How many letters must change, come, go, or change places with their neighbour to make one word of
 * the other; more than 8 is 9. */
int words_distance(const char *a, size_t a_len, const char *b, size_t b_len);

/* Of two candidates the one that a mistyped word was meant for; best may be NULL, and it stays
 * where the other is no nearer.  A candidate counts up to a distance of 2 that is less than half
 * of the longer word: nobody who typed "why" meant "key". */
const char *words_nearer(const char *word, size_t len, const char *best, const char *other);

#endif
