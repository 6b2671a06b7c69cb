/* What recurs and is counted from a date: every other friday, every 3 weeks, every 10 days. */
#include <stdio.h>

#include "lines/selected.h"
#include "rules/write.h"
#include "text/text.h"
#include "words/words.h"

static void say_weeks_from(struct line *line, int32_t n, struct civil_date date)
{
    choices_say(&line->selected, "every %d weeks from %04d-%02d-%02d", n, date.year, date.month,
                date.day);
}

static bool is_on(struct civil_date date, int32_t weekday)
{
    return (int32_t)civil_weekday(civil_day_number(date)) == weekday;
}

/* The first so many weekdays from a day on, each as the start of a series with | before it. */
static void offer_starts(int32_t n, int32_t weekday, struct civil_date from,
                         char out[static SELECT_SIZE])
{
    int32_t day = civil_day_number(from);
    day += (weekday - (int32_t)civil_weekday(day) + 7) % 7;
    for (int32_t week = 0; week < n && week < 3; week++) {
        struct civil_date date = civil_from_day_number(day + 7 * week);
        text_join(out, SELECT_SIZE, "|", "every %d weeks from %04d-%02d-%02d", n, date.year,
                  date.month, date.day);
    }
}

/* from: the day from which starts are offered; none are where it has no year. */
static void ask_start(struct line *line, int32_t n, int32_t weekday, struct civil_date from)
{
    char readings[SELECT_SIZE] = "";
    line_ask(line, "every %d weeks, counted from which %s?", n, line_weekday(line, weekday));
    if (from.year == 0) {
        line->is_unsaid = true;
        return;
    }
    offer_starts(n, weekday, from, readings);
    choices_fork(&line->selected, readings);
}

/* The date of a "since" that is the only bound: it counts from there. */
static bool take_since(struct line *line, struct civil_date *date)
{
    struct bounds *bounds = &line->bounds;
    const struct bound first = bounds->bound[0];
    if (bounds->count == 0 || first.kind != BOUND_SINCE || first.date.month == 0) {
        return false;
    }
    *date = first.date;
    memmove(bounds->bound, &bounds->bound[1], --bounds->count * sizeof first);
    return true;
}

/* Every n days from a date, which is none where it is not said; or what is asked instead: a weekday
 * comes every 7, and 15 days are to many the word for two weeks. */
static void say_days_on(struct line *line, int32_t n, int32_t weekday, struct civil_date date)
{
    bool is_fortnight_too = line->language == LANGUAGE_FR || line->language == LANGUAGE_ES ||
                            line->language == LANGUAGE_IT || line->language == LANGUAGE_PT ||
                            line->language == LANGUAGE_EL;
    char readings[120];
    if (weekday != 0 && n != 14 && n != 15) {
        line_refuse(line, "a count of days and a weekday do not go together: write \"every 2 "
                          "weeks from\" and a date, or leave the weekday out");
    } else if (weekday != 0) {
        line_ask(line, "every two weeks?  A count of days and a weekday do not go together");
        if (date.year != 0 && is_on(date, weekday)) {
            say_weeks_from(line, 2, date);
        } else {
            ask_start(line, 2, weekday, date.year != 0 ? date : line->today);
        }
    } else if (date.year == 0) {
        line_ask(line, "every %d %s, counted from which day?  Add \"from\" and a date", n, "days");
    } else if (n == 15 && is_fortnight_too) {
        line_ask(line, "every 14 days or every 15?");
        snprintf(readings, sizeof readings,
                 "every 2 weeks from %04d-%02d-%02d|every 15 days from %04d-%02d-%02d", date.year,
                 date.month, date.day, date.year, date.month, date.day);
        choices_fork(&line->selected, readings);
    } else {
        choices_say(&line->selected, "every %d days from %04d-%02d-%02d", n, date.year, date.month,
                    date.day);
    }
}

/* Every last thursday, every first monday of the month: what is counted in a month, where "every"
 * adds nothing. */
size_t say_every_counted(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *what = &piece[2], *next = &piece[3];
    bool is_weekday = what->kind == PIECE_WEEKDAY;
    bool is_last = is_word(&piece[1], "last") && is_weekday;
    bool is_nth =
        piece[1].kind == PIECE_ORDINAL && (is_weekday || is_event(what) || is_word(what, "day"));
    if (!is_word(piece, "every") || (!is_last && !is_nth)) {
        return 0;
    }
    if (line->is_monthly || is_word(next, "of")) {
        return 1;
    }
    if (is_last && next->kind == PIECE_END) {
        choices_say(&line->selected, "last %s of month", weekday_name(what));
        return 3;
    }
    return 0;
}

/* Every so many weeks, as heard. */
struct weeks {
    size_t end;         /* the piece after it */
    int32_t n, weekday; /* 0: none */
    bool is_ordinal;    /* "every second": perhaps of the month */
    bool is_number;     /* "every 2 weeks", and from when, or nothing, where no weekday is named */
};

/* every [other | 2nd | n weeks on] [weekday | week]; false: none is here. */
static bool hear_weeks(const struct line *line, size_t i, struct weeks *out)
{
    const struct piece *piece = &line->select[i], *next = &piece[2];
    *out = (struct weeks){.n = 2, .is_ordinal = piece[1].kind == PIECE_ORDINAL};
    out->is_number = piece[1].kind == PIECE_NUMBER && IS_ONE_OF(next, "week", "weeks");
    if (!is_word(piece, "every") ||
        (!is_word(&piece[1], "other") && !out->is_ordinal && !out->is_number)) {
        return false;
    }
    out->n = out->is_ordinal || out->is_number ? piece[1].n : 2;
    next += out->is_number ? 1 : 0;
    next += out->is_number && is_word(next, "of") ? 1 : 0;
    out->weekday = next->kind == PIECE_WEEKDAY ? next->n : 0;
    bool is_week = !out->is_number && IS_ONE_OF(next, "week", "weeks");
    bool is_bare = out->is_number && (next->kind == PIECE_END || is_word(next, "from"));
    next += out->weekday != 0 || is_week ? 1 : 0;
    out->end = (size_t)(next - line->select);
    return out->weekday != 0 || is_week || is_bare;
}

