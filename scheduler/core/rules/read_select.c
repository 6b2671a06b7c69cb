/* read_select.c -- reads what a rule selects. */
#include "rules/parser.h"

#include <strings.h>

#include "calendars/calendar.h"

/* A select nested in another; depth is bounded because the reader and the evaluator recurse. */
static int32_t read_nested(struct parser *p)
{
    if (p->depth >= DEPTH_MAX) {
        return parser_refuse(p, p->at, "a rule nested more than %d deep", DEPTH_MAX);
    }
    p->depth++;
    int32_t node = read_select(p);
    p->depth--;
    return node;
}

/* Reads the child that a node ends with, and adds the node. */
static int32_t read_child(struct parser *p, struct node *node, int32_t *child)
{
    *child = read_nested(p);
    return *child == TREE_NONE ? TREE_NONE : parser_node(p, *node);
}

static bool take_relation(struct parser *p, enum relation *out)
{
    for (int relation = REL_ON_OR_AFTER; relation <= REL_BEFORE; relation++) {
        if (take(p, tree_relation[relation])) {
            *out = (enum relation)relation;
            return true;
        }
    }
    return false;
}

static bool take_ordinal(struct parser *p, int32_t *out)
{
    static const char *const words[] = {"first", "second", "third", "fourth", "fifth"};
    size_t at = p->at;
    if (parser_token(p)->kind == TOKEN_ORDINAL) {
        *out = p->token[p->at++].number;
        return (*out >= 1 && *out <= 400) || parser_fail(p, at, "count from 1st to 400th");
    }
    for (int32_t i = 0; i < 5; i++) {
        if (take_quietly(p, words[i])) {
            *out = i + 1;
            return true;
        }
    }
    if (take_quietly(p, "last")) {
        *out = TREE_LAST;
        return true;
    }
    parser_expect(p, "an ordinal like 2nd or last");
    return false;
}

static bool take_weekday_or_day(struct parser *p, int32_t *out)
{
    *out = 0;
    return take(p, "day") || take_word(p, WORD_WEEKDAY, "a weekday", out);
}

/* --- relative days -------------------------------------------------------------------------- */

/* n days or weeks before, after or from. */
static int32_t read_shift(struct parser *p, int32_t n, enum unit unit)
{
    struct node node = parser_blank(NODE_SHIFT);
    size_t at = p->at - 2;
    node.n = n;
    node.unit = unit;
    int32_t most = unit == UNIT_WEEK ? 520 : 3660;
    if (n < 1 || n > most) {
        return parser_refuse(p, at, "1 to %d", most);
    }
    if (take(p, "before")) {
        node.n = -n;
    } else if (!take(p, "after")) {
        if (!take(p, "from")) {
            return TREE_NONE;
        }
        node.kind = NODE_SPAN;
        node.n = unit == UNIT_WEEK ? 7 * n : n;
        node.unit = UNIT_DAY;
        if (node.n < 1 || node.n > 30) {
            return parser_refuse(p, at, "a span of 1 to 30 days");
        }
    }
    return read_child(p, &node, &node.a);
}

/* take_weekdays is false where no weekday stands, and also behind "friday and", with the friday
 * taken: in either case other days follow. */
static int32_t read_working(struct parser *p, int32_t n)
{
    struct node node = parser_blank(NODE_WORKING);
    size_t at = p->at;
    bool is_before = take(p, "before");
    if (!is_before && !take(p, "after")) {
        return TREE_NONE;
    }
    if (n < 1 || n > 366) {
        return parser_refuse(p, at, "1 to 366 working days");
    }
    node.n = is_before ? -n : n;
    node.a = read_nested(p);
    if (node.a == TREE_NONE) {
        return TREE_NONE;
    }
    if (take(p, "skipping")) {
        if (!take_weekdays(p, &node.mask) || take_quietly(p, "and") || take_quietly(p, "with")) {
            node.b = read_nested(p);
            if (node.b == TREE_NONE) {
                return TREE_NONE;
            }
        }
        if (node.mask == 0xfe) {
            return parser_refuse(p, p->at - 1, "no day of the week is left to work on");
        }
    }
    return parser_node(p, node);
}

static int32_t read_number_led(struct parser *p)
{
    int32_t n;
    if (!take_number(p, "a day", &n)) {
        return TREE_NONE;
    }
    if (take_quietly(p, "days") || take_quietly(p, "day")) {
        return read_shift(p, n, UNIT_DAY);
    }
    if (take_quietly(p, "weeks") || take_quietly(p, "week")) {
        return read_shift(p, n, UNIT_WEEK);
    }
    if (take_quietly(p, "working days") || take_quietly(p, "working day")) {
        return read_working(p, n);
    }
    parser_expect(p, "days");
    parser_expect(p, "weeks");
    parser_expect(p, "working days");
    return read_day_month(p, n);
}

