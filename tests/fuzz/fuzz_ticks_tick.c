/* Whatever bytes come in: no crash, and what is read is exactly what would be written. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ticks/status.h"
#include "ticks/tick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct trust_secret *secret;
    static struct record_public_key key;
    if (secret == NULL) {
        static const uint8_t seed[32] = {1}, id[8] = {2};
        secret = trust_secret_new(seed, id);
        trust_secret_public(secret, &key);
    }
    struct tick_status status;
    (void)!tick_status_read((const char *)bytes, size, &status);
    struct tick tick;
    struct record_key_id kid;
    const uint8_t *payload;
    size_t payload_size;
    if (tick_read(bytes, size, &tick, &kid, &payload, &payload_size) != TICK_OK) {
        return 0;
    }
    assert(payload >= bytes && payload + payload_size <= bytes + size);
    uint8_t again[TICK_SIZE_MAX];
    size_t again_size = tick_write(&tick, secret, again);
    struct tick twin;
    struct record_key_id our_kid;
    const uint8_t *our_payload;
    size_t our_payload_size;
    enum tick_result result =
        tick_read(again, again_size, &twin, &our_kid, &our_payload, &our_payload_size);
    assert(result == TICK_OK);
    (void)result;
    /* one encoding for each value: the payload is the same, byte for byte */
    assert(our_payload_size == payload_size && memcmp(our_payload, payload, payload_size) == 0);
    size_t signer;
    result = tick_verify(bytes, size, &key, 1, &twin, &signer);
    assert(result != TICK_MALFORMED);
    uint8_t hash[TICK_PREVIOUS_SIZE], our_hash[TICK_PREVIOUS_SIZE];
    tick_hash(bytes, size, hash);
    tick_hash(again, again_size, our_hash);
    assert(memcmp(hash, our_hash, sizeof hash) == 0);
    return 0;
}
