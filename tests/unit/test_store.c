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

/* Row 17: nothing in the folder leads out of it, and nothing in it is waited for. */
static void links_pipes_and_strange_names_are_put_aside_unopened(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char outside[800], path[800], target[900], digits[RECORD_ID_TEXT_SIZE];
    struct record *other = forge_make_window(
        (struct forge_window){.root = scene->root, .uid = 6, .at = {"a 2027-08-02T08:25:00Z"}});
    record_id_write(&other->id, digits);
    snprintf(outside, sizeof outside, "%s-outside", scene->dir);
    assert_int_equal(mkdir(outside, 0700), 0);
    snprintf(target, sizeof target, "%s/%s.rec", outside, digits);
    folder_put(target, other->bytes, other->size); /* a sound record, but not in the store */
    snprintf(path, sizeof path, "%s/records/%.2s", scene->dir, digits);
    assert_int_equal(symlink(outside, path), 0); /* a whole folder by link */
    assert_int_equal(entries_in(scene, scene->store), 2);
    assert_int_equal(scene->notes, 1);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    assert_int_equal(symlink(target, path), 0); /* a record by link */
    snprintf(path, sizeof path, "%s/records/%.2s/%.63s0.rec", scene->dir, digits, digits);
    assert_int_equal(mkfifo(path, 0600), 0); /* a pipe with a record's name */
    snprintf(path, sizeof path, "%s/records/%.2s/%.63s1.rec", scene->dir, digits, digits);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/records/zz", scene->dir);
    folder_put(path, "x", 1);
    snprintf(path, sizeof path, "%s/records/%.2s/%.63sA.rec", scene->dir, digits, digits);
    folder_put(path, "x", 1); /* upper case */
    scene->notes = 0;
    assert_int_equal(entries_in(scene, scene->store), 2);
    assert_int_equal(scene->notes, 5);
    scene->notes = 0;
    assert_int_equal(entries_in(scene, scene->store), 2);
    assert_int_equal(scene->notes, 0); /* all of it is in quarantine now */
    struct stat status;
    assert_int_equal(lstat(target, &status), 0); /* untouched */
    record_free(other);
}

static void no_text_but_an_id_becomes_a_path(void **state)
{
    (void)state;
    static const char *const ways[] = {"..",   ".",        "/",     "//", "../", "..%2f", "\\..\\",
                                       "%00",  "\n",       "~",     "-",  "CON", "nul",   "*",
                                       "\xff", "\xc0\xae", "aa/..", " ",  "A"};
    size_t tried = 0;
    char text[80];
    struct record_id id;
    struct record_uid uid;
    struct record_key_id key;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        for (size_t at = 0; at < 64;
             at++) { /* hidden at every place of an id of the right length */
            size_t length = strlen(ways[i]);
            memset(text, 'a', sizeof text);
            memcpy(text + at, ways[i], length < 64 - at ? length : 64 - at);
            text[64] = '\0';
            if (strspn(text, "0123456789abcdef") == 64) {
                continue;
            }
            tried++;
            assert_false(record_id_read(text, 64, &id));
            assert_false(at < 30 && record_uid_read(text, 32, &uid));
            assert_false(at < 14 && record_key_id_read(text, 16, &key));
        }
    }
    assert_true(tried >= 500);
}

static void sizes_are_capped_at_the_byte(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    static uint8_t large[RECORD_SIZE_MAX + 1];
    memset(large, 'x', sizeof large);
    for (size_t over = 0; over < 2; over++) {
        struct record_id id;
        record_id_of(large, RECORD_SIZE_MAX + over, &id);
        record_id_write(&id, digits);
        snprintf(path, sizeof path, "%s/records/%.2s", scene->dir, digits);
        (void)mkdir(path, 0700);
        snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
        folder_put(path, large, RECORD_SIZE_MAX + over);
        scene->notes = 0;
        assert_int_equal(entries_in(scene, scene->store), 2);
        assert_int_equal(scene->notes, 1);
        assert_int_equal(strstr(scene->last, "too large") != NULL, over == 1);
    }
    struct store_sync_counts counts;
    static uint8_t digit = '0';
    assert_int_equal(store_add_stream(scene->store, &digit, STREAM_SIZE_MAX + 1, NULL, 0, NULL,
                                      NULL, &counts, &scene->error),
                     STORE_REFUSED);
}

