/* links: ledger records trust view stream */
/* What lies in the folder and should not: judged, put aside, never followed or waited for. */
#include "store_scene.h"

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
    assert_int_equal(scene->last.why.fault, STORE_CHANGED);
    assert_int_equal(add(scene, scene->window), STORE_OK); /* and it can come back */
    assert_int_equal(entries_in(scene, scene->store), 2);
}

/* Nobody need have read the folder in between: what has the right name is not yet the right
 * file. */
static void a_rotten_file_is_no_reason_to_refuse_the_sound_one(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900];
    uint8_t changed[RECORD_SIZE_MAX];
    memcpy(changed, scene->window->bytes, scene->window->size);
    changed[scene->window->size - 3] ^= 1;
    path_of(scene, "records", scene->window, ".rec", path);
    folder_put(path, changed, scene->window->size);
    assert_int_equal(add(scene, scene->window), STORE_OK);
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
    struct store_check_counts counts; /* who checks is told */
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.arriving, 1);
    assert_int_equal(counts.quarantined, 0);
    assert_int_equal(scene->last.kind, STORE_NOTE_ARRIVING);
    assert_int_equal(scene->notes, 1);
    scene->notes = 0;
    /* a file system's clock may be a little ahead of ours */
    struct timespec ahead[2] = {{.tv_sec = time(NULL) + 2}, {.tv_sec = time(NULL) + 2}};
    assert_int_equal(futimens(fd, ahead), 0);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 0);
    ssize_t rest = (ssize_t)scene->window->size - 40;
    assert_int_equal(write(fd, scene->window->bytes + 40, (size_t)rest), rest);
    close(fd);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

/* A file from the future is not "still arriving". */
static void an_unsound_file_of_tomorrow_is_put_aside_today(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900];
    path_of(scene, "records", scene->window, ".rec", path);
    folder_put(path, "x", 1);
    struct timespec later[2] = {{.tv_sec = time(NULL) + 86400}, {.tv_sec = time(NULL) + 86400}};
    assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 1);
}

/* Names that begin with a dot are nobody's, unless an old writer left them. */
static void what_a_copying_program_is_at_is_left_alone(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[3][900], digits[RECORD_ID_TEXT_SIZE];
    record_id_write(&scene->window->id, digits);
    snprintf(path[0], sizeof path[0], "%s/records/%.2s/.tocsin-000000000000a000", scene->dir,
             digits);
    snprintf(path[1], sizeof path[1], "%s/records/%.2s/.%s.rec.Xq2Wz9", scene->dir, digits, digits);
    snprintf(path[2], sizeof path[2], "%s/records/%.2s/.tocsin-000000000000b000", scene->dir,
             digits);
    int fd = open(path[0], O_WRONLY | O_CREAT, 0600);
    close(fd);
    folder_put(path[1], "x", 1);
    assert_int_equal(mkdir(path[2], 0700), 0);
    struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    assert_int_equal(utimensat(AT_FDCWD, path[2], old, 0), 0);
    struct store_check_counts counts;
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.swept + counts.quarantined + scene->notes, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(access(path[i], F_OK), 0);
    }
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

/* Each of these names is nearly one of ours. */
static void names_that_are_nearly_right_are_put_aside(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    static const char *const records[] = {".txt", ".re", ".recc", ""};
    static const char *const sigs[] = {
        "-c000000000000001.minisig",          ".c000000000000001.Minisig",
        ".c000000000000001-0badcafe.minisig", ".c000000000000001.0badcafG.minisig",
        ".c000000000000001.0badcafe.minisiG", ".c000000000000001.0badcafe0.minisig"};
    char path[900];
    size_t put = 0;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++, put++) {
        path_of(scene, "records", scene->window, records[i], path);
        folder_put(path, scene->window->bytes, scene->window->size);
    }
    for (size_t i = 0; i < sizeof sigs / sizeof *sigs; i++, put++) {
        path_of(scene, "sigs", scene->window, sigs[i], path);
        put_signature(scene->window, 1, path);
    }
    static const char *const folders[] = {"abc", "AB", "a", "ax", "0x"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++, put++) {
        snprintf(path, sizeof path, "%s/records/%s", scene->dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    char digits[RECORD_ID_TEXT_SIZE]; /* an id that is none, and right names in a wrong folder */
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%.63sg.c000000000000001.minisig", scene->dir, digits,
             digits);
    put_signature(scene->window, 1, path);
    snprintf(path, sizeof path, "%s/records/%.2s/%.64s.rec", scene->dir, digits,
             "0000000000000000000000000000000000000000000000000000000000000000");
    folder_put(path, scene->window->bytes, scene->window->size);
    snprintf(path, sizeof path, "%s/sigs/%.2s/%.64s.c000000000000001.minisig", scene->dir, digits,
             "0000000000000000000000000000000000000000000000000000000000000000");
    put_signature(scene->window, 1, path);
    put += 3;
    struct store_check_counts counts;
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.quarantined, put);
    assert_int_equal(scene->notes, put);
    assert_int_equal(counts.records, 2);
    assert_int_equal(counts.signatures, 4);
    assert_int_equal(status_in(scene, scene->store), VIEW_CONFIRMED);
}

