#include "rules/write.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "rules/calendar.h"
#include "words/words.h"

static const char *const relations[] = {
    [REL_ON_OR_AFTER] = "on or after", [REL_AFTER] = "after", [REL_ON_OR_BEFORE] = "on or before",
    [REL_BEFORE] = "before",           [REL_NEAREST] = "to",  [REL_CONTAINING] = "containing",
};

void text_add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->at + t->len, t->size - t->len, format, args);
    va_end(args);
    t->len = n < 0 || t->len + (size_t)n >= t->size ? t->size - 1 : t->len + (size_t)n;
}

const char *write_ordinal_ending(int32_t n)
{
    return n % 100 >= 11 && n % 100 <= 13 ? "th"
           : n % 10 == 1                  ? "st"
           : n % 10 == 2                  ? "nd"
           : n % 10 == 3                  ? "rd"
                                          : "th";
}

static void write_ordinal(struct text *t, int32_t n)
{
    if (n == TREE_LAST) {
        text_add(t, "last ");
    } else {
        text_add(t, "%d%s ", n, write_ordinal_ending(n));
    }
}

static void write_weekdays(struct text *t, uint32_t mask)
{
    const char *joint = "";
    for (int32_t weekday = MONDAY; weekday <= SUNDAY; weekday++) {
        if ((mask >> weekday & 1) != 0) {
            text_add(t, "%s%s", joint, words_name(WORD_WEEKDAY, weekday));
            joint = ", ";
        }
    }
}

void write_name(struct text *t, const char *name)
{
    bool is_plain = true;
    for (const char *c = name; *c != '\0'; c++) {
        is_plain = is_plain && ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                                (unsigned char)*c >= 0x80);
    }
    text_add(t, is_plain ? "%s" : "\"%s\"", name);
}

bool write_is_plain_place(const char *name)
{
    struct place place;
    char known[PLACE_NAME_SIZE] = "";
    if (places_find(name, strlen(name), &place) == PLACES_FOUND &&
        (place.is_position || strchr(name, '.') == NULL)) {
        places_write(&place, known);
    }
    return strcmp(known, name) == 0;
}

static void write_place(struct text *t, const char *name)
{
    if (write_is_plain_place(name)) {
        text_add(t, "%s", name);
    } else {
        write_name(t, name);
    }
}

bool write_is_region_of(const char *before, const char *name)
{
    return strchr(before, ',') == NULL && before[strcspn(before, "0123456789")] == '\0' &&
           places_is_region(name, strlen(name));
}

static void write_next_place(struct text *t, const char *before, const char *name)
{
    text_add(t, before != NULL ? ", " : "");
    if (before != NULL && write_is_region_of(before, name)) {
        text_add(t, "\"%s\"", name);
    } else {
        write_place(t, name);
    }
}

static void write_clock(struct text *t, struct civil_time clock)
{
    text_add(t, "%02d:%02d", clock.hour, clock.minute);
    if (clock.second != 0) {
        text_add(t, ":%02d", clock.second);
    }
}

