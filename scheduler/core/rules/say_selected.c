#include <stdio.h>

#include "rules/cutter.h"
#include "rules/slots.h"
#include "rules/write.h"
#include "words/words.h"

static const char *weekday_name(const struct piece *piece)
{
    return words_name(WORD_WEEKDAY, piece->n);
}

static bool is_day(const struct piece *piece)
{
    return (piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL) && piece->n >= 1 &&
           piece->n <= 31;
}

/* A date that stands at i: its length, and its words. */
static size_t date_at(const struct line *line, size_t i, char out[static 80],
                      struct civil_date *date)
{
    const struct piece *piece = &line->select[i], *month, *day;
    size_t used = 2;
    *date = (struct civil_date){0};
    if (piece->kind == PIECE_DATE) {
        *date = piece->date;
        if (date->year != 0) {
            snprintf(out, 80, "%04d-%02d-%02d", date->year, date->month, date->day);
        } else {
            snprintf(out, 80, "%d %s", date->day, words_name(WORD_MONTH, date->month));
        }
        return 1;
    }
    if (is_day(piece) && piece[1].kind == PIECE_MONTH) {
        day = piece;
        month = &piece[1];
    } else if (is_day(piece) && is_word(&piece[1], "of") && piece[2].kind == PIECE_MONTH) {
        day = piece;
        month = &piece[2];
        used = 3;
    } else if (piece->kind == PIECE_MONTH && is_day(&piece[1])) {
        day = &piece[1];
        month = piece;
    } else {
        return 0;
    }
    size_t year = used + (is_word(&piece[used], "of") ? 1 : 0);
    bool has_year = piece[year].kind == PIECE_NUMBER && piece[year].n >= 1000;
    const char *name =
        month->n != 0 ? words_name(WORD_MONTH, month->n < 0 ? -month->n : month->n) : month->word;
    if (has_year) {
        snprintf(out, 80, "%d %s %d", day->n, name, piece[year].n);
        used = year + 1;
    } else {
        snprintf(out, 80, "%d %s", day->n, name);
    }
    if (month->n > 0) {
        *date = (struct civil_date){has_year ? piece[used - 1].n : 0, month->n, day->n};
    }
    return used;
}

/* "friday 1 may 2027": the weekday must be right, and without the year it says
 * something more. */
static size_t say_weekday_and_date(struct line *line, size_t i)
{
    char text[80];
    struct civil_date date;
    const struct piece *weekday = &line->select[i];
    size_t gap = is_word(&weekday[1], "of") ? 1 : 0, used = date_at(line, i + 1 + gap, text, &date);
    if (used == 0 || weekday->is_plural || date.month == 0) {
        return 0;
    }
    if (date.year == 0) {
        char readings[260];
        int n = snprintf(readings, sizeof readings, "%s only on %s|%s", text, weekday_name(weekday),
                         text);
        const struct piece *nth = &weekday[1 + gap];
        if (line->language == LANGUAGE_AR && nth->kind == PIECE_ORDINAL && nth->n <= 5 && n > 0) {
            /* السبت الثالث من أكتوبر: the third saturday, or the third, a saturday? */
            snprintf(readings + n, sizeof readings - (size_t)n, "|%d%s %s of %s", nth->n,
                     write_ordinal_ending(nth->n), weekday_name(weekday),
                     words_name(WORD_MONTH, date.month));
        }
        choices_fork(&line->selected, readings);
        line_ask(line, "%s of every year, or only where it is a %s?  Or name the year", text,
                 line_weekday(line, weekday->n));
        return used + 1 + gap;
    }
    if (!civil_date_is_valid(date)) {
        return 0;
    }
    int32_t is = (int32_t)civil_weekday(civil_day_number(date));
    if (is != weekday->n) {
        line_refuse(line, "%04d-%02d-%02d is a %s, not a %s", date.year, date.month, date.day,
                    words_name(WORD_WEEKDAY, is), weekday_name(weekday));
    }
    choices_say(&line->selected, "%s", text);
    return used + 1 + gap;
}

/* 1st and 15th of each month, every 2nd and 4th friday of the month, todo dia
 * 13 */
static size_t say_ordinals_of_month(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    int32_t n[6];
    size_t count = 0, at = is_word(piece, "every") ? 1 : 0;
    bool has_day = is_word(&piece[at], "day") && piece[at + 1].kind == PIECE_NUMBER;
    bool has_every = at > 0 || (has_day && line->is_monthly); /* el día 15 de cada mes */
    at += has_day ? 1 : 0;
    while (count < 6 && is_day(&piece[at])) {
        n[count++] = piece[at++].n;
        if (!is_word(&piece[at], "and") && !is_word(&piece[at], "or")) {
            break;
        }
        at++;
        at += is_word(&piece[at], "of") ? 1 : 0;
    }
    const struct piece *what = &piece[at];
    bool is_weekday = what->kind == PIECE_WEEKDAY && !what->is_plural;
    at += is_weekday || is_word(what, "day") ? 1 : 0;
    bool is_of_month = is_word(&piece[at], "of") && is_word(&piece[at + 1], "month");
    at += is_of_month ? 2 : 0;
    if (i != 0 || count == 0 || piece[at].kind != PIECE_END ||
        (count == 1 && (!has_every || is_weekday)) ||
        !(is_of_month || line->is_monthly || (has_every && count == 1))) {
        return 0;
    }
    char text[SELECT_SIZE] = "";
    for (size_t k = 0; k < count; k++) {
        size_t used = strlen(text);
        if (is_weekday && n[k] > 5) {
            return 0;
        }
        snprintf(text + used, sizeof text - used, "%s%d%s %s of month", k > 0 ? " or " : "", n[k],
                 write_ordinal_ending(n[k]), is_weekday ? weekday_name(what) : "day");
    }
    line->is_monthly = false;
    choices_say(&line->selected, "%s", text);
    return at;
}

