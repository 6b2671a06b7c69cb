/* tocsin/print/confusable.h -- words whose letters come from several alphabets that look alike. */
#ifndef TOCSIN_CONFUSABLE_H
#define TOCSIN_CONFUSABLE_H

#include <stdbool.h>

#include "records/record.h"

enum { CONFUSABLE_WORD_SIZE = 128 };

/* The first word of text that mixes alphabets which resemble each other (Latin, Greek, Cyrillic,
 * Armenian, Cherokee), copied into word; false when there is none. */
bool confusable_find(struct text text, char word[static CONFUSABLE_WORD_SIZE]);

#endif
