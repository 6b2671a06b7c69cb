/* review.c -- a signed window held against its own rule: each signed line finds the rule's
 * occurrence that it is, and what is left over on either side is a difference. */
#include <stdlib.h>
#include <string.h>

#include "lines/lines.h"
#include "plan/plan.h"

/* One signed line, or one of the rule's occurrences as such a line. */
struct line {
    struct text key, place;
    int64_t ns; /* UTC; a date: its midnight */
    const struct rule_occurrence *occurrence;
    bool is_met;
};

struct side {
    struct line line[PLAN_REVIEWED_MAX];
    size_t count;
};

struct reading {
    struct plan_review *review;
    const struct record_window *is;
    const struct leap_table *leap;
    struct side is_signed, by_rule;
    int64_t first, last; /* of the signed lines, UTC ns */
};

static int64_t midnight(struct civil_date date)
{
    return civil_to_utc((struct civil){.date = date}).ns;
}

static bool collect(void *context, const struct rule_occurrence *occurrence)
{
    struct plan_review *review = context;
    if (review->occurrence_count == PLAN_REVIEWED_MAX) {
        return false;
    }
    review->occurrence[review->occurrence_count++] = *occurrence;
    if (occurrence->error_s > review->error_s) {
        review->error_s = occurrence->error_s;
    }
    return true;
}

/* A wave by place is evaluated by its instants, and ends with its last date, all its places. */
static void find_span(struct reading *reading)
{
    const struct record_window *is = reading->is;
    reading->first = INT64_MAX;
    reading->last = INT64_MIN;
    for (size_t i = 0; i < is->at_count; i++) {
        int64_t ns = leap_to_utc(reading->leap, is->at[i].at, NULL).ns;
        reading->first = ns < reading->first ? ns : reading->first;
        reading->last = ns > reading->last ? ns : reading->last;
    }
    for (size_t i = 0; i < is->on_count; i++) {
        int64_t ns = midnight(is->on[i].date);
        reading->first = is->at_count == 0 && ns < reading->first ? ns : reading->first;
        reading->last = ns > reading->last ? ns : reading->last;
    }
}

static bool is_told_as_in_utc(const struct record_window *is)
{
    return is->wave == WAVE_CLOCK || is->wave == WAVE_DAY;
}

/* Begins where its maker's resolving did: a wave told as if in UTC is still to come at UTC-12. */
static enum rule_result evaluate(struct reading *reading, const struct rule *rule,
                                 const struct rule_world *world, utc now)
{
    const utc earliest = {UTC_EARLIEST_S * NS_PER_S}, latest = {(UTC_LATEST_S - 1) * NS_PER_S};
    int64_t made = leap_to_utc(reading->leap, reading->is->made, NULL).ns;
    int64_t from = made < now.ns ? made : now.ns;
    from -= is_told_as_in_utc(reading->is) ? NS_PER_DAY / 2 : 0;
    from = reading->first < from ? reading->first : from;
    from = from < earliest.ns ? earliest.ns : from;
    int64_t to =
        reading->last > latest.ns - 366 * NS_PER_DAY ? latest.ns : reading->last + 366 * NS_PER_DAY;
    return rule_evaluate(rule, world, (utc){from}, (utc){to}, collect, reading->review,
                         &reading->review->error);
}

static void add(struct side *side, struct line line)
{
    if (side->count < PLAN_REVIEWED_MAX) {
        side->line[side->count++] = line;
    }
}

/* A second for each leap second after the record was made: announced since, as far as we know. */
static int64_t leaps_since(const struct reading *reading, int64_t ns)
{
    int64_t made = leap_to_utc(reading->leap, reading->is->made, NULL).ns;
    int64_t leaps = 0;
    for (size_t i = 0; i < reading->leap->count; i++) {
        int64_t at = reading->leap->entry[i].from_utc_s * NS_PER_S;
        leaps += at > made && at <= ns;
    }
    return leaps * NS_PER_S;
}

static int64_t tolerance(const struct reading *reading, const struct line *by_rule, bool is_date)
{
    double error_s = by_rule->occurrence->error_s;
    if (is_date || error_s <= 0) {
        return 0; /* a clock leaves nothing to round */
    }
    return NS_PER_S / 2 + (int64_t)(2 * error_s * NS_PER_S) + leaps_since(reading, by_rule->ns);
}

static int64_t distance(const struct line *a, const struct line *b)
{
    return a->ns > b->ns ? a->ns - b->ns : b->ns - a->ns;
}

