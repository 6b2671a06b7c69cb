#include "tocsin/session/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/proquint.h"
#include "say/say.h"
#include "stream/armour.h"
#include "tocsin/print/qr.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/session/merge.h"
#include "tocsin/session/outgoing.h"
#include "tocsin/session/roots.h"

struct bundle_about bundle_about_of(const struct record *record)
{
    const struct record_uid *uid = record_uid_of(record);
    return (struct bundle_about){.root = *record_root_of(record),
                                 .has_uid = uid != NULL,
                                 .uid = uid != NULL ? *uid : (struct record_uid){{0}}};
}

/* Of the roots alone what is older than our anchor stays out: the oldest of a file is the anchor of
 * whoever is given it. */
static bool is_too_old(const struct record *record, const struct view_root *of, bool has_uid)
{
    return of != NULL && !has_uid && record->type == RECORD_ROOT &&
           record->is.root.version < of->anchor->is.root.version;
}

/* Whoever is given roots that do not come one after another cannot tell which to go by, and refuses
 * them all: below a first version, which is who it says, none beside our anchor's line goes along.
 */
static bool is_beside(const struct session *session, const struct record *record,
                      const struct view_root *of)
{
    if (of == NULL || record->type != RECORD_ROOT || of->anchor->is.root.version == 1) {
        return false;
    }
    bool is_newer = record->is.root.version > of->anchor->is.root.version;
    const struct record *at = is_newer ? record : of->anchor;
    const struct record *to = is_newer ? of->anchor : record;
    while (at->is.root.version > to->is.root.version) {
        const struct view_entry *before =
            at->is.root.has_prev ? session_entry_of(session, &at->is.root.prev) : NULL;
        if (before == NULL || before->record->type != RECORD_ROOT ||
            before->record->is.root.version >= at->is.root.version) {
            return true;
        }
        at = before->record;
    }
    return !record_id_equal(&at->id, &to->id);
}

static bool is_about(const struct session *session, const struct record *record,
                     const struct bundle_about *about, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct view_root *of = view_find_root(session->view, &about[i].root);
        const struct record_uid *uid = about[i].has_uid ? &about[i].uid : NULL;
        if (about[i].only != NULL ? record_id_equal(&record->id, about[i].only)
                                  : record_belongs_to(record, &about[i].root, uid) &&
                                        !is_too_old(record, of, about[i].has_uid) &&
                                        !is_beside(session, record, of)) {
            return true;
        }
    }
    return false;
}

/* What a revocation or a next root that still waits would keep: whoever is asked to sign it judges
 * by the titles. */
static bool is_kept_by_waiting(const struct session *session, const struct record *record,
                               const struct bundle_about *about, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct view_root *of = view_find_root(session->view, &about[i].root);
        for (size_t k = 0; of != NULL && about[i].only == NULL && k < of->pending_count; k++) {
            const struct record *waiting = of->pending[k].record;
            bool is_root = waiting->type == RECORD_ROOT;
            const struct record_id *keep =
                is_root ? waiting->is.root.keep : waiting->is.revoke.keep;
            size_t keep_count =
                is_root ? waiting->is.root.keep_count : waiting->is.revoke.keep_count;
            if (record_id_is_among(keep, keep_count, &record->id)) {
                return true;
            }
        }
    }
    return false;
}

static bool adds_organizer(const struct session *session, const struct record *record)
{
    const struct record_root *is = &record->is.root;
    const struct view_entry *entry = is->has_prev ? session_entry_of(session, &is->prev) : NULL;
    for (size_t i = 0; entry != NULL && i < is->organizer_count; i++) {
        if (!record_is_organizer(&entry->record->is.root, is->organizer[i].public.key)) {
            return true;
        }
    }
    return false;
}

/* Whoever has just become an organizer, or is about to, has none of the windows yet. */
static bool has_newcomers(const struct session *session, const struct view_root *root)
{
    bool has = adds_organizer(session, root->newest);
    for (size_t i = 0; i < root->pending_count; i++) {
        const struct record *waiting = root->pending[i].record;
        has |= waiting->type == RECORD_ROOT && adds_organizer(session, waiting);
    }
    return has;
}

/* What of a window is not over, in force or waiting. */
static bool is_for_newcomers(const struct session *session, const struct record *record,
                             const struct bundle_about *about, size_t count)
{
    const struct view_window *window = view_window_of(session->view, record);
    for (size_t i = 0; window != NULL && window->status != VIEW_EXPIRED && i < count; i++) {
        const struct view_root *of = view_find_root(session->view, &about[i].root);
        if (of != NULL && about[i].only == NULL && !about[i].has_uid &&
            record_belongs_to(record, &of->id, &window->uid) && has_newcomers(session, of)) {
            return true;
        }
    }
    return false;
}

/* is_sent: to people, among whom newcomers may be. */
static int make(struct session *session, const struct bundle_about *about, size_t count,
                bool is_sent, uint8_t **bytes, size_t *size)
{
    if (session->store == NULL) {
        return say_no("there is no store in %s", session->store_dir);
    }
    struct view_entry *chosen = say_memory(calloc(session->set.entry_count + 1, sizeof *chosen));
    size_t chosen_count = 0;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        if (is_about(session, record, about, count) ||
            is_kept_by_waiting(session, record, about, count) ||
            (is_sent && is_for_newcomers(session, record, about, count))) {
            chosen[chosen_count++] = session->set.entry[i];
        }
    }
    struct store_error error;
    enum store_result result =
        store_write_stream(session->store, chosen, chosen_count, bytes, size, &error);
    free(chosen);
    return result == STORE_OK ? EXIT_DONE : say_outside("%s", error.message);
}

int bundle_make(struct session *session, const struct bundle_about *about, uint8_t **bytes,
                size_t *size)
{
    return make(session, about, 1, false, bytes, size);
}

