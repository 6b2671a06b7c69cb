#include <sodium.h>
#include <string.h>

#include "trust/armor.h"
#include "trust/trust.h"

/* "Ed", the id's 8 bytes, the key's 32: 42 bytes, 56 characters without padding. */
enum { PACKED = 2 + RECORD_KEY_ID_SIZE + RECORD_PUBLIC_KEY_SIZE };

static bool unpack(struct text line, struct trust_public_key *out)
{
    uint8_t bytes[PACKED];
    if (!armor_decode(line, bytes, sizeof bytes) || memcmp(bytes, "Ed", 2) != 0) {
        return false;
    }
    memcpy(out->id.bytes, bytes + 2, sizeof out->id.bytes);
    memcpy(out->key, bytes + 2 + sizeof out->id.bytes, sizeof out->key);
    return true;
}

enum trust_result trust_public_key_read(const char *text, size_t len, struct trust_public_key *out)
{
    if (len > TRUST_KEY_TEXT_MAX) {
        return TRUST_MALFORMED;
    }
    struct text rest = {text, len}, line, comment;
    if (len > 0 && text[len - 1] != '\n') { /* typed, or the last line feed was lost */
        if (armor_cut_line(&rest, &line) && !armor_has_prefix(line, ARMOR_UNTRUSTED, &comment)) {
            return TRUST_MALFORMED;
        }
        return unpack(rest, out) ? TRUST_OK : TRUST_MALFORMED;
    }
    if (!armor_cut_line(&rest, &line)) {
        return TRUST_MALFORMED;
    }
    if (armor_has_prefix(line, ARMOR_UNTRUSTED, &comment) && !armor_cut_line(&rest, &line)) {
        return TRUST_MALFORMED;
    }
    return rest.len == 0 && unpack(line, out) ? TRUST_OK : TRUST_MALFORMED;
}

void trust_public_key_write(const struct trust_public_key *key,
                            char out[static TRUST_PUBLIC_TEXT_SIZE])
{
    uint8_t bytes[PACKED] = {'E', 'd'};
    memcpy(bytes + 2, key->id.bytes, sizeof key->id.bytes);
    memcpy(bytes + 2 + sizeof key->id.bytes, key->key, sizeof key->key);
    sodium_bin2base64(out, TRUST_PUBLIC_TEXT_SIZE, bytes, sizeof bytes,
                      sodium_base64_VARIANT_ORIGINAL);
}

bool trust_public_key_equal(const struct trust_public_key *a, const struct trust_public_key *b)
{
    return record_key_id_equal(&a->id, &b->id) && memcmp(a->key, b->key, sizeof a->key) == 0;
}
