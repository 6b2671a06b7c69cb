#include "words/asks.h"

#include <string.h>

/* asks.tsv: a row a question, a column a language, in the order of the enum, which the heading must
 * have. */
static const char *const asks[][LANGUAGES] = {
#include "words/asks.inc"
};
enum { ASKS = sizeof asks / sizeof *asks };

const char *asks_in(enum language language, const char *english)
{
    for (size_t i = 0; i < ASKS; i++) {
        if (strcmp(asks[i][LANGUAGE_EN], english) == 0) {
            return asks[i][language];
        }
    }
    return english;
}

const char *asks_english(size_t index)
{
    return index < ASKS ? asks[index][LANGUAGE_EN] : NULL;
}
