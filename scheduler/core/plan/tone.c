/* tone.c -- celebrations that would fall on a day of mourning. */
#include "lines/lines.h"
#include "plan/plan.h"

struct search {
    const struct plan *plan;
    bool found;
    size_t ours;
};

static bool compare_dates(void *context, const struct rule_occurrence *memory)
{
    struct search *search = context;
    for (size_t i = 0; i < search->plan->occurrence_count; i++) {
        if (civil_date_compare(search->plan->occurrence[i].date, memory->date) == 0) {
            search->found = true;
            search->ours = i;
            return false;
        }
    }
    return true;
}

/* Two days on either side, since a day of mourning begins and ends by other places' clocks.  A rule
 * of the catalogue that cannot be read here is passed over: it warns, it does not decide. */
bool plan_tone_clash(const struct plan *plan, struct dates_reader *catalogue,
                     const struct rule_world *world, size_t *ours, struct dates_entry *out)
{
    if (plan->occurrence_count == 0) {
        return false;
    }
    utc from = plan->occurrence[0].start, to = from;
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        utc start = plan->occurrence[i].start;
        from = start.ns < from.ns ? start : from;
        to = start.ns > to.ns ? start : to;
    }
    from.ns -= 2 * NS_PER_DAY;
    to.ns += 2 * NS_PER_DAY;
    enum dates_result next;
    while ((next = dates_next(catalogue, out, NULL)) != DATES_END) {
        if (next == DATES_BAD || (out->tone != TONE_MOURNING && out->tone != TONE_VIGIL)) {
            continue;
        }
        struct rule *rule;
        if (lines_read(out->rule.at, out->rule.len, &rule, NULL) != RULE_OK) {
            continue;
        }
        struct search search = {.plan = plan};
        enum rule_result result =
            rule_evaluate(rule, world, from, to, compare_dates, &search, NULL);
        rule_free(rule);
        if (result == RULE_OK && search.found) {
            *ours = search.ours;
            return true;
        }
    }
    return false;
}
