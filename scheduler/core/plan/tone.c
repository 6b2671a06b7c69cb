#include "plan/plan.h"

#include <string.h>

enum { COLUMN_RULE = 1, COLUMN_TONE = 3, COLUMN_NAME = 4, COLUMNS = 5 };

static bool read_tone(struct text word, enum record_tone *out)
{
    for (enum record_tone tone = TONE_MOURNING; tone <= TONE_REFLECTION; tone++) {
        if (text_is(word, record_tone_name(tone))) {
            *out = tone;
            return true;
        }
    }
    return false; /* the header too */
}

static bool read_line(struct text line, struct plan_memory *out)
{
    struct text column[COLUMNS] = {{0}};
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *tab = memchr(line.at, '\t', line.len);
        size_t len = tab != NULL ? (size_t)(tab - line.at) : line.len;
        column[i] = (struct text){line.at, len};
        if (tab == NULL) {
            if (i + 1 < COLUMNS) {
                return false;
            }
            break;
        }
        line.at += len + 1;
        line.len -= len + 1;
    }
    out->rule = column[COLUMN_RULE];
    out->name = column[COLUMN_NAME];
    return read_tone(column[COLUMN_TONE], &out->tone);
}

bool plan_next_memory(struct text *catalogue, struct plan_memory *out)
{
    while (catalogue->len > 0) {
        const char *end = memchr(catalogue->at, '\n', catalogue->len);
        size_t len = end != NULL ? (size_t)(end - catalogue->at) : catalogue->len;
        struct text line = {catalogue->at, len};
        size_t taken = end != NULL ? len + 1 : len;
        catalogue->at += taken;
        catalogue->len -= taken;
        if (read_line(line, out)) {
            return true;
        }
    }
    return false;
}

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

bool plan_tone_clash(const struct plan *plan, struct text catalogue, const struct rule_world *world,
                     size_t *ours, struct plan_memory *out)
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
    struct plan_memory memory;
    while (plan_next_memory(&catalogue, &memory)) {
        if (memory.tone != TONE_MOURNING && memory.tone != TONE_VIGIL) {
            continue;
        }
        struct rule *rule;
        if (rule_read(memory.rule.at, memory.rule.len, &rule, NULL) != RULE_OK) {
            continue;
        }
        struct search search = {.plan = plan};
        enum rule_result result =
            rule_evaluate(rule, world, from, to, compare_dates, &search, NULL);
        rule_free(rule);
        if (result == RULE_OK && search.found) {
            *ours = search.ours;
            *out = memory;
            return true;
        }
    }
    return false;
}
