/* read_series.c -- reads series of days and of events of the sky, and their adjustments. */
#include "rules/parser.h"

#include <strings.h>

/* --- what the sky does ---------------------------------------------------------------------- */

static uint32_t take_eclipse_type(struct parser *p)
{
    return take(p, "total")       ? ECLIPSE_TOTAL
           : take(p, "partial")   ? ECLIPSE_PARTIAL
           : take(p, "annular")   ? ECLIPSE_ANNULAR
           : take(p, "hybrid")    ? ECLIPSE_HYBRID
           : take(p, "penumbral") ? ECLIPSE_PENUMBRAL
                                  : 0;
}

/* visible from PLACE [with magnitude 0.5] [with altitude 10] */
static bool read_visibility(struct parser *p, struct node *node)
{
    if (!take(p, "visible from")) {
        return true;
    }
    if (p->rule->names == TREE_PLACES_MAX) {
        return parser_fail(p, p->at, "at most %d places", TREE_PLACES_MAX);
    }
    node->place = (int32_t)p->rule->names;
    if (!take_place(p, false, p->rule->place[p->rule->names])) {
        return false;
    }
    p->rule->names++;
    while (take(p, "with")) {
        const struct token *t = parser_token(p) + 1; /* looked at only behind a word taken */
        if (take(p, "magnitude")) {
            if (t->kind != TOKEN_NUMBER || t->number > 1) {
                parser_expect(p, "a magnitude like 0.5");
                return false;
            }
            node->magnitude_pct = t->number * 100 + t->thousandth / 10;
        } else if (take(p, "altitude")) {
            if (t->kind != TOKEN_NUMBER || t->number > 89) {
                parser_expect(p, "degrees above the horizon, 0 to 89");
                return false;
            }
            node->altitude_deg = t->number;
        } else {
            return false;
        }
        p->at++;
    }
    return true;
}

/* Which of the contacts is wanted; 0: none is named. */
static int32_t take_contact(struct parser *p)
{
    static const char *const contacts[] = {"first contact of", "second contact of",
                                           "third contact of", "fourth contact of"};
    for (int32_t i = 0; i < 4; i++) {
        if (take_quietly(p, contacts[i])) {
            return i + 1;
        }
    }
    return 0;
}

/* A contact is seen from somewhere, and of a partial eclipse there are two. */
static bool check_contact(struct parser *p, const struct node *node, size_t from)
{
    const uint32_t deep = ECLIPSE_ANNULAR | ECLIPSE_HYBRID | ECLIPSE_TOTAL;
    if (node->n != 0 && node->place == TREE_NONE) {
        return parser_fail(p, from,
                           "each place has contacts of its own: add \"visible from\" and a place");
    }
    if (node->n != 0 && node->mask == ECLIPSE_PENUMBRAL) {
        return parser_fail(p, from, "a penumbral eclipse touches no shadow");
    }
    if ((node->n == 2 || node->n == 3) && node->mask != 0 && (node->mask & deep) == 0) {
        return parser_fail(p, from, "a partial eclipse has its first and its fourth contact only");
    }
    return true;
}

/* take_word takes any event of the sky: one that is no eclipse is given back for read_event to
 * read, unless a type or a contact stood before it, which nothing else can follow. */
