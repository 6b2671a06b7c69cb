/* rules/sentence.h -- a rule said in a person's language, and such a sentence understood: both by
 * the rows of words/sayings.h, so that what is said is what is heard. */
#ifndef RULES_SENTENCE_H
#define RULES_SENTENCE_H

#include "rules/tree.h"
#include "words/sayings.h"

/* Understands len bytes of plain text as a sentence of rule_say in a language: its canonical line.
 * False: it is none. */
TOCSIN_MUST_USE bool sentence_hear(const char *text, size_t len, enum language language,
                                   char out[static RULE_TEXT_SIZE]);

#endif
