/* links: ledger records trust view stream */
/* wraps: openat __openat_2 linkat mkdirat renameat2 unlinkat fsync syncfs fstatfs */
/* wraps: getrandom fdopendir */
/* wraps: pthread_create malloc calloc reallocarray */
/* Streams that come in while something is wanting: what is acknowledged is durable, and what failed
 * is said and can be done again. */
#include "conditions.h"

/* More than one batch: the first is committed because it is full, and that fails at every sync. */
static void a_full_batch_that_cannot_be_made_durable_is_an_error(void **state)
{
    enum { WINDOWS = 400 };
    struct scene *scene = *state;
    size_t size;
    uint8_t *bytes = bundle_of(scene, WINDOWS, &size);
    struct ledger_counts counts;
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
    struct ledger_counts counts;
    struct store_intake *intake;
    assert_int_equal(store_intake_new(scene->store, &scene->anybody, &intake, &scene->error),
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
    struct ledger_counts counts;
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
    struct ledger_counts counts;
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
    struct ledger_counts counts;
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
    struct ledger_counts counts;
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

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) {
        setenv("TMPDIR", "/dev/shm", 1); /* nothing here waits for a disk */
    }
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_full_batch_that_cannot_be_made_durable_is_an_error),
        TEST(after_a_failure_the_same_intake_goes_on_from_the_disk),
        TEST(a_stream_heard_every_minute_is_synced_once),
        TEST(what_is_known_is_made_durable_or_it_is_said),
        TEST(an_import_does_not_depend_on_threads),
        TEST(without_descriptors_what_is_staged_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
