/* A .minisig file: what is read is written in one way, and reads back equal. */
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct trust_signature signature, again;
    if (trust_signature_read(bytes, size, &signature) != TRUST_OK) {
        return 0;
    }
    static char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t len = trust_signature_write(&signature, text);
    if (len >= sizeof text ||
        trust_signature_read((const uint8_t *)text, len, &again) != TRUST_OK ||
        memcmp(&signature, &again, sizeof again) != 0) {
        abort();
    }
    struct record_public_key key = {.id = signature.id, .key = {1}};
    if (trust_verify(&signature, &key, bytes, size) == TRUST_OK) {
        abort(); /* nobody holds a key for this point of small order */
    }
    return 0;
}
