/* Trees made at random, written and read again: the same tree, and the same line.
 * links: lines words places zones sky instants */
#include "check.h"
#include "deep.h"

#include "calendars/calendar.h"
#include "lines/lines.h"
#include "rules/read.h"
#include "sentences/sentences.h"

static uint64_t seed;
static struct rule made, again;
static struct parser parser;

static int32_t below(int32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int32_t)((seed >> 33) % (uint64_t)n);
}

static int32_t one_to(int32_t n)
{
    return 1 + below(n);
}

static int32_t add(struct node node)
{
    made.node[made.nodes] = node;
    return made.nodes++;
}

static uint32_t some_weekdays(void)
{
    return (uint32_t)(2 + 2 * below(126)); /* never all seven */
}

/* The calendars' own words for some of their months would be those of others too. */
static int32_t make_date(enum node_kind kind)
{
    struct node node = parser_blank(kind);
    static const enum calendar calendars[] = {
        CALENDAR_GREGORIAN, CALENDAR_GREGORIAN,     CALENDAR_GREGORIAN, CALENDAR_JULIAN,
        CALENDAR_HEBREW,    CALENDAR_HIJRI_CIVIL,   CALENDAR_PERSIAN,   CALENDAR_ETHIOPIC,
        CALENDAR_COPTIC,    CALENDAR_CHINESE,       CALENDAR_DANGI,     CALENDAR_INDIAN,
        CALENDAR_BENGALI,   CALENDAR_HIJRI_UMALQURA};
    node.calendar = calendars[below(14)];
    bool is_numbered = node.calendar == CALENDAR_CHINESE || node.calendar == CALENDAR_DANGI;
    node.date.month = one_to(12);
    node.date.is_leap = is_numbered && below(4) == 0;
    node.date.day = one_to(28);
    if (kind == NODE_DATE) {
        node.date.year =
            node.calendar == CALENDAR_GREGORIAN ? 1700 + below(550) : 1300 + below(150);
    } else if (node.calendar == CALENDAR_GREGORIAN && below(12) == 0) {
        struct node instead = node;
        instead.date.month = node.date.month = 2;
        instead.date.day = 28;
        node.date.day = 29;
        node.b = add(instead);
    }
    return add(node);
}

static int32_t make_event(void)
{
    static const enum event moons[] = {EVENT_NEW_MOON, EVENT_FIRST_QUARTER, EVENT_FULL_MOON,
                                       EVENT_LAST_QUARTER};
    struct node node;
    switch (below(5)) {
    case 0:
        node = parser_blank(NODE_SEASON);
        node.event = (enum event)(EVENT_MARCH_EQUINOX + below(4));
        break;
    case 1:
        node = parser_blank(NODE_ECLIPSE);
        node.event = below(2) == 0 ? EVENT_SOLAR_ECLIPSE : EVENT_LUNAR_ECLIPSE;
        node.mask = below(3) == 0 ? 0 : ECLIPSE_TOTAL | (below(2) == 0 ? ECLIPSE_PARTIAL : 0);
        if (below(3) == 0 && made.names == 0) {
            node.place = 0;
            snprintf(made.place[made.names++], sizeof made.place[0], "Luxor");
            node.magnitude_pct = below(2) == 0 ? 0 : one_to(99);
            node.altitude_deg = below(2) == 0 ? 0 : one_to(60);
            node.n = below(5);
        }
        break;
    case 2:
        node = parser_blank(NODE_TERM);
        node.degrees = below(360);
        break;
    case 3:
        node = parser_blank(NODE_APSIS);
        node.event = below(2) == 0 ? EVENT_PERIGEE : EVENT_APOGEE;
        break;
    default:
        node = parser_blank(NODE_MOON);
        node.event = moons[below(4)];
        break;
    }
    return add(node);
}

static int32_t make(int depth);

/* What stands after "after": anything that selects, sets in their parentheses, and an instant,
 * which alone is a date and a clock. */
