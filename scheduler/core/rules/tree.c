#include "rules/tree.h"

#include <string.h>

bool tree_is_instant(const struct rule *rule, int32_t index)
{
    for (;;) {
        const struct node *node = &rule->node[index];
        switch (node->kind) {
        case NODE_INSTANT:
        case NODE_MOON:
        case NODE_SEASON:
        case NODE_TERM:
        case NODE_APSIS:
        case NODE_ECLIPSE:
        case NODE_BLUE_MOON:
        case NODE_NTH_EVENT:
        case NODE_EVENT_REL:
        case NODE_LUNATION:
        case NODE_EVERY_LUNATIONS:
            return true;
        case NODE_SET: /* and, minus keep the left; or has two alike, or a time */
        case NODE_SKIP:
        case NODE_ONLY:
            index = node->a;
            continue;
        case NODE_DATE:
        case NODE_ANNUAL:
        case NODE_EASTER:
        case NODE_NTH_WEEKDAY:
        case NODE_SHIFT:
        case NODE_WORKING:
        case NODE_WEEKDAY_REL:
        case NODE_WEEKEND:
        case NODE_WEEK:
        case NODE_SPAN:
        case NODE_EVERY_WEEKDAY:
        case NODE_EVERY_DAYS:
        case NODE_IF:
        case NODE_WHILE:
            break;
        }
        return false;
    }
}

int32_t tree_days(const struct rule *rule, int32_t index)
{
    const struct node *node = &rule->node[index];
    switch (node->kind) {
    case NODE_WEEKEND:
        return 2;
    case NODE_WEEK:
        return 7;
    case NODE_SPAN:
        return node->n;
    case NODE_SET:
    case NODE_SKIP:
    case NODE_ONLY:
        return tree_days(rule, node->a);
    case NODE_IF:
    case NODE_WHILE:
        return tree_days(rule, node->a);
    case NODE_DATE:
    case NODE_INSTANT:
    case NODE_ANNUAL:
    case NODE_EASTER:
    case NODE_NTH_WEEKDAY:
    case NODE_SHIFT:
    case NODE_WORKING:
    case NODE_WEEKDAY_REL:
    case NODE_EVERY_WEEKDAY:
    case NODE_EVERY_DAYS:
    case NODE_MOON:
    case NODE_SEASON:
    case NODE_TERM:
    case NODE_APSIS:
    case NODE_ECLIPSE:
    case NODE_BLUE_MOON:
    case NODE_NTH_EVENT:
    case NODE_EVENT_REL:
    case NODE_LUNATION:
    case NODE_EVERY_LUNATIONS:
        break;
    }
    return 1;
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
