/* select_adjust.c -- sets, and what moves or leaves out days that were selected. */
#include "calendars/calendar.h"
#include "occurrences/select.h"

int32_t select_weekday_from(int32_t day, enum relation relation, int32_t weekday, int32_t n)
{
    int32_t ahead = floor_mod(weekday - (int32_t)civil_weekday(day), 7);
    int32_t back = floor_mod((int32_t)civil_weekday(day) - weekday, 7);
    switch (relation) {
    case REL_ON_OR_AFTER:
        return day + ahead + 7 * (n - 1);
    case REL_AFTER:
        return day + (ahead == 0 ? 7 : ahead) + 7 * (n - 1);
    case REL_ON_OR_BEFORE:
        return day - back - 7 * (n - 1);
    case REL_BEFORE:
        return day - (back == 0 ? 7 : back) - 7 * (n - 1);
    case REL_NEAREST: /* never a tie: 3 and 4 are the closest distances */
        return back < ahead ? day - back : day + ahead;
    case REL_CONTAINING:
        break;
    }
    return day;
}

/* --- sets and adjustments ------------------------------------------------------------------- */

static int32_t longest(const struct rule *rule, int32_t index)
{
    const struct node *node = &rule->node[index];
    if (node->kind != NODE_SET) {
        return tree_days(rule, index);
    }
    int32_t a = longest(rule, node->a), b = longest(rule, node->b);
    return a > b ? a : b;
}

bool select_days(struct context *s, int32_t index, int32_t lo, int32_t hi, struct matches *out)
{
    bool ok = select_matches(s, index, lo - longest(s->rule, index) + 1, hi, out);
    size_t count = out->count;
    for (size_t i = 0; ok && i < count; i++) {
        for (int32_t ahead = 1; ok && ahead < out->at[i].days; ahead++) {
            ok = context_add(s, out, out->at[i].day + ahead) != NULL;
        }
    }
    return ok && context_work(s, out->count - count) && context_sort(s, out);
}

/* Whether one of a match's days is among some. */
static bool meets(const struct match *match, const struct matches *days)
{
    size_t i = matches_from(days, match->day);
    return i < days->count && days->at[i].day < match->day + match->days;
}

bool select_set(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                struct matches *out)
{
    struct matches a = {0}, b = {0};
    bool is_or = node->set == SET_OR;
    bool ok = select_matches(s, node->a, lo, hi, &a) &&
              (is_or ? select_matches(s, node->b, lo, hi, &b)
                     : select_days(s, node->b, lo, hi + longest(s->rule, node->a) - 1, &b));
    for (size_t i = 0; ok && i < a.count; i++) {
        bool in_both = !is_or && meets(&a.at[i], &b);
        if (is_or || in_both == (node->set == SET_AND)) {
            ok = context_add_copy(s, out, &a.at[i]);
        } else if (in_both) {
            context_skip(s, a.at[i].day, (struct rule_remark){.kind = REMARK_TAKEN_AWAY});
        }
    }
    for (size_t i = 0; ok && is_or && i < b.count; i++) {
        ok = context_add_copy(s, out, &b.at[i]);
    }
    return context_settle(s, ok, out, &a, &b);
}

/* The ifs in a row before and with this one; the first whose weekdays hold moves the day. */
static const struct node *first_that_holds(const struct context *s, const struct node *last,
                                           int32_t day)
{
    const struct node *found = NULL;
    for (const struct node *at = last; at->kind == NODE_IF; at = &s->rule->node[at->a]) {
        if ((at->mask >> (int)civil_weekday(day) & 1) != 0) {
            found = at;
        }
    }
    return found;
}

static int32_t adjusted(const struct node *node, int32_t day)
{
    if (node->weekday == 0) {
        return day + (node->relation == REL_BEFORE ? -1 : 1);
    }
    return select_weekday_from(day, node->relation, node->weekday, 1);
}

