#include <stdlib.h>

#include "say/say.h"

void say_languages(char out[static SAY_LANGUAGES_SIZE])
{
    const char *names[] = {getenv("LANGUAGE"), getenv("LC_ALL"), getenv("LC_MESSAGES"),
                           getenv("LANG")};
    const char *chosen = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL && *names[i] != '\0') {
            chosen = names[i];
            break;
        }
    }
    size_t len = 0;
    bool skip = false;
    for (; *chosen != '\0' && len + 1 < SAY_LANGUAGES_SIZE; chosen++) {
        if (*chosen == ':') {
            skip = false;
            out[len++] = ',';
        } else if (*chosen == '_' || *chosen == '.' || *chosen == '@') {
            skip = true;
        } else if (!skip) {
            out[len++] = *chosen;
        }
    }
    out[len] = '\0';
}
