/* records/letters.h -- which bytes a record may hold at all. */
#ifndef RECORDS_LETTERS_H
#define RECORDS_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

/* The first byte that is not part of valid UTF-8 or belongs to a character that no record may hold
 * (C0 but line feed, DEL, C1, U+2028/9, U+202A-E, U+2066-9, U+FEFF); NULL when all are fine. *why
 * then says what it is. */
const char *letters_judge(const char *text, size_t len, const char **why);

/* The first backslash that begins no escape (\\, and \n where newlines is set), or NULL. */
const char *letters_judge_escapes(const char *text, size_t len, bool newlines);

/* Whether all are letters of base64 (RFC 4648 4), but for padding at the end.
 * libsodium 1.0.18 decodes some bytes above 0x7F as if they were letters, which would give a key a
 * second spelling.  Takes the same time whatever the letters are. */
bool unicode_is_base64(const char *text, size_t len);

#endif
