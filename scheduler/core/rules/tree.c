#include "rules/tree.h"

#include <string.h>

enum { IS_DAY, IS_INSTANT, AS_LEFT = -1, AS_N = -2 };

static const struct {
    int what, days;
    const char *words;
} forms[] = {
#define FORM(name, what, days, words) [NODE_##name] = {what, days, words},
#include "rules/forms.def"
#undef FORM
};

const char *const tree_relation[] = {
    [REL_ON_OR_AFTER] = "on or after",
    [REL_ON_OR_BEFORE] = "on or before",
    [REL_AFTER] = "after",
    [REL_BEFORE] = "before",
    [REL_NEAREST] = "to",
    [REL_CONTAINING] = "containing",
};

const char *const tree_set[] = {[SET_AND] = "and", [SET_OR] = "or", [SET_MINUS] = "minus"};

const char *const tree_only[] = {
    [ONLY_ODD_YEARS] = "in odd years",
    [ONLY_EVEN_YEARS] = "in even years",
    [ONLY_LEAP_YEARS] = "in leap years",
    [ONLY_WAXING] = "under waxing moon",
    [ONLY_WANING] = "under waning moon",
    [ONLY_WEEKDAYS] = "on",
    [ONLY_MONTHS] = "in",
};

/* Of a set "and" and "minus" keep the left, "or" has two alike, or a time. */
bool tree_is_instant(const struct rule *rule, int32_t index)
{
    while (forms[rule->node[index].kind].what == AS_LEFT) {
        index = rule->node[index].a;
    }
    return forms[rule->node[index].kind].what == IS_INSTANT;
}

int32_t tree_days(const struct rule *rule, int32_t index)
{
    while (forms[rule->node[index].kind].days == AS_LEFT) {
        index = rule->node[index].a;
    }
    int32_t days = forms[rule->node[index].kind].days;
    return days == AS_N ? rule->node[index].n : days;
}

const char *tree_words(enum node_kind kind)
{
    return forms[kind].words;
}

/* An instant moved by an adjustment is a day: the sky does not move with it. */

enum rule_shape rule_shape(const struct rule *rule)
{
    switch (rule->time) {
    case TIME_NONE:
        return tree_is_instant(rule, rule->root) || rule->zone[0] != '\0' ? RULE_MOMENT
                                                                          : RULE_WAVE_OF_DAYS;
    case TIME_EVERYWHERE:
        return RULE_WAVE_BY_CLOCK;
    case TIME_PLACES:
    case TIME_SUN:
        return rule->is_all_places || rule->places > 1 ? RULE_WAVE_BY_PLACE : RULE_MOMENT;
    case TIME_UTC:
    case TIME_ZONE:
    case TIME_MINUTE:
        break;
    }
    return RULE_MOMENT;
}

bool rule_seen_from(const struct rule *rule, char out[static RULE_NAME_SIZE])
{
    if (rule->names - rule->places != 1) { /* those of the time stand first */
        return false;
    }
    memcpy(out, rule->place[rule->places], RULE_NAME_SIZE);
    return true;
}

void rule_wave_clock(const struct rule *rule, struct civil_time *out)
{
    if (rule->time == TIME_EVERYWHERE) {
        *out = rule->clock;
    }
}

bool rule_duration(const struct rule *rule, span *out)
{
    if (rule->duration.ns != 0) {
        *out = rule->duration;
        return true;
    }
    if (rule->is_day_start) {
        out->ns = NS_PER_DAY;
        return true;
    }
    if (rule->time == TIME_NONE && !tree_is_instant(rule, rule->root)) {
        out->ns = tree_days(rule, rule->root) * NS_PER_DAY;
        return true;
    }
    return false;
}

const char *rule_notice(const struct rule *rule)
{
    return rule->notice;
}
