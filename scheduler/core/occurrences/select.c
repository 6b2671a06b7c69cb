#include <stdio.h>
#include <string.h>

#include "calendars/calendar.h"
#include "calendars/lunisolar.h"
#include "occurrences/context.h"
#include "occurrences/select.h"
#include "words/words.h"

static int32_t year_of(int32_t day)
{
    return civil_from_day_number(day).year;
}

static bool add(struct context *s, struct matches *out, int32_t day, int32_t lo, int32_t hi)
{
    if (day < lo || day >= hi) {
        return true;
    }
    return context_add(s, out, day) != NULL;
}

/* --- dates ---------------------------------------------------------------------------------- */

static bool is_of_the_sky(enum calendar calendar)
{
    return calendar == CALENDAR_CHINESE || calendar == CALENDAR_DANGI;
}

static bool to_day(struct context *s, enum calendar calendar, struct calendar_date date,
                   int32_t *day)
{
    return is_of_the_sky(calendar) ? lunisolar_to_day(s->almanac, s->leaps, calendar, date, day)
                                   : calendar_to_day(calendar, date, day);
}

static bool year_in_calendar(struct context *s, enum calendar calendar, int32_t day, int32_t *year)
{
    struct calendar_date date;
    if (is_of_the_sky(calendar)) {
        return lunisolar_year(s->almanac, s->leaps, calendar, day, year);
    }
    if (!calendar_from_day(calendar, day, &date)) {
        return context_fail(s, RULE_NO_CALENDAR, "the %s calendar is not known for %d",
                            words_name(WORD_CALENDAR, (int32_t)calendar), year_of(day));
    }
    *year = date.year;
    return true;
}

/* A year may lack the date: 29 february, 30 adar, a leap month.  Then the one after "else" counts,
 * with a note; without it the year is passed over and the reason kept, as whoever asks why there is
 * none must hear it. */
static bool select_date(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                        struct matches *out)
{
    int32_t first = node->date.year, last = first;
    if (node->kind == NODE_ANNUAL && (!year_in_calendar(s, node->calendar, lo, &first) ||
                                      !year_in_calendar(s, node->calendar, hi, &last))) {
        return false;
    }
    for (int32_t year = first; year <= last; year++) {
        struct calendar_date date = node->date;
        int32_t day;
        date.year = year;
        if (to_day(s, node->calendar, date, &day)) {
            if (!add(s, out, day, lo, hi)) {
                return false;
            }
            continue;
        }
        char month[48];
        calendar_month_name(node->calendar, date.month, date.is_leap, month);
        if (node->b != TREE_NONE) {
            struct calendar_date instead = s->rule->node[node->b].date;
            size_t before = out->count;
            instead.year = year;
            if (!to_day(s, node->calendar, instead, &day)) {
                continue;
            }
            if (!add(s, out, day, lo, hi)) {
                return false;
            }
            if (out->count > before) {
                snprintf(out->at[before].note, sizeof out->at[before].note, "no %d %s in %d",
                         date.day, month, year);
            }
            continue;
        }
        int32_t near = node->calendar == CALENDAR_GREGORIAN
                           ? civil_day_number((struct civil_date){year, date.month, 28})
                       : lo + 180 < hi ? lo + 180
                                       : lo;
        struct rule_remark none = {
            .kind = REMARK_NO_DATE, .which = (int32_t)node->calendar, .year = year, .n = date.day};
        memcpy(none.name, month, sizeof none.name);
        context_skip(s, near, none);
    }
    return true;
}

static bool select_easter(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                          struct matches *out)
{
    for (int32_t year = year_of(lo); year <= year_of(hi); year++) {
        int32_t day = node->is_orthodox ? calendar_orthodox_easter(year) : calendar_easter(year);
        if (!add(s, out, day, lo, hi)) {
            return false;
        }
    }
    return true;
}