/* "last sunday before": the first one counting back. */
static bool use_last(struct parser *p, struct node *node, size_t ordinal)
{
    bool is_back = node->relation == REL_BEFORE || node->relation == REL_ON_OR_BEFORE;
    bool is_last = node->n == TREE_LAST;
    node->n = is_last ? 1 : node->n;
    return !is_last || is_back ||
           parser_fail(p, ordinal, "there is no last one after a day; say first, or before");
}

/* An ordinal was taken: weekday or event, then what it is counted in or from. */
static int32_t read_counted_weekday(struct parser *p, int32_t n, int32_t weekday, size_t ordinal)
{
    struct node node = parser_blank(NODE_NTH_WEEKDAY);
    node.n = n;
    node.weekday = weekday;
    if (take(p, "of")) {
        if (!take_quietly(p, "every month") && !take(p, "month") &&
            !take_word(p, WORD_MONTH, "a month", &node.month)) {
            return TREE_NONE;
        }
        int32_t most = weekday == 0 ? calendar_longest_month(CALENDAR_GREGORIAN,
                                                             node.month == 0 ? 1 : node.month)
                                    : 5;
        if (n > most) {
            return parser_refuse(p, ordinal, "a month has at most %d of these", most);
        }
        return parser_node(p, node);
    }
    node.kind = NODE_WEEKDAY_REL;
    if (!take_relation(p, &node.relation)) {
        return TREE_NONE;
    }
    if (!use_last(p, &node, ordinal)) {
        return TREE_NONE;
    }
    if (weekday == 0) {
        return parser_refuse(p, ordinal, "count days as in \"3 days after\"");
    }
    return read_child(p, &node, &node.a);
}

/* The season that begins at an equinox or solstice. */
static bool take_season(struct parser *p, int32_t *out)
{
    size_t at = p->at;
    if (take_word(p, WORD_EVENT, "june solstice or another season's beginning", out) &&
        *out >= EVENT_MARCH_EQUINOX && *out <= EVENT_DECEMBER_SOLSTICE) {
        return true;
    }
    *out = TREE_NONE;
    p->at = at;
    return false;
}

/* Events were read; n was given (0: not). */
static int32_t read_counted_event(struct parser *p, int32_t n, int32_t events, size_t ordinal)
{
    struct node node = parser_blank(NODE_NTH_EVENT);
    node.n = n == 0 ? 1 : n;
    node.a = events;
    if (n != 0 && take(p, "of")) {
        if (take_quietly(p, "year") || take_quietly(p, "every year")) {
            node.unit = UNIT_YEAR;
        } else if (take_quietly(p, "month") || take_quietly(p, "every month")) {
            node.unit = UNIT_MONTH;
        } else if (take_quietly(p, "season") || take_quietly(p, "every season")) {
            node.unit = UNIT_SEASON;
        } else if (take_season(p, &node.from)) {
            node.unit = UNIT_SEASON;
        } else {
            parser_expect(p, "year");
            parser_expect(p, "month");
            parser_expect(p, "season");
            node.unit = UNIT_MONTH;
            if (!take_word(p, WORD_MONTH, "a month", &node.month)) {
                return TREE_NONE;
            }
        }
        return parser_node(p, node);
    }
    node.kind = NODE_EVENT_REL;
    if (!take_relation(p, &node.relation)) {
        return n == 0 ? events : TREE_NONE;
    }
    return use_last(p, &node, ordinal) ? read_child(p, &node, &node.b) : TREE_NONE;
}

static int32_t read_ordinal_led(struct parser *p)
{
    size_t ordinal = p->at;
    int32_t n, weekday;
    if (!take_ordinal(p, &n)) {
        return TREE_NONE;
    }
    if (take_weekday_or_day(p, &weekday)) {
        return read_counted_weekday(p, n, weekday, ordinal);
    }
    int32_t events = read_event(p);
    if (events != TREE_NONE) {
        return read_counted_event(p, n, events, ordinal);
    }
    if (parser_token(p)->kind == TOKEN_WORD && p->token[ordinal].kind == TOKEN_ORDINAL &&
        !p->has_failed) {
        return read_day_month(p, n); /* 25th april */
    }
    return TREE_NONE;
}

static int32_t read_nearest(struct parser *p)
{
    struct node node = parser_blank(NODE_WEEKDAY_REL);
    node.relation = REL_NEAREST;
    node.n = 1;
    int32_t *other = &node.a;
    if (take(p, "weekend")) {
        node.kind = NODE_WEEKEND;
    } else if (!take_word(p, WORD_WEEKDAY, "a weekday", &node.weekday)) {
        node.kind = NODE_EVENT_REL;
        node.a = read_event(p);
        if (node.a == TREE_NONE) {
            return TREE_NONE;
        }
        other = &node.b;
    }
    if (!take(p, "to")) {
        return TREE_NONE;
    }
    return read_child(p, &node, other);
}

