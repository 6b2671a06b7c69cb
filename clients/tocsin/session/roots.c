#include "tocsin/session/roots.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"
#include "say/say.h"
#include "stream/stream.h"
#include "tocsin/session/incoming.h"

/* Takes the record, whatever comes of it. */
static int add_anchor(struct session *session, struct record *record)
{
    for (size_t i = 0; i < session->anchor_count; i++) {
        if (record_id_equal(&session->anchor_record[i]->id, &record->id)) {
            record_free(record);
            return EXIT_DONE;
        }
    }
    size_t count = session->anchor_count + 1;
    struct record **records = reallocarray(session->anchor_record, count, sizeof *records);
    if (records != NULL) {
        session->anchor_record = records;
    }
    struct view_anchor *anchors = reallocarray(session->anchor, count, sizeof *anchors);
    if (anchors != NULL) {
        session->anchor = anchors;
    }
    if (records == NULL || anchors == NULL) {
        record_free(record);
        return say_outside("out of memory");
    }
    records[count - 1] = record;
    anchors[count - 1].root = record;
    session->anchor_count = count;
    return EXIT_DONE;
}

/* Reads one root record; *out NULL when it is a sound record of another type. */
static int read_root(const struct session *session, const char *path, const uint8_t *bytes,
                     size_t size, struct record **out)
{
    struct record_error error;
    struct record *record;
    *out = NULL;
    if (!record_read(bytes, size, &session->leap, &record, &error)) {
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

int roots_read(struct session *session, const char *path,
               int (*take)(struct session *, struct record *))
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
        code = read_root(session, path, item.record, item.record_size, &record);
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
    return oldest != NULL ? take(session, oldest)
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

static int load_folder(struct session *session, const char *digits)
{
    DIR *dir = opendir(session->roots_dir);
    if (dir == NULL) {
        return errno == ENOENT ? EXIT_DONE
                               : say_outside("%s: %s", session->roots_dir, strerror(errno));
    }
    int code = EXIT_DONE;
    struct dirent *file;
    while (code == EXIT_DONE && (file = readdir(dir)) != NULL) {
        size_t len = strlen(file->d_name);
        if (len != RECORD_ID_TEXT_SIZE - 1 + 4 || strcmp(file->d_name + len - 4, ".rec") != 0) {
            continue;
        }
        char path[PATH_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", session->roots_dir, file->d_name) <
            sizeof path) {
            code = roots_read(session, path, add_anchor);
        }
    }
    closedir(dir);
    if (digits == NULL || code != EXIT_DONE) {
        return code;
    }
    size_t kept = 0;
    for (size_t i = 0; i < session->anchor_count; i++) {
        struct record *record = session->anchor_record[i];
        if (session_id_matches(record_root_of(record), digits)) {
            session->anchor_record[kept] = record;
            session->anchor[kept++].root = record;
        } else {
            record_free(record);
        }
    }
    session->anchor_count = kept;
    return kept > 0 ? EXIT_DONE : refuse_digits(digits);
}

bool roots_is_file(const struct session *session)
{
    return session->options->root != NULL && access(session->options->root, F_OK) == 0;
}

int roots_load(struct session *session)
{
    const char *root = session->options->root;
    if (roots_is_file(session)) {
        return roots_read(session, root, add_anchor);
    }
    return load_folder(session, root);
}

int roots_trust(struct session *session, const struct record *root)
{
    int code = session_make_dir(session->roots_dir);
    if (code != EXIT_DONE) {
        return code;
    }
    char id[RECORD_ID_TEXT_SIZE], path[PATH_MAX];
    record_id_write(&root->id, id);
    if ((size_t)snprintf(path, sizeof path, "%s/%s.rec", session->roots_dir, id) >= sizeof path) {
        return say_usage("%s: this path is too long", session->roots_dir);
    }
    struct files_error error;
    if (!files_replace(path, root->bytes, root->size, &error)) {
        return say_outside("%s", error.message);
    }
    return EXIT_DONE;
}

/* A ledger_sink. */
static bool keep_signature(void *context, const struct record *record,
                           const struct trust_signature *signature,
                           const struct trust_public_key *key)
{
    const struct session *session = context;
    char id[RECORD_ID_TEXT_SIZE], by[RECORD_KEY_ID_TEXT_SIZE], path[PATH_MAX];
    char text[TRUST_SIGNATURE_TEXT_MAX];
    record_id_write(&record->id, id);
    if (signature == NULL || record->type != RECORD_ROOT ||
        (size_t)snprintf(path, sizeof path, "%s/%s.rec", session->roots_dir, id) >= sizeof path ||
        access(path, F_OK) != 0) {
        return true;
    }
    record_key_id_write(&key->id, by);
    struct files_error error;
    if ((size_t)snprintf(path, sizeof path, "%s/%s.%s.minisig", session->roots_dir, id, by) >=
            sizeof path ||
        files_replace(path, text, trust_signature_write(signature, text), &error)) {
        return true;
    }
    say_outside("%s", error.message);
    return false;
}

int roots_keep_signatures(struct session *session, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    struct ledger *ledger = ledger_new(&session->leap);
    struct ledger_policy policy = {
        .is_by_hand = true, .sink = keep_signature, .sink_context = session};
    struct ledger_counts counts;
    enum ledger_result result = LEDGER_NO_MEMORY;
    if (ledger != NULL) {
        result = ledger_merge(ledger, bytes, size, &policy, &counts);
    }
    ledger_free(ledger);
    free(bytes);
    return result == LEDGER_NEW       ? EXIT_DONE
           : result == LEDGER_STOPPED ? EXIT_OUTSIDE
                                      : say_outside("out of memory");
}