/* The same name may be put aside more than once; nobody has to listen. */
static void quarantine_keeps_everything_that_came(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900], aside[900], digits[RECORD_ID_TEXT_SIZE];
    record_id_write(&scene->window->id, digits);
    snprintf(path, sizeof path, "%s/records/%.2s/notes.txt", scene->dir, digits);
    for (int i = 0; i < 4; i++) {
        struct store_set set;
        folder_put(path, "x", 1);
        assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
        assert_int_equal(set.entry_count, 2);
        store_set_free(&set);
        snprintf(aside, sizeof aside, i == 0 ? "quarantine/notes.txt" : "quarantine/notes.txt.%d",
                 i);
        assert_true(folder_has(scene->dir, aside));
    }
}

/* Somebody else's store: everything is told, nothing is moved or swept. */
static void a_store_left_as_it_is_keeps_what_is_unsound(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char stray[900], debris[900];
    path_of(scene, "records", scene->window, "", stray);
    path_of(scene, "records", scene->window, "", debris);
    strcpy(strrchr(stray, '/'), "/notes.txt");
    snprintf(strrchr(debris, '/'), 100, "/.tocsin-%016d", 0);
    folder_put(stray, "x", 1);
    folder_put(debris, "x", 1);
    const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, debris, long_ago, 0), 0);
    store_leave_as_is(scene->store);
    struct store_check_counts counts;
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.quarantined, 1);
    assert_int_equal(counts.swept, 0);
    assert_non_null(strstr(scene->path, stray));
    assert_false(folder_has(scene->dir, "quarantine"));
    assert_int_equal(access(stray, F_OK), 0);
    assert_int_equal(access(debris, F_OK), 0);
}

/* Something that has the name of a record, or of a signature, and is none: the record comes in and
 * what was there is kept in quarantine. */
