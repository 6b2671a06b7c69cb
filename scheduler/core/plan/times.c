/* times.c -- from a rule to the signed lines of a window. */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "instants/civil.h"

static const span shortest = {NS_PER_S};
static const span longest = {720 * INT64_C(3600) * NS_PER_S};

enum record_wave plan_wave_of(const struct rule *rule)
{
    switch (rule_shape(rule)) {
    case RULE_WAVE_BY_CLOCK:
        return WAVE_CLOCK;
    case RULE_WAVE_BY_PLACE:
        return WAVE_PLACE;
    case RULE_WAVE_OF_DAYS:
        return WAVE_DAY;
    case RULE_MOMENT:
        break;
    }
    return WAVE_NONE;
}

static enum plan_result choose_duration(const struct rule *rule, const span *given, bool whole_days,
                                        span *out)
{
    bool is_in_rule = rule_duration(rule, out);
    if (is_in_rule && given != NULL && given->ns != out->ns) {
        return PLAN_TWO_DURATIONS;
    }
    if (!is_in_rule && given == NULL) {
        return PLAN_NO_DURATION;
    }
    if (!is_in_rule) {
        *out = *given;
    }
    bool is_sound = out->ns >= shortest.ns && out->ns <= longest.ns && out->ns % NS_PER_S == 0 &&
                    (!whole_days || out->ns % NS_PER_DAY == 0);
    return is_sound ? PLAN_OK : PLAN_BAD_DURATION;
}

static bool is_same_key(const struct rule_occurrence *a, const struct rule_occurrence *b)
{
    return strcmp(a->key, b->key) == 0;
}

/* Lines that the record would have: a wave by place has one for its date besides those for
 * places. */
static size_t count_lines(const struct plan *plan)
{
    size_t dates = 0;
    for (size_t i = 0; plan->wave == WAVE_PLACE && i < plan->occurrence_count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++) {
            is_first = !is_same_key(&plan->occurrence[k], &plan->occurrence[i]);
        }
        dates += is_first;
    }
    return plan->occurrence_count + dates;
}

/* All of an occurrence's places or none: half a wave would leave people out. */
static void drop_last_date(struct plan *plan)
{
    if (plan->occurrence_count == 0) {
        return;
    }
    const struct rule_occurrence last = plan->occurrence[plan->occurrence_count - 1];
    while (plan->occurrence_count > 0 &&
           is_same_key(&plan->occurrence[plan->occurrence_count - 1], &last)) {
        plan->occurrence_count--;
    }
}

static bool collect(void *context, const struct rule_occurrence *occurrence)
{
    struct plan *plan = context;
    for (size_t i = 0; plan->wave == WAVE_PLACE && i < plan->occurrence_count; i++) {
        if (is_same_key(&plan->occurrence[i], occurrence) &&
            strcmp(plan->occurrence[i].place, occurrence->place) == 0) {
            return true; /* a place by two names */
        }
    }
    bool is_full = plan->occurrence_count == RECORD_OCCURRENCES_MAX;
    if (!is_full) {
        plan->occurrence[plan->occurrence_count++] = *occurrence;
        is_full = count_lines(plan) > RECORD_OCCURRENCES_MAX;
        if (is_full && plan->wave != WAVE_PLACE) {
            plan->occurrence_count--;
        }
    }
    if (is_full) {
        plan->was_cut = true;
        if (plan->wave == WAVE_PLACE) {
            drop_last_date(plan);
        }
        return false;
    }
    return true;
}

static void measure_doubt(struct plan *plan)
{
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        const struct rule_occurrence *occurrence = &plan->occurrence[i];
        if (occurrence->error_s > plan->error_s) {
            plan->error_s = occurrence->error_s;
        }
        if (occurrence->certainty > plan->certainty) {
            plan->certainty = occurrence->certainty;
        }
    }
}

/* A second's fraction is below what anybody can act on, and keeps the signed lines readable. */
static instant to_whole_second(utc at, const struct leap_table *leap)
{
    int64_t into = ((at.ns % NS_PER_S) + NS_PER_S) % NS_PER_S;
    int64_t rounded = at.ns - into + (into >= NS_PER_S / 2 ? NS_PER_S : 0);
    return leap_from_utc(leap, (utc){rounded}, NULL);
}