static int32_t read_weekend(struct parser *p)
{
    struct node node = parser_blank(NODE_WEEKEND);
    if (take(p, "containing")) {
        node.relation = REL_CONTAINING;
    } else if (take(p, "after")) {
        node.relation = REL_AFTER;
    } else if (take(p, "before")) {
        node.relation = REL_BEFORE;
    } else {
        return TREE_NONE;
    }
    return read_child(p, &node, &node.a);
}

/* What a word of its own begins.  None of these words begins another form, so the first that is
 * there decides, and all of them are expected where none is. */
static int32_t read_word_led(struct parser *p)
{
    struct node node;
    int32_t weekday;
    if (take(p, "easter") || take(p, "orthodox easter")) {
        node = parser_blank(NODE_EASTER);
        node.is_orthodox = p->at >= 2 && p->token[p->at - 2].kind == TOKEN_WORD &&
                           strncasecmp(p->token[p->at - 2].text, "orthodox", 8) == 0;
        return parser_node(p, node);
    }
    if (take(p, "weekend")) {
        return read_weekend(p);
    }
    if (take(p, "iso week of") || take_quietly(p, "week of")) {
        node = parser_blank(NODE_WEEK);
        return read_child(p, &node, &node.a);
    }
    if (take(p, "lunation")) {
        node = parser_blank(NODE_LUNATION);
        if (!take_number(p, "a Brown lunation number", &node.n)) {
            return TREE_NONE;
        }
        if (node.n < -2757 || node.n > 4047) {
            return parser_refuse(p, p->at - 1, "lunations of 1700 to 2249 end at 4047");
        }
        return parser_node(p, node);
    }
    node = parser_blank(NODE_BLUE_MOON);
    node.is_seasonal = take(p, "seasonal blue moon");
    if (node.is_seasonal || take(p, "blue moon")) {
        return parser_node(p, node);
    }
    if (take_word(p, WORD_WEEKDAY, "a weekday", &weekday)) {
        node = parser_blank(NODE_WEEKDAY_REL);
        node.n = 1;
        node.weekday = weekday;
        if (!take_relation(p, &node.relation)) {
            return TREE_NONE;
        }
        return read_child(p, &node, &node.a);
    }
    return read_month_day(p);
}

static int32_t read_parenthesis(struct parser *p)
{
    if (p->depth >= DEPTH_MAX) {
        return parser_refuse(p, p->at, "a rule nested more than %d deep", DEPTH_MAX);
    }
    p->depth++;
    int32_t node = read_sets(p);
    if (node != TREE_NONE) {
        node = read_adjusts(p, node);
    }
    p->depth--;
    if (node != TREE_NONE && !p->has_failed && !take_sign(p, ')')) {
        parser_expect(p, ")");
        return TREE_NONE;
    }
    return p->has_failed ? TREE_NONE : node;
}

int32_t read_select(struct parser *p)
{
    const struct token *t = parser_token(p);
    struct node node;
    if (p->has_failed) {
        return TREE_NONE;
    }
    if (take_sign(p, '(')) {
        return read_parenthesis(p);
    }
    if (t->kind == TOKEN_DATE) {
        node = parser_blank(NODE_DATE);
        node.date = (struct calendar_date){t->date.year, t->date.month, t->date.day, false};
        p->at++;
        return parser_node(p, node);
    }
    if (t->kind == TOKEN_INSTANT) {
        node = parser_blank(NODE_INSTANT);
        node.at = t->at;
        p->at++;
        return parser_node(p, node);
    }
    if (t->kind == TOKEN_NUMBER) {
        return read_number_led(p);
    }
    if (take(p, "every")) {
        return read_every(p);
    }
    if (take(p, "nearest")) {
        return read_nearest(p);
    }
    size_t at = p->at;
    int32_t events = read_event(p);
    if (events != TREE_NONE || p->has_failed) {
        return p->has_failed ? TREE_NONE : read_counted_event(p, 0, events, at);
    }
    p->at = at;
    int32_t found = read_ordinal_led(p);
    if (found != TREE_NONE || p->has_failed || p->at > at) {
        return p->has_failed ? TREE_NONE : found;
    }
    return read_word_led(p);
}

int32_t read_sets(struct parser *p)
{
    int32_t left = read_select(p);
    while (left != TREE_NONE && !p->has_failed) {
        struct node node = parser_blank(NODE_SET);
        int set = 0;
        while (set < SETS && !take(p, tree_set[set])) {
            set++;
        }
        if (set == SETS) {
            return left;
        }
        node.set = (enum set_operation)set;
        node.a = left;
        node.b = read_select(p);
        left = node.b == TREE_NONE ? TREE_NONE : parser_node(p, node);
    }
    return left;
}
