#include "ticks/cbor.h"

#include <string.h>

void cbor_put_head(struct cbor_writer *to, enum cbor_major major, uint64_t value)
{
    uint8_t head[9];
    size_t size;
    if (value < 24) {
        head[0] = (uint8_t)value;
        size = 1;
    } else {
        unsigned power = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
        size_t argument_size = (size_t)1 << power;
        head[0] = (uint8_t)(24 + power);
        for (size_t i = 0; i < argument_size; i++) {
            head[1 + i] = (uint8_t)(value >> (8 * (argument_size - 1 - i)));
        }
        size = 1 + argument_size;
    }
    if (to->failed || (size_t)(to->end - to->at) < size) {
        to->failed = true;
        return;
    }
    head[0] = (uint8_t)(head[0] | (unsigned)major << 5);
    memcpy(to->at, head, size);
    to->at += size;
}

void cbor_put_int(struct cbor_writer *to, int64_t value)
{
    if (value < 0) {
        cbor_put_head(to, CBOR_NEGATIVE, ~(uint64_t)value); /* -1 - value */
    } else {
        cbor_put_head(to, CBOR_UNSIGNED, (uint64_t)value);
    }
}

void cbor_put_bytes(struct cbor_writer *to, const void *bytes, size_t size)
{
    cbor_put_head(to, CBOR_BYTES, size);
    if (to->failed || (size_t)(to->end - to->at) < size) {
        to->failed = true;
        return;
    }
    memcpy(to->at, bytes, size);
    to->at += size;
}

void cbor_put_null(struct cbor_writer *to)
{
    cbor_put_head(to, CBOR_SIMPLE, CBOR_NULL);
}

/* Any head in its shortest form (RFC 8949, 4.2.1); indefinite lengths and the reserved values
 * fail. */
static bool peek_head(const struct cbor_reader *from, enum cbor_major *major, uint64_t *value,
                      size_t *size)
{
    size_t left = (size_t)(from->end - from->at);
    if (from->failed || left == 0) {
        return false;
    }
    unsigned info = from->at[0] & 31U;
    *major = (enum cbor_major)(from->at[0] >> 5);
    if (info < 24) {
        *value = info;
        *size = 1;
        return true;
    }
    if (info > 27) {
        return false;
    }
    size_t argument_size = (size_t)1 << (info - 24);
    if (left < 1 + argument_size) {
        return false;
    }
    uint64_t argument = 0;
    for (size_t i = 0; i < argument_size; i++) {
        argument = argument << 8 | from->at[1 + i];
    }
    /* The least value that needs this many bytes. */
    static const uint64_t least[] = {24, 0x100, 0x10000, 0x100000000};
    if (argument < least[info - 24]) {
        return false;
    }
    *value = argument;
    *size = 1 + argument_size;
    return true;
}

uint64_t cbor_get_head(struct cbor_reader *from, enum cbor_major major)
{
    enum cbor_major found;
    uint64_t value;
    size_t size;
    if (!peek_head(from, &found, &value, &size) || found != major) {
        from->failed = true;
        return 0;
    }
    from->at += size;
    return value;
}

void cbor_expect(struct cbor_reader *from, enum cbor_major major, uint64_t value)
{
    if (cbor_get_head(from, major) != value) {
        from->failed = true;
    }
}

int64_t cbor_get_int(struct cbor_reader *from, int64_t low, int64_t high)
{
    enum cbor_major major;
    uint64_t argument;
    size_t size;
    if (peek_head(from, &major, &argument, &size) &&
        (major == CBOR_UNSIGNED || major == CBOR_NEGATIVE) && argument <= INT64_MAX) {
        int64_t value = major == CBOR_UNSIGNED ? (int64_t)argument : -1 - (int64_t)argument;
        if (low <= value && value <= high) {
            from->at += size;
            return value;
        }
    }
    from->failed = true;
    return 0;
}

const uint8_t *cbor_get_any_bytes(struct cbor_reader *from, size_t *size)
{
    uint64_t length = cbor_get_head(from, CBOR_BYTES);
    if (from->failed || length > (uint64_t)(from->end - from->at)) {
        from->failed = true;
        *size = 0;
        return NULL;
    }
    const uint8_t *bytes = from->at;
    from->at += length;
    *size = (size_t)length;
    return bytes;
}

const uint8_t *cbor_get_bytes(struct cbor_reader *from, size_t size)
{
    size_t found;
    const uint8_t *bytes = cbor_get_any_bytes(from, &found);
    if (from->failed || found != size) {
        from->failed = true;
        return NULL;
    }
    return bytes;
}

bool cbor_take_null(struct cbor_reader *from)
{
    enum cbor_major major;
    uint64_t value;
    size_t size;
    if (!peek_head(from, &major, &value, &size) || major != CBOR_SIMPLE || value != CBOR_NULL) {
        return false;
    }
    from->at += size;
    return true;
}
