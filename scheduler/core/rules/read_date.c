/* read_date.c -- reads a date, in any calendar. */
#include <stdio.h>

#include "calendars/calendar.h"
#include "rules/parser.h"
#include "words/sayings.h"

static int32_t read_day_month_of(struct parser *p, int32_t day, enum calendar usual);

/* --- dates ---------------------------------------------------------------------------------- */

/* "nisan": the Turkish april, and a month of the Hebrew calendar. */
static bool is_of_two_calendars(const struct parser *p, size_t first, size_t last)
{
    const char *text = p->token[first].text;
    size_t len = (size_t)(p->token[last].text + p->token[last].len - text);
    const struct word *word = words_find(WORD_MONTH_OF, text, len, NULL);
    return word != NULL && word->value / 100 != CALENDAR_JULIAN &&
           words_find(WORD_MONTH, text, len, NULL) != NULL;
}

/* An optional calendar; without one, and no usual one but ours, the month must be one of ours. */
static bool finish_date(struct parser *p, struct node *node, size_t day_token, size_t month_token,
                        bool is_ours, enum calendar usual)
{
    int32_t calendar = (int32_t)usual, month;
    size_t at = p->at;
    node->calendar = usual;
    if (take_word(p, WORD_CALENDAR, "a calendar", &calendar)) {
        node->calendar = (enum calendar)calendar;
    } else if (!is_ours && usual == CALENDAR_GREGORIAN) {
        return parser_fail(p, at, "name the calendar of this month");
    } else if (usual == CALENDAR_GREGORIAN &&
               is_of_two_calendars(p, month_token, (size_t)node->from)) {
        p->is_asking = !p->has_failed;
        return parser_fail(p, month_token,
                           "\"%.*s\" is a month of two calendars: name the month in English, or "
                           "the calendar after it",
                           (int)p->token[month_token].len, p->token[month_token].text);
    }
    bool is_numbered = node->date.month != 0;
    if (is_numbered && calendar != CALENDAR_CHINESE && calendar != CALENDAR_DANGI) {
        return parser_fail(p, month_token,
                           "only the chinese and dangi calendars number their months");
    }
    if (!is_numbered) {
        /* the word may name months of several calendars: nisan, tir, june */
        const struct token *first = &p->token[month_token], *last = &p->token[node->from];
        size_t len = (size_t)(last->text + last->len - first->text);
        const struct word *word = NULL;
        enum word_kind kind = calendar == CALENDAR_GREGORIAN || calendar == CALENDAR_JULIAN
                                  ? WORD_MONTH
                                  : WORD_MONTH_OF;
        while ((word = words_find(kind, first->text, len, word)) != NULL) {
            month = kind == WORD_MONTH_OF && word->value / 100 != calendar ? 0 : word->value % 100;
            if (month != 0) {
                node->date.month = month;
                break;
            }
        }
        if (node->date.month == 0) {
            return parser_fail(p, month_token, "\"%.*s\" is not a month of the %s calendar",
                               (int)len, first->text, words_name(WORD_CALENDAR, calendar));
        }
    }
    node->from = TREE_NONE;
    int32_t longest = calendar_longest_month(node->calendar, node->date.month);
    char name[48];
    calendar_month_name(node->calendar, node->date.month, node->date.is_leap, name);
    if (node->calendar == CALENDAR_GREGORIAN && p->reader != LANGUAGE_EN) {
        snprintf(name, sizeof name, "%s", language_names[p->reader].month_of[node->date.month - 1]);
    }
    if (node->date.day < 1 || node->date.day > longest) {
        return parser_fail(p, day_token, "%d %s never exists: the month has at most %d days",
                           node->date.day, name, longest);
    }
    if (node->kind == NODE_DATE && node->calendar == CALENDAR_GREGORIAN) {
        struct civil_date date = {node->date.year, node->date.month, node->date.day};
        if (!civil_date_is_valid(date)) {
            return parser_fail(p, day_token, "%d has no %d %s", date.year, date.day, name);
        }
        if (date.year < 1700 || date.year > 2249) {
            return parser_fail(p, day_token, "years run from 1700 to 2249");
        }
    }
    return true;
}

