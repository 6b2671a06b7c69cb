/* sentences/sentences.h -- a rule said in a person's language, and such a sentence understood: both
 * by the rows of words/sayings.h, so that what is said is what is heard. */
#ifndef SENTENCES_SENTENCES_H
#define SENTENCES_SENTENCES_H

#include "rules/rule.h"
#include "words/phrases.h"

enum {
    SENTENCE_SIZE = 8192,    /* room for any rule in any language */
    SENTENCE_DATE_SIZE = 96, /* a date with its weekday in any language */
};

/* The rule as a sentence in a language, which lines_read reads as the same rule. */
size_t sentence_say(const struct rule *rule, enum language language,
                    char out[static SENTENCE_SIZE]);

/* "domenica 25 aprile 2027" */
size_t sentence_say_date(struct civil_date date, enum language language,
                         char out[static SENTENCE_DATE_SIZE]);

/* Understands len bytes of plain text as a sentence of sentence_say in a language: its canonical
 * line. False: it is none. */
TOCSIN_MUST_USE bool sentence_hear(const char *text, size_t len, enum language language,
                                   char out[static RULE_TEXT_SIZE]);

#endif
