/* links: ledger records trust view stream */
/* wraps: openat linkat mkdir mkdirat renameat2 unlinkat fsync syncfs fstatfs getrandom fdopendir */
/* wraps: pthread_create malloc calloc reallocarray */
/* What happens to a store while it is at work, and what its file system lacks: files that go away,
 * someone who puts others in their place, no room for anything any more.  One condition at a time,
 * for as long as it is meant to last; tests/faults/test_store_errors.c strikes single calls. */
#include "store_scene.h"

#include <dirent.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sys/random.h>
#include <sys/vfs.h>

/* One call and what becomes of it. */
static struct {
    const char *call; /* NULL: nothing is wrong */
    int code;
    long at;      /* the first of these calls that is struck, from 1 */
    bool goes_on; /* and all after it */
    bool is_gone; /* unlinkat: done by someone else a moment before */
    long count;   /* calls of this name so far */
    int other;    /* fsync and syncfs fail too, with this code, once it has struck */
    bool has_struck;
} plan;

/* File systems that lack things. */
static int tmpfile_code;     /* why there is no O_TMPFILE; 0: there is */
static long file_system;     /* what fstatfs says; 0: the truth */
static long syncs, syncs_fs; /* how many were made */

static bool strikes(const char *call)
{
    if (plan.call == NULL || strcmp(plan.call, call) != 0) {
        return false;
    }
    plan.count++;
    if (plan.count != plan.at && !(plan.goes_on && plan.count > plan.at)) {
        return false;
    }
    plan.has_struck = true;
    errno = plan.code;
    return true;
}

static bool fails_to_sync(const char *call)
{
    if (plan.has_struck && plan.other != 0) {
        errno = plan.other;
        return true;
    }
    return strikes(call);
}

int __real_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode)
{
    if ((flags & O_TMPFILE) == O_TMPFILE && tmpfile_code != 0) {
        errno = tmpfile_code;
        return -1;
    }
    if (((flags & O_TMPFILE) == O_TMPFILE && strikes("O_TMPFILE")) || strikes("openat")) {
        return -1;
    }
    return __real_openat(at, path, flags, mode);
}

/* Someone else is quicker each time, and what he puts there is damaged. */
static bool is_outrun;

int __real_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e)
{
    if (is_outrun) {
        int fd = __real_openat(c, d, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (fd >= 0) {
            assert_int_equal(write(fd, "x", 1), 1);
            close(fd);
        }
    }
    return strikes("linkat") ? -1 : __real_linkat(a, b, c, d, e);
}

int __real_unlinkat(int a, const char *b, int c);
int __wrap_unlinkat(int a, const char *b, int c);
int __wrap_unlinkat(int a, const char *b, int c)
{
    if (strikes("unlinkat")) {
        int code = errno;
        if (plan.is_gone) {
            assert_int_equal(__real_unlinkat(a, b, c), 0);
        }
        errno = code;
        return -1;
    }
    return __real_unlinkat(a, b, c);
}

int __real_fsync(int a);
int __wrap_fsync(int a);
int __wrap_fsync(int a)
{
    syncs++;
    return fails_to_sync("fsync") ? -1 : __real_fsync(a);
}

int __real_syncfs(int a);
int __wrap_syncfs(int a);
int __wrap_syncfs(int a)
{
    syncs_fs++;
    return fails_to_sync("syncfs") ? -1 : __real_syncfs(a);
}

int __real_fstatfs(int a, struct statfs *b);
int __wrap_fstatfs(int a, struct statfs *b);
int __wrap_fstatfs(int a, struct statfs *b)
{
    int result = strikes("fstatfs") ? -1 : __real_fstatfs(a, b);
    if (file_system != 0) {
        b->f_type = file_system;
    }
    return result;
}

#define WRAP(type, name, parameters, arguments, failure)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return strikes(#name) ? (failure) : __real_##name arguments;                               \
    }

WRAP(int, mkdir, (const char *a, mode_t b), (a, b), -1)
WRAP(int, mkdirat, (int a, const char *b, mode_t c), (a, b, c), -1)
WRAP(int, renameat2, (int a, const char *b, int c, const char *d, unsigned e), (a, b, c, d, e), -1)
WRAP(ssize_t, getrandom, (void *a, size_t b, unsigned c), (a, b, c), -1)
WRAP(DIR *, fdopendir, (int a), (a), NULL)
WRAP(int, pthread_create, (pthread_t * a, const pthread_attr_t *b, void *(*c)(void *), void *d),
     (a, b, c, d), EAGAIN)

