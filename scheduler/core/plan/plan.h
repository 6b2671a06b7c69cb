/* plan/plan.h -- from a rule to the dates that a window record will carry, and what its makers
 * should see before they sign: clocks around the world, clashes, and days of mourning.
 *
 * Knows no clock, file or zone folder: instants, zones and the view come in as arguments. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "dates/dates.h"
#include "records/record.h"
#include "rules/rule.h"
#include "view/view.h"

/* --- resolving ------------------------------------------------------------------------------ */

/* A rule over a horizon, in the shape of a record.  One heap block.  Instants are rounded to the
 * whole second: nobody acts on less, and the signed lines stay readable. */
struct plan {
    enum record_wave wave;
    struct civil_time wave_time;                 /* WAVE_CLOCK */
    struct record_at at[RECORD_OCCURRENCES_MAX]; /* keys and places point into this plan */
    size_t at_count;
    struct record_on on[RECORD_OCCURRENCES_MAX];
    size_t on_count;
    span duration;
    struct rule_occurrence occurrence[RECORD_OCCURRENCES_MAX]; /* one for each at, else each on */
    size_t occurrence_count;
    bool was_cut;             /* the horizon holds more than a record may: the rest by amendment */
    double error_s;           /* the largest of the occurrences' */
    enum certainty certainty; /* the worst */
};

enum plan_result {
    PLAN_OK = 0,
    PLAN_BAD_RULE,        /* see the rule_error */
    PLAN_NO_OCCURRENCE,   /* none in the horizon */
    PLAN_NO_DURATION,     /* neither the rule nor the maker says how long */
    PLAN_TWO_DURATIONS,   /* they contradict each other */
    PLAN_BAD_DURATION,    /* a duration that no record may hold */
    PLAN_TOO_MANY_PLACES, /* one occurrence alone has more than a record may hold */
    PLAN_NO_MEMORY,
};

/* Resolves rule over [from, to).  duration: the maker's own, NULL for the rule's.  The caller frees
 * *out with plan_free; it is untouched unless PLAN_OK is returned. */
TOCSIN_MUST_USE enum plan_result plan_resolve(const struct rule *rule,
                                              const struct rule_world *world, utc from, utc to,
                                              const span *duration, struct plan **out,
                                              struct rule_error *error);
void plan_free(struct plan *plan);

/* How a rule's occurrences stand in a record. */
enum record_wave plan_wave_of(const struct rule *rule);

/* Copies dates, wave and duration into a window; what the window points to lives in the plan. */
void plan_fill(const struct plan *plan, struct record_window *window);

/* Keeps the keys of an earlier version where the instant or the date is the same, and moves new
 * occurrences off keys that the earlier version used for another one. */
void plan_keep_keys(struct plan *plan, const struct record_window *before);

/* When such a window may end: the first new year, UTC, at which its last occurrence and the rest
 * after it are over. */
instant plan_expiry(const struct plan *plan, span rest, const struct leap_table *leap);

/* The span of an occurrence that is the same everywhere; for waves the widest it can be, from the
 * earliest zone (UTC+14) to the latest (UTC-12). */
void plan_extent(const struct plan *plan, size_t index, const struct leap_table *leap,
                 instant *start, instant *end);

/* What a signed window says, in the shape of a plan, so that it is shown like one.  What it points
 * to is the window's, but for zones: those of the review's occurrences (NULL: none).  NULL in want
 * of memory. */
struct plan_review;
struct plan *plan_of_window(const struct record_window *is, const struct leap_table *leap,
                            const struct plan_review *review);

/* --- review: signed dates held against the rule ----------------------------------------------- */

enum plan_verdict {
    PLAN_AGREES,
    PLAN_CONTRADICTS,
    PLAN_NOT_CHECKED, /* this program cannot read or evaluate the rule: see the error */
};

enum plan_difference_kind {
    PLAN_MOVED,       /* signed for another instant, or another date, than the rule says */
    PLAN_NOT_BY_RULE, /* signed, and the rule knows no such date */
    PLAN_NOT_SIGNED,  /* the rule has it between the first and the last signed one */
};

