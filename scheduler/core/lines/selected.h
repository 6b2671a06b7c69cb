/* lines/selected.h -- inside of the front: the forms in which what a line selects is said.  Each
 * form takes the pieces of line->select from i on, adds its words to line->selected, and gives how
 * many it took; 0: they are of another form. */
#ifndef LINES_SELECTED_H
#define LINES_SELECTED_H

#include "lines/line.h"
#include "words/words.h"

size_t say_every_counted(struct line *line, size_t i);
size_t say_every_other(struct line *line, size_t i);
size_t say_alternating(struct line *line, size_t i);

size_t say_weekday_and_date(struct line *line, size_t i);
size_t say_ordinals_of_month(struct line *line, size_t i);
size_t say_ordinal_after(struct line *line, size_t i);
size_t say_weekdays(struct line *line, size_t i);
size_t say_friday_the_13th(struct line *line, size_t i);
size_t say_lone_weekday(struct line *line, size_t i);

/* The months that stand at a piece, one or a list, as "only in" takes them; how many pieces they
 * are, 0: none do. */
enum { MONTHS_SIZE = 120 };
size_t months_at(const struct piece *piece, char out[static MONTHS_SIZE]);

size_t say_days(struct line *line, size_t i);
size_t say_stretch(struct line *line, size_t i);
size_t say_date(struct line *line, size_t i);
size_t say_day_after(struct line *line, size_t i);

size_t say_rule(struct line *line, size_t i);

/* The day of a year on which a feast falls, by the words of its rule; false: it does not. */
TOCSIN_MUST_USE bool feast_in_year(const char *words, int32_t year, struct civil_date *out);

/* Whether it is of one day a year, and not of every friday. */
bool is_feast(const struct piece *piece);

/* A feast and its date, in either order; that the date is the feast's is seen to. */
TOCSIN_MUST_USE bool say_feast_and_date(struct line *line);

/* Of what is left out: a feast of one year, as its date. */
size_t say_feast_of_year(struct line *line, size_t i);

/* A date in words of a rule: "2027-04-25"; of every year, "25 april". */
enum { DATE_WORDS_SIZE = 80 };
void date_words(struct civil_date date, char out[static DATE_WORDS_SIZE]);

/* A date that stands at i: its length, and its words. */
size_t date_at(const struct line *line, size_t i, char out[static 80], struct civil_date *date);

/* Says the pieces that are kept in line->select, into line->selected. */
bool say_pieces(struct line *line);

/* Adds the month that they are of, where they are of each. */
void say_monthly(struct line *line);

/* A weekday or an event in words of a rule. */
static inline const char *name_of(const struct piece *piece)
{
    return piece->kind == PIECE_WEEKDAY ? words_name(WORD_WEEKDAY, piece->n) : piece->word;
}

static inline const char *weekday_name(const struct piece *piece)
{
    return words_name(WORD_WEEKDAY, piece->n);
}

static inline bool is_day(const struct piece *piece)
{
    return (piece->kind == PIECE_NUMBER || piece->kind == PIECE_ORDINAL) && piece->n >= 1 &&
           piece->n <= 31;
}

static inline bool is_event(const struct piece *piece)
{
    return piece->kind == PIECE_EVENT;
}

#endif