/* الجمعة الأخيرة من كل شهر */
static size_t say_ordinal_after(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *next = &piece[1];
    bool is_last = is_word(next, "last");
    bool is_nth = next->kind == PIECE_ORDINAL && next->n <= 5 && next[1].kind == PIECE_END &&
                  line->is_monthly;
    if (piece->kind != PIECE_WEEKDAY || piece->is_plural || (!is_last && !is_nth)) {
        return 0;
    }
    if (is_last) {
        choices_say(&line->selected, "last %s", weekday_name(piece));
    } else {
        choices_say(&line->selected, "%d%s %s", next->n, write_ordinal_ending(next->n),
                    weekday_name(piece));
    }
    return 2;
}

static bool is_event(const struct piece *piece)
{
    return piece->kind == PIECE_EVENT;
}

/* every [other | 2nd | n weeks on] weekday ... from DATE */
static size_t say_every_other(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    char text[80];
    struct civil_date date;
    size_t at = i + 1;
    int32_t n = 2, weekday = 0;
    bool is_plain = false; /* every 2 weeks from DATE */
    bool is_ordinal = piece[1].kind == PIECE_ORDINAL;
    bool is_counted = is_ordinal && (piece[2].kind == PIECE_WEEKDAY || is_event(&piece[2]) ||
                                     is_word(&piece[2], "day"));
    if (is_word(piece, "every") && is_word(&piece[1], "last") && piece[2].kind == PIECE_WEEKDAY &&
        (line->is_monthly || is_word(&piece[3], "of"))) {
        return 1; /* every last thursday of month */
    }
    if (is_word(piece, "every") && is_counted && (line->is_monthly || is_word(&piece[3], "of"))) {
        return 1; /* every first monday of month */
    }
    if (!is_word(piece, "every")) {
        return 0;
    }
    if (is_word(&piece[1], "other") || is_ordinal) {
        n = is_ordinal ? piece[1].n : 2;
        at++;
    } else if (piece[1].kind == PIECE_NUMBER && IS_ONE_OF(&piece[2], "week", "weeks")) {
        n = piece[1].n;
        at += 2;
        at += is_word(&line->select[at], "of") ? 1 : 0;
        if (line->select[at].kind == PIECE_END) {
            line_ask(line, "every %d weeks, counted from which day?  Add \"from\" and a date", n);
            return at - i;
        }
        if (line->select[at].kind != PIECE_WEEKDAY && !is_word(&line->select[at], "from")) {
            return 0;
        }
        is_plain = is_word(&line->select[at], "from");
    } else {
        return 0;
    }
    if (line->select[at].kind == PIECE_WEEKDAY) {
        weekday = line->select[at++].n;
    } else if (is_plain) {
        weekday = 0;
    } else if (IS_ONE_OF(&line->select[at], "week", "weeks")) {
        at++;
    } else {
        return 0;
    }
    size_t from = at + (is_word(&line->select[at], "from") ? 1 : 0);
    size_t used = from > at ? date_at(line, from, text, &date) : 0;
    if (used > 0 && date.year != 0 && civil_date_is_valid(date)) {
        if (weekday != 0 && (int32_t)civil_weekday(civil_day_number(date)) != weekday) {
            line_refuse(line, "%04d-%02d-%02d is a %s, not a %s", date.year, date.month, date.day,
                        words_name(WORD_WEEKDAY, (int32_t)civil_weekday(civil_day_number(date))),
                        words_name(WORD_WEEKDAY, weekday));
        }
        choices_say(&line->selected, "every %d weeks from %04d-%02d-%02d", n, date.year, date.month,
                    date.day);
        return from + used - i;
    }
    if (used > 0 || weekday == 0) {
        return 0;
    }
    if (n > 5 || n < 2) {
        return 0;
    }
    char readings[160];
    int32_t first = 1 + (weekday + 7 - 5) % 7; /* 1 January 2027 was a friday */
    int used_text = 0;
    if (is_ordinal) {
        used_text = snprintf(readings, sizeof readings, "%d%s %s of month|", n,
                             write_ordinal_ending(n), words_name(WORD_WEEKDAY, weekday));
        line_ask(line, "the %d%s %s of each month, or every %d weeks from a date?", n,
                 write_ordinal_ending(n), words_name(WORD_WEEKDAY, weekday), n);
    } else {
        line_ask(line, "every %d weeks, counted from which %s?", n, line_weekday(line, weekday));
    }
    for (int32_t week = 0; week < n && week < 3; week++) {
        int32_t day = first + 7 * week;
        used_text += snprintf(readings + used_text, sizeof readings - (size_t)used_text,
                              "%severy %d weeks from 2027-01-%02d", week > 0 ? "|" : "", n, day);
    }
    choices_fork(&line->selected, readings);
    return at - i;
}

