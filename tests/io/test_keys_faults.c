/* links: trust records */
/* Every call to the outside fails in turn, with every error that matters, once and from then on;
 * and writes and reads come short.  What is told must be true. */
#include "check.h"

#include <dirent.h>
#include <sodium.h>

#include "keys/keys.h"

#define FAULT_MEMORY
#define FAULT_FILES
#include "faults.h"

static char folder[64];
static struct trust_secret *secret;
static const int errors[] = {ENOSPC, EIO, EINTR, EMFILE, EACCES, EDQUOT, EROFS};
enum { ERRORS = sizeof errors / sizeof *errors };

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

/* Whether no passing name was left in a folder below ours (or the folder is not there). */
static bool is_tidy(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    DIR *dir = opendir(path);
    bool tidy = true;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        tidy = tidy && strncmp(entry->d_name, ".tocsin-", 8) != 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return tidy;
}

/* How a call is made to fail, over all of them. */
struct way {
    int error;
    bool from_then_on, is_short, no_nameless;
};

static bool next_way(struct way *way, int *number)
{
    int n = (*number)++;
    *way = (struct way){.no_nameless = n % 2, .from_then_on = n / 2 % 2};
    n /= 4;
    if (n > ERRORS) {
        return false;
    }
    way->is_short = n == ERRORS;
    way->error = way->is_short ? 0 : errors[n];
    return true;
}

static void arm(const struct way *way, int at)
{
    fault_arm(at, way->from_then_on, way->error);
    fault.is_short = way->is_short;
    fault.no_nameless = way->no_nameless;
}

/* EINTR at every read and write for ever would never end; no kernel does that. */
static bool is_endless(const struct way *way)
{
    return way->error == EINTR && way->from_then_on;
}

static bool pair_is_whole(const char *secret_path, const char *public_path)
{
    struct trust_secret *again = NULL;
    struct trust_public_key a, b, c;
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
    struct way way;
    int sites = 0, done_anyway = 0;
    char secret_path[128], public_path[128];
    for (int number = 0; next_way(&way, &number);) {
        if (is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            clear();
            snprintf(secret_path, sizeof secret_path, "%s/k/a/x.key", folder);
            snprintf(public_path, sizeof public_path, "%s/k/a/x.pub", folder);
            struct keys_error error = {""};
            arm(&way, at);
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
            assert_true(is_tidy("k/a"));
            if (!struck) {
                assert_true(done);
                break;
            }
        }
    }
    printf("%d failures, %d of them overcome\n", sites, done_anyway);
    assert_true(sites > 200 && done_anyway > 0);
}

static void a_replaced_file_is_the_old_or_the_new(void **state)
{
    (void)state;
    struct way way;
    int sites = 0;
    char path[128];
    snprintf(path, sizeof path, "%s/state", folder);
    for (int number = 0; next_way(&way, &number);) {
        if (is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            struct keys_error error = {""};
            uint8_t *bytes;
            size_t size;
            assert_true(keys_replace_file(path, "the old", 7, &error));
            arm(&way, at);
            bool done = keys_replace_file(path, "the new one", 11, &error);
            bool struck = fault_disarm();
            fault.no_nameless = false;
            assert_true(done || (struck && error.message[0] != '\0'));
            assert_true(keys_load_file(path, 100, &bytes, &size, &error));
            bool is_old = size == 7 && memcmp(bytes, "the old", 7) == 0;
            bool is_new = size == 11 && memcmp(bytes, "the new one", 11) == 0;
            assert_true(done ? is_new : is_old || is_new);
            if (!done && is_new) { /* the folder's fsync alone may come after */
                assert_string_equal(fault.failed, "fsync");
            }
            free(bytes);
            assert_true(is_tidy("."));
            if (!struck) {
                break;
            }
        }
    }
    printf("%d failures\n", sites);
    assert_true(sites > 100);
}

static void what_is_loaded_is_true_or_an_error(void **state)
{
    (void)state;
    struct way way;
    int sites = 0;
    char secret_path[128], public_path[128];
    struct keys_error error = {""};
    snprintf(secret_path, sizeof secret_path, "%s/load.key", folder);
    snprintf(public_path, sizeof public_path, "%s/load.pub", folder);
    assert_true(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    for (int number = 0; next_way(&way, &number);) {
        if (is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            struct trust_secret *again = NULL;
            struct trust_public_key own, loaded;
            enum trust_result why;
            error.message[0] = '\0';
            arm(&way, at);
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
            arm(&way, at);
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

/* Errors name the file and, where there is one, the remedy. */
static void an_error_names_the_file_and_the_remedy(void **state)
{
    (void)state;
    static const struct {
        int error;
        const char *remedy;
    } cases[] = {{ENOSPC, ": make room"},
                 {EDQUOT, ": make room"},
                 {EACCES, ": choose a folder that you may write to"},
                 {EPERM, ": choose a folder that you may write to"},
                 {EROFS, ": choose a folder that you may write to"},
                 {ENOENT, ": make the folder first"},
                 {EIO, "Input/output error"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct keys_error error = {""};
        fault_arm(2, false, cases[i].error); /* the file itself, in the root folder */
        assert_false(keys_replace_file("/tocsin-never-there", "x", 1, &error));
        assert_true(fault_disarm());
        assert_non_null(strstr(error.message, "/tocsin-never-there: "));
        assert_non_null(strstr(error.message, cases[i].remedy));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_is_whole_or_not_there),
        cmocka_unit_test(a_replaced_file_is_the_old_or_the_new),
        cmocka_unit_test(what_is_loaded_is_true_or_an_error),
        cmocka_unit_test(an_error_names_the_file_and_the_remedy),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, set_up, tear_down);
}
