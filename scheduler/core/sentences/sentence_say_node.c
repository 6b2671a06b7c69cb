/* Which saying tells what a node of a rule selects. */
#include "sentences/speaker.h"

static void speak_date_node(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node, .year = node->date.year};
    bool is_ours = node->calendar == CALENDAR_GREGORIAN;
    enum saying saying = node->kind == NODE_DATE ? is_ours ? SAY_FULL_DATE : SAY_CAL_DATE
                         : node->b != TREE_NONE  ? is_ours ? SAY_DAY_ELSE : SAY_CAL_ELSE
                         : is_ours               ? SAY_DAY_MONTH
                                                 : SAY_CAL_DAY;
    speak(s, saying, &slots);
}

/* By relation: of the first event or the next weekday, and of the n-th. */
static const enum saying events[][RELATIONS] = {
    {[REL_ON_OR_AFTER] = SAY_FIRST_EVENT_ON_AFTER,
     [REL_ON_OR_BEFORE] = SAY_LAST_EVENT_ON_BEFORE,
     [REL_AFTER] = SAY_FIRST_EVENT_AFTER,
     [REL_BEFORE] = SAY_LAST_EVENT_BEFORE,
     [REL_NEAREST] = SAY_EVENT_NEAREST},
    {[REL_ON_OR_AFTER] = SAY_NTH_EVENT_ON_AFTER,
     [REL_ON_OR_BEFORE] = SAY_NTH_EVENT_ON_BEFORE,
     [REL_AFTER] = SAY_NTH_EVENT_AFTER,
     [REL_BEFORE] = SAY_NTH_EVENT_BEFORE,
     [REL_NEAREST] = SAY_EVENT_NEAREST},
};
static const enum saying weekdays[][RELATIONS] = {
    {[REL_ON_OR_AFTER] = SAY_DAY_ON_AFTER,
     [REL_ON_OR_BEFORE] = SAY_DAY_ON_BEFORE,
     [REL_AFTER] = SAY_DAY_AFTER,
     [REL_BEFORE] = SAY_DAY_BEFORE,
     [REL_NEAREST] = SAY_DAY_NEAREST},
    {[REL_ON_OR_AFTER] = SAY_NTH_DAY_ON_AFTER,
     [REL_ON_OR_BEFORE] = SAY_NTH_DAY_ON_BEFORE,
     [REL_AFTER] = SAY_NTH_DAY_AFTER,
     [REL_BEFORE] = SAY_NTH_DAY_BEFORE,
     [REL_NEAREST] = SAY_DAY_NEAREST},
};
static const enum saying weekends[RELATIONS] = {[REL_CONTAINING] = SAY_WEEKEND_CONTAINING,
                                                [REL_AFTER] = SAY_WEEKEND_AFTER,
                                                [REL_BEFORE] = SAY_WEEKEND_BEFORE,
                                                [REL_NEAREST] = SAY_WEEKEND_NEAREST};

static const enum saying only[PREDICATES] = {
    [ONLY_ODD_YEARS] = SAY_ODD_YEARS,   [ONLY_EVEN_YEARS] = SAY_EVEN_YEARS,
    [ONLY_LEAP_YEARS] = SAY_LEAP_YEARS, [ONLY_WAXING] = SAY_WAXING,
    [ONLY_WANING] = SAY_WANING,         [ONLY_WEEKDAYS] = SAY_ONLY_ON,
    [ONLY_MONTHS] = SAY_ONLY_IN,
};

static enum saying saying_of_nth_event(const struct node *node)
{
    bool is_last = node->n == TREE_LAST;
    if (node->unit == UNIT_YEAR) {
        return is_last ? SAY_LAST_EVENT_OF_YEAR : SAY_NTH_EVENT_OF_YEAR;
    }
    if (node->unit == UNIT_SEASON && node->from == TREE_NONE) {
        return is_last ? SAY_LAST_EVENT_OF_SEASON : SAY_NTH_EVENT_OF_SEASON;
    }
    if (node->unit == UNIT_SEASON) {
        return is_last ? SAY_LAST_EVENT_OF_A_SEASON : SAY_NTH_EVENT_OF_A_SEASON;
    }
    if (node->month == 0) {
        return is_last ? SAY_LAST_EVENT_OF_EVERY : SAY_NTH_EVENT_OF_EVERY;
    }
    return is_last ? SAY_LAST_EVENT_OF_MONTH : SAY_NTH_EVENT_OF_MONTH;
}

static enum saying saying_of_nth_weekday(const struct node *node)
{
    if (node->n == TREE_LAST) {
        return node->month == 0 ? SAY_LAST_OF_EVERY : SAY_LAST_OF_MONTH;
    }
    return node->month == 0 ? SAY_NTH_OF_EVERY : SAY_NTH_OF_MONTH;
}

