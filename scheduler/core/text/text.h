/* text/text.h -- a piece of somebody's text: whether two are the same, and its characters in UTF-8.
 * Knows no alphabet and no language. */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lies in memory that is somebody else's and lives as long as that; not NUL-terminated. */
struct text {
    const char *at; /* NULL only when len is 0 */
    size_t len;
};

/* All of a string. */
struct text text_of(const char *string);

bool text_equal(struct text a, struct text b);
bool text_is(struct text text, const char *word);

/* Whether len bytes begin with these words. */
bool text_begins(const void *at, size_t len, const char *with);

/* Whether an address has the scheme "https://", or whichever: its letters have no case (RFC 3986,
 * 3.1). */
bool text_has_scheme(const char *address, const char *scheme);

/* Whether it is an address of the web: http:// or https:// and more. */
bool text_is_web(struct text address);

/* By bytes; of two that begin alike the shorter first. */
int text_compare(struct text a, struct text b);

/* The length of the first character of len bytes, and its code point; 0 when it is none: overlong
 * forms, surrogates and anything past U+10FFFF are none (RFC 3629, section 4), nor is len 0. */
size_t text_decode(const char *at, size_t len, uint32_t *point);

/* Whether a byte goes on with a character that began before it. */
static inline bool text_is_inside(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Of ASCII. */
static inline bool text_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool text_is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

static inline bool text_is_letter(char byte)
{
    return text_is_lower(byte) || (byte >= 'A' && byte <= 'Z');
}

/* How many characters begin within len bytes. */
size_t text_characters(const char *at, size_t len);

/* Where a byte of a text stands: its line and, in characters, its column, both from 1. */
void text_locate(const char *text, const char *at, size_t *line, size_t *column);

/* How many of len bytes, `most` at most, end where a character does. */
size_t text_cut(const char *at, size_t len, size_t most);

/* A byte as it stands within a string of JSON (RFC 8259, section 7). */
const char *text_json(char byte, char out[static 8]);

/* Takes passwords out of the addresses in a line that somebody will read, or a log will keep:
 * "https://anna:secret@host/" becomes "https://anna:*@host/", and a token alone before the @ a
 * star. */
void text_hide_passwords(char *line);

/* Adds to a list in words: behind the joint, unless it is the first.  What does not fit is cut off.
 */
void text_join(char *list, size_t size, const char *joint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The end of an English noun of which there are so many: "1 file", "2 files". */
static inline const char *text_s(size_t count)
{
    return count == 1 ? "" : "s";
}

/* A number from 0 to most, in digits alone. */
bool text_read_number(struct text text, uint32_t most, uint32_t *out);

/* The host that an address begins with: up to a colon or, in brackets, which are left out, an
 * address of IPv6.  Empty when it is none; what comes after it goes into *rest. */
struct text text_host(struct text address, struct text *rest);

/* What may come after a host: ":", and a port from 1 to 65535 with no zero before it, so that what
 * one program takes no other refuses. */
bool text_read_port(struct text text, int *out);

/* Whether all are digits of base 16, letters in lower case; so is nothing. */
bool text_is_hex(struct text text);

#endif
