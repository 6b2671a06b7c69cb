/* Weekdays by themselves, of months and with a date: mondays, the 2nd friday, friday 1 may. */
#include <stdio.h>

#include "lines/selected.h"
#include "rules/write.h"
#include "text/text.h"
#include "words/words.h"

/* "friday 1 may 2027": the weekday must be right, and without the year it says something more. */
size_t say_weekday_and_date(struct line *line, size_t i)
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
        snprintf(readings, sizeof readings, "%s only on %s|%s", text, weekday_name(weekday), text);
        const struct piece *nth = &weekday[1 + gap];
        if (line->language == LANGUAGE_AR && nth->kind == PIECE_ORDINAL && nth->n <= 5) {
            /* السبت الثالث من أكتوبر: the third saturday, or the third, a saturday? */
            text_join(readings, sizeof readings, "|", "%d%s %s of %s", nth->n,
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
                    line_weekday(line, is), line_weekday(line, weekday->n));
    }
    choices_say(&line->selected, "%s", text);
    return used + 1 + gap;
}

/* 1st and 15th of each month, every 2nd and 4th friday of the month, todo dia
 * 13 */
size_t say_ordinals_of_month(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    int32_t n[6];
    size_t count = 0, at = is_word(piece, "every") ? 1 : 0;
    bool has_day = IS_ONE_OF(&piece[at], "day", "days") && piece[at + 1].kind == PIECE_NUMBER;
    bool has_every = at > 0 || (has_day && line->is_monthly); /* el día 15 de cada mes */
    at += has_day ? 1 : 0;
    if (piece->weekdays == EVERY_DAY && piece[1].kind == PIECE_NUMBER &&
        (line->is_monthly || line->has_clock)) {
        has_every = true; /* todos los días 8 a las 19:30 */
        at = 1;
    }
    while (count < 6 && is_day(&piece[at])) {
        n[count++] = piece[at++].n;
        if (!IS_ONE_OF(&piece[at], "and", "or")) {
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
        if (is_weekday && n[k] > 5) {
            return 0;
        }
        text_join(text, sizeof text, " or ", "%d%s %s of month", n[k], write_ordinal_ending(n[k]),
                  is_weekday ? weekday_name(what) : "day");
    }
    line->is_monthly = false;
    choices_say(&line->selected, "%s", text);
    return at;
}

/* الجمعة الأخيرة من كل شهر */
size_t say_ordinal_after(struct line *line, size_t i)
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

size_t months_at(const struct piece *piece, char out[static MONTHS_SIZE])
{
    size_t count = 0;
    uint32_t seen = 0;
    out[0] = '\0';
    for (size_t at = 0; piece[at].kind == PIECE_MONTH && piece[at].n > 0 &&
                        !is_day(&piece[at + 1]) && (seen >> piece[at].n & 1) == 0;) {
        seen |= 1U << piece[at].n;
        text_join(out, MONTHS_SIZE, ", ", "%s", words_name(WORD_MONTH, piece[at].n));
        count = ++at;
        at += IS_ONE_OF(&piece[at], "and", "or") ? 1 : 0;
    }
    return count;
}

/* every monday, thursday and friday; mondays and thursdays */
size_t say_weekdays(struct line *line, size_t i)
{
    size_t at = i, count = 0;
    char text[SELECT_SIZE] = "";
    bool is_every = false, is_bare = are_bare_weekdays(line, i);
    for (;;) {
        size_t next = at;
        while (IS_ONE_OF(&line->select[next], "of", "every")) {
            is_every = is_every || is_word(&line->select[next], "every");
            next++;
        }
        const struct piece *piece = &line->select[next];
        if (piece->kind != PIECE_WEEKDAY || (!piece->is_plural && !is_every && !is_bare)) {
            break;
        }
        text_join(text, sizeof text, " or ", "every %s", weekday_name(piece));
        count++;
        at = next + 1;
        if (!IS_ONE_OF(&line->select[at], "and", "or")) {
            break;
        }
        at++;
    }
    if (count == 0) {
        return 0;
    }
    if (IS_ONE_OF(&line->select[at - 1], "and", "or")) {
        at--;
    }
    const struct piece *next = &line->select[at];
    char months[MONTHS_SIZE];
    size_t in = is_word(next, "of") ? months_at(next + 1, months) : 0;
    if (count == 1 && in > 0) {
        choices_say(&line->selected, "%s only in %s", text, months);
        return at + 1 + in - i;
    }
    bool is_whole = i == 0 && next->kind == PIECE_END;
    if (is_bare) {
        line_ask(line, "each of these weekdays, in every week?  Or write the dates");
    }
    choices_say(&line->selected, count > 1 && !is_whole ? "(%s)" : "%s", text);
    return at - i;
}

/* friday the 13th */
size_t say_friday_the_13th(struct line *line, size_t i)
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
    bool is_unlucky = (n == 13 && (weekday->n == 5 || weekday->n == 2)) ||
                      (n == 17 && weekday->n == 5 && line->language == LANGUAGE_IT);
    if (!is_unlucky && !weekday->is_plural && at == i) {
        line_ask(line, "whenever such a %s comes, or once?  Write the month, and perhaps the year",
                 line_weekday(line, weekday->n));
    }
    choices_say(&line->selected, "every %s and %d%s day of month", weekday_name(weekday), n,
                write_ordinal_ending(n));
    return at + 2 + gap - i;
}

/* A weekday alone: each, or one of them? */
size_t say_lone_weekday(struct line *line, size_t i)
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
