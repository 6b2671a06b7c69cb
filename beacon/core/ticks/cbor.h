/* ticks/cbor.h -- the few forms of deterministic CBOR (RFC 8949, 4.2.1) that a tick is made of.
 * A writer that cannot write past its end and a reader that takes the shortest form only.  Both
 * remember the first failure, so that a shape is read or written in one go and judged once. */
#ifndef TICKS_CBOR_H
#define TICKS_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cbor_major {
    CBOR_UNSIGNED = 0,
    CBOR_NEGATIVE = 1,
    CBOR_BYTES = 2,
    CBOR_TEXT = 3,
    CBOR_ARRAY = 4,
    CBOR_MAP = 5,
    CBOR_TAG = 6,
    CBOR_SIMPLE = 7,
};

enum { CBOR_NULL = 22 };

struct cbor_writer {
    uint8_t *at, *end;
    bool failed; /* it did not fit */
};

void cbor_put_head(struct cbor_writer *to, enum cbor_major major, uint64_t value);
void cbor_put_int(struct cbor_writer *to, int64_t value);
void cbor_put_bytes(struct cbor_writer *to, const void *bytes, size_t size);
void cbor_put_null(struct cbor_writer *to);

struct cbor_reader {
    const uint8_t *at, *end;
    bool failed; /* not the form asked for; every later answer is zero */
};

/* The argument of the next head, which must be of this major type and in its shortest form. */
uint64_t cbor_get_head(struct cbor_reader *from, enum cbor_major major);

/* A head that must be exactly this one. */
void cbor_expect(struct cbor_reader *from, enum cbor_major major, uint64_t value);

/* An integer within [low, high]. */
int64_t cbor_get_int(struct cbor_reader *from, int64_t low, int64_t high);

/* A byte string of exactly size bytes: its place inside the input, or NULL. */
const uint8_t *cbor_get_bytes(struct cbor_reader *from, size_t size);

/* A byte string of any size that is there. */
const uint8_t *cbor_get_any_bytes(struct cbor_reader *from, size_t *size);

/* Takes a null if one comes next; false leaves the reader where it is. */
bool cbor_take_null(struct cbor_reader *from);

#endif
