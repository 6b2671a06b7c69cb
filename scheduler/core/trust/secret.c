/* minisign's secret-key file: a comment line, and the base64 of
 *
 *   0   2   "Ed"
 *   2   2   "Sc" (sealed by scrypt) or two zeros (not sealed)
 *   4   2   "B2"
 *   6  32   salt
 *  38   8   scrypt opslimit, little-endian
 *  46   8   scrypt memlimit, little-endian
 *  54   8   key id                      \
 *  62  64   secret key, public key       | sealed: XORed with scrypt's output
 * 126  32   BLAKE2b-256("Ed", id, keys) /
 *
 * `minisign -W` leaves salt, limits and checksum zero; an unsealed file whose checksum is there and
 * right is taken as well.
 */
#include <assert.h>
#include <endian.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "trust/armor.h"
#include "trust/trust.h"

enum {
    KDF_AT = 2,
    CHECK_AT = 4,
    SALT_AT = 6,
    OPS_AT = 38,
    MEM_AT = 46,
    ID_AT = 54,
    KEY_AT = 62,
    SUM_AT = 126,
    PACKED = 158,
    SUM = PACKED - SUM_AT,
    SEALED = PACKED - ID_AT,
};

static const uint64_t sensitive_ops = crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE;
static const uint64_t sensitive_mem = crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE;

struct trust_secret {
    struct record_key_id id;
    uint8_t key[RECORD_PUBLIC_KEY_SIZE];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

/* The file's bytes and the stream that seals them: guarded memory, like the key itself. */
struct bench {
    uint8_t packed[PACKED];
    uint8_t stream[SEALED];
    char text[sodium_base64_ENCODED_LEN(PACKED, sodium_base64_VARIANT_ORIGINAL)];
};

/* Guarded memory that is certainly locked: sodium_malloc itself does not say when mlock fails. */
static void *take_guarded(size_t size)
{
    if (sodium_init() < 0) {
        return NULL;
    }
    void *memory = sodium_malloc(size);
    if (memory != NULL && sodium_mlock(memory, size) != 0) {
        sodium_free(memory);
        return NULL;
    }
    return memory;
}

struct trust_secret *trust_secret_new(const uint8_t seed[static 32], const uint8_t id[static 8])
{
    struct trust_secret *secret = take_guarded(sizeof *secret);
    if (secret == NULL) {
        return NULL;
    }
    memcpy(secret->id.bytes, id, sizeof secret->id.bytes);
    crypto_sign_seed_keypair(secret->key, secret->secret, seed);
    sodium_mprotect_readonly(secret);
    return secret;
}

void trust_secret_free(struct trust_secret *secret)
{
    sodium_free(secret); /* wipes; NULL is fine */
}

void trust_secret_public(const struct trust_secret *secret, struct record_public_key *out)
{
    out->id = secret->id;
    memcpy(out->key, secret->key, sizeof out->key);
}

void trust_sign_raw(const struct trust_secret *secret, const uint8_t *bytes, size_t size,
                    uint8_t out[static 64])
{
    crypto_sign_detached(out, NULL, bytes, size, secret->secret);
}

static uint64_t load_le(const uint8_t *bytes_le)
{
    uint64_t value_le;
    memcpy(&value_le, bytes_le, sizeof value_le);
    return le64toh(value_le);
}

static void store_le(uint64_t value, uint8_t *out_le)
{
    uint64_t value_le = htole64(value);
    memcpy(out_le, &value_le, sizeof value_le);
}

static void sum_of(const uint8_t packed[static PACKED], uint8_t out[static SUM])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SUM);
    crypto_generichash_update(&state, packed, 2);
    crypto_generichash_update(&state, packed + ID_AT, SUM_AT - ID_AT);
    crypto_generichash_final(&state, out, SUM);
    sodium_memzero(&state, sizeof state);
}

/* XORs the sealed part with what scrypt makes of the passphrase and the file's own parameters. */
static enum trust_result turn_seal(struct bench *bench, const char *passphrase, size_t len)
{
    if (crypto_pwhash_scryptsalsa208sha256(bench->stream, sizeof bench->stream, passphrase, len,
                                           bench->packed + SALT_AT, load_le(bench->packed + OPS_AT),
                                           (size_t)load_le(bench->packed + MEM_AT)) != 0) {
        return TRUST_NO_MEMORY;
    }
    for (size_t i = 0; i < SEALED; i++) {
        bench->packed[ID_AT + i] ^= bench->stream[i];
    }
    return TRUST_OK;
}