static int32_t make_nested(int depth)
{
    if (below(16) == 0) {
        struct node node = parser_blank(NODE_INSTANT);
        node.at.ns = below(INT32_MAX) * NS_PER_S;
        return add(node);
    }
    return make(depth - 1);
}

static int32_t make_simple(int depth)
{
    struct node node;
    switch (below(depth > 0 ? 18 : 11)) {
    case 0:
        return make_date(NODE_DATE);
    case 1:
    case 2:
        return make_date(NODE_ANNUAL);
    case 3:
        node = parser_blank(NODE_EASTER);
        node.is_orthodox = below(2) == 0;
        return add(node);
    case 4:
        node = parser_blank(NODE_NTH_WEEKDAY);
        node.weekday = below(8);
        node.n = below(6) == 0 ? TREE_LAST : one_to(node.weekday == 0 ? 28 : 5);
        node.month = below(13);
        return add(node);
    case 5:
        node = parser_blank(NODE_EVERY_WEEKDAY);
        node.weekday = below(8);
        return add(node);
    case 6:
        return make_event();
    case 7:
        node = parser_blank(NODE_EVERY_DAYS);
        node.unit = below(2) == 0 ? UNIT_DAY : UNIT_WEEK;
        node.n = 2 + below(90);
        node.date = (struct calendar_date){1900 + below(200), one_to(12), one_to(28), false};
        return add(node);
    case 8:
        node = parser_blank(below(2) == 0 ? NODE_LUNATION : NODE_EVERY_LUNATIONS);
        node.n = node.kind == NODE_LUNATION ? 900 + below(1000) : one_to(40);
        node.from = node.kind == NODE_LUNATION || (node.n == 1 && below(2) == 0) ? TREE_NONE
                                                                                 : 900 + below(400);
        return add(node);
    case 9:
        node = parser_blank(NODE_NTH_EVENT);
        node.n = below(5) == 0 ? TREE_LAST : one_to(4);
        node.unit = (enum unit[]){UNIT_YEAR, UNIT_MONTH, UNIT_SEASON}[below(3)];
        node.month = node.unit == UNIT_MONTH ? below(13) : 0;
        node.from =
            node.unit == UNIT_SEASON && below(2) == 0 ? EVENT_MARCH_EQUINOX + below(4) : TREE_NONE;
        node.a = make_event();
        return add(node);
    case 10:
        node = parser_blank(NODE_BLUE_MOON);
        node.is_seasonal = below(2) == 0;
        return add(node);
    case 11:
        node = parser_blank(NODE_SHIFT);
        node.unit = below(2) == 0 ? UNIT_DAY : UNIT_WEEK;
        node.n = one_to(500) * (below(2) == 0 ? 1 : -1);
        node.a = make_nested(depth);
        return add(node);
    case 12:
        node = parser_blank(NODE_WEEKDAY_REL);
        node.relation = (enum relation)below(5);
        node.n = node.relation == REL_NEAREST ? 1 : one_to(9);
        node.weekday = one_to(7);
        node.a = make_nested(depth);
        return add(node);
    case 13:
        node = parser_blank(NODE_WEEKEND);
        node.relation =
            (enum relation[]){REL_AFTER, REL_BEFORE, REL_NEAREST, REL_CONTAINING}[below(4)];
        node.n = node.relation == REL_NEAREST ? 1 : 0;
        node.a = make_nested(depth);
        return add(node);
    case 14:
        node = parser_blank(NODE_EVENT_REL);
        node.relation = (enum relation)below(5);
        node.n = node.relation == REL_NEAREST ? 1 : one_to(20);
        node.a = make_event();
        node.b = make_nested(depth);
        return add(node);
    case 15:
        node = parser_blank(NODE_WORKING);
        node.n = one_to(300) * (below(2) == 0 ? 1 : -1);
        node.a = make_nested(depth);
        node.mask = below(2) == 0 ? some_weekdays() : 0;
        return add(node);
    case 16:
        node = parser_blank(NODE_SPAN);
        node.n = 1 + one_to(20);
        node.a = make_nested(depth);
        return add(node);
    default:
        node = parser_blank(NODE_WEEK);
        node.a = make_nested(depth);
        return add(node);
    }
}

