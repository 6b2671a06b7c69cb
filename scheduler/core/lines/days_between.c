/* days_between.c -- from one day to another, and which year's. */
#include <stdio.h>

#include "lines/clauses.h"
#include "lines/selected.h"
#include "text/text.h"
#include "words/asks.h"
#include "words/words.h"

/* A day, with or without its month, at `at`; its length, 0 for none. */
static size_t day_at(const struct line *line, size_t at, int32_t *day, int32_t *month)
{
    const struct piece *piece = &line->piece[at];
    size_t gap = 0;
    if ((piece->kind != PIECE_NUMBER && piece->kind != PIECE_ORDINAL) || piece->is_article ||
        piece->n < 1 || piece->n > 31) {
        return 0;
    }
    while (is_joint(&piece[1 + gap])) {
        gap++;
    }
    bool has_month = piece[1 + gap].kind == PIECE_MONTH && piece[1 + gap].n > 0;
    *day = piece->n;
    *month = has_month ? piece[1 + gap].n : 0;
    return has_month ? 2 + gap : 1;
}

/* A day and its month without a year from `at` on, perhaps after its weekday; its length, 0 for
 * none: until 30 june. */
static size_t yearless_at(const struct line *line, size_t at, struct civil_date *out)
{
    size_t from = at, used;
    int32_t day, month;
    while (is_joint(&line->piece[at]) || line->piece[at].kind == PIECE_WEEKDAY) {
        at++;
    }
    const struct piece *piece = &line->piece[at];
    if (piece->kind == PIECE_DATE && piece->date.year == 0) {
        day = piece->date.day;
        month = piece->date.month;
        used = 1;
    } else if (piece->kind == PIECE_MONTH && piece->n > 0 &&
               day_at(line, at + 1, &day, &month) == 1) {
        month = piece->n;
        used = 2;
    } else if ((used = day_at(line, at, &day, &month)) < 2) {
        return 0;
    }
    *out = (struct civil_date){0, month, day};
    piece = &line->piece[at + used];
    piece += is_word(piece, "of") || is_sign(piece, ',') ? 1 : 0;
    return is_year(piece) ? 0 : at + used - from;
}

/* A month, perhaps with its year, from `at` on, in which no day is named; its length, 0 for none:
 * until june.  One from or to another month is a season. */
static size_t month_at(const struct line *line, size_t at, struct civil_date *out)
{
    const struct piece *word = &line->piece[at - 1], *piece = &line->piece[at];
    while (is_joint(piece)) {
        piece++;
    }
    const struct piece *year = &piece[1] + (is_word(&piece[1], "of") || is_sign(&piece[1], ','));
    const struct piece *end = is_year(year) ? year + 1 : &piece[1];
    bool is_season = (at > 1 && word[-1].kind == PIECE_MONTH) || is_sign(end, '-') ||
                     IS_ONE_OF(end, "to", "until", "and", "or");
    if (piece->kind != PIECE_MONTH || piece->n <= 0 || is_season || end->kind == PIECE_NUMBER ||
        end->kind == PIECE_ORDINAL) {
        return 0;
    }
    *out = (struct civil_date){is_year(year) ? year->n : 0, piece->n, 1};
    return (size_t)(end - &line->piece[at]);
}

static bool is_series_kept(const struct line *line)
{
    for (size_t i = 0; i < line->selects; i++) {
        const struct piece *piece = &line->select[i];
        if (IS_ONE_OF(piece, "every", "other") ||
            (piece->kind == PIECE_WEEKDAY && piece->is_plural) || piece->weekdays != 0) {
            return true;
        }
    }
    return false;
}

/* A series from one day to another: of one year, or of each. */
static void keep_season(struct line *line, struct civil_date from, struct civil_date until,
                        bool has_year)
{
    if (has_year) {
        add_bound(line, BOUND_SINCE, from);
        add_bound(line, BOUND_UNTIL, until);
        line->stretch[0] = '\0';
        return;
    }
    struct civil_date after = civil_from_day_number(civil_day_number(until) + 1);
    int32_t days = civil_day_number(until) - civil_day_number(from) + 1;
    if (from.day == 1 && after.day == 1) { /* from 1 may to 30 june: of every year */
        line->months[0] = '\0';
        for (int32_t month = from.month; month != after.month; month = month % 12 + 1) {
            text_join(line->months, sizeof line->months, ", ", "%s%s",
                      month == from.month ? "only in " : "", words_name(WORD_MONTH, month));
        }
        line_keep(line, (struct piece){.kind = PIECE_RULE, .word = line->months});
    } else if (days > 30) {
        line_ask(line, "of which year?  Write it: from 1 may 2027 to 15 june 2027");
        line->is_unsaid = true;
    } else {
        line_keep(line, word_piece("and"));
        line_keep(line, (struct piece){.kind = PIECE_RULE, .word = line->stretch});
    }
}

/* From one day to another, as heard: of COMMON_YEAR where no year is named. */
struct stretch {
    size_t end; /* the piece after it */
    struct civil_date from, until;
    int32_t days;
    bool has_year;
};

/* Gives both days their year, 0 for none.  False: they are not two days one after the other, or how
 * many lie between depends on the year. */
