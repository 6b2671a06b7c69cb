/* What a line selects, form by form: each takes the pieces that it can say. */
#include <stdio.h>

#include "lines/clauses.h"
#include "lines/selected.h"
#include "rules/write.h"
#include "words/words.h"

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
    bool is_counted = i > 0 && (piece[-1].kind == PIECE_ORDINAL ||
                                IS_ONE_OF(&piece[-1], "last", "nearest", "every"));
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
        choices_say(&line->selected, "nearest %s to %s", name_of(piece), text);
        return 2 + gap + day;
    }
    gap = 1; /* найближчий до 1 листопада молодик */
    while (is_first && is_word(&piece[gap], "of")) {
        gap++;
    }
    if (is_first && (day = date_at(line, i + gap, text, &date)) > 0 &&
        (is_event(&piece[gap + day]) || piece[gap + day].kind == PIECE_WEEKDAY)) {
        const struct piece *last = &piece[gap + day];
        choices_say(&line->selected, "nearest %s to %s", name_of(last), text);
        return gap + day + 1;
    }
    if ((!is_event(what) && what->kind != PIECE_WEEKDAY && !is_word(what, "weekend")) ||
        (!is_first && !is_word(&piece[1], "nearest"))) {
        return 0;
    }
    choices_say(&line->selected, "nearest %s to", name_of(what));
    size_t used = 2;
    while (IS_ONE_OF(&piece[used], "of", "from")) {
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
        if (is_last) {
            choices_say(&line->selected, "last %s of month", weekday_name(next));
        } else {
            choices_say(&line->selected, "%d%s %s of month", piece->n,
                        write_ordinal_ending(piece->n), weekday_name(next));
        }
        return is_last || piece->n <= 5 ? 2 : 0;
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
        choices_say(&line->selected, "%s of", name_of(next));
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

/* The last resort: words that a rule has in the same place.  What has a meaning of its own and came
 * as far as here was not understood (0), for a guess would be dated. */
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
        if (is_word(piece, "every") && i == 0 && is_feast(&piece[1]) &&
            piece[2].kind == PIECE_END) {
            return 1; /* every christmas */
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

/* Easter 2028, the first sunday of may 2027, 2027 winter solstice: of that year. */
static size_t say_year(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    size_t gap = i > 0 && is_word(piece, "of") ? 1 : 0;
    bool is_before = i == 0 && piece[1].kind == PIECE_RULE;
    bool is_last = i > 0 && piece[gap + 1].kind == PIECE_END;
    if (!is_year(&piece[gap]) || (!is_before && !is_last) || line->bounds.count > 0 ||
        line->is_excepting) {
        return 0;
    }
    for (size_t k = 0; k < line->selects; k++) {
        if (IS_ONE_OF(&line->select[k], "and", "or")) {
            return 0; /* of both of them? */
        }
    }
    const struct civil_date year = {.year = piece[gap].n};
    add_bound(line, BOUND_SINCE, year);
    add_bound(line, BOUND_UNTIL, year);
    return gap + 1;
}

/* The sundays of advent, and each of the four. */
static size_t say_advent(struct line *line, size_t i)
{
    static const char *const sundays[] = {"4th sunday", "3rd sunday", "2nd sunday", "sunday"};
    const struct piece *piece = &line->select[i], *first = piece;
    bool is_every = is_word(piece, "every");
    int32_t n = piece->kind == PIECE_ORDINAL ? piece->n : 0;
    piece += is_every || n > 0 ? 1 : 0;
    if (piece->kind == PIECE_WEEKDAY && piece->n == 7) {
        is_every = is_every || piece->is_plural;
        piece++;
    }
    while (is_word(piece, "of")) {
        piece++;
    }
    if (!is_word(piece, "advent") || n > 4 || is_every == (n > 0)) {
        return 0;
    }
    if (n > 0) {
        choices_say(&line->selected, "%s before 25 december", sundays[n - 1]);
    } else {
        choices_say(&line->selected,
                    "(4th sunday before 25 december or 3rd sunday before 25 december or "
                    "2nd sunday before 25 december or sunday before 25 december)");
    }
    return (size_t)(piece - first) + 1;
}

/* der Sonntag, der dem 25. April am nächsten liegt: a weekday and a day, and no date */
static bool is_nearest_after(const struct line *line, size_t i)
{
    char text[80];
    struct civil_date date;
    size_t day = date_at(line, i + 1, text, &date);
    return day > 0 && is_word(&line->select[i + 1 + day], "nearest");
}

bool say_pieces(struct line *line)
{
    static size_t (*const forms[])(struct line *, size_t) = {
        say_alternating,
        say_shift,
        say_stretch,
        say_advent,
        say_ordinals_of_month,
        say_ordinal_after,
        say_year,
        say_feast_of_year,
        say_rule,
        say_friday_the_13th,
        say_every_counted,
        say_every_other,
        say_weekdays,
        say_next,
        say_day_after,
        say_days,
        say_nearest,
        say_event_of_month,
        say_lone_weekday,
        say_date,
        say_ordinal,
        say_as_it_is,
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

void say_monthly(struct line *line)
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
