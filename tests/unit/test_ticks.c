#include "check.h"
#include "golden.h"

#include <sodium.h>

#include "ticks/cbor.h"
#include "ticks/tick.h"

/* Keys from fixed seeds, so that every signature here is the same on every machine. */
static struct trust_secret *secret_of(uint8_t number)
{
    uint8_t seed[32], id[8];
    memset(seed, number, sizeof seed);
    for (size_t i = 0; i < sizeof id; i++) {
        id[i] = (uint8_t)(number * 16 + i);
    }
    struct trust_secret *secret = trust_secret_new(seed, id);
    assert_non_null(secret);
    return secret;
}

static struct tick first_tick(void)
{
    struct tick tick = {
        .counter = 0,
        .time = {INT64_C(1795435200123456789)},
        .has_error = true,
        .error_ns = 250000,
        .has_tai = true,
        .tai_minus_utc_s = 37,
        .next_ms = 60000,
        .window_count = 1,
    };
    memcpy(tick.root, "\x00\x11\x22\x33\x44\x55\x66\x77", 8);
    memcpy(tick.session, "sessions", 8);
    memset(tick.window[0].uid.bytes, 0xab, 16);
    memset(tick.window[0].record, 0xcd, 8);
    tick.window[0].has_t0 = true;
    tick.window[0].t0.ns = INT64_C(1795435220000000000);
    tick.window[0].duration_ms = 60000;
    return tick;
}

static struct tick greatest_tick(size_t windows)
{
    struct tick tick = {
        .counter = UINT32_MAX,
        .time = {UTC_LATEST_S * NS_PER_S - 1},
        .has_error = true,
        .error_ns = INT64_MAX,
        .has_tai = true,
        .tai_minus_utc_s = TICK_TAI_MAX_S,
        .has_previous = true,
        .next_ms = UINT32_MAX,
        .window_count = windows,
    };
    memset(tick.root, 0xff, 8);
    memset(tick.session, 0xff, 8);
    memset(tick.previous, 0xff, sizeof tick.previous);
    for (size_t i = 0; i < windows; i++) {
        memset(&tick.window[i].uid, 0xff, 16);
        memset(tick.window[i].record, 0xff, 8);
        tick.window[i].has_t0 = true;
        tick.window[i].t0 = tick.time;
        tick.window[i].duration_ms = UINT32_MAX;
        tick.window[i].state = TICK_CANCELLED;
    }
    return tick;
}

static struct tick bare_tick(void)
{
    struct tick tick = {.counter = 7, .time = {-1}, .has_previous = true};
    return tick;
}

static struct tick answering_tick(void)
{
    struct tick tick = greatest_tick(0);
    tick.time.ns = INT64_C(1795435200123456789);
    tick.error_ns = 1000000;
    tick.next_ms = 0;
    tick.has_echo = true;
    memset(tick.echo, 0xee, sizeof tick.echo);
    return tick;
}

static struct tick wave_tick(void)
{
    struct tick tick = greatest_tick(3);
    tick.time.ns = INT64_C(1795435200000000000);
    tick.counter = 23;
    tick.has_tai = false;
    tick.has_error = false;
    tick.error_ns = 0; /* what is absent reads as 0 */
    tick.window[1].has_t0 = false;
    tick.window[1].t0 = (utc){0};
    tick.window[1].state = TICK_BEGUN;
    tick.window[2].state = TICK_ENDED;
    return tick;
}