static void two_keys_with_one_id_both_keep_their_signatures(void **state)
{
    struct scene *scene = *state;
    uint8_t seed[32] = {99}, id[8] = {1, 0, 0, 0, 0, 0, 0, 0xC0}; /* the id of key 1 */
    struct trust_secret *twin = trust_secret_new(seed, id);
    struct trust_public_key public;
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
    snprintf(path, sizeof path, "%s/records/%.2s/.%s.rec.0123456789abcdef", scene->dir, digits,
             digits);
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
    assert_int_equal(store_read_file(scene->dir, &bytes, &size, &scene->error), STORE_FAILED);
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
    unsetenv("TOCSIN_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_false(store_default_dir(path, sizeof path));
}

static void unsound_signature_files_are_put_aside(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800], text[TRUST_SIGNATURE_TEXT_MAX];
    record_id_write(&scene->window->id, digits);
    struct trust_signature signature = forge_sign(scene->window, 3);
    size_t size = trust_signature_write(&signature, text);
    static const char *const names[] = {
        "c000000000000002.0badcafe.minisig", /* 3's under 2's name */
        "c000000000000003.minisig.bak", "c00000000000000G.minisig"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/sigs/%.2s/%s.%s", scene->dir, digits, digits, names[i]);
        folder_put(path, text, size);
    }
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000003.minisig", scene->dir, digits,
             digits);
    folder_put(path, "nonsense", 8);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000004.minisig", scene->dir, digits,
             digits);
    assert_int_equal(mkfifo(path, 0600), 0);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000005.minisig", scene->dir, digits,
             digits);
    static char large[TRUST_SIGNATURE_TEXT_MAX + 1];
    folder_put(path, large, sizeof large);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    assert_int_equal(scene->notes, 6);
}

static void nothing_is_signed_onto_a_damaged_record(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    folder_put(path, "x", 1);
    assert_int_equal(add_signature(scene, scene->window, 3), STORE_REFUSED);
    assert_non_null(strstr(scene->error.message, "fsck"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_int_equal(add_signature(scene, scene->window, 3), STORE_REFUSED);
    struct record_id id;
    assert_int_equal(store_add_record(scene->store, scene->window->bytes, scene->window->size, &id,
                                      &scene->error),
                     STORE_OK); /* the link is put aside for it */
    assert_true(record_id_equal(&id, &scene->window->id));
    assert_int_equal(add_signature(scene, scene->window, 3), STORE_OK);
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
    assert_non_null(strstr(scene->error.message, "larger than a bundle can be"));
    snprintf(path, sizeof path, "%s/absent", scene->dir);
    assert_int_equal(store_read_file(path, &again, &more, &scene->error), STORE_FAILED);
    assert_int_equal(store_read_file(scene->dir, &again, &more, &scene->error), STORE_FAILED);
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
    struct store_sync_counts counts;
    assert_int_equal(store_add_stream(scene->store, bytes, STREAM_SIZE_MAX + 1, NULL, 0, NULL, NULL,
                                      &counts, &scene->error),
                     STORE_REFUSED);
    test_free(bytes);
    for (unsigned i = 0; i < WINDOWS; i++) {
        record_free((struct record *)(uintptr_t)entry[i].record);
    }
    test_free(entry);
}

static void a_signature_that_went_away_is_not_sent(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_set set;
    assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
    char digits[RECORD_ID_TEXT_SIZE], path[800];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%s.c000000000000002.minisig", scene->dir, digits,
             digits);
    assert_int_equal(unlink(path), 0);
    uint8_t *bytes;
    size_t size, count = 0;
    assert_int_equal(
        store_write_stream(scene->store, set.entry, set.entry_count, &bytes, &size, &scene->error),
        STORE_OK);
    struct stream stream;
    struct stream_item item;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        count += item.signature_count;
    }
    assert_int_equal(count, 3);
    free(bytes);
    store_set_free(&set);
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
        struct store_sync_counts counts;
        assert_int_equal(store_add_stream(scene->store, bytes, size, &scene->root->id, 1, note,
                                          scene, &counts, &scene->error),
                         STORE_OK);
        assert_int_equal(counts.signatures_new, WINDOWS);
        assert_int_equal(counts.records_new, by == 1 ? WINDOWS : 0);
    }
    assert_int_equal(entries_in(scene, scene->store), 1 + WINDOWS);
}

/* The name of a record is taken by something that cannot be put aside either. */
static void what_cannot_be_put_aside_is_said(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char digits[RECORD_ID_TEXT_SIZE], path[800], aside[600];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/%s.rec", scene->dir, digits, digits);
    snprintf(aside, sizeof aside, "%s/quarantine", scene->dir);
    folder_put(aside, "x", 1);
    folder_put(path, "x", 1);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_non_null(strstr(scene->last, "cannot move it"));
    assert_int_equal(add(scene, scene->window), STORE_FAILED);
    assert_non_null(strstr(scene->error.message, "put aside the damaged"));
    /* with room for it, a folder in the record's place goes there too */
    assert_int_equal(unlink(aside), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(add(scene, scene->window), STORE_OK);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
    store_close(NULL);
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
        TEST(unsound_signature_files_are_put_aside),
        TEST(nothing_is_signed_onto_a_damaged_record),
        TEST(links_pipes_and_strange_names_are_put_aside_unopened),
        TEST(no_text_but_an_id_becomes_a_path),
        TEST(sizes_are_capped_at_the_byte),
        TEST(a_bundle_is_read_from_a_file_up_to_its_limit),
        TEST(what_does_not_fit_one_stream_is_refused),
        TEST(a_signature_that_went_away_is_not_sent),
        TEST(more_than_one_batch_of_signatures_comes_in),
        TEST(what_cannot_be_put_aside_is_said),
        TEST(two_keys_with_one_id_both_keep_their_signatures),
        TEST(fsck_counts_and_forget_forgets),
        TEST(a_store_that_is_not_there_is_named),
        TEST(a_reader_that_came_before_the_first_writer_sees_it),
        TEST(the_default_folder_follows_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
