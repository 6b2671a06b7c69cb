/* links: trust records */
#include "check.h"

#include <sodium.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vault/passphrase.h"
#include "vault/vault.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tocsin-vault-XXXXXX");
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
    struct vault_error error = {""};
    enum trust_result why;
    assert_true(vault_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    struct stat status;
    assert_int_equal(stat(secret_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(public_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
    assert_true(vault_load_secret(secret_path, NULL, 0, &again, &why, &error));
    struct trust_public_key a, b, c;
    trust_secret_public(secret, &a);
    trust_secret_public(again, &b);
    assert_true(trust_public_key_equal(&a, &b));
    assert_true(vault_load_public(public_path, &c, &error));
    assert_true(trust_public_key_equal(&a, &c));
    /* and never over what is there */
    assert_false(vault_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
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
    struct vault_error error = {""};
    enum trust_result why;
    assert_true(vault_save_new_key(secret_path, public_path, secret, NULL, 0, &error));
    assert_int_equal(chmod(secret_path, 0640), 0);
    assert_false(vault_load_secret(secret_path, NULL, 0, &again, &why, &error));
    assert_non_null(strstr(error.message, "chmod 600"));
    assert_int_equal(chmod(secret_path, 0400), 0);
    assert_true(vault_load_secret(secret_path, NULL, 0, &again, &why, &error));
    trust_secret_free(again);
    trust_secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_is_loaded_again),
        cmocka_unit_test(a_key_that_others_can_read_is_refused_with_the_remedy),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
