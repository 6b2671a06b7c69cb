/* occurrences/context.h -- inside of the evaluator: one evaluation under way. */
#ifndef OCCURRENCES_CONTEXT_H
#define OCCURRENCES_CONTEXT_H

#include "calendars/almanac.h"
#include "occurrences/matches.h"
#include "occurrences/occurrences.h"
#include "rules/tree.h"
#include "sky/sky.h"

struct zoned_place {
    struct place place;
    const struct zone *zone; /* NULL: UTC */
};

struct context {
    const struct rule *rule;
    const struct rule_world *world;
    const struct leap_table *leaps;
    const struct zone *zone;   /* the rule's; NULL: UTC */
    struct zoned_place *place; /* owned: the time's places */
    size_t place_count;
    struct almanac *almanac;
    bool owns_almanac;
    int32_t first_day, last_day; /* of the year under way: what is skipped elsewhere is not told */
    int64_t work;                /* done for the year under way, in matches looked at */
    int64_t work_of_all;         /* of every year so far, but for what each may use anyway */
    enum rule_result result;
    struct rule_error *error;
    /* for rule_explain: told of every choice, and the day that won; may be NULL */
    void (*trace)(void *context, int32_t day, const struct rule_remark *how);
    void *trace_context;
};

TOCSIN_MUST_USE bool context_init(struct context *s, const struct rule *rule,
                                  const struct rule_world *world, struct rule_error *error);
void context_close(struct context *s);

/* Records the first failure; returns false. */
bool context_fail(struct context *s, enum rule_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Begins to count the work of a year. */
void context_begin_year(struct context *s);

/* Counts work; false, having failed, when it is too much for one year. */
TOCSIN_MUST_USE bool context_work(struct context *s, size_t matches);

/* matches_add and matches_sort, failing with the context. */
TOCSIN_MUST_USE struct match *context_add(struct context *s, struct matches *matches, int32_t day);
TOCSIN_MUST_USE bool context_sort(struct context *s, struct matches *matches);

/* Sorts what was selected, if all went well, keeps one of twins, and closes what it was made of; b
 * may be NULL. */
TOCSIN_MUST_USE bool context_settle(struct context *s, bool ok, struct matches *matches,
                                    struct matches *a, struct matches *b);

/* Adds a copy of a match. */
TOCSIN_MUST_USE bool context_add_copy(struct context *s, struct matches *matches,
                                      const struct match *match);

/* Adds a copy of a match on another day, where it loses its instant, if that lies in [lo, hi). */
TOCSIN_MUST_USE bool context_add_moved(struct context *s, struct matches *matches,
                                       const struct match *match, int32_t day, int32_t lo,
                                       int32_t hi);

/* Tells the world why there is no occurrence on or near a day. */
void context_skip(const struct context *s, int32_t day, struct rule_remark why);

/* Tells, for rule_explain, how the one on a day came about. */
void context_trace(const struct context *s, int32_t day, struct rule_remark how);

/* The UTC of an instant of the sky, to the millisecond: finer would be false. */
utc context_utc(const struct context *s, instant at, enum certainty *certainty);

/* The civil day of an instant in the rule's zone, and the instant of a civil time there. */
int32_t context_day(const struct context *s, utc at);
utc context_instant(const struct zone *zone, int32_t day, struct civil_time clock);

/* A place by name, with its zone where that is known. */
TOCSIN_MUST_USE bool context_place(struct context *s, const char *name, struct zoned_place *out);

struct sky_place context_sky_place(const struct place *place);

/* "2027-04-25" */
void context_date_text(int32_t day, char out[static 16]);
/* "2027-04-25 22:27 UTC" */
void context_utc_text(utc at, char out[static 32]);

/* Every match of a node whose day lies in [lo, hi), in order.  False: it has failed. */
TOCSIN_MUST_USE bool select_matches(struct context *s, int32_t node, int32_t lo, int32_t hi,
                                    struct matches *out);

/* The nodes of the sky. */
TOCSIN_MUST_USE bool select_sky(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                                struct matches *out);

/* The occurrences of a match, each given to emit; begun has what they share, and is written on. */
typedef bool context_emit(void *context, const struct rule_occurrence *occurrence);
TOCSIN_MUST_USE bool occurrences_of(struct context *s, const struct match *match,
                                    struct rule_occurrence *begun, context_emit *emit,
                                    void *context);

#endif
