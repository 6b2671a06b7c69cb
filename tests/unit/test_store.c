/* links: ledger records trust view stream */
#include "folder.h"
#include "forge.h"

#include "store/store.h"
#include "stream/stream.h"

struct scene {
    char dir[500];
    struct store *store;
    struct store_error error;
    struct record *root, *window;
    size_t notes;
    char last[600];
};

static void note(void *context, const char *line)
{
    struct scene *scene = context;
    scene->notes++;
    snprintf(scene->last, sizeof scene->last, "%s", line);
}

static int set_up(void **state)
{
    struct scene *scene = test_calloc(1, sizeof *scene);
    snprintf(scene->dir, sizeof scene->dir, "%s/store", folder_new());
    if (store_open(scene->dir, true, leap_builtin(), &scene->store, &scene->error) != STORE_OK) {
        return -1;
    }
    scene->root =
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}});
    scene->window = forge_make_window(
        (struct forge_window){.root = scene->root, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}});
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    store_close(scene->store);
    record_free(scene->root);
    record_free(scene->window);
    *strrchr(scene->dir, '/') = '\0';
    folder_remove(scene->dir);
    test_free(scene);
    return 0;
}

static enum store_result add(struct scene *scene, const struct record *record)
{
    return store_add_record(scene->store, record->bytes, record->size, NULL, &scene->error);
}

static enum store_result add_signature(struct scene *scene, const struct record *record,
                                       unsigned by)
{
    struct trust_signature signature = forge_sign(record, by);
    struct forge_key key = forge_key(by);
    struct trust_public_key public = key.public;
    trust_secret_free(key.secret);
    return store_add_signature(scene->store, &record->id, &signature, &public, &scene->error);
}

/* Root and window with two signatures each. */
static void fill(struct scene *scene)
{
    const struct record *record[] = {scene->root, scene->window};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(add(scene, record[i]), STORE_OK);
        assert_int_equal(add_signature(scene, record[i], 1), STORE_OK);
        assert_int_equal(add_signature(scene, record[i], 2), STORE_OK);
    }
}

static enum view_status status_in(struct scene *scene, struct store *store)
{
    struct store_set set;
    assert_int_equal(store_load(store, note, scene, &set, &scene->error), STORE_OK);
    struct view_anchor anchor = {scene->root};
    struct view *view;
    assert_true(view_build(set.entry, set.entry_count, &anchor, 1,
                           forge_instant("2027-01-01T00:00:00Z"), &view));
    const struct view_window *window = view_find_window(view, &scene->window->is.window.uid);
    enum view_status status = window != NULL ? window->status : VIEW_EXPIRED;
    view_free(view);
    store_set_free(&set);
    return status;
}

static size_t entries_in(struct scene *scene, struct store *store)
{
    struct store_set set;
    assert_int_equal(store_load(store, note, scene, &set, &scene->error), STORE_OK);
    size_t count = set.entry_count;
    store_set_free(&set);
    return count;
}

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
    struct store_sync_counts counts;
    assert_int_equal(store_add_stream(store, bytes, size, &scene->root->id, 1, note, scene, &counts,
                                      &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_new, 2);
    assert_int_equal(counts.signatures_new, 4);
    assert_int_equal(counts.refused, 0);
    assert_int_equal(status_in(scene, store), VIEW_CONFIRMED);
    assert_int_equal(store_add_stream(store, bytes, size, &scene->root->id, 1, note, scene, &counts,
                                      &scene->error),
                     STORE_OK);
    assert_int_equal(counts.records_new, 0);
    assert_int_equal(counts.records_known, 2);
    assert_int_equal(counts.signatures_known, 4);
    store_close(store);
    free(bytes);
}

static void a_raw_record_is_read_with_the_signatures_beside_it(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->root->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    uint8_t *bytes;
    size_t size;
    assert_int_equal(store_read_file(path, &bytes, &size, &scene->error), STORE_OK);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.signature_count, 2);
    assert_int_equal(item.record_size, scene->root->size);
    assert_false(stream_next(&stream, &item, &malformed));
    assert_false(malformed);
    free(bytes);
    snprintf(path, sizeof path, "%s/loose", scene->dir);
    folder_put(path, scene->root->bytes, scene->root->size);
    struct trust_signature signature = forge_sign(scene->root, 3);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t length = trust_signature_write(&signature, text);
    snprintf(path, sizeof path, "%s/loose.minisig", scene->dir);
    folder_put(path, text, length);
    snprintf(path, sizeof path, "%s/loose", scene->dir);
    assert_int_equal(store_read_file(path, &bytes, &size, &scene->error), STORE_OK);
    stream_init(&stream, bytes, size);
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.signature_count, 1);
    free(bytes);
}

static void unsound_files_go_to_quarantine_and_the_rest_is_read(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000001.minisig", scene->dir, digits,
             digits);
    struct trust_signature signature = forge_sign(scene->root, 1); /* over other bytes */
    char text[TRUST_SIGNATURE_TEXT_MAX];
    folder_put(path, text, trust_signature_write(&signature, text));
    snprintf(path, sizeof path, "%s/records/%.2s/notes.txt", scene->dir, digits);
    folder_put(path, "x", 1);
    assert_int_equal(status_in(scene, scene->store), VIEW_TENTATIVE);
    assert_int_equal(scene->notes, 2);
    assert_true(folder_has(scene->dir, "quarantine/notes.txt"));
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    uint8_t changed[RECORD_SIZE_MAX];
    memcpy(changed, scene->window->bytes, scene->window->size);
    changed[scene->window->size - 3] ^= 1;
    folder_put(path, changed, scene->window->size);
    scene->notes = 0;
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 1);
    assert_non_null(strstr(scene->last, "its bytes have changed"));
    assert_int_equal(add(scene, scene->window), STORE_OK); /* and it can come back */
    assert_int_equal(entries_in(scene, scene->store), 2);
}

static void a_file_that_is_still_arriving_is_left_alone(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, scene->window->bytes, 40), 40);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 0);
    ssize_t rest = (ssize_t)scene->window->size - 40;
    assert_int_equal(write(fd, scene->window->bytes + 40, (size_t)rest), rest);
    close(fd);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_added_is_read_back_and_means_the_same),
        TEST(a_signature_that_does_not_verify_is_refused),
        TEST(a_stream_carries_everything_to_another_store),
        TEST(a_raw_record_is_read_with_the_signatures_beside_it),
        TEST(unsound_files_go_to_quarantine_and_the_rest_is_read),
        TEST(a_file_that_is_still_arriving_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
