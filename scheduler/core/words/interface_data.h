/* words/interface_data.h -- the shape of the table in interface_data.c; private to words. */
#ifndef WORDS_INTERFACE_DATA_H
#define WORDS_INTERFACE_DATA_H

#include "words/interface.h"

extern const struct interface_calendar interface_calendars[INTERFACE_LANGUAGES];

extern const struct interface_phrase {
    const char *name;
    const char *in[INTERFACE_LANGUAGES];
} interface_phrases[]; /* a row without a name is the end */

extern const struct interface_own {
    const char *code, *name;
} interface_own_names[]; /* a row without a code is the end */

#endif
