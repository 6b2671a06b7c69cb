#include "rules/scope.h"
#include "rules/select.h"
#include "words/words.h"

bool select_add_copy(struct scope *s, struct points *out, const struct point *point)
{
    struct point *added = points_add(out, point->day);
    if (added == NULL) {
        return scope_fail(s, RULE_NO_MEMORY, "out of memory");
    }
    *added = *point;
    return true;
}

/* --- sets and adjustments ------------------------------------------------------------------- */

bool select_set(struct scope *s, const struct node *node, int32_t lo, int32_t hi,
                struct points *out)
{
    struct points a = {0}, b = {0};
    bool ok = select_points(s, node->a, lo, hi, &a) && select_points(s, node->b, lo, hi, &b);
    for (size_t i = 0; ok && i < a.count; i++) {
        bool in_both = node->set != SET_OR && points_has_day(&b, a.at[i].day);
        if (node->set == SET_OR || in_both == (node->set == SET_AND)) {
            ok = select_add_copy(s, out, &a.at[i]);
        } else if (in_both) {
            scope_skip(s, a.at[i].day, "taken away by \"minus\"");
        }
    }
    for (size_t i = 0; ok && node->set == SET_OR && i < b.count; i++) {
        ok = select_add_copy(s, out, &b.at[i]);
    }
    ok = ok && scope_sort(s, out);
    points_drop_twins(out);
    points_close(&a);
    points_close(&b);
    return ok;
}

/* The ifs in a row before and with this one; the first whose weekdays hold moves the day. */
static const struct node *first_that_holds(const struct scope *s, const struct node *last,
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

bool select_if(struct scope *s, const struct node *node, int32_t lo, int32_t hi, struct points *out)
{
    const struct node *bottom = node;
    while (bottom->kind == NODE_IF) {
        bottom = &s->rule->node[bottom->a];
    }
    struct points from = {0};
    bool ok = select_points(s, (int32_t)(bottom - s->rule->node), lo - 8, hi + 8, &from);
    for (size_t i = 0; ok && i < from.count; i++) {
        const struct point *point = &from.at[i];
        const struct node *holds = first_that_holds(s, node, point->day);
        if (holds == NULL || holds->is_also) {
            ok = select_add_moved(s, out, point, point->day, lo, hi);
        }
        if (ok && holds != NULL) {
            int32_t day = adjusted(holds, point->day);
            char before[16];
            scope_date_text(point->day, before);
            scope_trace(s, day, "%s is a %s: %s %s %s", before,
                        words_name(WORD_WEEKDAY, (int32_t)civil_weekday(point->day)),
                        holds->is_also ? "also the" : "moved to the",
                        holds->relation == REL_BEFORE  ? "previous"
                        : holds->relation == REL_AFTER ? "next"
                                                       : "nearest",
                        holds->weekday == 0 ? "day" : words_name(WORD_WEEKDAY, holds->weekday));
            ok = select_add_moved(s, out, point, day, lo, hi);
        }
    }
    ok = ok && scope_sort(s, out);
    points_drop_twins(out);
    points_close(&from);
    return ok;
}

bool select_while(struct scope *s, const struct node *node, int32_t lo, int32_t hi,
                  struct points *out)
{
    enum { REACH = 366 };
    struct points from = {0}, blocked = {0};
    bool ok = select_points(s, node->a, lo - REACH, hi + REACH, &from) &&
              select_points(s, node->b, lo - 2 * REACH, hi + 2 * REACH, &blocked);
    for (size_t i = 0; ok && i < from.count; i++) {
        int32_t day = from.at[i].day;
        while (points_has_day(&blocked, day) && day - from.at[i].day < REACH &&
               from.at[i].day - day < REACH) {
            day = adjusted(node, day);
        }
        if (points_has_day(&blocked, day)) {
            scope_skip(s, from.at[i].day, "no free day within a year");
            continue;
        }
        ok = select_add_moved(s, out, &from.at[i], day, lo, hi);
    }
    ok = ok && scope_sort(s, out);
    points_drop_twins(out);
    points_close(&from);
    points_close(&blocked);
    return ok;
}

static bool holds(struct scope *s, const struct node *node, const struct point *point, bool *ok)
{
    struct civil_date date = civil_from_day_number(point->day);
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
        return (node->mask >> (int)civil_weekday(point->day) & 1) != 0;
    case ONLY_WAXING:
    case ONLY_WANING: {
        utc at = point->has_instant
                     ? point->at
                     : scope_instant(s->zone, point->day, (struct civil_time){.hour = 12});
        bool is_waxing = false;
        *ok = almanac_is_waxing(s->almanac, s->leaps, at, &is_waxing) ||
              scope_fail(s, RULE_NO_MEMORY, "out of memory");
        return is_waxing == (node->only == ONLY_WAXING);
    }
    }
    return false;
}

bool select_filtered(struct scope *s, const struct node *node, int32_t lo, int32_t hi,
                     struct points *out)
{
    struct points from = {0};
    bool ok = select_points(s, node->a, lo, hi, &from);
    for (size_t i = 0; ok && i < from.count; i++) {
        const struct point *point = &from.at[i];
        bool keep = node->kind == NODE_SKIP
                        ? (node->mask >> (int)civil_weekday(point->day) & 1) == 0
                        : holds(s, node, point, &ok);
        if (ok && keep) {
            ok = select_add_copy(s, out, point);
        } else if (ok && node->kind == NODE_SKIP) {
            scope_skip(s, point->day, "a %s",
                       words_name(WORD_WEEKDAY, (int32_t)civil_weekday(point->day)));
        }
    }
    points_close(&from);
    return ok;
}
