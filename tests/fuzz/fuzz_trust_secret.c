/* A secret-key file.  An unsealed one that is read writes back what minisign would have written; a
 * sealed one is taken as far as the passphrase (scrypt itself is far too slow to fuzz). */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct trust_secret *secret = NULL, *again = NULL;
    if (trust_secret_read((const char *)bytes, size, NULL, 0, &secret) != TRUST_OK) {
        if (secret != NULL) {
            abort();
        }
        return 0;
    }
    char text[TRUST_KEY_TEXT_MAX];
    size_t len;
    uint8_t salt[32] = {0};
    struct record_public_key a, b;
    struct trust_signature signature;
    if (trust_secret_write(secret, NULL, 0, salt, text, sizeof text, &len) != TRUST_OK ||
        trust_secret_read(text, len, NULL, 0, &again) != TRUST_OK) {
        abort();
    }
    trust_secret_public(secret, &a);
    trust_secret_public(again, &b);
    if (!trust_public_key_equal(&a, &b) ||
        trust_sign(again, bytes, size, "fuzz", &signature) != TRUST_OK ||
        trust_verify(&signature, &a, bytes, size) != TRUST_OK) {
        abort();
    }
    trust_secret_free(secret);
    trust_secret_free(again);
    return 0;
}
