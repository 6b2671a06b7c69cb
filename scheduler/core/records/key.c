/* key.c -- public keys, and who holds which role in a root. */
#include <sodium.h>
#include <string.h>

#include "records/letters.h"
#include "records/record.h"

/* "Ed", the id's 8 bytes, the key's 32: 42 bytes, 56 characters without padding. */
enum { PACKED = 2 + RECORD_KEY_ID_SIZE + RECORD_PUBLIC_KEY_SIZE };

bool record_public_key_read(struct text text, struct record_public_key *out)
{
    uint8_t bytes[PACKED];
    size_t size;
    const char *end;
    if (text.len != RECORD_PUBLIC_KEY_TEXT_SIZE - 1 || !unicode_is_base64(text.at, text.len) ||
        sodium_base642bin(bytes, sizeof bytes, text.at, text.len, NULL, &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != sizeof bytes || end != text.at + text.len || memcmp(bytes, "Ed", 2) != 0) {
        return false;
    }
    memcpy(out->id.bytes, bytes + 2, sizeof out->id.bytes);
    memcpy(out->key, bytes + 2 + sizeof out->id.bytes, sizeof out->key);
    return true;
}

void record_public_key_write(const struct record_public_key *key,
                             char out[static RECORD_PUBLIC_KEY_TEXT_SIZE])
{
    uint8_t bytes[PACKED] = {'E', 'd'};
    memcpy(bytes + 2, key->id.bytes, sizeof key->id.bytes);
    memcpy(bytes + 2 + sizeof key->id.bytes, key->key, sizeof key->key);
    sodium_bin2base64(out, RECORD_PUBLIC_KEY_TEXT_SIZE, bytes, sizeof bytes,
                      sodium_base64_VARIANT_ORIGINAL);
}

const struct record_key *record_key_find(const struct record_key *list, size_t count,
                                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE])
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(list[i].public.key, key, RECORD_PUBLIC_KEY_SIZE) == 0) {
            return &list[i];
        }
    }
    return NULL;
}

bool record_key_is_among(const struct record_public_key *list, size_t count,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE])
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(list[i].key, key, RECORD_PUBLIC_KEY_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

bool record_is_organizer(const struct record_root *root,
                         const uint8_t key[static RECORD_PUBLIC_KEY_SIZE])
{
    return record_key_find(root->organizer, root->organizer_count, key) != NULL;
}

size_t record_count_organizers(const struct record_root *root, const struct record_public_key *key,
                               size_t count)
{
    size_t organizers = 0;
    for (size_t i = 0; i < count; i++) {
        organizers += record_is_organizer(root, key[i].key);
    }
    return organizers;
}

bool record_is_beacon(const struct record_root *root,
                      const uint8_t key[static RECORD_PUBLIC_KEY_SIZE])
{
    return record_key_find(root->beacon, root->beacon_count, key) != NULL;
}