int bundle_print(struct session *session, const struct bundle_about *about)
{
    uint8_t *bytes;
    size_t size;
    int code = bundle_make(session, about, &bytes, &size);
    if (code == EXIT_DONE) {
        fwrite(bytes, 1, size, stdout); /* main looks at the outcome */
        free(bytes);
    }
    return code;
}

/* Who reads it without knowing what it is is told what to do. */
static int write_out(const char *path, const uint8_t *bytes, size_t size)
{
    static const char hint[] = "This is for tocsin: save the whole text in a file, and run\n"
                               "    tocsin join FILE\n\n";
    char *armour = say_memory(armour_write(bytes, size)), *text;
    if (asprintf(&text, "%s%s", hint, armour) < 0) {
        say_no_memory();
    }
    int code = outgoing_write(path, 0600, text, strlen(text));
    free(text);
    free(armour);
    return code;
}

/* Who does not trust a root yet compares its words with those that the sender tells. */
static void tell_words(const struct session *session, const struct bundle_about *about,
                       size_t count, bool is_sent_later)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        bool is_sent = false;
        const struct record_id *compared = &root->anchor->id;
        for (size_t k = 0; k < count; k++) {
            bool is_it = record_id_equal(&about[k].root, &root->id);
            is_sent |= is_it;
            compared = is_it && about[k].only != NULL ? about[k].only : compared;
        }
        if (is_sent && (!is_sent_later || root->is_tentative)) {
            struct text name = root->newest->is.root.name;
            char words[PROQUINT_SIZE];
            proquint_write(compared->bytes, words);
            say_note("the words of \"%.*s\", for whoever does not trust it yet to compare: %s",
                     (int)name.len, name.at, words);
        }
    }
}

static void tell_how(const struct session *session, const struct bundle_about *about, size_t count,
                     const char *whom)
{
    enum { SHOWN = 5 };
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        char name[SESSION_WINDOW_NAME_SIZE] = "";
        if (about[i].has_uid) {
            strcpy(name, session_name_window(session, &about[i].root, &about[i].uid).text);
        }
        say_note("to send it to %s: tocsin %s%s --out FILE; they type: tocsin join FILE", whom,
                 about[i].has_uid ? "show " : "root show", name);
    }
    if (count > SHOWN) {
        say_note("... and %zu more; --out FILE writes all at once", count - SHOWN);
    }
}

int bundle_send(struct session *session, const struct bundle_about *about, size_t count,
                const char *whom)
{
    const char *path = session->options->out;
    if (path == NULL && !session->options->qr) {
        tell_how(session, about, count, whom);
        tell_words(session, about, count, true);
        return EXIT_DONE;
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    int code = make(session, about, count, true, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    if (path != NULL) {
        code = write_out(path, bytes, size);
    }
    if (path != NULL && code == EXIT_DONE) {
        say_note("send %s to %s; they type: tocsin join %s", path, whom,
                 strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path);
    }
    if (code == EXIT_DONE && session->options->qr) {
        char *armour = say_memory(armour_write(bytes, size));
        code = qr_print(armour);
        free(armour);
    }
    free(bytes);
    if (code == EXIT_DONE) {
        tell_words(session, about, count, false);
    }
    return code;
}

int bundle_save(struct session *session, const struct bundle_about *about, size_t count)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (session->options->out == NULL) {
        return EXIT_DONE;
    }
    int code = make(session, about, count, true, &bytes, &size);
    if (code == EXIT_DONE) {
        code = write_out(session->options->out, bytes, size);
        free(bytes);
    }
    return code;
}

int bundle_add(struct session *session, const uint8_t *bytes, size_t size,
               struct ledger_counts *counts)
{
    if (session->view->root_count == 0) {
        return say_usage(SESSION_NO_ROOT);
    }
    struct merge merge;
    int code = merge_open(&merge, session, session->store);
    if (code == EXIT_DONE) {
        code = merge_add(&merge, bytes, size, counts);
    }
    merge_close(&merge);
    return code;
}

int bundle_add_file(struct session *session, const char *path, struct ledger_counts *counts)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code == EXIT_DONE) {
        code = bundle_add(session, bytes, size, counts);
        free(bytes);
    }
    return code;
}

bool bundle_lacks_root(const struct session *session)
{
    for (size_t i = 0; i < session->anchors.count; i++) {
        if (session_entry_of(session, &session->anchors.record[i]->id) == NULL) {
            return true;
        }
    }
    return false;
}

/* The record whoever signed it, then the signatures that the config folder has of it. */
static int store_anchor(struct session *session, const struct record *root)
{
    struct store_error error;
    int code =
        merge_exit(store_add_record(session->store, root->bytes, root->size, NULL, &error), &error);
    char path[PATH_MAX];
    if (code != EXIT_DONE || roots_is_file(session)) {
        return code;
    }
    roots_path(session, &root->id, path);
    return bundle_add_file(session, path, &(struct ledger_counts){0});
}

int bundle_store_roots(struct session *session)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < session->anchors.count; i++) {
        if (session_entry_of(session, &session->anchors.record[i]->id) == NULL) {
            code = store_anchor(session, session->anchors.record[i]);
        }
    }
    return code == EXIT_DONE && roots_is_file(session)
               ? bundle_add_file(session, session->options->root, &(struct ledger_counts){0})
               : code;
}

int bundle_import(struct session *session, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code; /* before a store is made for it */
    }
    code = session_load(session, true);
    if (code == EXIT_DONE) {
        code = bundle_store_roots(session);
    }
    if (code == EXIT_DONE) {
        code = bundle_add(session, bytes, size, &(struct ledger_counts){0});
    }
    free(bytes);
    return code;
}
