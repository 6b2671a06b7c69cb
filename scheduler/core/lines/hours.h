/* lines/hours.h -- inside of the front: an hour of a line, as heard. */
#ifndef LINES_HOURS_H
#define LINES_HOURS_H

#include "lines/line.h"

enum { HOUR = 3600, NIGHT_END = 6 * HOUR, HALF_DAY = 12 * HOUR, DAY = 24 * HOUR };

struct hour {
    size_t end;       /* the piece after it */
    int32_t clock;    /* seconds */
    bool is_clear;    /* of the two halves of a day, one */
    bool is_hours;    /* said as an hour and nothing else */
    bool is_asked;    /* noon or midnight? */
    bool is_midnight; /* of which of two days? */
    bool is_exact;    /* without minutes of its own */
    bool is_padded;   /* 07:30: perhaps by the clock of 24 hours */
    bool has_part;    /* its half of the day was said with it */
    bool is_twelfth;  /* ... and it is by the clock of 12 hours */
    bool is_half;     /* ... by am or pm */
    bool is_night;    /* ... by the night */
    bool is_half_by;  /* "half seven": half an hour before it, or after it? */
};

/* The hour at `at` with its unit and its minutes, without the part of the day; false: none. */
bool hear_hour(const struct line *line, size_t at, bool after_at, struct hour *out);

/* Gives an hour the half of the day that the word behind it says, or the one that stood before it.
 * False: they do not go together. */
bool use_part(struct line *line, struct hour *h);

/* ... that a piece says. */
bool use_part_of_day(const struct piece *piece, struct hour *h);

/* Makes it the hour of the line, whose reader goes on behind it. */
void keep_hour(struct line *line, const struct hour *h);

/* Asks back whether it is before noon or after. */
void ask_half(struct line *line, int32_t clock);

#endif
