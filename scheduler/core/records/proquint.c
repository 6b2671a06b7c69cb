#include "records/proquint.h"

#include <stddef.h>
#include <string.h>

void proquint_write(const uint8_t bytes[static 8], char out[static PROQUINT_SIZE])
{
    static const char consonant[] = "bdfghjklmnprstvz", vowel[] = "aiou";
    for (size_t i = 0; i < PROQUINT_WORDS; i++) {
        unsigned bits = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
        *out++ = consonant[bits >> 12];
        *out++ = vowel[bits >> 10 & 3];
        *out++ = consonant[bits >> 6 & 15];
        *out++ = vowel[bits >> 4 & 3];
        *out++ = consonant[bits & 15];
        *out++ = i + 1 < PROQUINT_WORDS ? ' ' : '\0';
    }
}

bool proquint_is(const uint8_t bytes[static 8], const char *text)
{
    static const char between[] = " \t\r\n,;:.-_/|'\"";
    char words[PROQUINT_SIZE];
    proquint_write(bytes, words);
    const char *at = words;
    text += strspn(text, between);
    for (; *at != '\0' && *text != '\0'; at++) {
        if (*at == ' ') {
            text += strspn(text, between);
        } else if ((*text | 0x20) != *at) { /* ASCII, as its letters are */
            return false;
        } else {
            text++;
        }
    }
    return *at == '\0' && text[strspn(text, between)] == '\0';
}