static void assert_ticks_equal(const struct tick *a, const struct tick *b)
{
    assert_memory_equal(a->root, b->root, 8);
    assert_memory_equal(a->session, b->session, 8);
    assert_int_equal(a->counter, b->counter);
    assert_true(a->time.ns == b->time.ns);
    assert_int_equal(a->has_error, b->has_error);
    assert_true(a->error_ns == b->error_ns);
    assert_int_equal(a->has_tai, b->has_tai);
    assert_int_equal(a->tai_minus_utc_s, b->has_tai ? b->tai_minus_utc_s : 0);
    assert_int_equal(a->has_previous, b->has_previous);
    assert_memory_equal(a->previous, b->previous, TICK_PREVIOUS_SIZE);
    assert_int_equal(a->next_ms, b->next_ms);
    assert_int_equal(a->window_count, b->window_count);
    for (size_t i = 0; i < a->window_count; i++) {
        assert_memory_equal(&a->window[i].uid, &b->window[i].uid, 16);
        assert_memory_equal(a->window[i].record, b->window[i].record, 8);
        assert_int_equal(a->window[i].has_t0, b->window[i].has_t0);
        assert_true(a->window[i].t0.ns == b->window[i].t0.ns);
        assert_int_equal(a->window[i].duration_ms, b->window[i].duration_ms);
        assert_int_equal(a->window[i].state, b->window[i].state);
    }
    assert_int_equal(a->has_echo, b->has_echo);
    assert_memory_equal(a->echo, b->echo, 32);
}

static void every_tick_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1);
    struct record_public_key key[3] = {0};
    trust_secret_public(secret, &key[2]);
    key[1].id = key[2].id; /* a stranger with the same id: ids only select candidates */
    const struct tick ticks[] = {first_tick(), greatest_tick(1), greatest_tick(8),
                                 bare_tick(),  wave_tick(),      answering_tick()};
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        uint8_t bytes[TICK_SIZE_MAX];
        size_t size = tick_write(&ticks[i], secret, bytes);
        assert_int_equal(bytes[0], 0xd2);
        struct tick out;
        size_t signer = 99;
        assert_int_equal(tick_verify(bytes, size, key, 3, &out, &signer), TICK_OK);
        assert_int_equal(signer, 2);
        assert_ticks_equal(&out, &ticks[i]);
        struct record_key_id kid;
        const uint8_t *payload;
        size_t payload_size;
        assert_int_equal(tick_read(bytes, size, &out, &kid, &payload, &payload_size), TICK_OK);
        assert_true(record_key_id_equal(&kid, &key[2].id));
        assert_ticks_equal(&out, &ticks[i]);
        uint8_t hash[32], previous[TICK_PREVIOUS_SIZE];
        crypto_generichash(hash, sizeof hash, payload, payload_size, NULL, 0);
        tick_hash(bytes, size, previous);
        assert_memory_equal(hash, previous, sizeof previous);
    }
    trust_secret_free(secret);
}

enum { LORA_FRAME = 222 }; /* LoRaWAN, EU868, DR5: the largest payload */

static void a_tick_of_one_window_fits_a_lora_frame_whatever_it_says(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = greatest_tick(1);
    size_t size = tick_write(&tick, secret, bytes);
    assert_int_equal(size, 216);
    assert_true(size <= LORA_FRAME);
    tick.time.ns = UTC_EARLIEST_S * NS_PER_S; /* a negative number has the same width */
    tick.window[0].t0 = tick.time;
    tick.tai_minus_utc_s = TICK_TAI_MIN_S;
    assert_int_equal(tick_write(&tick, secret, bytes), 216);
    tick = greatest_tick(TICK_WINDOWS_MAX);
    size = tick_write(&tick, secret, bytes);
    print_message("a tick of 8 windows: %zu bytes\n", size);
    assert_true(size <= TICK_SIZE_MAX);
    trust_secret_free(secret);
}

static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1);
    struct record_public_key key;
    trust_secret_public(secret, &key);
    struct tick tick = wave_tick(), out;
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size = tick_write(&tick, secret, bytes), signer;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(tick_verify(bytes, size, &key, 1, &out, &signer), TICK_OK);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(tick_verify(bytes, cut, &key, 1, &out, &signer), TICK_MALFORMED);
    }
    bytes[size] = 0;
    assert_int_equal(tick_verify(bytes, size + 1, &key, 1, &out, &signer), TICK_MALFORMED);
    assert_int_equal(tick_verify(bytes, size, &key, 1, &out, &signer), TICK_OK);
    trust_secret_free(secret);
}

