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

static struct trust_public_key public_key(void)
{
    struct trust_public_key key;
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
    struct trust_public_key key = public_key();
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
    struct trust_public_key key = public_key(), own;
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
    struct trust_public_key key = public_key();
    struct trust_signature made, read;
    /* stock minisign's own comment: its signature must come out, bit for bit */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stock_signature_verifies),
        cmocka_unit_test(an_unsealed_stock_key_is_written_back_byte_for_byte),
        cmocka_unit_test(what_we_sign_verifies_and_is_deterministic),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
