/* The language of who calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/windows/environment.h"

enum language environment_language(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != '\0') {
            char code[8];
            snprintf(code, sizeof code, "%.*s", (int)strcspn(value, "_.@"), value);
            enum language language = language_find(code);
            return language == LANGUAGES ? LANGUAGE_EN : language;
        }
    }
    return LANGUAGE_EN;
}