static void whose_signature_it_is_decides(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1), *other = secret_of(2);
    struct record_public_key key, stranger, namesake;
    trust_secret_public(secret, &key);
    trust_secret_public(other, &stranger);
    namesake = stranger;
    namesake.id = key.id;
    struct tick tick = first_tick(), out = {.counter = 4711};
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size = tick_write(&tick, secret, bytes), signer;
    assert_int_equal(tick_verify(bytes, size, &stranger, 1, &out, &signer), TICK_UNKNOWN_KEY);
    assert_int_equal(tick_verify(bytes, size, NULL, 0, &out, &signer), TICK_UNKNOWN_KEY);
    assert_int_equal(tick_verify(bytes, size, &namesake, 1, &out, &signer), TICK_BAD_SIGNATURE);
    assert_int_equal(out.counter, 4711); /* untouched */
    trust_secret_free(secret);
    trust_secret_free(other);
}

/* Signs any payload under any protected header, to try what the writer would never write. */
static size_t sign_by_hand(const struct trust_secret *secret, const uint8_t *head, size_t head_size,
                           const uint8_t *payload, size_t payload_size, uint8_t *out)
{
    uint8_t signed_bytes[2048];
    struct cbor_writer to = {signed_bytes, signed_bytes + sizeof signed_bytes, false};
    cbor_put_head(&to, CBOR_ARRAY, 4);
    cbor_put_head(&to, CBOR_TEXT, 10);
    memcpy(to.at, "Signature1", 10);
    to.at += 10;
    cbor_put_bytes(&to, head, head_size);
    cbor_put_bytes(&to, "", 0);
    cbor_put_bytes(&to, payload, payload_size);
    uint8_t signature[64];
    trust_sign_raw(secret, signed_bytes, (size_t)(to.at - signed_bytes), signature);
    struct record_public_key key;
    trust_secret_public(secret, &key);
    to = (struct cbor_writer){out, out + 2048, false};
    cbor_put_head(&to, CBOR_TAG, 18);
    cbor_put_head(&to, CBOR_ARRAY, 4);
    cbor_put_bytes(&to, head, head_size);
    cbor_put_head(&to, CBOR_MAP, 1);
    cbor_put_int(&to, 4);
    cbor_put_bytes(&to, key.id.bytes, 8);
    cbor_put_bytes(&to, payload, payload_size);
    cbor_put_bytes(&to, signature, 64);
    assert_false(to.failed);
    return (size_t)(to.at - out);
}

