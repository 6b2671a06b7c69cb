#include "records/record.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "records/schema.h"

static void write_hex(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * size] = '\0';
}

static int digit(char letter)
{
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                            : -1;
}

static bool read_hex(const char *text, size_t len, uint8_t *out, size_t size)
{
    if (len != 2 * size) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (digit(text[i]) < 0) {
            return false;
        }
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    }
    return true;
}

void record_id_of(const uint8_t *bytes, size_t size, struct record_id *out)
{
    int done = crypto_generichash(out->bytes, sizeof out->bytes, bytes, size, NULL, 0);
    assert(done == 0); /* it fails for sizes out of its range alone */
    (void)done;
}

bool record_says_root(const uint8_t *bytes, size_t size)
{
    static const char line[] = "tocsin root ";
    return size >= sizeof line - 1 && memcmp(bytes, line, sizeof line - 1) == 0;
}

/* The value of a record at an offset of its schema; NULL: its type has none. */
static const void *value_at(const struct record *record, size_t offset)
{
    return offset != 0 ? (const char *)record + offset : NULL;
}

const struct record_id *record_root_of(const struct record *record)
{
    const struct schema *schema = schema_of(record->type);
    const bool *has_root = value_at(record, schema->has_root);
    return has_root != NULL && !*has_root ? &record->id : value_at(record, schema->root);
}

enum record_subject record_subject_of(const struct record *record)
{
    return schema_of(record->type)->subject;
}

const struct record_uid *record_uid_of(const struct record *record)
{
    return value_at(record, schema_of(record->type)->uid);
}

const struct record_key_id *record_beacon_of(const struct record *record)
{
    return value_at(record, schema_of(record->type)->beacon);
}

instant record_made(const struct record *record)
{
    return *(const instant *)value_at(record, schema_of(record->type)->made);
}

uint32_t record_step_of(const struct record *record)
{
    const uint32_t *step = value_at(record, schema_of(record->type)->step);
    return step != NULL ? *step : 0;
}

bool record_belongs_to(const struct record *record, const struct record_id *root,
                       const struct record_uid *uid)
{
    const struct record_uid *own = record_uid_of(record);
    const struct record_id *of = record_root_of(record);
    return of != NULL && record_id_equal(of, root) &&
           (record_subject_of(record) == RECORD_OF_KEYS ||
            (uid != NULL && own != NULL && record_uid_equal(own, uid)));
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

bool record_id_equal(const struct record_id *a, const struct record_id *b)
{
    return record_id_compare(a, b) == 0;
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

const char *record_type_name(enum record_type type)
{
    return schema_of(type)->word;
}

const char *record_tone_name(enum record_tone tone)
{
    static const char *const names[] = {[TONE_MOURNING] = "mourning",
                                        [TONE_VIGIL] = "vigil",
                                        [TONE_CELEBRATION] = "celebration",
                                        [TONE_REFLECTION] = "reflection"};
    assert((size_t)tone < sizeof names / sizeof *names);
    return names[tone];
}
