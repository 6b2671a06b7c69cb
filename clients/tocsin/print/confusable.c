#include "tocsin/print/confusable.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* The next character of valid UTF-8, as a record's text is. */
static UChar32 next(const char *text, int32_t len, int32_t *at)
{
    uint32_t point = 0;
    size_t size = text_decode(text + *at, (size_t)(len - *at), &point);
    *at += size > 0 ? (int32_t)size : 1;
    return (UChar32)point;
}

/* One bit for each alphabet that can be taken for another. */
static unsigned alphabet(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);
    if (script == USCRIPT_LATIN) {
        return 1;
    }
    if (script == USCRIPT_GREEK) {
        return 2;
    }
    if (script == USCRIPT_CYRILLIC) {
        return 4;
    }
    if (script == USCRIPT_ARMENIAN) {
        return 8;
    }
    return script == USCRIPT_CHEROKEE ? 16 : 0;
}

static bool is_form(UChar32 c)
{
    return c == 0x200c || c == 0x200d || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) ||
           (c >= 0xe0020 && c <= 0xe007f);
}

bool confusable_unseen(struct text text, uint32_t *out)
{
    int32_t at = 0, len = (int32_t)text.len;
    UChar32 before = 0;
    while (at < len) {
        UChar32 c = next(text.at, len, &at);
        if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
            !(is_form(c) && before >= 0x80)) {
            *out = (uint32_t)c;
            return true;
        }
        before = c;
    }
    return false;
}

bool confusable_find(struct text text, char word[static CONFUSABLE_WORD_SIZE])
{
    int32_t at = 0, len = (int32_t)text.len, start = 0;
    unsigned seen = 0;
    while (at <= len) {
        int32_t before = at;
        UChar32 c = -1; /* the end closes the last word */
        if (at < len) {
            c = next(text.at, len, &at);
        } else {
            at++;
        }
        if (c >= 0 && (u_isalpha(c) || u_getCombiningClass(c) != 0)) {
            seen |= alphabet(c);
            continue;
        }
        if ((seen & (seen - 1)) != 0) {
            size_t size = (size_t)(before - start);
            size = size < CONFUSABLE_WORD_SIZE ? size : CONFUSABLE_WORD_SIZE - 1;
            memcpy(word, text.at + start, size);
            word[size] = '\0';
            return true;
        }
        seen = 0;
        start = at;
    }
    return false;
}