static int32_t make(int depth)
{
    struct node node;
    int32_t left = make_simple(depth);
    if (depth <= 0) {
        return left;
    }
    if (below(6) == 0) {
        node = parser_blank(NODE_SET);
        node.set = (enum set_operation)below(3);
        node.a = left;
        node.b = make_simple(depth - 1);
        left = add(node);
    }
    switch (below(12)) {
    case 0:
        node = parser_blank(NODE_IF);
        node.mask = some_weekdays();
        node.relation = below(2) == 0 ? REL_AFTER : REL_BEFORE;
        node.weekday = below(8);
        node.is_also = below(3) == 0;
        if (below(3) == 0) {
            node.kind = NODE_WHILE;
            node.is_also = false;
            node.mask = 0;
            node.b = make_simple(0);
        }
        break;
    case 1:
        node = parser_blank(NODE_SKIP);
        node.mask = some_weekdays();
        break;
    case 2:
        node = parser_blank(NODE_ONLY);
        node.only = (enum predicate)below(7);
        node.mask = node.only == ONLY_WEEKDAYS ? some_weekdays()
                    : node.only == ONLY_MONTHS ? (uint32_t)(2 * one_to(4095))
                                               : 0;
        break;
    default:
        return left;
    }
    node.a = left;
    return add(node);
}

static void make_time(void)
{
    static const char *const cities[] = {"Rome", "Athens, GR", "New York", "São Paulo",
                                         "34.05,-118.25 in America/Los_Angeles"};
    made.clock = (struct civil_time){below(24), below(60), below(3) == 0 ? below(60) : 0, 0};
    made.time = (enum time_kind)below(TIME_SUN + 1);
    if ((made.time == TIME_PLACES || made.time == TIME_SUN) && made.names > 0) {
        made.time = TIME_ZONE; /* the time's places are the first */
    }
    if (made.time == TIME_NONE) {
        made.clock = (struct civil_time){0};
    } else if (made.time == TIME_ZONE) {
        snprintf(made.zone, sizeof made.zone, "Europe/Kyiv");
    } else if (made.time == TIME_PLACES || made.time == TIME_SUN) {
        made.places = made.names = (size_t)(2 + below(3));
        size_t first = (size_t)below(5);
        for (size_t i = 0; i < made.places; i++) {
            snprintf(made.place[i], sizeof made.place[i], "%s", cities[(first + i) % 5]);
        }
    }
    made.is_day_start = made.time != TIME_NONE && made.time != TIME_EVERYWHERE && below(6) == 0;
    if (made.time == TIME_SUN) {
        made.clock = (struct civil_time){0};
        made.sun = (enum sun_event)below(SUN_EVENTS);
        made.sun_offset.ns = below(2) == 0 ? 0 : (below(600) - 300) * 60 * NS_PER_S;
        made.has_else = below(2) == 0;
        made.is_else_skip = made.has_else && below(2) == 0;
        if (made.has_else && !made.is_else_skip) {
            made.else_clock = (struct civil_time){below(24), below(60), 0, 0};
        }
    }
    if (made.time != TIME_NONE && below(2) == 0) {
        made.duration.ns = one_to(720 * 3600) * NS_PER_S;
    }
    if (below(3) == 0) {
        made.since = (struct bound_date){true, {1700 + below(200), 0, 0}};
    }
    if (below(3) == 0) {
        made.until = (struct bound_date){true, {2000 + below(200), one_to(12), one_to(28)}};
    }
    if (below(5) == 0) {
        made.every_years = one_to(500);
        made.every_years_from = 1900 + below(200);
    }
}

static struct civil_date some_date(void)
{
    return (struct civil_date){1900 + below(200), one_to(12), one_to(28)};
}

