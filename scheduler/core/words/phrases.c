#include "words/phrases.h"

#include <string.h>

#include "words/words.h"

enum language language_find(const char *code)
{
    static const char codes[LANGUAGES][3] = {"en", "it", "es", "fr", "de",
                                             "pt", "pl", "uk", "ar", "el"};
    enum language language = LANGUAGE_EN;
    while (language < LANGUAGES && strcmp(codes[language], code) != 0) {
        language++;
    }
    return language;
}

const char *phrases_find(enum language language, const char *text, size_t len)
{
    size_t count;
    const struct phrase *phrase = phrases_of(language, &count);
    for (size_t i = 0; i < count; i++) {
        if (len > 0 && words_may_equal(phrase[i].text, text) &&
            words_equal(phrase[i].text, strlen(phrase[i].text), text, len)) {
            return phrase[i].means;
        }
    }
    return NULL;
}
