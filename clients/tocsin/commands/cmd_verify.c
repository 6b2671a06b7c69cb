/* tocsin verify FILE...: whether records, ticks and their signatures hold, judged by the trusted
 * roots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "list/list.h"
#include "say/say.h"
#include "stream/armour.h"
#include "tocsin/commands/claims.h"
#include "tocsin/commands/ics.h"
#include "tocsin/commands/table.h"
#include "tocsin/commands/ticks_file.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/incoming.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

enum { SIGNERS_MAX = STREAM_SIGNATURES_MAX, LINES_SHOWN = 50 };

/* What has been told of a file, which may have a hundred thousand records of a stranger's: so many
 * lines of each kind, so that no heap of one hides another; the rest is judged and counted. */
struct telling {
    const char *path;
    size_t shown;
    size_t good, bad, faults;
};

static bool may_tell(const struct telling *telling, size_t *told)
{
    return (*told)++ < telling->shown;
}

static void tell_rest(const struct telling *telling)
{
    static const char *const kind[] = {"that are good", "that are not", "faults"};
    const size_t count[] = {telling->good, telling->bad, telling->faults};
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        if (count[i] > telling->shown) {
            say_note("%s: ... and %zu more %s; --full shows them", telling->path,
                     count[i] - telling->shown, kind[i]);
        }
    }
}

static const struct record_key *find_key(const struct record_key *key, size_t count,
                                         const struct record_key_id *id)
{
    for (size_t i = 0; i < count; i++) {
        if (record_key_id_equal(&key[i].public.id, id)) {
            return &key[i];
        }
    }
    return NULL;
}

/* The key that a signature claims, among those that may have signed this record: organizers (for a
 * heartbeat beacons) of the root in force, of the versions before it, and of the record itself if
 * it is a root.  Whether it still counts is another question. */
static const struct record_key *candidate(const struct session *session,
                                          const struct record *record,
                                          const struct record_key_id *id)
{
    bool by_beacon = record_subject_of(record) == RECORD_OF_STORE;
    const struct record_key *found = NULL;
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    if (root != NULL) {
        const struct record_root *is = &root->newest->is.root;
        found = by_beacon ? find_key(is->beacon, is->beacon_count, id)
                          : find_key(is->organizer, is->organizer_count, id);
    }
    if (found == NULL && record->type == RECORD_ROOT) {
        found = find_key(record->is.root.organizer, record->is.root.organizer_count, id);
    }
    for (size_t i = 0; found == NULL && i < session->set.entry_count; i++) {
        const struct record *other = session->set.entry[i].record;
        if (other->type == RECORD_ROOT && session_is_effective(session, other) &&
            record_id_equal(record_root_of(other), record_root_of(record))) {
            const struct record_root *is = &other->is.root;
            found = by_beacon ? find_key(is->beacon, is->beacon_count, id)
                              : find_key(is->organizer, is->organizer_count, id);
        }
    }
    return found;
}

/* Every signature of an item under its key; counts the distinct good ones. */
static int verify_signatures(const struct session *session, struct telling *telling,
                             const struct stream_item *item, const struct record *record,
                             struct view_entry *entry, struct record_public_key signer[SIGNERS_MAX])
{
    int code = EXIT_DONE;
    const char *path = telling->path;
    entry->signer = signer;
    for (size_t i = 0; i < item->signature_count; i++) {
        struct trust_signature signature;
        const struct record_key *key = NULL;
        char which[40];
        snprintf(which, sizeof which, "%zu", i + 1);
        enum trust_result result =
            trust_signature_read(item->signature[i].bytes, item->signature[i].size, &signature);
        if (result == TRUST_OK) {
            snprintf(which, sizeof which, "by %s", record_key_id_text(&signature.id).text);
            key = candidate(session, record, &signature.id);
        }
        if (key != NULL) {
            result = trust_verify(&signature, &key->public, record->bytes, record->size);
        }
        if (key == NULL || result != TRUST_OK) {
            code = EXIT_NO;
            if (may_tell(telling, &telling->faults)) {
                say_no("%s: signature %s: %s", path, which,
                       result != TRUST_OK ? trust_result_text(result)
                                          : "an unknown key; no trusted root names it");
            }
        } else if (!view_is_signed_by(entry, &key->public)) {
            signer[entry->signer_count++] = key->public;
        }
    }
    return code;
}

/* The ids of all that a file has, in their order. */
struct pile {
    struct record_id *id; /* owned */
    size_t count, room;
};

