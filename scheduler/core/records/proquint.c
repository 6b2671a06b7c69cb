#include "records/proquint.h"

#include <stddef.h>

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
