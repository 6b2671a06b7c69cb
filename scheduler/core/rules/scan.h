/* rules/scan.h -- the text of a rule as tokens. */
#ifndef RULES_SCAN_H
#define RULES_SCAN_H

#include "rules/rule.h"

enum { TOKENS_MAX = 320 };

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,     /* letters; inside it also - ' _ and, in zone names, / + and digits */
    TOKEN_NUMBER,   /* 25, 0.5 */
    TOKEN_ORDINAL,  /* 4th */
    TOKEN_DATE,     /* 2027-04-25 */
    TOKEN_INSTANT,  /* 2027-04-25T18:00:00Z */
    TOKEN_CLOCK,    /* 20:00, 20:00:30 */
    TOKEN_DURATION, /* 15m; 2d only where days are meant */
    TOKEN_QUOTED,   /* "New York" */
    TOKEN_SIGN,     /* , ( ) [ ] + - %: number is the character */
    TOKEN_BAD,
};

struct token {
    enum token_kind kind;
    const char *text; /* into the rule's text; without the quotes */
    size_t len;
    int32_t number;     /* NUMBER (its whole part), ORDINAL, SIGN */
    int32_t thousandth; /* NUMBER: the fraction */
    bool has_fraction;
    struct civil_date date;
    struct civil_time clock;
    utc at;
    span duration;
    bool is_days;
};

/* Splits text into tokens, TOKEN_END last.  False when there are more than TOKENS_MAX. */
TOCSIN_MUST_USE bool scan(const char *text, size_t len, struct token out[static TOKENS_MAX],
                          size_t *count);

/* n times so many seconds; of more than a span holds the longest that it does, which no rule may
 * say. */
span scan_span(int32_t n, int32_t seconds);

#endif