static void only_the_one_encoding_is_read_even_when_well_signed(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1);
    struct record_public_key key;
    trust_secret_public(secret, &key);
    struct tick tick = first_tick(), out;
    tick.counter = 5;
    tick.has_previous = true;
    uint8_t bytes[TICK_SIZE_MAX], forged[2048];
    size_t size = tick_write(&tick, secret, bytes), payload_size, signer;
    const uint8_t *payload;
    struct record_key_id kid;
    assert_int_equal(tick_read(bytes, size, &out, &kid, &payload, &payload_size), TICK_OK);

    static const uint8_t eddsa[] = "\xa2\x01\x27\x10\x6btocsin-tick";
    static const uint8_t ed25519[] = "\xa2\x01\x32\x10\x6btocsin-tick";
    static const uint8_t es256[] = "\xa2\x01\x26\x10\x6btocsin-tick";
    static const uint8_t other_type[] = "\xa2\x01\x27\x10\x6btocsin-tock";
    static const uint8_t swapped[] = "\xa2\x10\x6btocsin-tick\x01\x27";
    static const uint8_t no_type[] = "\xa1\x01\x27";
    size = sign_by_hand(secret, eddsa, 16, payload, payload_size, forged);
    assert_int_equal(tick_verify(forged, size, &key, 1, &out, &signer), TICK_OK);
    assert_memory_equal(forged, bytes, size); /* so this is how the writer does it */
    size = sign_by_hand(secret, ed25519, 16, payload, payload_size, forged);
    assert_int_equal(tick_verify(forged, size, &key, 1, &out, &signer), TICK_OK);
    const struct {
        const uint8_t *bytes;
        size_t size;
    } heads[] = {{es256, 16}, {other_type, 16}, {swapped, 16}, {no_type, 3}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size = sign_by_hand(secret, heads[i].bytes, heads[i].size, payload, payload_size, forged);
        assert_int_equal(tick_verify(forged, size, &key, 1, &out, &signer), TICK_MALFORMED);
    }

    /* Edits of the payload: at an offset, so many bytes give way to others. */
    static const struct {
        const char *what;
        size_t at, taken;
        const char *put;
        size_t put_size;
    } edits[] = {
        {"another counter, which is good", 22, 1, "\x06", 1},
        {"another error, which is good", 34, 5, "\x18\x20", 2},
        {"eleven pairs", 0, 1, "\xab", 1},
        {"ten pairs, the tenth missing", 0, 1, "\xaa", 1},
        {"eight pairs", 0, 1, "\xa8", 1},
        {"an indefinite map", 0, 1, "\xbf", 1},
        {"a root of seven bytes", 2, 9, "\x47rootroo", 8},
        {"the root as text", 2, 1, "\x68", 1},
        {"a key twice", 11, 1, "\x01", 1},
        {"keys out of order", 11, 1, "\x03", 1},
        {"a counter in two bytes", 22, 1, "\x18\x05", 2},
        {"a counter in nine bytes", 22, 1, "\x1b\0\0\0\0\0\0\0\x05", 9},
        {"a counter beyond 32 bits", 22, 1, "\x1b\0\0\0\x01\0\0\0\0", 9},
        {"a negative counter", 22, 1, "\x20", 1},
        {"a counter as a half float", 22, 1, "\xf9\x45\x00", 3},
        {"counter 0 with a previous", 22, 1, "\x00", 1},
        {"a time out of range", 24, 9, "\x1b\x7f\xff\xff\xff\xff\xff\xff\xff", 9},
        {"a null time", 24, 9, "\xf6", 1},
        {"a negative error", 34, 5, "\x20", 1},
        {"an undefined error", 34, 5, "\xf7", 1},
        {"an error beyond 63 bits", 34, 5, "\x1b\x80\0\0\0\0\0\0\0", 9},
        {"TAI - UTC of 256 s", 40, 2, "\x19\x01\x00", 3},
        {"TAI - UTC of -257 s", 40, 2, "\x39\x01\x00", 3},
        {"a trailing byte", 0, 0, NULL, 0},
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        uint8_t changed[2048];
        size_t changed_size = payload_size;
        memcpy(changed, payload, payload_size);
        if (edits[i].put == NULL) {
            changed[changed_size++] = 0;
        } else {
            memcpy(changed + edits[i].at, edits[i].put, edits[i].put_size);
            memcpy(changed + edits[i].at + edits[i].put_size,
                   payload + edits[i].at + edits[i].taken,
                   payload_size - edits[i].at - edits[i].taken);
            changed_size += edits[i].put_size - edits[i].taken;
        }
        size = sign_by_hand(secret, eddsa, 16, changed, changed_size, forged);
        enum tick_result expected = i < 2 ? TICK_OK : TICK_MALFORMED;
        if (tick_verify(forged, size, &key, 1, &out, &signer) != expected) {
            print_error("wrongly judged: %s\n", edits[i].what);
            fail();
        }
    }
    /* nine windows, each of them good */
    uint8_t many[2048];
    struct tick eight = greatest_tick(8);
    size = tick_write(&eight, secret, bytes);
    assert_int_equal(tick_read(bytes, size, &out, &kid, &payload, &payload_size), TICK_OK);
    size_t window_size = (payload_size - 76) / 8;
    memcpy(many, payload, payload_size);
    assert_int_equal(many[75], 0x88);
    many[75] = 0x89;
    memcpy(many + payload_size, payload + payload_size - window_size, window_size);
    size = sign_by_hand(secret, eddsa, 16, many, payload_size + window_size, forged);
    assert_int_equal(tick_verify(forged, size, &key, 1, &out, &signer), TICK_MALFORMED);
    trust_secret_free(secret);
}

