/* stream/stream.h -- the sync stream as a pure iterator: bundles, retained topics, HTTP.
 * The iterator allocates nothing and borrows the bytes. */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instants/must_use.h"
#include "text/draft.h"

enum { STREAM_SIGNATURES_MAX = 64, STREAM_SIZE_MAX = 16 * 1024 * 1024 };

struct stream_item {
    const uint8_t *record;
    size_t record_size;
    size_t signature_count;
    struct {
        const uint8_t *bytes;
        size_t size;
    } signature[STREAM_SIGNATURES_MAX];
};

struct stream {
    const uint8_t *at, *end;
};

/* Starts at the first of size bytes. */
void stream_init(struct stream *stream, const uint8_t *bytes, size_t size);

/* Takes the next item; false at the end and on malformed bytes: then *malformed tells which.  After
 * malformed bytes stream->at stays at the item that broke off.  Order and duplicates are not judged
 * here: a stream put together in any order means the same. */
TOCSIN_MUST_USE bool stream_next(struct stream *stream, struct stream_item *out, bool *malformed);

/* Whether these bytes are a stream rather than a raw record: a stream begins with a digit. */
bool stream_is_one(const uint8_t *bytes, size_t size);

/* Writes one netstring at out, which has room for size bytes, its digits and two more; returns
 * its length. An item is netstring(record), netstring(decimal count), count netstrings. */
size_t stream_write_netstring(const uint8_t *bytes, size_t size, uint8_t *out);

/* The same at the end of a draft. */
void stream_add_netstring(struct draft *draft, const void *bytes, size_t size);

#endif
