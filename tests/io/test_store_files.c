/* links: ledger records trust view stream */
/* Files that a person names: raw records with their signatures, bundles. */
#include "store_scene.h"

#include "stream/armour.h"

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

/* What stands beside a raw record and what only looks so. */
static void only_a_record_s_own_signatures_are_read_with_it(void **state)
{
    struct scene *scene = *state;
    char dir[600], path[900];
    static const struct {
        const char *record;
        const char *beside[6];
        size_t own;
    } tables[] = {
        {"loose", {"loose.minisig", "loose.a.minisig", "loosely.minisig", "lo.minisig"}, 2},
        {"x.rec", {"x.rec.minisig", "x.k.minisig", "x-k.minisig", "y.k.minisig", "x.minisig"}, 3},
        {"word.txt", {"word.minisig", "word.k.minisig", "word.txt.minisig.bak", "minisig"}, 0},
        {".rec", {".k.minisig", ".rec.minisig"}, 1},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(dir, sizeof dir, "%s-beside-%zu", scene->dir, i);
        assert_int_equal(mkdir(dir, 0700), 0);
        for (size_t k = 0; k < 6 && tables[i].beside[k] != NULL; k++) {
            snprintf(path, sizeof path, "%s/%s", dir, tables[i].beside[k]);
            put_signature(scene->root, 1, path);
        }
        snprintf(path, sizeof path, "%s/%s.pipe.minisig", dir, tables[i].record);
        assert_int_equal(mkfifo(path, 0600), 0); /* never waited for */
        snprintf(path, sizeof path, "%s/%s", dir, tables[i].record);
        folder_put(path, scene->root->bytes, scene->root->size);
        uint8_t *bytes;
        size_t size;
        assert_int_equal(store_read_file(path, &bytes, &size, &scene->error), STORE_OK);
        struct stream stream;
        struct stream_item item;
        bool malformed;
        stream_init(&stream, bytes, size);
        assert_true(stream_next(&stream, &item, &malformed));
        assert_int_equal(item.signature_count, tables[i].own);
        free(bytes);
    }
}

/* From the folder where one stands, and with more signatures than a stream can carry. */
static void a_file_is_read_from_where_one_stands(void **state)
{
    struct scene *scene = *state;
    char path[900], *here = getcwd(NULL, 0);
    assert_non_null(here);
    snprintf(path, sizeof path, "%s-here", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chdir(path), 0);
    folder_put("loose", scene->root->bytes, scene->root->size);
    for (int i = 0; i < STREAM_SIGNATURES_MAX + 3; i++) {
        snprintf(path, sizeof path, "loose.%d.minisig", i);
        put_signature(scene->root, 1, path);
    }
    uint8_t *bytes;
    size_t size;
    enum store_result read = store_read_file("loose", &bytes, &size, &scene->error);
    struct store *store;
    enum store_result opened = store_open("store", true, leap_builtin(), &store, &scene->error);
    bool is_there = folder_has(".", "store/records");
    assert_int_equal(chdir(here), 0);
    free(here);
    assert_int_equal(read, STORE_OK);
    assert_int_equal(opened, STORE_OK);
    assert_true(is_there);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.signature_count, STREAM_SIGNATURES_MAX);
    free(bytes);
    store_close(store);
}