/* Each of the rule's lines meets the nearest signed one that is no further than both may err. */
static void meet(struct reading *reading, bool is_date)
{
    for (size_t r = 0; r < reading->by_rule.count; r++) {
        struct line *by_rule = &reading->by_rule.line[r], *nearest = NULL;
        for (size_t s = 0; s < reading->is_signed.count; s++) {
            struct line *line = &reading->is_signed.line[s];
            if (!line->is_met && text_equal(line->place, by_rule->place) &&
                distance(line, by_rule) <= tolerance(reading, by_rule, is_date) &&
                (nearest == NULL || distance(line, by_rule) < distance(nearest, by_rule))) {
                nearest = line;
            }
        }
        if (nearest != NULL) {
            nearest->is_met = by_rule->is_met = true;
            reading->review->agreed++;
            reading->review->renamed += !text_equal(nearest->key, by_rule->key);
        }
    }
}

static struct line *find_left(struct side *side, const struct line *like)
{
    for (size_t i = 0; i < side->count; i++) {
        if (!side->line[i].is_met && text_equal(side->line[i].key, like->key) &&
            text_equal(side->line[i].place, like->place)) {
            return &side->line[i];
        }
    }
    return NULL;
}

static void differ(struct reading *reading, enum plan_difference_kind kind, bool is_date,
                   const struct line *is_signed, const struct line *by_rule)
{
    struct plan_review *review = reading->review;
    const struct line *named = is_signed != NULL ? is_signed : by_rule;
    review->difference[review->difference_count++] = (struct plan_difference){
        .kind = kind,
        .is_date = is_date,
        .key = named->key,
        .place = named->place,
        .is_signed = {is_signed != NULL ? is_signed->ns : 0},
        .by_rule = {by_rule != NULL ? by_rule->ns : 0},
        .occurrence = by_rule != NULL ? by_rule->occurrence : NULL,
    };
}

/* The signed one first, each beside what the rule says for the same key. */
static void tell_left(struct reading *reading, bool is_date)
{
    for (size_t s = 0; s < reading->is_signed.count; s++) {
        struct line *line = &reading->is_signed.line[s];
        if (line->is_met) {
            continue;
        }
        struct line *by_rule = find_left(&reading->by_rule, line);
        line->is_met = true;
        if (by_rule != NULL) {
            by_rule->is_met = true;
        }
        differ(reading, by_rule != NULL ? PLAN_MOVED : PLAN_NOT_BY_RULE, is_date, line, by_rule);
    }
    for (size_t r = 0; r < reading->by_rule.count; r++) {
        struct line *line = &reading->by_rule.line[r];
        int64_t ns = reading->is->wave == WAVE_PLACE ? midnight(line->occurrence->date) : line->ns;
        if (!line->is_met && ns <= reading->last) {
            differ(reading, PLAN_NOT_SIGNED, is_date, NULL, line);
        }
    }
}

/* The `at` lines; of a wave by place one for each place, which a rule may name twice. */
static void compare_instants(struct reading *reading)
{
    const struct plan_review *review = reading->review;
    reading->is_signed.count = reading->by_rule.count = 0;
    for (size_t i = 0; i < reading->is->at_count; i++) {
        const struct record_at *at = &reading->is->at[i];
        add(&reading->is_signed, (struct line){.key = at->key,
                                               .place = at->place,
                                               .ns = leap_to_utc(reading->leap, at->at, NULL).ns});
    }
    for (size_t i = 0; i < review->occurrence_count; i++) {
        const struct rule_occurrence *one = &review->occurrence[i];
        struct line line = {.key = text_of(one->key), .ns = one->start.ns, .occurrence = one};
        line.place = review->wave == WAVE_PLACE ? text_of(one->place) : (struct text){NULL, 0};
        if (review->wave == WAVE_NONE || find_left(&reading->by_rule, &line) == NULL) {
            add(&reading->by_rule, line);
        }
    }
    meet(reading, false);
    tell_left(reading, false);
}

/* The `on` lines, a date each. */
static void compare_dates(struct reading *reading)
{
    const struct plan_review *review = reading->review;
    reading->is_signed.count = reading->by_rule.count = 0;
    for (size_t i = 0; i < reading->is->on_count; i++) {
        const struct record_on *on = &reading->is->on[i];
        add(&reading->is_signed, (struct line){.key = on->key, .ns = midnight(on->date)});
    }
    for (size_t i = 0; i < review->occurrence_count; i++) {
        const struct rule_occurrence *one = &review->occurrence[i];
        struct line line = {.key = text_of(one->key), .ns = midnight(one->date), .occurrence = one};
        if (find_left(&reading->by_rule, &line) == NULL) {
            add(&reading->by_rule, line);
        }
    }
    meet(reading, true);
    tell_left(reading, true);
}