static void ask_start(struct line *line, int32_t n, int32_t weekday, struct civil_date from)
{
    int32_t day = civil_day_number(from);
    char readings[160] = "";
    size_t used = 0;
    day += (weekday - (int32_t)civil_weekday(day) + 7) % 7;
    for (int32_t week = 0; week < n && week < 3; week++) {
        struct civil_date date = civil_from_day_number(day + 7 * week);
        used += (size_t)snprintf(readings + used, sizeof readings - used,
                                 "%severy %d weeks from %04d-%02d-%02d", week > 0 ? "|" : "", n,
                                 date.year % 10000, date.month % 100, date.day % 100);
    }
    line_ask(line, "every %d weeks, counted from which %s?", n, line_weekday(line, weekday));
    choices_fork(&line->selected, readings);
}

/* The date of a "since" that is the only bound: it counts from there. */
static bool take_since(struct line *line, struct civil_date *date)
{
    int year = 0, month = 0, day = 0, used = 0;
    if (sscanf(line->bounds, " since %d-%d-%d%n", &year, &month, &day, &used) != 3) {
        return false;
    }
    *date = (struct civil_date){year, month, day};
    memmove(line->bounds, line->bounds + used, strlen(line->bounds + used) + 1);
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
        if (date.year != 0 && (int32_t)civil_weekday(civil_day_number(date)) == weekday) {
            choices_say(&line->selected, "every 2 weeks from %04d-%02d-%02d", date.year, date.month,
                        date.day);
        } else {
            ask_start(line, 2, weekday, date.year != 0 ? date : (struct civil_date){2027, 1, 1});
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

/* Every other friday, alle zwei Wochen montags, un jueves de cada dos, a giorni
 * alterni; its pieces in any order. */
static size_t say_alternating(struct line *line, size_t i)
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
            is_days = is_word(piece, "alternate days");
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
    bool is_right = is_of_date && (int32_t)civil_weekday(civil_day_number(date)) == weekday;
    if (is_days) {
        say_days_on(line, n, is_right ? 0 : weekday, date);
    } else if (!is_begun && weekday != 0) {
        ask_start(line, n, weekday, (struct civil_date){2027, 1, 1});
    } else if (!is_begun) {
        line_ask(line, "every %d %s, counted from which day?  Add \"from\" and a date", n, "weeks");
    } else if (weekday != 0 && (int32_t)civil_weekday(civil_day_number(date)) != weekday) {
        ask_start(line, n, weekday, date);
    } else {
        choices_say(&line->selected, "every %d weeks from %04d-%02d-%02d", n, date.year, date.month,
                    date.day);
    }
    return line->selects;
}

/* Saturday and sunday, and nothing else. */
static bool are_bare_weekdays(const struct line *line, size_t i)
{
    size_t count = 0;
    for (size_t at = i; at < line->selects; at++) {
        const struct piece *piece = &line->select[at];
        if (piece->kind == PIECE_WEEKDAY && !piece->is_plural) {
            count++;
        } else if (!IS_ONE_OF(piece, "and", "or", "of")) {
            return false;
        }
    }
    return i == 0 && count > 1;
}

/* every monday, thursday and friday; mondays and thursdays */
static size_t say_weekdays(struct line *line, size_t i)
{
    size_t at = i, count = 0;
    char text[SELECT_SIZE] = "";
    bool is_every = false, is_bare = are_bare_weekdays(line, i);
    for (;;) {
        size_t next = at;
        while (is_word(&line->select[next], "of") || is_word(&line->select[next], "every")) {
            is_every = is_every || is_word(&line->select[next], "every");
            next++;
        }
        const struct piece *piece = &line->select[next];
        if (piece->kind != PIECE_WEEKDAY || (!piece->is_plural && !is_every && !is_bare)) {
            break;
        }
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%severy %s", count > 0 ? " or " : "",
                 weekday_name(piece));
        count++;
        at = next + 1;
        if (!is_word(&line->select[at], "and") && !is_word(&line->select[at], "or")) {
            break;
        }
        at++;
    }
    if (count == 0) {
        return 0;
    }
    if (is_word(&line->select[at - 1], "and") || is_word(&line->select[at - 1], "or")) {
        at--;
    }
    const struct piece *next = &line->select[at];
    if (count == 1 && is_word(next, "of") && next[1].kind == PIECE_MONTH && next[1].n > 0 &&
        !is_day(&next[2])) {
        choices_say(&line->selected, "%s only in %s", text, words_name(WORD_MONTH, next[1].n));
        return at + 2 - i;
    }
    bool is_whole = i == 0 && next->kind == PIECE_END;
    if (is_bare) {
        line_ask(line, "each of these weekdays, in every week?  Or write the dates");
    }
    choices_say(&line->selected, count > 1 && !is_whole ? "(%s)" : "%s", text);
    return at - i;
}