static void some_bounds(struct bound_date *out, size_t *count)
{
    *count = (size_t)below(3);
    for (size_t i = 0; i < *count; i++) {
        out[i] = (struct bound_date){true, some_date()};
        if (below(2) == 0) {
            out[i].date.month = out[i].date.day = 0;
        }
    }
}

/* Bounds of every kind, and what else stands after what is selected. */
static void make_clauses(void)
{
    static const char *const turns[] = {"Bologna", "Lisboa", "Athens", "a choir"};
    if (below(4) == 0 && made.since.is_given && !made.until.is_given) {
        made.times = one_to(30);
    }
    if (below(5) == 0) {
        some_bounds(made.exception, &made.exceptions);
    }
    if (below(5) == 0 && made.time != TIME_NONE) {
        some_bounds(made.addition, &made.additions);
        for (size_t i = 0; i < made.additions; i++) {
            made.addition[i].date = some_date();
        }
    }
    if (below(6) == 0) {
        made.moves = 1;
        made.move[0].from = some_date();
        made.move[0].to = some_date();
    }
    if (below(6) == 0) {
        made.is_anniversary = true;
        made.anniversary = some_date();
        made.is_round = below(2) == 0;
        made.has_minute = below(2) == 0;
        made.minute = made.has_minute ? (struct civil_time){below(24), below(60), 0, 0}
                                      : (struct civil_time){0};
        if (made.has_minute && made.time == TIME_ZONE) {
            made.time = TIME_MINUTE;
            made.is_day_start = false;
            made.clock = (struct civil_time){0};
            snprintf(made.zone, sizeof made.zone, "Europe/Kyiv");
        }
    }
    if (below(6) == 0) {
        made.turns = 2;
        made.turn_by = (enum rotation)below(3);
        made.turn_from.is_given = made.turn_by != TURN_BY_LUNATION;
        made.turn_from.date.year = made.turn_from.is_given ? 1900 + below(200) : 0;
        if (made.turn_by == TURN_BY_MONTH) {
            made.turn_from.date = some_date();
        }
        made.turn_lunation = made.turn_by == TURN_BY_LUNATION ? 900 + below(500) : 0;
        for (size_t i = 0; i < made.turns; i++) {
            snprintf(made.turn[i], sizeof made.turn[i], "%s", turns[below(4)]);
        }
    }
}

static bool is_same_node(int32_t a, int32_t b)
{
    if (a == TREE_NONE || b == TREE_NONE) {
        return a == b;
    }
    const struct node *x = &made.node[a], *y = &again.node[b];
    return x->kind == y->kind && x->n == y->n && x->weekday == y->weekday && x->month == y->month &&
           x->mask == y->mask && x->unit == y->unit && x->relation == y->relation &&
           x->set == y->set && x->only == y->only && x->event == y->event &&
           x->calendar == y->calendar && memcmp(&x->date, &y->date, sizeof x->date) == 0 &&
           x->is_orthodox == y->is_orthodox && x->is_also == y->is_also &&
           x->degrees == y->degrees && x->from == y->from && x->place == y->place &&
           x->magnitude_pct == y->magnitude_pct && x->altitude_deg == y->altitude_deg &&
           x->is_seasonal == y->is_seasonal && is_same_node(x->a, y->a) && is_same_node(x->b, y->b);
}

static bool is_same_bound(const struct bound_date *a, const struct bound_date *b)
{
    return a->is_given == b->is_given && memcmp(&a->date, &b->date, sizeof a->date) == 0;
}

static bool is_same_rule(void)
{
    bool is_same = made.time == again.time && made.sun == again.sun &&
                   made.sun_offset.ns == again.sun_offset.ns && made.has_else == again.has_else &&
                   made.is_else_skip == again.is_else_skip && made.places == again.places &&
                   made.duration.ns == again.duration.ns && made.every_years == again.every_years &&
                   made.every_years_from == again.every_years_from &&
                   memcmp(&made.clock, &again.clock, sizeof made.clock) == 0 &&
                   memcmp(&made.else_clock, &again.else_clock, sizeof made.else_clock) == 0 &&
                   is_same_bound(&made.since, &again.since) &&
                   is_same_bound(&made.until, &again.until) && strcmp(made.zone, again.zone) == 0;
    for (size_t i = 0; is_same && i < made.names; i++) {
        is_same = strcmp(made.place[i], again.place[i]) == 0;
    }
    return is_same && is_same_node(made.root, again.root);
}

