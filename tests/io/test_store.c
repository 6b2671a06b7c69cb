/* links: ledger records trust view stream */
#include "store_scene.h"

static void what_is_added_is_read_back_and_means_the_same(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    assert_int_equal(scene->notes, 0);
    assert_int_equal(add(scene, scene->window), STORE_ALREADY_THERE);
    assert_int_equal(add_signature(scene, scene->window, 2), STORE_ALREADY_THERE);
    char digits[RECORD_ID_TEXT_SIZE], name[200];
    record_id_write(&scene->window->id, digits);
    snprintf(name, sizeof name, "records/%.2s/%s.rec", digits, digits);
    assert_true(folder_has(scene->dir, name));
    snprintf(name, sizeof name, "sigs/%.2s/%s.c000000000000001.minisig", digits, digits);
    assert_true(folder_has(scene->dir, name));
}

static void a_signature_that_does_not_verify_is_refused(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(add(scene, scene->window), STORE_OK);
    struct trust_signature signature = forge_sign(scene->window, 1);
    struct forge_key one = forge_key(1), two = forge_key(2);
    signature.signature[3] ^= 1;
    assert_int_equal(store_add_signature(scene->store, &scene->window->id, &signature, &one.public,
                                         &scene->error),
                     STORE_REFUSED);
    signature.signature[3] ^= 1;
    assert_int_equal(store_add_signature(scene->store, &scene->window->id, &signature, &two.public,
                                         &scene->error),
                     STORE_REFUSED);
    assert_int_equal(
        store_add_signature(scene->store, &scene->root->id, &signature, &one.public, &scene->error),
        STORE_REFUSED); /* no such record here */
    trust_secret_free(one.secret);
    trust_secret_free(two.secret);
    assert_int_equal(store_add_record(scene->store, (const uint8_t *)"tocsin window 1\n", 16, NULL,
                                      &scene->error),
                     STORE_REFUSED);
}

static void a_stream_carries_everything_to_another_store(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_set set;
    assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
    uint8_t *bytes;
    size_t size;
    assert_int_equal(
        store_write_stream(scene->store, set.entry, set.entry_count, &bytes, &size, &scene->error),
        STORE_OK);
    store_set_free(&set);
    assert_true(stream_is_one(bytes, size));
    char other[600];
    snprintf(other, sizeof other, "%s-other", scene->dir);
    struct store *store;
    assert_int_equal(store_open(other, true, leap_builtin(), &store, &scene->error), STORE_OK);
    struct ledger_counts counts;
    assert_int_equal(add_stream(store, bytes, size, &scene->ours, &counts, &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_new, 2);
    assert_int_equal(counts.signatures_new, 4);
    assert_int_equal(counts.refused, 0);
    assert_int_equal(status_in(scene, store), VIEW_CONFIRMED);
    assert_int_equal(add_stream(store, bytes, size, &scene->ours, &counts, &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_new, 0);
    assert_int_equal(counts.records_known, 2);
    assert_int_equal(counts.signatures_known, 4);
    store_close(store);
    free(bytes);
}

static void two_keys_with_one_id_both_keep_their_signatures(void **state)
{
    struct scene *scene = *state;
    uint8_t seed[32] = {99}, id[8] = {1, 0, 0, 0, 0, 0, 0, 0xC0}; /* the id of key 1 */
    struct trust_secret *twin = trust_secret_new(seed, id);
    struct record_public_key public;
    struct trust_signature signature;
    trust_secret_public(twin, &public);
    assert_int_equal(add(scene, scene->window), STORE_OK);
    assert_int_equal(
        trust_sign(twin, scene->window->bytes, scene->window->size, "twin", &signature), TRUST_OK);
    assert_int_equal(
        store_add_signature(scene->store, &scene->window->id, &signature, &public, &scene->error),
        STORE_OK);
    assert_int_equal(add_signature(scene, scene->window, 1), STORE_OK); /* not shut out */
    assert_int_equal(add_signature(scene, scene->window, 1), STORE_ALREADY_THERE);
    assert_int_equal(add_signature(scene, scene->window, 2), STORE_OK);
    assert_int_equal(add(scene, scene->root), STORE_OK);
    assert_int_equal(add_signature(scene, scene->root, 1), STORE_OK);
    assert_int_equal(add_signature(scene, scene->root, 2), STORE_OK);
    /* the root names key 1 alone: the twin's does not verify under it, and once old is put aside */
    struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000001.minisig", scene->dir, digits,
             digits);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    assert_true(scene->notes <= 1); /* none, if key 1's own was met first and settled the id */
    struct store_set set;
    uint8_t *bytes;
    size_t size;
    assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
    assert_int_equal(
        store_write_stream(scene->store, set.entry, set.entry_count, &bytes, &size, &scene->error),
        STORE_OK);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        assert_int_equal(item.signature_count, 2);
    }
    free(bytes);
    store_set_free(&set);
    trust_secret_free(twin);
}

