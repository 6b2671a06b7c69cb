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
#include "tocsin/session/incoming.h"

/* Trusted constellations; far more than anybody compares words for. */
enum { ROOTS_MOST = 1000 };

void roots_begin(const struct session *session, struct anchors *anchors)
{
    anchors_init(anchors, &session->leap, ROOTS_MOST);
}

int roots_take(const char *path, const uint8_t *bytes, size_t size, struct anchors *anchors)
{
    char why[ANCHORS_WHY_SIZE];
    switch (anchors_take(anchors, bytes, size, why)) {
    case ANCHORS_TAKEN:
        return EXIT_DONE;
    case ANCHORS_REFUSED:
        return say_usage("%s: %s", path, why);
    case ANCHORS_NO_MEMORY:
        break;
    }
    say_no_memory();
}

static int read_file(const char *path, struct anchors *anchors)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code == EXIT_DONE) {
        code = roots_take(path, bytes, size, anchors);
        free(bytes);
    }
    return code;
}

static int refuse_digits(const char *digits)
{
    size_t len = strlen(digits);
    if (len < 8 && text_is_hex((struct text){digits, len})) {
        return say_usage("--root %s: no such file, and too short for an id: give at least 8 digits "
                         "of it; \"tocsin root list\" shows them",
                         digits);
    }
    return say_usage("--root %s: neither a file nor the beginning of a trusted root's id; \"tocsin "
                     "root list\" shows them",
                     digits);
}

static int read_folder(const struct session *session, struct anchors *anchors)
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
        snprintf(path, sizeof path, "%s/%s", session->roots_dir, file->d_name);
        code = read_file(path, anchors);
    }
    closedir(dir);
    return code;
}

/* Those whose own id, or whose constellation's, begins with these digits. */
static int choose(struct session *session, const struct anchors *all, const char *digits)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < all->count && code == EXIT_DONE; i++) {
        if (session_id_matches(&all->id[i], digits) || session_id_matches(&all->root[i], digits)) {
            code =
                roots_take(digits, all->record[i]->bytes, all->record[i]->size, &session->anchors);
        }
    }
    return code == EXIT_DONE && session->anchors.count == 0 ? refuse_digits(digits) : code;
}

static int load_folder(struct session *session, const char *digits)
{
    if (digits == NULL) {
        return read_folder(session, &session->anchors);
    }
    struct anchors all;
    roots_begin(session, &all);
    int code = read_folder(session, &all);
    if (code == EXIT_DONE) {
        code = choose(session, &all, digits);
    }
    anchors_close(&all);
    return code;
}

bool roots_is_file(const struct session *session)
{
    return session->options->root != NULL && access(session->options->root, F_OK) == 0;
}

int roots_load(struct session *session)
{
    const char *root = session->options->root;
    anchors_close(&session->anchors);
    roots_begin(session, &session->anchors);
    return roots_is_file(session) ? read_file(root, &session->anchors) : load_folder(session, root);
}

void roots_path(const struct session *session, const struct record_id *id,
                char out[static PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%s.rec", session->roots_dir, record_id_text(id).text);
}

int roots_trust(struct session *session, const struct record *root)
{
    int code = session_make_dir(session->roots_dir);
    if (code != EXIT_DONE) {
        return code;
    }
    char path[PATH_MAX];
    struct files_error error;
    roots_path(session, &root->id, path);
    return files_replace(path, 0600, root->bytes, root->size, &error)
               ? EXIT_DONE
               : say_outside("%s", error.message);
}

/* A ledger_sink. */
static bool keep_signature(void *context, const struct record *record,
                           const struct trust_signature *signature,
                           const struct record_public_key *key)
{
    const struct session *session = context;
    char path[PATH_MAX], text[TRUST_SIGNATURE_TEXT_MAX];
    roots_path(session, &record->id, path);
    if (signature == NULL || record->type != RECORD_ROOT || access(path, F_OK) != 0) {
        return true;
    }
    struct files_error error;
    snprintf(path, sizeof path, "%s/%s.%s.minisig", session->roots_dir,
             record_id_text(&record->id).text, record_key_id_text(&key->id).text);
    if (files_replace(path, 0600, text, trust_signature_write(signature, text), &error)) {
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
    struct ledger *ledger = say_memory(ledger_new(&session->leap));
    struct ledger_policy policy = {
        .is_by_hand = true, .sink = keep_signature, .sink_context = session};
    struct ledger_counts counts;
    enum ledger_result result = ledger_merge(ledger, bytes, size, &policy, &counts);
    ledger_free(ledger);
    free(bytes);
    if (result == LEDGER_STOPPED) {
        return EXIT_OUTSIDE;
    }
    if (result != LEDGER_NEW) {
        say_no_memory();
    }
    return EXIT_DONE;
}

/* First the record: signatures that are left over without one are nothing. */
int roots_untrust(struct session *session, const struct record *root)
{
    char id[RECORD_ID_TEXT_SIZE], path[PATH_MAX];
    record_id_write(&root->id, id);
    roots_path(session, &root->id, path);
    DIR *dir = opendir(session->roots_dir);
    if (dir == NULL || unlinkat(dirfd(dir), path + strlen(session->roots_dir) + 1, 0) != 0) {
        int code = say_outside("%s: %s", path, strerror(errno));
        if (dir != NULL) {
            closedir(dir);
        }
        return code;
    }
    struct dirent *file;
    while ((file = readdir(dir)) != NULL) {
        if (strncmp(file->d_name, id, strlen(id)) == 0) {
            (void)unlinkat(dirfd(dir), file->d_name, 0);
        }
    }
    int code = fsync(dirfd(dir)) == 0 ? EXIT_DONE
                                      : say_outside("%s: %s", session->roots_dir, strerror(errno));
    closedir(dir);
    return code;
}