static bool use_year(struct stretch *s, int32_t year)
{
    bool is_over_new_year = s->until.month < s->from.month;
    bool is_over_leap_day = s->from.month <= 2 && s->until.month > 2;
    s->has_year = year != 0;
    s->from.year = s->has_year ? year : COMMON_YEAR;
    s->until.year = s->from.year + (is_over_new_year ? 1 : 0);
    if (!civil_date_is_valid(s->from) || !civil_date_is_valid(s->until) ||
        (s->has_year ? is_over_new_year : is_over_leap_day)) {
        return false;
    }
    s->days = civil_day_number(s->until) - civil_day_number(s->from) + 1;
    return s->days > 1;
}

/* 7 to 8 november, november 7-8, 28 april to 3 may 2027; false: none is here. */
static bool hear_stretch(const struct line *line, struct stretch *out)
{
    size_t at = line->at, used;
    const struct piece *begin = here(line);
    bool is_month_first = begin->kind == PIECE_MONTH && begin->n > 0;
    bool has_from = IS_ONE_OF(begin, "from", "since", "of", "on or after");
    int32_t month = 0, last_month = 0;
    *out = (struct stretch){0};
    at += is_month_first || has_from ? 1 : 0;
    if ((used = day_at(line, at, &out->from.day, &month)) == 0) {
        return false;
    }
    at += used;
    int32_t first_year = month != 0 && is_year(&line->piece[at]) ? line->piece[at++].n : 0;
    const struct piece *to = &line->piece[at];
    if (!is_sign(to, '-') && !IS_ONE_OF(to, "to", "until") && !(has_from && is_word(to, "at"))) {
        return false;
    }
    do {
        at++;
    } while (is_joint(&line->piece[at]));
    if ((used = day_at(line, at, &out->until.day, &last_month)) == 0 ||
        (is_month_first ? month != 0 || last_month != 0 : last_month == 0)) {
        return false;
    }
    at += used;
    out->until.month = is_month_first ? begin->n : last_month;
    out->from.month = month == 0 ? out->until.month : month;
    size_t gap = is_word(&line->piece[at], "of") || is_sign(&line->piece[at], ',') ? 1 : 0;
    int32_t year = is_year(&line->piece[at + gap]) ? line->piece[at + gap].n : 0;
    out->end = year != 0 ? at + gap + 1 : at;
    return (first_year == 0 || first_year == year) && use_year(out, year);
}

/* From 7 to 8 november: days that are selected or left out, or when a series is. */
bool take_days(struct line *line)
{
    struct stretch s;
    char words[DATE_WORDS_SIZE];
    bool is_each = line->selects == 1 && line->select[0].weekdays == EVERY_DAY;
    bool is_series = is_each || (line->selects > 0 && is_series_kept(line));
    bool is_free = line->is_excepting ? line->excepts == 0 : line->selects == 0 || is_series;
    if (!is_free || line->stretch[0] != '\0' || !hear_stretch(line, &s)) {
        return false;
    }
    line->at = s.end;
    struct civil_date first = s.from;
    first.year = s.has_year ? first.year : 0;
    date_words(first, words);
    snprintf(line->stretch, sizeof line->stretch, "%d days from %s", s.days, words);
    if (is_series && !line->is_excepting && (!is_each || s.days > 10)) {
        keep_season(line, s.from, s.until, s.has_year);
        return true;
    }
    line->is_each = is_each;
    line->selects = is_each ? 0 : line->selects;
    line->has_stretch_year = s.has_year;
    line->stretch_end = s.until;
    line_keep(line, (struct piece){.kind = PIECE_RULE,
                                   .word = line->stretch,
                                   .is_stretch = !line->is_excepting,
                                   .n = s.days,
                                   .date = s.from});
    return true;
}

/* Since or until a day of which the year is not told: a rule is read alike in every year, and the
 * next such day from today on is offered.  A month begins with its first day; until june may leave
 * it out, or not. */
bool ask_year(struct line *line, enum bound_kind kind)
{
    struct civil_date date;
    size_t used = yearless_at(line, line->at + 1, &date);
    bool is_month = used == 0 && (used = month_at(line, line->at + 1, &date)) > 0;
    if (used == 0 || !is_series_kept(line)) {
        return false;
    }
    bool is_whole = is_month && kind == BOUND_UNTIL;
    date.day = is_whole ? 31 : date.day;
    if (date.year == 0) {
        line_ask(line, "of which year?  Write it: from 1 may 2027 to 15 june 2027");
        bool is_past = date.month < line->today.month ||
                       (date.month == line->today.month && date.day < line->today.day);
        date.year = line->today.year != 0 ? line->today.year + (is_past ? 1 : 0) : 0;
    }
    if (is_whole) {
        line_ask(line, "its first day, or each of its days?");
        date.day = civil_days_in_month(date.year, date.month);
    }
    if (date.year != 0 && civil_date_is_valid(date)) {
        add_bound(line, kind, date);
    } else {
        line->is_unsaid = true;
    }
    line->at += 1 + used;
    return true;
}

/* From 1 may to 30 june 2027 every tuesday: the series after its season. */
void use_season(struct line *line)
{
    size_t i = 0;
    while (i < line->selects && !line->select[i].is_stretch) {
        i++;
    }
    if (i == line->selects || line->is_each || !is_series_kept(line)) {
        return;
    }
    struct civil_date from = line->select[i].date;
    memmove(&line->select[i], &line->select[i + 1], (line->selects - i - 1) * sizeof *line->select);
    line->selects--;
    keep_season(line, from, line->stretch_end, line->has_stretch_year);
}
