#include "tocsin/print/unicode.h"

#include <stdio.h>
#include <string.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { UNITS = 1 << 16, TAG_SIZE = 64, NAME_UNITS = 128 };

bool unicode_is_nfc(const char *text, size_t len)
{
    static _Thread_local UChar units[UNITS];
    UErrorCode code = U_ZERO_ERROR;
    int32_t count = 0;
    if (len >= UNITS) {
        return false;
    }
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    u_strFromUTF8(units, UNITS, &count, text, (int32_t)len, &code);
    bool is_nfc = U_SUCCESS(code) && unorm2_isNormalized(nfc, units, count, &code);
    return U_SUCCESS(code) && is_nfc;
}

/* The English name of a tag's language; false: the tag is malformed or CLDR does not know it. */
static bool name_language(const char *tag, size_t len, UChar name[static NAME_UNITS])
{
    char text[TAG_SIZE], locale[ULOC_FULLNAME_CAPACITY], language[ULOC_LANG_CAPACITY];
    UErrorCode code = U_ZERO_ERROR;
    int32_t read = 0;
    if (len == 0 || len >= sizeof text) {
        return false;
    }
    memcpy(text, tag, len);
    text[len] = '\0';
    uloc_forLanguageTag(text, locale, sizeof locale, &read, &code);
    uloc_getLanguage(locale, language, sizeof language, &code);
    if (U_FAILURE(code) || (size_t)read != len || language[0] == '\0') {
        return false;
    }
    code = U_ZERO_ERROR;
    uloc_getDisplayLanguage(locale, "en", name, NAME_UNITS, &code);
    return U_SUCCESS(code) && code != U_USING_DEFAULT_WARNING;
}

bool unicode_is_language(const char *tag, size_t len)
{
    UChar name[NAME_UNITS];
    return name_language(tag, len, name);
}

void unicode_language_name(const char *tag, size_t len, char out[static UNICODE_LANGUAGE_SIZE])
{
    UChar name[NAME_UNITS];
    UErrorCode code = U_ZERO_ERROR;
    bool is_known = name_language(tag, len, name);
    if (is_known) {
        u_strToUTF8(out, UNICODE_LANGUAGE_SIZE, NULL, name, -1, &code);
    }
    if (!is_known || U_FAILURE(code)) {
        snprintf(out, UNICODE_LANGUAGE_SIZE, "%.*s", (int)len, tag);
    }
}
