/* read_clauses.c -- reads what follows the selection: times, places, lengths, bounds. */
#include <string.h>
#include <strings.h>

#include "rules/parser.h"

/* --- when in the day ------------------------------------------------------------------------ */

/* London, Ontario: the next of two places, or where the first lies?  Fails, asking. */
static bool is_region_of(struct parser *p, size_t city, size_t region, const char *name)
{
    struct place place;
    char country[3];
    const struct token *t = &p->token[region];
    bool is_bare = p->token[city].kind == TOKEN_WORD && t->kind == TOKEN_WORD;
    for (size_t i = city; i + 1 < region; i++) {
        is_bare = is_bare && p->token[i].kind == TOKEN_WORD;
    }
    bool is_place = places_find(name, strlen(name), &place) != PLACES_NONE;
    bool is_region = places_is_region(name, strlen(name)) ||
                     (!is_place && places_find_country(name, strlen(name), country));
    if (is_bare && is_region) {
        const struct token *last = &p->token[p->at - 1];
        size_t len = (size_t)(last->text + last->len - p->token[city].text);
        if (is_place) {
            p->is_asking = !p->has_failed;
            (void)parser_fail(
                p, region,
                "two places, or one that lies in %.60s?  For two write \"and\" between "
                "them; for one its country, or its position",
                name);
        } else {
            (void)parser_doubt_place(p, city, p->token[city].text, len);
        }
        return true;
    }
    return false;
}

static bool read_places(struct parser *p)
{
    struct rule *rule = p->rule;
    if (take(p, "all")) {
        rule->is_all_places = true;
        if (!take(p, "in")) {
            return true;
        }
        return take_country(p, rule->country);
    }
    /* the time's places stand first in rule->place; those of an eclipse were read before them */
    char named[TREE_PLACES_MAX][RULE_NAME_SIZE];
    size_t count = 0;
    size_t from = p->at, before;
    do {
        before = from;
        from = p->at;
        if (count + rule->names >= TREE_PLACES_MAX) {
            return parser_fail(p, p->at, "at most %d places", TREE_PLACES_MAX);
        }
        if (!take_place(p, true, named[count]) ||
            (count > 0 && is_region_of(p, before, from, named[count]))) {
            return false;
        }
        count++;
    } while (take_sign(p, ','));
    memmove(rule->place + count, rule->place, rule->names * sizeof *rule->place);
    memcpy(rule->place, named, count * sizeof *rule->place);
    for (int32_t i = 0; i < rule->nodes; i++) {
        rule->node[i].place += rule->node[i].place != TREE_NONE ? (int32_t)count : 0;
    }
    rule->places = count;
    rule->names += count;
    return true;
}

/* A clock at one city is that of its zone, and written so.  A position has its zone already. */
static bool use_zone_of_place(struct rule *rule)
{
    struct place place;
    if (rule->is_all_places || rule->places != 1 ||
        places_find(rule->place[0], strlen(rule->place[0]), &place) != PLACES_FOUND ||
        place.is_position) {
        return true;
    }
    rule->time = TIME_ZONE;
    rule->places = 0;
    rule->names--;
    memcpy(rule->zone, place.zone, sizeof rule->zone);
    memmove(rule->place, rule->place + 1, rule->names * sizeof *rule->place);
    for (int32_t i = 0; i < rule->nodes; i++) {
        rule->node[i].place -= rule->node[i].place != TREE_NONE;
    }
    return true;
}

/* Where a clock is: the words after 20:00. */
static bool read_clock_place(struct parser *p, bool may_be_everywhere)
{
    struct rule *rule = p->rule;
    if (take(p, "utc")) {
        rule->time = TIME_UTC;
        return true;
    }
    if (take(p, "at")) {
        rule->time = TIME_PLACES;
        return read_places(p) && use_zone_of_place(rule);
    }
    if (may_be_everywhere && take(p, "everywhere")) {
        rule->time = TIME_EVERYWHERE;
        return true;
    }
    const struct token *t = parser_token(p);
    bool is_zone = t->kind == TOKEN_WORD && memchr(t->text, '/', t->len) != NULL;
    if (!take(p, "in") && !is_zone) {
        return false;
    }
    rule->time = TIME_ZONE;
    return take_zone(p, rule->zone);
}