/* What a question's answer rests on is not said by ticks that go to everybody. */
static void an_echo_stands_in_an_answering_tick_alone(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_of(1);
    struct record_public_key key;
    trust_secret_public(secret, &key);
    struct tick tick = answering_tick(), out;
    static const uint8_t eddsa[] = "\xa2\x01\x27\x10\x6btocsin-tick";
    uint8_t bytes[TICK_SIZE_MAX], forged[2048], changed[2048];
    size_t size = tick_write(&tick, secret, bytes), payload_size, signer;
    const uint8_t *payload;
    struct record_key_id kid;
    assert_int_equal(tick_read(bytes, size, &out, &kid, &payload, &payload_size), TICK_OK);
    assert_true(out.has_echo);
    /* From the end: 0b 58 20 and the echo, 0a 80, 08 00; the error stands at 37. */
    const size_t next_at = payload_size - 35 - 2 - 1, windows_at = payload_size - 35 - 1;
    assert_int_equal(payload[next_at], 0x00);
    assert_int_equal(payload[windows_at], 0x80);
    assert_int_equal(payload[37], 0x05);
    const struct {
        size_t at, taken;
        const char *put;
        size_t put_size;
        enum tick_result expected;
    } edits[] = {
        {next_at, 1, "\x00", 1, TICK_OK},
        {next_at, 1, "\x01", 1, TICK_MALFORMED},
        {38, 5, "\xf6", 1, TICK_MALFORMED},
        {windows_at, 1, "\x81\x85\x50uuuuuuuuuuuuuuuu\x48rrrrrrrr\xf6\x00\x00", 1 + 1 + 17 + 9 + 3,
         TICK_MALFORMED},
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        memcpy(changed, payload, edits[i].at);
        memcpy(changed + edits[i].at, edits[i].put, edits[i].put_size);
        memcpy(changed + edits[i].at + edits[i].put_size, payload + edits[i].at + edits[i].taken,
               payload_size - edits[i].at - edits[i].taken);
        size = sign_by_hand(secret, eddsa, 16, changed,
                            payload_size + edits[i].put_size - edits[i].taken, forged);
        assert_int_equal(tick_verify(forged, size, &key, 1, &out, &signer), edits[i].expected);
    }
    trust_secret_free(secret);
}

/* tests/golden/ticks/vectors.tsv: what other programs verify is byte for byte what we write. */
static void the_golden_ticks_are_what_is_written_today(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct tick tick;
        uint8_t key;
    } vectors[] = {
        {"first", first_tick(), 1},
        {"greatest-of-one-window", greatest_tick(1), 1},
        {"bare", bare_tick(), 2},
        {"waves", wave_tick(), 2},
        {"eight-windows", greatest_tick(8), 3},
        {"answering", answering_tick(), 3},
    };
    char text[16384];
    size_t len = (size_t)snprintf(text, sizeof text, "name\tpublic_key\tkey_id\ttick\n");
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct trust_secret *secret = secret_of(vectors[i].key);
        struct record_public_key key;
        trust_secret_public(secret, &key);
        uint8_t bytes[TICK_SIZE_MAX];
        size_t size = tick_write(&vectors[i].tick, secret, bytes);
        char key_hex[65], id_hex[17], hex[2 * TICK_SIZE_MAX + 1];
        sodium_bin2hex(key_hex, sizeof key_hex, key.key, 32);
        sodium_bin2hex(id_hex, sizeof id_hex, key.id.bytes, 8);
        sodium_bin2hex(hex, sizeof hex, bytes, size);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s\t%s\t%s\t%s\n", vectors[i].name,
                                key_hex, id_hex, hex);
        trust_secret_free(secret);
    }
    assert_golden(TESTS_DIR "/golden/ticks/vectors.tsv", text, len);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tick_comes_back_as_it_was_written),
        cmocka_unit_test(a_tick_of_one_window_fits_a_lora_frame_whatever_it_says),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(whose_signature_it_is_decides),
        cmocka_unit_test(only_the_one_encoding_is_read_even_when_well_signed),
        cmocka_unit_test(an_echo_stands_in_an_answering_tick_alone),
        cmocka_unit_test(the_golden_ticks_are_what_is_written_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