static void speak_set(struct speaker *s, const struct node *node)
{
    static const enum saying sayings[] = {
        [SET_AND] = SAY_AND, [SET_OR] = SAY_OR, [SET_MINUS] = SAY_MINUS};
    const struct node *left = child_of(s, node->a);
    if (left->kind == NODE_SET) { /* a chain leans to the left */
        speak_node(s, left);
    } else {
        speak_nested(s, left, true);
    }
    speak(s, sayings[node->set], &(struct slots){0});
    speak_nested(s, child_of(s, node->b), true);
}

/* Chooses the template of a node, and fills what its letters may want; which letters it has is the
 * language's affair.  No default, so that a new form does not compile until it can be said. */
void speak_node(struct speaker *s, const struct node *node)
{
    struct slots slots = {.node = node,
                          .n = node->n < 0 ? -node->n : node->n,
                          .year = node->from,
                          .date = {node->date.year, node->date.month, node->date.day},
                          .nested = node_at(s, node->a),
                          .events = node_at(s, node->a),
                          .gender = s->names->weekday_gender[node->weekday]};
    switch (node->kind) {
    case NODE_DATE:
    case NODE_ANNUAL:
        speak_date_node(s, node);
        return;
    case NODE_INSTANT:
        speak(s, SAY_INSTANT, &slots);
        return;
    case NODE_EASTER:
        speak(s, node->is_orthodox ? SAY_ORTHODOX_EASTER : SAY_EASTER, &slots);
        return;
    case NODE_NTH_WEEKDAY:
        speak(s, saying_of_nth_weekday(node), &slots);
        return;
    case NODE_SHIFT:
        speak(s,
              node->unit == UNIT_WEEK ? node->n < 0 ? SAY_WEEKS_BEFORE : SAY_WEEKS_AFTER
              : node->n < 0           ? SAY_DAYS_BEFORE
                                      : SAY_DAYS_AFTER,
              &slots);
        return;
    case NODE_WORKING:
        slots.is_followed = true;
        speak(s, node->n < 0 ? SAY_WORKING_BEFORE : SAY_WORKING_AFTER, &slots);
        return;
    case NODE_SPAN:
        speak(s, SAY_DAYS_FROM, &slots);
        return;
    case NODE_WEEKDAY_REL:
        speak(s, weekdays[node->n > 1][node->relation], &slots);
        return;
    case NODE_WEEKEND:
        speak(s, weekends[node->relation], &slots);
        return;
    case NODE_WEEK:
        speak(s, SAY_WEEK, &slots);
        return;
    case NODE_EVERY_WEEKDAY:
        speak(s, SAY_EVERY_WEEKDAY, &slots);
        return;
    case NODE_EVERY_DAYS:
        speak(s, node->unit == UNIT_WEEK ? SAY_EVERY_WEEKS : SAY_EVERY_DAYS, &slots);
        return;
    case NODE_MOON:
    case NODE_APSIS:
    case NODE_SEASON:
    case NODE_TERM:
    case NODE_ECLIPSE:
        slots.events = node;
        slots.gender = gender_of_events(s, node);
        speak(s, node->kind == NODE_MOON || node->kind == NODE_APSIS ? SAY_EVERY_EVENT : SAY_EVENTS,
              &slots);
        return;
    case NODE_BLUE_MOON:
        speak(s, node->is_seasonal ? SAY_SEASONAL_BLUE_MOON : SAY_BLUE_MOON, &slots);
        return;
    case NODE_NTH_EVENT:
        slots.gender = gender_of_events(s, child_of(s, node->a));
        slots.nested = NULL;
        speak(s, saying_of_nth_event(node), &slots);
        return;
    case NODE_EVENT_REL:
        slots.gender = gender_of_events(s, child_of(s, node->a));
        slots.nested = node_at(s, node->b);
        speak(s, events[node->n != 1][node->relation], &slots);
        return;
    case NODE_LUNATION:
        speak(s, SAY_LUNATION, &slots);
        return;
    case NODE_EVERY_LUNATIONS:
        speak(s,
              node->n == 1 ? node->from == TREE_NONE ? SAY_EVERY_LUNATION : SAY_EVERY_LUNATION_FROM
              : node->from == TREE_NONE ? SAY_EVERY_LUNATIONS
                                        : SAY_EVERY_LUNATIONS_FROM,
              &slots);
        return;
    case NODE_SET:
        speak_set(s, node);
        return;
    case NODE_IF:
        speak_node(s, child_of(s, node->a));
        speak(s, node->is_also ? SAY_ALSO_IF : SAY_IF, &slots);
        return;
    case NODE_WHILE:
        speak_node(s, child_of(s, node->a));
        slots.nested = child_of(s, node->b);
        speak(s, SAY_WHILE, &slots);
        return;
    case NODE_SKIP:
        speak_node(s, child_of(s, node->a));
        speak(s, SAY_SKIP, &slots);
        return;
    case NODE_ONLY:
        speak_node(s, child_of(s, node->a));
        speak(s, only[node->only], &slots);
        return;
    }
}