struct plan_difference {
    enum plan_difference_kind kind;
    bool is_date;           /* of a wave: an `on` line */
    struct text key, place; /* as signed; of PLAN_NOT_SIGNED the rule's */
    utc is_signed;          /* but of PLAN_NOT_SIGNED; a date: its midnight, as if in UTC */
    utc by_rule;            /* but of PLAN_NOT_BY_RULE */
    const struct rule_occurrence *occurrence; /* the rule's, NULL of PLAN_NOT_BY_RULE */
};

enum { PLAN_REVIEWED_MAX = 3 * RECORD_OCCURRENCES_MAX };

/* Two resolutions agree when they differ by no more than both error bounds: for a clock not at all,
 * for what the sky says by half a second of rounding more, and a second for each leap second that
 * came after `made`. */
struct plan_review {
    enum plan_verdict verdict;
    bool kind_differs; /* a moment and a wave, or two kinds of waves: no dates were compared */
    bool clock_differs, duration_differs;
    enum record_wave wave;       /* the rule's, */
    struct civil_time wave_time; /* its clock, */
    span duration;               /* and its duration, if it says one */
    struct plan_difference difference[PLAN_REVIEWED_MAX + RECORD_OCCURRENCES_MAX];
    size_t difference_count;
    size_t agreed;  /* signed lines that are what the rule says */
    size_t renamed; /* of those, under another key than the rule gives it */
    double error_s; /* the largest of the rule's occurrences here */
    char canonical[RULE_TEXT_SIZE];
    bool is_canonical;                                    /* the signed line is it */
    struct rule_occurrence occurrence[PLAN_REVIEWED_MAX]; /* the rule's own */
    size_t occurrence_count;
    enum rule_result cannot; /* PLAN_NOT_CHECKED: why */
    struct rule_error error;
};

/* Resolves the rule of a signed window anew, from the earliest of now, `made` and its first date to
 * a year after its last, and holds it against every signed line.  Dates that the rule has after the
 * last signed one are no difference: a horizon ends somewhere.  NULL only in want of memory. */
struct plan_review *plan_review(const struct record_window *is, const struct rule_world *world,
                                utc now);
void plan_review_free(struct plan_review *review);

/* --- clocks around the world ---------------------------------------------------------------- */

enum { PLAN_PLACES = 10 };

enum plan_light { PLAN_DAY, PLAN_TWILIGHT, PLAN_NIGHT };

struct plan_clock {
    const char *place;
    bool is_known; /* false: the system lacks the place's zone */
    struct civil local;
    enum weekday weekday;
    enum plan_light light; /* twilight: the Sun less than 6 degrees below the horizon */
};

/* What clocks show, and whether the Sun is up, in ten cities from west to east. */
void plan_clocks(const struct rule_world *world, const struct leap_table *leap, utc at,
                 struct plan_clock out[static PLAN_PLACES]);

const char *plan_light_name(enum plan_light light);

/* --- clashes -------------------------------------------------------------------------------- */

enum plan_clash_kind {
    PLAN_SAME_TIME,
    PLAN_IN_THEIR_REST, /* ours begins while people rest from theirs */
    PLAN_IN_OUR_REST,
};

struct plan_clash {
    enum plan_clash_kind kind;
    size_t ours; /* index of our occurrence */
    const struct view_window *theirs;
    const struct view_occurrence *their_occurrence;
};

/* What else is planned at the same time, among windows that are not over, cancelled or this very
 * one (NULL: none).  Returns how many there are, of which at most max are written. */
size_t plan_clashes(const struct plan *plan, span rest, const struct view *view,
                    const struct record_window *own, const struct leap_table *leap,
                    struct plan_clash *out, size_t max);

/* --- tone ----------------------------------------------------------------------------------- */

/* The next day of mourning or vigil of a catalogue's text on which a celebration of this plan would
 * fall; false when there is none left.  What cannot be read or evaluated here is passed over. */
bool plan_tone_clash(const struct plan *plan, struct dates_reader *catalogue,
                     const struct rule_world *world, size_t *ours, struct dates_entry *out);

#endif
