/* lines/line.h -- inside of the front: what a line of pieces says, each kind of thing in its slot:
 * what it selects, the time, where, how long, bounds. */
#ifndef LINES_LINE_H
#define LINES_LINE_H

#include "pieces/pieces.h"

enum {
    CHOICES_MAX = 6,
    SELECT_SIZE = 400,
    PLACES_MAX = 8,
    COMMON_YEAR = 2027, /* any that has no leap day: in it lie days without a year */
};

/* What a slot may mean. */
struct choices {
    size_t count;
    char text[CHOICES_MAX][SELECT_SIZE];
};

/* From when, until when and on which days not. */
enum bound_kind { BOUND_SINCE, BOUND_UNTIL, BOUND_EXCEPT };

enum { BOUNDS_SIZE = PIECES_MAX * sizeof " except 30 september 2027" };

/* In the order in which they were said.  A year in which it is gives two, all others take two
 * pieces at least, so there is room for all. */
struct bounds {
    size_t count;
    struct bound {
        enum bound_kind kind;
        struct civil_date date; /* of a year: its month and day are 0 */
    } bound[PIECES_MAX];
};

struct line {
    const struct piece *piece; /* all of them */
    enum language language, reader;
    struct civil_date today; /* from which days are offered; year 0: not known, none are */
    size_t at;

    struct piece select[PIECES_MAX];
    size_t selects;
    struct piece except[PIECES_MAX]; /* what of it is left out */
    size_t excepts;
    bool is_excepting; /* what follows is left out */
    bool is_monthly, is_monthly_except, is_night;

    bool has_clock, has_two_clocks; /* "at 8": two, twelve hours apart */
    bool is_midnight;               /* said as a word: of which of two days? */
    bool is_night_hour;             /* before six, said with the night: that of which day? */
    bool is_half_by;                /* "half seven": before it or after it? */
    bool is_day_end;                /* 24:00: the midnight after the day */
    const struct piece *part;       /* of the day, said before the hour */
    int32_t clock, until;           /* seconds; until: -1 for none */
    const struct piece *sun;        /* NULL: none */
    int32_t sun_offset;

    struct piece place[PLACES_MAX];
    size_t places;
    bool has_joint, has_region; /* of places: "and" or the like; a comma before a region's name */
    const struct piece *zone, *country;
    bool is_utc, is_everywhere;
    bool is_where_used; /* where it is has said which day is meant, and says no clock */

    int32_t seconds, days;        /* how long; 0: not said */
    const struct piece *namesake; /* a place of which several are called so */
    const char *notice;           /* what a person should know of how it was read; NULL: nothing */
    bool is_each;                 /* "every day from 1 to 7 may" */
    bool is_unsaid;               /* no rule says it: it is asked back without readings */
    char months[100];  /* "only in may, june", of a series that lasts so long each year */
    char stretch[104]; /* "6 days from 28 april", where the days of two months were named */
    struct civil_date stretch_end;
    bool has_stretch_year;
    struct bounds bounds;

    struct choices selected, times;
    char question[400], refusal[400];
    bool is_in_english; /* they are, whoever reads them */
};

/* Puts every piece into a slot.  False when one fits none. */
TOCSIN_MUST_USE bool line_fill(struct line *line);

/* Writes what is selected as the reader likes it, into line->selected; false when it cannot be
 * said. */
TOCSIN_MUST_USE bool line_say_selected(struct line *line);

/* Asks which day a midnight is of, and which evening the sunset is of a day that begins with
 * one. */
void line_doubt_day(struct line *line);

/* Writes the time and the place into line->times; false when they do not go together. */
TOCSIN_MUST_USE bool line_say_time(struct line *line);

/* The duration as a clause, or nothing. */
void line_say_length(const struct line *line, char out[static 40]);

/* The bounds as clauses, or nothing. */
void line_say_bounds(const struct line *line, char out[static BOUNDS_SIZE]);

/* Keeps a piece of what is selected, or of what is left out of it. */
void line_keep(struct line *line, struct piece piece);

/* Makes the line one that is asked back; the first question stays. */
void line_ask(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes the line one that cannot be; the first reason stays. */
void line_refuse(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A weekday in the language of the reader. */
const char *line_weekday(const struct line *line, int32_t weekday);

static inline const struct piece *here(const struct line *line)
{
    return &line->piece[line->at];
}

/* Adds words to every choice. */
void choices_say(struct choices *choices, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each choice once with each of the readings, which | parts. */
void choices_fork(struct choices *choices, const char *readings);

#endif
