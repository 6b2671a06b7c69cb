#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/calendar.h"
#include "instants/stamp.h"
#include "list/list.h"
#include "occurrences/evaluate.h"
#include "rules/write.h"
#include "text/text.h"

/* Evaluation goes year by year of the rule's own civil calendar: a year is complete or not begun,
 * so keys and counts do not depend on the span that was asked for. */

/* --- what bounds leave of a year -------------------------------------------------------------- */

static bool bound_holds(struct bound_date bound, struct civil_date date)
{
    return date.year == bound.date.year &&
           (bound.date.month == 0 || civil_date_compare(bound.date, date) == 0);
}

static bool is_excepted(const struct rule *rule, struct civil_date date)
{
    for (size_t i = 0; i < rule->exceptions; i++) {
        if (bound_holds(rule->exception[i], date)) {
            return true;
        }
    }
    return false;
}

static bool is_before(struct civil_date date, struct bound_date bound)
{
    return date.year < bound.date.year ||
           (bound.date.month > 0 && civil_date_compare(date, bound.date) < 0);
}

static bool is_past(struct civil_date date, struct bound_date bound)
{
    return date.year > bound.date.year ||
           (bound.date.month > 0 && civil_date_compare(date, bound.date) > 0);
}

/* What lies outside of the rule goes first and in silence; a reason is told only of a day that
 * would be one otherwise.  The reader sees to it that "every 4 years" has a year to count from. */
static bool is_in_bounds(const struct context *s, const struct match *match)
{
    const struct rule *rule = s->rule;
    struct civil_date date = civil_from_day_number(match->day);
    if ((rule->since.is_given && is_before(date, rule->since)) ||
        (rule->until.is_given && is_past(date, rule->until))) {
        return false;
    }
    if (rule->every_years > 1) {
        int32_t from = rule->every_years_from != 0 ? rule->every_years_from : rule->since.date.year;
        if (date.year < from || floor_mod(date.year - from, rule->every_years) != 0) {
            return false;
        }
    }
    if (rule->is_anniversary) {
        int32_t nth = date.year - rule->anniversary.year;
        if (nth < 1) {
            return false;
        }
        if (rule->is_round && nth % 5 != 0) {
            context_skip(s, match->day, (struct rule_remark){.kind = REMARK_NOT_ROUND, .n = nth});
            return false;
        }
    }
    if (is_excepted(rule, date)) {
        context_skip(s, match->day, (struct rule_remark){.kind = REMARK_EXCEPTED});
        return false;
    }
    return true;
}

/* "move D to E" moves only what is there: a D of another year is looked for by itself, since its
 * match may come into this one. */
static bool move_matches(struct context *s, int32_t lo, int32_t hi, struct matches *matches)
{
    const struct rule *rule = s->rule;
    for (size_t m = 0; m < rule->moves; m++) {
        int32_t from = civil_day_number(rule->move[m].from),
                to = civil_day_number(rule->move[m].to);
        bool is_there = false;
        for (size_t i = 0; i < matches->count; i++) {
            if (matches->at[i].day == from) {
                memmove(&matches->at[i], &matches->at[i + 1],
                        (matches->count - i - 1) * sizeof *matches->at);
                matches->count--;
                is_there = true;
                break;
            }
        }
        if (to < lo || to >= hi) {
            continue;
        }
        if (!is_there && (from < lo || from >= hi)) {
            struct matches other = {0};
            bool ok = select_matches(s, rule->root, from, from + 1, &other);
            is_there = ok && other.count > 0;
            matches_close(&other);
            if (!ok) {
                return false;
            }
        }
        if (!is_there) {
            continue;
        }
        struct match *match = context_add(s, matches, to);
        if (match == NULL) {
            return false;
        }
        context_date_text(from,
                          match->note + snprintf(match->note, sizeof match->note, "moved from "));
    }
    return context_sort(s, matches);
}

/* Years are evaluated whole, one by one, so that the answer for a day does not depend on the span
 * that was asked for.  Moves and additions come after the bounds: whoever names a day wants it. */
static bool matches_of_year(struct context *s, int32_t year, struct matches *matches)
{
    const struct rule *rule = s->rule;
    int32_t lo = civil_day_number((struct civil_date){year, 1, 1});
    int32_t hi = civil_day_number((struct civil_date){year + 1, 1, 1});
    context_begin_year(s);
    matches->count = 0;
    if (!select_matches(s, rule->root, lo, hi, matches)) {
        return false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < matches->count; i++) {
        if (is_in_bounds(s, &matches->at[i])) {
            if (kept != i) {
                matches->at[kept] = matches->at[i];
            }
            kept++;
        }
    }
    matches->count = kept;
    if (!move_matches(s, lo, hi, matches)) {
        return false;
    }
    for (size_t i = 0; i < rule->additions; i++) {
        int32_t day = civil_day_number(rule->addition[i].date);
        if (day < lo || day >= hi || matches_has_day(matches, day)) {
            continue;
        }
        struct match *match = context_add(s, matches, day);
        if (match == NULL) {
            return false;
        }
        match->days = tree_days(rule, rule->root);
        snprintf(match->note, sizeof match->note, "added by the rule");
    }
    return context_sort(s, matches);
}

