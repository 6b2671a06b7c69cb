/* The roots that a person trusts: files in the config folder, or those of --root. */
#include "tocsin/desk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tocsin/bundle.h"
#include "tocsin/incoming.h"
#include "tocsin/intake.h"
#include "tocsin/say.h"
#include "stream/stream.h"
#include "keys/vault.h"

/* Takes the record, whatever comes of it. */
static int add_anchor(struct desk *desk, struct record *record)
{
    for (size_t i = 0; i < desk->anchor_count; i++) {
        if (record_id_equal(&desk->anchor_record[i]->id, &record->id)) {
            record_free(record);
            return EXIT_DONE;
        }
    }
    size_t count = desk->anchor_count + 1;
    struct record **records = reallocarray(desk->anchor_record, count, sizeof *records);
    if (records != NULL) {
        desk->anchor_record = records;
    }
    struct view_anchor *anchors = reallocarray(desk->anchor, count, sizeof *anchors);
    if (anchors != NULL) {
        desk->anchor = anchors;
    }
    if (records == NULL || anchors == NULL) {
        record_free(record);
        return say_outside("out of memory");
    }
    records[count - 1] = record;
    anchors[count - 1].root = record;
    desk->anchor_count = count;
    return EXIT_DONE;
}

/* Reads one root record; *out NULL when it is a sound record of another type. */
static int read_root(const struct desk *desk, const char *path, const uint8_t *bytes, size_t size,
                     struct record **out)
{
    struct record_error error;
    struct record *record;
    *out = NULL;
    if (!record_read(bytes, size, &desk->leap, &record, &error)) {
        return say_usage("%s:%d:%d: %s", path, error.line, error.column, error.message);
    }
    if (record->type != RECORD_ROOT) {
        record_free(record);
        return EXIT_DONE;
    }
    char why[160];
    if (!trust_root_is_sound(&record->is.root, why)) {
        record_free(record);
        return say_usage("%s: this root is refused: %s", path, why);
    }
    *out = record;
    return EXIT_DONE;
}

int desk_read_roots(struct desk *desk, const char *path,
                    int (*take)(struct desk *, struct record *))
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    /* A bundle carries the chain of roots: the oldest is the anchor, the newer ones are accepted
     * through the chain. */
    struct record *oldest = NULL;
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed;
    while (code == EXIT_DONE && stream_next(&stream, &item, &malformed)) {
        struct record *record;
        code = read_root(desk, path, item.record, item.record_size, &record);
        if (record == NULL) {
            continue;
        }
        if (oldest == NULL || record->is.root.version < oldest->is.root.version) {
            record_free(oldest);
            oldest = record;
        } else {
            record_free(record);
        }
    }
    free(bytes);
    if (code != EXIT_DONE) {
        record_free(oldest);
        return code;
    }
    return oldest != NULL ? take(desk, oldest)
                          : say_usage("%s: there is no root in this file", path);
}

static int refuse_digits(const char *digits)
{
    size_t len = strlen(digits);
    if (len < 8 && strspn(digits, "0123456789abcdef") == len) {
        return say_usage("--root %s: no such file, and too short for an id: give at least 8 digits "
                         "of it; \"tocsin root list\" shows them",
                         digits);
    }
    return say_usage("--root %s: neither a file nor the beginning of a trusted root's id; \"tocsin "
                     "root list\" shows them",
                     digits);
}

static int load_folder(struct desk *desk, const char *digits)
{
    DIR *dir = opendir(desk->roots_dir);
    if (dir == NULL) {
        return errno == ENOENT ? EXIT_DONE
                               : say_outside("%s: %s", desk->roots_dir, strerror(errno));
    }
    int code = EXIT_DONE;
    struct dirent *file;
    while (code == EXIT_DONE && (file = readdir(dir)) != NULL) {
        size_t len = strlen(file->d_name);
        if (len != RECORD_ID_TEXT_SIZE - 1 + 4 || strcmp(file->d_name + len - 4, ".rec") != 0) {
            continue;
        }
        char path[PATH_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", desk->roots_dir, file->d_name) <
            sizeof path) {
            code = desk_read_roots(desk, path, add_anchor);
        }
    }
    closedir(dir);
    if (digits == NULL || code != EXIT_DONE) {
        return code;
    }
    size_t kept = 0;
    for (size_t i = 0; i < desk->anchor_count; i++) {
        struct record *record = desk->anchor_record[i];
        if (desk_id_matches(record_root_of(record), digits)) {
            desk->anchor_record[kept] = record;
            desk->anchor[kept++].root = record;
        } else {
            record_free(record);
        }
    }
    desk->anchor_count = kept;
    return kept > 0 ? EXIT_DONE : refuse_digits(digits);
}