#define WRAP_MEMORY(name, parameters, arguments)                                                   \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters;                                                                \
    void *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return strikes("memory") ? NULL : __real_##name arguments;                                 \
    }

WRAP_MEMORY(malloc, (size_t a), (a))
WRAP_MEMORY(calloc, (size_t a, size_t b), (a, b))
WRAP_MEMORY(reallocarray, (void *a, size_t b, size_t c), (a, b, c))

static void nothing_is_wrong(void)
{
    memset(&plan, 0, sizeof plan);
    tmpfile_code = 0;
    file_system = 0;
    is_outrun = false;
}

static int begin(void **state)
{
    nothing_is_wrong();
    return set_up(state);
}

static int end(void **state)
{
    nothing_is_wrong();
    return tear_down(state);
}

/* The scene's store opened afresh: nothing is known of what is durable in it. */
static struct store *reopen(struct scene *scene)
{
    store_close(scene->store);
    assert_int_equal(store_open(scene->dir, true, leap_builtin(), &scene->store, &scene->error),
                     STORE_OK);
    return scene->store;
}

/* A bundle of the root and of so many windows, each signed by one. */
static uint8_t *bundle_of(const struct scene *scene, unsigned windows, size_t *size)
{
    uint8_t *bytes = test_malloc((windows + 1) * 2000);
    *size = 0;
    for (unsigned i = 0; i <= windows; i++) {
        struct record *window = forge_make_window((struct forge_window){
            .root = scene->root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
        const struct record *one = i == 0 ? scene->root : window;
        struct trust_signature signature = forge_sign(one, 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t length = trust_signature_write(&signature, text);
        *size += stream_write_netstring(one->bytes, one->size, bytes + *size);
        *size += stream_write_netstring((const uint8_t *)"1", 1, bytes + *size);
        *size += stream_write_netstring((const uint8_t *)text, length, bytes + *size);
        record_free(window);
    }
    return bytes;
}

static enum store_result import(struct scene *scene, const uint8_t *bytes, size_t size,
                                struct store_sync_counts *counts)
{
    return store_add_stream(scene->store, bytes, size, NULL, 0, note, scene, counts, &scene->error);
}

/* Each file and folder in turn is no longer there when it is opened: it is passed over, and nothing
 * that is sound is put aside for it. */
static void what_goes_away_while_the_store_is_read_is_passed_over(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    size_t fewer = 0;
    bool was_struck = true;
    for (long at = 1; was_struck; at++) {
        struct store_set set;
        reopen(scene);
        plan.call = "openat";
        plan.code = ENOENT;
        plan.at = at;
        plan.count = 0;
        plan.has_struck = false;
        enum store_result result = store_load(scene->store, note, scene, &set, &scene->error);
        was_struck = plan.has_struck;
        plan.call = NULL;
        if (result == STORE_OK) {
            assert_true(set.entry_count <= 2);
            fewer += set.entry_count < 2 || set.entry[0].signer_count < 2 ||
                     set.entry[1].signer_count < 2;
            store_set_free(&set);
        } else { /* its own two folders: they were opened before */
            assert_int_equal(result, STORE_FAILED);
            assert_non_null(strstr(scene->error.message, "cannot list"));
        }
        assert_int_equal(scene->notes, 0);
        assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    }
    assert_true(fewer >= 6); /* two records, four signatures */
    assert_false(folder_has(scene->dir, "quarantine"));
}

static void what_goes_away_while_it_is_forgotten_is_forgotten(void **state)
{
    struct scene *scene = *state;
    for (long at = 1; at <= 3; at++) { /* two signatures, and then the record itself */
        fill(scene);
        plan.call = "unlinkat";
        plan.code = ENOENT;
        plan.is_gone = true;
        plan.at = at;
        plan.count = 0;
        assert_int_equal(store_remove(scene->store, &scene->window->id, &scene->error),
                         at < 3 ? STORE_OK : STORE_REFUSED);
        plan.call = NULL;
        assert_int_equal(entries_in(scene, scene->store), 1);
        assert_int_equal(store_remove(scene->store, &scene->root->id, &scene->error), STORE_OK);
    }
}

/* syncfs may do nothing and say that all is well where nobody has looked: each file is synced. */
static void an_unknown_file_system_gets_a_sync_for_each_file(void **state)
{
    enum { WINDOWS = 20 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    static const long systems[] = {FUSE_SUPER_MAGIC, NFS_SUPER_MAGIC, -1, EXT4_SUPER_MAGIC};
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        char dir[600];
        struct store_sync_counts counts;
        snprintf(dir, sizeof dir, "%s-%zu", scene->dir, i);
        if (systems[i] == -1) { /* it does not even say */
            plan.call = "fstatfs";
            plan.code = ENOSYS;
            plan.at = 1;
            plan.goes_on = true;
        } else {
            file_system = systems[i];
        }
        struct store *store;
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &scene->error), STORE_OK);
        syncs = syncs_fs = 0;
        assert_int_equal(
            store_add_stream(store, bytes, size, NULL, 0, note, scene, &counts, &scene->error),
            STORE_OK);
        assert_int_equal(counts.records_new, WINDOWS + 1);
        if (systems[i] == EXT4_SUPER_MAGIC) {
            assert_true(syncs_fs > 0 && syncs < WINDOWS);
        } else {
            assert_int_equal(syncs_fs, 0);
            assert_true(syncs >= 2 * (WINDOWS + 1)); /* records and signatures, and their folders */
        }
        nothing_is_wrong();
        store_close(store);
    }
    test_free(bytes);
}

static void there_are_three_ways_to_have_no_nameless_files(void **state)
{
    struct scene *scene = *state;
    static const int codes[] = {EOPNOTSUPP, EISDIR, EINVAL};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        tmpfile_code = codes[i];
        fill(scene);
        tmpfile_code = 0;
        assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
        assert_int_equal(store_remove(scene->store, &scene->root->id, &scene->error), STORE_OK);
        assert_int_equal(store_remove(scene->store, &scene->window->id, &scene->error), STORE_OK);
    }
    tmpfile_code = EOPNOTSUPP; /* and then a name has to be found by chance */
    plan.call = "getrandom";
    plan.code = ENOSYS;
    plan.at = 1;
    assert_int_equal(add(scene, scene->root), STORE_FAILED);
    assert_non_null(strstr(scene->error.message, "cannot create"));
    assert_int_equal(add(scene, scene->root), STORE_OK);
}