/* --- from matches to occurrences ------------------------------------------------------------- */

struct run {
    struct context in;
    utc from, to;
    rule_sink *sink;
    void *context;
    int32_t counted; /* of "for n times" */
    bool is_stopped;
    struct rule_occurrence *waiting; /* owned; of one day that has several */
    size_t waits, room;
};

static bool wait(void *context, const struct rule_occurrence *o)
{
    struct run *run = context;
    if (o->start.ns < run->from.ns || o->start.ns >= run->to.ns) {
        return true;
    }
    if (!LIST_ROOM(run->waiting, run->waits, run->room)) {
        return context_fail(&run->in, RULE_NO_MEMORY, "out of memory");
    }
    run->waiting[run->waits++] = *o;
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct rule_occurrence *x = a, *y = b;
    return x->start.ns != y->start.ns ? (x->start.ns > y->start.ns) - (x->start.ns < y->start.ns)
                                      : strcmp(x->place, y->place);
}

static void give_waiting(struct run *run)
{
    list_sort(run->waiting, run->waits, sizeof *run->waiting, by_start);
    for (size_t i = 0; i < run->waits && !run->is_stopped; i++) {
        run->is_stopped = !run->sink(run->context, &run->waiting[i]);
    }
    run->waits = 0;
}

static void write_digits(char *out, int32_t value, int digits)
{
    while (digits-- > 0) {
        out[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* The year; the date when the year has several; then -2, -3 for more on one date. */
static void write_key(const struct matches *matches, size_t i, struct civil_date date,
                      char out[static RULE_KEY_SIZE])
{
    write_digits(out, date.year, 4);
    size_t len = 4;
    if (matches->count > 1) {
        out[4] = out[7] = '-';
        write_digits(out + 5, date.month, 2);
        write_digits(out + 8, date.day, 2);
        len = 10;
    }
    int32_t nth = 1;
    while (i > 0 && matches->at[i - 1].day == matches->at[i].day) {
        nth++;
        i--;
    }
    if (nth > 1) {
        out[len] = '-';
        write_digits(out + len + 1, nth, nth > 9 ? 2 : 1);
        len += nth > 9 ? 3 : 2;
    }
    out[len] = '\0';
}

/* Turns are taken before the first one, too, hence floor_mod.  A year alone begins in January.  A
 * day that has no lunation of its own has that of its noon. */
static bool note_turn(struct context *s, const struct match *match, struct rule_occurrence *o)
{
    const struct rule *rule = s->rule;
    struct civil_date date = o->date, from = rule->turn_from.date;
    int32_t step = 0, lunation = match->lunation;
    switch (rule->turn_by) {
    case TURN_BY_YEAR:
        step = date.year - from.year;
        break;
    case TURN_BY_MONTH:
        step = 12 * (date.year - from.year) + date.month - (from.month == 0 ? 1 : from.month);
        break;
    case TURN_BY_LUNATION:
        if (!match->has_lunation) {
            utc at = match->has_instant
                         ? match->at
                         : context_instant(s->zone, match->day, (struct civil_time){.hour = 12});
            if (!almanac_lunation(s->almanac, s->leaps, at, &lunation)) {
                return context_fail(s, RULE_NO_MEMORY, "out of memory");
            }
        }
        step = lunation - rule->turn_lunation;
        break;
    }
    text_join(o->note, sizeof o->note, "; ", "turn of %s",
              rule->turn[floor_mod(step, (int32_t)rule->turns)]);
    return true;
}

static bool begin(struct run *run, const struct matches *matches, size_t i,
                  struct rule_occurrence *o)
{
    const struct match *match = &matches->at[i];
    const struct rule *rule = run->in.rule;
    o->date = civil_from_day_number(match->day);
    o->days = 0;
    o->error_s = 0;
    o->certainty = CERTAIN;
    o->zone[0] = o->place[0] = '\0';
    write_key(matches, i, o->date, o->key);
    memcpy(o->note, match->note, sizeof match->note);
    if (rule->is_anniversary) {
        int32_t nth = o->date.year - rule->anniversary.year;
        text_join(o->note, sizeof o->note, "; ", "%d%s anniversary", nth,
                  write_ordinal_ending(nth));
    }
    return rule->turns == 0 || note_turn(&run->in, match, o);
}

/* Why a whole span is empty. */
static void tell_span(const struct context *s, struct civil_date from, struct rule_remark why)
{
    if (s->world->skipped != NULL) {
        s->world->skipped(s->world->skipped_context, from, &why);
    }
}

/* Gives a year's occurrences; false when it has failed or the sink has stopped. */
static bool run_year(struct run *run, int32_t year, struct matches *matches)
{
    const struct rule *rule = run->in.rule;
    int32_t from_day = (int32_t)(run->from.ns / NS_PER_DAY),
            to_day = (int32_t)(run->to.ns / NS_PER_DAY);
    int32_t first_day = civil_day_number((struct civil_date){year, 1, 1});
    int32_t last_day = civil_day_number((struct civil_date){year + 1, 1, 1});
    run->in.first_day = first_day > from_day ? first_day : from_day;
    run->in.last_day = last_day < to_day ? last_day : to_day + (run->to.ns % NS_PER_DAY != 0);
    /* every place's clock lies within two days of its date's UTC */
    int64_t slack = 3 * NS_PER_DAY;
    if (!matches_of_year(&run->in, year, matches)) {
        return false;
    }
    struct rule_occurrence o;
    for (size_t i = 0; i < matches->count; i++) {
        if (rule->times > 0 && run->counted++ >= rule->times) {
            tell_span(&run->in, civil_from_utc(run->from).date,
                      (struct rule_remark){.kind = REMARK_TIMES_OVER, .n = rule->times});
            return false;
        }
        int64_t near = matches->at[i].day * NS_PER_DAY;
        if (near < run->from.ns - slack || near > run->to.ns + slack) {
            continue;
        }
        if (!begin(run, matches, i, &o) ||
            !occurrences_of(&run->in, &matches->at[i], &o, wait, run)) {
            return false;
        }
        if (i + 1 == matches->count || matches->at[i + 1].day != matches->at[i].day) {
            give_waiting(run);
        }
        if (run->is_stopped) {
            return false;
        }
    }
    return true;
}

/* It lies before or after the rule. */
static void tell_bounds(const struct context *s, struct civil_date from)
{
    if (s->rule->until.is_given && from.year > s->rule->until.date.year) {
        tell_span(s, from,
                  (struct rule_remark){.kind = REMARK_ENDED, .year = s->rule->until.date.year});
    } else if (s->rule->since.is_given) {
        tell_span(s, from,
                  (struct rule_remark){.kind = REMARK_TO_BEGIN, .year = s->rule->since.date.year});
    }
}

static void run_years(struct run *run)
{
    const struct rule *rule = run->in.rule;
    int32_t first = civil_from_utc((utc){run->from.ns - 3 * NS_PER_DAY}).date.year;
    int32_t last = civil_from_utc((utc){run->to.ns + 3 * NS_PER_DAY}).date.year;
    if (rule->times > 0) {
        first = rule->since.date.year; /* what is counted is counted from there */
    } else if (rule->since.is_given && first < rule->since.date.year) {
        first = rule->since.date.year;
    }
    if (rule->until.is_given && last > rule->until.date.year) {
        last = rule->until.date.year;
    }
    for (size_t i = 0; i < rule->additions; i++) {
        int32_t year = rule->addition[i].date.year;
        last = year > last && year <= civil_from_utc(run->to).date.year ? year : last;
    }
    if (first > last) {
        tell_bounds(&run->in, civil_from_utc(run->from).date);
    }
    struct matches matches = {0};
    for (int32_t year = first; year <= last && run_year(run, year, &matches); year++) {
    }
    matches_close(&matches);
}

enum rule_result evaluate_traced(const struct rule *rule, const struct rule_world *world, utc from,
                                 utc to, rule_sink *sink, void *context, struct rule_error *error,
                                 evaluate_trace *trace, void *trace_context)
{
    struct rule_error unwanted;
    error = error != NULL ? error : &unwanted;
    *error = (struct rule_error){0};
    if (from.ns < UTC_EARLIEST_S * NS_PER_S || to.ns > UTC_LATEST_S * NS_PER_S || to.ns < from.ns) {
        snprintf(error->message, sizeof error->message,
                 to.ns < from.ns ? "the span ends before it begins"
                                 : "the span leaves 1700-01-01 to 2250-01-01");
        return RULE_OUT_OF_RANGE;
    }
    struct run run = {.from = from, .to = to, .sink = sink, .context = context};
    if (context_init(&run.in, rule, world, error)) {
        run.in.trace = trace;
        run.in.trace_context = trace_context;
        run_years(&run);
    }
    context_close(&run.in);
    free(run.waiting);
    return run.in.result;
}

enum rule_result rule_evaluate(const struct rule *rule, const struct rule_world *world, utc from,
                               utc to, rule_sink *sink, void *context, struct rule_error *error)
{
    return evaluate_traced(rule, world, from, to, sink, context, error, NULL, NULL);
}
