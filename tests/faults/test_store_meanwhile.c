/* links: ledger records trust view stream */
/* wraps: openat __openat_2 linkat mkdirat renameat2 unlinkat fsync syncfs fstatfs */
/* wraps: getrandom fdopendir */
/* wraps: pthread_create malloc calloc reallocarray */
/* What happens to a store while it is at work, and what its file system lacks: files that go away,
 * someone who puts others in their place, no room for anything any more.  test_store_errors.c
 * strikes single calls. */
#include "conditions.h"

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
        struct ledger_counts counts;
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
        assert_int_equal(add_stream(store, bytes, size, &scene->anybody, &counts, &scene->error),
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
        assert_int_equal(scene->last.kind, STORE_NOTE_STUCK);
        assert_int_equal(scene->last.code, EACCES);
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

/* Somebody put records there by another name (sudo tocsin sync): what this user may read counts,
 * the rest is told, once, and comes back when it may be read. */
static void what_may_not_be_read_is_passed_over_and_told_once(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    size_t passed_over = 0;
    bool has_struck = true;
    for (long at = 1; has_struck; at++) {
        struct store_set set;
        reopen(scene);
        /* from now on its own folders are open, and the nth call is the same each time */
        assert_int_equal(store_load(scene->store, note, scene, &set, &scene->error), STORE_OK);
        store_set_free(&set);
        for (int again = 0; again < 2; again++) {
            memset(&plan, 0, sizeof plan);
            plan.call = "openat";
            plan.code = EACCES;
            plan.at = at;
            scene->notes = 0;
            enum store_result result = store_load(scene->store, note, scene, &set, &scene->error);
            has_struck = plan.has_struck;
            plan.call = NULL;
            if (result != STORE_OK) { /* the whole store */
                assert_non_null(strstr(scene->error.message, "cannot list"));
                break;
            }
            store_set_free(&set);
            /* what was put aside is not the store */
            bool is_missed = has_struck && strcmp(struck_path, "quarantine") != 0;
            assert_int_equal(scene->notes, is_missed && !again ? 1 : 0);
            if (is_missed && !again) {
                assert_int_equal(scene->last.kind, STORE_NOTE_CLOSED);
                assert_int_equal(scene->last.code, EACCES);
                passed_over++;
            }
        }
    }
    assert_true(passed_over >= 4); /* a folder and a file of both kinds */
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
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
        TEST(what_cannot_be_moved_stays_and_is_told),
        TEST(the_folder_of_an_unsound_signature_is_gone_or_closed),
        TEST(what_may_not_be_read_is_passed_over_and_told_once),
        TEST(who_is_outrun_three_times_gives_up),
        TEST(a_store_that_cannot_be_made_is_named),
        TEST(a_listing_without_memory_is_said_to_be_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
