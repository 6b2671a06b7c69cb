/* pieces/cutter.h -- cutting a line into pieces, one after another.  Private to the module.  A
 * cut_... that returns false found what has no meaning, or more pieces than there is room for. */
#ifndef PIECES_CUTTER_H
#define PIECES_CUTTER_H

#include "pieces/pieces.h"
#include "words/letter.h"

struct cutter {
    const char *at, *end;
    enum language language;
    struct piece *out;
    size_t count;
    bool is_stamp; /* a clock follows its date's T */
};

static inline char peek(const struct cutter *c, size_t ahead)
{
    return (size_t)(c->end - c->at) > ahead ? c->at[ahead] : '\0';
}

bool cut_add(struct cutter *c, struct piece piece);
/* The end of the word that begins at `at`. */
const char *word_end(const char *at, const char *end);

/* cut_number.c */
bool cut_number(struct cutter *c);
bool cut_position(struct cutter *c, bool *is_cut);
bool cut_from_utc(struct cutter *c); /* false: not what follows */

/* cut_word.c */
bool cut_word(struct cutter *c);

/* cut_place.c: false, or NULL, where no place is called so. */
bool place_named(const char *text, size_t len, struct piece *out);
/* Asks which is meant where those who speak the language may mean another: the one found lies where
 * it is not spoken, and one of at least a fifteenth of its people where it is, or the language
 * calls one of more than two fifths of them so; or it lies where it is spoken, and one of at least
 * a fifteenth at home. */
void place_doubt_namesake(const char *text, size_t len, enum language language, struct piece *out);
/* How the names of cities end in the case that follows "in", and in the nominative. */
struct place_case {
    enum language language;
    const char *ending, *nominative;
};
extern const struct place_case place_cases[];
size_t place_case_count(void);
bool place_inflected(const char *text, size_t len, enum language language, struct piece *out);
/* Asks where a name is also another city's in the case that follows "in". */
void place_doubt_inflected(const char *text, size_t len, enum language language, struct piece *out);
bool place_country(const char *text, size_t len, enum language language, struct piece *out);
const char *place_end(const char *from, const char *end, const char *limit, enum language language,
                      struct piece *out);
bool place_begins(const char *from, const char *phrase_end, const char *end);

/* The codes of the countries where a language is spoken: "ES MX"; "" where they are many. */
const char *language_countries(enum language language);

#endif