static bool read_else(struct parser *p)
{
    if (!take(p, "else")) {
        return true;
    }
    p->rule->has_else = true;
    p->rule->is_else_skip = take(p, "skip");
    return p->rule->is_else_skip || take_clock(p, &p->rule->else_clock);
}

/* A token like 15m, or a count and a word.  *is_days tells 2d from 48h, which last as long but
 * where clocks are set forward or back: whole days take only the first. */
static bool take_span(struct parser *p, span *out, bool *is_days)
{
    static const struct {
        const char *one, *many;
        int32_t seconds;
    } units[] = {{"second", "seconds", 1},
                 {"minute", "minutes", 60},
                 {"hour", "hours", 3600},
                 {"day", "days", 86400}};
    const struct token *t = parser_token(p);
    *is_days = t->is_days;
    if (t->kind == TOKEN_DURATION) {
        out->ns = t->duration.ns;
        p->at++;
        return true;
    }
    int32_t n;
    if (!take_number(p, "a duration like 15m", &n)) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        if (take(p, units[i].many) || take_quietly(p, units[i].one)) {
            *is_days = i == 3;
            *out = scan_span(n, units[i].seconds);
            return true;
        }
    }
    return false;
}

/* sunset [+ 30m] at PLACES [else 22:00] */
static bool read_sun(struct parser *p, int32_t sun)
{
    struct rule *rule = p->rule;
    rule->time = TIME_SUN;
    rule->sun = (enum sun_event)sun;
    bool is_minus = take_sign(p, '-'), is_days;
    if (is_minus || take_sign(p, '+')) {
        size_t at = p->at;
        if (!take_span(p, &rule->sun_offset, &is_days)) {
            return false;
        }
        if (rule->sun_offset.ns > 12 * 3600 * NS_PER_S) {
            return parser_fail(p, at, "at most 12 hours from the %s", words_name(WORD_SUN, sun));
        }
        rule->sun_offset.ns *= is_minus ? -1 : 1;
    } else {
        parser_expect(p, "+");
        parser_expect(p, "-");
    }
    if (!take(p, "at")) {
        return false;
    }
    return read_places(p) && read_else(p);
}

static bool read_time(struct parser *p)
{
    struct rule *rule = p->rule;
    int32_t sun;
    if (rule->time != TIME_NONE) {
        return parser_fail(p, p->at - 1, "a second time of day");
    }
    if (take(p, "the minute it happened") || take_quietly(p, "the minute")) {
        rule->time = TIME_MINUTE;
        /* until a zone is named, UTC */
        return !take(p, "in") || take_zone(p, rule->zone);
    }
    if (take_quietly(p, "noon")) {
        rule->clock = (struct civil_time){.hour = 12};
        return read_clock_place(p, true);
    }
    if (take_word(p, WORD_SUN, "sunrise, sunset or another of the sun's times", &sun)) {
        return read_sun(p, sun);
    }
    return take_clock(p, &rule->clock) && read_clock_place(p, true);
}

/* day from sunset at PLACE; day from 18:00 in ZONE */
static bool read_day_start(struct parser *p)
{
    struct rule *rule = p->rule;
    int32_t sun;
    if (rule->time != TIME_NONE) {
        return parser_fail(p, p->at - 1, "a second time of day");
    }
    if (take_quietly(p, "midnight")) {
        return true; /* as it is anyway */
    }
    rule->is_day_start = true;
    if (take_word(p, WORD_SUN, "sunset", &sun)) {
        return read_sun(p, sun);
    }
    return take_clock(p, &rule->clock) && read_clock_place(p, false);
}

/* --- how long, how often, since when -------------------------------------------------------- */

