/* Every allocation of keys fails once, and from then on; and scrypt finds too little memory. */
#include "check.h"

#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "trust/trust.h"

#define FAULT_MEMORY
#include "faults.h"

/* A processor that errs while it signs, when told to. */
static bool errs;

int crypto_sign_detached(unsigned char *signature, unsigned long long *len,
                         const unsigned char *message, unsigned long long size,
                         const unsigned char *key)
{
    FAULT_BEHIND(crypto_sign_detached)
    int done = real(signature, len, message, size, key);
    signature[40] ^= errs;
    return done;
}

static const uint8_t seed[32] = {1}, id[8] = {2}, salt[32] = {3, [31] = 4};

/* While it is true, what asks for minisign's gigabyte gets the least that scrypt does. */
static bool is_cheap;

int crypto_pwhash_scryptsalsa208sha256(unsigned char *const out, unsigned long long size,
                                       const char *const passphrase, unsigned long long len,
                                       const unsigned char *const with, unsigned long long ops,
                                       size_t memory)
{
    FAULT_BEHIND(crypto_pwhash_scryptsalsa208sha256)
    if (is_cheap) {
        assert_int_equal(ops, crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE);
        assert_int_equal(memory, crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE);
        ops = crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_MIN;
        memory = crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_MIN;
    }
    return real(out, size, passphrase, len, with, ops, memory);
}

static void a_new_key_without_memory_is_none(void **state)
{
    (void)state;
    int sites = 0;
    for (int at = 1;; at++) {
        fault_arm(at, false, 0);
        struct trust_secret *secret = trust_secret_new(seed, id);
        bool struck = fault_disarm();
        if (!struck) {
            assert_non_null(secret);
            trust_secret_free(secret);
            break;
        }
        /* libsodium locks by itself, and says nothing when it cannot: ours asks again */
        assert_true(secret == NULL || strcmp(fault.failed, "sodium_mlock") == 0);
        trust_secret_free(secret);
        sites++;
    }
    assert_true(sites >= 2);
    fault_arm(3, true, 0); /* locking fails for good */
    assert_null(trust_secret_new(seed, id));
    fault_disarm();
}

static void reading_and_writing_a_key_without_memory_is_an_error(void **state)
{
    (void)state;
    struct trust_secret *secret = trust_secret_new(seed, id);
    char text[TRUST_KEY_TEXT_MAX];
    size_t len = 0;
    assert_non_null(secret);
    assert_int_equal(trust_secret_write(secret, NULL, 0, salt, text, sizeof text, &len), TRUST_OK);
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        int sites = 0;
        for (int at = 1;; at++) {
            struct trust_secret *again = NULL;
            fault_arm(at, from_then_on, 0);
            enum trust_result result = trust_secret_read(text, len, NULL, 0, &again);
            bool struck = fault_disarm();
            assert_true(result == TRUST_OK || (struck && result == TRUST_NO_MEMORY));
            assert_int_equal(result == TRUST_OK, again != NULL);
            trust_secret_free(again);
            if (!struck) {
                break;
            }
            sites++;
        }
        assert_true(sites >= 3);
        for (int at = 1;; at++) {
            char out[TRUST_KEY_TEXT_MAX];
            size_t written = 0;
            fault_arm(at, from_then_on, 0);
            enum trust_result result =
                trust_secret_write(secret, NULL, 0, salt, out, sizeof out, &written);
            bool struck = fault_disarm();
            assert_true(result == TRUST_OK || (struck && result == TRUST_NO_MEMORY));
            assert_int_equal(result == TRUST_OK, written != 0);
            if (!struck) {
                break;
            }
        }
    }
    trust_secret_free(secret);
}

#ifndef __SANITIZE_ADDRESS__
/* In a child that may have 256 MiB: a sealed key is neither opened nor made, and never made
 * weaker. */
