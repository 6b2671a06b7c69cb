/* links: ledger records trust view stream */
/* wraps: open openat __openat_2 read write pread fsync linkat renameat2 mkdirat fstat unlinkat */
/* wraps: fdopendir opendir readdir sync_file_range dup syncfs fstatfs */
/* wraps: malloc calloc realloc reallocarray strdup */
/* Every call that the store makes to the outside fails once, in every way that it can, and every
 * request for memory: the answer is full success or a clear error, what was acknowledged stays,
 * nothing sound is put into quarantine, and the same thing done again succeeds. */
#include "add_stream.h"
#include "folder.h"
#include "forge.h"

#include <dirent.h>
#include <sys/vfs.h>

#include "store/store.h"
#include "stream/stream.h"

/* What to do to which call. */
enum fault { NONE, FAIL, SHORT };

static struct {
    bool is_counting;
    enum fault kind;
    int code;
    bool is_memory; /* count requests for memory, else calls to the outside */
    long count, at;
    const char *hit; /* the call that was struck */
} plan;

/* Whether this call is the one. */
static bool strikes(const char *name, bool is_memory)
{
    if (!plan.is_counting || is_memory != plan.is_memory ||
        (plan.kind == SHORT && strcmp(name, "write") != 0)) {
        return false;
    }
    plan.count++;
    if (plan.count == plan.at) {
        plan.hit = name;
        return plan.kind != NONE;
    }
    return false;
}

static bool fails(const char *name)
{
    if (!strikes(name, false)) {
        return false;
    }
    errno = plan.code;
    return true;
}

/* The wrapped calls and what they stand for. */
#define WRAP(type, name, parameters, arguments, failure)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return fails(#name) ? (failure) : __real_##name arguments;                                 \
    }

WRAP(int, linkat, (int a, const char *b, int c, const char *d, int e), (a, b, c, d, e), -1)
WRAP(int, mkdirat, (int a, const char *b, mode_t c), (a, b, c), -1)
WRAP(int, fstat, (int a, struct stat *b), (a, b), -1)
WRAP(int, unlinkat, (int a, const char *b, int c), (a, b, c), -1)
WRAP(int, fsync, (int a), (a), -1)
WRAP(int, syncfs, (int a), (a), -1)
WRAP(int, fstatfs, (int a, struct statfs *b), (a, b), -1)
WRAP(int, dup, (int a), (a), -1)
WRAP(ssize_t, read, (int a, void *b, size_t c), (a, b, c), -1)
WRAP(ssize_t, pread, (int a, void *b, size_t c, off_t d), (a, b, c, d), -1)
WRAP(int, sync_file_range, (int a, off64_t b, off64_t c, unsigned d), (a, b, c, d), -1)
WRAP(DIR *, fdopendir, (int a), (a), NULL)
WRAP(DIR *, opendir, (const char *a), (a), NULL)
WRAP(struct dirent *, readdir, (DIR * a), (a), NULL)

int __real_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode)
{
    return fails("open") ? -1 : __real_open(path, flags, mode);
}

/* File systems that lack what the store would rather have. */
static bool is_without_tmpfile, is_without_noreplace;

int __real_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode)
{
    if (is_without_tmpfile && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return fails("openat") ? -1 : __real_openat(at, path, flags, mode);
}

/* What a call without a mode becomes where libc checks calls (_FORTIFY_SOURCE). */
int __wrap___openat_2(int at, const char *path, int flags);
int __wrap___openat_2(int at, const char *path, int flags)
{
    return __wrap_openat(at, path, flags, 0);
}

int __real_renameat2(int a, const char *b, int c, const char *d, unsigned e);
int __wrap_renameat2(int a, const char *b, int c, const char *d, unsigned e);
int __wrap_renameat2(int a, const char *b, int c, const char *d, unsigned e)
{
    if (is_without_noreplace) {
        errno = EINVAL;
        return -1;
    }
    return fails("renameat2") ? -1 : __real_renameat2(a, b, c, d, e);
}

ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    if (strikes("write", false)) {
        if (plan.kind == SHORT) {
            return __real_write(fd, bytes, size > 1 ? size / 2 : size);
        }
        errno = plan.code;
        return -1;
    }
    return __real_write(fd, bytes, size);
}