/* The n-th weekday (0: day) of a month, or TREE_NONE. */
static int32_t nth_in_month(int32_t year, int32_t month, int32_t n, int32_t weekday)
{
    int32_t first = civil_day_number((struct civil_date){year, month, 1});
    int32_t days = civil_days_in_month(year, month), day;
    if (weekday == 0) {
        day = n == TREE_LAST ? days : n;
    } else if (n == TREE_LAST) {
        int32_t last = (int32_t)civil_weekday(first + days - 1);
        day = days - floor_mod(last - weekday, 7);
    } else {
        day = 1 + floor_mod(weekday - (int32_t)civil_weekday(first), 7) + 7 * (n - 1);
    }
    return day <= days ? first + day - 1 : INT32_MIN;
}

static bool select_nth_weekday(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                               struct matches *out)
{
    struct civil_date at = civil_from_day_number(lo);
    at.day = 1;
    for (; civil_day_number(at) < hi; at.month++) {
        if (at.month == 12 + 1) {
            at.month = 1;
            at.year++;
        }
        if (node->month != 0 && node->month != at.month) {
            continue;
        }
        int32_t day = nth_in_month(at.year, at.month, node->n, node->weekday);
        if (day == INT32_MIN) {
            context_skip(s, civil_day_number(at),
                         (struct rule_remark){.kind = REMARK_NO_WEEKDAY,
                                              .which = at.month,
                                              .year = at.year,
                                              .n = node->n,
                                              .weekday = node->weekday});
        } else if (!add(s, out, day, lo, hi)) {
            return false;
        }
    }
    return true;
}

static bool select_every(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                         struct matches *out)
{
    int32_t step = 1, day = lo;
    if (node->kind == NODE_EVERY_DAYS) {
        int32_t from = civil_day_number(
            (struct civil_date){node->date.year, node->date.month, node->date.day});
        step = node->n * (node->unit == UNIT_WEEK ? 7 : 1);
        day = lo + floor_mod(from - lo, step);
        while (day < from) {
            day = from; /* it begins there */
        }
    } else if (node->weekday != 0) {
        step = 7;
        day = lo + floor_mod(node->weekday - (int32_t)civil_weekday(lo), 7);
    }
    for (; day < hi; day += step) {
        if (!add(s, out, day, lo, hi)) {
            return false;
        }
    }
    return true;
}

/* --- days relative to others ---------------------------------------------------------------- */

/* The Saturday of a weekend. */
static int32_t weekend_of(int32_t day, enum relation relation)
{
    int32_t weekday = (int32_t)civil_weekday(day), saturday = day - weekday + SATURDAY;
    switch (relation) {
    case REL_CONTAINING: /* on monday to friday: the one that follows */
        return saturday;
    case REL_AFTER:
        return saturday > day ? saturday : saturday + 7;
    case REL_BEFORE: /* its Sunday lies before the day */
        return saturday - 7;
    case REL_NEAREST: /* wednesday is 3 from both: the earlier */
        return weekday <= WEDNESDAY ? saturday - 7 : saturday;
    case REL_ON_OR_AFTER:
    case REL_ON_OR_BEFORE:
        break;
    }
    return saturday;
}

static bool is_worked(uint32_t mask, const struct matches *holidays, int32_t day)
{
    return (mask >> (int)civil_weekday(day) & 1) == 0 && !matches_has_day(holidays, day);
}

/* Moves n working days; false when a whole span has none. */
static bool move_working(uint32_t mask, const struct matches *holidays, int32_t n, int32_t *day)
{
    int32_t step = n < 0 ? -1 : 1, left = n < 0 ? -n : n, idle = 0;
    while (left > 0 && idle < 400) {
        *day += step;
        if (is_worked(mask, holidays, *day)) {
            left--;
            idle = 0;
        } else {
            idle++;
        }
    }
    return left == 0;
}

enum { STEPS_OF_POINT = 8 }; /* days stepped over that are as much work as a match */

