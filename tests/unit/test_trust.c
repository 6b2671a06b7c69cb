#include "check.h"

#include <sodium.h>

#include "trust/trust.h"

/* A key pair, a file "hi\n" and its signature, all made by stock minisign 0.11. */
static const char stock_public[] = "untrusted comment: minisign public key CE7E242594414EC4\n"
                                   "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi\n";
static const char stock_secret[] = "untrusted comment: minisign encrypted secret key\n"
                                   "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                                   "AAAAAAAAAxE5BlCUkfs5XJ7z8CJM5vW4/"
                                   "/JhhF5WQiNp2e7Zh8JWwybMdTTDThoo4psBqU9TekSC399YPqNtGhrWf0TveEzO"
                                   "ke9H1dXRiAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                                   "AAAAAAAAAAAAAAA=\n";
static const char stock_signature[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUTETkGUJSR+zlqY6Sln7hSzljeeGwZ97bbRdBBGWnF7xgG7h7+pj5nb62QCO0laMkDIr7cxZZcmLOiPkHtiWsMjC7cJ3/"
    "ZAUww=\n"
    "trusted comment: timestamp:1795460772\tfile:m\thashed\n"
    "4YIPkTLF18IMAwX+hJ5JzbEPUi266mULZfJlkaQgG8FRQQS3k8u2YFAfVPOpBr3hRd7SWKr8i6pqkoZc8P1aDw==\n";
static const uint8_t message[] = "hi\n";

static struct record_public_key public_key(void)
{
    struct record_public_key key;
    assert_int_equal(trust_public_key_read(stock_public, strlen(stock_public), &key), TRUST_OK);
    return key;
}

static struct trust_secret *secret_key(void)
{
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_secret_read(stock_secret, strlen(stock_secret), NULL, 0, &secret),
                     TRUST_OK);
    return secret;
}

static void a_stock_signature_verifies(void **state)
{
    (void)state;
    struct record_public_key key = public_key();
    struct trust_signature signature;
    assert_int_equal(
        trust_signature_read((const uint8_t *)stock_signature, strlen(stock_signature), &signature),
        TRUST_OK);
    assert_string_equal(signature.comment, "timestamp:1795460772\tfile:m\thashed");
    assert_int_equal(trust_verify(&signature, &key, message, 3), TRUST_OK);
    assert_int_equal(trust_verify(&signature, &key, message, 2), TRUST_BAD_SIGNATURE);
    signature.comment[0] = 'T';
    assert_int_equal(trust_verify(&signature, &key, message, 3), TRUST_BAD_COMMENT);
    key.id.bytes[0] ^= 1;
    assert_int_equal(trust_verify(&signature, &key, message, 3), TRUST_WRONG_KEY);
}

static void an_unsealed_stock_key_is_written_back_byte_for_byte(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_key();
    struct record_public_key key = public_key(), own;
    trust_secret_public(secret, &own);
    assert_true(trust_public_key_equal(&key, &own));
    char text[TRUST_KEY_TEXT_MAX];
    size_t len;
    uint8_t salt[32] = {0};
    assert_int_equal(trust_secret_write(secret, NULL, 0, salt, text, sizeof text, &len), TRUST_OK);
    assert_int_equal(len, strlen(stock_secret));
    assert_memory_equal(text, stock_secret, len);
    trust_secret_free(secret);
}

static void what_we_sign_verifies_and_is_deterministic(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_key();
    struct record_public_key key = public_key();
    struct trust_signature made, read;
    assert_int_equal(trust_sign(secret, message, 3, "tocsin window", &made), TRUST_OK);
    assert_int_equal(trust_verify(&made, &key, message, 3), TRUST_OK);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t len = trust_signature_write(&made, text);
    assert_int_equal(trust_signature_read((const uint8_t *)text, len, &read), TRUST_OK);
    assert_memory_equal(&made, &read, sizeof made);
    assert_int_equal(
        trust_signature_read((const uint8_t *)stock_signature, strlen(stock_signature), &read),
        TRUST_OK);
    assert_memory_equal(made.signature, read.signature, 64); /* Ed25519 has no randomness */
    trust_secret_free(secret);
}

/* Every single-bit flip and truncation of a signature file is refused when it is read or when it is
 * verified; only the untrusted comment is free, and it is replaced. */