/* friday the 13th */
static size_t say_friday_the_13th(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    size_t at = i, gap;
    at += is_word(piece, "every") ? 1 : 0;
    const struct piece *weekday = &line->select[at];
    gap = is_word(&weekday[1], "of") ? 1 : 0;
    if (weekday->kind != PIECE_WEEKDAY || !is_day(&weekday[1 + gap]) ||
        weekday[2 + gap].kind != PIECE_END) {
        return 0;
    }
    int32_t n = weekday[1 + gap].n;
    choices_say(&line->selected, "every %s and %d%s day of month", weekday_name(weekday), n,
                write_ordinal_ending(n));
    return at + 2 + gap - i;
}

static bool is_eclipse_type(const struct piece *piece)
{
    return IS_ONE_OF(piece, "total", "partial", "annular", "hybrid", "penumbral");
}

/* full moon of october, every full moon of october */
static size_t say_event_of_month(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    size_t every = is_word(piece, "every") ? 1 : 0, gap = is_word(&piece[every + 1], "of") ? 1 : 0;
    const struct piece *month = &piece[every + 1 + gap];
    bool is_counted = i > 0 && (piece[-1].kind == PIECE_ORDINAL || is_word(&piece[-1], "last") ||
                                is_word(&piece[-1], "nearest") || is_word(&piece[-1], "every"));
    if (!is_event(&piece[every]) || month->kind != PIECE_MONTH || month->n <= 0 ||
        is_day(month + 1) || is_counted) {
        return 0;
    }
    choices_say(&line->selected, every ? "every %s only in %s" : "1st %s of %s", piece[every].word,
                words_name(WORD_MONTH, month->n));
    return every + gap + 2;
}

/* new moon closest to X */
static size_t say_nearest(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    bool is_first = is_word(piece, "nearest");
    const struct piece *what = is_first ? &piece[1] : piece;
    char text[80];
    struct civil_date date;
    size_t gap = is_word(&piece[1], "of") ? 1 : 0, day = 0;
    if ((is_event(piece) || piece->kind == PIECE_WEEKDAY) &&
        (day = date_at(line, i + 1 + gap, text, &date)) > 0 &&
        is_word(&piece[1 + gap + day], "nearest")) { /* der Neumond, der dem 1. Januar ... liegt */
        choices_say(&line->selected, "nearest %s to %s",
                    is_event(piece) ? piece->word : weekday_name(piece), text);
        return 2 + gap + day;
    }
    if ((!is_event(what) && what->kind != PIECE_WEEKDAY && !is_word(what, "weekend")) ||
        (!is_first && !is_word(&piece[1], "nearest"))) {
        return 0;
    }
    choices_say(&line->selected, "nearest %s to",
                what->kind == PIECE_WEEKDAY ? weekday_name(what) : what->word);
    size_t used = 2;
    while (is_word(&piece[used], "of") || is_word(&piece[used], "from")) {
        used++;
    }
    return used;
}

static size_t say_ordinal(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *next = &piece[1];
    bool is_last = is_word(piece, "last");
    if (piece->kind != PIECE_ORDINAL && !is_last) {
        return 0;
    }
    if (next->kind == PIECE_WEEKDAY && next[1].kind == PIECE_END && !line->is_monthly) {
        line_ask(line, "the first %s of what?  Of each month, of a month, after a day",
                 line_weekday(line, next->n));
        choices_say(&line->selected, is_last ? "last %s of month" : "1st %s of month",
                    weekday_name(next));
        return is_last || piece->n == 1 ? 2 : 0;
    }
    if (is_last && next->kind == PIECE_END && line->is_monthly) {
        choices_say(&line->selected, "last day"); /* ostatniego dnia miesiąca */
        return 1;
    }
    if (is_last) {
        choices_say(&line->selected, "last");
    } else if (next->kind == PIECE_END || (is_word(next, "of") && is_word(&next[1], "month"))) {
        if (next->kind == PIECE_END && !line->is_monthly) {
            return 0;
        }
        choices_say(&line->selected, "%d%s day", piece->n, write_ordinal_ending(piece->n));
        return 1;
    } else {
        choices_say(&line->selected, "%d%s", piece->n, write_ordinal_ending(piece->n));
    }
    /* pierwsza niedziela maja: the month without "of" */
    bool is_counted = next->kind == PIECE_WEEKDAY || is_event(next) || is_word(next, "day");
    if (next->kind == PIECE_WEEKDAY && next->is_plural) { /* les premiers lundis du mois */
        choices_say(&line->selected, "%s", weekday_name(next));
        return 2;
    }
    const struct piece *month = &next[1];
    if (is_counted && (month->kind == PIECE_MONTH || IS_ONE_OF(month, "month", "year"))) {
        choices_say(&line->selected, "%s of",
                    next->kind == PIECE_WEEKDAY ? weekday_name(next) : next->word);
        return 2;
    }
    return 1;
}

/* بعد ثلاثة أيام من عيد الفصح: the words of a shift, its direction first */
static size_t say_shift(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *next = &piece[1];
    if (i != 0 || !IS_ONE_OF(piece, "before", "after")) {
        return 0;
    }
    size_t used = 0;
    if (next->kind == PIECE_NUMBER && is_day_unit(&next[1])) {
        bool is_week = IS_ONE_OF(&next[1], "week", "weeks");
        choices_say(&line->selected, "%d %s %s", next->n, is_week ? "weeks" : "days", piece->word);
        used = 3;
    } else if (next->kind == PIECE_RULE && strspn(next->word, "0123456789") > 0 &&
               strlen(next->word) < 10) {
        choices_say(&line->selected, "%s %s", next->word, piece->word);
        used = 2;
    }
    return used > 0 && is_word(&piece[used], "of") ? used + 1 : used;
}

