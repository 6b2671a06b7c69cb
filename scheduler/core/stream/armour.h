/* stream/armour.h -- bytes of a sync stream as text for a chat or a letter: it may be quoted,
 * indented and reflowed, its line ends may be lost, and words may stand before and after it.
 *
 *   BEGIN TOCSIN BUNDLE
 *   BASE64 (RFC 4648 4, without padding), any other characters between them passed over
 *   END TOCSIN BUNDLE
 *
 * What is encoded is 8 bytes of the BLAKE2b-256 of the bytes, by which damage on the way is
 * noticed, and the bytes. */
#ifndef STREAM_ARMOUR_H
#define STREAM_ARMOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum armour_result {
    ARMOUR_OK = 0,
    ARMOUR_NONE,    /* the text does not hold one */
    ARMOUR_CUT,     /* it has no end */
    ARMOUR_DAMAGED, /* characters are lost, changed, or put in */
    ARMOUR_NO_MEMORY,
};

/* Text of 7-bit characters with line ends, NUL-terminated, on the heap; NULL in want of memory. */
char *armour_write(const uint8_t *bytes, size_t size);

/* The bytes of all that are in a text of len bytes, one after the other, as streams go on: a thread
 * of letters holds a call and what became of it.  *out is on the heap, and untouched unless
 * ARMOUR_OK is returned: when each of them is whole. */
enum armour_result armour_read(const char *text, size_t len, uint8_t **out, size_t *size);

/* What to do about it, without a full stop. */
const char *armour_result_text(enum armour_result result);

#endif
