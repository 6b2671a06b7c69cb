/* pieces/pieces.h -- a line as a person writes it, in one language, cut into pieces that have a
 * meaning each: a word of tocsin-rules(5), a number, a time of day, a date, a place. */
#ifndef PIECES_PIECES_H
#define PIECES_PIECES_H

#include <string.h>

#include "instants/civil.h"
#include "places/places.h"
#include "words/phrases.h"

enum { PIECES_MAX = 96 };

/* Of piece.weekdays: monday to friday, saturday and sunday, all. */
enum { WORKDAYS = 0x3E, WEEKEND = 0xC0, EVERY_DAY = 0xFE };

enum piece_kind {
    PIECE_END,
    PIECE_WORD,    /* word: an English one, see words/phrases.h; "venue": a square or building */
    PIECE_RULE,    /* word: words of a rule, several readings after one another with | */
    PIECE_NUMBER,  /* n */
    PIECE_ORDINAL, /* n */
    PIECE_MONTH,   /* n; of another calendar: word, and n is 0 */
    PIECE_WEEKDAY, /* n */
    PIECE_EVENT,   /* word */
    PIECE_SUN,     /* n: enum sun_event, of the first; word, several with | */
    PIECE_CLOCK,   /* seconds since midnight; 20h30 may also be a duration */
    PIECE_SPAN,    /* seconds */
    PIECE_DATE,    /* date; year 0: every year */
    PIECE_DATES,   /* 03/04/2027: date, day first, or other */
    PIECE_PLACE,   /* name as places_write has it, zone its clock's ("" : none) */
    PIECE_ZONE,    /* zone; or word: CET, the zones it may mean with | between them */
    PIECE_COUNTRY, /* name: its code; zone: that of all its clocks, "" where they differ */
    PIECE_SIGN,    /* n: the character */
};

struct piece {
    enum piece_kind kind;
    const char *word;
    int32_t n, seconds;
    bool is_plural;    /* of a weekday: "fridays" */
    bool is_h_clock;   /* of a clock: written 20h30 */
    bool is_article;   /* of the number 1: "a" */
    bool is_spelled;   /* of a number: written as a word */
    bool is_padded;    /* of a clock: its hour is written 07 */
    bool is_half;      /* of a clock: written with am or pm */
    bool is_spoken;    /* of a clock: half a day goes by it, "half past eight" as one word */
    bool is_rough;     /* of the word "at": "around" */
    bool is_stretch;   /* of words of a rule: n days from date, COMMON_YEAR where none was named */
    bool is_doubtful;  /* of a place: several are called so, and name is as it was written */
    enum days_ask ask; /* of words of a rule */
    uint32_t weekdays; /* ... that are of every week: bit n for weekday n */
    struct civil_date date, other;
    char name[PLACE_NAME_SIZE], zone[PLACE_NAME_SIZE];
};

/* The pieces of len bytes of text in a language, PIECE_END last.  False when something in it has no
 * meaning in that language: *reached is where it begins, and out holds those before it. */
TOCSIN_MUST_USE bool pieces_read(const char *text, size_t len, enum language language,
                                 struct piece out[static PIECES_MAX], size_t *reached);

/* Pieces that mean one thing together become one: weekdays from one to another, a city and its
 * country, what is between two things. */
void pieces_join(struct piece pieces[static PIECES_MAX]);

/* The words of a rule for weekdays of every week: those left out, where they are fewer. */
struct piece weekdays_piece(uint32_t weekdays);

static inline struct piece word_piece(const char *word)
{
    return (struct piece){.kind = PIECE_WORD, .word = word};
}

/* --- looking at pieces ------------------------------------------------------------------------ */

static inline bool is_word(const struct piece *piece, const char *word)
{
    return piece->kind == PIECE_WORD && strcmp(piece->word, word) == 0;
}

static inline bool is_one_of(const struct piece *piece, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_word(piece, words[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(piece, ...)                                                                      \
    is_one_of((piece), (const char *const[]){__VA_ARGS__},                                         \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static inline bool is_sign(const struct piece *piece, char sign)
{
    return piece->kind == PIECE_SIGN && piece->n == sign;
}

static inline bool is_joint(const struct piece *piece)
{
    return IS_ONE_OF(piece, "at", "in", "on", "of", "to", "from", "by", "with");
}

static inline bool is_day_unit(const struct piece *piece)
{
    return IS_ONE_OF(piece, "day", "days", "week", "weeks");
}

static inline bool is_year(const struct piece *piece)
{
    return piece->kind == PIECE_NUMBER && piece->n >= 1700 && piece->n <= 2249;
}

static inline int32_t seconds_of_unit(const struct piece *piece)
{
    return is_word(piece, "hour")          ? 3600
           : is_word(piece, "minute")      ? 60
           : is_word(piece, "second unit") ? 1
           : is_word(piece, "h24")         ? 3600
                                           : 0;
}

#endif