/* Two versions of a root name two keys of one id: both signatures are kept and sent, in the order
 * of the keys. */
static void keys_of_one_id_in_two_versions_both_count(void **state)
{
    struct scene *scene = *state;
    uint8_t seed[32] = {99}, id[8] = {1, 0, 0, 0, 0, 0, 0, 0xC0}; /* the id of key 1 */
    struct trust_secret *twin = trust_secret_new(seed, id);
    struct record_public_key public, first = forge_public(1);
    struct trust_signature signature;
    trust_secret_public(twin, &public);
    struct record_key organizer[] = {{.public = public, .name = {"twin", 4}},
                                     scene->root->is.root.organizer[1]};
    struct record *second = forge_second(scene, organizer);
    fill(scene);
    assert_int_equal(add(scene, second), STORE_OK);
    assert_int_equal(
        trust_sign(twin, scene->window->bytes, scene->window->size, "twin", &signature), TRUST_OK);
    assert_int_equal(
        store_add_signature(scene->store, &scene->window->id, &signature, &public, &scene->error),
        STORE_OK);
    struct store_set set;
    uint8_t *bytes;
    size_t size, met = 0;
    assert_int_equal(store_load(scene->store, note, scene, &set, &scene->error), STORE_OK);
    assert_int_equal(scene->notes, 0);
    assert_int_equal(
        store_write_stream(scene->store, set.entry, set.entry_count, &bytes, &size, &scene->error),
        STORE_OK);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        struct trust_signature one;
        if (item.signature_count == 3) { /* the window's: by the twins, and by 2 */
            const struct record_public_key *lower =
                memcmp(first.key, public.key, sizeof first.key) < 0 ? &first : &public;
            assert_int_equal(
                trust_signature_read(item.signature[0].bytes, item.signature[0].size, &one),
                TRUST_OK);
            assert_int_equal(trust_verify(&one, lower, scene->window->bytes, scene->window->size),
                             TRUST_OK);
            met++;
        }
    }
    assert_int_equal(met, 1);
    free(bytes);
    store_set_free(&set);
    record_free(second);
    trust_secret_free(twin);
}

static void fsck_counts_and_forget_forgets(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_check_counts counts;
    struct record *stray = forge_make_window(
        (struct forge_window){.root = scene->root, .uid = 6, .at = {"a 2027-08-02T08:25:00Z"}});
    assert_int_equal(add(scene, stray), STORE_OK);
    assert_int_equal(add_signature(scene, stray, 11), STORE_OK); /* a key that no root names */
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.records, 3);
    assert_int_equal(counts.signatures, 4);
    assert_int_equal(counts.unverified, 1);
    assert_int_equal(counts.quarantined, 0);
    assert_int_equal(store_remove(scene->store, &stray->id, &scene->error), STORE_OK);
    assert_int_equal(store_remove(scene->store, &stray->id, &scene->error), STORE_REFUSED);
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.records, 2);
    assert_int_equal(counts.unverified, 0);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->root->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/.tocsin-0123456789abcdef", scene->dir, digits);
    folder_put(path, "x", 1); /* two hours old: what a writer left that died */
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.swept, 1);
    record_free(stray);
}

