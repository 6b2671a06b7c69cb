/* trust/trust.h -- minisign's keys and signatures, byte for byte: what stock minisign writes we
 * accept, what we write stock minisign accepts.  Prehashed "ED" signatures only.
 *
 * Bytes in, values out: knows no file, no clock and no random source (a new key's 32 seed bytes, a
 * salt, come in as arguments).  Secrets live in guarded memory and have no printing function. */
#ifndef TRUST_TRUST_H
#define TRUST_TRUST_H

#include "records/id.h"

struct record_root;

enum {
    TRUST_SIGNATURE_TEXT_MAX = 4096, /* a .minisig file; larger is refused */
    TRUST_KEY_TEXT_MAX = 1024,       /* a .pub or .key file */
    TRUST_COMMENT_MAX = 1024,
    TRUST_ERROR_SIZE = 160,
};

enum trust_result {
    TRUST_OK = 0,
    TRUST_MALFORMED,     /* not minisign's form */
    TRUST_LEGACY,        /* an unhashed "Ed" signature: sign again with a current minisign */
    TRUST_WRONG_KEY,     /* the signature names another key id */
    TRUST_BAD_SIGNATURE, /* the file was changed, or the signature is not by this key */
    TRUST_BAD_COMMENT,   /* the trusted comment's global signature fails */
    TRUST_WRONG_PASSPHRASE,
    TRUST_SEALED,    /* a passphrase is needed */
    TRUST_NO_MEMORY, /* scrypt's 1 GiB (or any memory) is not to be had */
};

/* One sentence without a full stop, with the remedy where there is one. */
const char *trust_result_text(enum trust_result result);

/* From the bare base64 (56 characters) or a whole minisign .pub file. */
TOCSIN_MUST_USE enum trust_result trust_public_key_read(const char *text, size_t len,
                                                        struct record_public_key *out);
bool trust_public_key_equal(const struct record_public_key *a, const struct record_public_key *b);

struct trust_signature {
    struct record_key_id id; /* selects candidates, proves nothing */
    uint8_t signature[64];
    uint8_t global[64];
    size_t comment_len;
    char comment[TRUST_COMMENT_MAX]; /* the trusted comment, NUL-terminated */
};

TOCSIN_MUST_USE enum trust_result trust_signature_read(const uint8_t *bytes, size_t size,
                                                       struct trust_signature *out);
/* The .minisig text with our fixed untrusted comment; returns its length. */
size_t trust_signature_write(const struct trust_signature *signature,
                             char out[static TRUST_SIGNATURE_TEXT_MAX]);

/* Whether key signed exactly these bytes (and the trusted comment). libsodium's verdict is ours.
 * Takes no memory: TRUST_OK, TRUST_WRONG_KEY, TRUST_BAD_SIGNATURE or TRUST_BAD_COMMENT. */
TOCSIN_MUST_USE enum trust_result trust_verify(const struct trust_signature *signature,
                                               const struct record_public_key *key,
                                               const uint8_t *bytes, size_t size);

/* A secret key in guarded, locked memory. */
struct trust_secret;

/* A new key from 32 random bytes and 8 more for its id.  NULL: no locked memory. */
struct trust_secret *trust_secret_new(const uint8_t seed[static 32], const uint8_t id[static 8]);
void trust_secret_free(struct trust_secret *secret);
void trust_secret_public(const struct trust_secret *secret, struct record_public_key *out);

/* Reads a minisign secret-key file, sealed or not.  passphrase may be NULL: a sealed key then gives
 * TRUST_SEALED.  Unsealing takes about 1 GiB and 4 s, and is never made weaker. */
TOCSIN_MUST_USE enum trust_result trust_secret_read(const char *text, size_t len,
                                                    const char *passphrase, size_t passphrase_len,
                                                    struct trust_secret **out);

/* The secret-key file's text.  With a passphrase, sealed with the salt at minisign's own scrypt
 * parameters; without one (NULL), unsealed as `minisign -W` writes it.  The caller wipes out. */
TOCSIN_MUST_USE enum trust_result trust_secret_write(const struct trust_secret *secret,
                                                     const char *passphrase, size_t passphrase_len,
                                                     const uint8_t salt[static 32], char *out,
                                                     size_t out_size, size_t *len);

/* Signs bytes with a trusted comment (cleaned text, at most TRUST_COMMENT_MAX - 1 bytes), and
 * verifies the result before returning it. */
TOCSIN_MUST_USE enum trust_result trust_sign(const struct trust_secret *secret,
                                             const uint8_t *bytes, size_t size,
                                             const char *trusted_comment,
                                             struct trust_signature *out);

/* Plain Ed25519 over bytes, for ticks (COSE): no prehash, no comment. */
void trust_sign_raw(const struct trust_secret *secret, const uint8_t *bytes, size_t size,
                    uint8_t out[static 64]);

/* Whether a root record's own lines are sound beyond their form: threshold within the organizers,
 * no key id or public key twice among all its lines.  (The chain from version to version is the
 * view's business.)  error may be NULL. */
TOCSIN_MUST_USE bool trust_root_is_sound(const struct record_root *root,
                                         char error[TRUST_ERROR_SIZE]);

#endif