static int32_t read_eclipse(struct parser *p)
{
    struct node node = parser_blank(NODE_ECLIPSE);
    size_t from = p->at;
    node.n = take_contact(p);
    do {
        node.mask |= take_eclipse_type(p);
    } while (node.mask != 0 && take_quietly(p, "or"));
    int32_t event;
    if (!take_word(p, WORD_EVENT,
                   node.mask != 0 ? "solar eclipse or lunar eclipse" : "an event of the sky",
                   &event) ||
        (event != EVENT_SOLAR_ECLIPSE && event != EVENT_LUNAR_ECLIPSE)) {
        if (node.mask == 0 && node.n == 0) {
            p->at = from;
        }
        return TREE_NONE;
    }
    node.event = (enum event)event;
    uint32_t possible = event == EVENT_SOLAR_ECLIPSE
                            ? ECLIPSE_PARTIAL | ECLIPSE_ANNULAR | ECLIPSE_HYBRID | ECLIPSE_TOTAL
                            : ECLIPSE_PENUMBRAL | ECLIPSE_PARTIAL | ECLIPSE_TOTAL;
    if ((node.mask & ~possible) != 0) {
        return parser_refuse(p, from, "%s eclipse is never %s",
                             event == EVENT_SOLAR_ECLIPSE ? "a solar" : "a lunar",
                             event == EVENT_SOLAR_ECLIPSE         ? "penumbral"
                             : (node.mask & ECLIPSE_ANNULAR) != 0 ? "annular"
                                                                  : "hybrid");
    }
    return read_visibility(p, &node) && check_contact(p, &node, from) ? parser_node(p, node)
                                                                      : TREE_NONE;
}

static int32_t read_term(struct parser *p)
{
    struct node node = parser_blank(NODE_TERM);
    if (take(p, "solar longitude")) {
        if (!take_number(p, "degrees, 0 to 359", &node.degrees)) {
            return TREE_NONE;
        }
        if (node.degrees > 359) {
            return parser_refuse(p, p->at - 1, "longitudes run from 0 to 359 degrees");
        }
        return parser_node(p, node);
    }
    if (take_quietly(p, "solar term") || parser_token(p)->kind == TOKEN_WORD) {
        if (take_word(p, WORD_TERM, "a solar term like qingming", &node.degrees)) {
            return parser_node(p, node);
        }
    }
    return TREE_NONE;
}

int32_t read_event(struct parser *p)
{
    size_t from = p->at;
    int32_t event;
    int32_t found = read_eclipse(p);
    if (found != TREE_NONE || p->has_failed || p->at > from) {
        return found;
    }
    if (take_word(p, WORD_EVENT, "an event of the sky", &event)) {
        struct node node = parser_blank(event <= EVENT_LAST_QUARTER        ? NODE_MOON
                                        : event <= EVENT_DECEMBER_SOLSTICE ? NODE_SEASON
                                                                           : NODE_APSIS);
        node.event = (enum event)event;
        return parser_node(p, node);
    }
    return read_term(p);
}

/* --- every ---------------------------------------------------------------------------------- */

static int32_t read_every_lunations(struct parser *p, int32_t n)
{
    struct node node = parser_blank(NODE_EVERY_LUNATIONS);
    node.n = n;
    if (n < 1 || n > 1000) {
        return parser_refuse(p, p->at - 2, "every 1 to 1000 lunations");
    }
    if (take(p, "from")) {
        if (!take_number(p, "a Brown lunation number", &node.from)) {
            return TREE_NONE;
        }
    } else if (n > 1) {
        return TREE_NONE;
    }
    return parser_node(p, node);
}

static int32_t read_every_n(struct parser *p, int32_t n)
{
    struct node node = parser_blank(NODE_EVERY_DAYS);
    size_t at = p->at - 1;
    node.n = n;
    if (take(p, "days") || take_quietly(p, "day")) {
        node.unit = UNIT_DAY;
    } else if (take(p, "weeks") || take_quietly(p, "week")) {
        node.unit = UNIT_WEEK;
    } else if (take(p, "lunations") || take_quietly(p, "lunation")) {
        return read_every_lunations(p, n);
    } else {
        return TREE_NONE;
    }
    struct civil_date date;
    if (n < 1 || n > 3660) {
        return parser_refuse(p, at, "every 1 to 3660");
    }
    if (!take(p, "from") || !take_date(p, &date)) {
        return TREE_NONE;
    }
    node.date = (struct calendar_date){date.year, date.month, date.day, false};
    return parser_node(p, node);
}

