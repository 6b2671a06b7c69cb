/* The twelve edge cases on which Ed25519 verifiers disagree: libsodium's verdict is ours, pinned in
 * tests/golden/ed25519 for every client to match. */
#include "check.h"

#include <sodium.h>

#include "trust/trust.h"

static void libsodium_s_verdict_is_the_pinned_one(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/golden/ed25519/speccheck.tsv", "r");
    assert_non_null(file);
    char line[512], verdict[16], message[65], key[65], signature[129];
    int cases = 0, accepted = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') {
            continue;
        }
        int number;
        uint8_t m[32], k[32], s[64];
        assert_int_equal(
            sscanf(line, "%d %15s %64s %64s %128s", &number, verdict, message, key, signature), 5);
        assert_int_equal(number, cases);
        assert_int_equal(sodium_hex2bin(m, sizeof m, message, 64, NULL, NULL, NULL), 0);
        assert_int_equal(sodium_hex2bin(k, sizeof k, key, 64, NULL, NULL, NULL), 0);
        assert_int_equal(sodium_hex2bin(s, sizeof s, signature, 128, NULL, NULL, NULL), 0);
        bool is_accepted = crypto_sign_verify_detached(s, m, sizeof m, k) == 0;
        assert_string_equal(is_accepted ? "accept" : "refuse", verdict);
        cases++;
        accepted += is_accepted;
    }
    fclose(file);
    assert_int_equal(cases, 12);
    assert_int_equal(accepted, 1);
}

static size_t read_hex(const char *hex, uint8_t *out, size_t size)
{
    size_t length = 0;
    if (strcmp(hex, "-") != 0) {
        assert_int_equal(sodium_hex2bin(out, size, hex, strlen(hex), NULL, &length, NULL), 0);
    }
    return length;
}

static void libsodium_agrees_with_project_wycheproof(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/golden/ed25519/wycheproof.tsv", "r");
    assert_non_null(file);
    char line[4096], verdict[16], message[2100], key[65], signature[400];
    int cases = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        int number;
        uint8_t m[1100], k[32], s[200];
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(
            sscanf(line, "%d %15s %2099s %64s %399s", &number, verdict, message, key, signature),
            5);
        size_t size = read_hex(message, m, sizeof m);
        assert_int_equal(read_hex(key, k, sizeof k), 32);
        bool is_accepted = read_hex(signature, s, sizeof s) == 64 &&
                           crypto_sign_verify_detached(s, m, size, k) == 0;
        assert_string_equal(is_accepted ? "accept" : "refuse", verdict);
        cases++;
    }
    fclose(file);
    assert_int_equal(cases, 151);
}

/* Keys that anyone could "sign" for, because they lie in the small subgroup: never accepted, in
 * whatever encoding. */
static void a_key_of_small_order_signs_nothing(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        for (size_t j = 0; j < sizeof points / sizeof *points; j++) {
            struct record_public_key key = {.id = {{0}}};
            static struct trust_signature signature; /* S = 0, R any of them */
            assert_int_equal(sodium_hex2bin(key.key, 32, points[i], 64, NULL, NULL, NULL), 0);
            assert_int_equal(
                sodium_hex2bin(signature.signature, 32, points[j], 64, NULL, NULL, NULL), 0);
            for (uint8_t text = 0; text < 64; text++) { /* one in eight would fit for order 8 */
                assert_int_equal(trust_verify(&signature, &key, &text, 1), TRUST_BAD_SIGNATURE);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libsodium_s_verdict_is_the_pinned_one),
        cmocka_unit_test(libsodium_agrees_with_project_wycheproof),
        cmocka_unit_test(a_key_of_small_order_signs_nothing),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
