/* tocsin cosign: one more signature on a record of the store, or of a file from elsewhere, by
 * somebody who has seen what it does. */
#include <string.h>

#include "say/say.h"
#include "tocsin/commands/cosign.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"

enum { OPTION_ALTHOUGH = 0x100 };

/* Whether a record is of a window that goes by these digits.  The store is asked and not
 * the view, which does not show a window that nobody's signature counts for yet. */
static bool of_uid(const struct session *session, const struct record *record, const char *digits,
                   uint32_t *seq)
{
    const struct record_uid *uid = record_uid_of(record);
    if (uid == NULL) {
        return false;
    }
    *seq = record_step_of(record);
    return session_uid_matches(record_root_of(record), uid, digits) &&
           view_find_root(session->view, record_root_of(record)) != NULL;
}

/* Two windows that these digits fit, whoever declared them so, are told apart before any of their
 * records is. */
static int refuse_two_windows(const struct session *session, const char *digits)
{
    char name[2][SESSION_WINDOW_NAME_SIZE];
    const struct record *first = NULL;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        uint32_t seq;
        if (!of_uid(session, record, digits, &seq)) {
            continue;
        }
        first = first == NULL ? record : first;
        if (!record_belongs_to(record, record_root_of(first), record_uid_of(first))) {
            strcpy(name[0],
                   session_name_window(session, record_root_of(first), record_uid_of(first)).text);
            strcpy(
                name[1],
                session_name_window(session, record_root_of(record), record_uid_of(record)).text);
            return say_usage("\"%s\" fits several windows, %s and %s: say which", digits, name[0],
                             name[1]);
        }
    }
    return EXIT_DONE;
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
    int code = refuse_two_windows(session, digits);
    if (code != EXIT_DONE) {
        return code;
    }
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
        return say_no("no record or window \"%s\" is here: take in the file that it came with "
                      "(tocsin join FILE), or sync; \"tocsin status\" shows what waits for you",
                      digits);
    }
    if (found == 0) {
        return say_no("this key has signed all there is of that window; each key counts once");
    }
    if (found == 1) {
        *out = chosen;
        return EXIT_DONE;
    }
    code = say_usage("several records of that window wait for a signature; choose one by id:");
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

/* By words, a number, or a part of the title. */
static int cosign_named(struct session *session, struct cosigning *cosigning, const char *name)
{
    const struct view_window *window = NULL;
    const struct view_entry *entry = NULL;
    int code = session_load(session, false);
    if (code == EXIT_DONE && strpbrk(name, "./") != NULL && !session_names_window(session, name)) {
        return say_usage("%s: no such file, and no window here goes by that name", name);
    }
    if (code == EXIT_DONE) {
        code = session_find_window(session, name, &window);
    }
    if (code == EXIT_DONE) {
        code = choose_of_window(session,
                                session_name_window(session, &window->root, &window->uid).text,
                                &session->signer, &entry);
    }
    return entry != NULL ? cosign_record(session, cosigning, entry) : code;
}

static int cosign(struct session *session, struct cosigning *cosigning, const char *which)
{
    bool may_be_id = session_may_be_id(which);
    if (!may_be_id || incoming_is_file(which)) {
        if (!incoming_is_file(which)) {
            return cosign_named(session, cosigning, which);
        }
        size_t before = cosigning->signed_count + cosigning->declined;
        int code = cosign_file(session, cosigning, which);
        return code == EXIT_DONE && cosigning->signed_count + cosigning->declined == before
                   ? say_no("%s: nothing in it that this key could sign and that lacks signatures",
                            which)
                   : code;
    }
    int code = session_load(session, false); /* afresh: the one before may have changed it */
    if (code != EXIT_DONE) {
        return code;
    }
    const struct view_entry *entry = session_find_record(session, which);
    if (entry == NULL) {
        code = choose_of_window(session, which, &session->signer, &entry);
    }
    return entry != NULL ? cosign_record(session, cosigning, entry) : code;
}

struct arguments {
    const char *although;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    if (key != OPTION_ALTHOUGH) {
        return ARGP_ERR_UNKNOWN;
    }
    arguments->although = options_record(state, "although", arg);
    return 0;
}

static const struct argp_option options[] = {
    {"although", OPTION_ALTHOUGH, "RECORD", 0,
     "Sign this record although its dates contradict its rule", 0},
    {0}};

const struct command_line line_cosign = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "ID|UID|FILE...",
    .missing = "which ID, UID or FILE?",
    .doc = "Reviews a record, asks, and adds a signature to it: its dates are held against its "
           "rule, and what differs from what is in force is shown.\vID is a record's id and UID a "
           "window's uid, or their first 8 digits.  A FILE (a record or a bundle) is taken into "
           "the store first.  Each record is asked about on its own.  Prints the ids of the "
           "records signed.",
};

int cmd_cosign(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    static struct cosigning cosigning;
    cosigning =
        (struct cosigning){.environment = call->environment, .although = arguments->although};
    int code = cosign_as(session);
    cosigning.is_over = code != EXIT_DONE;
    for (size_t i = 0; cosign_goes_on(&cosigning, code) && i < call->count; i++) {
        int one = cosign(session, &cosigning, call->word[i]);
        code = one > code ? one : code;
    }
    int one = cosign_conclude(session, &cosigning);
    return one > code ? one : code;
}
