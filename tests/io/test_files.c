/* Reading whole, writing durably, making folders: the same for every program. */
#include "folder.h"

#include "files/files.h"

static char folder[512];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s", folder_new());
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static const char *in_folder(const char *name, char path[static 600])
{
    snprintf(path, 600, "%s/%s", folder, name);
    return path;
}

static void a_name_without_folder_is_in_this_one(void **state)
{
    (void)state;
    char here[256];
    struct files_error error;
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(folder), 0);
    assert_true(files_replace("bare", 0600, "b", 1, &error));
    assert_int_equal(access("bare", F_OK), 0);
    assert_int_equal(chdir(here), 0);
    assert_false(files_replace("/proc/none/x", 0600, "b", 1, &error));
    assert_non_null(strstr(error.message, "make the folder first"));
    assert_false(files_make_folder(AT_FDCWD, "/proc/none", 0755, &error)); /* nor can anybody */
    assert_null(strstr(error.message, "make the folder first"));
    assert_non_null(strstr(error.message, "choose a folder that you may write to"));
    static char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[4998] = '/';
    assert_false(files_replace(path, 0600, "b", 1, &error));
    assert_non_null(strstr(error.message, "too long"));
}

static void a_file_is_replaced_whole(void **state)
{
    (void)state;
    char path[600];
    struct files_error error;
    in_folder("state", path);
    static char bytes[100000];
    uint8_t *back;
    size_t size;
    for (size_t want = 0; want < sizeof bytes; want = want * 3 + 1) {
        memset(bytes, (int)('a' + want % 26), want);
        assert_true(files_replace(path, 0600, bytes, want, &error));
        assert_true(files_load(path, sizeof bytes, &back, &size, &error));
        assert_int_equal(size, want);
        assert_memory_equal(back, bytes, want);
        assert_int_equal(back[size], '\0');
        free(back);
    }
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_nlink, 1);
    char command[700]; /* and leaves nothing behind */
    snprintf(command, sizeof command, "test -z \"$(find %s -name '.tocsin-*')\"", folder);
    assert_int_equal(system(command), 0);
}

static void a_file_has_its_limit(void **state)
{
    (void)state;
    char path[600], link_path[600];
    struct files_error error;
    uint8_t *bytes;
    size_t size;
    folder_put(in_folder("ten", path), "0123456789", 10);
    for (size_t max = 9; max <= 11; max++) {
        bool loaded = files_load(path, max, &bytes, &size, &error);
        assert_int_equal(loaded, max >= 10);
        if (loaded) {
            assert_int_equal(size, 10);
            free(bytes);
        } else {
            assert_non_null(strstr(error.message, "at most 9"));
        }
    }
    assert_int_equal(symlink(path, in_folder("ten-link", link_path)), 0);
    assert_true(files_load(link_path, 10, &bytes, &size, &error)); /* no secret: fine */
    free(bytes);
    assert_false(files_load(folder, 10, &bytes, &size, &error));
    assert_non_null(strstr(error.message, "not a regular file"));
    assert_false(files_load("/dev/zero", 10, &bytes, &size, &error));
    /* what says it has no bytes and has some (as in /proc) is read whole all the same */
    assert_true(files_load("/proc/self/status", 65536, &bytes, &size, &error));
    assert_true(size > 100 && size == strlen((char *)bytes));
    free(bytes);
    assert_false(files_load("/proc/self/status", 100, &bytes, &size, &error));
    assert_int_equal(error.code, EFBIG);
}

/* The three kinds of files: each with what it takes and what it refuses. */
static void what_is_no_file_is_refused_without_waiting(void **state)
{
    (void)state;
    char file[600], link[600], pipe[600], loop[600];
    folder_put(in_folder("file", file), "abc", 3);
    assert_int_equal(symlink("file", in_folder("link", link)), 0);
    assert_int_equal(symlink("loop", in_folder("loop", loop)), 0);
    assert_int_equal(mkfifo(in_folder("pipe", pipe), 0600), 0);
    const struct {
        const char *path;
        enum files_kind kind;
        enum files_result result;
    } table[] = {
        {file, FILES_REGULAR, FILES_OK},       {file, FILES_ITSELF, FILES_OK},
        {file, FILES_ANY, FILES_OK},           {link, FILES_REGULAR, FILES_OK},
        {link, FILES_ITSELF, FILES_UNFIT},     {link, FILES_ANY, FILES_OK},
        {pipe, FILES_REGULAR, FILES_UNFIT},    {pipe, FILES_ITSELF, FILES_UNFIT},
        {folder, FILES_REGULAR, FILES_UNFIT},  {folder, FILES_ITSELF, FILES_UNFIT},
        {folder, FILES_ANY, FILES_UNFIT},      {loop, FILES_REGULAR, FILES_FAILED},
        {loop, FILES_ITSELF, FILES_UNFIT},     {"/dev/null", FILES_REGULAR, FILES_UNFIT},
        {"/dev/null", FILES_ANY, FILES_OK},    {"/none/x", FILES_REGULAR, FILES_GONE},
        {"/none/x", FILES_ITSELF, FILES_GONE}, {"/none/x", FILES_ANY, FILES_GONE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint8_t *bytes, own[4];
        size_t size;
        struct files_error error = {0};
        enum files_result result =
            files_load_at(AT_FDCWD, table[i].path, table[i].kind, 3, &bytes, &size, &error);
        assert_int_equal(result, table[i].result);
        if (result == FILES_OK) {
            free(bytes);
        } else {
            assert_true(error.code != 0 && error.why != NULL);
            assert_non_null(strstr(error.message, table[i].path));
        }
        if (table[i].kind == FILES_ITSELF) { /* and into memory of one's own */
            assert_int_equal(files_load_into(AT_FDCWD, table[i].path, own, 3, &size, NULL, &error),
                             result);
        }
    }
    uint8_t own[3];
    size_t size;
    struct files_error error;
    assert_int_equal(files_load_into(AT_FDCWD, file, own, 2, &size, NULL, &error), FILES_UNFIT);
    assert_string_equal(error.why, "it is too large");
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    static uint8_t sent[50000];
    memset(sent, 'x', sizeof sent);
    for (size_t max = sizeof sent - 1; max <= sizeof sent; max++) {
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], sent, sizeof sent), sizeof sent);
        close(ends[1]);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        uint8_t *bytes;
        size_t size;
        struct files_error error;
        enum files_result result =
            files_load_at(AT_FDCWD, path, FILES_ANY, max, &bytes, &size, &error);
        close(ends[0]);
        assert_int_equal(result, max < sizeof sent ? FILES_UNFIT : FILES_OK);
        if (result == FILES_OK) {
            assert_int_equal(size, sizeof sent);
            assert_memory_equal(bytes, sent, size);
            free(bytes);
        }
    }
}

