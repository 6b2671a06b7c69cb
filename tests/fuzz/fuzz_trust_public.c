/* A public key, bare or as a .pub file: what is read is written in one way, and reads back
 * equal. */
#include <stdlib.h>
#include <string.h>

#include "trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct record_public_key key, again;
    if (trust_public_key_read((const char *)bytes, size, &key) != TRUST_OK) {
        return 0;
    }
    char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
    record_public_key_write(&key, text);
    if (memmem(bytes, size, text, RECORD_PUBLIC_KEY_TEXT_SIZE - 1) == NULL ||
        trust_public_key_read(text, RECORD_PUBLIC_KEY_TEXT_SIZE - 1, &again) != TRUST_OK ||
        !trust_public_key_equal(&key, &again)) {
        abort();
    }
    return 0;
}