static bool read_for(struct parser *p)
{
    struct rule *rule = p->rule;
    size_t at = p->at;
    span duration;
    bool is_days;
    if (parser_token(p)->kind == TOKEN_NUMBER && p->token[at + 1].kind == TOKEN_WORD &&
        strncasecmp(p->token[at + 1].text, "times", 5) == 0 && p->token[at + 1].len == 5) {
        rule->times = parser_token(p)->number;
        p->at += 2;
        return (rule->times >= 1 && rule->times <= 100000) ||
               parser_fail(p, at, "1 to 100000 times");
    }
    parser_expect(p, "a count of times");
    if (!take_span(p, &duration, &is_days)) {
        return false;
    }
    if (rule->duration.ns != 0) {
        return parser_fail(p, at, "a second duration");
    }
    if (duration.ns < NS_PER_S || duration.ns > 720 * 3600 * NS_PER_S) {
        return parser_fail(p, at, "durations run from 1s to 720h");
    }
    rule->duration = duration;
    rule->is_duration_days = is_days;
    return true;
}

/* 1946 or 1946-04-25 */
static bool take_bound(struct parser *p, struct bound_date *out)
{
    struct civil_date date = {0};
    size_t at = p->at;
    if (parser_token(p)->kind == TOKEN_DATE) {
        if (!take_date(p, &date)) {
            return false;
        }
    } else if (!take_number(p, "a year or a date like 2027-04-25", &date.year)) {
        return false;
    }
    if (date.year < 1700 || date.year > 2249) {
        return parser_fail(p, at, "years run from 1700 to 2249");
    }
    *out = (struct bound_date){true, date};
    return true;
}

static bool take_only_bound(struct parser *p, struct bound_date *out)
{
    size_t word = p->at - 1;
    if (out->is_given) {
        return parser_fail(p, word, "a second \"%.*s\"", (int)p->token[word].len,
                           p->token[word].text);
    }
    return take_bound(p, out);
}

static bool read_dates(struct parser *p, struct bound_date *list, size_t *count, bool or_years)
{
    do {
        size_t at = p->at;
        struct bound_date one = {0};
        if (*count == TREE_DATES_MAX) {
            return parser_fail(p, at, "at most %d dates", TREE_DATES_MAX);
        }
        if (!take_bound(p, &one)) {
            return false;
        }
        if (!or_years && one.date.month == 0) {
            return parser_fail(p, at, "a date like 2027-04-25 is needed here");
        }
        list[(*count)++] = one;
    } while (take_sign(p, ','));
    return true;
}

static bool read_move(struct parser *p)
{
    struct rule *rule = p->rule;
    if (rule->moves == TREE_MOVES_MAX) {
        return parser_fail(p, p->at, "at most %d moves", TREE_MOVES_MAX);
    }
    if (!take_date(p, &rule->move[rule->moves].from) || !take(p, "to") ||
        !take_date(p, &rule->move[rule->moves].to)) {
        return false;
    }
    rule->moves++;
    return true;
}

static bool read_anniversary(struct parser *p)
{
    struct rule *rule = p->rule;
    if (rule->is_anniversary) {
        return parser_fail(p, p->at - 1, "a second anniversary");
    }
    rule->is_anniversary = true;
    if (!take_date(p, &rule->anniversary)) {
        return false;
    }
    if (parser_token(p)->kind == TOKEN_CLOCK) {
        rule->has_minute = take_clock(p, &rule->minute);
    } else {
        parser_expect(p, "the time it happened");
    }
    rule->is_round = take(p, "round");
    return true;
}

/* "rotate [Rome, Lisbon] by year from 1946".  Whether "year" or "month" was taken is told by the
 * length of the word, so a third unit needs another way. */
static bool read_rotation(struct parser *p)
{
    struct rule *rule = p->rule;
    if (rule->turns > 0) {
        return parser_fail(p, p->at - 1, "a second rotation");
    }
    if (!take_sign(p, '[')) {
        parser_expect(p, "[");
        return false;
    }
    do {
        if (rule->turns == TREE_TURNS_MAX) {
            return parser_fail(p, p->at, "at most %d turns", TREE_TURNS_MAX);
        }
        if (!take_name(p, rule->turn[rule->turns])) {
            return false;
        }
        rule->turns++;
    } while (take_sign(p, ','));
    if (!take_sign(p, ']')) {
        parser_expect(p, ",");
        parser_expect(p, "]");
        return false;
    }
    if (!take(p, "by")) {
        return false;
    }
    if (take(p, "lunation")) {
        rule->turn_by = TURN_BY_LUNATION;
        return take(p, "from") && take_number(p, "a Brown lunation number", &rule->turn_lunation);
    }
    if (!take(p, "year") && !take(p, "month")) {
        return false;
    }
    rule->turn_by = (parser_token(p) - 1)->len == 4 ? TURN_BY_YEAR : TURN_BY_MONTH;
    return take(p, "from") && take_bound(p, &rule->turn_from);
}

