/* Key files and roots. */
#include "check.h"

#include <sodium.h>

#include "records/record.h"
#include "trust/trust.h"

#define PUBLIC "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi"

enum { PACKED = 158 };

/* Stock minisign's unsealed key (0.11, -W). */
static const char unsealed[] = "untrusted comment: minisign encrypted secret key\n"
                               "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                               "AAAAAxE5BlCUkfs5XJ7z8CJM5vW4/"
                               "/JhhF5WQiNp2e7Zh8JWwybMdTTDThoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H"
                               "1dXRiAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                               "AAAAAAAAAAAAAAA=\n";

static enum trust_result read_public(const char *text)
{
    struct record_public_key key;
    return trust_public_key_read(text, strlen(text), &key);
}

static void a_public_key_is_bare_or_a_file(void **state)
{
    (void)state;
    static const char *const good[] = {
        PUBLIC,
        PUBLIC "\n",
        PUBLIC "\r\n",
        "untrusted comment: minisign public key CE7E242594414EC4\n" PUBLIC "\n",
        "untrusted comment: minisign public key CE7E242594414EC4\r\n" PUBLIC "\r\n",
        ("untrusted comment: \n" PUBLIC),
    };
    static const char *const bad[] = {
        "",
        "\n",
        PUBLIC "\n\n",
        PUBLIC " ",
        " " PUBLIC,
        PUBLIC PUBLIC,
        "untrusted comment: x\n",
        "untrusted comment: x",
        "untrusted comment: x\n\n" PUBLIC "\n",
        "a comment: x\n" PUBLIC "\n",
        "a comment: x\n" PUBLIC,
        "untrusted comment: x\n" PUBLIC "\nmore\n",
        "untrusted comment: x\nmore\n" PUBLIC,
        "RUTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi", /* "ED" */
        "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXR",
        "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dX==",
        "RWTETkGUJSR-zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi",
        "RWTETkGUJSR+zoo4psBqU9TekSC39\xC7\xA8PqNtGhrWf0TveEzOke9H1dXRi",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct record_public_key key;
        char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
        assert_int_equal(trust_public_key_read(good[i], strlen(good[i]), &key), TRUST_OK);
        record_public_key_write(&key, text);
        assert_string_equal(text, PUBLIC);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (read_public(bad[i]) != TRUST_MALFORMED) {
            print_error("%s\n", bad[i]);
            fail();
        }
    }
    struct record_public_key none;
    static const char hidden[] = "untrusted comment: x\0\n" PUBLIC "\n";
    for (size_t i = 0; i < 2;
         i++) { /* what a zero byte hides from people, with its line feed or not */
        assert_int_equal(trust_public_key_read(hidden, sizeof hidden - 1 - i, &none),
                         TRUST_MALFORMED);
    }
    static char text[TRUST_KEY_TEXT_MAX + 2];
    for (int size = TRUST_KEY_TEXT_MAX - 1; size <= TRUST_KEY_TEXT_MAX + 1; size++) {
        snprintf(text, sizeof text, "untrusted comment: %0*d\n" PUBLIC "\n", size - 77, 0);
        assert_int_equal(strlen(text), size);
        assert_int_equal(read_public(text),
                         size <= TRUST_KEY_TEXT_MAX ? TRUST_OK : TRUST_MALFORMED);
    }
}

