/* What is left out of what is selected: but sundays, except in august, minus the last friday. */
#include <stdio.h>

#include "lines/selected.h"
#include "rules/tree.h"
#include "text/text.h"
#include "words/words.h"

/* The one month of the year in which a series is, 0: several. */
static int32_t month_of_series(const struct line *line)
{
    const struct bound *bound = line->bounds.bound;
    const char *text = line->selected.text[0];
    struct rule *rule;
    if (rule_parse(text, strlen(text), &rule) == RULE_OK) {
        struct node root = rule->node[rule->root];
        rule_free(rule);
        if (root.kind == NODE_ONLY && root.only == ONLY_MONTHS) {
            int32_t month = 12;
            while (month > 0 && root.mask != 1U << month) {
                month--;
            }
            return month;
        }
    }
    bool is_short = line->bounds.count >= 2 && bound[0].kind == BOUND_SINCE &&
                    bound[1].kind == BOUND_UNTIL && bound[0].date.year == bound[1].date.year &&
                    bound[0].date.month == bound[1].date.month;
    return is_short ? bound[0].date.month : 0; /* of a year: none */
}

/* Every day in may but the 25th: days of its month; of a series of several months it is asked. */
static void name_days_left_out(struct line *line)
{
    struct piece days[PIECES_MAX];
    size_t used = 0;
    for (size_t i = 0; i < line->excepts; i++) {
        const struct piece *piece = &line->except[i];
        if (is_day(piece) && !piece->is_article && used + 3 < PIECES_MAX) {
            days[used++] = *piece;
        } else if (!IS_ONE_OF(piece, "of", "and", "or", "day", "days")) {
            return;
        }
    }
    int32_t month = month_of_series(line);
    if (used == 0 || line->is_monthly_except) {
        return;
    }
    if (month == 0) {
        line_ask(line, "that day of every month, or of one?  Write the month");
        line->is_monthly_except = true;
        return;
    }
    line->excepts = 0;
    for (size_t i = 0; i < used; i++) {
        if (i > 0) {
            line->except[line->excepts++] = word_piece("or");
        }
        line->except[line->excepts++] = days[i];
        line->except[line->excepts++] = (struct piece){.kind = PIECE_MONTH, .n = month};
    }
}

/* Every day but sundays, every friday but in august: weekdays and months that are left out. */
static bool say_left_out(struct line *line)
{
    char weekdays[SELECT_SIZE] = "";
    uint32_t months = 0;
    for (size_t i = 0; i < line->excepts; i++) {
        const struct piece *piece = &line->except[i];
        if (piece->kind == PIECE_WEEKDAY) {
            text_join(weekdays, sizeof weekdays, ", ", "%s", weekday_name(piece));
        } else if (is_word(piece, "weekend") || piece->weekdays == WEEKEND) {
            text_join(weekdays, sizeof weekdays, ", ", "saturday, sunday");
        } else if (piece->kind == PIECE_MONTH && piece->n > 0) {
            months |= 1U << piece->n;
        } else if (!IS_ONE_OF(piece, "of", "and", "or", "every")) {
            return false;
        }
    }
    if ((weekdays[0] != '\0') == (months != 0)) {
        return false;
    }
    for (int32_t month = 1; months != 0 && month <= 12; month++) {
        if ((months >> month & 1) == 0) {
            text_join(weekdays, sizeof weekdays, ", ", "%s", words_name(WORD_MONTH, month));
        }
    }
    choices_say(&line->selected, months != 0 ? "only in %s" : "skip %s", weekdays);
    return true;
}

/* "every friday except the first of the month": the first friday, or the first day?  Each weekday
 * that is kept, counted as the days of the month are that are left out; false: it says no such
 * thing. */
static bool say_counted_weekdays(const struct line *line, uint32_t weekdays, const char *left_out,
                                 char out[static SELECT_SIZE])
{
    static const char day[] = " day of month";
    out[0] = '\0';
    for (size_t i = 0; i < line->excepts; i++) {
        if (IS_ONE_OF(&line->except[i], "day", "days") || line->except[i].n > 5) {
            return false;
        }
    }
    for (int32_t weekday = 1; weekday <= 7; weekday++) {
        const char *at = left_out, *found;
        if ((weekdays >> weekday & 1) == 0) {
            continue;
        }
        for (const char *joint = " or "; (found = strstr(at, day)) != NULL; joint = "") {
            text_join(out, SELECT_SIZE, joint, "%.*s %s of month", (int)(found - at), at,
                      words_name(WORD_WEEKDAY, weekday));
            at = found + sizeof day - 1;
        }
        if (*at != '\0' || at == left_out) {
            return false;
        }
    }
    return out[0] != '\0' && strlen(out) + 1 < SELECT_SIZE;
}

/* ... except easter, except the last friday of the month: what is left out is a rule of its own. */
static bool say_minus(struct line *line)
{
    struct choices kept = line->selected;
    uint32_t weekdays = 0;
    char counted[SELECT_SIZE];
    for (size_t i = 0; i < line->selects; i++) {
        weekdays |= line->select[i].kind == PIECE_WEEKDAY ? 1U << line->select[i].n : 0;
    }
    memcpy(line->select, line->except, line->excepts * sizeof *line->select);
    line->selects = line->excepts;
    for (size_t i = 0; i < line->selects; i++) {
        if (is_word(&line->select[i], "and")) {
            line->select[i].word = "or"; /* christmas and easter are left out, each of them */
        }
    }
    line->is_excepting = true;
    bool is_said = say_pieces(line);
    line->is_excepting = false;
    if (!is_said) {
        return false;
    }
    say_monthly(line);
    struct choices left_out = line->selected;
    if (left_out.count == 1 && say_counted_weekdays(line, weekdays, left_out.text[0], counted)) {
        line_ask(line, "the weekday as counted in the month, or the day of the month?");
        memcpy(left_out.text[1], left_out.text[0], SELECT_SIZE);
        memcpy(left_out.text[0], counted, SELECT_SIZE);
        left_out.count = 2;
    }
    line->selected.count = 0;
    for (size_t i = 0; i < kept.count * left_out.count; i++) {
        if (line->selected.count == CHOICES_MAX) {
            return false;
        }
        snprintf(line->selected.text[line->selected.count++], SELECT_SIZE,
                 "(%.180s) minus (%.180s)", kept.text[i / left_out.count],
                 left_out.text[i % left_out.count]);
    }
    return true;
}

bool line_say_selected(struct line *line)
{
    if (line->excepts == 0 && say_feast_and_date(line)) {
        return true;
    }
    if (!say_pieces(line)) {
        return false;
    }
    say_monthly(line);
    if (line->excepts == 0) {
        return true;
    }
    name_days_left_out(line);
    line->is_monthly = line->is_monthly_except;
    return say_left_out(line) || say_minus(line);
}