static void every_reason_not_to_write_comes_with_its_remedy(void **state)
{
    struct scene *scene = *state;
    static const struct {
        int code;
        const char *remedy;
    } reasons[] = {
        {ENOSPC, "make room and try again"},   {EDQUOT, "make room and try again"},
        {EACCES, "let this user write there"}, {EPERM, "let this user write there"},
        {EROFS, "choose another --store"},     {EMFILE, "raise `ulimit -n`"},
        {ENFILE, "raise `ulimit -n`"},         {EIO, "Input/output error"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        plan.call = "O_TMPFILE";
        plan.code = reasons[i].code;
        plan.at = 1;
        plan.count = 0;
        assert_int_equal(add(scene, scene->root), STORE_FAILED);
        plan.call = NULL;
        assert_non_null(strstr(scene->error.message, reasons[i].remedy));
        assert_non_null(strstr(scene->error.message, strerror(reasons[i].code)));
        assert_non_null(strstr(scene->error.message, scene->dir));
    }
    assert_int_equal(entries_in(scene, scene->store), 0);
}

/* More than one batch: the first is committed because it is full, and that fails at every sync. */
static void a_full_batch_that_cannot_be_made_durable_is_an_error(void **state)
{
    enum { WINDOWS = 400 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    struct store_sync_counts counts;
    long at = 1;
    for (bool was_struck = true; was_struck; at++) {
        plan.call = "syncfs";
        plan.code = EIO;
        plan.at = at;
        plan.count = 0;
        plan.has_struck = false;
        enum store_result result = import(scene, bytes, size, &counts);
        was_struck = plan.has_struck;
        plan.call = NULL;
        assert_int_equal(result, was_struck ? STORE_FAILED : STORE_OK);
        if (was_struck) {
            assert_non_null(strstr(scene->error.message, "cannot make durable"));
            assert_int_equal(counts.records_new + counts.records_known, 0);
        }
        /* a store that reported nothing; it is opened again, as after a crash */
        reopen(scene);
    }
    assert_true(at > 4);
    assert_int_equal(entries_in(scene, scene->store), WINDOWS + 1);
    assert_int_equal(scene->notes, 0);
    test_free(bytes);
}

/* What a failed stream left in memory is not believed: the next one reads the folder again. */
static void after_a_failure_the_same_intake_goes_on_from_the_disk(void **state)
{
    enum { WINDOWS = 20 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    struct store_sync_counts counts;
    struct store_intake *intake;
    assert_int_equal(store_intake_new(scene->store, NULL, 0, note, scene, &intake, &scene->error),
                     STORE_OK);
    static const char *const calls[] = {"O_TMPFILE", "linkat"};
    for (size_t i = 0; i < 2; i++) {
        plan.call = calls[i];
        plan.code = ENOSPC;
        plan.at = 7;
        plan.count = 0;
        assert_int_equal(store_intake_add(intake, bytes, size, &counts, &scene->error),
                         STORE_FAILED);
        assert_int_equal(counts.records_new + counts.records_known, 0);
    }
    plan.call = NULL;
    assert_int_equal(store_intake_add(intake, bytes, size, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.records_new + counts.records_known, WINDOWS + 1);
    assert_true(counts.records_new > 0);
    store_intake_free(intake);
    assert_int_equal(entries_in(scene, scene->store), WINDOWS + 1);
    assert_int_equal(scene->notes, 0);
    test_free(bytes);
}

/* What is heard again and again is synced once: a daemon's loop does not wait for the disk. */
static void a_stream_heard_every_minute_is_synced_once(void **state)
{
    enum { STREAMS = 20 };
    struct scene *scene = *state;
    struct store_sync_counts counts;
    size_t size[STREAMS];
    uint8_t *bytes[STREAMS];
    for (unsigned i = 0; i < STREAMS; i++) {
        bytes[i] = bundle_of(scene, i + 1, &size[i]);
    }
    assert_int_equal(import(scene, bytes[STREAMS - 1], size[STREAMS - 1], &counts), STORE_OK);
    for (unsigned i = 0; i < STREAMS; i++) {
        for (int again = 0; again < 3; again++) {
            syncs = syncs_fs = 0;
            assert_int_equal(import(scene, bytes[i], size[i], &counts), STORE_OK);
            assert_int_equal(counts.records_known, i + 2);
            assert_int_equal(syncs + syncs_fs > 0, again == 0);
        }
    }
    syncs = syncs_fs = 0; /* the first is forgotten over so many others: it is synced again */
    assert_int_equal(import(scene, bytes[0], size[0], &counts), STORE_OK);
    assert_true(syncs + syncs_fs > 0);
    for (unsigned i = 0; i < STREAMS; i++) {
        test_free(bytes[i]);
    }
}

/* Something new comes with something known: the folders of what is known are opened and synced too,
 * or nothing is promised. */
static void what_is_known_is_made_durable_or_it_is_said(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct record *fresh = forge_make_window(
        (struct forge_window){.root = scene->root, .uid = 77, .at = {"a 2027-08-02T08:25:00Z"}});
    const struct record *record[] = {fresh, scene->window};
    static uint8_t bytes[8000];
    size_t size = 0, unopened = 0;
    for (int i = 0; i < 2; i++) {
        struct trust_signature signature = forge_sign(record[i], 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t length = trust_signature_write(&signature, text);
        size += stream_write_netstring(record[i]->bytes, record[i]->size, bytes + size);
        size += stream_write_netstring((const uint8_t *)"1", 1, bytes + size);
        size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
    }
    struct store_sync_counts counts;
    bool was_struck = true;
    for (long at = 1; was_struck; at++) {
        plan.call = "openat";
        plan.code = EMFILE;
        plan.at = at;
        plan.count = 0;
        plan.has_struck = false;
        enum store_result result = import(scene, bytes, size, &counts);
        was_struck = plan.has_struck;
        plan.call = NULL;
        assert_true(result == STORE_OK || result == STORE_FAILED);
        assert_int_equal(counts.records_known, result == STORE_OK ? 1 : 0);
        unopened += result == STORE_FAILED && strstr(scene->error.message, "cannot open") != NULL;
        assert_int_equal(store_remove(scene->store, &fresh->id, &scene->error),
                         result == STORE_OK ? STORE_OK : STORE_REFUSED);
        assert_int_equal(entries_in(scene, scene->store), 2);
    }
    assert_true(unopened >= 2);
    record_free(fresh);
}

/* Without threads, or without the memory to look ahead, the merge does it all; without any memory
 * it says so. */
static void an_import_does_not_depend_on_threads(void **state)
{
    enum { WINDOWS = 80 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    struct store_sync_counts counts;
    char command[700];
    snprintf(command, sizeof command, "rm -rf %s/*", scene->dir);
    plan.call = "pthread_create";
    plan.at = 1;
    plan.goes_on = true;
    assert_int_equal(import(scene, bytes, size, &counts), STORE_OK);
    assert_int_equal(counts.records_new, WINDOWS + 1);
    assert_int_equal(counts.signatures_new, WINDOWS + 1);
    size_t whole = 0, failed = 0;
    bool was_struck = true;
    for (long at = 1; was_struck; at += at < 20 ? 1 : 7) {
        memset(&plan, 0, sizeof plan);
        assert_int_equal(system(command), 0);
        reopen(scene);
        plan.call = "memory";
        plan.at = at;
        enum store_result result = import(scene, bytes, size, &counts);
        was_struck = plan.has_struck;
        plan.call = NULL;
        whole += result == STORE_OK;
        failed += result == STORE_NO_MEMORY;
        assert_int_equal(counts.records_new, result == STORE_OK ? WINDOWS + 1 : 0);
        assert_int_equal(entries_in(scene, scene->store), result == STORE_OK ? WINDOWS + 1 : 0);
    }
    assert_true(whole > 3 && failed > 3);
    test_free(bytes);
}

/* No descriptor is to be had from some moment on: what is staged is committed to free some, and if
 * that does not help, or does not succeed, it is said. */
static void without_descriptors_what_is_staged_goes_first(void **state)
{
    enum { WINDOWS = 6 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    struct store_sync_counts counts;
    static const char *const calls[] = {"O_TMPFILE", "openat"};
    for (size_t call = 0; call < 2; call++) {
        for (int other = 0; other < 2; other++) {
            for (long at = 2; at < 2 * (WINDOWS + 1); at++) {
                plan.call = calls[call];
                plan.code = EMFILE;
                plan.at = at;
                plan.goes_on = true;
                plan.count = 0;
                plan.has_struck = false;
                plan.other = other == 1 ? EIO : 0;
                assert_int_equal(import(scene, bytes, size, &counts), STORE_FAILED);
                assert_true(plan.has_struck);
                memset(&plan, 0, sizeof plan);
                reopen(scene);
                assert_true(entries_in(scene, scene->store) <= WINDOWS + 1);
                assert_int_equal(scene->notes, 0);
                char command[700];
                snprintf(command, sizeof command, "rm -rf %s/*", scene->dir);
                assert_int_equal(system(command), 0);
                reopen(scene);
            }
        }
    }
    plan.call = "O_TMPFILE"; /* for a moment only */
    plan.code = EMFILE;
    plan.at = 5;
    assert_int_equal(import(scene, bytes, size, &counts), STORE_OK);
    assert_int_equal(counts.records_new, WINDOWS + 1);
    assert_int_equal(entries_in(scene, scene->store), WINDOWS + 1);
    test_free(bytes);
}

/* Quarantine cannot be made, or nothing can be moved there: what is unsound stays and is told. */
static void what_cannot_be_moved_stays_and_is_told(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    static const char *const calls[] = {"mkdirat", "renameat2"};
    char path[900];
    path_of(scene, "records", scene->window, ".rec", path);
    for (size_t i = 0; i < 2; i++) {
        folder_put(path, "x", 1);
        plan.call = calls[i];
        plan.code = EACCES;
        plan.at = 1;
        plan.count = 0;
        scene->notes = 0;
        assert_int_equal(entries_in(scene, scene->store), 1);
        assert_int_equal(scene->notes, 1);
        assert_non_null(strstr(scene->last, "unsound, and left"));
        assert_non_null(strstr(scene->last, strerror(EACCES)));
        plan.count = 0;
        plan.at = i == 0 ? 2 : 1; /* the record's own folder is looked at first */
        assert_int_equal(add(scene, scene->window), STORE_FAILED);
        assert_non_null(strstr(scene->error.message, "put aside the damaged"));
        plan.call = NULL;
        assert_int_equal(add(scene, scene->window), STORE_OK);
        assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    }
}

/* The folder of a signature that has to be put aside is opened last of all: gone, it is no matter;
 * not to be opened, it is said. */
static void the_folder_of_an_unsound_signature_is_gone_or_closed(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900];
    path_of(scene, "sigs", scene->window, ".c000000000000001.minisig", path);
    put_signature(scene->root, 1, path); /* over another record */
    struct store_set set;
    enum store_result result = STORE_OK;
    for (long at = 40; result == STORE_OK && at > 0; at--) { /* the last that matters */
        reopen(scene);
        put_signature(scene->root, 1, path);
        memset(&plan, 0, sizeof plan);
        plan.call = "openat";
        plan.code = EMFILE;
        plan.at = at;
        result = store_load(scene->store, note, scene, &set, &scene->error);
        plan.call = NULL;
        if (result == STORE_OK) {
            store_set_free(&set);
        }
    }
    assert_int_equal(result, STORE_FAILED);
    assert_non_null(strstr(scene->error.message, "cannot list sigs"));
    scene->notes = 0;
    reopen(scene);
    plan.call = "openat";
    plan.code = ENOENT;
    plan.count = 0;
    assert_int_equal(store_load(scene->store, note, scene, &set, &scene->error), STORE_OK);
    assert_true(plan.has_struck);
    assert_int_equal(scene->notes, 0);
    store_set_free(&set);
}

static void who_is_outrun_three_times_gives_up(void **state)
{
    struct scene *scene = *state;
    is_outrun = true;
    assert_int_equal(add(scene, scene->root), STORE_FAILED);
    assert_non_null(strstr(scene->error.message, "changed by someone else: try again"));
    is_outrun = false;
    assert_int_equal(add(scene, scene->root), STORE_OK);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 0);
    assert_true(folder_has(scene->dir, "quarantine")); /* nothing of his is lost either */
}

/* A folder that cannot be made is named; one that is there already need not be. */
static void a_store_that_cannot_be_made_is_named(void **state)
{
    struct scene *scene = *state;
    static const int codes[] = {EROFS, EACCES, EISDIR, ENOSPC};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char path[600];
        struct store *store;
        snprintf(path, sizeof path, "%s-new", scene->dir);
        plan.call = "mkdir";
        plan.code = codes[i];
        plan.at = 1;
        plan.goes_on = true;
        plan.count = 0;
        assert_int_equal(store_open(path, true, leap_builtin(), &store, &scene->error),
                         STORE_FAILED);
        assert_non_null(strstr(scene->error.message, path));
        if (codes[i] != ENOSPC) { /* above it nothing has to be made: perhaps nothing may */
            assert_int_equal(store_open(scene->dir, true, leap_builtin(), &store, &scene->error),
                             STORE_OK);
            store_close(store);
        }
    }
}

static void a_listing_without_memory_is_said_to_be_that(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_set set;
    plan.call = "fdopendir";
    plan.code = ENOMEM;
    plan.at = 2;
    assert_int_equal(store_load(scene->store, note, scene, &set, &scene->error), STORE_NO_MEMORY);
    plan.code = EMFILE;
    plan.count = 0;
    assert_int_equal(store_load(scene->store, note, scene, &set, &scene->error), STORE_FAILED);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) {
        setenv("TMPDIR", "/dev/shm", 1); /* nothing here waits for a disk */
    }
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_goes_away_while_the_store_is_read_is_passed_over),
        TEST(what_goes_away_while_it_is_forgotten_is_forgotten),
        TEST(an_unknown_file_system_gets_a_sync_for_each_file),
        TEST(there_are_three_ways_to_have_no_nameless_files),
        TEST(every_reason_not_to_write_comes_with_its_remedy),
        TEST(a_full_batch_that_cannot_be_made_durable_is_an_error),
        TEST(after_a_failure_the_same_intake_goes_on_from_the_disk),
        TEST(a_stream_heard_every_minute_is_synced_once),
        TEST(what_is_known_is_made_durable_or_it_is_said),
        TEST(an_import_does_not_depend_on_threads),
        TEST(without_descriptors_what_is_staged_goes_first),
        TEST(what_cannot_be_moved_stays_and_is_told),
        TEST(the_folder_of_an_unsound_signature_is_gone_or_closed),
        TEST(who_is_outrun_three_times_gives_up),
        TEST(a_store_that_cannot_be_made_is_named),
        TEST(a_listing_without_memory_is_said_to_be_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