static void folders_are_made_where_they_are_missing(void **state)
{
    (void)state;
    char path[600];
    struct files_error error;
    struct stat status;
    for (int i = 0; i < 2; i++) { /* the second time all are there */
        assert_true(files_make_folder(AT_FDCWD, in_folder("a/b//c/", path), 0700, &error));
    }
    assert_int_equal(stat(in_folder("a/b/c", path), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_true(files_make_folder(AT_FDCWD, "/", 0700, &error));
    assert_true(files_make_folder_of(AT_FDCWD, in_folder("d/e", path), 0700, &error));
    assert_int_equal(stat(in_folder("d", path), &status), 0);
    assert_int_equal(stat(in_folder("d/e", path), &status), -1);
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    assert_true(files_make_folder(fd, "below/it", 0755, &error));
    close(fd);
    assert_int_equal(stat(in_folder("below/it", path), &status), 0);
    folder_put(in_folder("file", path), "x", 1);
    assert_false(files_make_folder(AT_FDCWD, path, 0700, &error));
    assert_int_equal(error.code, ENOTDIR);
    assert_non_null(strstr(error.message, path));
    assert_false(files_make_folder(AT_FDCWD, "", 0700, &error));
    assert_false(files_make_folder(AT_FDCWD, "/proc/none/x", 0700, &error));
}

/* A store takes each step for many files; two of one name must not hurt one another. */
static void an_unnamed_file_appears_whole_and_never_over_another(void **state)
{
    (void)state;
    char path[600];
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    struct files_unnamed one, two;
    assert_true(files_unnamed_open(&one, fd, 0644));
    assert_true(files_unnamed_open(&two, fd, 0644));
    assert_true(files_write_all(one.fd, "one", 3) && files_write_all(two.fd, "two", 3));
    assert_false(folder_has(folder, "name"));
    assert_true(files_unnamed_appear(&one, "name"));
    assert_false(files_unnamed_appear(&two, "name"));
    assert_int_equal(errno, EEXIST);
    uint8_t *bytes;
    size_t size;
    struct files_error error;
    assert_true(files_load(in_folder("name", path), 3, &bytes, &size, &error));
    assert_memory_equal(bytes, "one", 3);
    free(bytes);
    assert_true(files_unnamed_replace(&two, "name"));
    assert_true(files_load(path, 3, &bytes, &size, &error));
    assert_memory_equal(bytes, "two", 3);
    free(bytes);
    files_unnamed_drop(&one);
    files_unnamed_drop(&two);
    close(fd);
    assert_true(files_is_passing(".tocsin-0123456789abcdef"));
    assert_false(files_is_passing(".tocsin-0123456789abcde"));
    assert_false(files_is_passing(".tocsin-0123456789abcdeF"));
    assert_false(files_is_passing("tocsin-00123456789abcdef"));
}

/* Of a long path its end is shown, so that reason and remedy have room. */
static void a_long_path_does_not_push_the_reason_out(void **state)
{
    (void)state;
    char path[400];
    struct files_error error;
    memset(path, 'a', sizeof path);
    snprintf(path + 200, sizeof path - 200, "/the-end");
    assert_false(files_replace(path, 0600, "x", 1, &error));
    assert_non_null(strstr(error.message, "make the folder first"));
    path[200] = 'a';
    assert_false(files_load(path, 1, &(uint8_t *){NULL}, &(size_t){0}, &error));
    assert_non_null(strstr(error.message, "athe-end: cannot open: No such file"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_name_without_folder_is_in_this_one),
        TEST(a_file_is_replaced_whole),
        TEST(a_file_has_its_limit),
        TEST(what_is_no_file_is_refused_without_waiting),
        TEST(a_pipe_is_read_to_its_end),
        TEST(folders_are_made_where_they_are_missing),
        TEST(an_unnamed_file_appears_whole_and_never_over_another),
        TEST(a_long_path_does_not_push_the_reason_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