/* "every 4 years [from 2024]" */
static bool read_years(struct parser *p)
{
    struct rule *rule = p->rule;
    size_t at = p->at;
    if (!take_number(p, "a count of years", &rule->every_years) ||
        !(take(p, "years") || take_quietly(p, "year"))) {
        return false;
    }
    if (rule->every_years < 1 || rule->every_years > 500) {
        return parser_fail(p, at, "every 1 to 500 years");
    }
    struct bound_date from = {0};
    if (take(p, "from")) {
        if (!take_bound(p, &from)) {
            return false;
        }
        rule->every_years_from = from.date.year;
    }
    return true;
}

/* In any order.  A clause is known by its first words; "in" is a zone's only where no time has said
 * one, and "skip" is "except" only where a date follows: else it is of what is selected. */
static bool read_clause(struct parser *p, bool *found)
{
    struct rule *rule = p->rule;
    *found = true;
    if (take(p, "at")) {
        return read_time(p);
    }
    if (take(p, "day from")) {
        return read_day_start(p);
    }
    if (rule->time == TIME_NONE && rule->zone[0] == '\0' && take(p, "in")) {
        return take_zone(p, rule->zone);
    }
    if (take(p, "for")) {
        return read_for(p);
    }
    if (take(p, "since")) {
        return take_only_bound(p, &rule->since);
    }
    if (take(p, "until")) {
        return take_only_bound(p, &rule->until);
    }
    if (take(p, "every")) {
        return read_years(p);
    }
    if ((parser_is_skip_of_dates(p) && take_quietly(p, "skip")) || take(p, "except")) {
        return read_dates(p, rule->exception, &rule->exceptions, true);
    }
    if (take(p, "move")) {
        return read_move(p);
    }
    if (take(p, "add")) {
        return read_dates(p, rule->addition, &rule->additions, false);
    }
    if (take(p, "anniversary of")) {
        return read_anniversary(p);
    }
    if (take(p, "rotate")) {
        return read_rotation(p);
    }
    *found = false;
    return true;
}

/* --- what cannot be meant ------------------------------------------------------------------- */

static bool check_duration(struct parser *p, bool is_days)
{
    const struct rule *rule = p->rule;
    if (is_days && rule->duration.ns != 0 && !rule->is_duration_days) {
        return parser_fail(p, p->tokens - 1,
                           "whole days last days: say \"for 2d\", or give a time with \"at\"");
    }
    return true;
}

static bool is_after(struct bound_date a, struct bound_date b)
{
    return a.date.year > b.date.year ||
           (a.date.year == b.date.year && a.date.month > 0 && b.date.month > 0 &&
            civil_date_compare(a.date, b.date) > 0);
}

/* Whether no day can have both; false also where that is not known. */
static bool is_never_both(const struct rule *rule, int32_t a, int32_t b)
{
    const struct node *x = &rule->node[a], *y = &rule->node[b];
    if (x->kind == NODE_SET && x->set == SET_OR) {
        return is_never_both(rule, x->a, b) && is_never_both(rule, x->b, b);
    }
    if (x->kind == NODE_SET && x->set == SET_AND) {
        return is_never_both(rule, x->a, b) || is_never_both(rule, x->b, b);
    }
    if (x->kind != y->kind) {
        return y->kind == NODE_SET && is_never_both(rule, b, a);
    }
    switch ((int)x->kind) {
    case NODE_EVERY_WEEKDAY:
        return x->weekday != 0 && y->weekday != 0 && x->weekday != y->weekday;
    case NODE_DATE:
    case NODE_ANNUAL:
        return x->calendar == y->calendar && x->b == TREE_NONE && y->b == TREE_NONE &&
               (x->date.year != y->date.year || x->date.month != y->date.month ||
                x->date.day != y->date.day || x->date.is_leap != y->date.is_leap);
    case NODE_NTH_WEEKDAY:
        return x->month != 0 && y->month != 0 && x->month != y->month;
    case NODE_MOON:
    case NODE_SEASON:
        return x->event != y->event;
    default:
        return false;
    }
}

