/* tocsin cosign: one more signature on a record of the store, or of a file from elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/session/signer.h"

static bool revokes(const struct record *record, const struct record_public_key *key)
{
    return record->type == RECORD_REVOKE &&
           memcmp(record->is.revoke.key.key, key->key, sizeof key->key) == 0;
}

/* Whether a signature by key could count: an organizer of the root in force, or, for a root, of
 * either generation. */
static bool may_sign(const struct session *session, const struct record *record,
                     const struct record_public_key *key)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    if (root != NULL && session_find_revoke(session, root, key) != NULL) {
        return false;
    }
    if (record->type == RECORD_ROOT && record_is_organizer(&record->is.root, key->key)) {
        return true;
    }
    return root != NULL && record_is_organizer(&root->newest->is.root, key->key);
}

/* Whether a record is of a window whose uid begins with these digits.  The store is asked and not
 * the view, which does not show a window that nobody's signature counts for yet. */
static bool of_uid(const struct session *session, const struct record *record, const char *digits,
                   uint32_t *seq)
{
    const struct record_uid *uid = record_uid_of(record);
    char text[RECORD_UID_TEXT_SIZE];
    if (uid == NULL) {
        return false;
    }
    *seq = record_step_of(record);
    record_uid_write(uid, text);
    size_t len = strlen(digits);
    return len < sizeof text && memcmp(text, digits, len) == 0 &&
           view_find_root(session->view, record_root_of(record)) != NULL;
}

/* Of a window's records the one to sign: the highest seq that key has not signed; NULL in *out when
 * there is none, or several. */
static int choose_of_window(const struct session *session, const char *digits,
                            const struct record_public_key *key, const struct view_entry **out)
{
    uint32_t best = 0;
    size_t found = 0, signed_count = 0;
    const struct view_entry *chosen = NULL;
    *out = NULL;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct view_entry *entry = &session->set.entry[i];
        uint32_t seq;
        if (!of_uid(session, entry->record, digits, &seq)) {
            continue;
        }
        if (view_is_signed_by(entry, key)) {
            signed_count++;
            continue;
        }
        if (found == 0 || seq > best) {
            best = seq;
            found = 0;
        }
        if (seq == best) {
            found++;
            chosen = entry;
        }
    }
    if (found == 0 && signed_count == 0) {
        return say_no("no record or window \"%s\" in %s; \"tocsin list\" shows what is there",
                      digits, session->store_dir);
    }
    if (found == 0) {
        return say_no("this key has signed all there is of that window; each key counts once");
    }
    if (found == 1) {
        *out = chosen;
        return EXIT_DONE;
    }
    int code = say_usage("several records of that window wait for a signature; choose one by id:");
    for (size_t i = 0; i < session->set.entry_count; i++) {
        uint32_t seq;
        if (of_uid(session, session->set.entry[i].record, digits, &seq) && seq == best &&
            !view_is_signed_by(&session->set.entry[i], key)) {
            char line[2048];
            describe_entry(session, &session->set.entry[i], line, sizeof line);
            say_note("  %s", line);
        }
    }
    return code;
}

static void show(const struct session *session, const struct view_entry *entry)
{
    char line[2048];
    describe_entry(session, entry, line, sizeof line);
    fprintf(stderr, "%s\n", line);
    const char *text = (const char *)entry->record->bytes;
    for (size_t at = 0; at < entry->record->size;) {
        const char *end = memchr(text + at, '\n', entry->record->size - at);
        size_t len = end != NULL ? (size_t)(end - (text + at)) : entry->record->size - at;
        fprintf(stderr, "  | %.*s\n", (int)len, text + at);
        at += len + 1;
    }
}

/* What the signatures amount to with the one just made, and what holds the record up all the same.
 */