static void every_change_of_a_signature_is_refused(void **state)
{
    (void)state;
    struct record_public_key key = public_key();
    struct trust_signature signature;
    char text[sizeof stock_signature];
    size_t len = strlen(stock_signature), refused = 0;
    size_t free_from = strlen("untrusted comment: "), free_to = strcspn(stock_signature, "\n");
    memcpy(text, stock_signature, sizeof text);
    for (size_t bit = 0; bit < len * 8; bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        bool holds = trust_signature_read((const uint8_t *)text, len, &signature) == TRUST_OK &&
                     trust_verify(&signature, &key, message, 3) == TRUST_OK;
        bool is_free = bit / 8 >= free_from && bit / 8 < free_to;
        if (holds && !is_free) {
            print_error("bit %zu of byte %zu\n", bit % 8, bit / 8);
            fail();
        }
        refused += !holds;
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(refused >= (len - (free_to - free_from)) * 8);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(trust_signature_read((const uint8_t *)text, cut, &signature),
                         TRUST_MALFORMED);
    }
}

static void every_change_of_a_signed_record_is_refused(void **state)
{
    (void)state;
    static uint8_t record[] = "tocsin cancel 1\nroot: "
                              "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
                              "uid: 0123456789abcdef0123456789abcdef\nseq: 1\nprev: "
                              "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
                              "made: 2026-11-23T12:00:00Z\nreason: the square is closed\n";
    size_t size = sizeof record - 1;
    struct trust_secret *secret = secret_key();
    struct record_public_key key = public_key();
    struct trust_signature signature;
    assert_int_equal(trust_sign(secret, record, size, "tocsin cancel", &signature), TRUST_OK);
    for (size_t bit = 0; bit < size * 8; bit++) {
        record[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(trust_verify(&signature, &key, record, size), TRUST_BAD_SIGNATURE);
        record[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(trust_verify(&signature, &key, record, cut), TRUST_BAD_SIGNATURE);
    }
    assert_int_equal(trust_verify(&signature, &key, record, size + 1), TRUST_BAD_SIGNATURE);
    assert_int_equal(trust_verify(&signature, &key, record, size), TRUST_OK);
    trust_secret_free(secret);
}

/* Lines, prefixes, sizes. */
static void the_form_of_a_signature_is_judged(void **state)
{
    (void)state;
    static const char packed[] = "RUTETkGUJSR+zlqY6Sln7hSzljeeGwZ97bbRdBBGWnF7xgG7h7+"
                                 "pj5nb62QCO0laMkDIr7cxZZcmLOiPkHtiWsMjC7cJ3/"
                                 "ZAUww=";
    static const char global[] =
        "4YIPkTLF18IMAwX+hJ5JzbEPUi266mULZfJlkaQgG8FRQQS3k8u2YFAfVPOpBr3hRd7SWKr8i6pqkoZc8P1aDw==";
    static struct trust_signature signature;
    static char text[2 * TRUST_SIGNATURE_TEXT_MAX];
    static const struct {
        const char *format;
        enum trust_result result;
    } cases[] = {
        {"untrusted comment: \n%s\ntrusted comment: \n%s\n", TRUST_OK},
        {"untrusted comment: x\r\n%s\r\ntrusted comment: y\r\n%s\r\n", TRUST_OK},
        {"untrusted comment:\n%s\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"comment: \n%s\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%s", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%s\n\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%s\nmore\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s \ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n %s\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\n\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%.99s\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%.96s\ntrusted comment: \n%s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%.87s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%.84s\n", TRUST_MALFORMED},
        {"untrusted comment: \n%s\ntrusted comment: \n%sAAAA\n", TRUST_MALFORMED},
        {"", TRUST_MALFORMED},
        {"\n\n\n\n", TRUST_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        int len = snprintf(text, sizeof text, cases[i].format, packed, global);
#pragma GCC diagnostic pop
        if (trust_signature_read((const uint8_t *)text, (size_t)len, &signature) !=
            cases[i].result) {
            print_error("case %zu: %s\n", i, text);
            fail();
        }
    }
    /* an old "Ed" signature is named as such; another algorithm is nothing */
    int len = snprintf(text, sizeof text, "untrusted comment: \nRWT%s\ntrusted comment: \n%s\n",
                       packed + 3, global);
    assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                     TRUST_LEGACY);
    text[20] = 'S';
    assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                     TRUST_MALFORMED);
    /* a zero byte in the comment would hide what follows it from people */
    len = snprintf(text, sizeof text, "untrusted comment: \n%s\ntrusted comment: a#b\n%s\n", packed,
                   global);
    *strchr(text, '#') = '\0';
    assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                     TRUST_MALFORMED);
    len = snprintf(text, sizeof text, "untrusted comment: a#b\n%s\ntrusted comment: \n%s\n", packed,
                   global);
    assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                     TRUST_OK);
    *strchr(text, '#') = '\0';
    assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                     TRUST_MALFORMED);
    /* a trusted comment of 1,023 bytes is the longest */
    for (int size = 1022; size <= 1024; size++) {
        len = snprintf(text, sizeof text, "untrusted comment: \n%s\ntrusted comment: %0*d\n%s\n",
                       packed, size, 0, global);
        assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                         size <= 1023 ? TRUST_OK : TRUST_MALFORMED);
    }
    /* and a file of 4,096 bytes */
    for (int size = 4095; size <= 4097; size++) {
        int rest = snprintf(text, sizeof text, "untrusted comment: \n%s\ntrusted comment: \n%s\n",
                            packed, global);
        len = snprintf(text, sizeof text, "untrusted comment: %0*d\n%s\ntrusted comment: \n%s\n",
                       size - rest, 0, packed, global);
        assert_int_equal(len, size);
        assert_int_equal(trust_signature_read((const uint8_t *)text, (size_t)len, &signature),
                         size <= 4096 ? TRUST_OK : TRUST_MALFORMED);
    }
}