/* What holds only of the whole line, once all of it is known: each part is right by itself, and
 * together they would mean nothing, or two things. */
static bool check(struct parser *p)
{
    const struct rule *rule = p->rule;
    size_t end = p->tokens - 1;
    bool is_instant = tree_is_instant(rule, rule->root);
    bool is_days = rule->time == TIME_NONE && !is_instant;
    if (rule->time == TIME_MINUTE && !rule->has_minute && !is_instant) {
        return parser_fail(p, end, "the minute is not known: give \"anniversary of DATE TIME\"");
    }
    for (int32_t i = 0; i < rule->nodes; i++) {
        const struct node *node = &rule->node[i];
        if (node->kind == NODE_SET && node->set == SET_OR && rule->time == TIME_NONE &&
            tree_is_instant(rule, node->a) != tree_is_instant(rule, node->b)) {
            return parser_fail(p, end, "days and instants together need a time: add \"at ...\"");
        }
        if (node->kind == NODE_SET && node->set == SET_AND &&
            is_never_both(rule, node->a, node->b)) {
            p->is_never_both = true;
            return parser_fail(p, end, "what \"and\" joins never falls on one day: say \"or\"");
        }
        if (node->kind == NODE_INSTANT && i == rule->root && rule->time != TIME_NONE) {
            return parser_fail(p, end, "an instant already has its time");
        }
    }
    if (rule->time != TIME_NONE && !rule->is_day_start && tree_days(rule, rule->root) > 1) {
        return parser_fail(p, end,
                           "these are several days, and a time would be that of the first alone: "
                           "name one day, or leave the time out");
    }
    if (rule->is_day_start && is_instant) {
        return parser_fail(p, end, "\"day from\" is for days, and this rule gives instants");
    }
    if (rule->since.is_given && rule->until.is_given && is_after(rule->since, rule->until)) {
        return parser_fail(p, end, "it ends before it begins: until %d, since %d",
                           rule->until.date.year, rule->since.date.year);
    }
    if (rule->times > 0 && !rule->since.is_given) {
        return parser_fail(p, end, "\"for %d times\" must say since when", rule->times);
    }
    if (rule->every_years > 1 && rule->every_years_from == 0 && !rule->since.is_given) {
        return parser_fail(p, end, "\"every %d years\" must say from which", rule->every_years);
    }
    if (rule->additions > 0 && rule->time == TIME_NONE && is_instant) {
        return parser_fail(p, end, "a date cannot be added to instants without a time");
    }
    return check_duration(p, is_days);
}

/* An instant of a whole second is the time of a date, and written so. */
static bool use_date_of_instant(struct rule *rule)
{
    struct node *node = &rule->node[rule->root];
    if (node->kind != NODE_INSTANT || node->at.ns % NS_PER_S != 0) {
        return true;
    }
    struct civil at = civil_from_utc(node->at);
    node->kind = NODE_DATE;
    node->date = (struct calendar_date){at.date.year, at.date.month, at.date.day, false};
    node->at = (utc){0};
    rule->time = TIME_UTC;
    rule->clock = at.time;
    return true;
}

bool read_clauses(struct parser *p)
{
    for (;;) {
        bool found;
        if (!read_clause(p, &found) || p->has_failed) {
            return false;
        }
        if (found) {
            continue;
        }
        size_t at = p->at;
        p->rule->root = read_adjusts(p, p->rule->root);
        if (p->rule->root == TREE_NONE) {
            return false;
        }
        if (p->at == at) {
            break;
        }
    }
    if (parser_token(p)->kind != TOKEN_END) {
        parser_expect(p, "the end of the rule");
        return false;
    }
    return check(p) && use_date_of_instant(p->rule);
}
