/* words/asks_data.h -- the table in asks_data.c; private to words. */
#ifndef WORDS_ASKS_DATA_H
#define WORDS_ASKS_DATA_H

#include <stddef.h>

#include "words/phrases.h"

extern const char *const asks_data[][LANGUAGES];
extern const size_t asks_data_count;

#endif