static void a_store_that_is_not_there_is_named(void **state)
{
    struct scene *scene = *state;
    struct store *store;
    char path[800];
    snprintf(path, sizeof path, "%s-none", scene->dir);
    assert_int_equal(store_open(path, false, leap_builtin(), &store, &scene->error), STORE_FAILED);
    assert_non_null(strstr(scene->error.message, path));
    assert_int_equal(store_open("", true, leap_builtin(), &store, &scene->error), STORE_FAILED);
    snprintf(path, sizeof path, "%s-new/a/b", scene->dir);
    assert_int_equal(store_open(path, true, leap_builtin(), &store, &scene->error), STORE_OK);
    store_close(store);
    snprintf(path, sizeof path, "%s-file", scene->dir);
    folder_put(path, "x", 1);
    assert_int_equal(store_open(path, true, leap_builtin(), &store, &scene->error), STORE_FAILED);
    uint8_t *bytes;
    size_t size;
    assert_int_equal(store_read_file(scene->dir, &bytes, &size, &scene->error), STORE_REFUSED);
    folder_put(path, "", 0);
    assert_int_equal(store_read_file(path, &bytes, &size, &scene->error), STORE_REFUSED);
}

static void a_reader_that_came_before_the_first_writer_sees_it(void **state)
{
    struct scene *scene = *state;
    char path[800];
    struct store *reader, *writer;
    snprintf(path, sizeof path, "%s-late", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_open(path, false, leap_builtin(), &reader, &scene->error), STORE_OK);
    assert_int_equal(entries_in(scene, reader), 0);
    assert_int_equal(store_open(path, true, leap_builtin(), &writer, &scene->error), STORE_OK);
    assert_int_equal(
        store_add_record(writer, scene->root->bytes, scene->root->size, NULL, &scene->error),
        STORE_OK);
    assert_int_equal(entries_in(scene, reader), 1);
    store_close(reader);
    store_close(writer);
}

/* Opened to be read, before anyone wrote: nothing is there, which is no failure. */
static void an_empty_folder_is_a_store_without_anything(void **state)
{
    struct scene *scene = *state;
    char path[800];
    struct store *reader;
    snprintf(path, sizeof path, "%s-empty", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_open(path, false, leap_builtin(), &reader, &scene->error), STORE_OK);
    assert_int_equal(store_remove(reader, &scene->root->id, &scene->error), STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "is not in"));
    struct trust_signature signature = forge_sign(scene->root, 1);
    struct record_public_key key = forge_public(1);
    assert_int_equal(store_add_signature(reader, &scene->root->id, &signature, &key, &scene->error),
                     STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "is not in"));
    assert_int_equal(entries_in(scene, reader), 0);
    assert_int_equal(
        store_add_record(reader, scene->root->bytes, scene->root->size, NULL, &scene->error),
        STORE_OK); /* and the folders are made for it */
    assert_int_equal(entries_in(scene, reader), 1);
    store_close(reader);
}

