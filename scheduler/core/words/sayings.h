/* words/sayings.h -- how the forms of a rule are said in ten languages, each beside its canonical
 * line, so that the same row says a rule and understands it.
 *
 * In a saying {x} is a slot (sentences/sentence_say_slot.c fills them), <day|days> goes by the
 * number {n}, [last m|f|n] by the gender of the weekday or event, and (a|b) is a before a date and
 * b before anything else; before a month b is for one that begins with a vowel. */
#ifndef WORDS_SAYINGS_H
#define WORDS_SAYINGS_H

#include "words/phrases.h"

enum saying {
#define SAYING(name, ...) SAY_##name,
#include "words/sayings.def"
#undef SAYING
    SAYINGS,
};

enum { SAYING_CANONICAL = -1 };

/* language: an enum language, or SAYING_CANONICAL. */
const char *sayings_of(enum saying saying, int language);

/* Which of the forms between < and > a number takes. */
size_t sayings_plural(enum language language, int32_t n);

struct language_names {
    const char *month_of[12]; /* as in a date */
    const char *month[12];    /* alone */
    const char *weekday[8];   /* 0: day; from monday */
    const char *event[12];    /* as the kinds of words are numbered */
    const char *sun[11];      /* with "at" */
    const char *calendar[12];
    const char *eclipse[5];                    /* penumbral, partial, annular, hybrid, total */
    const char *weekday_gender, *event_gender; /* a letter each: m, f or n */
};

extern const struct language_names language_names[LANGUAGES];

#endif