#define WRAP_MEMORY(name, parameters, arguments)                                                   \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters;                                                                \
    void *__wrap_##name parameters                                                                 \
    {                                                                                              \
        if (strikes(#name, true)) {                                                                \
            errno = ENOMEM;                                                                        \
            return NULL;                                                                           \
        }                                                                                          \
        return __real_##name arguments;                                                            \
    }

WRAP_MEMORY(malloc, (size_t a), (a))
WRAP_MEMORY(calloc, (size_t a, size_t b), (a, b))
WRAP_MEMORY(realloc, (void *a, size_t b), (a, b))
WRAP_MEMORY(reallocarray, (void *a, size_t b, size_t c), (a, b, c))

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return strikes("strdup", true) ? NULL : __real_strdup(text);
}

/* The records and signatures that every scene uses, made once. */
static struct record *root, *window;
static struct trust_signature signature[2][2]; /* of root and window, by 1 and 2 */
static struct record_public_key key[2];
static uint8_t *bundle; /* of both */
static size_t bundle_size;
static uint8_t many[64 * 1024]; /* and of ten windows more: a large batch */
static size_t many_size;
static struct store_error error;

/* What a scene has been told is done. */
struct acknowledged {
    bool root, window;
    bool signature[2][2];
};

typedef enum store_result (*scene)(const char *dir, struct acknowledged *told);

static enum store_result add_all(struct store *store, struct acknowledged *told)
{
    const struct record *record[] = {root, window};
    bool *flag[] = {&told->root, &told->window};
    for (int i = 0; i < 2; i++) {
        enum store_result result =
            store_add_record(store, record[i]->bytes, record[i]->size, NULL, &error);
        if (result != STORE_OK && result != STORE_ALREADY_THERE) {
            return result;
        }
        *flag[i] = true;
        for (int k = 0; k < 2; k++) {
            result = store_add_signature(store, &record[i]->id, &signature[i][k], &key[k], &error);
            if (result != STORE_OK && result != STORE_ALREADY_THERE) {
                return result;
            }
            told->signature[i][k] = true;
        }
    }
    return STORE_OK;
}

static enum store_result declaring(const char *dir, struct acknowledged *told)
{
    struct store *store;
    enum store_result result = store_open(dir, true, leap_builtin(), &store, &error);
    if (result == STORE_OK) {
        result = add_all(store, told);
        store_close(store);
    }
    return result;
}

static enum store_result importing(const char *dir, struct acknowledged *told)
{
    struct store *store;
    struct ledger_counts counts;
    enum store_result result = store_open(dir, true, leap_builtin(), &store, &error);
    if (result != STORE_OK) {
        return result;
    }
    result = add_stream(store, bundle, bundle_size, NULL, &counts, &error);
    if (result == STORE_OK) {
        assert_int_equal(counts.refused, 0);
        memset(told, true, sizeof *told);
    }
    store_close(store);
    return result;
}

static enum store_result importing_many(const char *dir, struct acknowledged *told)
{
    struct store *store;
    struct ledger_counts counts;
    enum store_result result = store_open(dir, true, leap_builtin(), &store, &error);
    if (result != STORE_OK) {
        return result;
    }
    result = add_stream(store, many, many_size, NULL, &counts, &error);
    if (result == STORE_OK) {
        assert_int_equal(counts.refused, 0);
        memset(told, true, sizeof *told);
    }
    store_close(store);
    return result;
}

static void count_closed(void *context, const struct store_note *note)
{
    *(size_t *)context += note->kind == STORE_NOTE_CLOSED;
}

/* Loads what declaring left, looks at it, writes it out again and reads a file of it.  What may not
 * be read is passed over, and told: only then may something be missing. */