/* 1 and 8 may */
static size_t say_days(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    char text[80];
    struct civil_date date;
    bool is_and = is_word(&piece[1], "and") || is_word(&piece[1], "or");
    if (i > 0 || !is_day(piece) || !is_and || !is_day(&piece[2]) || piece[3].kind != PIECE_MONTH ||
        piece[3].n <= 0) {
        return 0;
    }
    size_t used = date_at(line, i + 2, text, &date);
    char year[8] = "";
    if (date.year != 0) {
        snprintf(year, sizeof year, " %d", date.year);
    }
    choices_say(&line->selected, "%d %s%s or %s", piece[0].n, words_name(WORD_MONTH, piece[3].n),
                year, text);
    return 2 + used;
}

/* 7-8 november; with a time it is that of each of the days, or of one with a
 * length. */
static size_t say_stretch(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    if (piece->kind != PIECE_RULE || !piece->is_stretch) {
        return 0;
    }
    if (!line->has_clock && line->sun == NULL) {
        choices_say(&line->selected, "%s", piece->word);
        return 1;
    }
    char text[SELECT_SIZE] = "(";
    bool has_year = strlen(piece->word) > 4 && piece->word[strlen(piece->word) - 1] <= '9';
    for (int32_t k = 0; k < piece->n && k < 10; k++) {
        struct civil_date date = civil_from_day_number(civil_day_number(piece->date) + k);
        size_t used = strlen(text);
        if (has_year) {
            snprintf(text + used, sizeof text - used, "%s%04d-%02d-%02d", k > 0 ? " or " : "",
                     date.year, date.month, date.day);
        } else {
            snprintf(text + used, sizeof text - used, "%s%d %s", k > 0 ? " or " : "", date.day,
                     words_name(WORD_MONTH, date.month));
        }
    }
    if (!line->is_each || piece->n > 10) {
        line_ask(line,
                 "at that time on each of the %d days?  Or write the first, and "
                 "\"for\" how long",
                 piece->n);
    }
    choices_say(&line->selected, piece->n <= 10 ? "%s)" : "%s", text);
    return 1;
}

static size_t say_date(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    char text[80], readings[200], other[80];
    struct civil_date date;
    if (piece->kind == PIECE_DATES) {
        const struct civil_date *two[] = {&piece->date, &piece->other};
        for (int k = 0; k < 2; k++) {
            char *out = k == 0 ? text : other;
            if (two[k]->year != 0) {
                snprintf(out, 80, "%04d-%02d-%02d", two[k]->year, two[k]->month, two[k]->day);
            } else {
                snprintf(out, 80, "%d %s", two[k]->day, words_name(WORD_MONTH, two[k]->month));
            }
        }
        snprintf(readings, sizeof readings, "%s|%s", text, other);
        choices_fork(&line->selected, readings);
        line_ask(line, "is the day first, or the month?  Write the month as a word");
        return 1;
    }
    size_t used = date_at(line, i, text, &date);
    if (used == 0) {
        return 0;
    }
    const struct piece *month = piece->kind == PIECE_MONTH     ? piece
                                : piece[1].kind == PIECE_MONTH ? &piece[1]
                                                               : &piece[2];
    const struct piece *next = &piece[used];
    bool names_calendar = next->kind == PIECE_WORD &&
                          words_find(WORD_CALENDAR, next->word, strlen(next->word), NULL) != NULL;
    if (piece->kind != PIECE_DATE && month->n < 0 && !names_calendar) {
        const struct word *other_month =
            words_find(WORD_MONTH_OF, month->word, strlen(month->word), NULL);
        snprintf(readings, sizeof readings, "%s|%d %s %s", text,
                 piece->kind == PIECE_MONTH ? piece[1].n : piece->n, month->word,
                 words_name(WORD_CALENDAR, other_month->value / 100));
        choices_fork(&line->selected, readings);
        line_ask(line, "the month of which calendar?");
        return used;
    }
    if (piece->kind != PIECE_DATE && month->n == 0 && !names_calendar) {
        /* 1 ramadan, 9 av: every calendar that has such a month */
        const struct word *word = NULL;
        size_t at = 0;
        int32_t seen = -1, count = 0;
        while ((word = words_find(WORD_MONTH_OF, month->word, strlen(month->word), word)) != NULL) {
            if (word->value / 100 != seen && at < sizeof readings) {
                seen = word->value / 100;
                int n = snprintf(readings + at, sizeof readings - at, "%s%s %s",
                                 count++ > 0 ? "|" : "", text, words_name(WORD_CALENDAR, seen));
                at += n > 0 ? (size_t)n : 0;
            }
        }
        choices_fork(&line->selected, readings);
        if (count > 1) {
            line_ask(line, "the month of which calendar?");
        }
        return used;
    }
    choices_say(&line->selected, "%s", text);
    return used;
}