/* Of another kind (a moment, a wave, days) nothing else can be compared. */
static void compare(struct reading *reading, const struct rule *rule)
{
    struct plan_review *review = reading->review;
    const struct record_window *is = reading->is;
    span duration;
    if (rule_duration(rule, &duration) && duration.ns != is->duration.ns) {
        review->duration_differs = true;
        review->duration = duration;
    }
    review->kind_differs = review->wave != is->wave;
    if (review->kind_differs) {
        review->verdict = PLAN_CONTRADICTS;
        return;
    }
    if (review->wave == WAVE_CLOCK) {
        rule_wave_clock(rule, &review->wave_time);
        review->clock_differs =
            memcmp(&review->wave_time, &is->wave_time, sizeof is->wave_time) != 0;
    }
    if (is->wave == WAVE_NONE || is->wave == WAVE_PLACE) {
        compare_instants(reading);
    }
    if (is->wave != WAVE_NONE) {
        compare_dates(reading);
    }
    if (review->duration_differs || review->clock_differs || review->difference_count > 0) {
        review->verdict = PLAN_CONTRADICTS;
    }
}

struct plan_review *plan_review(const struct record_window *is, const struct rule_world *world,
                                utc now)
{
    struct plan_review *review = calloc(1, sizeof *review);
    struct reading *reading = calloc(1, sizeof *reading);
    struct rule *rule = NULL;
    if (review == NULL || reading == NULL) {
        goto no_memory;
    }
    *reading = (struct reading){
        .review = review, .is = is, .leap = world->leaps != NULL ? world->leaps : leap_builtin()};
    review->cannot = lines_read(is->rule.at, is->rule.len, &rule, &review->error);
    if (review->cannot == RULE_OK) {
        size_t len = rule_write(rule, review->canonical);
        review->is_canonical = text_equal(is->rule, (struct text){review->canonical, len});
        review->wave = plan_wave_of(rule);
        find_span(reading);
        review->cannot = evaluate(reading, rule, world, now);
    }
    if (review->cannot == RULE_NO_MEMORY) {
        goto no_memory;
    }
    if (review->cannot == RULE_OK) {
        compare(reading, rule);
    } else {
        review->verdict = PLAN_NOT_CHECKED;
    }
    rule_free(rule);
    free(reading);
    return review;

no_memory:
    rule_free(rule);
    free(reading);
    free(review);
    return NULL;
}

void plan_review_free(struct plan_review *review)
{
    free(review);
}

/* The zone that the rule's occurrence of this key and place is told in. */
static void take_zone(struct rule_occurrence *one, const struct plan_review *review)
{
    const struct rule_occurrence *any = NULL;
    for (size_t i = 0; review != NULL && i < review->occurrence_count; i++) {
        const struct rule_occurrence *theirs = &review->occurrence[i];
        if (strcmp(theirs->place, one->place) == 0 || *one->place == '\0') {
            any = any == NULL || strcmp(theirs->key, one->key) == 0 ? theirs : any;
        }
    }
    if (any != NULL) {
        memcpy(one->zone, any->zone, sizeof one->zone);
    }
}

static void copy_text(struct text from, char *to, size_t size)
{
    size_t len = from.len < size ? from.len : size - 1;
    if (len > 0) {
        memcpy(to, from.at, len);
    }
    to[len] = '\0';
}

struct plan *plan_of_window(const struct record_window *is, const struct leap_table *leap,
                            const struct plan_review *review)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return NULL;
    }
    plan->wave = is->wave;
    plan->wave_time = is->wave_time;
    plan->duration = is->duration;
    plan->at_count = is->at_count;
    plan->on_count = is->on_count;
    bool by_date = is->wave == WAVE_CLOCK || is->wave == WAVE_DAY;
    plan->occurrence_count = by_date ? is->on_count : is->at_count;
    for (size_t i = 0; i < is->on_count; i++) {
        plan->on[i] = is->on[i];
    }
    for (size_t i = 0; i < is->at_count; i++) {
        plan->at[i] = is->at[i];
    }
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        struct rule_occurrence *one = &plan->occurrence[i];
        copy_text(by_date ? is->on[i].key : is->at[i].key, one->key, sizeof one->key);
        if (by_date) {
            one->date = is->on[i].date;
            one->start = civil_to_utc((struct civil){.date = one->date, .time = is->wave_time});
        } else {
            copy_text(is->at[i].place, one->place, sizeof one->place);
            one->start = leap_to_utc(leap, is->at[i].at, &one->certainty);
            one->date = civil_from_utc(one->start).date;
        }
        take_zone(one, review);
        one->end = (utc){one->start.ns + is->duration.ns};
    }
    return plan;
}
