/* tocsin/print/unicode.h -- what Unicode's tables say of texts and of the names of languages. */
#ifndef TOCSIN_UNICODE_H
#define TOCSIN_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether valid UTF-8 is in the composed form, NFC.  What is too long to be a line (64 KiB) is
 * not. */
bool unicode_is_nfc(const char *text, size_t len);

/* Whether a tag of BCP 47 is well-formed and names a language that CLDR knows ("it", "zh-hant"). */
bool unicode_is_language(const char *tag, size_t len);

/* What that language is called in English; the tag itself where CLDR does not know. */
enum { UNICODE_LANGUAGE_SIZE = 96 };
void unicode_language_name(const char *tag, size_t len, char out[static UNICODE_LANGUAGE_SIZE]);

#endif