static int tell(struct session *session, const struct record_id *id)
{
    char digits[RECORD_ID_TEXT_SIZE], text[DESCRIBE_SIGNED_SIZE];
    record_id_write(id, digits);
    int code = session_load(session, false);
    const struct view_entry *entry = code == EXIT_DONE ? session_entry_of(session, id) : NULL;
    if (entry != NULL) {
        struct view_standing standing;
        describe_standing(session, entry, &standing);
        describe_signed(&standing, " now", text);
        say_note("%s", text);
        warnings_tell_of(session, id);
    }
    puts(digits);
    return code;
}

static int sign(struct session *session, const struct view_entry *entry)
{
    const struct record_public_key key = session->signer;
    if (view_is_signed_by(entry, &key)) {
        return say_no("this key has signed it already; each key counts once");
    }
    if (revokes(entry->record, &key)) {
        return say_usage("a key cannot revoke itself with effect: another organizer must sign");
    }
    if (!may_sign(session, entry->record, &key)) {
        char id[RECORD_KEY_ID_TEXT_SIZE];
        record_key_id_write(&key.id, id);
        return say_usage(
            "the key %s is not an organizer of that constellation, or is revoked, or "
            "its root is not trusted here: choose another --key, or \"tocsin root trust FILE\"",
            id);
    }
    show(session, entry);
    describe_warn(entry->record);
    int code;
    if (!say_confirm("Sign this record?", session->options->yes, &code)) {
        return code;
    }
    struct record_id signed_id;
    code = bundle_store_roots(session);
    if (code != EXIT_DONE) {
        return code;
    }
    code = signer_sign_and_store(session, entry->record->type, entry->record->bytes,
                                 entry->record->size, &signed_id);
    if (code == EXIT_DONE) {
        code = tell(session, &signed_id);
    }
    return code;
}

/* Every record of a file that still wants signatures and that key may sign. */
static int cosign_file(struct session *session, const char *path)
{
    int code = bundle_import(session, path);
    if (code == EXIT_DONE) {
        code = session_load(session, true);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    uint8_t *bytes;
    size_t size, signed_count = 0;
    code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    const struct record_public_key key = session->signer;
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed;
    while (code == EXIT_DONE && stream_next(&stream, &item, &malformed)) {
        struct record_id id;
        record_id_of(item.record, item.record_size, &id);
        const struct view_entry *entry = session_entry_of(session, &id);
        struct view_standing standing;
        if (entry != NULL && record_subject_of(entry->record) != RECORD_OF_STORE &&
            !view_is_signed_by(entry, &key) && !revokes(entry->record, &key) &&
            may_sign(session, entry->record, &key) &&
            !(describe_standing(session, entry, &standing) && standing.is_enough)) {
            code = sign(session, entry);
            signed_count++;
        }
    }
    free(bytes);
    if (code == EXIT_DONE && signed_count == 0) {
        return say_no("%s: nothing in it that this key could sign and that lacks signatures", path);
    }
    return code;
}

static int cosign(struct session *session, const char *which)
{
    bool may_be_id = session_may_be_id(which);
    if (!may_be_id || access(which, F_OK) == 0) {
        if (access(which, F_OK) != 0) {
            return say_usage("\"%s\" is neither an id, a uid nor a file", which);
        }
        return cosign_file(session, which);
    }
    int code = session_load(session, false); /* afresh: the one before may have changed it */
    if (code != EXIT_DONE) {
        return code;
    }
    const struct view_entry *entry = session_find_record(session, which);
    if (entry == NULL) {
        code = choose_of_window(session, which, &session->signer, &entry);
    }
    return entry != NULL ? sign(session, entry) : code;
}

const struct command_line line_cosign = {
    .words = "ID|UID|FILE...",
    .least = 1,
    .most = SIZE_MAX,
    .missing = "which ID, UID or FILE?",
    .doc =
        "Shows a record, asks, and adds a signature to it.\vID is a record's id and UID a "
        "window's uid, or their first 8 digits.  A FILE (a record or a bundle) is taken into the "
        "store first.  Prints the ids of the records signed.",
};

int cmd_cosign(struct session *session, const struct command_call *call)
{
    struct record_public_key signer;
    int code = signer_public(session, &signer);
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = cosign(session, call->word[i]);
    }
    return code;
}