static void write_iso(struct text *t, struct civil_date date)
{
    text_add(t, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void write_bound(struct text *t, struct bound_date bound)
{
    if (bound.date.month == 0) {
        text_add(t, "%d", bound.date.year);
    } else {
        write_iso(t, bound.date);
    }
}

static void write_duration(struct text *t, span duration, bool is_days)
{
    char text[DURATION_TEXT_SIZE];
    duration_write(duration, is_days, text);
    text_add(t, "%s", text);
}

/* --- selects ---------------------------------------------------------------------------------- */

static void write_date(struct text *t, const struct rule *rule, const struct node *node)
{
    char month[48];
    if (node->kind == NODE_DATE && node->calendar == RULE_GREGORIAN) {
        write_iso(t, (struct civil_date){node->date.year, node->date.month, node->date.day});
        return;
    }
    calendar_month_name(node->calendar, node->date.month, node->date.is_leap, month);
    text_add(t, "%d %s", node->date.day, month);
    if (node->kind == NODE_DATE) {
        text_add(t, " %d", node->date.year);
    }
    if (node->calendar != RULE_GREGORIAN) {
        text_add(t, " %s", words_name(WORD_CALENDAR, (int32_t)node->calendar));
    }
    if (node->b != TREE_NONE) {
        text_add(t, " else ");
        write_date(t, rule, &rule->node[node->b]);
    }
}

static void write_eclipse(struct text *t, const struct rule *rule, const struct node *node)
{
    static const char *const types[] = {"penumbral", "partial", "annular", "hybrid", "total"};
    static const char *const contacts[] = {"", "first contact of ", "second contact of ",
                                           "third contact of ", "fourth contact of "};
    const char *joint = "";
    text_add(t, "%s", contacts[node->n]);
    for (int i = 0; i < 5; i++) {
        if ((node->mask >> i & 1) != 0) {
            text_add(t, "%s%s", joint, types[i]);
            joint = " or ";
        }
    }
    text_add(t, "%s%s", node->mask != 0 ? " " : "", words_name(WORD_EVENT, (int32_t)node->event));
    if (node->place == TREE_NONE) {
        return;
    }
    text_add(t, " visible from ");
    write_place(t, rule->place[node->place]);
    if (node->magnitude_pct > 0) {
        text_add(t, " with magnitude %d.%02d", node->magnitude_pct / 100,
                 node->magnitude_pct % 100);
    }
    if (node->altitude_deg > 0) {
        text_add(t, " with altitude %d", node->altitude_deg);
    }
}

/* Series of events, without "every". */
static void write_events(struct text *t, const struct rule *rule, const struct node *node)
{
    if (node->kind == NODE_ECLIPSE) {
        write_eclipse(t, rule, node);
    } else if (node->kind == NODE_TERM) {
        const char *name = words_name(WORD_TERM, node->degrees);
        if (*name != '\0') {
            text_add(t, "%s", name);
        } else {
            text_add(t, "solar longitude %d", node->degrees);
        }
    } else {
        text_add(t, "%s", words_name(WORD_EVENT, (int32_t)node->event));
    }
}

bool write_ends_in_working(const struct rule *rule, int32_t index)
{
    for (;;) {
        const struct node *node = &rule->node[index];
        switch ((int)node->kind) {
        case NODE_WORKING:
            return true;
        case NODE_SHIFT:
        case NODE_SPAN:
        case NODE_WEEKDAY_REL:
        case NODE_WEEKEND:
        case NODE_WEEK:
            index = node->a;
            continue;
        case NODE_EVENT_REL:
            index = node->b;
            continue;
        default:
            return false;
        }
    }
}

/* A node that another takes as its last word: sets and adjustments need their parentheses. */
static void write_nested(struct text *t, const struct rule *rule, int32_t index, bool is_followed)
{
    enum node_kind kind = rule->node[index].kind;
    bool is_open = (is_followed && write_ends_in_working(rule, index)) || kind == NODE_SET ||
                   kind == NODE_IF || kind == NODE_WHILE || kind == NODE_SKIP || kind == NODE_ONLY;
    text_add(t, is_open ? "(" : "");
    write_select(t, rule, index);
    text_add(t, is_open ? ")" : "");
}

static void write_counted(struct text *t, const struct rule *rule, const struct node *node)
{
    bool is_rel = node->kind == NODE_EVENT_REL;
    bool is_back = node->relation == REL_BEFORE || node->relation == REL_ON_OR_BEFORE;
    if (is_rel && node->relation == REL_NEAREST) {
        text_add(t, "nearest ");
    } else if (is_rel && node->n == 1) {
        text_add(t, is_back ? "last " : "first ");
    } else {
        write_ordinal(t, node->n);
    }
    write_events(t, rule, &rule->node[node->a]);
    if (is_rel) {
        text_add(t, " %s ", relations[node->relation]);
        write_nested(t, rule, node->b, false);
    } else {
        text_add(t, " of %s",
                 node->unit == UNIT_YEAR ? "year"
                 : node->unit == UNIT_SEASON
                     ? node->from != TREE_NONE ? words_name(WORD_EVENT, node->from) : "season"
                 : node->month == 0 ? "month"
                                    : words_name(WORD_MONTH, node->month));
    }
}

static void write_shift(struct text *t, const struct rule *rule, const struct node *node)
{
    int32_t n = node->n < 0 ? -node->n : node->n;
    const char *unit = node->kind == NODE_WORKING ? "working day"
                       : node->unit == UNIT_WEEK  ? "week"
                                                  : "day";
    text_add(t, "%d %s%s %s ", n, unit, n == 1 ? "" : "s",
             node->kind == NODE_SPAN ? "from"
             : node->n < 0           ? "before"
                                     : "after");
    write_nested(t, rule, node->a, node->kind == NODE_WORKING);
    if (node->kind != NODE_WORKING || (node->mask == 0 && node->b == TREE_NONE)) {
        return;
    }
    text_add(t, " skipping ");
    write_weekdays(t, node->mask);
    if (node->b != TREE_NONE) {
        text_add(t, node->mask != 0 ? " with " : "");
        write_nested(t, rule, node->b, true);
    }
}

static const char *direction(const struct node *node)
{
    return node->relation == REL_AFTER    ? "next"
           : node->relation == REL_BEFORE ? "previous"
                                          : "nearest";
}

static const char *weekday_or_day(int32_t weekday)
{
    return weekday == 0 ? "day" : words_name(WORD_WEEKDAY, weekday);
}

static void write_only(struct text *t, const struct node *node)
{
    const char *joint = "";
    text_add(t, " only ");
    switch (node->only) {
    case ONLY_ODD_YEARS:
        text_add(t, "in odd years");
        break;
    case ONLY_EVEN_YEARS:
        text_add(t, "in even years");
        break;
    case ONLY_LEAP_YEARS:
        text_add(t, "in leap years");
        break;
    case ONLY_WAXING:
        text_add(t, "under waxing moon");
        break;
    case ONLY_WANING:
        text_add(t, "under waning moon");
        break;
    case ONLY_WEEKDAYS:
        text_add(t, "on ");
        write_weekdays(t, node->mask);
        break;
    case ONLY_MONTHS:
        text_add(t, "in ");
        for (int32_t month = 1; month <= 12; month++) {
            if ((node->mask >> month & 1) != 0) {
                text_add(t, "%s%s", joint, words_name(WORD_MONTH, month));
                joint = ", ";
            }
        }
        break;
    }
}

static void write_adjusted(struct text *t, const struct rule *rule, const struct node *node)
{
    /* sets stand before their adjustments; adjustments follow one another */
    write_select(t, rule, node->a);
    switch ((int)node->kind) {
    case NODE_IF:
        text_add(t, node->is_also ? " also if " : " if ");
        write_weekdays(t, node->mask);
        text_add(t, " then %s %s", direction(node), weekday_or_day(node->weekday));
        break;
    case NODE_WHILE:
        text_add(t, " while ");
        write_nested(t, rule, node->b, false);
        text_add(t, " then %s %s", direction(node), weekday_or_day(node->weekday));
        break;
    case NODE_SKIP:
        text_add(t, " skip ");
        write_weekdays(t, node->mask);
        break;
    default:
        write_only(t, node);
        break;
    }
}

static void write_set(struct text *t, const struct rule *rule, const struct node *node)
{
    static const char *const words[] = {[SET_AND] = "and", [SET_OR] = "or", [SET_MINUS] = "minus"};
    enum node_kind left = rule->node[node->a].kind;
    /* a chain leans to the left, so only an adjusted left side needs parentheses */
    if (left == NODE_SET) {
        write_select(t, rule, node->a);
    } else {
        write_nested(t, rule, node->a, true);
    }
    text_add(t, " %s ", words[node->set]);
    write_nested(t, rule, node->b, true);
}

/* The one canonical spelling: what is written reads back as the same tree (fuzz_rules_rule holds it
 * to that), so that two organizers who mean the same sign the same bytes.  No default: a new form
 * does not compile until it can be written. */
void write_select(struct text *t, const struct rule *rule, int32_t index)
{
    const struct node *node = &rule->node[index];
    char stamp[STAMP_TEXT_SIZE];
    switch (node->kind) {
    case NODE_DATE:
    case NODE_ANNUAL:
        write_date(t, rule, node);
        return;
    case NODE_INSTANT:
        stamp_write(node->at, stamp);
        text_add(t, "%s", stamp);
        return;
    case NODE_EASTER:
        text_add(t, node->is_orthodox ? "orthodox easter" : "easter");
        return;
    case NODE_NTH_WEEKDAY:
        write_ordinal(t, node->n);
        text_add(t, "%s of %s", weekday_or_day(node->weekday),
                 node->month == 0 ? "month" : words_name(WORD_MONTH, node->month));
        return;
    case NODE_SHIFT:
    case NODE_WORKING:
    case NODE_SPAN:
        write_shift(t, rule, node);
        return;
    case NODE_WEEKDAY_REL:
        if (node->relation == REL_NEAREST) {
            text_add(t, "nearest ");
        } else if (node->n > 1) {
            write_ordinal(t, node->n);
        }
        text_add(t, "%s %s ", words_name(WORD_WEEKDAY, node->weekday), relations[node->relation]);
        write_nested(t, rule, node->a, false);
        return;
    case NODE_WEEKEND:
        text_add(t, "%sweekend %s ", node->relation == REL_NEAREST ? "nearest " : "",
                 relations[node->relation]);
        write_nested(t, rule, node->a, false);
        return;
    case NODE_WEEK:
        text_add(t, "iso week of ");
        write_nested(t, rule, node->a, false);
        return;
    case NODE_EVERY_WEEKDAY:
        text_add(t, "every %s", weekday_or_day(node->weekday));
        return;
    case NODE_EVERY_DAYS:
        text_add(t, "every %d %ss from ", node->n, node->unit == UNIT_WEEK ? "week" : "day");
        write_iso(t, (struct civil_date){node->date.year, node->date.month, node->date.day});
        return;
    case NODE_MOON:
    case NODE_SEASON:
    case NODE_TERM:
    case NODE_APSIS:
    case NODE_ECLIPSE:
        if (node->kind == NODE_MOON || node->kind == NODE_APSIS) {
            text_add(t, "every ");
        }
        write_events(t, rule, node);
        return;
    case NODE_BLUE_MOON:
        text_add(t, node->is_seasonal ? "seasonal blue moon" : "blue moon");
        return;
    case NODE_NTH_EVENT:
    case NODE_EVENT_REL:
        write_counted(t, rule, node);
        return;
    case NODE_LUNATION:
        text_add(t, "lunation %d", node->n);
        return;
    case NODE_EVERY_LUNATIONS:
        if (node->n == 1) {
            text_add(t, "every lunation");
        } else {
            text_add(t, "every %d lunations", node->n);
        }
        if (node->from != TREE_NONE) {
            text_add(t, " from %d", node->from);
        }
        return;
    case NODE_SET:
        write_set(t, rule, node);
        return;
    case NODE_IF:
    case NODE_WHILE:
    case NODE_SKIP:
    case NODE_ONLY:
        write_adjusted(t, rule, node);
        return;
    }
}

/* --- clauses ---------------------------------------------------------------------------------- */

static void write_places(struct text *t, const struct rule *rule)
{
    text_add(t, " at ");
    if (rule->is_all_places) {
        text_add(t, rule->country[0] != '\0' ? "all in %s" : "all", rule->country);
        return;
    }
    for (size_t i = 0; i < rule->places; i++) {
        write_next_place(t, i > 0 ? rule->place[i - 1] : NULL, rule->place[i]);
    }
}

static void write_time(struct text *t, const struct rule *rule)
{
    if (rule->time == TIME_NONE) {
        if (rule->zone[0] != '\0') {
            text_add(t, " in %s", rule->zone);
        }
        return;
    }
    text_add(t, rule->is_day_start ? " day from " : " at ");
    if (rule->time == TIME_MINUTE) {
        text_add(t, "the minute it happened");
        if (rule->zone[0] != '\0') {
            text_add(t, " in %s", rule->zone);
        }
        return;
    }
    if (rule->time == TIME_SUN) {
        text_add(t, "%s", words_name(WORD_SUN, (int32_t)rule->sun));
        if (rule->sun_offset.ns != 0) {
            bool is_minus = rule->sun_offset.ns < 0;
            text_add(t, is_minus ? " - " : " + ");
            write_duration(t, (span){is_minus ? -rule->sun_offset.ns : rule->sun_offset.ns}, false);
        }
        write_places(t, rule);
        if (rule->has_else) {
            text_add(t, rule->is_else_skip ? " else skip" : " else ");
            if (!rule->is_else_skip) {
                write_clock(t, rule->else_clock);
            }
        }
        return;
    }
    write_clock(t, rule->clock);
    if (rule->time == TIME_UTC) {
        text_add(t, " UTC");
    } else if (rule->time == TIME_ZONE) {
        text_add(t, " in %s", rule->zone);
    } else if (rule->time == TIME_EVERYWHERE) {
        text_add(t, " everywhere");
    } else {
        write_places(t, rule);
    }
}

static void write_dates(struct text *t, const char *word, const struct bound_date *list,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(t, "%s", i == 0 ? word : ", ");
        write_bound(t, list[i]);
    }
}

static void write_rotation(struct text *t, const struct rule *rule)
{
    text_add(t, " rotate [");
    for (size_t i = 0; i < rule->turns; i++) {
        text_add(t, i > 0 ? ", " : "");
        write_name(t, rule->turn[i]);
    }
    if (rule->turn_by == TURN_BY_LUNATION) {
        text_add(t, "] by lunation from %d", rule->turn_lunation);
    } else {
        text_add(t, "] by %s from ", rule->turn_by == TURN_BY_YEAR ? "year" : "month");
        write_bound(t, rule->turn_from);
    }
}

static void write_bounds(struct text *t, const struct rule *rule)
{
    if (rule->since.is_given) {
        text_add(t, " since ");
        write_bound(t, rule->since);
    }
    if (rule->until.is_given) {
        text_add(t, " until ");
        write_bound(t, rule->until);
    }
    if (rule->times > 0) {
        text_add(t, " for %d times", rule->times);
    }
    if (rule->every_years > 0) {
        text_add(t, " every %d years", rule->every_years);
        if (rule->every_years_from != 0) {
            text_add(t, " from %d", rule->every_years_from);
        }
    }
    write_dates(t, " except ", rule->exception, rule->exceptions);
    for (size_t i = 0; i < rule->moves; i++) {
        text_add(t, " move ");
        write_iso(t, rule->move[i].from);
        text_add(t, " to ");
        write_iso(t, rule->move[i].to);
    }
    write_dates(t, " add ", rule->addition, rule->additions);
    if (rule->is_anniversary) {
        text_add(t, " anniversary of ");
        write_iso(t, rule->anniversary);
        if (rule->has_minute) {
            text_add(t, " ");
            write_clock(t, rule->minute);
        }
        text_add(t, rule->is_round ? " round" : "");
    }
    if (rule->turns > 0) {
        write_rotation(t, rule);
    }
}

size_t rule_write(const struct rule *rule, char out[static RULE_TEXT_SIZE])
{
    struct text t = {out, 0, RULE_TEXT_SIZE};
    *out = '\0';
    write_select(&t, rule, rule->root);
    write_time(&t, rule);
    if (rule->duration.ns != 0) {
        text_add(&t, " for ");
        write_duration(&t, rule->duration, rule->is_duration_days);
    }
    write_bounds(&t, rule);
    return t.len;
}
