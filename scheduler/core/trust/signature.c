/* A .minisig file:
 *
 *   untrusted comment: anything
 *   base64("ED", key id 8, Ed25519 over BLAKE2b-512 of the file 64)
 *   trusted comment: anything
 *   base64(Ed25519 over that signature's 64 bytes and the trusted comment)
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "trust/armor.h"
#include "trust/trust.h"

enum { PACKED = 2 + RECORD_KEY_ID_SIZE + 64, HASH = 64 };

enum trust_result trust_signature_read(const uint8_t *bytes, size_t size,
                                       struct trust_signature *out)
{
    struct text rest = {(const char *)bytes, size}, line, comment;
    uint8_t packed[PACKED];
    if (size > TRUST_SIGNATURE_TEXT_MAX || !armor_cut_line(&rest, &line) ||
        !armor_has_prefix(line, ARMOR_UNTRUSTED, &comment) || !armor_cut_line(&rest, &line) ||
        !armor_decode(line, packed, sizeof packed) || packed[0] != 'E' ||
        (packed[1] != 'D' && packed[1] != 'd')) {
        return TRUST_MALFORMED;
    }
    if (packed[1] == 'd') {
        return TRUST_LEGACY;
    }
    struct trust_signature read = {0};
    if (!armor_cut_line(&rest, &line) || !armor_has_prefix(line, ARMOR_TRUSTED, &comment) ||
        comment.len >= sizeof read.comment || !armor_cut_line(&rest, &line) || rest.len != 0 ||
        !armor_decode(line, read.global, sizeof read.global)) {
        return TRUST_MALFORMED;
    }
    memcpy(read.id.bytes, packed + 2, sizeof read.id.bytes);
    memcpy(read.signature, packed + 2 + sizeof read.id.bytes, sizeof read.signature);
    memcpy(read.comment, comment.at, comment.len);
    read.comment_len = comment.len;
    *out = read;
    return TRUST_OK;
}

size_t trust_signature_write(const struct trust_signature *signature,
                             char out[static TRUST_SIGNATURE_TEXT_MAX])
{
    uint8_t packed[PACKED] = {'E', 'D'};
    char first[sodium_base64_ENCODED_LEN(PACKED, sodium_base64_VARIANT_ORIGINAL)];
    char second[sodium_base64_ENCODED_LEN(64, sodium_base64_VARIANT_ORIGINAL)];
    memcpy(packed + 2, signature->id.bytes, sizeof signature->id.bytes);
    memcpy(packed + 2 + sizeof signature->id.bytes, signature->signature,
           sizeof signature->signature);
    sodium_bin2base64(first, sizeof first, packed, sizeof packed, sodium_base64_VARIANT_ORIGINAL);
    sodium_bin2base64(second, sizeof second, signature->global, sizeof signature->global,
                      sodium_base64_VARIANT_ORIGINAL);
    return (size_t)snprintf(out, TRUST_SIGNATURE_TEXT_MAX,
                            ARMOR_UNTRUSTED "verify with minisign or tocsin\n%s\n" ARMOR_TRUSTED
                                            "%s\n%s\n",
                            first, signature->comment, second);
}

static void hash_of(const uint8_t *bytes, size_t size, uint8_t out[static HASH])
{
    crypto_generichash(out, HASH, bytes, size, NULL, 0);
}

/* What the global signature covers; returns its length. */
static size_t commented(const struct trust_signature *signature,
                        uint8_t out[static 64 + TRUST_COMMENT_MAX])
{
    memcpy(out, signature->signature, 64);
    memcpy(out + 64, signature->comment, signature->comment_len);
    return 64 + signature->comment_len;
}

enum trust_result trust_verify(const struct trust_signature *signature,
                               const struct record_public_key *key, const uint8_t *bytes,
                               size_t size)
{
    if (!record_key_id_equal(&signature->id, &key->id)) {
        return TRUST_WRONG_KEY;
    }
    uint8_t hash[HASH];
    hash_of(bytes, size, hash);
    if (crypto_sign_verify_detached(signature->signature, hash, sizeof hash, key->key) != 0) {
        return TRUST_BAD_SIGNATURE;
    }
    uint8_t covered[64 + TRUST_COMMENT_MAX];
    size_t len = commented(signature, covered);
    return crypto_sign_verify_detached(signature->global, covered, len, key->key) == 0
               ? TRUST_OK
               : TRUST_BAD_COMMENT;
}

static bool is_clean(const char *comment, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)comment[i] < ' ' || comment[i] == 0x7F) {
            return false;
        }
    }
    return true;
}

enum trust_result trust_sign(const struct trust_secret *secret, const uint8_t *bytes, size_t size,
                             const char *trusted_comment, struct trust_signature *out)
{
    struct record_public_key key;
    struct trust_signature made = {.comment_len = strlen(trusted_comment)};
    if (made.comment_len >= sizeof made.comment || !is_clean(trusted_comment, made.comment_len)) {
        return TRUST_MALFORMED;
    }
    trust_secret_public(secret, &key);
    made.id = key.id;
    memcpy(made.comment, trusted_comment, made.comment_len);
    uint8_t hash[HASH], covered[64 + TRUST_COMMENT_MAX];
    hash_of(bytes, size, hash);
    trust_sign_raw(secret, hash, sizeof hash, made.signature);
    trust_sign_raw(secret, covered, commented(&made, covered), made.global);
    /* a fault in memory or processor would otherwise be published, and could betray the key */
    enum trust_result result = trust_verify(&made, &key, bytes, size);
    if (result == TRUST_OK) {
        *out = made;
    }
    return result;
}
