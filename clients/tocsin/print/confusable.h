/* tocsin/print/confusable.h -- texts that are not what they look like: words whose letters come
 * from several alphabets that look alike, and characters that nobody sees. */
#ifndef TOCSIN_CONFUSABLE_H
#define TOCSIN_CONFUSABLE_H

#include <stdbool.h>

#include "text/text.h"

enum { CONFUSABLE_WORD_SIZE = 128 };

/* The first word of text that mixes alphabets which resemble each other (Latin, Greek, Cyrillic,
 * Armenian, Cherokee), copied into word; false when there is none. */
bool confusable_find(struct text text, char word[static CONFUSABLE_WORD_SIZE]);

/* The first character of text that is not shown and changes how the rest is read, or what it is
 * equal to: marks of direction, spaces of no width, fillers.  Joiners and selectors of a form are
 * none behind a letter of a script that has them, or an emoji. */
bool confusable_unseen(struct text text, uint32_t *out);

#endif
