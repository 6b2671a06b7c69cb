/* rules/rule.h -- one readable line that says when people act, read, written and evaluated.
 *
 *   25 april at 20:00 in Europe/Rome for 15m since 1946
 *   nearest full moon to 25 april
 *   27 nisan hebrew if friday then previous thursday if sunday then next monday
 *
 * A rule is evaluated over a span of time, never "from today": the occurrences in a span do not
 * depend on where the span began.  The language: tocsin-rules(5).
 * Knows no clock and no file: zones come in through rule_world. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stddef.h>

#include "instants/civil.h"
#include "instants/instant.h"
#include "instants/leap.h"
#include "places/places.h"
#include "words/phrases.h"
#include "zones/zone.h"

enum {
    RULE_TEXT_MAX = 1000,  /* bytes of a rule */
    RULE_TEXT_SIZE = 2048, /* room for the canonical text of any rule */
    RULE_SAID_SIZE = 8192, /* and for it in any language */
    RULE_DATE_SIZE = 96,   /* a date with its weekday in any language */
    RULE_KEY_SIZE = 17,
    RULE_NOTE_SIZE = 160,
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

/* Reads and checks a rule of len bytes of UTF-8.  *out is owned by the caller and untouched unless
 * RULE_OK is returned; error may be NULL. */
TOCSIN_MUST_USE enum rule_result rule_read(const char *text, size_t len, struct rule **out,
                                           struct rule_error *error);
/* The same, with what is asked back in the language of the reader; where a line leaves open from
 * which day it counts, days from today on are offered.  rule_read knows no today, and offers none.
 */
TOCSIN_MUST_USE enum rule_result rule_read_for(const char *text, size_t len, enum language reader,
                                               struct civil_date today, struct rule **out,
                                               struct rule_error *error);
/* The language alone, and nothing as people say it: for lines that were written by this program. */
TOCSIN_MUST_USE enum rule_result rule_parse(const char *text, size_t len, struct rule **out);
void rule_free(struct rule *rule);

/* What a person should know of how the line was read; NULL: nothing. */
const char *rule_notice(const struct rule *rule);

/* The canonical text: English words, one spelling.  Reading it gives an equal rule.  Returns its
 * length, less than RULE_TEXT_SIZE. */
size_t rule_write(const struct rule *rule, char out[static RULE_TEXT_SIZE]);

/* The rule as a sentence in a language, which rule_read reads as the same rule. */
size_t rule_say(const struct rule *rule, enum language language, char out[static RULE_SAID_SIZE]);

/* "domenica 25 aprile 2027" */
size_t rule_say_date(struct civil_date date, enum language language,
                     char out[static RULE_DATE_SIZE]);

/* What a line is beside its canonical text. */
enum rule_spelling {
    RULE_CANONICAL,
    RULE_READS_AS, /* out is the canonical text */
    RULE_UNREAD,   /* this reader does not know it: a newer one may */
};

enum rule_spelling rule_spell(const char *text, size_t len, char out[static RULE_TEXT_SIZE]);

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

/* --- what a rule is evaluated in -------------------------------------------------------------- */

/* Why there is no occurrence, or how one came about; what each speaks of stands beside it. */
enum rule_remark_kind {
    REMARK_NOT_ROUND, /* the n-th anniversary */
    REMARK_EXCEPTED,
    REMARK_NO_SUN,        /* event n at `name` on this day; `which`: the rule says what then */
    REMARK_BELOW_HORIZON, /* name: a contact of an eclipse, where */
    REMARK_NO_DATE,       /* year has no day n of `name`, in calendar `which` */
    REMARK_NO_WEEKDAY,    /* month `which` of year has no n-th weekday */
    REMARK_NO_WORKING_DAY,
    REMARK_TAKEN_AWAY,
    REMARK_NO_FREE_DAY,
    REMARK_WEEKDAY,
    REMARK_TOO_FEW,    /* `of` has count of `name`, and no n-th (0: last) */
    REMARK_NONE_NEAR,  /* `name` */
    REMARK_TIMES_OVER, /* all n */
    REMARK_ENDED,      /* in year */
    REMARK_TO_BEGIN,   /* in year */
    /* of one that is */
    REMARK_COUNTED,   /* from day to day_to */
    REMARK_MOVED,     /* from day to a weekday, by relation `which`; n: also the day itself */
    REMARK_HAS,       /* `of` has count of `name` */
    REMARK_MEASURED,  /* day, from `at` */
    REMARK_CHOSEN,    /* `name` at `at`, `away` from day; n: the nearest */
    REMARK_CANDIDATE, /* the same, as are the next two */
    REMARK_ONE_BEFORE,
    REMARK_ONE_AFTER,
};