/* Every second tuesday: of the month, or every other? */
static void ask_ordinal(struct line *line, const struct weeks *weeks)
{
    char readings[SELECT_SIZE];
    const char *ending = write_ordinal_ending(weeks->n);
    const char *weekday = words_name(WORD_WEEKDAY, weeks->weekday);
    snprintf(readings, sizeof readings, "%d%s %s of month", weeks->n, ending, weekday);
    line_ask(line, "the %d%s %s of each month, or every %d weeks from a date?", weeks->n, ending,
             weekday, weeks->n);
    if (line->today.year != 0) {
        offer_starts(weeks->n, weeks->weekday, line->today, readings);
    }
    choices_fork(&line->selected, readings);
}

/* Every other friday, every 2 weeks from DATE. */
size_t say_every_other(struct line *line, size_t i)
{
    struct weeks weeks;
    char text[DATE_WORDS_SIZE];
    struct civil_date date;
    if (!hear_weeks(line, i, &weeks)) {
        return 0;
    }
    const struct piece *next = &line->select[weeks.end];
    size_t used = is_word(next, "from") ? date_at(line, weeks.end + 1, text, &date) : 0;
    if (used > 0 && date.year != 0 && civil_date_is_valid(date)) {
        if (weeks.weekday != 0 && !is_on(date, weeks.weekday)) {
            line_refuse(line, "%04d-%02d-%02d is a %s, not a %s", date.year, date.month, date.day,
                        line_weekday(line, (int32_t)civil_weekday(civil_day_number(date))),
                        line_weekday(line, weeks.weekday));
        }
        say_weeks_from(line, weeks.n, date);
        return weeks.end + 1 + used - i;
    }
    if (weeks.is_number && weeks.weekday == 0 && next->kind == PIECE_END) {
        line_ask(line, "every %d %s, counted from which day?  Add \"from\" and a date", weeks.n,
                 "weeks");
    } else if (used > 0 || weeks.weekday == 0) {
        return 0;
    } else if (weeks.is_ordinal && weeks.n == 1 && next->kind == PIECE_END) {
        choices_say(&line->selected, "1st %s of month", words_name(WORD_WEEKDAY, weeks.weekday));
    } else if (weeks.n > 5 || weeks.n < 2) {
        return 0;
    } else if (weeks.is_ordinal) {
        ask_ordinal(line, &weeks);
    } else {
        ask_start(line, weeks.n, weeks.weekday, line->today);
    }
    return weeks.end - i;
}

/* Every other friday, alle zwei Wochen montags, un jueves de cada dos, a giorni alterni; its pieces
 * in any order. */
size_t say_alternating(struct line *line, size_t i)
{
    bool is_alternating = false, is_days = false, is_every = false, is_of_date = false;
    int32_t n = 2, weekday = 0;
    struct civil_date date = {0};
    char text[80];
    if (i != 0 || line->is_monthly) {
        return 0;
    }
    for (size_t at = 0; at < line->selects;) {
        const struct piece *piece = &line->select[at], *next = piece + 1;
        bool is_counted = is_day_unit(next) || next->kind == PIECE_WEEKDAY;
        size_t used = 1;
        if (is_word(piece, "every")) {
            is_every = true;
        } else if (IS_ONE_OF(piece, "other", "fortnightly", "alternate days")) {
            is_alternating = true;
            is_days = is_days || is_word(piece, "alternate days"); /* dia sim, dia não */
        } else if (piece->kind == PIECE_WEEKDAY && weekday == 0 && !is_day(next)) {
            weekday = piece->n;
            is_of_date = date_at(line, at + 1, text, &date) > 0; /* from friday may 7 2027 */
            date = (struct civil_date){0};
        } else if (is_day_unit(piece)) {
            is_days = IS_ONE_OF(piece, "day", "days");
        } else if (is_every && is_counted &&
                   (piece->kind == PIECE_NUMBER ||
                    (piece->kind == PIECE_ORDINAL && next->kind != PIECE_WEEKDAY)) &&
                   !piece->is_article) {
            n = piece->n;
            is_alternating = true;
        } else if (piece->is_article || IS_ONE_OF(piece, "of", "from")) {
            used = 1;
        } else if (date.year != 0 || (used = date_at(line, at, text, &date)) == 0 ||
                   date.year == 0 || !civil_date_is_valid(date)) {
            return 0;
        }
        at += used;
    }
    if (!is_alternating || n < 2 || n > 300) {
        return 0;
    }
    bool is_begun = date.year != 0 || take_since(line, &date);
    bool is_right = is_of_date && is_on(date, weekday);
    if (is_days) {
        say_days_on(line, n, is_right ? 0 : weekday, date);
    } else if (!is_begun && weekday != 0) {
        ask_start(line, n, weekday, line->today);
    } else if (!is_begun) {
        line_ask(line, "every %d %s, counted from which day?  Add \"from\" and a date", n, "weeks");
    } else if (weekday != 0 && !is_on(date, weekday)) {
        ask_start(line, n, weekday, date);
    } else {
        say_weeks_from(line, n, date);
    }
    return line->selects;
}
