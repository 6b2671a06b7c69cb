/* remark.c -- why there is no occurrence, and how one came about, in words. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "occurrences/context.h"
#include "rules/write.h"
#include "text/text.h"
#include "words/asks.h"
#include "words/sayings.h"
#include "words/words.h"

bool rule_remark_equal(const struct rule_remark *a, const struct rule_remark *b)
{
    return a->kind == b->kind && a->n == b->n && a->year == b->year && a->weekday == b->weekday &&
           a->which == b->which && a->day == b->day && a->day_to == b->day_to &&
           a->count == b->count && a->at.ns == b->at.ns && a->away.ns == b->away.ns &&
           strcmp(a->name, b->name) == 0 && strcmp(a->of, b->of) == 0;
}

static const char *weekday_name(int32_t weekday)
{
    return weekday == 0 ? "day" : words_name(WORD_WEEKDAY, weekday);
}

static const char *weekday_of(int32_t day)
{
    return words_name(WORD_WEEKDAY, (int32_t)civil_weekday(day));
}

static void say_candidate(const struct rule_remark *remark, char out[static RULE_REMARK_SIZE])
{
    const char *role = remark->kind == REMARK_CHOSEN       ? "chosen"
                       : remark->kind == REMARK_CANDIDATE  ? "candidate"
                       : remark->kind == REMARK_ONE_BEFORE ? "the one before it"
                                                           : "the one after it";
    char when[32], date[16];
    double away = (double)remark->away.ns / (double)NS_PER_DAY;
    context_utc_text(remark->at, when);
    context_date_text(remark->day, date);
    snprintf(out, RULE_REMARK_SIZE, "%s: %s on %s, %.2f days %s %s%s", role, remark->name, when,
             away < 0 ? -away : away, away < 0 ? "before" : "after", date,
             remark->n != 0 ? ": the nearest" : "");
}

/* The sentence in the reader's language, where it has one. */
struct told {
    enum language reader;
    char *text; /* RULE_REMARK_SIZE */
};

static void tell(struct told told, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(struct told told, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format = asks_in(told.reader, format);
    vsnprintf(told.text, RULE_REMARK_SIZE, format, args);
    va_end(args);
}

static void tell_no_date(struct told told, const struct rule_remark *remark)
{
    bool is_plain = remark->which == CALENDAR_GREGORIAN;
    char month[sizeof remark->name + 32];
    snprintf(month, sizeof month, "%s%s%s", remark->name, is_plain ? "" : " ",
             is_plain ? "" : words_name(WORD_CALENDAR, remark->which));
    tell(told, "%d has no %d %s", remark->year, remark->n, month);
}

static void tell_too_few(struct told told, const struct rule_remark *remark)
{
    const char *plural = text_s(remark->count);
    if (remark->n == 0) {
        tell(told, "%s has %zu %s%s: no last one", remark->of, remark->count, remark->name, plural);
    } else {
        tell(told, "%s has %zu %s%s: no %d%s", remark->of, remark->count, remark->name, plural,
             remark->n, write_ordinal_ending(remark->n));
    }
}

/* Kinds with their numbers are what the core hands out, so that programs count and compare them;
 * the only place where one becomes a sentence. */
void rule_remark_write(const struct rule_remark *remark, enum language reader,
                       char out[static RULE_REMARK_SIZE])
{
    const struct told told = {reader, out};
    int32_t n = remark->n;
    char from[16], to[16], when[32];
    switch (remark->kind) {
    case REMARK_NOT_ROUND:
        tell(told, "the %d%s anniversary is not round", n, write_ordinal_ending(n));
        return;
    case REMARK_EXCEPTED:
        tell(told, "excepted by the rule");
        return;
    case REMARK_NO_SUN:
        tell(told,
             remark->which != 0 ? "at %s there is no %s on this day"
                                : "at %s there is no %s on this day; say what then: else 22:00",
             remark->name, language_names[reader].sun[n]);
        return;
    case REMARK_BELOW_HORIZON:
        tell(told, "that contact is below the horizon of %s", remark->name);
        return;
    case REMARK_NO_DATE:
        tell_no_date(told, remark);
        return;
    case REMARK_NO_WEEKDAY:
        tell(told, "in %d-%02d there is no %d%s %s", remark->year, remark->which, n,
             write_ordinal_ending(n), weekday_name(remark->weekday));
        return;
    case REMARK_NO_WORKING_DAY:
        tell(told, "no working day within 400 days");
        return;
    case REMARK_TAKEN_AWAY:
        tell(told, "taken away by \"minus\"");
        return;
    case REMARK_NO_FREE_DAY:
        tell(told, "no free day within a year");
        return;
    case REMARK_WEEKDAY:
        tell(told, "a %s", language_names[reader].weekday[remark->weekday]);
        return;
    case REMARK_TOO_FEW:
        tell_too_few(told, remark);
        return;
    case REMARK_NONE_NEAR:
        tell(told, "no %s within reach", remark->name);
        return;
    case REMARK_TIMES_OVER:
        tell(told, "its %d times are over", n);
        return;
    case REMARK_ENDED:
        tell(told, "the rule ended in %d", remark->year);
        return;
    case REMARK_TO_BEGIN:
        tell(told, "the rule begins in %d", remark->year);
        return;
    case REMARK_COUNTED:
        context_date_text(remark->day, from);
        context_date_text(remark->day_to, to);
        tell(told, "counted from %s, a %s: it falls on %s, a %s", from, weekday_of(remark->day), to,
             weekday_of(remark->day_to));
        return;
    case REMARK_MOVED:
        context_date_text(remark->day, from);
        tell(told, "%s is a %s: %s %s %s", from, weekday_of(remark->day),
             n != 0 ? "also the" : "moved to the",
             remark->which == REL_BEFORE  ? "previous"
             : remark->which == REL_AFTER ? "next"
                                          : "nearest",
             weekday_name(remark->weekday));
        return;
    case REMARK_HAS:
        tell(told, "%s has %zu %s%s", remark->of, remark->count, remark->name,
             text_s(remark->count));
        return;
    case REMARK_MEASURED:
        context_date_text(remark->day, from);
        context_utc_text(remark->at, when);
        tell(told, "%s is measured from %s", from, when);
        return;
    case REMARK_CHOSEN:
    case REMARK_CANDIDATE:
    case REMARK_ONE_BEFORE:
    case REMARK_ONE_AFTER:
        say_candidate(remark, out);
        return;
    }
}