static size_t say_next(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *next = &piece[1];
    if (!IS_ONE_OF(piece, "next", "this")) {
        return 0;
    }
    if (i > 0 && is_word(&piece[-1], "then")) {
        choices_say(&line->selected, "next %s",
                    next->kind == PIECE_WEEKDAY ? weekday_name(next) : "day");
        return next->kind == PIECE_WEEKDAY || is_word(next, "day") ? 2 : 0;
    }
    if (is_event(next) && is_word(&next[1], "of") &&
        date_at(line, i + 3, (char[80]){0}, &(struct civil_date){0}) > 0) {
        choices_say(&line->selected, "nearest %s to",
                    next->word); /* der nächste Vollmond zum ... */
        return 3;
    }
    if (is_event(next) || is_eclipse_type(next) || next->kind == PIECE_RULE) {
        return 1; /* the rule gives the next one first */
    }
    if (next->kind != PIECE_WEEKDAY) {
        return 0;
    }
    line_ask(line, "a rule is read alike on every day: every %s?  Or write the date",
             line_weekday(line, next->n));
    choices_say(&line->selected, "every %s", weekday_name(next));
    return 2;
}

/* the day after X; every 1 may */
static size_t say_day_after(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i], *next = &piece[1];
    char text[80];
    struct civil_date date;
    bool is_first = i == 0 || (i == 1 && is_word(&piece[-1], "of"));
    if (is_first && is_word(piece, "day") && date_at(line, i + 1, text, &date) > 0) {
        return 1; /* il giorno 25 aprile */
    }
    bool is_counted = i > 0 && (piece[-1].kind == PIECE_NUMBER || is_word(&piece[-1], "working"));
    if (!is_counted && IS_ONE_OF(piece, "day", "week") && IS_ONE_OF(next, "before", "after")) {
        choices_say(&line->selected, is_word(piece, "day") ? "1 day %s" : "7 days %s", next->word);
        return 2;
    }
    bool is_every_date = i == 0 && is_word(piece, "every") && date_at(line, 1, text, &date) > 0;
    return is_every_date && date.year == 0 ? 1 : 0;
}

/* A weekday alone: each, or one of them? */
static size_t say_lone_weekday(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    size_t gap = is_word(piece, "of") ? 1 : 0;
    bool is_next = piece[gap].kind == PIECE_WEEKDAY && is_word(&piece[gap + 1], "next");
    if (i != 0 || piece[gap].kind != PIECE_WEEKDAY ||
        piece[gap + (is_next ? 2 : 1)].kind != PIECE_END) {
        return 0;
    }
    line_ask(line, "every %s?  Or write the date", line_weekday(line, piece[gap].n));
    choices_say(&line->selected, "every %s", weekday_name(&piece[gap]));
    return gap + (is_next ? 2 : 1);
}

/* Where the line is: the code of its country, "" where it is not said, and N or
 * S of the tropics' middle, '\0' where it may be either. */
static char where_is(const struct line *line, char country[static 3])
{
    struct place place;
    size_t cursor = 0;
    int32_t north = 0, south = 0;
    country[0] = '\0';
    if (line->places == 1 &&
        places_find(line->place[0].name, strlen(line->place[0].name), &place) == PLACES_FOUND) {
        memcpy(country, place.country, 3);
        return place.latitude_deg > 5 ? 'N' : place.latitude_deg < -5 ? 'S' : '\0';
    }
    if (line->country == NULL) {
        return '\0';
    }
    memcpy(country, line->country->name, 3);
    while (places_next(&cursor, &place)) {
        if (strcmp(place.country, country) == 0) {
            north += place.latitude_deg > -5 ? 1 : 0;
            south += place.latitude_deg < 5 ? 1 : 0;
        }
    }
    return south == 0 && north > 0 ? 'N' : north == 0 && south > 0 ? 'S' : '\0';
}

/* Whether every code is one of those that stand between at and end. */
static bool has_codes(const char *at, const char *end, const char *codes)
{
    for (; *codes != '\0'; codes += strcspn(codes, " "), codes += strspn(codes, " ")) {
        size_t len = strcspn(codes, " ");
        const char *found = at;
        while (found + len <= end &&
               (memcmp(found, codes, len) != 0 || (found > at && found[-1] != ' '))) {
            found++;
        }
        if (found + len > end) {
            return false;
        }
    }
    return true;
}

/* Whether a place of the line, its country or its clock is in one of the countries between codes
 * and end. */
static bool is_in_lands(const struct line *line, const char *codes, const char *end)
{
    struct place place;
    size_t cursor = 0;
    for (size_t i = 0; i < line->places; i++) {
        if (places_find(line->place[i].name, strlen(line->place[i].name), &place) == PLACES_FOUND &&
            place.country[0] != '\0' && has_codes(codes, end, place.country)) {
            return true;
        }
    }
    if (line->country != NULL) {
        return has_codes(codes, end, line->country->name);
    }
    while (line->zone != NULL && line->zone->zone[0] != '\0' && places_next(&cursor, &place)) {
        if (strcmp(place.zone, line->zone->zone) == 0) {
            return place.country[0] != '\0' && has_codes(codes, end, place.country);
        }
    }
    return false;
}

