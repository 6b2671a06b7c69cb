/* cosign_file.c -- the records of a file, reviewed and signed one after another. */
#include "tocsin/commands/cosign.h"

#include <stdlib.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"

/* The order in which a file is asked about: by the roots all else is judged, and nobody needs to
 * amend what a cancellation has just called off. */
enum pass { PASS_ROOTS, PASS_CANCELS, PASS_REST, PASS_COUNT };

static enum pass pass_of(const struct record *record)
{
    return record->type == RECORD_ROOT     ? PASS_ROOTS
           : record->type == RECORD_CANCEL ? PASS_CANCELS
                                           : PASS_REST;
}

/* A version of a window that is cancelled: it never will count. */
static bool is_called_off(const struct session *session, const struct record *record)
{
    const struct view_window *window =
        record->type == RECORD_WINDOW ? view_window_of(session->view, record) : NULL;
    return window != NULL && window->status == VIEW_CANCELLED;
}

static bool wants(const struct session *session, const struct view_entry *entry, enum pass pass)
{
    struct view_standing standing;
    return entry != NULL && pass_of(entry->record) == pass &&
           !is_called_off(session, entry->record) &&
           record_subject_of(entry->record) != RECORD_OF_STORE &&
           !view_is_signed_by(entry, &session->signer) &&
           !history_revokes(entry->record, &session->signer) &&
           history_may_sign(session, entry->record, &session->signer) &&
           !(describe_standing(session, entry, &standing) && standing.is_enough);
}

/* Of a file with two versions of one step one is signed, however fast somebody answers: to contest
 * is nobody's default. */
static int refuse_rival(const struct session *session, struct cosigning *cosigning,
                        const struct record *record)
{
    const struct record *other = change_contested_by(session, record, &session->signer);
    char id[RECORD_ID_TEXT_SIZE];
    if (other == NULL) {
        return EXIT_DONE;
    }
    bool is_mine = history_is_mine(session, other);
    cosigning->declined++;
    record_id_write(&record->id, id);
    return say_no("%.16s: not signed: %s%.16s%s, which claims the same step, and both together "
                  "contest each other; only \"tocsin cosign %.16s\" asks about it",
                  id, is_mine ? "you have signed " : "", record_id_text(&other->id).text,
                  is_mine ? "" : " is in force", id);
}

/* What another record outvotes is not asked about: signed, it could contest before the other has
 * its signatures. */
static bool is_outvoted(const struct session *session, const struct record *record)
{
    const struct record *by = change_outvoted_by(session, record);
    if (by == NULL) {
        return false;
    }
    say_note("%.16s is not asked about: %.16s, signed by %s, outvotes it",
             record_id_text(&record->id).text, record_id_text(&by->id).text,
             history_signers(session, by).text);
    return true;
}

/* One pass over a stream. */
static int cosign_stream(struct session *session, struct cosigning *cosigning, const uint8_t *bytes,
                         size_t size, enum pass pass)
{
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed;
    int code = EXIT_DONE;
    while (cosign_goes_on(cosigning, code) && stream_next(&stream, &item, &malformed)) {
        struct record_id id;
        record_id_of(item.record, item.record_size, &id);
        const struct view_entry *entry = session_entry_of(session, &id);
        if (wants(session, entry, pass) && !is_outvoted(session, entry->record)) {
            int one = refuse_rival(session, cosigning, entry->record);
            one = one == EXIT_DONE ? cosign_record(session, cosigning, entry) : one;
            code = one > code ? one : code;
        }
    }
    return code;
}

/* What of a stream this key signed before: whoever asks for a file to send back gets all of it. */
static void remember_signed(const struct session *session, struct cosigning *cosigning,
                            const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        struct record_id id;
        record_id_of(item.record, item.record_size, &id);
        const struct view_entry *entry = session_entry_of(session, &id);
        if (entry != NULL && view_is_signed_by(entry, &session->signer)) {
            cosign_remember(cosigning, entry->record);
        }
    }
}

int cosign_file(struct session *session, struct cosigning *cosigning, const char *path)
{
    int code = bundle_import(session, path);
    if (code == EXIT_DONE) {
        code = session_load(session, true);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    uint8_t *bytes;
    size_t size;
    code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    for (enum pass pass = PASS_ROOTS; pass < PASS_COUNT && cosign_goes_on(cosigning, code);
         pass++) {
        int one = cosign_stream(session, cosigning, bytes, size, pass);
        code = one > code ? one : code;
    }
    remember_signed(session, cosigning, bytes, size);
    free(bytes);
    return code;
}