bool desk_root_is_file(const struct desk *desk)
{
    return desk->options->root != NULL && access(desk->options->root, F_OK) == 0;
}

int desk_load_anchors(struct desk *desk)
{
    const char *root = desk->options->root;
    if (desk_root_is_file(desk)) {
        return desk_read_roots(desk, root, add_anchor);
    }
    return load_folder(desk, root);
}

int desk_trust_root(struct desk *desk, const struct record *root)
{
    int code = desk_make_dir(desk->roots_dir);
    if (code != EXIT_DONE) {
        return code;
    }
    char id[RECORD_ID_TEXT_SIZE], path[PATH_MAX];
    record_id_write(&root->id, id);
    if ((size_t)snprintf(path, sizeof path, "%s/%s.rec", desk->roots_dir, id) >= sizeof path) {
        return say_usage("%s: this path is too long", desk->roots_dir);
    }
    struct vault_error error;
    if (!vault_replace_file(path, root->bytes, root->size, &error)) {
        return say_outside("%s", error.message);
    }
    return EXIT_DONE;
}

/* A ledger_sink. */
static bool keep_signature(void *context, const struct record *record,
                           const struct trust_signature *signature,
                           const struct trust_public_key *key)
{
    const struct desk *desk = context;
    char id[RECORD_ID_TEXT_SIZE], by[RECORD_KEY_ID_TEXT_SIZE], path[PATH_MAX];
    char text[TRUST_SIGNATURE_TEXT_MAX];
    record_id_write(&record->id, id);
    if (signature == NULL || record->type != RECORD_ROOT ||
        (size_t)snprintf(path, sizeof path, "%s/%s.rec", desk->roots_dir, id) >= sizeof path ||
        access(path, F_OK) != 0) {
        return true;
    }
    record_key_id_write(&key->id, by);
    struct vault_error error;
    if ((size_t)snprintf(path, sizeof path, "%s/%s.%s.minisig", desk->roots_dir, id, by) >=
            sizeof path ||
        vault_replace_file(path, text, trust_signature_write(signature, text), &error)) {
        return true;
    }
    say_outside("%s", error.message);
    return false;
}

int desk_keep_signatures(struct desk *desk, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    struct ledger *ledger = ledger_new(&desk->leap);
    struct ledger_policy policy = {.is_by_hand = true};
    struct ledger_counts counts;
    enum ledger_result result = LEDGER_NO_MEMORY;
    if (ledger != NULL) {
        result =
            ledger_merge(ledger, bytes, size, &policy, keep_signature, desk, NULL, NULL, &counts);
    }
    ledger_free(ledger);
    free(bytes);
    return result == LEDGER_NEW       ? EXIT_DONE
           : result == LEDGER_STOPPED ? EXIT_OUTSIDE
                                      : say_outside("out of memory");
}

bool desk_lacks_anchor(const struct desk *desk)
{
    for (size_t i = 0; i < desk->anchor_count; i++) {
        if (desk_entry_of(desk, &desk->anchor_record[i]->id) == NULL) {
            return true;
        }
    }
    return false;
}

/* The record whoever signed it, then the signatures that the config folder has of it. */
static int store_anchor(struct desk *desk, const struct record *root)
{
    struct store_error error;
    int code =
        intake_exit(store_add_record(desk->store, root->bytes, root->size, NULL, &error), &error);
    char id[RECORD_ID_TEXT_SIZE], path[PATH_MAX];
    record_id_write(&root->id, id);
    if (code != EXIT_DONE || desk_root_is_file(desk) ||
        (size_t)snprintf(path, sizeof path, "%s/%s.rec", desk->roots_dir, id) >= sizeof path) {
        return code;
    }
    uint8_t *bytes;
    size_t size;
    code = incoming_load(path, &bytes, &size);
    if (code == EXIT_DONE) {
        code = bundle_add(desk, bytes, size, &(struct store_sync_counts){0});
        free(bytes);
    }
    return code;
}

int desk_store_anchors(struct desk *desk)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < desk->anchor_count; i++) {
        if (desk_entry_of(desk, &desk->anchor_record[i]->id) == NULL) {
            code = store_anchor(desk, desk->anchor_record[i]);
        }
    }
    return code;
}