static void pile_make(struct pile *pile, const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        if (!LIST_ROOM(pile->id, pile->count, pile->room)) {
            say_no_memory();
        }
        record_id_of(item.record, item.record_size, &pile->id[pile->count++]);
    }
    list_sort(pile->id, pile->count, sizeof *pile->id, record_by_id);
}

static bool pile_has(const struct pile *pile, const struct record_id *id)
{
    return pile->count > 0 && bsearch(id, pile->id, pile->count, sizeof *id, record_by_id) != NULL;
}

/* What became of a window since this file was made: "cancelled since 2026-11-30T10:00:00Z", also
 * where the file says so itself further on; empty: nothing.  Whether it is news to the file. */
static bool has_passed(const struct session *session, const struct pile *pile,
                       const struct record *record, char out[static 80])
{
    const struct view_window *window =
        record->type == RECORD_WINDOW ? view_window_of(session->view, record) : NULL;
    *out = '\0';
    if (window == NULL) {
        return false;
    }
    if (window->status == VIEW_CANCELLED && window->cancel != NULL) {
        bool is_told = pile_has(pile, &window->cancel->id);
        snprintf(out, 80, "cancelled since %s%s",
                 session_stamp(session, window->cancel->is.cancel.made).text,
                 is_told ? ", as this file says" : "");
        return !is_told;
    }
    if (window->status == VIEW_CONTESTED && window->record != NULL &&
        window->record->is.window.seq < record->is.window.seq) {
        snprintf(out, 80, "contested by another version, so not in force");
        return true;
    }
    if (window->record != NULL && window->status != VIEW_TENTATIVE &&
        window->record->is.window.seq > record->is.window.seq &&
        !pile_has(pile, &window->record->id)) {
        snprintf(out, 80, "changed since %s",
                 session_stamp(session, window->record->is.window.made).text);
        return true;
    }
    return false;
}

/* "; by anna, bela of "Valley"", and whether the store has the signatures that the file lacks. */
enum { BY_SIZE = HISTORY_SIGNERS_SIZE + 1200 };
static void write_by(const struct session *session, const struct view_entry *entry, bool lacks,
                     char out[static BY_SIZE])
{
    const struct view_root *root = view_find_root(session->view, record_root_of(entry->record));
    *out = '\0';
    if (root == NULL || record_subject_of(entry->record) == RECORD_OF_STORE) {
        return;
    }
    const struct history_names signers = history_signers_of(session, entry);
    snprintf(out, BY_SIZE, "; by %s of \"%s\"%s", *signers.text != '\0' ? signers.text : "nobody",
             describe_root(session, root).text,
             lacks ? "; here it has the signatures that this file lacks" : "");
}

static bool has_enough_here(const struct session *session, const struct record *record)
{
    const struct view_entry *here = session_entry_of(session, &record->id);
    struct view_standing standing;
    return here != NULL && view_standing(session->view, here, &standing) && standing.is_enough;
}

/* Good is what its signers and its root make so, unless it has passed since.  What has passed is
 * told as that, though signatures are missing in this file, if the store has them: with them it was
 * in force. */
static int verify_item(const struct session *session, const struct environment *environment,
                       struct telling *telling, const struct stream_item *item,
                       const struct pile *pile)
{
    const char *path = telling->path;
    struct record *record;
    struct record_error error;
    if (!record_read(item->record, item->record_size, &session->leap, &record, &error)) {
        return may_tell(telling, &telling->faults)
                   ? say_no("%s:%d:%d: %s", path, error.line, error.column, error.message)
                   : EXIT_NO;
    }
    static struct record_public_key signer[SIGNERS_MAX];
    struct view_entry entry = {.record = record};
    int code = verify_signatures(session, telling, item, record, &entry, signer);
    char line[2048], why[160];
    describe_entry(session, &entry, line, sizeof line);
    struct view_standing standing;
    bool is_trusted = describe_standing(session, &entry, &standing);
    if (record->type == RECORD_ROOT && !trust_root_is_sound(&record->is.root, why)) {
        code = EXIT_NO;
        if (may_tell(telling, &telling->faults)) {
            say_no("%s: this root is refused: %s", path, why);
        }
    }
    bool is_good = code == EXIT_DONE && is_trusted && standing.is_enough;
    char passed[80] = "", by[BY_SIZE];
    bool lacks = !standing.is_enough && has_enough_here(session, record);
    bool is_over = (is_good || lacks) && has_passed(session, pile, record, passed);
    is_good = is_good && !is_over;
    if (may_tell(telling, is_good ? &telling->good : &telling->bad)) {
        write_by(session, &entry, lacks, by);
        claims_print(is_good, path, "%s%s%s%s%s", line, by,
                     is_trusted ? "" : " (its root is not trusted here)",
                     *passed != '\0' ? "; " : "", passed);
        review_warn_of_rule(session, environment, record);
    }
    record_free(record);
    return is_good ? EXIT_DONE : EXIT_NO;
}

