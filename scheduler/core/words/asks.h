/* words/asks.h -- what a reader of lines asks back, in the languages of rules. */
#ifndef WORDS_ASKS_H
#define WORDS_ASKS_H

#include "words/phrases.h"

/* The format of a question in a language by the English one; that itself where there is no other.
 * The others take the same arguments, or the first of them, in the same order. */
const char *asks_in(enum language language, const char *english);

/* The English of every question, for tests: the heading first, NULL after the last. */
const char *asks_english(size_t index);

#endif
