#include "words/asks.h"

#include <string.h>

#include "words/asks_data.h"

const char *asks_in(enum language language, const char *english)
{
    for (size_t i = 0; i < asks_data_count; i++) {
        if (strcmp(asks_data[i][LANGUAGE_EN], english) == 0) {
            return asks_data[i][language];
        }
    }
    return english;
}

const char *asks_english(size_t index)
{
    return index < asks_data_count ? asks_data[index][LANGUAGE_EN] : NULL;
}
