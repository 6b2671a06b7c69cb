/* rules/rule.h -- one readable line that says when people act.
 *
 *   25 april at 20:00 in Europe/Rome for 15m since 1946
 *   nearest full moon to 25 april
 *   27 nisan hebrew if friday then previous thursday if sunday then next monday
 *
 * What a rule is, its canonical text, and that text read again.  The language: tocsin-rules(5).
 * As people write it: lines/; as it is said to them: sentences/; when it is: occurrences/. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stddef.h>

#include "instants/civil.h"
#include "instants/instant.h"
#include "places/places.h"
#include "words/phrases.h"

enum {
    RULE_TEXT_MAX = 1000,  /* bytes of a rule */
    RULE_TEXT_SIZE = 2048, /* room for the canonical text of any rule */
    RULE_READINGS_MAX = 6,
    RULE_READING_SIZE = 240,
    RULE_NAME_SIZE = PLACE_NAME_SIZE, /* zones and places */
};

struct rule;

enum rule_result {
    RULE_OK = 0,
    RULE_BAD_TEXT,     /* not a rule, or one that cannot mean anything: see the error */
    RULE_OUT_OF_RANGE, /* a span outside 1700 to 2250, or one that ends before it begins */
    RULE_NO_ZONE,      /* the world does not know a zone that the rule names */
    RULE_NO_PLACE,
    RULE_NO_CALENDAR, /* a calendar's table does not reach so far */
    RULE_TOO_MUCH,    /* parts of the rule multiply to more than can be computed in a moment */
    RULE_NO_MEMORY,
};

/* What is wrong, where, and what would be right. */
struct rule_error {
    size_t line, column;  /* from 1; columns count characters, not bytes; 0: no single spot */
    char message[480];    /* "30 february never exists" */
    char expected[240];   /* "a month or a weekday"; "" when any word would be wrong */
    char nearest[240];    /* the nearest valid rule; "" when none was found */
    char example[3][240]; /* short lines near what was meant; "" : none */
    char unknown[80];     /* the zone or place that the world does not know, as the rule names it */

    /* A question: the line can mean several things, each of these in its canonical line; there may
     * be none, where the question cannot be answered by a list. */
    bool is_question;
    enum language language; /* of the message */
    size_t readings;
    char reading[RULE_READINGS_MAX][RULE_READING_SIZE];
};

/* The language alone, and nothing as people say it: for lines that were written by this program. */
TOCSIN_MUST_USE enum rule_result rule_parse(const char *text, size_t len, struct rule **out);
void rule_free(struct rule *rule);

/* What a person should know of how the line was read; NULL: nothing. */
const char *rule_notice(const struct rule *rule);

/* The canonical text: English words, one spelling.  Reading it gives an equal rule.  Returns its
 * length, less than RULE_TEXT_SIZE. */
size_t rule_write(const struct rule *rule, char out[static RULE_TEXT_SIZE]);

/* How the rule is told in a record (tocsin-records(5)). */
enum rule_shape {
    RULE_MOMENT,        /* at: KEY INSTANT */
    RULE_WAVE_BY_CLOCK, /* on: KEY DATE, wave: HH:MM[:SS] */
    RULE_WAVE_BY_PLACE, /* on: KEY DATE, wave: place, at: KEY INSTANT PLACE */
    RULE_WAVE_OF_DAYS,  /* on: KEY DATE, wave: day */
};

enum rule_shape rule_shape(const struct rule *rule);

/* The one place from which the rule's eclipses are seen; false: there is none, or there are
 * several. */
TOCSIN_MUST_USE bool rule_seen_from(const struct rule *rule, char out[static RULE_NAME_SIZE]);

/* The clock of RULE_WAVE_BY_CLOCK; untouched for the others. */
void rule_wave_clock(const struct rule *rule, struct civil_time *out);

/* The duration, if the rule has one: "for 15m"; of days, 1 for a date, 2 for a weekend, 7 for a
 * week where no "for" says otherwise.  False: the rule leaves it open. */
bool rule_duration(const struct rule *rule, span *out);

#endif
