/* lines/lines.h -- a rule as people write it: in the language of tocsin-rules(5), as a sentence of
 * sentences.h, or in their own words, in ten languages. */
#ifndef LINES_LINES_H
#define LINES_LINES_H

#include "rules/rule.h"
#include "words/phrases.h"

/* Reads and checks a rule of len bytes of UTF-8.  *out is owned by the caller and untouched unless
 * RULE_OK is returned; error may be NULL. */
TOCSIN_MUST_USE enum rule_result lines_read(const char *text, size_t len, struct rule **out,
                                            struct rule_error *error);
/* The same, with what is asked back in the language of the reader; where a line leaves open from
 * which day it counts, days from today on are offered.  lines_read knows no today, and offers none.
 */
TOCSIN_MUST_USE enum rule_result lines_read_for(const char *text, size_t len, enum language reader,
                                                struct civil_date today, struct rule **out,
                                                struct rule_error *error);
/* What a line is beside its canonical text. */
enum lines_spelling {
    LINES_CANONICAL,
    LINES_READS_AS, /* out is the canonical text */
    LINES_UNREAD,   /* this reader does not know it: a newer one may */
};

enum lines_spelling lines_spell(const char *text, size_t len, char out[static RULE_TEXT_SIZE]);

#endif
