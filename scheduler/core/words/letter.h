/* words/letter.h -- what letters and digits are to those who read what people write. */
#ifndef WORDS_LETTER_H
#define WORDS_LETTER_H

#include "text/text.h"

static inline bool is_digit(char c)
{
    return text_is_digit(c);
}

/* Of any script: whatever is not ASCII counts. */
static inline bool is_letter(char c)
{
    return text_is_letter(c) || (unsigned char)c >= 0x80;
}

static inline const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && *at == ' ') {
        at++;
    }
    return at;
}

#endif
