/* store/stream.h -- the sync stream as a pure iterator: bundles, retained topics, HTTP.
 * Allocates nothing; borrows the bytes. */
#ifndef STORE_STREAM_H
#define STORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instants/instant.h"

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

/* Takes the next item; false at the end and on malformed bytes: then *malformed tells which. */
TOCSIN_MUST_USE bool stream_next(struct stream *stream, struct stream_item *out, bool *malformed);

#endif