static enum trust_result unseal(struct bench *bench, const char *passphrase, size_t len)
{
    uint64_t ops = load_le(bench->packed + OPS_AT), mem = load_le(bench->packed + MEM_AT);
    /* minisign writes less than SENSITIVE where it found less memory: its files are taken; more
     * than SENSITIVE it never writes, and a file must not choose how much memory we take */
    if (ops < crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_MIN || ops > sensitive_ops ||
        mem < crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_MIN || mem > sensitive_mem) {
        return TRUST_MALFORMED;
    }
    if (passphrase == NULL) {
        return TRUST_SEALED;
    }
    enum trust_result result = turn_seal(bench, passphrase, len);
    uint8_t sum[SUM];
    sum_of(bench->packed, sum);
    if (result == TRUST_OK && sodium_memcmp(sum, bench->packed + SUM_AT, SUM) != 0) {
        result = TRUST_WRONG_PASSPHRASE;
    }
    sodium_memzero(sum, sizeof sum);
    return result;
}

static enum trust_result judge_unsealed(const struct bench *bench)
{
    uint8_t sum[SUM];
    sum_of(bench->packed, sum);
    bool is_right = sodium_is_zero(bench->packed + SUM_AT, SUM) ||
                    sodium_memcmp(sum, bench->packed + SUM_AT, SUM) == 0;
    sodium_memzero(sum, sizeof sum);
    return is_right ? TRUST_OK : TRUST_MALFORMED;
}

/* The two lines, decoded into the bench; then whatever seal there is taken off. */
static enum trust_result open_file(struct bench *bench, struct text rest, const char *passphrase,
                                   size_t passphrase_len)
{
    struct text line, comment;
    if (rest.len > TRUST_KEY_TEXT_MAX || !armor_cut_line(&rest, &line) ||
        !armor_has_prefix(line, ARMOR_UNTRUSTED, &comment) || !armor_cut_line(&rest, &line) ||
        rest.len != 0 || !armor_decode(line, bench->packed, PACKED) ||
        memcmp(bench->packed, "Ed", 2) != 0 || memcmp(bench->packed + CHECK_AT, "B2", 2) != 0) {
        return TRUST_MALFORMED;
    }
    if (memcmp(bench->packed + KDF_AT, "Sc", 2) == 0) {
        return unseal(bench, passphrase, passphrase_len);
    }
    return memcmp(bench->packed + KDF_AT, "\0", 2) == 0 ? judge_unsealed(bench) : TRUST_MALFORMED;
}

enum trust_result trust_secret_read(const char *text, size_t len, const char *passphrase,
                                    size_t passphrase_len, struct trust_secret **out)
{
    struct bench *bench = take_guarded(sizeof *bench);
    if (bench == NULL) {
        return TRUST_NO_MEMORY;
    }
    enum trust_result result =
        open_file(bench, (struct text){text, len}, passphrase, passphrase_len);
    if (result == TRUST_OK) {
        /* the seed comes first; the public half is made anew and must be the file's: signing with
         * a false one would betray the key */
        struct trust_secret *secret =
            trust_secret_new(bench->packed + KEY_AT, bench->packed + ID_AT);
        if (secret == NULL) {
            result = TRUST_NO_MEMORY;
        } else if (sodium_memcmp(secret->secret, bench->packed + KEY_AT, sizeof secret->secret) !=
                   0) {
            trust_secret_free(secret);
            result = TRUST_MALFORMED;
        } else {
            *out = secret;
        }
    }
    sodium_free(bench);
    return result;
}

enum trust_result trust_secret_write(const struct trust_secret *secret, const char *passphrase,
                                     size_t passphrase_len, const uint8_t salt[static 32],
                                     char *out, size_t out_size, size_t *len)
{
    struct bench *bench = take_guarded(sizeof *bench);
    if (bench == NULL) {
        return TRUST_NO_MEMORY;
    }
    memset(bench->packed, 0, PACKED);
    memcpy(bench->packed, "Ed", 2);
    memcpy(bench->packed + CHECK_AT, "B2", 2);
    memcpy(bench->packed + ID_AT, secret->id.bytes, sizeof secret->id.bytes);
    memcpy(bench->packed + KEY_AT, secret->secret, sizeof secret->secret);
    enum trust_result result = TRUST_OK;
    if (passphrase != NULL) {
        memcpy(bench->packed + KDF_AT, "Sc", 2);
        memcpy(bench->packed + SALT_AT, salt, 32);
        store_le(sensitive_ops, bench->packed + OPS_AT);
        store_le(sensitive_mem, bench->packed + MEM_AT);
        sum_of(bench->packed, bench->packed + SUM_AT);
        result = turn_seal(bench, passphrase, passphrase_len);
    }
    if (result == TRUST_OK) {
        sodium_bin2base64(bench->text, sizeof bench->text, bench->packed, PACKED,
                          sodium_base64_VARIANT_ORIGINAL);
        int written = snprintf(out, out_size, ARMOR_UNTRUSTED "minisign encrypted secret key\n%s\n",
                               bench->text);
        assert((size_t)written < out_size); /* TRUST_KEY_TEXT_MAX is ample; -1 is more */
        *len = (size_t)written;
    }
    sodium_free(bench);
    return result;
}
