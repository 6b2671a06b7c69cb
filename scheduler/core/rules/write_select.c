/* write_select.c -- the canonical text of what a rule selects. */
#include "calendars/calendar.h"
#include "instants/stamp.h"
#include "rules/write.h"
#include "text/text.h"
#include "words/words.h"

const char *const write_eclipse_types[] = {"penumbral", "partial", "annular", "hybrid", "total"};

static void write_ordinal(struct draft *t, int32_t n)
{
    if (n == TREE_LAST) {
        draft_add(t, "last ");
    } else {
        draft_print(t, "%d%s ", n, write_ordinal_ending(n));
    }
}

/* The names of a kind whose bits are set. */
static void write_names(struct draft *t, enum word_kind kind, uint32_t mask)
{
    const char *joint = "";
    for (int32_t i = 1; mask >> i != 0; i++) {
        if ((mask >> i & 1) != 0) {
            draft_print(t, "%s%s", joint, words_name(kind, i));
            joint = ", ";
        }
    }
}

static void write_date(struct draft *t, const struct rule *rule, const struct node *node)
{
    char month[48];
    if (node->kind == NODE_DATE && node->calendar == CALENDAR_GREGORIAN) {
        write_iso(t, (struct civil_date){node->date.year, node->date.month, node->date.day});
        return;
    }
    calendar_month_name(node->calendar, node->date.month, node->date.is_leap, month);
    draft_print(t, "%d %s", node->date.day, month);
    if (node->kind == NODE_DATE) {
        draft_print(t, " %d", node->date.year);
    }
    if (node->calendar != CALENDAR_GREGORIAN) {
        draft_print(t, " %s", words_name(WORD_CALENDAR, (int32_t)node->calendar));
    }
    if (node->b != TREE_NONE) {
        draft_add(t, " else ");
        write_date(t, rule, &rule->node[node->b]);
    }
}

static void write_eclipse(struct draft *t, const struct rule *rule, const struct node *node)
{
    static const char *const contacts[] = {"", "first contact of ", "second contact of ",
                                           "third contact of ", "fourth contact of "};
    const char *joint = "";
    draft_add(t, contacts[node->n]);
    for (int i = 0; i < 5; i++) {
        if ((node->mask >> i & 1) != 0) {
            draft_print(t, "%s%s", joint, write_eclipse_types[i]);
            joint = " or ";
        }
    }
    draft_print(t, "%s%s", node->mask != 0 ? " " : "",
                words_name(WORD_EVENT, (int32_t)node->event));
    if (node->place == TREE_NONE) {
        return;
    }
    draft_add(t, " visible from ");
    write_place(t, rule->place[node->place]);
    if (node->magnitude_pct > 0) {
        draft_print(t, " with magnitude %d.%02d", node->magnitude_pct / 100,
                    node->magnitude_pct % 100);
    }
    if (node->altitude_deg > 0) {
        draft_print(t, " with altitude %d", node->altitude_deg);
    }
}

/* Series of events, without "every". */
static void write_events(struct draft *t, const struct rule *rule, const struct node *node)
{
    if (node->kind == NODE_ECLIPSE) {
        write_eclipse(t, rule, node);
    } else if (node->kind == NODE_TERM) {
        const char *name = words_name(WORD_TERM, node->degrees);
        if (*name != '\0') {
            draft_add(t, name);
        } else {
            draft_print(t, "solar longitude %d", node->degrees);
        }
    } else {
        draft_add(t, words_name(WORD_EVENT, (int32_t)node->event));
    }
}

/* Whether what is written of a node ends in working days, whose list of days to skip would take in
 * an "or" after it, or another "skipping". */
static bool ends_in_working(const struct rule *rule, int32_t index)
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

bool write_needs_parentheses(const struct rule *rule, int32_t index, bool is_followed)
{
    enum node_kind kind = rule->node[index].kind;
    return (is_followed && ends_in_working(rule, index)) || kind == NODE_SET || kind == NODE_IF ||
           kind == NODE_WHILE || kind == NODE_SKIP || kind == NODE_ONLY;
}

/* A node that another takes as its last word. */
static void write_nested(struct draft *t, const struct rule *rule, int32_t index, bool is_followed)
{
    bool is_open = write_needs_parentheses(rule, index, is_followed);
    draft_add(t, is_open ? "(" : "");
    write_select(t, rule, index);
    draft_add(t, is_open ? ")" : "");
}

static void write_counted(struct draft *t, const struct rule *rule, const struct node *node)
{
    bool is_rel = node->kind == NODE_EVENT_REL;
    bool is_back = node->relation == REL_BEFORE || node->relation == REL_ON_OR_BEFORE;
    if (is_rel && node->relation == REL_NEAREST) {
        draft_add(t, "nearest ");
    } else if (is_rel && node->n == 1) {
        draft_add(t, is_back ? "last " : "first ");
    } else {
        write_ordinal(t, node->n);
    }
    write_events(t, rule, &rule->node[node->a]);
    if (is_rel) {
        draft_print(t, " %s ", tree_relation[node->relation]);
        write_nested(t, rule, node->b, false);
    } else {
        draft_print(t, " of %s",
                    node->unit == UNIT_YEAR ? "year"
                    : node->unit == UNIT_SEASON
                        ? node->from != TREE_NONE ? words_name(WORD_EVENT, node->from) : "season"
                    : node->month == 0 ? "month"
                                       : words_name(WORD_MONTH, node->month));
    }
}

