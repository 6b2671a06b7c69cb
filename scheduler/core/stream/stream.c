#include "stream/stream.h"

#include <stdio.h>
#include <string.h>

/* Takes one netstring: a decimal length without leading zeros, ':', the bytes, ','. */
static bool take(struct stream *stream, const uint8_t **bytes, size_t *size)
{
    const uint8_t *at = stream->at;
    size_t length = 0;
    const uint8_t *first = at;
    while (at < stream->end && *at >= '0' && *at <= '9') {
        if (at - first == 8 || (at > first && *first == '0')) {
            return false;
        }
        length = length * 10 + (size_t)(*at - '0');
        at++;
    }
    if (at == first || at == stream->end || *at != ':') {
        return false;
    }
    at++;
    if ((size_t)(stream->end - at) < length + 1 || at[length] != ',') {
        return false;
    }
    *bytes = at;
    *size = length;
    stream->at = at + length + 1;
    return true;
}

/* The count between record and signatures: decimal, without leading zeros. */
static bool read_count(const uint8_t *bytes, size_t size, size_t *count)
{
    if (size < 1 || size > 2 || (size > 1 && bytes[0] == '0')) {
        return false;
    }
    size_t value = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (size_t)(bytes[i] - '0');
    }
    *count = value;
    return value <= STREAM_SIGNATURES_MAX;
}

void stream_init(struct stream *stream, const uint8_t *bytes, size_t size)
{
    stream->at = bytes;
    stream->end = bytes + size;
}

bool stream_next(struct stream *stream, struct stream_item *out, bool *malformed)
{
    *malformed = false;
    if (stream->at == stream->end) {
        return false;
    }
    struct stream ahead = *stream;
    const uint8_t *digits;
    size_t digit_count;
    *malformed = true;
    if ((size_t)(ahead.end - ahead.at) > STREAM_SIZE_MAX ||
        !take(&ahead, &out->record, &out->record_size) || !take(&ahead, &digits, &digit_count) ||
        !read_count(digits, digit_count, &out->signature_count)) {
        return false;
    }
    for (size_t i = 0; i < out->signature_count; i++) {
        if (!take(&ahead, &out->signature[i].bytes, &out->signature[i].size)) {
            return false;
        }
    }
    *malformed = false;
    *stream = ahead;
    return true;
}

bool stream_is_one(const uint8_t *bytes, size_t size)
{
    return size > 0 && bytes[0] >= '0' && bytes[0] <= '9';
}

size_t stream_write_netstring(const uint8_t *bytes, size_t size, uint8_t *out)
{
    char length[24];
    int digits = snprintf(length, sizeof length, "%zu:", size);
    memcpy(out, length, (size_t)digits);
    if (size > 0) {
        memcpy(out + digits, bytes, size);
    }
    out[(size_t)digits + size] = ',';
    return (size_t)digits + size + 1;
}

void stream_add_netstring(struct draft *draft, const void *bytes, size_t size)
{
    draft_print(draft, "%zu:", size);
    draft_add_bytes(draft, bytes, size);
    draft_add(draft, ",");
}
