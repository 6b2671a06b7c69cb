#include "records/id.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static void write_hex(const uint8_t *bytes, size_t size, char *out)
{
    (void)sodium_bin2hex(out, 2 * size + 1, bytes, size);
}

/* One spelling alone: sodium_hex2bin takes capital letters too. */
static bool read_hex(const char *text, size_t len, uint8_t *out, size_t size)
{
    return len == 2 * size && text_is_hex((struct text){text, len}) &&
           sodium_hex2bin(out, size, text, len, NULL, NULL, NULL) == 0;
}

void record_id_of(const uint8_t *bytes, size_t size, struct record_id *out)
{
    int done = crypto_generichash(out->bytes, sizeof out->bytes, bytes, size, NULL, 0);
    assert(done == 0); /* it fails for sizes out of its range alone */
    (void)done;
}

void record_id_write(const struct record_id *id, char out[static RECORD_ID_TEXT_SIZE])
{
    write_hex(id->bytes, sizeof id->bytes, out);
}

bool record_id_read(const char *text, size_t len, struct record_id *out)
{
    return read_hex(text, len, out->bytes, sizeof out->bytes);
}

void record_uid_write(const struct record_uid *uid, char out[static RECORD_UID_TEXT_SIZE])
{
    write_hex(uid->bytes, sizeof uid->bytes, out);
}

bool record_uid_read(const char *text, size_t len, struct record_uid *out)
{
    return read_hex(text, len, out->bytes, sizeof out->bytes);
}

static void reverse(const uint8_t *from, uint8_t *to)
{
    for (size_t i = 0; i < RECORD_KEY_ID_SIZE; i++) {
        to[i] = from[RECORD_KEY_ID_SIZE - 1 - i];
    }
}

void record_key_id_write(const struct record_key_id *id, char out[static RECORD_KEY_ID_TEXT_SIZE])
{
    uint8_t shown[RECORD_KEY_ID_SIZE];
    reverse(id->bytes, shown);
    write_hex(shown, sizeof shown, out);
}

bool record_key_id_read(const char *text, size_t len, struct record_key_id *out)
{
    uint8_t shown[RECORD_KEY_ID_SIZE];
    if (!read_hex(text, len, shown, sizeof shown)) {
        return false;
    }
    reverse(shown, out->bytes);
    return true;
}

struct record_id_text record_id_text(const struct record_id *id)
{
    struct record_id_text out;
    record_id_write(id, out.text);
    return out;
}

struct record_uid_text record_uid_text(const struct record_uid *uid)
{
    struct record_uid_text out;
    record_uid_write(uid, out.text);
    return out;
}

struct record_key_id_text record_key_id_text(const struct record_key_id *id)
{
    struct record_key_id_text out;
    record_key_id_write(id, out.text);
    return out;
}

bool record_id_equal(const struct record_id *a, const struct record_id *b)
{
    return record_id_compare(a, b) == 0;
}

bool record_id_is_among(const struct record_id *list, size_t count, const struct record_id *id)
{
    for (size_t i = 0; i < count; i++) {
        if (record_id_equal(&list[i], id)) {
            return true;
        }
    }
    return false;
}

int record_id_compare(const struct record_id *a, const struct record_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

int record_by_id(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

bool record_uid_equal(const struct record_uid *a, const struct record_uid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool record_key_id_equal(const struct record_key_id *a, const struct record_key_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
