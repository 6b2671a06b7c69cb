/* rules/parser.h -- inside of the reader: a parser by descent that remembers, at the furthest token
 * it reached, everything that would have been right there. */
#ifndef RULES_PARSER_H
#define RULES_PARSER_H

#include "rules/scan.h"
#include "rules/tree.h"
#include "words/words.h"

enum { EXPECTED_MAX = 40, DEPTH_MAX = 12 };

struct parser {
    const char *text;
    size_t len;
    struct token token[TOKENS_MAX];
    size_t tokens;
    size_t at;
    int depth;
    struct rule *rule;
    enum language reader;    /* the language of what is asked */
    enum language told;      /* of the message */
    struct civil_date today; /* year 0: not known */

    bool has_failed;    /* at token `wrong`, of which `message` tells */
    bool is_asking;     /* the message asks which place is meant: nothing is suggested */
    bool is_trial;      /* whether it can be read is asked, not why not */
    bool is_never_both; /* what "and" joins never falls on one day */
    size_t wrong;
    char message[sizeof((struct rule_error *)0)->message]; /* "": nothing to tell, as of a place in
                                                              doubt in a trial */

    size_t furthest;
    size_t expected;
    const char *expect[EXPECTED_MAX]; /* keywords as they are written, or "a month" */
};

/* Notes that this would have been right at the current token. */
void parser_expect(struct parser *p, const char *what);

/* Fails with a message about the token; the first failure stays.  Returns false. */
bool parser_fail(struct parser *p, size_t token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline const struct token *parser_token(const struct parser *p)
{
    return &p->token[p->at];
}

/* Takes the words of a phrase ("on or after") if they are next; expects the phrase if not. */
bool take(struct parser *p, const char *phrase);
/* As take, without the expectation: for second spellings. */
bool take_quietly(struct parser *p, const char *phrase);
bool take_sign(struct parser *p, char sign);
bool take_number(struct parser *p, const char *what, int32_t *out);
bool take_date(struct parser *p, struct civil_date *out);
bool take_clock(struct parser *p, struct civil_time *out);

/* Takes the longest run of words that is one of a kind; what: its name in expectations. */
bool take_word(struct parser *p, enum word_kind kind, const char *what, int32_t *out);

/* monday, tuesday or wednesday: bits 1 << weekday. */
bool take_weekdays(struct parser *p, uint32_t *mask);

/* A place, into out: as places_write has it, or a name that the world may know.  with_clock: a
 * clock is read there, so that a position at sea needs its zone. */
bool take_place(struct parser *p, bool with_clock, char out[static RULE_NAME_SIZE]);
/* Fails, asking which place is meant. */
bool parser_doubt_place(struct parser *p, size_t token, const char *text, size_t len);
/* A name as it stands: whose turn it is. */
bool take_name(struct parser *p, char out[static RULE_NAME_SIZE]);
/* The two letters of a country's code, by it or its name. */
bool take_country(struct parser *p, char out[static 3]);
bool take_zone(struct parser *p, char out[static ZONE_NAME_SIZE]);

/* Keeps len bytes of text, blanks as spaces; fails when they are too many. */
bool parser_keep_name(struct parser *p, const char *from, size_t len, char *out, size_t size);

/* A node without children. */
struct node parser_blank(enum node_kind kind);

/* parser_fail where a node is wanted: gives TREE_NONE. */
#define parser_refuse(p, token, ...) ((void)parser_fail((p), (token), __VA_ARGS__), TREE_NONE)

/* Adds a node; TREE_NONE, having failed, when there is no more room. */
int32_t parser_node(struct parser *p, struct node node);

/* Each returns a node or TREE_NONE; in that case either parser_fail was called or nothing was taken
 * that could be kept, and the expectations say why. */
int32_t read_sets(struct parser *p);
int32_t read_select(struct parser *p);
int32_t read_event(struct parser *p); /* a phase, season, apsis, term or eclipse: the series */
int32_t read_every(struct parser *p);
int32_t read_day_month(struct parser *p, int32_t day); /* "25 april": the day was taken */
int32_t read_month_day(struct parser *p);              /* "april 25" */
int32_t read_adjusts(struct parser *p, int32_t node);
/* Whether the "skip" that may come next is of dates, and no adjustment. */
bool parser_is_skip_of_dates(const struct parser *p);

/* Everything after the select: time, duration, bounds. */
bool read_clauses(struct parser *p);

#endif
