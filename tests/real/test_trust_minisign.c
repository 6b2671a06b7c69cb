/* links: keys records */
/* Stock minisign and we accept each other's keys and signatures, and refuse alike.  Sealed keys
 * once each way (4 s and 1 GiB), unsealed ones everywhere else. */
#include "check.h"

#include <sodium.h>
#include <sys/wait.h>

#include "files/files.h"
#include "keys/keys.h"
#include "keys/passphrase.h"
#include "seed.h"

/* Runs a command of the shell; its exit code. */
__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static struct trust_secret *load_secret(const char *name, const char *passphrase)
{
    struct trust_secret *secret = NULL;
    struct keys_error error = {""};
    enum trust_result why;
    if (!keys_load_secret(name, passphrase, passphrase != NULL ? strlen(passphrase) : 0, &secret,
                          &why, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    return secret;
}

static struct record_public_key load_public(const char *name)
{
    struct record_public_key key;
    struct keys_error error = {""};
    if (!keys_load_public(name, &key, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    return key;
}

static enum trust_result verify_file(const char *name, const struct record_public_key *key,
                                     const void *bytes, size_t size)
{
    uint8_t *text;
    size_t len;
    struct files_error error;
    static struct trust_signature signature;
    assert_true(files_load(name, TRUST_SIGNATURE_TEXT_MAX, &text, &len, &error));
    enum trust_result result = trust_signature_read(text, len, &signature);
    free(text);
    return result == TRUST_OK ? trust_verify(&signature, key, bytes, size) : result;
}

static void sign_file(const char *name, const struct trust_secret *secret, const void *bytes,
                      size_t size, const char *comment)
{
    static struct trust_signature signature;
    char text[TRUST_SIGNATURE_TEXT_MAX];
    assert_int_equal(trust_sign(secret, bytes, size, comment, &signature), TRUST_OK);
    write_file(name, text, trust_signature_write(&signature, text));
}

static void new_key(const char *secret_name, const char *public_name, const char *passphrase)
{
    uint8_t seed[32], id[8];
    struct keys_error error = {""};
    randombytes_buf(seed, sizeof seed);
    randombytes_buf(id, sizeof id);
    id[7] = id[6] = 0; /* minisign shows such an id with fewer digits */
    id[5] &= 0x0F;
    struct trust_secret *secret = trust_secret_new(seed, id);
    assert_non_null(secret);
    if (!keys_save_new_key(secret_name, public_name, secret, passphrase,
                           passphrase != NULL ? strlen(passphrase) : 0, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    trust_secret_free(secret);
}

static void its_unsealed_key_signs_here(void **state)
{
    (void)state;
    assert_int_equal(run("minisign -G -W -f -p stock.pub -s stock.key >/dev/null"), 0);
    struct trust_secret *secret = load_secret("stock.key", NULL);
    struct record_public_key key = load_public("stock.pub"), own;
    trust_secret_public(secret, &own);
    assert_true(trust_public_key_equal(&key, &own));
    struct seed seed = seed_take("signed here, verified by minisign");
    for (int i = 0; i < 40; i++) {
        uint8_t bytes[3000];
        size_t size = i == 0 ? 0 : seed_below(&seed, sizeof bytes);
        randombytes_buf(bytes, sizeof bytes);
        write_file("m", bytes, size);
        sign_file("m.minisig", secret, bytes, size, i % 2 ? "tocsin window" : "");
        assert_int_equal(run("minisign -V -q -p stock.pub -m m"), 0);
    }
    trust_secret_free(secret);
}

static void our_unsealed_key_signs_there(void **state)
{
    (void)state;
    new_key("ours.key", "ours.pub", NULL);
    struct record_public_key key = load_public("ours.pub");
    struct seed seed = seed_take("signed by minisign, verified here");
    for (int i = 0; i < 40; i++) {
        uint8_t bytes[3000];
        size_t size = i == 0 ? 0 : seed_below(&seed, sizeof bytes);
        randombytes_buf(bytes, sizeof bytes);
        write_file("n", bytes, size);
        assert_int_equal(run("minisign -S -W -s ours.key -m n %s >/dev/null",
                             i % 2 ? "-t 'per la piazza è ora'" : ""),
                         0);
        assert_int_equal(verify_file("n.minisig", &key, bytes, size), TRUST_OK);
        assert_int_equal(run("minisign -V -q -p ours.pub -m n"), 0);
        bytes[size] = 'x';
        assert_int_equal(verify_file("n.minisig", &key, bytes, size + 1), TRUST_BAD_SIGNATURE);
    }
    /* the .pub file is stock's own, but for nothing */
    assert_int_equal(run("minisign -R -f -W -s ours.key -p again.pub >/dev/null && "
                         "cmp ours.pub again.pub"),
                     0);
}

static void an_old_signature_is_called_old(void **state)
{
    (void)state;
    struct record_public_key key = load_public("stock.pub");
    write_file("old", "old\n", 4);
    assert_int_equal(run("minisign -S -l -s stock.key -m old >/dev/null"), 0);
    assert_int_equal(run("minisign -V -q -p stock.pub -m old"), 0);
    assert_int_equal(verify_file("old.minisig", &key, "old\n", 4), TRUST_LEGACY);
}

/* One flipped bit: what we take, it takes; what it takes beyond that is spelling, never meaning. */
static void flipped_bits_are_judged_alike(void **state)
{
    (void)state;
    struct record_public_key key = load_public("stock.pub");
    struct trust_secret *secret = load_secret("stock.key", NULL);
    uint8_t bytes[200], *text;
    size_t len;
    struct files_error error;
    struct seed seed = seed_take("flipped bits, both verdicts");
    randombytes_buf(bytes, sizeof bytes);
    sign_file("f.minisig", secret, bytes, sizeof bytes, "tocsin");
    assert_true(files_load("f.minisig", TRUST_SIGNATURE_TEXT_MAX, &text, &len, &error));
    int taken = 0, refused = 0, spelling = 0;
    for (int i = 0; i < 400; i++) {
        bool in_message = seed_below(&seed, 4) == 0;
        uint8_t *at = in_message ? &bytes[seed_below(&seed, sizeof bytes)]
                                 : &text[seed_below(&seed, (uint32_t)len)];
        uint8_t bit = (uint8_t)(1 << seed_below(&seed, 8));
        if (i < 64) { /* the ends of both base64 lines, whole */
            size_t end = i % 2 ? len : (size_t)((uint8_t *)memmem(text, len, "=\n", 2) - text) + 2;
            in_message = false;
            at = &text[end - 1 - (size_t)i / 2 % 4];
            bit = (uint8_t)(1 << i / 8);
        }
        *at ^= bit;
        write_file("f", bytes, sizeof bytes);
        write_file("f.minisig", text, len);
        bool here = verify_file("f.minisig", &key, bytes, sizeof bytes) == TRUST_OK;
        bool there = run("minisign -V -q -p stock.pub -m f 2>/dev/null") == 0;
        bool is_spelling =
            !in_message && (at == text + len - 1 || *at > 0x7F || (at[1] == '=' && *at != '='));
        if (here ? !there : there && !is_spelling) {
            print_error("byte %td: %02x\n", in_message ? at - bytes : at - text, *at);
            fail();
        }
        if (there && !here) { /* the last line feed, a byte above 0x7F read as base64, spare bits */
            spelling++;
        }
        taken += here;
        refused += !there;
        *at ^= bit;
    }
    printf("%d taken, %d refused, %d a matter of spelling\n", taken, refused, spelling);
    assert_true(refused > 200);
    free(text);
    trust_secret_free(secret);
}

static void its_sealed_key_opens_here(void **state)
{
    (void)state;
    assert_int_equal(run("printf 'correct horse\\ncorrect horse\\n' | "
                         "minisign -G -f -p sealed.pub -s sealed.key >/dev/null 2>&1"),
                     0);
    struct trust_secret *secret = NULL;
    struct keys_error error = {""};
    enum trust_result why;
    assert_false(keys_load_secret("sealed.key", NULL, 0, &secret, &why, &error));
    assert_int_equal(why, TRUST_SEALED);
    secret = load_secret("sealed.key", "correct horse");
    struct record_public_key key = load_public("sealed.pub"), own;
    trust_secret_public(secret, &own);
    assert_true(trust_public_key_equal(&key, &own));
    trust_secret_free(secret);
}

static void our_sealed_key_opens_there(void **state)
{
    (void)state;
    new_key("closed.key", "closed.pub", "staple battery");
    write_file("s", "sealed\n", 7);
    assert_int_equal(
        run("printf 'staple battery\\n' | minisign -S -s closed.key -m s >/dev/null 2>&1"), 0);
    struct record_public_key key = load_public("closed.pub");
    assert_int_equal(verify_file("s.minisig", &key, "sealed\n", 7), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_unsealed_key_signs_here),
        cmocka_unit_test(our_unsealed_key_signs_there),
        cmocka_unit_test(an_old_signature_is_called_old),
        cmocka_unit_test(flipped_bits_are_judged_alike),
        cmocka_unit_test(its_sealed_key_opens_here),
        cmocka_unit_test(our_sealed_key_opens_there),
    };
    if (run("command -v minisign >/dev/null") != 0) {
        printf("minisign is not installed: skipped\n");
        return 77;
    }
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
