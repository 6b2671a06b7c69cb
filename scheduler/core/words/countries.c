#include "words/countries.h"

#include <string.h>

#include "words/words.h"

const char *countries_find(enum language language, const char *text, size_t len)
{
    size_t count;
    const struct country_name *names = countries_of(language, &count);
    for (size_t i = 0; i < count; i++) {
        if (len > 0 && words_may_equal(names[i].text, text) &&
            words_equal(names[i].text, strlen(names[i].text), text, len)) {
            return names[i].code;
        }
    }
    return NULL;
}
