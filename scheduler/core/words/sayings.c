#include "words/sayings.h"

#include <stdbool.h>

/* CLDR 42, plural rules of whole numbers. */
size_t sayings_plural(enum language language, int32_t n)
{
    int32_t tens = n % 100, ones = n % 10;
    bool is_few = ones >= 2 && ones <= 4 && (tens < 12 || tens > 14);
    switch (language) {
    case LANGUAGE_PL:
        return n == 1 ? 0 : is_few ? 1 : 2;
    case LANGUAGE_UK:
        return ones == 1 && tens != 11 ? 0 : is_few ? 1 : 2;
    case LANGUAGE_AR:
        return n == 1 ? 0 : n == 2 ? 1 : tens >= 3 && tens <= 10 ? 2 : tens >= 11 ? 3 : 4;
    case LANGUAGE_EN:
    case LANGUAGE_IT:
    case LANGUAGE_ES:
    case LANGUAGE_FR:
    case LANGUAGE_DE:
    case LANGUAGE_PT:
    case LANGUAGE_EL:
    case LANGUAGES:
        break;
    }
    return n == 1 ? 0 : 1;
}