/* The bytes of the unsealed file, to be changed. */
static void unpack(uint8_t out[static PACKED])
{
    const char *base64 = strchr(unsealed, '\n') + 1;
    assert_int_equal(sodium_base642bin(out, PACKED, base64, strcspn(base64, "\n"), NULL, NULL, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
}

static enum trust_result read_packed(const uint8_t packed[static PACKED], const char *passphrase)
{
    char text[TRUST_KEY_TEXT_MAX] = "untrusted comment: x\n";
    size_t used = strlen(text);
    sodium_bin2base64(text + used, sizeof text - used, packed, PACKED,
                      sodium_base64_VARIANT_ORIGINAL);
    strcat(text, "\n");
    struct trust_secret *secret = NULL;
    enum trust_result result = trust_secret_read(text, strlen(text), passphrase,
                                                 passphrase ? strlen(passphrase) : 0, &secret);
    assert_int_equal(result == TRUST_OK, secret != NULL);
    trust_secret_free(secret);
    return result;
}

static void set_le(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

static void every_flipped_bit_of_an_unsealed_key_is_refused(void **state)
{
    (void)state;
    uint8_t packed[PACKED];
    unpack(packed);
    assert_int_equal(read_packed(packed, NULL), TRUST_OK);
    /* salt and limits say nothing in an unsealed file; nor does the id, which nothing proves */
    for (size_t bit = 0; bit < PACKED * 8; bit++) {
        bool says_nothing = bit / 8 >= 6 && bit / 8 < 62;
        packed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum trust_result result = read_packed(packed, NULL);
        if (says_nothing != (result == TRUST_OK)) {
            print_error("bit %zu of byte %zu: %s\n", bit % 8, bit / 8, trust_result_text(result));
            fail();
        }
        packed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    /* with its checksum, as a newer minisign might write it, the id is proved too */
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, NULL, 0, 32);
    crypto_generichash_update(&hash, packed, 2);
    crypto_generichash_update(&hash, packed + 54, 72);
    crypto_generichash_final(&hash, packed + 126, 32);
    assert_int_equal(read_packed(packed, NULL), TRUST_OK);
    packed[54] ^= 1;
    assert_int_equal(read_packed(packed, NULL), TRUST_MALFORMED);
}

static void the_form_of_a_secret_key_is_judged(void **state)
{
    (void)state;
    struct trust_secret *secret = NULL;
    char text[2 * TRUST_KEY_TEXT_MAX];
    for (size_t len = 0; len < strlen(unsealed); len++) {
        assert_int_equal(trust_secret_read(unsealed, len, NULL, 0, &secret), TRUST_MALFORMED);
    }
    snprintf(text, sizeof text, "%s\n", unsealed);
    assert_int_equal(trust_secret_read(text, strlen(text), NULL, 0, &secret), TRUST_MALFORMED);
    snprintf(text, sizeof text, "x%s", unsealed);
    assert_int_equal(trust_secret_read(text, strlen(text), NULL, 0, &secret), TRUST_MALFORMED);
    assert_null(secret);
    for (int size = TRUST_KEY_TEXT_MAX - 1; size <= TRUST_KEY_TEXT_MAX + 1; size++) {
        const char *base64 = strchr(unsealed, '\n') + 1;
        snprintf(text, sizeof text, "untrusted comment: %0*d\n%s", size - 20 - (int)strlen(base64),
                 0, base64);
        assert_int_equal(strlen(text), size);
        enum trust_result result = trust_secret_read(text, strlen(text), NULL, 0, &secret);
        assert_int_equal(result, size <= TRUST_KEY_TEXT_MAX ? TRUST_OK : TRUST_MALFORMED);
        if (result == TRUST_OK) {
            trust_secret_free(secret);
        }
    }
}

/* A sealed file may ask for minisign's own cost or less, never for more memory or time. */
static void a_key_file_cannot_choose_our_memory(void **state)
{
    (void)state;
    uint8_t packed[PACKED];
    unpack(packed);
    memcpy(packed + 2, "Sc", 2);
    static const struct {
        uint64_t ops, mem;
        enum trust_result result;
    } cases[] = {
        {33554432, 1073741824, TRUST_SEALED},    {33554433, 1073741824, TRUST_MALFORMED},
        {33554432, 1073741825, TRUST_MALFORMED}, {UINT64_MAX, UINT64_MAX, TRUST_MALFORMED},
        {32768, 16777216, TRUST_SEALED},         {32767, 16777216, TRUST_MALFORMED},
        {32768, 16777215, TRUST_MALFORMED},      {0, 0, TRUST_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_le(packed + 38, cases[i].ops);
        set_le(packed + 46, cases[i].mem);
        assert_int_equal(read_packed(packed, NULL), cases[i].result);
    }
    set_le(packed + 38, 32768);
    set_le(packed + 46, 16777216);
    assert_int_equal(read_packed(packed, NULL), TRUST_SEALED);
    packed[3] = 'C'; /* no way of sealing that is known */
    assert_int_equal(read_packed(packed, NULL), TRUST_MALFORMED);
}

/* Sealed by hand at the least cost, as minisign does on a machine with little memory. */
static void a_key_sealed_at_less_cost_is_opened(void **state)
{
    (void)state;
    uint8_t packed[PACKED], stream[104];
    unpack(packed);
    memcpy(packed + 2, "Sc", 2);
    memset(packed + 6, 's', 32);
    set_le(packed + 38, 32768);
    set_le(packed + 46, 16777216);
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, NULL, 0, 32);
    crypto_generichash_update(&hash, packed, 2);
    crypto_generichash_update(&hash, packed + 54, 72);
    crypto_generichash_final(&hash, packed + 126, 32);
    assert_int_equal(crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, "correct horse", 13,
                                                        packed + 6, 32768, 16777216),
                     0);
    for (size_t i = 0; i < sizeof stream; i++) {
        packed[54 + i] ^= stream[i];
    }
    assert_int_equal(read_packed(packed, "correct horse"), TRUST_OK);
    assert_int_equal(read_packed(packed, "correct horsf"), TRUST_WRONG_PASSPHRASE);
    assert_int_equal(read_packed(packed, ""), TRUST_WRONG_PASSPHRASE);
    assert_int_equal(read_packed(packed, NULL), TRUST_SEALED);
    for (size_t at = 54; at < PACKED; at += 7) {
        packed[at] ^= 1;
        assert_int_equal(read_packed(packed, "correct horse"), TRUST_WRONG_PASSPHRASE);
        packed[at] ^= 1;
    }
}

/* What our own keys come from, and that ticks are plain Ed25519 (RFC 8032, 7.1, test 2). */
static void a_seed_gives_the_rfc_s_key_and_signature(void **state)
{
    (void)state;
    uint8_t seed[32], expected_key[32], expected[64], made[64];
    const uint8_t id[8] = {1, 2, 3, 4, 5, 6, 7, 8}, text = 0x72;
    static const char hex_seed[] =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    static const char hex_key[] =
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    static const char hex_signature[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    sodium_hex2bin(seed, 32, hex_seed, 64, NULL, NULL, NULL);
    sodium_hex2bin(expected_key, 32, hex_key, 64, NULL, NULL, NULL);
    sodium_hex2bin(expected, 64, hex_signature, 128, NULL, NULL, NULL);
    struct trust_secret *secret = trust_secret_new(seed, id);
    struct record_public_key key;
    assert_non_null(secret);
    trust_secret_public(secret, &key);
    assert_memory_equal(key.key, expected_key, 32);
    assert_memory_equal(key.id.bytes, id, 8);
    trust_sign_raw(secret, &text, 1, made);
    assert_memory_equal(made, expected, 64);
    trust_secret_free(secret);
    trust_secret_free(NULL);
}

static struct record_key named(uint8_t id, uint8_t key)
{
    struct record_key made = {.public = {.id = {{id}}, .key = {key}}};
    return made;
}

static void a_root_has_no_key_twice_and_a_threshold_that_can_be_met(void **state)
{
    (void)state;
    char error[160];
    /* the last of each list is none of the root's */
    struct record_key organizer[4] = {named(1, 1), named(2, 2), named(3, 3), named(1, 1)};
    struct record_key beacon[3] = {named(4, 4), named(5, 5), named(1, 1)};
    struct record_key feed[2] = {named(6, 6), named(1, 1)};
    struct record_root root = {.threshold = 2,
                               .organizer = organizer,
                               .organizer_count = 3,
                               .beacon = beacon,
                               .beacon_count = 2,
                               .feed = feed,
                               .feed_count = 1};
    assert_true(trust_root_is_sound(&root, error));
    assert_true(trust_root_is_sound(&root, NULL));
    for (uint32_t threshold = 0; threshold <= 5; threshold++) {
        root.threshold = threshold;
        assert_int_equal(trust_root_is_sound(&root, error), threshold >= 1 && threshold <= 3);
    }
    assert_non_null(strstr(error, "cannot be met by 3 organizers"));
    root.organizer_count = 1;
    assert_false(trust_root_is_sound(&root, error));
    assert_string_equal(error, "a threshold of 5 cannot be met by 1 organizer");
    root.organizer_count = 3;
    root.threshold = 2;
    struct record_key *all[] = {&organizer[0], &organizer[1], &organizer[2],
                                &beacon[0],    &beacon[1],    &feed[0]};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 6; j++) {
            if (i == j) {
                continue;
            }
            struct record_key kept = *all[i];
            all[i]->public.id = all[j]->public.id;
            assert_false(trust_root_is_sound(&root, error));
            char key[RECORD_KEY_ID_TEXT_SIZE];
            record_key_id_write(&all[j]->public.id, key);
            assert_non_null(strstr(error, "the same key id"));
            assert_non_null(strstr(error, key));
            *all[i] = kept;
            memcpy(all[i]->public.key, all[j]->public.key, sizeof kept.public.key);
            assert_false(trust_root_is_sound(&root, error));
            assert_non_null(strstr(error, "the same public key"));
            assert_false(trust_root_is_sound(&root, NULL));
            *all[i] = kept;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_public_key_is_bare_or_a_file),
        cmocka_unit_test(the_form_of_a_secret_key_is_judged),
        cmocka_unit_test(a_key_file_cannot_choose_our_memory),
        cmocka_unit_test(a_key_sealed_at_less_cost_is_opened),
        cmocka_unit_test(a_seed_gives_the_rfc_s_key_and_signature),
        cmocka_unit_test(a_root_has_no_key_twice_and_a_threshold_that_can_be_met),
        /* the slow one last */
        cmocka_unit_test(every_flipped_bit_of_an_unsealed_key_is_refused),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
