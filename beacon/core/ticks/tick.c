#include "ticks/tick.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ticks/cbor.h"

/*  d2                                      tag 18, COSE_Sign1 (RFC 9052, 4.2)
 *  84                                      array of four
 *    50 a2 01 27 10 6b "tocsin-tick"       protected: {1 (alg): -8, 16 (typ): ...}
 *    a1 04 48 KID                          unprotected: {4 (kid): 8 bytes}
 *    58 LEN PAYLOAD                        a map of nine or ten
 *    58 40 SIGNATURE
 *
 * alg may also be -19 (0x32 for 0x27): RFC 9864 renames EdDSA on this curve so. */
static const uint8_t protected_header[] = {0xa2, 0x01, 0x27, 0x10, 0x6b, 't', 'o', 'c',
                                           's',  'i',  'n',  '-',  't',  'i', 'c', 'k'};
enum { PROTECTED_ALG_AT = 2, ALG_ED25519 = 0x32, SIGNATURE_SIZE = 64, SIGNED_SIZE_MAX = 1100 };

static const int64_t least_time = UTC_EARLIEST_S * NS_PER_S;
static const int64_t last_time = UTC_LATEST_S * NS_PER_S - 1;

const char *tick_result_text(enum tick_result result)
{
    switch (result) {
    case TICK_OK:
        return "a good tick";
    case TICK_MALFORMED:
        return "not a tick";
    case TICK_UNKNOWN_KEY:
        return "signed by a key that is not among the root's beacons";
    case TICK_BAD_SIGNATURE:
        return "the signature is not by the beacon it names";
    }
    return "unknown";
}

