/* sodium.c -- the few functions of libsodium that its verifying half wants and that live in files
 * with much else: beside them its own sources are compiled as they are. */
#include <sodium.h>

void _crypto_sign_ed25519_ref10_hinit(crypto_hash_sha512_state *state, int is_prehashed);

/* Of Ed25519 alone (RFC 8032, 5.1); nobody here verifies Ed25519ph. */
void _crypto_sign_ed25519_ref10_hinit(crypto_hash_sha512_state *state, int is_prehashed)
{
    if (is_prehashed != 0) {
        __builtin_trap();
    }
    crypto_hash_sha512_init(state);
}

void sodium_misuse(void)
{
    __builtin_trap();
}

void sodium_memzero(void *const at, const size_t size)
{
    for (volatile unsigned char *byte = at, *end = byte + size; byte != end; byte++) {
        *byte = 0;
    }
}

int sodium_memcmp(const void *const a, const void *const b, size_t size)
{
    const unsigned char *x = a, *y = b;
    unsigned char differ = 0;
    for (size_t i = 0; i < size; i++) {
        differ |= x[i] ^ y[i];
    }
    return differ == 0 ? 0 : -1;
}

int sodium_is_zero(const unsigned char *n, const size_t size)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits |= n[i];
    }
    return bits == 0;
}