static void a_trusted_comment_is_one_clean_line(void **state)
{
    (void)state;
    struct trust_secret *secret = secret_key();
    struct record_public_key key = public_key();
    static struct trust_signature signature, read;
    static char comment[TRUST_COMMENT_MAX + 1], text[TRUST_SIGNATURE_TEXT_MAX];
    assert_int_equal(trust_sign(secret, message, 3, "\n", &signature), TRUST_MALFORMED);
    assert_int_equal(trust_sign(secret, message, 3, "a\nb", &signature), TRUST_MALFORMED);
    assert_int_equal(trust_sign(secret, message, 3, "a\x1B[2Jb", &signature), TRUST_MALFORMED);
    assert_int_equal(trust_sign(secret, message, 3, "a\x7F", &signature), TRUST_MALFORMED);
    memset(comment, 'c', sizeof comment - 1);
    assert_int_equal(trust_sign(secret, message, 3, comment, &signature), TRUST_MALFORMED);
    comment[TRUST_COMMENT_MAX - 1] = '\0';
    assert_int_equal(trust_sign(secret, message, 3, comment, &signature), TRUST_OK);
    size_t len = trust_signature_write(&signature, text);
    assert_int_equal(trust_signature_read((const uint8_t *)text, len, &read), TRUST_OK);
    assert_int_equal(trust_verify(&read, &key, message, 3), TRUST_OK);
    assert_int_equal(trust_sign(secret, message, 0, "", &signature), TRUST_OK);
    assert_int_equal(trust_verify(&signature, &key, NULL, 0), TRUST_OK);
    trust_secret_free(secret);
}

static void every_result_has_its_sentence(void **state)
{
    (void)state;
    for (int i = TRUST_OK; i <= TRUST_NO_MEMORY; i++) {
        const char *text = trust_result_text((enum trust_result)i);
        assert_true(strlen(text) > 10);
        for (int j = TRUST_OK; j < i; j++) {
            assert_string_not_equal(text, trust_result_text((enum trust_result)j));
        }
    }
}

/* The same bytes signed by two keys of one id: the id selects, the key decides. */
static void an_id_proves_nothing(void **state)
{
    (void)state;
    uint8_t seed[32] = {7};
    struct record_public_key key = public_key(), thief;
    struct trust_secret *secret = trust_secret_new(seed, key.id.bytes);
    assert_non_null(secret);
    trust_secret_public(secret, &thief);
    assert_true(record_key_id_equal(&key.id, &thief.id));
    assert_false(trust_public_key_equal(&key, &thief));
    struct trust_signature signature;
    assert_int_equal(trust_sign(secret, message, 3, "", &signature), TRUST_OK);
    assert_int_equal(trust_verify(&signature, &thief, message, 3), TRUST_OK);
    assert_int_equal(trust_verify(&signature, &key, message, 3), TRUST_BAD_SIGNATURE);
    trust_secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stock_signature_verifies),
        cmocka_unit_test(an_unsealed_stock_key_is_written_back_byte_for_byte),
        cmocka_unit_test(what_we_sign_verifies_and_is_deterministic),
        cmocka_unit_test(the_form_of_a_signature_is_judged),
        cmocka_unit_test(a_trusted_comment_is_one_clean_line),
        cmocka_unit_test(every_result_has_its_sentence),
        cmocka_unit_test(an_id_proves_nothing),
        /* the slow ones last */
        cmocka_unit_test(every_change_of_a_signature_is_refused),
        cmocka_unit_test(every_change_of_a_signed_record_is_refused),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