static void write_shift(struct draft *t, const struct rule *rule, const struct node *node)
{
    int32_t n = node->n < 0 ? -node->n : node->n;
    const char *unit = node->kind == NODE_WORKING ? "working day"
                       : node->unit == UNIT_WEEK  ? "week"
                                                  : "day";
    draft_print(t, "%d %s%s %s ", n, unit, text_s((size_t)n),
                node->kind == NODE_SPAN ? "from"
                : node->n < 0           ? "before"
                                        : "after");
    write_nested(t, rule, node->a, node->kind == NODE_WORKING);
    if (node->kind != NODE_WORKING || (node->mask == 0 && node->b == TREE_NONE)) {
        return;
    }
    draft_add(t, " skipping ");
    write_names(t, WORD_WEEKDAY, node->mask);
    if (node->b != TREE_NONE) {
        draft_add(t, node->mask != 0 ? " with " : "");
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

static void write_only(struct draft *t, const struct node *node)
{
    draft_print(t, " only %s", tree_only[node->only]);
    if (node->only == ONLY_WEEKDAYS || node->only == ONLY_MONTHS) {
        draft_add(t, " ");
        write_names(t, node->only == ONLY_MONTHS ? WORD_MONTH : WORD_WEEKDAY, node->mask);
    }
}

static void write_adjusted(struct draft *t, const struct rule *rule, const struct node *node)
{
    /* sets stand before their adjustments; adjustments follow one another */
    write_select(t, rule, node->a);
    switch ((int)node->kind) {
    case NODE_IF:
        draft_add(t, node->is_also ? " also if " : " if ");
        write_names(t, WORD_WEEKDAY, node->mask);
        draft_print(t, " then %s %s", direction(node), weekday_or_day(node->weekday));
        break;
    case NODE_WHILE:
        draft_add(t, " while ");
        write_nested(t, rule, node->b, false);
        draft_print(t, " then %s %s", direction(node), weekday_or_day(node->weekday));
        break;
    case NODE_SKIP:
        draft_add(t, " skip ");
        write_names(t, WORD_WEEKDAY, node->mask);
        break;
    default:
        write_only(t, node);
        break;
    }
}

static void write_set(struct draft *t, const struct rule *rule, const struct node *node)
{
    enum node_kind left = rule->node[node->a].kind;
    /* a chain leans to the left, so only an adjusted left side needs parentheses */
    if (left == NODE_SET) {
        write_select(t, rule, node->a);
    } else {
        write_nested(t, rule, node->a, true);
    }
    draft_print(t, " %s ", tree_set[node->set]);
    write_nested(t, rule, node->b, true);
}

/* The one canonical spelling: what is written reads back as the same tree (fuzz_rules_rule holds it
 * to that), so that two organizers who mean the same sign the same bytes.  No default: a new form
 * does not compile until it can be written. */
void write_select(struct draft *t, const struct rule *rule, int32_t index)
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
        draft_add(t, stamp);
        return;
    case NODE_EASTER:
        draft_add(t, node->is_orthodox ? "orthodox easter" : "easter");
        return;
    case NODE_NTH_WEEKDAY:
        write_ordinal(t, node->n);
        draft_print(t, "%s of %s", weekday_or_day(node->weekday),
                    node->month == 0 ? "month" : words_name(WORD_MONTH, node->month));
        return;
    case NODE_SHIFT:
    case NODE_WORKING:
    case NODE_SPAN:
        write_shift(t, rule, node);
        return;
    case NODE_WEEKDAY_REL:
        if (node->relation == REL_NEAREST) {
            draft_add(t, "nearest ");
        } else if (node->n > 1) {
            write_ordinal(t, node->n);
        }
        draft_print(t, "%s %s ", words_name(WORD_WEEKDAY, node->weekday),
                    tree_relation[node->relation]);
        write_nested(t, rule, node->a, false);
        return;
    case NODE_WEEKEND:
        draft_print(t, "%sweekend %s ", node->relation == REL_NEAREST ? "nearest " : "",
                    tree_relation[node->relation]);
        write_nested(t, rule, node->a, false);
        return;
    case NODE_WEEK:
        draft_add(t, "iso week of ");
        write_nested(t, rule, node->a, false);
        return;
    case NODE_EVERY_WEEKDAY:
        draft_print(t, "every %s", weekday_or_day(node->weekday));
        return;
    case NODE_EVERY_DAYS:
        draft_print(t, "every %d %ss from ", node->n, node->unit == UNIT_WEEK ? "week" : "day");
        write_iso(t, (struct civil_date){node->date.year, node->date.month, node->date.day});
        return;
    case NODE_MOON:
    case NODE_SEASON:
    case NODE_TERM:
    case NODE_APSIS:
    case NODE_ECLIPSE:
        if (node->kind == NODE_MOON || node->kind == NODE_APSIS) {
            draft_add(t, "every ");
        }
        write_events(t, rule, node);
        return;
    case NODE_BLUE_MOON:
        draft_add(t, node->is_seasonal ? "seasonal blue moon" : "blue moon");
        return;
    case NODE_NTH_EVENT:
    case NODE_EVENT_REL:
        write_counted(t, rule, node);
        return;
    case NODE_LUNATION:
        draft_print(t, "lunation %d", node->n);
        return;
    case NODE_EVERY_LUNATIONS:
        if (node->n == 1) {
            draft_add(t, "every lunation");
        } else {
            draft_print(t, "every %d lunations", node->n);
        }
        if (node->from != TREE_NONE) {
            draft_print(t, " from %d", node->from);
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
