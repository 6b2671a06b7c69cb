/* text/draft.h -- text or bytes that grow while they are written.  A failed allocation is
 * remembered, so that a writer asks once, at the end. */
#ifndef TEXT_DRAFT_H
#define TEXT_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct draft {
    char *at; /* owned, unless lent; NUL-terminated once anything was added */
    size_t len, room;
    bool is_short_of_memory;
    bool is_lent; /* it lies in storage of somebody's, and grows no farther */
};

/* A draft in storage that stays its owner's, who neither takes nor frees the draft. */
static inline struct draft draft_in(char *storage, size_t room)
{
    storage[0] = '\0';
    return (struct draft){.at = storage, .room = room, .is_lent = true};
}

/* Makes room for so many more bytes, which the caller may write at the end and count in len. */
bool draft_reserve(struct draft *draft, size_t more);

void draft_add_bytes(struct draft *draft, const void *bytes, size_t len);
void draft_add(struct draft *draft, const char *text);
void draft_print(struct draft *draft, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text for a reader's eyes: what no record may hold (C0 but line feed, DEL, C1, line and paragraph
 * separators, direction controls, the byte order mark, U+FFFE and U+FFFF) is dropped, bytes that
 * are not UTF-8 become U+FFFD; lines keeps line feeds, else they become spaces. */
void draft_add_clean(struct draft *draft, const char *text, size_t len, bool lines);

/* Text made safe for HTML, SVG and other XML, in elements and in quoted attributes. */
void draft_add_escaped(struct draft *draft, const char *text, size_t len);

/* Takes spaces off both ends; what is then empty becomes `otherwise`: a property without a value is
 * no property (RFC 5545 3.1), and readers strip spaces. */
void draft_trim(struct draft *draft, const char *otherwise);

/* Gives the text away (never NULL unless memory was short) and leaves an empty draft. */
char *draft_take(struct draft *draft);
void draft_free(struct draft *draft);

/* Whether text for readers may hold the code point; a line feed may not. */
bool draft_is_clean(uint32_t code_point);

#endif