static bool select_working(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                           struct matches *out)
{
    int32_t n = node->n < 0 ? -node->n : node->n, reach = 7 * n + 400;
    uint32_t mask = node->mask != 0        ? node->mask
                    : node->b == TREE_NONE ? 1U << SATURDAY | 1U << SUNDAY
                                           : 0;
    struct matches from = {0}, holidays = {0};
    bool ok = select_matches(s, node->a, lo - reach, hi + reach, &from) &&
              (node->b == TREE_NONE ||
               select_days(s, node->b, lo - 2 * reach, hi + 2 * reach, &holidays));
    for (size_t i = 0; ok && i < from.count; i++) {
        int32_t day = from.at[i].day;
        ok = context_work(s, 1 + (size_t)n / STEPS_OF_POINT);
        if (ok && !move_working(mask, &holidays, node->n, &day)) {
            context_skip(s, from.at[i].day, (struct rule_remark){.kind = REMARK_NO_WORKING_DAY});
            continue;
        }
        ok = ok && context_add_moved(s, out, &from.at[i], day, lo, hi);
    }
    return context_settle(s, ok, out, &from, &holidays);
}

/* Where a day goes, for the nodes that move days one by one. */
static int32_t moved(const struct node *node, int32_t day)
{
    switch ((int)node->kind) {
    case NODE_SHIFT:
        return day + node->n * (node->unit == UNIT_WEEK ? 7 : 1);
    case NODE_WEEKDAY_REL:
        return select_weekday_from(day, node->relation, node->weekday, node->n);
    case NODE_WEEKEND:
        return weekend_of(day, node->relation);
    case NODE_WEEK:
        return day - (int32_t)civil_weekday(day) + MONDAY;
    default:
        return day;
    }
}

static bool select_moved(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                         struct matches *out)
{
    int32_t n = node->n < 0 ? -node->n : node->n;
    int32_t reach = node->kind == NODE_SHIFT ? n * (node->unit == UNIT_WEEK ? 7 : 1) : 7 * (n + 2);
    struct matches from = {0};
    bool ok = select_matches(s, node->a, lo - reach, hi + reach, &from);
    for (size_t i = 0; ok && i < from.count; i++) {
        int32_t day = moved(node, from.at[i].day);
        if (day >= lo && day < hi) {
            context_trace(
                s, day,
                (struct rule_remark){.kind = REMARK_COUNTED, .day = from.at[i].day, .day_to = day});
        }
        size_t had = out->count;
        ok = context_add_moved(s, out, &from.at[i], day, lo, hi);
        if (ok && out->count > had) {
            out->at[had].days = node->kind == NODE_WEEKEND ? 2
                                : node->kind == NODE_WEEK  ? 7
                                : node->kind == NODE_SPAN  ? node->n
                                                           : out->at[had].days;
        }
    }
    return context_settle(s, ok, out, &from, NULL);
}

/* Exhaustive, so that the compiler asks here for each new form. */
static bool select_any(struct context *s, int32_t index, int32_t lo, int32_t hi,
                       struct matches *out)
{
    const struct node *node = &s->rule->node[index];
    switch (node->kind) {
    case NODE_DATE:
    case NODE_ANNUAL:
        return select_date(s, node, lo, hi, out);
    case NODE_EASTER:
        return select_easter(s, node, lo, hi, out);
    case NODE_NTH_WEEKDAY:
        return select_nth_weekday(s, node, lo, hi, out);
    case NODE_EVERY_WEEKDAY:
    case NODE_EVERY_DAYS:
        return select_every(s, node, lo, hi, out);
    case NODE_WORKING:
        return select_working(s, node, lo, hi, out);
    case NODE_SHIFT:
    case NODE_WEEKDAY_REL:
    case NODE_WEEKEND:
    case NODE_WEEK:
    case NODE_SPAN:
        return select_moved(s, node, lo, hi, out);
    case NODE_SET:
        return select_set(s, node, lo, hi, out);
    case NODE_IF:
        return select_if(s, node, lo, hi, out);
    case NODE_WHILE:
        return select_while(s, node, lo, hi, out);
    case NODE_SKIP:
    case NODE_ONLY:
        return select_filtered(s, node, lo, hi, out);
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
        break;
    }
    return select_sky(s, node, lo, hi, out);
}

bool select_matches(struct context *s, int32_t index, int32_t lo, int32_t hi, struct matches *out)
{
    /* what reaches far beyond the range of dates reaches nothing */
    static const int32_t first = -116877, last = 120530; /* 1650-01-01, 2300-01-01 */
    lo = lo < first ? first : lo;
    hi = hi > last ? last : hi;
    return lo >= hi || (select_any(s, index, lo, hi, out) && context_work(s, out->count + 1));
}