/* "else 28 february": the date of the same calendar that years without this one have. */
static int32_t read_else(struct parser *p, struct node *node, size_t day_token)
{
    bool is_never_missing =
        node->calendar == CALENDAR_GREGORIAN && (node->date.month != 2 || node->date.day != 29);
    if (!take_quietly(p, "else")) {
        if (!is_never_missing) {
            parser_expect(p, "else");
        }
        return parser_node(p, *node);
    }
    if (is_never_missing) {
        return parser_refuse(p, day_token, "this date is in every year: no other is needed");
    }
    size_t at = p->at;
    int32_t day, other;
    if (parser_token(p)->kind == TOKEN_WORD) {
        other = read_month_day(p);
    } else if (take_number(p, "a day", &day)) {
        other = read_day_month_of(p, day, node->calendar);
    } else {
        return TREE_NONE;
    }
    if (other == TREE_NONE || p->has_failed) {
        return TREE_NONE;
    }
    const struct node *instead = &p->rule->node[other];
    if (instead->kind != NODE_ANNUAL || instead->calendar != node->calendar ||
        instead->b != TREE_NONE) {
        return parser_refuse(p, at, "a day and a month of the same calendar are needed here");
    }
    node->b = other;
    return parser_node(p, *node);
}

/* What follows a day: month [year] [calendar]; the day itself has been taken.  usual: the calendar
 * where none is named. */
static int32_t read_day_month_of(struct parser *p, int32_t day, enum calendar usual)
{
    struct node node = parser_blank(NODE_ANNUAL);
    size_t day_token = p->at - 1, month_token;
    int32_t value;
    bool is_ours = false;
    node.date.day = day;
    if (!take_quietly(p, "of") && !take_quietly(p, "de")) {
        (void)take_quietly(p, "di");
    }
    month_token = p->at;
    if (take_quietly(p, "leap month") || take(p, "month")) {
        node.date.is_leap = p->at - month_token == 2;
        if (!take_number(p, "a month's number", &node.date.month)) {
            return TREE_NONE;
        }
        if (node.date.month < 1 || node.date.month > 12) {
            return parser_refuse(p, p->at - 1, "months are numbered from 1 to 12");
        }
    } else {
        /* the longest reading of both tables: "adar" and "adar i" */
        size_t best = 0;
        if (take_word(p, WORD_MONTH_OF, "a month of another calendar", &value)) {
            best = p->at;
        }
        p->at = month_token;
        if (take_word(p, WORD_MONTH, "a month", &value) && p->at >= best) {
            is_ours = true;
        } else if (best == 0) {
            return TREE_NONE;
        } else {
            p->at = best;
        }
        node.from = (int32_t)p->at - 1;
    }
    if (!take_quietly(p, "de")) {
        (void)take_quietly(p, "of");
    }
    const struct token *t = parser_token(p);
    if (t->kind == TOKEN_NUMBER && !t->has_fraction) {
        node.kind = NODE_DATE;
        node.date.year = t->number;
        p->at++;
    }
    if (!finish_date(p, &node, day_token, month_token, is_ours, usual)) {
        return TREE_NONE;
    }
    return node.kind == NODE_ANNUAL ? read_else(p, &node, day_token) : parser_node(p, node);
}

int32_t read_day_month(struct parser *p, int32_t day)
{
    return read_day_month_of(p, day, CALENDAR_GREGORIAN);
}

/* april 25 */
int32_t read_month_day(struct parser *p)
{
    struct node node = parser_blank(NODE_ANNUAL);
    size_t month_token = p->at;
    int32_t value;
    if (!take_word(p, WORD_MONTH, "a month", &value)) {
        return TREE_NONE;
    }
    node.from = (int32_t)p->at - 1;
    if (parser_token(p)->kind == TOKEN_ORDINAL) {
        node.date.day = p->token[p->at++].number;
    } else if (!take_number(p, "a day", &node.date.day)) {
        return TREE_NONE;
    }
    size_t day_token = p->at - 1;
    return finish_date(p, &node, day_token, month_token, true, CALENDAR_GREGORIAN)
               ? read_else(p, &node, day_token)
               : TREE_NONE;
}
