/* rules/scope.h -- inside of the evaluator: one evaluation under way. */
#ifndef RULES_SCOPE_H
#define RULES_SCOPE_H

#include "rules/almanac.h"
#include "rules/points.h"
#include "rules/tree.h"

struct spot {
    struct place place;
    const struct zone *zone; /* NULL: UTC */
};

struct scope {
    const struct rule *rule;
    const struct rule_world *world;
    const struct leap_table *leaps;
    const struct zone *zone; /* the rule's; NULL: UTC */
    struct spot *spot;       /* owned: the time's places */
    size_t spots;
    struct rule_almanac *almanac;
    bool owns_almanac;
    int32_t first_day, last_day; /* of the year under way: what is skipped elsewhere is not told */
    int64_t work;                /* done for the year under way, in points looked at */
    int64_t work_of_all;         /* of every year so far, but for what each may use anyway */
    enum rule_result result;
    struct rule_error *error;
    /* for rule_explain: told of every choice, and the day that won; may be NULL */
    void (*trace)(void *context, int32_t day, const char *line);
    void *trace_context;
};

TOCSIN_MUST_USE bool scope_init(struct scope *scope, const struct rule *rule,
                                const struct rule_world *world, struct rule_error *error);
void scope_close(struct scope *scope);

/* Records the first failure; returns false. */
bool scope_fail(struct scope *scope, enum rule_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Begins to count the work of a year. */
void scope_begin_year(struct scope *scope);

/* Counts work; false, the scope having failed, when it is too much for one year. */
TOCSIN_MUST_USE bool scope_work(struct scope *scope, size_t points);

/* points_sort, failing with the scope. */
TOCSIN_MUST_USE bool scope_sort(struct scope *scope, struct points *points);

/* Tells the world why there is no occurrence on or near a day. */
void scope_skip(const struct scope *scope, int32_t day, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void scope_trace(const struct scope *scope, int32_t day, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The UTC of an instant of the sky, to the millisecond: finer would be false. */
utc scope_utc(const struct scope *scope, instant at, enum certainty *certainty);

/* The civil day of an instant in the rule's zone, and the instant of a civil time there. */
int32_t scope_day(const struct scope *scope, utc at);
utc scope_instant(const struct zone *zone, int32_t day, struct civil_time clock);

/* A place by name, with its zone where that is known. */
TOCSIN_MUST_USE bool scope_spot(struct scope *scope, const char *name, struct spot *out);

struct sky_place scope_sky_place(const struct place *place);

/* "2027-04-25" */
void scope_date_text(int32_t day, char out[static 16]);
/* "2027-04-25 22:27 UTC" */
void scope_utc_text(utc at, char out[static 32]);

/* Every point of a node whose day lies in [lo, hi), in order.  False: the scope has failed. */
TOCSIN_MUST_USE bool select_points(struct scope *scope, int32_t node, int32_t lo, int32_t hi,
                                   struct points *out);

/* The nodes of the sky. */
TOCSIN_MUST_USE bool select_sky(struct scope *scope, const struct node *node, int32_t lo,
                                int32_t hi, struct points *out);

/* The occurrences of a point, each given to emit; begun has what they share, and is written on. */
typedef bool scope_emit(void *context, const struct rule_occurrence *occurrence);
TOCSIN_MUST_USE bool moments_of(struct scope *scope, const struct point *point,
                                struct rule_occurrence *begun, scope_emit *emit, void *context);

#endif