/* The reading of all countries, after * -- asked, where in some another may be meant, after ?. */
static bool choose_common(struct line *line, const char *word)
{
    const char *common = NULL, *other = NULL;
    for (const char *at = word; *at != '\0';) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        common = text < len && at[text + 1] == '*' ? at : common;
        if (text < len && at[text + 1] == '?' && is_in_lands(line, at + text + 2, at + len)) {
            other = at;
        }
        at += len + (at[len] == '|' ? 1 : 0);
    }
    if (common == NULL) {
        return false;
    }
    char readings[SELECT_SIZE];
    snprintf(readings, sizeof readings, "%.*s%s%.*s", (int)strcspn(common, ":"), common,
             other != NULL ? "|" : "", other != NULL ? (int)strcspn(other, ":") : 0,
             other != NULL ? other : "");
    if (other != NULL) {
        line_ask(line, strstr(word, "easter") != NULL ? "the western or the orthodox easter?"
                       : strstr(word, " skip ") != NULL
                           ? "which days are the weekend there?  Write the weekdays"
                           : "by which calendar?");
    }
    choices_fork(&line->selected, readings);
    return true;
}

/* What differs from place to place, by where the line is, or by where its
 * language is spoken; false: it is asked. */
static bool choose_by_place(struct line *line, const char *word)
{
    char country[3], hemisphere[2] = {where_is(line, country), '\0'};
    bool is_by_country = strstr(word, "solstice:") == NULL && strstr(word, "equinox:") == NULL;
    const char *codes = !is_by_country       ? hemisphere
                        : country[0] != '\0' ? country
                                             : language_countries(line->language);
    for (const char *at = word; *codes != '\0' && *at != '\0';) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        if (text < len && strchr("*?", at[text + 1]) == NULL &&
            has_codes(at + text + 1, at + len, codes)) {
            choices_say(&line->selected, "%.*s", (int)text, at);
            line->is_where_used = country[0] != '\0';
            return true;
        }
        at += len + (at[len] == '|' ? 1 : 0);
    }
    return choose_common(line, word);
}

/* The readings, without the places that they hold for. */
static void fork_by_place(struct line *line, const char *word)
{
    char readings[SELECT_SIZE] = "";
    size_t used = 0, count = 0;
    for (const char *at = word; *at != '\0' && count < CHOICES_MAX; count++) {
        size_t len = strcspn(at, "|"), text = strcspn(at, ":");
        text = text < len ? text : len;
        used += (size_t)snprintf(readings + used, sizeof readings - used, "%s%.*s",
                                 used > 0 ? "|" : "", (int)text, at);
        at += len + (at[len] == '|' ? 1 : 0);
    }
    choices_fork(&line->selected, readings);
}

static size_t say_rule(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    if (piece->kind != PIECE_RULE) {
        return 0;
    }
    const char *word = piece->word;
    if (strstr(word, " hijri umalqura") != NULL) {
        line->notice = "by the published table of Umm al-Qura; what is announced "
                       "after the new "
                       "moon is seen can differ by a day";
    }
    if (strchr(word, ':') != NULL && choose_by_place(line, word)) {
        return 1;
    }
    if (strchr(word, '|') != NULL) {
        line_ask(line, strstr(word, "solstice:") != NULL || strstr(word, "equinox:") != NULL
                           ? "north or south of the equator?"
                       : strstr(word, "solstice") != NULL || strstr(word, "equinox") != NULL
                           ? "which of them?"
                       : strchr(word, ':') != NULL      ? "in which country?  Its day differs: add "
                                                          "the country, or write the day"
                       : strstr(word, " days ") != NULL ? "so many days, or whole weeks?"
                       : strstr(word, "easter") != NULL ? "the western or the orthodox easter?"
                                                        : "by which calendar?");
    }
    fork_by_place(line, word);
    return 1;
}

static size_t say_as_it_is(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    switch ((int)piece->kind) {
    case PIECE_WORD:
        if (is_word(piece, "of") &&
            (i == 0 || line->select[i + 1].kind == PIECE_END ||
             date_at(line, i + 1, (char[80]){0}, &(struct civil_date){0}) > 0 ||
             line->select[i + 1].kind == PIECE_RULE || line->select[i + 1].kind == PIECE_DATES ||
             (line->select[i + 1].kind == PIECE_WEEKDAY) ||
             is_word(&line->select[i + 1], "every"))) {
            return 1; /* "on 1 may", "prima di Pasqua" */
        }
        if (IS_ONE_OF(piece, "next", "this", "other", "monthly", "article", "oclock", "am", "pm",
                      "h24", "hour", "minute", "second unit")) {
            return 0;
        }
        choices_say(&line->selected, "%s", piece->word);
        return 1;
    case PIECE_EVENT:
        choices_say(&line->selected, "%s", piece->word);
        return 1;
    case PIECE_NUMBER:
        if (piece->is_article && is_word(&piece[1], "week")) {
            choices_say(&line->selected, "7 days");
            return 2;
        }
        choices_say(&line->selected, "%d", piece->n);
        return 1;
    case PIECE_WEEKDAY:
        if (piece->is_plural) {
            return 0;
        }
        choices_say(&line->selected, "%s", weekday_name(piece));
        return 1;
    case PIECE_MONTH:
        if (piece->n <= 0) {
            return 0;
        }
        choices_say(&line->selected, "%s", words_name(WORD_MONTH, piece->n));
        return 1;
    case PIECE_PLACE:
        choices_say(&line->selected, piece->n == 1 && piece->zone[0] != '\0' ? "%s in %s" : "%s",
                    piece->name, piece->zone);
        return 1;
    case PIECE_SIGN:
        if (piece->n != '(' && piece->n != ')') {
            return 0;
        }
        choices_say(&line->selected, "%c", (char)piece->n);
        return 1;
    default:
        return 0;
    }
}

