/* links: trust records */
/* Every call to the outside fails in turn, with every error that matters, once and from then on;
 * and writes and reads come short.  What is told must be true. */
#include "check.h"

#include <sodium.h>
#include <sys/stat.h>

#include "keys/keys.h"

#define FAULT_MEMORY
#define FAULT_FILES
#include "faults.h"

static char folder[64];
static struct trust_secret *secret;

static int set_up(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {1}, id[8] = {2};
    strcpy(folder, "/tmp/tocsin-faults-XXXXXX");
    secret = trust_secret_new(seed, id);
    return mkdtemp(folder) == NULL || secret == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    trust_secret_free(secret);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* Removes what a round left: the two files and their folders. */
static void clear(void)
{
    static const char *const names[] = {"k/a/x.key", "k/a/x.pub", "k/a", "k"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_true(remove(path) == 0 || errno == ENOENT);
    }
}

static bool pair_is_whole(const char *secret_path, const char *public_path)
{
    struct trust_secret *again = NULL;
    struct record_public_key a, b, c;
    struct keys_error error;
    enum trust_result why;
    if (!keys_load_secret(secret_path, NULL, 0, &again, &why, &error)) {
        return false;
    }
    trust_secret_public(secret, &a);
    trust_secret_public(again, &b);
    trust_secret_free(again);
    return trust_public_key_equal(&a, &b) && keys_load_public(public_path, &c, &error) &&
           trust_public_key_equal(&a, &c);
}

static void a_new_key_is_whole_or_not_there(void **state)
{
    (void)state;
    struct fault_way way;
    int sites = 0, done_anyway = 0;
    char secret_path[128], public_path[128];
    for (int number = 0; fault_next(&way, &number);) {
        if (fault_is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            clear();
            snprintf(secret_path, sizeof secret_path, "%s/k/a/x.key", folder);
            snprintf(public_path, sizeof public_path, "%s/k/a/x.pub", folder);
            struct keys_error error = {""};
            fault_arm_way(&way, at);
            bool done = keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error);
            bool struck = fault_disarm();
            fault.no_nameless = false;
            if (done) {
                assert_true(pair_is_whole(secret_path, public_path));
                done_anyway += struck;
            } else {
                assert_true(struck && error.message[0] != '\0');
                assert_int_equal(access(secret_path, F_OK), -1);
                assert_int_equal(access(public_path, F_OK), -1);
            }
            assert_true(fault_left_nothing(folder, "k/a"));
            if (!struck) {
                assert_true(done);
                break;
            }
        }
    }
    printf("%d failures, %d of them overcome\n", sites, done_anyway);
    assert_true(sites > 200 && done_anyway > 0);
}

static bool is_key_of(const char *path, const struct trust_secret *wanted)
{
    struct trust_secret *found = NULL;
    struct record_public_key a, b;
    struct keys_error error;
    enum trust_result why;
    struct stat about;
    if (stat(path, &about) != 0 || (about.st_mode & 0777) != 0600 ||
        !keys_load_secret(path, NULL, 0, &found, &why, &error)) {
        return false;
    }
    trust_secret_public(found, &a);
    trust_secret_public(wanted, &b);
    trust_secret_free(found);
    return trust_public_key_equal(&a, &b);
}

/* What `tocsin key passwd` writes; two keys stand for one under two passphrases, so that it can be
 * seen which is there without a second of scrypt each time. */
static void a_key_written_again_is_the_old_or_the_new_one(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {3}, id[8] = {4};
    struct trust_secret *old = trust_secret_new(seed, id);
    assert_non_null(old);
    struct fault_way way;
    int sites = 0, refused = 0;
    char path[128], public_path[128];
    struct keys_error error = {""};
    snprintf(path, sizeof path, "%s/again/x.key", folder);
    snprintf(public_path, sizeof public_path, "%s/again/x.pub", folder);
    assert_true(keys_save_new_key(path, public_path, old, NULL, 0, &error));
    for (int number = 0; fault_next(&way, &number);) {
        if (fault_is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            assert_true(keys_save_again(path, old, NULL, 0, &error));
            error.message[0] = '\0';
            fault_arm_way(&way, at);
            bool done = keys_save_again(path, secret, NULL, 0, &error);
            bool struck = fault_disarm();
            fault.no_nameless = false;
            assert_true(fault_left_nothing(folder, "again"));
            assert_true(done ? is_key_of(path, secret)
                             : struck && error.message[0] != '\0' &&
                                   (is_key_of(path, old) || is_key_of(path, secret)));
            refused += !done;
            if (!struck) {
                assert_true(done);
                break;
            }
        }
    }
    trust_secret_free(old);
    printf("%d failures, %d of them told\n", sites, refused);
    assert_true(sites > 50 && refused > 20);
}

static void what_is_loaded_is_true_or_an_error(void **state)
{
    (void)state;
    struct fault_way way;
    int sites = 0;
    char secret_path[128], public_path[128];
    struct keys_error error = {""};
    snprintf(secret_path, sizeof secret_path, "%s/load.key", folder);
    snprintf(public_path, sizeof public_path, "%s/load.pub", folder);
    assert_true(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    for (int number = 0; fault_next(&way, &number);) {
        if (fault_is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            struct trust_secret *again = NULL;
            struct record_public_key own, loaded;
            enum trust_result why;
            error.message[0] = '\0';
            fault_arm_way(&way, at);
            bool done = keys_load_secret(secret_path, NULL, 0, &again, &why, &error);
            bool struck = fault_disarm();
            assert_true(done || (struck && again == NULL && error.message[0] != '\0'));
            trust_secret_public(secret, &own);
            if (done) {
                trust_secret_public(again, &loaded);
                assert_true(trust_public_key_equal(&own, &loaded));
                trust_secret_free(again);
            }
            error.message[0] = '\0';
            fault_arm_way(&way, at);
            done = keys_load_public(public_path, &loaded, &error);
            struck = fault_disarm() || struck;
            assert_true(done ? trust_public_key_equal(&own, &loaded) : error.message[0] != '\0');
            if (!struck) {
                break;
            }
        }
    }
    fault.no_nameless = false;
    printf("%d failures\n", sites);
    assert_true(sites > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_is_whole_or_not_there),
        cmocka_unit_test(a_key_written_again_is_the_old_or_the_new_one),
        cmocka_unit_test(what_is_loaded_is_true_or_an_error),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
}
