/* A ledger that follows a folder: what is new comes in, what is known is not read again, and what
 * is merged is in it whatever becomes of the disk. */
/* links: ledger records trust view stream */
#include "store_scene.h"

#include <sys/stat.h>

#define FAULT_FILES
#include "faults.h"

static size_t follow(struct scene *scene, struct ledger *ledger)
{
    size_t came;
    assert_int_equal(store_follow(scene->store, ledger, note, scene, &came, &scene->error),
                     STORE_OK);
    return came;
}

static size_t signers_of(const struct ledger *ledger, const struct record *record)
{
    const struct view_entry *entry = ledger_find(ledger, &record->id);
    return entry == NULL ? 0 : entry->signer_count;
}

static void what_is_new_in_the_folder_comes_in_once(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_new(leap_builtin());
    assert_int_equal(follow(scene, ledger), 0);
    fill(scene);
    assert_int_equal(follow(scene, ledger), 6);
    assert_int_equal(follow(scene, ledger), 0);
    assert_int_equal(add_signature(scene, scene->window, 3), STORE_OK);
    assert_int_equal(follow(scene, ledger), 1);
    assert_int_equal(signers_of(ledger, scene->window), 3);
    assert_int_equal(scene->notes, 0);
    ledger_free(ledger);
}

static void make_old(const char *path)
{
    struct timespec old[2] = {{.tv_sec = 1600000000}, {.tv_sec = 1600000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

/* Files that are known and were spoilt since: who reads them would put them aside. */
static void what_is_known_is_not_read_again(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_new(leap_builtin());
    char path[900], by[RECORD_KEY_ID_TEXT_SIZE], rest[40];
    struct record_public_key key = forge_public(1);
    record_key_id_write(&key.id, by);
    snprintf(rest, sizeof rest, ".%s.minisig", by);
    fill(scene);
    assert_int_equal(follow(scene, ledger), 6);
    path_of(scene, "sigs", scene->window, rest, path);
    folder_put(path, "spoilt", 6);
    make_old(path);
    path_of(scene, "records", scene->window, ".rec", path);
    folder_put(path, "spoilt", 6);
    make_old(path);
    assert_int_equal(follow(scene, ledger), 0);
    assert_int_equal(scene->notes, 0);
    assert_int_equal(signers_of(ledger, scene->window), 2);
    assert_int_equal(entries_in(scene, scene->store), 1); /* read afresh they are */
    assert_true(scene->notes > 0);
    ledger_free(ledger);
}

/* A stranger's key with an honest one's id, in a root that has no effect: the honest signature is
 * looked at again and again, and stays. */
static void an_honest_signature_stays_beside_a_key_of_the_same_id(void **state)
{
    struct scene *scene = *state;
    struct record_key organizer[2] = {scene->root->is.root.organizer[0],
                                      scene->root->is.root.organizer[1]};
    struct record_public_key stranger = forge_public(20);
    memcpy(organizer[0].public.key, stranger.key, sizeof stranger.key);
    struct record *second = forge_second(scene, organizer);
    struct ledger *ledger = ledger_new(leap_builtin());
    char path[900], by[RECORD_KEY_ID_TEXT_SIZE], rest[40];
    record_key_id_write(&organizer[0].public.id, by);
    snprintf(rest, sizeof rest, ".%s.minisig", by);
    fill(scene);
    assert_int_equal(add(scene, second), STORE_OK);
    path_of(scene, "sigs", scene->window, rest, path);
    make_old(path);
    assert_int_equal(follow(scene, ledger), 7);
    assert_int_equal(follow(scene, ledger), 0);
    assert_int_equal(scene->notes, 0);
    assert_int_equal(signers_of(ledger, scene->window), 2);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    ledger_free(ledger);
    record_free(second);
}

/* The scene's root and window, each with these signatures, as a stream. */
static size_t write_stream(struct scene *scene, const unsigned *by, uint8_t out[static 16384])
{
    const struct record *record[] = {scene->root, scene->window};
    size_t size = 0, count = 0;
    while (by[count] != 0) {
        count++;
    }
    for (int i = 0; i < 2; i++) {
        char digits[8];
        int length = snprintf(digits, sizeof digits, "%zu", count);
        size += stream_write_netstring(record[i]->bytes, record[i]->size, out + size);
        size += stream_write_netstring((const uint8_t *)digits, (size_t)length, out + size);
        for (size_t k = 0; k < count; k++) {
            char text[TRUST_SIGNATURE_TEXT_MAX];
            struct trust_signature signature = forge_sign(record[i], by[k]);
            size_t length_of = trust_signature_write(&signature, text);
            size += stream_write_netstring((const uint8_t *)text, length_of, out + size);
        }
    }
    return size;
}

#define BY(...) ((const unsigned[]){__VA_ARGS__, 0})

static enum store_result merge(struct scene *scene, struct ledger *ledger, const unsigned *by,
                               struct ledger_counts *counts)
{
    static uint8_t bytes[16384];
    size_t size = write_stream(scene, by, bytes);
    struct ledger_policy policy = {.root = &scene->root->id, .root_count = 1};
    return store_merge(scene->store, ledger, bytes, size, &policy, counts, &scene->error);
}

static void what_is_merged_is_in_the_ledger_and_on_the_disk(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_counts counts;
    assert_int_equal(merge(scene, ledger, BY(1), &counts), STORE_OK);
    assert_int_equal(counts.records_new, 2);
    assert_int_equal(counts.signatures_new, 2);
    assert_int_equal(merge(scene, ledger, BY(1, 2), &counts), STORE_OK);
    assert_int_equal(counts.records_known, 2);
    assert_int_equal(counts.signatures_new, 2);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    assert_int_equal(follow(scene, ledger), 0);
    assert_int_equal(scene->notes, 0);
    ledger_free(ledger);
}

/* A record that came otherwise, such as a root by hand, goes to the disk with its signature. */
static void no_signature_is_kept_without_its_record(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_counts counts;
    struct ledger_refusal why;
    assert_int_equal(ledger_put_record(ledger, scene->root->bytes, scene->root->size, NULL, &why),
                     LEDGER_NEW);
    assert_int_equal(merge(scene, ledger, BY(1, 2), &counts), STORE_OK);
    assert_int_equal(counts.records_new, 1);
    struct store_check_counts checked;
    assert_int_equal(store_check(scene->store, note, scene, &checked, &scene->error), STORE_OK);
    assert_int_equal(checked.records, 2);
    assert_int_equal(checked.signatures, 4);
    assert_int_equal(checked.unverified, 0);
    ledger_free(ledger);
}

static void a_disk_that_fails_takes_nothing_from_the_ledger(void **state)
{
    struct scene *scene = *state;
    int failed = 0;
    for (int at = 1;; at++) {
        struct ledger *ledger = ledger_new(leap_builtin());
        struct ledger_counts counts;
        fault_arm(at, true, ENOSPC);
        enum store_result result = merge(scene, ledger, BY(1, 2), &counts);
        bool struck = fault_disarm();
        assert_int_equal(counts.records_new, 2);
        assert_int_equal(counts.signatures_new, 4);
        assert_int_equal(signers_of(ledger, scene->window), 2);
        ledger_free(ledger);
        if (!struck) {
            assert_int_equal(result, STORE_OK);
            break;
        }
        if (result != STORE_OK) {
            assert_int_equal(result, STORE_FAILED);
            failed++;
        }
    }
    assert_true(failed > 5);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

/* As a copying program writes it: without waiting for the disk. */
static void put_file(const struct scene *scene, const struct record *record)
{
    char path[900];
    path_of(scene, "records", record, ".rec", path);
    char *name = strrchr(path, '/');
    *name = '\0';
    assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
    *name = '/';
    folder_put(path, record->bytes, record->size);
}

static const char *long_text(void)
{
    static char text[15000];
    return memset(text, 'x', sizeof text - 1);
}

static struct record *large_draft(const struct scene *scene, unsigned uid)
{
    return forge_make_window((struct forge_window){.root = scene->root,
                                                   .uid = uid,
                                                   .title = long_text(),
                                                   .at = {"2027 2027-08-02T08:25:00Z"}});
}

static void what_nobody_signed_stays_unread_where_a_store_is_crowded(void **state)
{
    struct scene *scene = *state;
    struct ledger *ledger = ledger_new(leap_builtin());
    enum { READ = (8 << 20) / 15400, MORE = 60 }; /* some 15 400 bytes each */
    fill(scene);
    for (unsigned uid = 100; uid < 100 + READ + MORE; uid++) {
        struct record *draft = large_draft(scene, uid);
        put_file(scene, draft);
        record_free(draft);
    }
    size_t came = follow(scene, ledger);
    assert_in_range(came, READ - MORE / 2, READ + MORE / 2);
    assert_int_equal(scene->notes, 1);
    assert_int_equal(scene->last.kind, STORE_NOTE_CROWDED);
    assert_int_equal(scene->last.code, READ + MORE + 6 - (int)came);
    assert_int_equal(signers_of(ledger, scene->root), 2);
    assert_int_equal(follow(scene, ledger), 0);
    assert_int_equal(scene->notes, 1); /* told once */
    struct record *draft = large_draft(scene, 98), *honest = large_draft(scene, 99);
    struct record *cancel = forge_make_cancel(honest, long_text());
    put_file(scene, draft);
    put_file(scene, cancel);
    assert_int_equal(add(scene, honest), STORE_OK);
    assert_int_equal(add_signature(scene, honest, 1), STORE_OK);
    assert_int_equal(add_signature(scene, honest, 2), STORE_OK);
    assert_int_equal(follow(scene, ledger), 3);
    assert_int_equal(signers_of(ledger, honest), 2);
    assert_null(ledger_find(ledger, &draft->id));
    assert_null(ledger_find(ledger, &cancel->id));
    assert_int_equal(scene->notes, 2);                                  /* two more are left */
    assert_int_equal(entries_in(scene, scene->store), READ + MORE + 5); /* read afresh, all */
    record_free(draft);
    record_free(cancel);
    record_free(honest);
    ledger_free(ledger);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_new_in_the_folder_comes_in_once),
        TEST(what_is_known_is_not_read_again),
        TEST(what_nobody_signed_stays_unread_where_a_store_is_crowded),
        TEST(an_honest_signature_stays_beside_a_key_of_the_same_id),
        TEST(what_is_merged_is_in_the_ledger_and_on_the_disk),
        TEST(no_signature_is_kept_without_its_record),
        TEST(a_disk_that_fails_takes_nothing_from_the_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
