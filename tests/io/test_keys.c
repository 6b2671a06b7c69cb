/* links: trust records */
#include "check.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys/keys.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tocsin-keys-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name, char path[static 128])
{
    snprintf(path, 128, "%s/%s", folder, name);
    return path;
}

static struct trust_secret *new_secret(uint8_t number)
{
    uint8_t seed[32] = {number}, id[8] = {number, 2, 3, 4, 5, 6, 7, 8};
    struct trust_secret *secret = trust_secret_new(seed, id);
    assert_non_null(secret);
    return secret;
}

static void a_new_key_is_loaded_again(void **state)
{
    (void)state;
    char secret_path[128], public_path[128];
    in_folder("a/b/anna.key", secret_path);
    in_folder("a/b/anna.pub", public_path);
    struct trust_secret *secret = new_secret(1), *again;
    struct keys_error error = {""};
    enum trust_result why;
    assert_true(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    struct stat status;
    assert_int_equal(stat(secret_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(public_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
    assert_true(keys_load_secret(secret_path, NULL, 0, &again, &why, &error));
    struct record_public_key a, b, c;
    trust_secret_public(secret, &a);
    trust_secret_public(again, &b);
    assert_true(trust_public_key_equal(&a, &b));
    assert_true(keys_load_public(public_path, &c, &error));
    assert_true(trust_public_key_equal(&a, &c));
    /* and never over what is there */
    assert_false(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    assert_non_null(strstr(error.message, "never overwritten"));
    trust_secret_free(secret);
    trust_secret_free(again);
}

static void a_key_that_others_can_read_is_refused_with_the_remedy(void **state)
{
    (void)state;
    char secret_path[128], public_path[128];
    in_folder("ben.key", secret_path);
    in_folder("ben.pub", public_path);
    struct trust_secret *secret = new_secret(2), *again;
    struct keys_error error = {""};
    enum trust_result why;
    assert_true(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    assert_int_equal(chmod(secret_path, 0640), 0);
    assert_false(keys_load_secret(secret_path, NULL, 0, &again, &why, &error));
    assert_non_null(strstr(error.message, "chmod 600"));
    assert_int_equal(chmod(secret_path, 0400), 0);
    assert_true(keys_load_secret(secret_path, NULL, 0, &again, &why, &error));
    trust_secret_free(again);
    trust_secret_free(secret);
}

static void write_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void assert_secret_refused(const char *path, const char *why_text)
{
    struct trust_secret *secret = NULL;
    struct keys_error error = {""};
    enum trust_result why;
    if (keys_load_secret(path, NULL, 0, &secret, &why, &error) ||
        strstr(error.message, why_text) == NULL) {
        print_error("%s, not %s\n", error.message, why_text);
        fail();
    }
    assert_non_null(strstr(error.message, path)); /* it names the file */
    assert_null(secret);
}

static void a_public_key_is_no_secret_whatever_its_mode(void **state)
{
    (void)state;
    char path[128], public_path[128], other[128], wanted[256];
    in_folder("dora.key", path);
    in_folder("dora.pub", public_path);
    struct trust_secret *secret = new_secret(5);
    struct keys_error error;
    assert_true(keys_save_new_key(path, public_path, secret, NULL, 0, &error));
    snprintf(wanted, sizeof wanted, "this is a public key: the secret one is wanted (%s)", path);
    assert_secret_refused(public_path, wanted);
    assert_int_equal(chmod(public_path, 0600), 0);
    assert_secret_refused(public_path, wanted);
    assert_int_equal(rename(public_path, in_folder("dora", other)), 0);
    assert_secret_refused(other, "this is a public key: the secret one is wanted");
    trust_secret_free(secret);
}

static void only_0600_and_0400_are_modes_of_a_secret(void **state)
{
    (void)state;
    char path[128], public_path[128];
    in_folder("modes.key", path);
    in_folder("modes.pub", public_path);
    struct trust_secret *secret = new_secret(3), *again;
    struct keys_error error;
    enum trust_result why;
    assert_true(keys_save_new_key(path, public_path, secret, NULL, 0, &error));
    for (mode_t mode = 0; mode <= 07777; mode++) {
        if ((mode & 0400) == 0 && geteuid() != 0) {
            continue;
        }
        assert_int_equal(chmod(path, mode), 0);
        bool loaded = keys_load_secret(path, NULL, 0, &again, &why, &error);
        assert_int_equal(loaded, (mode & ~0600U) == 0);
        if (loaded) {
            trust_secret_free(again);
        } else {
            assert_non_null(strstr(error.message, "chmod 600"));
        }
    }
    trust_secret_free(secret);
}

static void a_secret_is_a_regular_file_of_ours(void **state)
{
    (void)state;
    char path[128], public_path[128], link_path[128], other[128];
    struct trust_secret *secret = new_secret(4), *again;
    struct keys_error error;
    enum trust_result why;
    in_folder("mine.key", path);
    in_folder("mine.pub", public_path);
    assert_true(keys_save_new_key(path, public_path, secret, NULL, 0, &error));
    assert_int_equal(symlink(path, in_folder("link.key", link_path)), 0);
    assert_secret_refused(link_path, "symbolic link");
    assert_int_equal(mkfifo(in_folder("pipe.key", other), 0600), 0);
    assert_secret_refused(other, "not a regular file"); /* and does not wait for a writer */
    assert_int_equal(mkdir(in_folder("dir.key", other), 0700), 0);
    assert_secret_refused(other, "not a regular file");
    assert_secret_refused(in_folder("none.key", other), "No such file");
    write_file(in_folder("junk.key", other), "junk\n", 5, 0600);
    assert_secret_refused(other, "not in minisign's form");
    write_file(in_folder("empty.key", other), "", 0, 0600);
    assert_secret_refused(other, "not in minisign's form");
    static const char big[5000];
    write_file(in_folder("big.key", other), big, sizeof big, 0600);
    assert_secret_refused(other, "a secret key is a NAME.key of two lines");
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 12345, 12345), 0);
        assert_secret_refused(path, "another user (uid 12345)");
        assert_int_equal(chown(path, 0, 0), 0);
    }
    assert_true(keys_load_secret(path, NULL, 0, &again, &why, &error));
    trust_secret_free(again);
    trust_secret_free(secret);
}

static void neither_half_is_there_when_one_is_taken(void **state)
{
    (void)state;
    char secret_path[128], public_path[128];
    struct trust_secret *secret = new_secret(5);
    struct keys_error error;
    in_folder("half.key", secret_path);
    in_folder("half.pub", public_path);
    write_file(public_path, "theirs", 6, 0644);
    assert_false(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    assert_non_null(strstr(error.message, "half.pub"));
    assert_int_equal(access(secret_path, F_OK), -1);
    struct stat status;
    assert_int_equal(stat(public_path, &status), 0);
    assert_int_equal(status.st_size, 6);
    /* not through a dangling link either */
    in_folder("dangling.key", secret_path);
    in_folder("dangling.pub", public_path);
    assert_int_equal(symlink("elsewhere", secret_path), 0);
    assert_false(keys_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    assert_int_equal(access(public_path, F_OK), -1);
    trust_secret_free(secret);
}

static void a_new_key_ignores_the_umask(void **state)
{
    (void)state;
    char secret_path[128], public_path[128];
    struct trust_secret *secret = new_secret(6);
    struct keys_error error;
    struct stat status;
    mode_t before = umask(0777);
    bool done = keys_save_new_key(in_folder("mask.key", secret_path),
                                  in_folder("mask.pub", public_path), secret, NULL, 0, &error);
    umask(0);
    done = done && keys_save_new_key(in_folder("open.key", secret_path),
                                     in_folder("open.pub", public_path), secret, NULL, 0, &error);
    umask(before);
    assert_true(done);
    assert_int_equal(stat(secret_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(in_folder("mask.key", secret_path), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    trust_secret_free(secret);
}

static void a_key_goes_where_a_folder_can_be(void **state)
{
    (void)state;
    struct keys_error error;
    static char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[4998] = '/';
    struct trust_secret *secret = new_secret(9);
    assert_false(keys_save_new_key(path, path, secret, NULL, 0, &error));
    assert_non_null(strstr(error.message, "too long"));
    assert_false(keys_save_new_key("/proc/none/x", "/proc/none/y", secret, NULL, 0, &error));
    trust_secret_free(secret);
}

static void a_public_key_is_a_file_or_the_text_itself(void **state)
{
    (void)state;
    static const char text[] = "RWTETkGUJSR+zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi";
    struct record_public_key key, other;
    struct keys_error error;
    char path[128];
    assert_true(keys_load_public(text, &key, &error));
    write_file(in_folder("plain.pub", path), text, strlen(text), 0644);
    assert_true(keys_load_public(path, &other, &error));
    assert_true(trust_public_key_equal(&key, &other));
    write_file(path, text, strlen(text) - 1, 0644);
    assert_false(keys_load_public(path, &other, &error));
    assert_non_null(strstr(error.message, "not a minisign public key"));
    /* 56 letters that are no key may still be a file's name */
    static const char name[] = "RWTETkGUJSR-zoo4psBqU9TekSC399YPqNtGhrWf0TveEzOke9H1dXRi";
    assert_false(keys_load_public(name, &other, &error));
    assert_non_null(strstr(error.message, "No such file"));
    assert_int_equal(symlink("loop.pub", in_folder("loop.pub", path)), 0);
    assert_false(keys_load_public(path, &other, &error));
    assert_non_null(strstr(error.message, "cannot open"));
    assert_false(keys_load_public("RWTETkGUJSR", &other, &error));
    assert_non_null(strstr(error.message, "No such file"));
}

static void keys_live_where_the_environment_says(void **state)
{
    (void)state;
    char out[64];
    static const char *const names[] = {"TOCSIN_CONFIG", "XDG_CONFIG_HOME", "HOME"};
    char *before[3];
    for (int i = 0; i < 3; i++) {
        before[i] = getenv(names[i]) != NULL ? strdup(getenv(names[i])) : NULL;
        unsetenv(names[i]);
    }
    assert_false(keys_default_dir(out, sizeof out));
    setenv("HOME", "/home/anna", 1);
    assert_true(keys_default_dir(out, sizeof out));
    assert_string_equal(out, "/home/anna/.config/tocsin/keys");
    setenv("XDG_CONFIG_HOME", "", 1); /* as if unset */
    assert_true(keys_default_dir(out, sizeof out));
    assert_string_equal(out, "/home/anna/.config/tocsin/keys");
    setenv("XDG_CONFIG_HOME", "/cfg", 1);
    assert_true(keys_default_dir(out, sizeof out));
    assert_string_equal(out, "/cfg/tocsin/keys");
    setenv("TOCSIN_CONFIG", "/t", 1);
    assert_true(keys_default_dir(out, sizeof out));
    assert_string_equal(out, "/t/keys");
    assert_true(keys_default_dir(out, 8));
    assert_false(keys_default_dir(out, 7));
    for (int i = 0; i < 3; i++) {
        unsetenv(names[i]);
        if (before[i] != NULL) {
            setenv(names[i], before[i], 1);
            free(before[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_is_loaded_again),
        cmocka_unit_test(a_key_that_others_can_read_is_refused_with_the_remedy),
        cmocka_unit_test(a_public_key_is_no_secret_whatever_its_mode),
        cmocka_unit_test(only_0600_and_0400_are_modes_of_a_secret),
        cmocka_unit_test(a_secret_is_a_regular_file_of_ours),
        cmocka_unit_test(neither_half_is_there_when_one_is_taken),
        cmocka_unit_test(a_new_key_ignores_the_umask),
        cmocka_unit_test(a_key_goes_where_a_folder_can_be),
        cmocka_unit_test(a_public_key_is_a_file_or_the_text_itself),
        cmocka_unit_test(keys_live_where_the_environment_says),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
