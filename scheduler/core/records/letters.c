#include "records/letters.h"

#include <stdint.h>
#include <string.h>

#include "text/text.h"

static const char *fault_of(uint32_t point)
{
    if (point < 0x20) {
        return point == '\n'   ? NULL
               : point == '\r' ? "a carriage return: lines end in a line feed alone"
               : point == '\t' ? "a tab: use a space"
                               : "a control character";
    }
    if (point >= 0x7F && point <= 0x9F) {
        return "a control character";
    }
    if (point == 0x2028 || point == 0x2029) {
        return "a line or paragraph separator";
    }
    if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069)) {
        return "a character that turns the direction of writing";
    }
    return point == 0xFEFF ? "a byte order mark" : NULL;
}

const char *letters_judge(const char *text, size_t len, const char **why)
{
    const char *end = text + len;
    while (text < end) {
        uint32_t point = (unsigned char)*text;
        size_t step = 1;
        if (point >= 0x80) {
            step = text_decode(text, (size_t)(end - text), &point);
            if (step == 0) {
                *why = "bytes that are not UTF-8";
                return text;
            }
        }
        *why = fault_of(point);
        if (*why != NULL) {
            return text;
        }
        text += step;
    }
    return NULL;
}

bool unicode_is_base64(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '=') {
        len--; /* how many there may be is the decoder's business */
    }
    unsigned strange = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned c = (unsigned char)text[i];
        unsigned is_letter = ((c | 0x20) - 'a' < 26U) | (c - '0' < 10U) | (c == '+') | (c == '/');
        strange |= is_letter ^ 1U;
    }
    return strange == 0;
}

const char *letters_judge_escapes(const char *text, size_t len, bool newlines)
{
    const char *end = text + len;
    while ((text = memchr(text, '\\', (size_t)(end - text))) != NULL) {
        if (text + 1 == end || (text[1] != '\\' && !(newlines && text[1] == 'n'))) {
            return text;
        }
        text += 2;
    }
    return NULL;
}