static enum store_result reading(const char *dir, struct acknowledged *told)
{
    memset(told, true, sizeof *told); /* it was made before the fault */
    struct store *store;
    struct store_set set = {0};
    enum store_result result = store_open(dir, false, leap_builtin(), &store, &error);
    if (result != STORE_OK) {
        return result;
    }
    size_t closed = 0;
    result = store_load(store, count_closed, &closed, &set, &error);
    if (closed > 0) {
        assert_true(result != STORE_OK || set.entry_count <= 2);
        store_set_free(&set);
        store_close(store);
        return result;
    }
    if (result == STORE_OK) {
        assert_int_equal(set.entry_count, 2);
        struct view_anchor anchor = {root};
        struct view *view;
        if (view_build(set.entry, set.entry_count, &anchor, 1,
                       forge_instant("2027-01-01T00:00:00Z"), &view)) {
            assert_int_equal(view->window[0].status, VIEW_CONFIRMED);
            view_free(view);
        } else {
            result = STORE_NO_MEMORY;
            snprintf(error.message, sizeof error.message, "no memory for the view");
        }
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (result == STORE_OK) {
        result = store_write_stream(store, set.entry, set.entry_count, &bytes, &size, &error);
    }
    if (result == STORE_OK) {
        assert_int_equal(size, bundle_size);
        assert_memory_equal(bytes, bundle, size);
        free(bytes);
        char path[800], digits[RECORD_ID_TEXT_SIZE];
        record_id_write(&root->id, digits);
        snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", dir, digits, digits);
        result = store_read_file(path, &bytes, &size, &error);
        if (result == STORE_OK) {
            assert_true(size > root->size + 2 * 200); /* both signatures */
            free(bytes);
        }
    }
    store_set_free(&set);
    store_close(store);
    return result;
}

/* Forgets the window; not told anything is lost until it says so. */
static enum store_result forgetting(const char *dir, struct acknowledged *told)
{
    told->root = told->signature[0][0] = told->signature[0][1] = true;
    struct store *store;
    enum store_result result = store_open(dir, false, leap_builtin(), &store, &error);
    if (result == STORE_OK) {
        result = store_remove(store, &window->id, &error);
        store_close(store);
    }
    return result;
}

static bool is_signed(const struct store_set *set, const struct record *record,
                      const struct record_public_key *by)
{
    for (size_t i = 0; i < set->entry_count; i++) {
        for (size_t k = 0; record_id_equal(&set->entry[i].record->id, &record->id) &&
                           k < set->entry[i].signer_count;
             k++) {
            if (trust_public_key_equal(&set->entry[i].signer[k], by)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_held(const struct store_set *set, const struct record *record)
{
    for (size_t i = 0; i < set->entry_count; i++) {
        if (record_id_equal(&set->entry[i].record->id, &record->id)) {
            return true;
        }
    }
    return false;
}

/* No fault now: everything acknowledged is there, everything there is sound. */
static void inspect(const char *dir, const struct acknowledged *told)
{
    struct store *store;
    struct store_set set;
    struct store_check_counts counts;
    assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
    assert_int_equal(store_check(store, NULL, NULL, &counts, &error), STORE_OK);
    assert_int_equal(counts.quarantined, 0);
    assert_int_equal(counts.arriving, 0);
    assert_false(folder_has(dir, "quarantine"));
    assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
    assert_true(is_held(&set, root) || !told->root);
    assert_true(is_held(&set, window) || !told->window);
    for (int k = 0; k < 2; k++) {
        assert_true(is_signed(&set, root, &key[k]) || !told->signature[0][k]);
        assert_true(is_signed(&set, window, &key[k]) || !told->signature[1][k]);
    }
    store_set_free(&set);
    store_close(store);
}

static long strike(scene play, bool is_prepared, long at, enum fault kind, int code, bool is_memory)
{
    const char *base = folder_new();
    char dir[500];
    snprintf(dir, sizeof dir, "%s/store", base);
    struct acknowledged told = {0}, before = {0};
    if (is_prepared) {
        assert_int_equal(declaring(dir, &before), STORE_OK);
    }
    error.message[0] = '\0';
    plan.kind = kind;
    plan.code = code;
    plan.is_memory = is_memory;
    plan.count = 0;
    plan.at = at;
    plan.hit = NULL;
    plan.is_counting = true;
    enum store_result result = play(dir, &told);
    plan.is_counting = false;
    if (result != STORE_OK) {
        if (error.message[0] == '\0' || (result != STORE_FAILED && result != STORE_NO_MEMORY)) {
            fail_msg("call %ld (%s): result %d, \"%s\"", at, plan.hit, result, error.message);
        }
    }
    if (plan.hit != NULL && (kind == SHORT || code == EINTR) &&
        (strcmp(plan.hit, "write") == 0 || strcmp(plan.hit, "read") == 0 ||
         strcmp(plan.hit, "fsync") == 0 || strcmp(plan.hit, "pread") == 0)) {
        assert_int_equal(result, STORE_OK); /* no reason to give up */
    }
    inspect(dir, &told);
    struct acknowledged again = {0};
    result = play(dir, &again); /* and again, undisturbed */
    assert_true(result == STORE_OK || (play == forgetting && result == STORE_REFUSED));
    inspect(dir, &again);
    folder_remove(base);
    return plan.hit != NULL ? 1 : 0;
}

static void sweep(scene play, bool is_prepared, const char *name)
{
    static const int codes[] = {ENOSPC, EIO, EINTR, EMFILE, EACCES};
    long struck = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        for (long at = 1; strike(play, is_prepared, at, FAIL, codes[i], false) == 1; at++) {
            struck++;
        }
    }
    for (long at = 1; strike(play, is_prepared, at, SHORT, 0, false) == 1; at++) {
        struck++;
    }
    long memory = 0;
    for (long at = 1; strike(play, is_prepared, at, FAIL, ENOMEM, true) == 1; at++) {
        memory++;
    }
    print_message("%s: %ld calls struck, %ld requests for memory refused\n", name, struck, memory);
    assert_true(struck > 50);
    assert_true(memory > 0);
}

static void declaring_survives_every_fault(void **state)
{
    (void)state;
    sweep(declaring, false, "declaring");
}

static void importing_survives_every_fault(void **state)
{
    (void)state;
    sweep(importing, false, "importing");
}

static void importing_many_survives_every_fault(void **state)
{
    (void)state;
    sweep(importing_many, false, "importing many");
}

static void reading_survives_every_fault(void **state)
{
    (void)state;
    sweep(reading, true, "reading");
}

/* What is there already is compared, synced and told as known. */
static void declaring_again_survives_every_fault(void **state)
{
    (void)state;
    sweep(declaring, true, "declaring again");
}

static void importing_onto_what_is_there_survives_every_fault(void **state)
{
    (void)state;
    sweep(importing_many, true, "importing many onto some");
}

static void forgetting_survives_every_fault(void **state)
{
    (void)state;
    sweep(forgetting, true, "forgetting");
}

static void older_file_systems_serve_too(void **state)
{
    (void)state;
    is_without_tmpfile = true;
    sweep(declaring, false, "declaring without O_TMPFILE");
    is_without_noreplace = true;
    sweep(importing, false, "importing without RENAME_NOREPLACE either");
    is_without_tmpfile = is_without_noreplace = false;
}

/* A file longer than one reading's worth: it is read whole, or there was no memory. */
static void a_long_file_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    const char *base = folder_new();
    char path[500];
    static uint8_t junk[100 * 1024];
    snprintf(path, sizeof path, "%s/junk", base);
    folder_put(path, junk, sizeof junk);
    plan.kind = FAIL;
    plan.is_memory = true;
    long at = 0;
    do {
        uint8_t *bytes;
        size_t size;
        plan.count = 0;
        plan.at = ++at;
        plan.hit = NULL;
        plan.is_counting = true;
        enum store_result result = store_read_file(path, &bytes, &size, &error);
        plan.is_counting = false;
        assert_int_equal(result, plan.hit != NULL ? STORE_NO_MEMORY : STORE_REFUSED);
    } while (plan.hit != NULL);
    assert_true(at > 1);
    folder_remove(base);
}

static int set_up(void **state)
{
    (void)state;
    root = forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}});
    window = forge_make_window(
        (struct forge_window){.root = root, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}});
    for (unsigned k = 0; k < 2; k++) {
        signature[0][k] = forge_sign(root, k + 1);
        signature[1][k] = forge_sign(window, k + 1);
        key[k] = forge_public(k + 1);
    }
    const char *base = folder_new();
    char dir[500];
    snprintf(dir, sizeof dir, "%s/store", base);
    struct store *store;
    struct store_set set;
    struct acknowledged told = {0};
    if (store_open(dir, true, leap_builtin(), &store, &error) != STORE_OK ||
        add_all(store, &told) != STORE_OK ||
        store_load(store, NULL, NULL, &set, &error) != STORE_OK ||
        store_write_stream(store, set.entry, set.entry_count, &bundle, &bundle_size, &error) !=
            STORE_OK) {
        return -1;
    }
    store_set_free(&set);
    store_close(store);
    folder_remove(base);
    memcpy(many, bundle, bundle_size);
    many_size = bundle_size;
    for (unsigned i = 0; i < 10; i++) {
        struct record *one = forge_make_window(
            (struct forge_window){.root = root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
        struct trust_signature by = forge_sign(one, 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t size = trust_signature_write(&by, text);
        many_size += stream_write_netstring(one->bytes, one->size, many + many_size);
        many_size += stream_write_netstring((const uint8_t *)"1", 1, many + many_size);
        many_size += stream_write_netstring((const uint8_t *)text, size, many + many_size);
        record_free(one);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    record_free(root);
    record_free(window);
    free(bundle);
    return 0;
}

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) {
        setenv("TMPDIR", "/dev/shm", 1); /* nothing here waits for a disk */
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declaring_survives_every_fault),
        cmocka_unit_test(importing_survives_every_fault),
        cmocka_unit_test(importing_many_survives_every_fault),
        cmocka_unit_test(declaring_again_survives_every_fault),
        cmocka_unit_test(importing_onto_what_is_there_survives_every_fault),
        cmocka_unit_test(reading_survives_every_fault),
        cmocka_unit_test(forgetting_survives_every_fault),
        cmocka_unit_test(a_long_file_is_read_whole_or_not_at_all),
        cmocka_unit_test(older_file_systems_serve_too),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