/* RFC 9052, 4.4: what is signed is ["Signature1", protected, external_aad (empty), payload]. */
static size_t write_signed(const uint8_t *protected_bytes, const uint8_t *payload,
                           size_t payload_size, uint8_t out[static SIGNED_SIZE_MAX])
{
    static const uint8_t opening[] = {0x84, 0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1'};
    memcpy(out, opening, sizeof opening);
    struct cbor_writer to = {out + sizeof opening, out + SIGNED_SIZE_MAX, false};
    cbor_put_bytes(&to, protected_bytes, sizeof protected_header);
    cbor_put_bytes(&to, "", 0);
    cbor_put_bytes(&to, payload, payload_size);
    assert(!to.failed);
    return (size_t)(to.at - out);
}

static void put_key(struct cbor_writer *to, int key)
{
    cbor_put_head(to, CBOR_UNSIGNED, (uint64_t)key);
}

static void put_window(struct cbor_writer *to, const struct tick_window *window)
{
    cbor_put_head(to, CBOR_ARRAY, 5);
    cbor_put_bytes(to, window->uid.bytes, sizeof window->uid.bytes);
    cbor_put_bytes(to, window->record, sizeof window->record);
    if (window->has_t0) {
        cbor_put_int(to, window->t0.ns);
    } else {
        cbor_put_null(to);
    }
    cbor_put_int(to, window->duration_ms);
    cbor_put_int(to, (int64_t)window->state);
}

/* What is true of every tick, whatever its numbers. */
static bool keeps_its_rules(const struct tick *tick)
{
    return tick->has_previous == (tick->counter != 0) &&
           (!tick->has_echo || (tick->has_error && tick->window_count == 0 && tick->next_ms == 0));
}

/* The same order as read_payload's; null where the beacon does not know, never a zero. */
static size_t write_payload(const struct tick *tick, uint8_t *out, size_t size)
{
    struct cbor_writer to = {out, out + size, false};
    cbor_put_head(&to, CBOR_MAP, tick->has_echo ? 10 : 9);
    put_key(&to, 1);
    cbor_put_bytes(&to, tick->root, sizeof tick->root);
    put_key(&to, 2);
    cbor_put_bytes(&to, tick->session, sizeof tick->session);
    put_key(&to, 3);
    cbor_put_int(&to, tick->counter);
    put_key(&to, 4);
    cbor_put_int(&to, tick->time.ns);
    put_key(&to, 5);
    if (tick->has_error) {
        cbor_put_int(&to, tick->error_ns);
    } else {
        cbor_put_null(&to);
    }
    put_key(&to, 6);
    if (tick->has_tai) {
        cbor_put_int(&to, tick->tai_minus_utc_s);
    } else {
        cbor_put_null(&to);
    }
    put_key(&to, 7);
    if (tick->has_previous) {
        cbor_put_bytes(&to, tick->previous, sizeof tick->previous);
    } else {
        cbor_put_null(&to);
    }
    put_key(&to, 8);
    cbor_put_int(&to, tick->next_ms);
    put_key(&to, 10);
    cbor_put_head(&to, CBOR_ARRAY, tick->window_count);
    for (size_t i = 0; i < tick->window_count; i++) {
        put_window(&to, &tick->window[i]);
    }
    if (tick->has_echo) {
        put_key(&to, 11);
        cbor_put_bytes(&to, tick->echo, sizeof tick->echo);
    }
    assert(!to.failed);
    return (size_t)(to.at - out);
}

/* What is signed is COSE's Sig_structure (RFC 9052 4.4), what is sent the tagged array around it;
 * the asserts are for our own mistakes, as nothing of this came from outside. */
size_t tick_write(const struct tick *tick, const struct trust_secret *secret,
                  uint8_t out[static TICK_SIZE_MAX])
{
    assert(tick->window_count <= TICK_WINDOWS_MAX);
    assert(keeps_its_rules(tick));
    assert(tick->time.ns >= least_time && tick->time.ns <= last_time);
    assert(!tick->has_error || tick->error_ns >= 0);
    assert(!tick->has_tai ||
           (tick->tai_minus_utc_s >= TICK_TAI_MIN_S && tick->tai_minus_utc_s <= TICK_TAI_MAX_S));
    struct record_public_key key;
    trust_secret_public(secret, &key);
    uint8_t payload[TICK_SIZE_MAX];
    size_t payload_size = write_payload(tick, payload, sizeof payload);
    uint8_t to_sign[SIGNED_SIZE_MAX];
    uint8_t signature[SIGNATURE_SIZE];
    trust_sign_raw(secret, to_sign, write_signed(protected_header, payload, payload_size, to_sign),
                   signature);

    struct cbor_writer to = {out, out + TICK_SIZE_MAX, false};
    cbor_put_head(&to, CBOR_TAG, 18);
    cbor_put_head(&to, CBOR_ARRAY, 4);
    cbor_put_bytes(&to, protected_header, sizeof protected_header);
    cbor_put_head(&to, CBOR_MAP, 1);
    put_key(&to, 4);
    cbor_put_bytes(&to, key.id.bytes, sizeof key.id.bytes);
    cbor_put_bytes(&to, payload, payload_size);
    cbor_put_bytes(&to, signature, sizeof signature);
    assert(!to.failed);
    return (size_t)(to.at - out);
}

/* The outer form, with the place of each part. */
struct envelope {
    const uint8_t *protected_bytes;
    const uint8_t *kid;
    const uint8_t *payload;
    size_t payload_size;
    const uint8_t *signature;
};

static bool read_envelope(const uint8_t *bytes, size_t size, struct envelope *out)
{
    if (size > TICK_SIZE_MAX) {
        return false;
    }
    struct cbor_reader from = {bytes, bytes + size, false};
    cbor_expect(&from, CBOR_TAG, 18);
    cbor_expect(&from, CBOR_ARRAY, 4);
    out->protected_bytes = cbor_get_bytes(&from, sizeof protected_header);
    cbor_expect(&from, CBOR_MAP, 1);
    cbor_expect(&from, CBOR_UNSIGNED, 4);
    out->kid = cbor_get_bytes(&from, RECORD_KEY_ID_SIZE);
    out->payload = cbor_get_any_bytes(&from, &out->payload_size);
    out->signature = cbor_get_bytes(&from, SIGNATURE_SIZE);
    if (from.failed || from.at != from.end) {
        return false;
    }
    uint8_t expected[sizeof protected_header];
    memcpy(expected, protected_header, sizeof expected);
    if (out->protected_bytes[PROTECTED_ALG_AT] == ALG_ED25519) {
        expected[PROTECTED_ALG_AT] = ALG_ED25519;
    }
    return memcmp(out->protected_bytes, expected, sizeof expected) == 0;
}

static void copy_bytes(struct cbor_reader *from, uint8_t *out, size_t size)
{
    const uint8_t *bytes = cbor_get_bytes(from, size);
    if (bytes != NULL) {
        memcpy(out, bytes, size);
    }
}

static void expect_key(struct cbor_reader *from, int key)
{
    cbor_expect(from, CBOR_UNSIGNED, (uint64_t)key);
}

static void get_window(struct cbor_reader *from, struct tick_window *out)
{
    cbor_expect(from, CBOR_ARRAY, 5);
    copy_bytes(from, out->uid.bytes, sizeof out->uid.bytes);
    copy_bytes(from, out->record, sizeof out->record);
    out->has_t0 = !cbor_take_null(from);
    if (out->has_t0) {
        out->t0.ns = cbor_get_int(from, least_time, last_time);
    }
    out->duration_ms = (uint32_t)cbor_get_int(from, 0, UINT32_MAX);
    out->state = (enum tick_state)cbor_get_int(from, TICK_COMING, TICK_CANCELLED);
}

/* One pass in the order of the keys: deterministic CBOR has one spelling, so whatever comes out of
 * order, or is left over, is refused, and no byte can be changed without changing the meaning. */
static bool read_payload(const uint8_t *bytes, size_t size, struct tick *out)
{
    struct cbor_reader from = {bytes, bytes + size, false};
    uint64_t pairs = cbor_get_head(&from, CBOR_MAP);
    if (pairs != 9 && pairs != 10) {
        return false;
    }
    expect_key(&from, 1);
    copy_bytes(&from, out->root, sizeof out->root);
    expect_key(&from, 2);
    copy_bytes(&from, out->session, sizeof out->session);
    expect_key(&from, 3);
    out->counter = (uint32_t)cbor_get_int(&from, 0, UINT32_MAX);
    expect_key(&from, 4);
    out->time.ns = cbor_get_int(&from, least_time, last_time);
    expect_key(&from, 5);
    out->has_error = !cbor_take_null(&from);
    if (out->has_error) {
        out->error_ns = cbor_get_int(&from, 0, INT64_MAX);
    }
    expect_key(&from, 6);
    out->has_tai = !cbor_take_null(&from);
    if (out->has_tai) {
        out->tai_minus_utc_s = (int32_t)cbor_get_int(&from, TICK_TAI_MIN_S, TICK_TAI_MAX_S);
    }
    expect_key(&from, 7);
    out->has_previous = !cbor_take_null(&from);
    if (out->has_previous) {
        copy_bytes(&from, out->previous, sizeof out->previous);
    }
    expect_key(&from, 8);
    out->next_ms = (uint32_t)cbor_get_int(&from, 0, UINT32_MAX);
    expect_key(&from, 10);
    uint64_t windows = cbor_get_head(&from, CBOR_ARRAY);
    if (from.failed || windows > TICK_WINDOWS_MAX) {
        return false;
    }
    out->window_count = (size_t)windows;
    for (size_t i = 0; i < out->window_count; i++) {
        get_window(&from, &out->window[i]);
    }
    out->has_echo = pairs == 10;
    if (out->has_echo) {
        expect_key(&from, 11);
        copy_bytes(&from, out->echo, sizeof out->echo);
    }
    return !from.failed && from.at == from.end && keeps_its_rules(out);
}

enum tick_result tick_read(const uint8_t *bytes, size_t size, struct tick *out,
                           struct record_key_id *kid, const uint8_t **payload, size_t *payload_size)
{
    struct envelope envelope;
    struct tick tick = {0};
    if (!read_envelope(bytes, size, &envelope) ||
        !read_payload(envelope.payload, envelope.payload_size, &tick)) {
        return TICK_MALFORMED;
    }
    *out = tick;
    memcpy(kid->bytes, envelope.kid, sizeof kid->bytes);
    *payload = envelope.payload;
    *payload_size = envelope.payload_size;
    return TICK_OK;
}

/* Shape first, signature last: the costly step is taken only for what one of our beacons may have
 * said.  Several keys may share an id, which only selects, so all of them are tried. */
enum tick_result tick_verify(const uint8_t *bytes, size_t size, const struct record_public_key *key,
                             size_t key_count, struct tick *out, size_t *signer)
{
    struct envelope envelope;
    struct tick tick = {0};
    if (!read_envelope(bytes, size, &envelope) ||
        !read_payload(envelope.payload, envelope.payload_size, &tick)) {
        return TICK_MALFORMED;
    }
    uint8_t to_sign[SIGNED_SIZE_MAX];
    size_t signed_size = 0;
    enum tick_result result = TICK_UNKNOWN_KEY;
    for (size_t i = 0; i < key_count; i++) {
        if (memcmp(key[i].id.bytes, envelope.kid, RECORD_KEY_ID_SIZE) != 0) {
            continue;
        }
        if (signed_size == 0) {
            signed_size = write_signed(envelope.protected_bytes, envelope.payload,
                                       envelope.payload_size, to_sign);
        }
        result = TICK_BAD_SIGNATURE;
        if (crypto_sign_verify_detached(envelope.signature, to_sign, signed_size, key[i].key) ==
            0) {
            *out = tick;
            *signer = i;
            return TICK_OK;
        }
    }
    return result;
}

void tick_hash(const uint8_t *bytes, size_t size, uint8_t out[static TICK_PREVIOUS_SIZE])
{
    struct envelope envelope;
    bool is_tick = read_envelope(bytes, size, &envelope);
    assert(is_tick); /* the caller has written or read it */
    (void)is_tick;
    uint8_t hash[32];
    crypto_generichash(hash, sizeof hash, envelope.payload, envelope.payload_size, NULL, 0);
    memcpy(out, hash, TICK_PREVIOUS_SIZE);
}

enum tick_lie tick_lie(const struct tick_hashed *first, const struct tick_hashed *second)
{
    if (first->tick->counter == second->tick->counter) {
        return memcmp(first->hash, second->hash, sizeof first->hash) != 0 ? TICK_TWO_OF_ONE_NUMBER
                                                                          : TICK_NO_LIE;
    }
    bool is_next = second->tick->counter == (uint64_t)first->tick->counter + 1;
    return is_next && second->tick->has_previous &&
                   memcmp(first->hash, second->tick->previous, sizeof first->hash) != 0
               ? TICK_FOLLOWS_ANOTHER
               : TICK_NO_LIE;
}