static void add_on(struct plan *plan, const struct rule_occurrence *from)
{
    for (size_t i = 0; i < plan->on_count; i++) {
        if (plan->on[i].key.len == strlen(from->key) &&
            memcmp(plan->on[i].key.at, from->key, plan->on[i].key.len) == 0) {
            return; /* another place of the same occurrence */
        }
    }
    plan->on[plan->on_count++] = (struct record_on){.key = text_of(from->key), .date = from->date};
}

static void shape_lines(struct plan *plan, const struct leap_table *leap)
{
    plan->at_count = plan->on_count = 0;
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        const struct rule_occurrence *from = &plan->occurrence[i];
        if (plan->wave != WAVE_NONE) {
            add_on(plan, from);
        }
        if (plan->wave == WAVE_NONE || plan->wave == WAVE_PLACE) {
            struct record_at *at = &plan->at[plan->at_count++];
            at->key = text_of(from->key);
            at->at = to_whole_second(from->start, leap);
            at->place = plan->wave == WAVE_PLACE ? text_of(from->place) : (struct text){NULL, 0};
        }
    }
}

/* Shape and duration come before the days, because they decide what is to be collected; doubt and
 * lines come after, as they need all of them. */
enum plan_result plan_resolve(const struct rule *rule, const struct rule_world *world, utc from,
                              utc to, const span *duration, struct plan **out,
                              struct rule_error *error)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return PLAN_NO_MEMORY;
    }
    plan->wave = plan_wave_of(rule);
    if (plan->wave == WAVE_CLOCK) {
        rule_wave_clock(rule, &plan->wave_time);
    }
    enum plan_result result =
        choose_duration(rule, duration, plan->wave == WAVE_DAY, &plan->duration);
    if (result == PLAN_OK) {
        enum rule_result evaluated = rule_evaluate(rule, world, from, to, collect, plan, error);
        if (evaluated == RULE_NO_MEMORY) {
            result = PLAN_NO_MEMORY;
        } else if (evaluated != RULE_OK) {
            result = PLAN_BAD_RULE;
        } else if (plan->occurrence_count == 0) {
            result = plan->was_cut ? PLAN_TOO_MANY_PLACES : PLAN_NO_OCCURRENCE;
        }
    }
    if (result != PLAN_OK) {
        free(plan);
        return result;
    }
    measure_doubt(plan);
    shape_lines(plan, world->leaps != NULL ? world->leaps : leap_builtin());
    *out = plan;
    return PLAN_OK;
}

void plan_free(struct plan *plan)
{
    free(plan);
}

void plan_fill(const struct plan *plan, struct record_window *window)
{
    window->wave = plan->wave;
    window->wave_time = plan->wave_time;
    window->at = plan->at;
    window->at_count = plan->at_count;
    window->on = plan->on;
    window->on_count = plan->on_count;
    window->duration = plan->duration;
}

static utc last_end(const struct plan *plan)
{
    utc last = {INT64_MIN};
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        utc start = plan->occurrence[i].start;
        int64_t end = start.ns + plan->duration.ns;
        if (plan->wave == WAVE_CLOCK || plan->wave == WAVE_DAY) {
            end += 12 * INT64_C(3600) * NS_PER_S; /* where the day ends last */
        }
        last.ns = end > last.ns ? end : last.ns;
    }
    return last;
}

instant plan_expiry(const struct plan *plan, span rest, const struct leap_table *leap)
{
    struct civil over = civil_from_utc((utc){last_end(plan).ns + rest.ns});
    struct civil new_year = {.date = {over.date.year + 1, 1, 1}};
    utc expires = civil_to_utc(new_year);
    if (!utc_is_in_range(expires)) {
        expires.ns = UTC_LATEST_S * NS_PER_S - NS_PER_S;
    }
    return leap_from_utc(leap, expires, NULL);
}

void plan_extent(const struct plan *plan, size_t index, const struct leap_table *leap,
                 instant *start, instant *end)
{
    const int64_t hour = INT64_C(3600) * NS_PER_S;
    utc from = plan->occurrence[index].start;
    utc to = {from.ns + plan->duration.ns};
    if (plan->wave == WAVE_CLOCK || plan->wave == WAVE_DAY) {
        from.ns -= 14 * hour;
        to.ns += 12 * hour;
    }
    *start = leap_from_utc(leap, from, NULL);
    *end = leap_from_utc(leap, to, NULL);
}