/* Some known, some new: both are counted, and both are there. */
static void a_stream_may_bring_what_is_known_and_more(void **state)
{
    struct scene *scene = *state;
    static uint8_t bytes[8000];
    size_t size = 0;
    assert_int_equal(add(scene, scene->root), STORE_OK);
    assert_int_equal(add_signature(scene, scene->root, 1), STORE_OK);
    const struct record *record[] = {scene->root, scene->window};
    for (int i = 0; i < 2; i++) {
        size += stream_write_netstring(record[i]->bytes, record[i]->size, bytes + size);
        size += stream_write_netstring((const uint8_t *)"2", 1, bytes + size);
        for (unsigned by = 1; by <= 2; by++) {
            char text[TRUST_SIGNATURE_TEXT_MAX];
            struct trust_signature signature = forge_sign(record[i], by);
            size_t length = trust_signature_write(&signature, text);
            size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
        }
    }
    struct ledger_counts counts;
    assert_int_equal(add_stream(scene->store, bytes, size, &scene->ours, &counts, &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_known, 1);
    assert_int_equal(counts.records_new, 1);
    assert_int_equal(counts.signatures_known, 1);
    assert_int_equal(counts.signatures_new, 3);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

static void the_default_folder_follows_the_environment(void **state)
{
    (void)state;
    char path[100];
    setenv("HOME", "/home/ada", 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("TOCSIN_HOME");
    assert_true(store_default_dir(path, sizeof path));
    assert_string_equal(path, "/home/ada/.local/share/tocsin");
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_true(store_default_dir(path, sizeof path));
    assert_string_equal(path, "/home/ada/.local/share/tocsin");
    setenv("XDG_DATA_HOME", "/data", 1);
    assert_true(store_default_dir(path, sizeof path));
    assert_string_equal(path, "/data/tocsin");
    setenv("TOCSIN_HOME", "here", 1);
    assert_true(store_default_dir(path, sizeof path));
    assert_string_equal(path, "here");
    assert_false(store_default_dir(path, 4));
    setenv("TOCSIN_HOME", "", 1);
    assert_true(store_default_dir(path, sizeof path));
    assert_string_equal(path, "/data/tocsin");
    unsetenv("TOCSIN_HOME");
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", "", 1);
    assert_false(store_default_dir(path, sizeof path));
    unsetenv("HOME");
    assert_false(store_default_dir(path, sizeof path));
}

/* A later version of a root comes in alone only where it was given by hand. */
static void a_trusted_root_comes_in_at_any_version(void **state)
{
    struct scene *scene = *state;
    struct record *two = forge_make_root(
        (struct forge_root){.prev = scene->root, .threshold = 2, .organizer = {1, 2, 4}});
    struct trust_signature signature = forge_sign(two, 1);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t length = trust_signature_write(&signature, text);
    static uint8_t bytes[8000];
    size_t size = stream_write_netstring(two->bytes, two->size, bytes);
    size += stream_write_netstring((const uint8_t *)"1", 1, bytes + size);
    size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
    for (size_t trusted = 0; trusted < 2; trusted++) {
        struct store_intake *intake;
        struct ledger_counts counts;
        struct store_source source = scene->ours;
        source.anchor = &two->id;
        source.anchor_count = trusted;
        assert_int_equal(store_intake_new(scene->store, &source, &intake, &scene->error), STORE_OK);
        assert_int_equal(store_intake_add(intake, bytes, size, &counts, &scene->error), STORE_OK);
        assert_int_equal(counts.records_new, trusted);
        assert_int_equal(counts.refused, 1 - trusted);
        store_intake_free(intake);
    }
    record_free(two);
}

/* The first brings the root, each that follows a window; what came before is known to the next,
 * though the folder is read only once. */
static void a_series_of_streams_comes_in_like_one(void **state)
{
    struct scene *scene = *state;
    struct store_intake *intake;
    assert_int_equal(store_intake_new(scene->store, &scene->ours, &intake, &scene->error),
                     STORE_OK);
    static uint8_t bytes[8000];
    for (unsigned turn = 0; turn < 4; turn++) {
        struct record *window = forge_make_window((struct forge_window){
            .root = scene->root, .uid = 100 + turn / 2, .at = {"a 2027-08-02T08:25:00Z"}});
        const struct record *one = turn == 0 ? scene->root : window;
        struct trust_signature signature = forge_sign(one, 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t length = trust_signature_write(&signature, text);
        size_t size = stream_write_netstring(one->bytes, one->size, bytes);
        size += stream_write_netstring((const uint8_t *)"1", 1, bytes + size);
        size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
        struct ledger_counts counts;
        assert_int_equal(store_intake_add(intake, bytes, size, &counts, &scene->error), STORE_OK);
        assert_int_equal(counts.records_new, turn < 3 ? 1 : 0); /* the last is there already */
        assert_int_equal(counts.records_known, turn < 3 ? 0 : 1);
        assert_int_equal(entries_in(scene, scene->store), turn < 3 ? turn + 1 : 3);
        record_free(window);
    }
    struct ledger_counts counts;
    assert_int_equal(store_intake_add(intake, bytes, STREAM_SIZE_MAX + 1, &counts, &scene->error),
                     STORE_REFUSED);
    store_intake_free(intake);
    store_intake_free(NULL);
    assert_int_equal(scene->notes, 0);
}

/* Signatures come in one batch, longer than a batch is, onto records that are there already. */
static void more_than_one_batch_of_signatures_comes_in(void **state)
{
    enum { WINDOWS = 300 };
    struct scene *scene = *state;
    static uint8_t bytes[1 << 20];
    assert_int_equal(add(scene, scene->root), STORE_OK);
    assert_int_equal(add_signature(scene, scene->root, 1), STORE_OK);
    for (unsigned by = 1; by <= 2; by++) {
        size_t size = 0;
        for (unsigned i = 0; i < WINDOWS; i++) {
            struct record *one = forge_make_window((struct forge_window){
                .root = scene->root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
            struct trust_signature signature = forge_sign(one, by);
            char text[TRUST_SIGNATURE_TEXT_MAX];
            size_t length = trust_signature_write(&signature, text);
            size += stream_write_netstring(one->bytes, one->size, bytes + size);
            size += stream_write_netstring((const uint8_t *)"1", 1, bytes + size);
            size += stream_write_netstring((const uint8_t *)text, length, bytes + size);
            record_free(one);
        }
        struct ledger_counts counts;
        assert_int_equal(
            add_stream(scene->store, bytes, size, &scene->ours, &counts, &scene->error), STORE_OK);
        assert_int_equal(counts.signatures_new, WINDOWS);
        assert_int_equal(counts.records_new, by == 1 ? WINDOWS : 0);
    }
    assert_int_equal(entries_in(scene, scene->store), 1 + WINDOWS);
}

/* What is all there already is not verified again; but only what is whole counts as there. */
static void a_known_stream_is_known_only_when_it_is_whole(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_set set;
    struct ledger_counts counts;
    uint8_t *bytes, *more;
    size_t size;
    assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
    const struct view_entry twice[] = {set.entry[0], set.entry[1], set.entry[0]};
    assert_int_equal(store_write_stream(scene->store, twice, 3, &bytes, &size, &scene->error),
                     STORE_OK);
    store_set_free(&set);
    assert_int_equal(add_stream(scene->store, bytes, size, &scene->anybody, &counts, &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_known, 2); /* named twice, written once */
    assert_int_equal(counts.signatures_known, 4);
    assert_false(counts.is_cut_off);
    more = test_malloc(size + 100);
    memcpy(more, bytes, size);
    memcpy(more + size, "7:", 2); /* all known, and then it breaks off */
    assert_int_equal(
        add_stream(scene->store, more, size + 2, &scene->anybody, &counts, &scene->error),
        STORE_OK);
    assert_int_equal(counts.records_known, 2);
    assert_true(counts.is_cut_off);
    size_t bad = stream_write_netstring(scene->root->bytes, scene->root->size, more);
    bad += stream_write_netstring((const uint8_t *)"1", 1, more + bad);
    bad += stream_write_netstring((const uint8_t *)"nonsense", 8, more + bad);
    assert_int_equal(add_stream(scene->store, more, bad, &scene->anybody, &counts, &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_known, 1);
    assert_int_equal(counts.signatures_known, 0);
    assert_int_equal(counts.refused, 1);
    test_free(more);
    free(bytes);
}

/* A neighbour in the same folder ab/ stays when a record is forgotten. */
static void forgetting_one_leaves_its_neighbours(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900], digits[RECORD_ID_TEXT_SIZE];
    record_id_write(&scene->window->id, digits);
    memset(digits + 2, 'e', 62);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000001.minisig", scene->dir, digits,
             digits);
    put_signature(scene->window, 1, path);
    assert_int_equal(store_remove(scene->store, &scene->window->id, &scene->error), STORE_OK);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(entries_in(scene, scene->store), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_added_is_read_back_and_means_the_same),
        TEST(a_signature_that_does_not_verify_is_refused),
        TEST(a_stream_carries_everything_to_another_store),
        TEST(two_keys_with_one_id_both_keep_their_signatures),
        TEST(keys_of_one_id_in_two_versions_both_count),
        TEST(fsck_counts_and_forget_forgets),
        TEST(a_store_that_is_not_there_is_named),
        TEST(a_reader_that_came_before_the_first_writer_sees_it),
        TEST(an_empty_folder_is_a_store_without_anything),
        TEST(a_stream_may_bring_what_is_known_and_more),
        TEST(the_default_folder_follows_the_environment),
        TEST(a_trusted_root_comes_in_at_any_version),
        TEST(a_series_of_streams_comes_in_like_one),
        TEST(more_than_one_batch_of_signatures_comes_in),
        TEST(a_known_stream_is_known_only_when_it_is_whole),
        TEST(forgetting_one_leaves_its_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