/* der Sonntag, der dem 25. April am nächsten liegt: a weekday and a day, and no
 * date */
static bool is_nearest_after(const struct line *line, size_t i)
{
    char text[80];
    struct civil_date date;
    size_t day = date_at(line, i + 1, text, &date);
    return day > 0 && is_word(&line->select[i + 1 + day], "nearest");
}

/* Says the pieces that are kept in line->select, into line->selected. */
static bool say_pieces(struct line *line)
{
    static size_t (*const forms[])(struct line *, size_t) = {
        say_alternating,   say_shift,          say_stretch,         say_ordinals_of_month,
        say_ordinal_after, say_rule,           say_friday_the_13th, say_every_other,
        say_weekdays,      say_next,           say_day_after,       say_days,
        say_nearest,       say_event_of_month, say_lone_weekday,    say_date,
        say_ordinal,       say_as_it_is,
    };
    line->select[line->selects] = (struct piece){.kind = PIECE_END};
    line->selected = (struct choices){.count = 1};
    for (size_t i = 0; i < line->selects;) {
        size_t used = line->select[i].kind == PIECE_WEEKDAY && !is_nearest_after(line, i) &&
                              (i == 0 || !is_word(&line->select[i - 1], "every"))
                          ? say_weekday_and_date(line, i)
                          : 0;
        for (size_t k = 0; used == 0 && k < sizeof forms / sizeof *forms; k++) {
            used = forms[k](line, i);
        }
        if (used == 0) {
            return false;
        }
        i += used;
    }
    return line->selects > 0;
}

static void say_monthly(struct line *line)
{
    const struct piece *last = &line->select[line->selects > 0 ? line->selects - 1 : 0];
    if (!line->is_monthly || is_word(last, "month")) {
        return;
    }
    bool is_alone = line->selects == 1 || (line->selects == 2 && is_word(&line->select[0], "of"));
    if (last->kind == PIECE_NUMBER && is_alone && last->n >= 1 && last->n <= 31) {
        for (size_t i = 0; i < line->selected.count; i++) {
            snprintf(line->selected.text[i], SELECT_SIZE, "%d%s day", last->n,
                     write_ordinal_ending(last->n));
        }
    }
    choices_say(&line->selected, "of month");
}

/* Every day but sundays, every friday but in august: weekdays and months that
 * are left out. */
static bool say_left_out(struct line *line)
{
    char weekdays[SELECT_SIZE] = "";
    uint32_t months = 0;
    for (size_t i = 0; i < line->excepts; i++) {
        const struct piece *piece = &line->except[i];
        size_t used = strlen(weekdays);
        if (piece->kind == PIECE_WEEKDAY) {
            snprintf(weekdays + used, sizeof weekdays - used, "%s%s", used > 0 ? ", " : "",
                     weekday_name(piece));
        } else if (is_word(piece, "weekend") ||
                   (piece->kind == PIECE_RULE && strstr(piece->word, "only on saturday, sunday"))) {
            snprintf(weekdays + used, sizeof weekdays - used, "%ssaturday, sunday",
                     used > 0 ? ", " : "");
        } else if (piece->kind == PIECE_MONTH && piece->n > 0) {
            months |= 1U << piece->n;
        } else if (!IS_ONE_OF(piece, "of", "and", "or", "every")) {
            return false;
        }
    }
    if ((weekdays[0] != '\0') == (months != 0)) {
        return false;
    }
    if (months != 0) {
        for (int32_t month = 1; month <= 12; month++) {
            size_t used = strlen(weekdays);
            if ((months >> month & 1) == 0) {
                snprintf(weekdays + used, sizeof weekdays - used, "%s%s", used > 0 ? ", " : "",
                         words_name(WORD_MONTH, month));
            }
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
    size_t used = 0;
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
        used += (size_t)snprintf(out + used, SELECT_SIZE - used, "%s", used > 0 ? " or " : "");
        for (; (found = strstr(at, day)) != NULL; at = found + sizeof day - 1) {
            used += (size_t)snprintf(out + used, SELECT_SIZE - used, "%.*s %s of month",
                                     (int)(found - at), at, words_name(WORD_WEEKDAY, weekday));
            if (used >= SELECT_SIZE) {
                return false;
            }
        }
        if (*at != '\0' || at == left_out) {
            return false;
        }
    }
    return used > 0;
}

/* ... except easter, except the last friday of the month: what is left out is a
 * rule of its own. */
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
    if (!say_pieces(line)) {
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
    if (!say_pieces(line)) {
        return false;
    }
    say_monthly(line);
    if (line->excepts == 0) {
        return true;
    }
    line->is_monthly = line->is_monthly_except;
    return say_left_out(line) || say_minus(line);
}