/* Whether these bytes mean to be a record or a bundle, well formed or not; all else is text that
 * somebody wrote. */
static bool is_ours(const uint8_t *bytes, size_t size)
{
    size_t digits = 0;
    while (digits < size && bytes[digits] >= '0' && bytes[digits] <= '9') {
        digits++;
    }
    digits += digits > 0 && digits < size && bytes[digits] == ':';
    if (size == 0 || text_begins(bytes + digits, size - digits, "tocsin ")) {
        return true;
    }
    uint8_t *stream = NULL;
    size_t stream_size;
    enum armour_result result = armour_read((const char *)bytes, size, &stream, &stream_size);
    free(stream);
    return result != ARMOUR_NONE;
}

/* What is no record and no bundle, by its first bytes, whatever its name; false: it may be one. */
static bool verify_other(struct session *session, const struct environment *environment,
                         const char *path, const uint8_t *bytes, size_t size, int *code)
{
    bool is_calendar = ics_is_calendar(bytes, size);
    if (!is_calendar && is_ours(bytes, size)) {
        return false;
    }
    *code = is_calendar ? claims_verify_calendar(session, path, bytes, size)
                        : claims_verify_text(session, environment, path, (const char *)bytes);
    return true;
}

static int verify(struct session *session, const struct environment *environment, const char *path)
{
    uint8_t *bytes;
    size_t size;
    bool is_file = incoming_is_file(path) || (strchr(path, '/') != NULL && !claims_is_word(path));
    if (!is_file || strstr(path, "://") != NULL) {
        return claims_verify_word(session, environment, path);
    }
    int code = incoming_bytes(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    bool is_other = verify_other(session, environment, path, bytes, size, &code);
    free(bytes);
    if (is_other) {
        return code;
    }
    code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    /* With the file's own roots: a bundle may bring newer versions of a trusted one. */
    session_lay_over(session, bytes, size);
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed;
    struct pile pile = {0};
    struct telling telling = {path, session->options->full ? SIZE_MAX : LINES_SHOWN, 0, 0, 0};
    pile_make(&pile, bytes, size);
    while (code != EXIT_OUTSIDE && stream_next(&stream, &item, &malformed)) {
        int one = verify_item(session, environment, &telling, &item, &pile);
        code = one > code ? one : code;
    }
    tell_rest(&telling);
    free(pile.id);
    free(bytes);
    return code;
}

const struct command_line line_verify = {
    .words = "FILE|UID|URL...",
    .missing = "which FILE, UID or URL?",
    .doc =
        "Verifies records (with the .minisig files beside them), bundles and kept ticks by the "
        "roots that are trusted here. Two ticks that no honest beacon can have signed both are "
        "named as the proof that they are.  Of a calendar file, a window's uid, words or title, "
        "the words of a root, the address of a site or of a window's page, and of any other text "
        "it says in words whether somebody whom you trust stands behind it, and what has changed "
        "since.  No address is fetched. Of one file 50 records that are good and 50 that are "
        "not are told, and how many more there are.\vExit status 0: every "
        "file is well formed, every "
        "signature holds, and enough organizers signed each record, and no window was cancelled or "
        "changed since; of a site's address only that a trusted root names it; 1: not so.",
};

int cmd_verify(struct session *session, const struct command_call *call)
{
    static struct ticks_file pile; /* large */
    int code = EXIT_DONE;
    for (size_t i = 0; i < call->count; i++) {
        const char *path = call->word[i];
        int one = ticks_file_is_tick(path) ? ticks_file_verify(&pile, session, path)
                                           : verify(session, call->environment, path);
        code = one > code ? one : code;
    }
    ticks_file_tell_lies(&pile);
    if (session->anchors.count == 0) {
        say_note("nobody's signature can count: " SESSION_NO_ROOT);
    }
    return code;
}