static void a_record_takes_its_place_from_whatever_has_it(void **state)
{
    enum { SAME_SIZE, TOO_LARGE, PIPE, SOCKET, KINDS };
    struct scene *scene = *state;
    static uint8_t large[RECORD_SIZE_MAX + 100];
    char path[900];
    path_of(scene, "records", scene->window, ".rec", path);
    for (int kind = 0; kind < KINDS; kind++) {
        assert_int_equal(add(scene, scene->window), STORE_OK);
        assert_int_equal(add(scene, scene->window), STORE_ALREADY_THERE);
        assert_int_equal(unlink(path), 0);
        if (kind == SAME_SIZE) {
            folder_put(path, large, scene->window->size);
        } else if (kind == TOO_LARGE) {
            folder_put(path, large, sizeof large);
        } else {
            assert_int_equal(mknod(path, (kind == PIPE ? S_IFIFO : S_IFSOCK) | 0600, 0), 0);
        }
        assert_int_equal(add(scene, scene->window), STORE_OK);
        assert_int_equal(entries_in(scene, scene->store), 1);
        assert_int_equal(scene->notes, 0);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(add(scene, scene->window), STORE_OK);
    static const char *const names[] = {".c000000000000001.minisig"};
    char second[64];
    struct record_public_key key = forge_public(1);
    snprintf(second, sizeof second, ".c000000000000001.%02x%02x%02x%02x.minisig", key.key[0],
             key.key[1], key.key[2], key.key[3]);
    path_of(scene, "sigs", scene->window, names[0], path);
    path[strlen(path) - strlen(names[0]) - 65] = '\0'; /* the folder */
    (void)mkdir(path, 0700);
    path_of(scene, "sigs", scene->window, names[0], path);
    folder_put(path, "x", 1);
    path_of(scene, "sigs", scene->window, second, path);
    folder_put(path, "y", 1); /* both names that it may have */
    assert_int_equal(add_signature(scene, scene->window, 1), STORE_OK);
    assert_int_equal(add_signature(scene, scene->window, 1), STORE_ALREADY_THERE);
    struct store_check_counts counts;
    assert_int_equal(store_check(scene->store, note, scene, &counts, &scene->error), STORE_OK);
    assert_int_equal(counts.unverified, 1);  /* the signature: no root is here */
    assert_int_equal(counts.quarantined, 1); /* what had its first name */
}

/* A socket among the records is put aside unopened. */
static void a_socket_is_no_record(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    char path[900];
    path_of(scene, "records", scene->window, ".rec", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0);
    assert_int_equal(entries_in(scene, scene->store), 1);
    assert_int_equal(scene->notes, 1);
    assert_int_equal(scene->last.why.fault, STORE_UNFIT);
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
        assert_int_equal(scene->last.why.fault == STORE_UNFIT && scene->last.why.code == EFBIG,
                         over == 1);
    }
    struct ledger_counts counts;
    static uint8_t digit = '0';
    assert_int_equal(
        add_stream(scene->store, &digit, STREAM_SIZE_MAX + 1, NULL, &counts, &scene->error),
        STORE_REFUSED);
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
    assert_int_equal(scene->last.kind, STORE_NOTE_STUCK);
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

/* A store that was opened before it had folders, and then got something else under their names. */
static void folders_that_are_none_are_an_error(void **state)
{
    struct scene *scene = *state;
    char path[900];
    struct store *store;
    struct store_set set;
    struct store_check_counts counts;
    snprintf(path, sizeof path, "%s-odd", scene->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_open(path, false, leap_builtin(), &store, &scene->error), STORE_OK);
    snprintf(path, sizeof path, "%s-odd/records", scene->dir);
    folder_put(path, "x", 1);
    assert_int_equal(store_load(store, NULL, NULL, &set, &scene->error), STORE_FAILED);
    assert_non_null(strstr(scene->error.message, "cannot list records"));
    assert_int_equal(store_check(store, NULL, NULL, &counts, &scene->error), STORE_FAILED);
    assert_int_equal(
        store_add_record(store, scene->root->bytes, scene->root->size, NULL, &scene->error),
        STORE_FAILED);
    store_close(store);
}

static void a_signature_damaged_meanwhile_is_not_sent(void **state)
{
    struct scene *scene = *state;
    fill(scene);
    struct store_set set;
    uint8_t *bytes;
    size_t size, count = 0;
    char path[900];
    assert_int_equal(store_load(scene->store, NULL, NULL, &set, &scene->error), STORE_OK);
    path_of(scene, "sigs", scene->window, ".c000000000000002.minisig", path);
    folder_put(path, "nonsense", 8);
    path_of(scene, "sigs", scene->root, ".c000000000000002.minisig", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
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
    assert_int_equal(count, 2);
    free(bytes);
    store_set_free(&set);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(unsound_files_go_to_quarantine_and_the_rest_is_read),
        TEST(a_rotten_file_is_no_reason_to_refuse_the_sound_one),
        TEST(a_file_that_is_still_arriving_is_left_alone),
        TEST(an_unsound_file_of_tomorrow_is_put_aside_today),
        TEST(what_a_copying_program_is_at_is_left_alone),
        TEST(unsound_signature_files_are_put_aside),
        TEST(nothing_is_signed_onto_a_damaged_record),
        TEST(links_pipes_and_strange_names_are_put_aside_unopened),
        TEST(no_text_but_an_id_becomes_a_path),
        TEST(names_that_are_nearly_right_are_put_aside),
        TEST(quarantine_keeps_everything_that_came),
        TEST(a_store_left_as_it_is_keeps_what_is_unsound),
        TEST(a_record_takes_its_place_from_whatever_has_it),
        TEST(a_socket_is_no_record),
        TEST(sizes_are_capped_at_the_byte),
        TEST(what_cannot_be_put_aside_is_said),
        TEST(folders_that_are_none_are_an_error),
        TEST(a_signature_damaged_meanwhile_is_not_sent),
        TEST(a_signature_that_went_away_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