/* A record from something that looks like a store's folder, whose other half is no folder. */
static void a_record_whose_signatures_are_nowhere_is_read_alone(void **state)
{
    struct scene *scene = *state;
    char path[900];
    snprintf(path, sizeof path, "%s-half", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s-half/records", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s-half/records/ab", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s-half/sigs", scene->dir);
    folder_put(path, "x", 1);
    snprintf(path, sizeof path, "%s-half/records/ab/any.rec", scene->dir);
    folder_put(path, scene->root->bytes, scene->root->size);
    uint8_t *bytes;
    size_t size;
    assert_int_equal(store_read_file(path, &bytes, &size, &scene->error), STORE_OK);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    assert_true(stream_next(&stream, &item, &malformed));
    assert_int_equal(item.signature_count, 0);
    free(bytes);
}

/* A window of about 15 KiB: of these it takes few to fill a stream. */
static struct record *large_window(const struct scene *scene, unsigned uid)
{
    static char words[15001];
    memset(words, 'a', sizeof words - 1);
    struct record value = *scene->window;
    struct record_prose about = {.value = {words, sizeof words - 1}};
    value.is.window.uid = forge_uid(uid);
    value.is.window.about = &about;
    value.is.window.about_count = 1;
    return forge(&value);
}

static void a_bundle_is_read_from_a_file_up_to_its_limit(void **state)
{
    struct scene *scene = *state;
    char path[600];
    uint8_t *bytes, *again;
    size_t size, more;
    struct view_entry entry[4] = {{.record = scene->root}};
    for (unsigned i = 1; i < 4; i++) {
        entry[i].record = large_window(scene, i);
    }
    assert_int_equal(store_write_stream(scene->store, entry, 4, &bytes, &size, &scene->error),
                     STORE_OK);
    assert_true(size > 40000); /* more than one reading's worth */
    snprintf(path, sizeof path, "%s/bundle", scene->dir);
    folder_put(path, bytes, size);
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_OK);
    assert_int_equal(more, size);
    assert_memory_equal(again, bytes, size);
    free(again);
    free(bytes);
    for (unsigned i = 1; i < 4; i++) {
        record_free((struct record *)(uintptr_t)entry[i].record);
    }
    assert_int_equal(truncate(path, STREAM_SIZE_MAX + 1), 0);
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "is too large: at most"));
    snprintf(path, sizeof path, "%s/absent", scene->dir);
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_REFUSED);
    assert_int_equal(store_read_file(scene->dir, &again, &more, &scene->error), STORE_REFUSED);
}

static void a_bundle_as_text_is_read_or_refused_with_the_reason(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes, *again;
    size_t size, more;
    char path[520];
    fill(scene);
    struct view_entry entry = {.record = scene->root};
    assert_int_equal(store_write_stream(scene->store, &entry, 1, &bytes, &size, &scene->error),
                     STORE_OK);
    char *text = armour_write(bytes, size);
    assert_non_null(text);
    snprintf(path, sizeof path, "%s/pasted", scene->dir);
    folder_put(path, text, strlen(text));
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_OK);
    assert_int_equal(more, size);
    assert_memory_equal(again, bytes, size);
    free(again);
    folder_put(path, text, strlen(text) / 2);
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "pasted: the text of the bundle is cut short"));
    free(text);
    free(bytes);
}

static void what_does_not_fit_one_stream_is_refused(void **state)
{
    enum { WINDOWS = STREAM_SIZE_MAX / 15000 + 1 };
    struct scene *scene = *state;
    struct view_entry *entry = test_calloc(WINDOWS, sizeof *entry);
    uint8_t *bytes;
    size_t size;
    for (unsigned i = 0; i < WINDOWS; i++) {
        entry[i].record = large_window(scene, i);
    }
    assert_int_equal(store_write_stream(scene->store, entry, WINDOWS, &bytes, &size, &scene->error),
                     STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "choose fewer"));
    bytes = test_calloc(1, STREAM_SIZE_MAX + 1);
    struct ledger_counts counts;
    assert_int_equal(
        add_stream(scene->store, bytes, STREAM_SIZE_MAX + 1, NULL, &counts, &scene->error),
        STORE_REFUSED);
    test_free(bytes);
    for (unsigned i = 0; i < WINDOWS; i++) {
        record_free((struct record *)(uintptr_t)entry[i].record);
    }
    test_free(entry);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_raw_record_is_read_with_the_signatures_beside_it),
        TEST(only_a_record_s_own_signatures_are_read_with_it),
        TEST(a_file_is_read_from_where_one_stands),
        TEST(a_record_whose_signatures_are_nowhere_is_read_alone),
        TEST(a_bundle_is_read_from_a_file_up_to_its_limit),
        TEST(a_bundle_as_text_is_read_or_refused_with_the_reason),
        TEST(what_does_not_fit_one_stream_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