int32_t read_every(struct parser *p)
{
    struct node node = parser_blank(NODE_EVERY_WEEKDAY);
    int32_t n;
    if (parser_token(p)->kind == TOKEN_NUMBER) {
        return take_number(p, "a count", &n) ? read_every_n(p, n) : TREE_NONE;
    }
    if (take_quietly(p, "lunation")) {
        return read_every_lunations(p, 1);
    }
    parser_expect(p, "lunation");
    parser_expect(p, "a count");
    int32_t event = read_event(p);
    if (event != TREE_NONE || p->has_failed) {
        return event;
    }
    if (take(p, "day") || take_word(p, WORD_WEEKDAY, "a weekday", &node.weekday)) {
        return parser_node(p, node);
    }
    return TREE_NONE;
}

/* --- adjustments ---------------------------------------------------------------------------- */

/* next or previous or nearest, then a weekday or day */
static bool read_direction(struct parser *p, struct node *node)
{
    node->relation = take(p, "next")       ? REL_AFTER
                     : take(p, "previous") ? REL_BEFORE
                     : take(p, "nearest")  ? REL_NEAREST
                                           : REL_CONTAINING;
    if (node->relation == REL_CONTAINING) {
        return false;
    }
    node->weekday = 0;
    if (node->relation != REL_NEAREST && take(p, "day")) {
        return true;
    }
    return take_word(p, WORD_WEEKDAY, "a weekday", &node->weekday);
}

static bool read_if(struct parser *p, struct node *node)
{
    return take_weekdays(p, &node->mask) && take(p, "then") && read_direction(p, node);
}

static bool take_months(struct parser *p, uint32_t *mask)
{
    int32_t month;
    do {
        if (!take_word(p, WORD_MONTH, "a month", &month)) {
            return false;
        }
        *mask |= 1U << month;
    } while (take_sign(p, ',') || take_quietly(p, "or"));
    return true;
}

static bool read_only(struct parser *p, struct node *node)
{
    for (int only = 0; only < PREDICATES; only++) {
        if (take(p, tree_only[only])) {
            node->only = (enum predicate)only;
            return only == ONLY_WEEKDAYS ? take_weekdays(p, &node->mask)
                   : only == ONLY_MONTHS ? take_months(p, &node->mask)
                                         : true;
        }
    }
    return false;
}

bool parser_is_skip_of_dates(const struct parser *p)
{
    const struct token *t = parser_token(p);
    return t->kind == TOKEN_WORD && t->len == 4 && strncasecmp(t->text, "skip", 4) == 0 &&
           (t[1].kind == TOKEN_DATE || t[1].kind == TOKEN_NUMBER);
}

int32_t read_adjusts(struct parser *p, int32_t root)
{
    while (root != TREE_NONE && !p->has_failed) {
        struct node node = parser_blank(NODE_IF);
        node.a = root;
        bool ok;
        node.is_also = take_quietly(p, "also");
        if (take(p, "if")) {
            ok = read_if(p, &node);
        } else if (node.is_also) {
            return TREE_NONE;
        } else if (take(p, "while")) {
            node.kind = NODE_WHILE;
            node.b = read_select(p);
            ok = node.b != TREE_NONE && take(p, "then") && read_direction(p, &node);
            if (ok && node.relation == REL_NEAREST) {
                ok = parser_fail(p, p->at - 1, "say next or previous, so that the moving ends");
            }
        } else if (parser_is_skip_of_dates(p)) {
            return root; /* a bound: "skip 2028" */
        } else if (take(p, "skip")) {
            node.kind = NODE_SKIP;
            ok = take_weekdays(p, &node.mask);
            if (ok && node.mask == 0xfe) {
                ok = parser_fail(p, p->at - 1, "no day of the week is left");
            }
        } else if (take(p, "only")) {
            node.kind = NODE_ONLY;
            ok = read_only(p, &node);
        } else {
            parser_expect(p, "also");
            return root;
        }
        root = ok ? parser_node(p, node) : TREE_NONE;
    }
    return p->has_failed ? TREE_NONE : root;
}
