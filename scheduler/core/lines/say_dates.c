/* Dates, of our calendar and of others: 1 and 8 may, 7-8 november, 9 av, the day after one. */
#include <stdio.h>

#include "lines/selected.h"
#include "text/text.h"
#include "words/words.h"

void date_words(struct civil_date date, char out[static DATE_WORDS_SIZE])
{
    if (date.year != 0) {
        snprintf(out, DATE_WORDS_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
    } else {
        snprintf(out, DATE_WORDS_SIZE, "%d %s", date.day, words_name(WORD_MONTH, date.month));
    }
}

void line_say_bounds(const struct line *line, char out[static BOUNDS_SIZE])
{
    static const char *const words[] = {
        [BOUND_SINCE] = "since", [BOUND_UNTIL] = "until", [BOUND_EXCEPT] = "except"};
    *out = '\0';
    for (size_t i = 0; i < line->bounds.count; i++) {
        const struct bound *bound = &line->bounds.bound[i];
        char date[DATE_WORDS_SIZE];
        snprintf(date, sizeof date, "%d", bound->date.year);
        if (bound->date.month != 0) {
            date_words(bound->date, date);
        }
        text_join(out, BOUNDS_SIZE, "", " %s %s", words[bound->kind], date);
    }
}

static bool is_calendar(const struct piece *piece)
{
    return piece->kind == PIECE_WORD &&
           words_find(WORD_CALENDAR, piece->word, strlen(piece->word), NULL) != NULL;
}

size_t date_at(const struct line *line, size_t i, char out[static 80], struct civil_date *date)
{
    const struct piece *piece = &line->select[i], *month, *day;
    size_t used = 2;
    *date = (struct civil_date){0};
    if (piece->kind == PIECE_DATE) {
        *date = piece->date;
        date_words(*date, out);
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
    used = has_year ? year + 1 : used;
    /* 15 nisan is in april as well, unless its calendar is named */
    const char *name = month->n == 0 || (month->n < 0 && is_calendar(&piece[used]))
                           ? month->word
                           : words_name(WORD_MONTH, month->n < 0 ? -month->n : month->n);
    if (has_year) {
        snprintf(out, 80, "%d %s %d", day->n, name, piece[year].n);
    } else {
        snprintf(out, 80, "%d %s", day->n, name);
    }
    if (month->n > 0) {
        *date = (struct civil_date){has_year ? piece[used - 1].n : 0, month->n, day->n};
    }
    return used;
}

/* 1 and 8 may */
size_t say_days(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    char text[80];
    struct civil_date date;
    bool is_and = IS_ONE_OF(&piece[1], "and", "or");
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
size_t say_stretch(struct line *line, size_t i)
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
    for (int32_t k = 0; k < piece->n && k < 10; k++) {
        struct civil_date date = civil_from_day_number(civil_day_number(piece->date) + k);
        char words[DATE_WORDS_SIZE];
        date.year = line->has_stretch_year ? date.year : 0;
        date_words(date, words);
        text_join(text, sizeof text, k > 0 ? " or " : "", "%s", words);
    }
    if (!line->is_each || piece->n > 10) {
        line_ask(line,
                 "at that time on each of the %d days?  Or write the first, and \"for\" how long",
                 piece->n);
    }
    choices_say(&line->selected, piece->n <= 10 ? "%s)" : "%s", text);
    return 1;
}

/* A date in words of a rule; returns how many pieces it took, 0: it is none.  What two readers may
 * read differently (3/4, 9 av of which calendar) is asked, with every reading beside it. */
size_t say_date(struct line *line, size_t i)
{
    const struct piece *piece = &line->select[i];
    char text[80], readings[200] = "", other[80];
    struct civil_date date;
    if (piece->kind == PIECE_DATES) {
        date_words(piece->date, text);
        date_words(piece->other, other);
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
    bool names_calendar = is_calendar(&piece[used]);
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
        int32_t seen = -1, count = 0;
        while ((word = words_find(WORD_MONTH_OF, month->word, strlen(month->word), word)) != NULL) {
            if (word->value / 100 != seen) {
                seen = word->value / 100;
                count++;
                text_join(readings, sizeof readings, "|", "%s %s", text,
                          words_name(WORD_CALENDAR, seen));
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

/* the day after X; every 1 may */
size_t say_day_after(struct line *line, size_t i)
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