bool select_if(struct context *s, const struct node *node, int32_t lo, int32_t hi,
               struct matches *out)
{
    const struct node *bottom = node;
    while (bottom->kind == NODE_IF) {
        bottom = &s->rule->node[bottom->a];
    }
    struct matches from = {0};
    bool ok = select_matches(s, (int32_t)(bottom - s->rule->node), lo - 8, hi + 8, &from);
    for (size_t i = 0; ok && i < from.count; i++) {
        const struct match *match = &from.at[i];
        const struct node *holds = first_that_holds(s, node, match->day);
        if (holds == NULL || holds->is_also) {
            ok = context_add_moved(s, out, match, match->day, lo, hi);
        }
        if (ok && holds != NULL) {
            int32_t day = adjusted(holds, match->day);
            context_trace(s, day,
                          (struct rule_remark){.kind = REMARK_MOVED,
                                               .day = match->day,
                                               .n = holds->is_also,
                                               .which = (int32_t)holds->relation,
                                               .weekday = holds->weekday});
            ok = context_add_moved(s, out, match, day, lo, hi);
        }
    }
    return context_settle(s, ok, out, &from, NULL);
}

bool select_while(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                  struct matches *out)
{
    enum { REACH = 366 };
    struct matches from = {0}, blocked = {0};
    bool ok = select_matches(s, node->a, lo - REACH, hi + REACH, &from) &&
              select_days(s, node->b, lo - 2 * REACH, hi + 2 * REACH, &blocked);
    for (size_t i = 0; ok && i < from.count; i++) {
        int32_t day = from.at[i].day;
        while (matches_has_day(&blocked, day) && day - from.at[i].day < REACH &&
               from.at[i].day - day < REACH) {
            day = adjusted(node, day);
        }
        if (matches_has_day(&blocked, day)) {
            context_skip(s, from.at[i].day, (struct rule_remark){.kind = REMARK_NO_FREE_DAY});
            continue;
        }
        ok = context_add_moved(s, out, &from.at[i], day, lo, hi);
    }
    return context_settle(s, ok, out, &from, &blocked);
}

static bool holds(struct context *s, const struct node *node, const struct match *match, bool *ok)
{
    struct civil_date date = civil_from_day_number(match->day);
    switch (node->only) {
    case ONLY_ODD_YEARS:
        return date.year % 2 != 0;
    case ONLY_EVEN_YEARS:
        return date.year % 2 == 0;
    case ONLY_LEAP_YEARS:
        return civil_is_leap_year(date.year);
    case ONLY_MONTHS:
        return (node->mask >> date.month & 1) != 0;
    case ONLY_WEEKDAYS:
        return (node->mask >> (int)civil_weekday(match->day) & 1) != 0;
    case ONLY_WAXING:
    case ONLY_WANING: {
        utc at = match->has_instant
                     ? match->at
                     : context_instant(s->zone, match->day, (struct civil_time){.hour = 12});
        bool is_waxing = false;
        *ok = almanac_is_waxing(s->almanac, s->leaps, at, &is_waxing) ||
              context_fail(s, RULE_NO_MEMORY, "out of memory");
        return is_waxing == (node->only == ONLY_WAXING);
    }
    }
    return false;
}

bool select_filtered(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                     struct matches *out)
{
    struct matches from = {0};
    bool ok = select_matches(s, node->a, lo, hi, &from);
    for (size_t i = 0; ok && i < from.count; i++) {
        const struct match *match = &from.at[i];
        bool keep = node->kind == NODE_SKIP
                        ? (node->mask >> (int)civil_weekday(match->day) & 1) == 0
                        : holds(s, node, match, &ok);
        if (ok && keep) {
            ok = context_add_copy(s, out, match);
        } else if (ok && node->kind == NODE_SKIP) {
            context_skip(s, match->day,
                         (struct rule_remark){.kind = REMARK_WEEKDAY,
                                              .weekday = (int32_t)civil_weekday(match->day)});
        }
    }
    matches_close(&from);
    return ok;
}
