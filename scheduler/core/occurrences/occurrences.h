/* occurrences/occurrences.h -- when a rule says that people act: its occurrences in a span of time,
 * never "from today": those in a span do not depend on where the span began.
 * Knows no clock and no file: zones come in through rule_world. */
#ifndef OCCURRENCES_OCCURRENCES_H
#define OCCURRENCES_OCCURRENCES_H

#include "instants/leap.h"
#include "rules/rule.h"
#include "words/phrases.h"
#include "zones/zone.h"

enum {
    RULE_KEY_SIZE = 17,
    RULE_NOTE_SIZE = 160,
};

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
