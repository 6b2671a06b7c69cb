/* Which day's midnight, and which day's evening. */
#include <stdio.h>

#include "lines/selected.h"
#include "rules/tree.h"

/* From this hour on "the evening of" a Jewish feast may be that before its day. */
enum { LATE_S = 15 * 3600 };

/* What is selected, as far as it decides when a day of it begins. */
struct days {
    struct node root;
    bool is_hebrew_or_hijri; /* a part of it is */
    bool is_eve;             /* the day before is meant already */
    bool is_several;         /* too much for "the day after" to be said of it */
};

static struct days days_of(const char *text)
{
    struct days days = {.root.kind = NODE_INSTANT}; /* of what is no rule, and no reading */
    struct rule *rule;
    if (rule_parse(text, strlen(text), &rule) != RULE_OK) {
        return days;
    }
    days.root = rule->node[rule->root];
    for (int32_t i = 0; i < rule->nodes; i++) {
        const struct node *node = &rule->node[i];
        enum node_kind kind = node->kind;
        days.is_hebrew_or_hijri |= node->calendar == CALENDAR_HEBREW ||
                                   node->calendar == CALENDAR_HIJRI_UMALQURA ||
                                   node->calendar == CALENDAR_HIJRI_CIVIL;
        days.is_eve |= (kind == NODE_WEEKDAY_REL && node->relation == REL_BEFORE) ||
                       ((kind == NODE_SHIFT || kind == NODE_WORKING) && node->n == -1 &&
                        node->unit == UNIT_DAY);
        days.is_several |=
            kind == NODE_SET || kind == NODE_IF || kind == NODE_SKIP || kind == NODE_ONLY;
    }
    rule_free(rule);
    return days;
}

/* The day after what is selected, or the day before. */
static void say_neighbour(const char *text, const struct node *day, bool is_after,
                          char out[static SELECT_SIZE])
{
    bool has_year = day->kind == NODE_DATE;
    bool is_date = (has_year || (day->kind == NODE_ANNUAL && day->b == TREE_NONE)) &&
                   day->calendar == CALENDAR_GREGORIAN;
    snprintf(out, SELECT_SIZE, "1 day %s %s", is_after ? "after" : "before", text);
    if (day->kind == NODE_EVERY_WEEKDAY && day->weekday != 0) {
        snprintf(out, SELECT_SIZE, "every %s",
                 words_name(WORD_WEEKDAY, (day->weekday - 1 + (is_after ? 1 : 6)) % 7 + 1));
    } else if (is_after && is_date && (has_year || day->date.month != 2 || day->date.day < 28)) {
        struct civil_date next = {has_year ? day->date.year : COMMON_YEAR, day->date.month,
                                  day->date.day};
        next = civil_from_day_number(civil_day_number(next) + 1);
        next.year = has_year ? next.year : 0;
        date_words(next, out);
    }
}

void line_doubt_day(struct line *line)
{
    static const bool evenings[SUN_EVENTS] = {[SUN_SUNSET] = true,
                                              [SUN_CIVIL_DUSK] = true,
                                              [SUN_NAUTICAL_DUSK] = true,
                                              [SUN_ASTRONOMICAL_DUSK] = true};
    bool is_evening = line->sun != NULL && evenings[line->sun->n];
    bool is_late = line->has_clock && line->clock >= LATE_S && line->clock < 86400;
    struct choices before = line->selected;
    line->selected.count = 0;
    for (size_t i = 0; i < before.count; i++) {
        const char *text = before.text[i];
        char other[SELECT_SIZE] = "";
        const struct days days = days_of(text);
        const struct node *day = &days.root;
        bool is_hebrew_date =
            day->kind == NODE_ANNUAL && day->calendar == CALENDAR_HEBREW && day->b == TREE_NONE;
        bool begins_at_dusk =
            ((is_evening && days.is_hebrew_or_hijri) || (is_late && is_hebrew_date)) &&
            !days.is_eve;
        bool is_every_day = day->kind == NODE_EVERY_WEEKDAY && day->weekday == 0;
        bool is_bounded_end = line->is_day_end && line->bounds.count > 0; /* of the last day too? */
        bool is_midnight =
            (line->is_midnight || line->is_night_hour) && (!is_every_day || is_bounded_end);
        bool is_said = (begins_at_dusk || is_midnight) && !days.is_several;
        if (is_said) {
            say_neighbour(text, day, is_midnight, other);
        }
        if (is_said && line->is_day_end && !is_bounded_end) { /* 24:00 is that of the day's end */
            snprintf(line->selected.text[line->selected.count++], SELECT_SIZE, "%s", other);
            continue;
        }
        if (begins_at_dusk) {
            line_ask(line, "which evening?  That day begins at the sunset before it");
        } else if (is_midnight && line->is_night_hour && !line->is_midnight) {
            line_ask(line, "which night, the one before that day or the one after it?  Write the "
                           "day that it is at that hour");
        } else if (is_midnight) {
            line_ask(line, "which midnight?  Write 00:00, and the day that begins then");
        }
        for (size_t k = 0; k < (is_said ? 2U : 1U) && line->selected.count < CHOICES_MAX; k++) {
            snprintf(line->selected.text[line->selected.count++], SELECT_SIZE, "%s",
                     (k == 0) == begins_at_dusk && is_said ? other : text);
        }
    }
}