struct rule_remark {
    enum rule_remark_kind kind;
    int32_t n, year, weekday, which, day, day_to;
    size_t count;
    utc at;
    span away;
    char name[48], of[48];
};

enum { RULE_REMARK_SIZE = 240 };
/* Why there is no occurrence, in the language of the reader; what else a remark says, in English.
 */
void rule_remark_write(const struct rule_remark *remark, enum language reader,
                       char out[static RULE_REMARK_SIZE]);
bool rule_remark_equal(const struct rule_remark *a, const struct rule_remark *b);

/* The events of the sky already computed: rules evaluated one after another share it. */
struct almanac;

struct rule_world {
    /* The zone of an IANA name; NULL: there is none.  "UTC" is asked for too. */
    const struct zone *(*zone_find)(void *context, const char *name);
    /* For "everywhere": the name of the index-th zone, NULL after the last.  NULL function: a wave
     * by clock is told as one occurrence per date, which is what records want. */
    const char *(*zone_list)(void *context, size_t index);
    void *zones;

    /* Asked before the built-in places; may be NULL. */
    bool (*place_find)(void *context, const char *name, struct place *out);
    void *places;

    enum language reader; /* of what is refused */

    const struct leap_table *leaps; /* NULL: the built-in table */
    struct almanac *almanac;        /* may be NULL */

    /* Told of every occurrence that a rule would have but for a reason, e.g. "13th full moon: 2027
     * has 12".  May be NULL. */
    void (*skipped)(void *context, struct civil_date date, const struct rule_remark *why);
    void *skipped_context;
};

/* --- occurrences ------------------------------------------------------------------------------ */

struct rule_occurrence {
    utc start, end; /* of days: their midnights in the zone; of a wave told once: as if in UTC */
    struct civil_date date;    /* in the zone; of a wave: each place's own */
    int32_t days;              /* of RULE_WAVE_OF_DAYS: how many; otherwise 0 */
    char key[RULE_KEY_SIZE];   /* the year, or the date where a year has several: [0-9a-z-]{1,16} */
    char zone[ZONE_NAME_SIZE]; /* "" : UTC */
    char place[RULE_NAME_SIZE]; /* "" : none */
    char note[RULE_NOTE_SIZE];  /* what a person should know: "in a gap: first instant after it" */
    double error_s;             /* half-width of the error of start; 0 for civil times */
    enum certainty certainty;
};

/* Return false to stop. */
typedef bool rule_sink(void *context, const struct rule_occurrence *occurrence);

/* Gives every occurrence whose start lies in [from, to), by date and then by start.  Lazy: what
 * lies after the point where the sink stopped is not computed.  error may be NULL. */
TOCSIN_MUST_USE enum rule_result rule_evaluate(const struct rule *rule,
                                               const struct rule_world *world, utc from, utc to,
                                               rule_sink *sink, void *context,
                                               struct rule_error *error);

/* Sentences that say what the rule means and, for the first occurrence in [from, to), which
 * candidates there were and why this one won.  Gives one line at a time, without a line end. */
typedef void rule_line(void *context, const char *line);
TOCSIN_MUST_USE enum rule_result rule_explain(const struct rule *rule,
                                              const struct rule_world *world, utc from, utc to,
                                              rule_line *line, void *context,
                                              struct rule_error *error);

#endif