static void scrypt_without_its_gigabyte_is_an_error(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {256 << 20, 256 << 20};
        struct trust_secret *secret = trust_secret_new(seed, id), *again = NULL;
        char text[TRUST_KEY_TEXT_MAX] = "untouched";
        size_t len = 77;
        static const char sealed[] =
            "untrusted comment: minisign encrypted secret key\n"
            "RWRTY0IyTI8E1Ri78x4PrvC0qicM731VR/"
            "oYy2MrYPROL7B6hkwAAAACAAAAAAAAAEAAAAAAkhW6QchU6lylzs2T50"
            "RWPmKukxVcVBTtq1gyMSKyVXIyQ7B0dVHn7JUsfh+hRO0q4gBvGcBEfW4WhmD7nParPP7bUVeoB12vP5hn/"
            "G9RmBmOtxEOt13qGoe9A/E29Qeu0mAW0U1kmA0=\n";
        if (secret == NULL || setrlimit(RLIMIT_AS, &limit) != 0) {
            exit(1);
        }
        if (trust_secret_write(secret, "p", 1, salt, text, sizeof text, &len) != TRUST_NO_MEMORY ||
            strcmp(text, "untouched") != 0 || len != 77) {
            exit(2);
        }
        if (trust_secret_read(sealed, strlen(sealed), "p", 1, &again) != TRUST_NO_MEMORY) {
            exit(3);
        }
        exit(again == NULL ? 0 : 4);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}
#endif

/* It could betray the key, so it is never given away. */
static void a_faulty_signature_is_not_given_away(void **state)
{
    (void)state;
    struct trust_secret *secret = trust_secret_new(seed, id);
    static struct trust_signature signature, untouched;
    assert_non_null(secret);
    errs = true;
    assert_int_equal(trust_sign(secret, salt, sizeof salt, "", &signature), TRUST_BAD_SIGNATURE);
    errs = false;
    assert_memory_equal(&signature, &untouched, sizeof signature);
    assert_int_equal(trust_sign(secret, salt, sizeof salt, "", &signature), TRUST_OK);
    trust_secret_free(secret);
}

/* As minisign seals: its own parameters in the file, and nothing of the key to be seen. */
static void what_is_sealed_opens_by_its_passphrase_alone(void **state)
{
    (void)state;
    static const uint8_t head[] = "EdScB2", limits[16] = {[3] = 2, [11] = 64};
    struct trust_secret *secret = trust_secret_new(seed, id), *again = NULL;
    char text[TRUST_KEY_TEXT_MAX];
    uint8_t packed[158], out[64], expected[64];
    size_t len, size;
    assert_non_null(secret);
    is_cheap = true;
    assert_int_equal(trust_secret_write(secret, "horse", 5, salt, text, sizeof text, &len),
                     TRUST_OK);
    assert_int_equal(len, strlen(text));
    const char *line = strchr(text, '\n') + 1;
    assert_int_equal(sodium_base642bin(packed, sizeof packed, line, strcspn(line, "\n"), NULL,
                                       &size, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    assert_int_equal(size, sizeof packed);
    assert_memory_equal(packed, head, 6);
    assert_memory_equal(packed + 6, salt, sizeof salt);
    assert_memory_equal(packed + 38, limits, sizeof limits);
    for (size_t i = 54; i + 8 <= sizeof packed; i++) {
        assert_memory_not_equal(packed + i, id, 8);
        assert_memory_not_equal(packed + i, seed, 8);
    }
    assert_int_equal(trust_secret_read(text, len, "horse", 5, &again), TRUST_OK);
    trust_sign_raw(secret, salt, sizeof salt, expected);
    trust_sign_raw(again, salt, sizeof salt, out);
    assert_memory_equal(out, expected, sizeof out);
    trust_secret_free(again);
    assert_int_equal(trust_secret_read(text, len, "horses", 6, &again), TRUST_WRONG_PASSPHRASE);
    is_cheap = false;
    trust_secret_free(secret);
}

/* The key's page may not even be written by ourselves; a core dump holds none of it. */
static void a_key_cannot_be_overwritten(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct trust_secret *secret = trust_secret_new(seed, id);
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        *(volatile uint8_t *)secret = 0;
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_without_memory_is_none),
        cmocka_unit_test(reading_and_writing_a_key_without_memory_is_an_error),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(scrypt_without_its_gigabyte_is_an_error),
#endif
        cmocka_unit_test(a_faulty_signature_is_not_given_away),
        cmocka_unit_test(what_is_sealed_opens_by_its_passphrase_alone),
        cmocka_unit_test(a_key_cannot_be_overwritten),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