static const char *const form_name[NODE_KINDS] = {
#define FORM(name, what, days, words) [NODE_##name] = #name,
#include "rules/forms.def"
#undef FORM
};

static void every_form_that_is_written_is_read_as_the_same_tree(void **state)
{
    (void)state;
    bool is_tried[NODE_KINDS] = {false};
    seed = UINT64_C(20261129);
    print_message("seed %llu\n", (unsigned long long)seed);
    int tries = is_deep() ? 200000 : 5000, held = 0;
    for (int i = 0; i < tries; i++) {
        char text[RULE_TEXT_SIZE], second[RULE_TEXT_SIZE];
        memset(&made, 0, sizeof made);
        made.root = make(3);
        make_time();
        make_clauses();
        size_t len = rule_write(&made, text);
        if (len > RULE_TEXT_MAX || read_once(text, len, &parser, &again) != RULE_OK) {
            if (len <= RULE_TEXT_MAX && !parser.has_failed) {
                print_error("%s\n  does not read\n", text);
                fail();
            }
            continue; /* a rule that cannot be: no such date, several days with a time */
        }
        (void)rule_write(&again, second);
        assert_string_equal(second, text);
        if (!is_same_rule()) {
            print_error("%s\n  reads as another tree\n", text);
            fail();
        }
        held++;
        for (int32_t k = 0; k < again.nodes; k++) {
            is_tried[again.node[k].kind] = true;
        }
    }
    for (int kind = 0; kind < NODE_KINDS; kind++) {
        if (!is_tried[kind]) {
            fail_msg("no rule with %s was made and read", form_name[kind]);
        }
    }
    print_message("%d of %d trees are rules\n", held, tries);
    assert_true(held > tries / 2);
}

/* In each language: said, and heard as the same line. */
static void what_is_said_is_heard_as_the_same_rule(void **state)
{
    (void)state;
    seed = UINT64_C(20261130);
    int tries = is_deep() ? 20000 : 60, held = 0;
    size_t lost[LANGUAGES] = {0};
    for (int i = 0; i < tries; i++) {
        char text[RULE_TEXT_SIZE], heard[RULE_TEXT_SIZE], said[SENTENCE_SIZE];
        memset(&made, 0, sizeof made);
        made.root = make(2);
        make_time();
        make_clauses();
        size_t len = rule_write(&made, text);
        if (len > RULE_TEXT_MAX || read_once(text, len, &parser, &again) != RULE_OK) {
            continue;
        }
        held++;
        for (int language = 0; language < LANGUAGES; language++) {
            size_t size = sentence_say(&made, (enum language)language, said);
            assert_true(size < SENTENCE_SIZE);
            struct rule *rule = NULL;
            struct rule_error error = {0};
            *heard = '\0';
            if (size > RULE_TEXT_MAX) {
                continue; /* longer than what is read */
            }
            if (lines_read(said, size, &rule, &error) == RULE_OK) {
                rule_write(rule, heard);
                rule_free(rule);
            }
            if (strcmp(heard, text) != 0) {
                print_error("%s\n  said  %s\n  heard %s %s\n", text, said, heard, error.message);
                lost[language]++;
            }
        }
    }
    print_message("%d rules in %d languages\n", held, LANGUAGES);
    for (int language = 0; language < LANGUAGES; language++) {
        assert_int_equal(lost[language], 0);
    }
    assert_true(held > tries / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_that_is_written_is_read_as_the_same_tree),
        cmocka_unit_test(what_is_said_is_heard_as_the_same_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
