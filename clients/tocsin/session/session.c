#include "tocsin/session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock/clock.h"
#include "files/files.h"
#include "instants/stamp.h"
#include "keys/keys.h"
#include "say/say.h"

int session_make_dir(const char *dir)
{
    struct files_error error;
    return files_make_folder(AT_FDCWD, dir, 0700, &error) ? EXIT_DONE
                                                          : say_outside("%s", error.message);
}

int session_open(struct session *session, const struct options *options)
{
    *session = (struct session){.options = options};
    session->leap = *clock_leap();
    if (options->has_at) {
        session->now_utc = options->at;
    } else {
        session->now_utc = clock_utc();
        if (!utc_is_in_range(session->now_utc)) {
            return say_outside("this computer's clock is not set; set it, or give --at INSTANT");
        }
    }
    session->now = leap_from_utc(&session->leap, session->now_utc, NULL);
    return EXIT_DONE;
}

int session_find_folders(struct session *session)
{
    const struct options *options = session->options;
    /* It looks for its folder in the environment; an option is stronger. */
    if (options->config != NULL && setenv("TOCSIN_CONFIG", options->config, 1) != 0) {
        say_no_memory();
    }
    if (!keys_default_dir(session->keys_dir, sizeof session->keys_dir)) {
        return options->config != NULL
                   ? say_usage("--config: this path is too long")
                   : say_usage("no home folder to keep keys in: give --config DIR");
    }
    snprintf(session->roots_dir, sizeof session->roots_dir, "%s", session->keys_dir);
    char *slash = strrchr(session->roots_dir, '/');
    if (slash == NULL ||
        (size_t)(slash - session->roots_dir) + sizeof "/roots" > SESSION_DIR_SIZE) {
        return say_usage("%s: this path is too long", session->keys_dir);
    }
    memcpy(slash, "/roots", sizeof "/roots");

    if (options->store != NULL) {
        if ((size_t)snprintf(session->store_dir, sizeof session->store_dir, "%s", options->store) >=
            sizeof session->store_dir) {
            return say_usage("--store: this path is too long");
        }
    } else if (!store_default_dir(session->store_dir, sizeof session->store_dir)) {
        return say_usage("no home folder for the store: give --store DIR");
    }
    return EXIT_DONE;
}

void session_unload(struct session *session)
{
    view_free(session->view);
    session->view = NULL;
    session->root = NULL;
    session->window = NULL;
    store_set_free(&session->set); /* frees what the store gave, not what was laid over it */
    ledger_free(session->overlay);
    session->overlay = NULL;
    anchors_close(&session->anchors);
}

void session_close(struct session *session)
{
    session_unload(session);
    trust_secret_free(session->secret);
    session->secret = NULL;
    if (session->store != NULL) {
        store_close(session->store);
        session->store = NULL;
    }
}

int session_open_store(struct session *session, bool create)
{
    struct stat about;
    if (session->store != NULL ||
        (!create && stat(session->store_dir, &about) != 0 && errno == ENOENT)) {
        return EXIT_DONE;
    }
    if (create) {
        int code = session_make_dir(session->store_dir);
        if (code != EXIT_DONE) {
            return code;
        }
    }
    struct store_error error;
    enum store_result result =
        store_open(session->store_dir, create, &session->leap, &session->store, &error);
    return result == STORE_OK ? EXIT_DONE : say_outside("%s", error.message);
}

void session_note(void *context, const struct store_note *note)
{
    char sentence[STORE_NOTE_SIZE];
    (void)context;
    store_note_write(note, sentence);
    say_note("%s", sentence);
}

void session_build_view(struct session *session)
{
    view_free(session->view);
    if (!view_build(session->set.entry, session->set.entry_count, session->anchors.anchor,
                    session->anchors.count, session->now, &session->view)) {
        say_no_memory();
    }
}

/* A ledger that holds what the set holds. */
static struct ledger *copy_set(const struct session *session)
{
    struct ledger *ledger = say_memory(ledger_new(&session->leap));
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct view_entry *entry = &session->set.entry[i];
        struct ledger_refusal why;
        bool is_in = ledger_put_record(ledger, entry->record->bytes, entry->record->size, NULL,
                                       &why) != LEDGER_NO_MEMORY;
        for (size_t k = 0; is_in && k < entry->signer_count; k++) {
            is_in = ledger_put_signer(ledger, &entry->record->id, &entry->signer[k]) !=
                    LEDGER_NO_MEMORY;
        }
        if (!is_in) {
            say_no_memory();
        }
    }
    return ledger;
}

void session_lay_over(struct session *session, const uint8_t *bytes, size_t size)
{
    if (session->overlay == NULL) {
        session->overlay = copy_set(session);
    }
    struct ledger_policy policy = {.is_by_hand = true};
    struct ledger_counts counts;
    if (ledger_merge(session->overlay, bytes, size, &policy, &counts) != LEDGER_NEW) {
        say_no_memory();
    }
    session->set.entry = ledger_entries(session->overlay, &session->set.entry_count);
    session_build_view(session);
}

bool session_id_matches(const struct record_id *id, const char *digits)
{
    char text[RECORD_ID_TEXT_SIZE];
    record_id_write(id, text);
    size_t len = strlen(digits);
    return len >= 8 && len < sizeof text && memcmp(text, digits, len) == 0;
}

static int list_roots(const struct session *session)
{
    int code = say_usage("several constellations are trusted; choose one with --root:");
    for (size_t i = 0; i < session->view->root_count; i++) {
        struct text name = session->view->root[i].newest->is.root.name;
        say_note("  --root %.16s  %.*s", record_id_text(&session->view->root[i].anchor->id).text,
                 (int)name.len, name.at);
    }
    return code;
}

int session_choose_root(struct session *session)
{
    if (session->view->root_count == 0) {
        return say_usage(SESSION_NO_ROOT);
    }
    if (session->view->root_count > 1) {
        return list_roots(session);
    }
    session->root = &session->view->root[0];
    return EXIT_DONE;
}

bool session_may_be_id(const char *text)
{
    size_t len = strlen(text);
    return len >= 8 && text_is_hex((struct text){text, len});
}

const struct view_entry *session_entry_of(const struct session *session, const struct record_id *id)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        if (record_id_equal(&session->set.entry[i].record->id, id)) {
            return &session->set.entry[i];
        }
    }
    return NULL;
}

const struct view_entry *session_find_record(const struct session *session, const char *digits)
{
    const struct view_entry *found = NULL;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        if (session_id_matches(&session->set.entry[i].record->id, digits)) {
            if (found != NULL) {
                return NULL; /* more digits are needed */
            }
            found = &session->set.entry[i];
        }
    }
    return found;
}

bool session_is_effective(const struct session *session, const struct record *record)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    return root != NULL && root->effective_count > 0 &&
           bsearch(&record->id, root->effective, root->effective_count, sizeof record->id,
                   record_by_id) != NULL;
}

const struct record_revoke *session_find_revoke(const struct session *session,
                                                const struct view_root *root,
                                                const struct record_public_key *key)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        if (record->type == RECORD_REVOKE && record_id_equal(&record->is.revoke.root, &root->id) &&
            memcmp(record->is.revoke.key.key, key->key, sizeof key->key) == 0 &&
            session_is_effective(session, record)) {
            return &record->is.revoke;
        }
    }
    return NULL;
}

struct stamp_text session_stamp(const struct session *session, instant at)
{
    return stamp_text(leap_to_utc(&session->leap, at, NULL));
}
