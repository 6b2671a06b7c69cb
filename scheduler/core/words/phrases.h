/* words/phrases.h -- the small words of a line about times, in ten languages: what each stands for
 * in the English of tocsin-rules(5). */
#ifndef WORDS_PHRASES_H
#define WORDS_PHRASES_H

#include <stddef.h>
#include <stdint.h>

enum language {
    LANGUAGE_EN,
    LANGUAGE_IT,
    LANGUAGE_ES,
    LANGUAGE_FR,
    LANGUAGE_DE,
    LANGUAGE_PT,
    LANGUAGE_PL,
    LANGUAGE_UK,
    LANGUAGE_AR,
    LANGUAGE_EL,
    LANGUAGES,
};

/* means: an English word ("around": an "at" that is about right; "every evening": that of each day)
 * or, by its first character, #2    the number ^2    the ordinal *5    every weekday of that
 * number: "fridays"
 *   %67   those weekdays of every week
 *   =...  words of a rule, as they stand
 *   ?Q=.. several of them with | between, about which Q is asked, see days_ask, unless where it is
 *         decides: each with the countries after a colon, or N or S of the equator; after "?"
 *         countries where it may be meant beside that of *, which is of all the others
 *   &...  the feast of that name, whose day differs from country to country: short for ?Q=..
 *   !...  a day that is not reckoned: its name
 *   $     a square or a building, which is named by what follows
 *   ~7:30 an hour of half a day
 *   +90   a duration, in minutes
 *   @...  a zone
 *   ""    nothing: the line means the same without it */
struct phrase {
    const char *text; /* natural spelling; words joined by one space */
    const char *means;
};

/* The phrases of a language. */
const struct phrase *phrases_of(enum language language, size_t *count);

/* What is asked of days whose name has several readings. */
enum days_ask {
    ASK_NOTHING,
    ASK_WHICH,
    ASK_HEMISPHERE,
    ASK_COUNTRY,
    ASK_EASTER,
    ASK_CALENDAR,
    ASK_WEEKEND,  /* which days it is */
    ASK_SATURDAY, /* whether it is a working day */
    ASK_MONTH,    /* its first day, or all */
    ASK_WEEKS,    /* so many days, or whole weeks */
};

struct phrase_days {
    enum days_ask ask;
    const char *readings; /* as after "=" */
};

/* What stands behind =, ? or &. */
struct phrase_days phrases_days(const char *means);

/* "it": LANGUAGES when there is no such code. */
enum language language_find(const char *code);

/* What len bytes of text stand for in a language, the phrase with the same accents first; NULL:
 * they are no phrase of it. */
const char *phrases_find(enum language language, const char *text, size_t len);

#endif
