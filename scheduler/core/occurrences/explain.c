#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/calendar.h"
#include "instants/stamp.h"
#include "occurrences/evaluate.h"
#include "rules/write.h"
#include "words/words.h"

/* First what the words mean, then how the first occurrence came about: the evaluator's own trace of
 * that day, so that the explanation cannot differ from the answer. */

struct teller {
    rule_line *line;
    void *context;
};

static void say(const struct teller *teller, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct teller *teller, const char *format, ...)
{
    char text[RULE_TEXT_SIZE + 256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    teller->line(teller->context, text);
}

/* --- what the words mean ---------------------------------------------------------------------- */

static void say_relation(const struct teller *t, const struct node *node)
{
    static const char *const of[] = {
        [REL_ON_OR_AFTER] = "\"on or after\" includes the day itself",
        [REL_AFTER] = "\"after\" leaves the day itself out",
        [REL_ON_OR_BEFORE] = "\"on or before\" includes the day itself",
        [REL_BEFORE] = "\"before\" leaves the day itself out",
        [REL_NEAREST] = "\"nearest\" measures from noon of the day; a tie goes to the earlier",
        [REL_CONTAINING] = "a weekend containing monday to friday is the one that follows",
    };
    if (node->kind == NODE_WEEKEND && node->relation == REL_NEAREST) {
        say(t, "the nearest weekend: of monday, tuesday and wednesday the one before");
    } else if (node->kind == NODE_WEEKDAY_REL && node->relation == REL_NEAREST) {
        say(t, "the nearest weekday: at most three days away, on the day itself if it is one");
    } else {
        say(t, "%s", of[node->relation]);
    }
}

/* What a reader of the rule cannot see in its words: reckonings, and what becomes of dates that do
 * not exist.  The forms at the end say all by themselves; they are named so that a new one is
 * thought about. */
static void say_node(const struct teller *t, const struct node *node)
{
    const char *otherwise =
        node->b == TREE_NONE ? "are passed over" : "take the date after \"else\"";
    switch (node->kind) {
    case NODE_DATE:
    case NODE_ANNUAL:
        if (node->calendar != CALENDAR_GREGORIAN) {
            say(t, "the date is one of the %s calendar; years that lack it %s",
                words_name(WORD_CALENDAR, (int32_t)node->calendar), otherwise);
        } else if (node->kind == NODE_ANNUAL && node->date.month == 2 && node->date.day == 29) {
            say(t, "29 february exists in leap years only; the others %s", otherwise);
        }
        return;
    case NODE_EASTER:
        say(t, node->is_orthodox
                   ? "orthodox easter: by the Julian reckoning, dated in the Gregorian calendar"
                   : "easter: the Western (Gregorian) reckoning");
        return;
    case NODE_WORKING:
        say(t, "working days leave out %s",
            node->mask == 0 && node->b == TREE_NONE ? "saturdays and sundays" : "the days named");
        return;
    case NODE_WEEKDAY_REL:
    case NODE_WEEKEND:
    case NODE_EVENT_REL:
        say_relation(t, node);
        return;
    case NODE_MOON:
    case NODE_LUNATION:
    case NODE_EVERY_LUNATIONS:
    case NODE_BLUE_MOON:
        say(t, node->kind == NODE_BLUE_MOON
                   ? node->is_seasonal
                         ? "a seasonal blue moon: the third full moon of a season that has four"
                         : "a blue moon: the second full moon of a civil month"
               : node->kind == NODE_MOON
                   ? "phases are those of the Moon's and the Sun's apparent longitudes"
                   : "lunations carry Brown's numbers, counted from new moon");
        return;
    case NODE_SEASON:
    case NODE_TERM:
        say(t, "equinoxes, solstices and terms are instants of the Sun's apparent longitude");
        return;
    case NODE_ECLIPSE:
        if (node->n > 0) {
            say(t,
                "contacts: the Moon touches the Sun or the Earth's shadow, lies within, begins to "
                "leave, has left; only what is above the horizon counts");
            return;
        }
        say(t, node->place == TREE_NONE ? "an eclipse's instant is that of its greatest phase, "
                                          "seen from nowhere in particular"
                                        : "an eclipse's instant is when most of it is seen from "
                                          "that place, above its horizon");
        return;
    case NODE_IF:
        say(t, "of the ifs in a row, the first that holds for the original weekday decides");
        return;
    case NODE_INSTANT:
    case NODE_NTH_WEEKDAY:
    case NODE_SHIFT:
    case NODE_WEEK:
    case NODE_SPAN:
    case NODE_EVERY_WEEKDAY:
    case NODE_EVERY_DAYS:
    case NODE_APSIS:
    case NODE_NTH_EVENT:
    case NODE_SET:
    case NODE_WHILE:
    case NODE_SKIP:
    case NODE_ONLY:
        return;
    }
}

/* What a time leaves unsaid: who shares its instant, and what becomes of a day whose clocks or Sun
 * lack it.  Morning and evening are told apart by the order of enum sun_event, where noon, between
 * sunset and dawn, turns odd and even over. */
static void say_time(const struct teller *t, const struct rule *rule)
{
    bool is_instant = tree_is_instant(rule, rule->root);
    switch (rule->time) {
    case TIME_NONE:
        if (is_instant) {
            say(t, "no time is given, so it is the very instant, the same everywhere");
        } else if (rule->zone[0] != '\0') {
            say(t, "whole days, from midnight to midnight in %s", rule->zone);
        } else {
            say(t, "no time is given, so it is whole days, each place's own; it never rings");
        }
        return;
    case TIME_UTC:
    case TIME_ZONE:
        say(t, "the clock is that of %s, so it is the same instant everywhere; %s",
            rule->time == TIME_UTC ? "UTC" : rule->zone,
            rule->time == TIME_UTC
                ? "no daylight saving moves it"
                : "where the clocks skip it the first instant after counts, where they "
                  "repeat it the earlier");
        return;
    case TIME_PLACES:
        say(t, rule->places == 1 ? "the clock is that of the place: one instant"
                                 : "each place at its own clock: a wave");
        return;
    case TIME_EVERYWHERE:
        say(t, "every place at its own clock: a wave that takes about 25 hours round the world");
        return;
    case TIME_SUN:
        say(t, "%s is that of the place's %s%s", words_name(WORD_SUN, (int32_t)rule->sun),
            rule->sun == SUN_NOON || rule->sun >= SUN_MOONRISE ? "civil day"
            : rule->sun % 2 == (rule->sun <= SUN_SUNSET ? 0 : 1)
                ? "morning, even where it is before midnight"
                : "evening, even where it is after midnight",
            !rule->has_else      ? "; days without it have no occurrence"
            : rule->is_else_skip ? "; days without it are skipped"
                                 : "; days without it take the time after \"else\"");
        return;
    case TIME_MINUTE:
        say(t, "the minute is that of the event remembered");
        return;
    }
}

/* --- how the first one came about ----------------------------------------------------------- */

struct listener {
    const struct teller *teller;
    bool has_day; /* the second time: traces of this day are told */
    int32_t day;
    struct rule_occurrence first;
    size_t count;
    bool has_heard;
    struct rule_remark last;
};

static bool keep_first(void *context, const struct rule_occurrence *o)
{
    struct listener *listener = context;
    if (listener->count++ == 0) {
        listener->first = *o;
    }
    return false;
}

static void hear(void *context, int32_t day, const struct rule_remark *how)
{
    struct listener *listener = context;
    if (listener->has_day && day == listener->day &&
        (!listener->has_heard || !rule_remark_equal(how, &listener->last))) {
        char line[RULE_REMARK_SIZE];
        listener->has_heard = true;
        listener->last = *how;
        rule_remark_write(how, LANGUAGE_EN, line);
        say(listener->teller, "%s", line);
    }
}

struct reasons {
    const struct teller *teller;
    size_t count;
    struct rule_remark last;
    void (*skipped)(void *context, struct civil_date date, const struct rule_remark *why);
    void *context;
};

static void keep_reason(void *context, struct civil_date date, const struct rule_remark *why)
{
    struct reasons *reasons = context;
    if (reasons->count == 0 || (reasons->count < 5 && !rule_remark_equal(why, &reasons->last))) {
        char text[RULE_REMARK_SIZE];
        reasons->last = *why;
        rule_remark_write(why, LANGUAGE_EN, text);
        say(reasons->teller, "none about %04d-%02d: %s", date.year % 10000, date.month % 100, text);
        reasons->count++;
    }
    if (reasons->skipped != NULL) {
        reasons->skipped(reasons->context, date, why);
    }
}

static void say_first(const struct teller *t, const struct rule_occurrence *o,
                      enum rule_shape shape)
{
    char when[STAMP_TEXT_SIZE], date[STAMP_TEXT_SIZE];
    utc at = {o->start.ns - (o->error_s > 0 ? o->start.ns % NS_PER_MS : 0)};
    stamp_write(at, when);
    stamp_write_date(o->date, date);
    const char *weekday =
        words_name(WORD_WEEKDAY, (int32_t)civil_weekday(civil_day_number(o->date)));
    if (shape == RULE_WAVE_OF_DAYS) {
        say(t, "the first: %s, a %s%s", date, weekday,
            o->days > 1 ? ", and the days after it" : "");
    } else if (shape == RULE_WAVE_BY_CLOCK) {
        say(t, "the first: %s, a %s, at each place's own clock", date, weekday);
    } else {
        say(t, "the first: %s, a %s; %s%s%s%s%s", date, weekday, when,
            o->zone[0] != '\0' ? " in " : "", o->zone, o->place[0] != '\0' ? " at " : "", o->place);
    }
    if (o->note[0] != '\0') {
        say(t, "note: %s", o->note);
    }
    if (o->error_s > 0) {
        say(t, "its error is at most %.2g s%s", o->error_s,
            o->certainty == BEYOND_LEAP_TABLE
                ? ", and leap seconds yet unannounced may move its UTC"
                : "");
    }
}

/* The rule is evaluated twice: once to find the first occurrence, and once more, now that its day
 * is known, with an ear on the choices that led to it. */
enum rule_result rule_explain(const struct rule *rule, const struct rule_world *world, utc from,
                              utc to, rule_line *line, void *context, struct rule_error *error)
{
    struct teller teller = {line, context};
    struct listener listener = {.teller = &teller};
    struct rule_world quiet = *world;
    char text[RULE_TEXT_SIZE];
    rule_write(rule, text);
    say(&teller, "%s", text);
    uint64_t told = 0;
    for (int32_t i = rule->nodes; i-- > 0;) {
        const struct node *node = &rule->node[i];
        bool is_alike = (told >> (int)node->kind & 1) != 0;
        if (!is_alike) {
            say_node(&teller, node);
        }
        told |= UINT64_C(1) << (int)node->kind;
    }
    say_time(&teller, rule);
    quiet.zone_list = NULL;
    quiet.skipped = NULL;
    enum rule_result result =
        evaluate_traced(rule, &quiet, from, to, keep_first, &listener, error, NULL, NULL);
    if (result != RULE_OK) {
        return result;
    }
    if (listener.count == 0) {
        struct reasons reasons = {
            .teller = &teller, .skipped = world->skipped, .context = world->skipped_context};
        say(&teller, "there is none in this span");
        quiet.skipped = keep_reason;
        quiet.skipped_context = &reasons;
        return evaluate_traced(rule, &quiet, from, to, keep_first, &listener, error, NULL, NULL);
    }
    utc end = {listener.first.start.ns + 1};
    listener.has_day = true;
    listener.day = civil_day_number(listener.first.date);
    listener.count = 1;
    result = evaluate_traced(rule, &quiet, listener.first.start, end, keep_first, &listener, error,
                             hear, &listener);
    if (result == RULE_OK) {
        say_first(&teller, &listener.first, rule_shape(rule));
    }
    return result;
}
