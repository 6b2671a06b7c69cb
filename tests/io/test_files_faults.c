/* Every call to the outside fails in turn, with every error that matters, once and from then on;
 * and writes and reads come short.  What is told must be true. */
#include "check.h"

#include "files/files.h"

#define FAULT_MEMORY
#define FAULT_FILES
#include "faults.h"

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tocsin-faults-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void a_replaced_file_is_the_old_or_the_new(void **state)
{
    (void)state;
    struct fault_way way;
    int sites = 0;
    char path[128];
    snprintf(path, sizeof path, "%s/state", folder);
    for (int number = 0; fault_next(&way, &number);) {
        if (fault_is_endless(&way)) {
            continue;
        }
        for (int at = 1;; at++, sites++) {
            struct files_error error = {0};
            uint8_t *bytes;
            size_t size;
            assert_true(files_replace(path, 0600, "the old", 7, &error));
            fault_arm_way(&way, at);
            bool done = files_replace(path, 0600, "the new one", 11, &error);
            bool struck = fault_disarm();
            fault.no_nameless = false;
            assert_true(done || (struck && error.message[0] != '\0'));
            assert_true(files_load(path, 100, &bytes, &size, &error));
            bool is_old = size == 7 && memcmp(bytes, "the old", 7) == 0;
            bool is_new = size == 11 && memcmp(bytes, "the new one", 11) == 0;
            assert_true(done ? is_new : is_old || is_new);
            if (!done && is_new) { /* the folder's fsync alone may come after */
                assert_string_equal(fault.failed, "fsync");
            }
            free(bytes);
            assert_true(fault_left_nothing(folder, "."));
            if (!struck) {
                break;
            }
        }
    }
    printf("%d failures\n", sites);
    assert_true(sites > 100);
}

static void a_file_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    struct fault_way way;
    int sites = 0;
    char path[128], text[3000];
    struct files_error error;
    snprintf(path, sizeof path, "%s/read", folder);
    memset(text, 'x', sizeof text);
    assert_true(files_replace(path, 0600, text, sizeof text, &error));
    static const char *const paths[] = {NULL, "/proc/self/status"}; /* the second must grow */
    for (int number = 0; fault_next(&way, &number);) {
        for (int at = 1; !fault_is_endless(&way); at++, sites++) {
            bool struck = false;
            for (int i = 0; i < 2; i++) {
                uint8_t *bytes;
                size_t size;
                error.message[0] = '\0';
                fault_arm_way(&way, at);
                bool done =
                    files_load(paths[i] == NULL ? path : paths[i], 65536, &bytes, &size, &error);
                struck = fault_disarm() || struck;
                assert_true(done || (struck && error.message[0] != '\0' && error.code != 0));
                if (done) {
                    assert_int_equal(bytes[size], '\0');
                    assert_true(i == 0 ? size == sizeof text : size > 100);
                    free(bytes);
                }
            }
            if (!struck) {
                break;
            }
        }
    }
    fault.no_nameless = false;
    printf("%d failures\n", sites);
    assert_true(sites > 50);
}

static void a_folder_is_there_when_it_is_said_to_be(void **state)
{
    (void)state;
    struct fault_way way;
    int sites = 0;
    char path[128], above[128];
    snprintf(above, sizeof above, "%s/f", folder);
    snprintf(path, sizeof path, "%s/f/g", folder);
    for (int number = 0; fault_next(&way, &number);) {
        for (int at = 1; !fault_is_endless(&way); at++, sites++) {
            struct files_error error = {0};
            struct stat status;
            fault_arm_way(&way, at);
            bool done = files_make_folder(AT_FDCWD, path, 0700, &error);
            bool struck = fault_disarm();
            assert_true(done ? stat(path, &status) == 0 : struck && error.message[0] != '\0');
            (void)remove(path);
            (void)remove(above);
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
        struct files_error error = {0};
        fault_arm(2, false, cases[i].error); /* the file itself, in the root folder */
        assert_false(files_replace("/tocsin-never-there", 0600, "x", 1, &error));
        assert_true(fault_disarm());
        assert_non_null(strstr(error.message, "/tocsin-never-there: "));
        assert_non_null(strstr(error.message, cases[i].remedy));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replaced_file_is_the_old_or_the_new),
        cmocka_unit_test(a_file_is_read_whole_or_not_at_all),
        cmocka_unit_test(a_folder_is_there_when_it_is_said_to_be),
        cmocka_unit_test(an_error_names_the_file_and_the_remedy),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
