/* tocsin cosign: one more signature on a record of the store, or of a file from elsewhere, by
 * somebody who has seen what it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say/say.h"
#include "tocsin/commands/cosign.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/news.h"
#include "tocsin/windows/review.h"
#include "tocsin/windows/window.h"

enum { OPTION_ALTHOUGH = 0x100 };

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

static void show_text(const struct session *session, const struct view_entry *entry)
{
    enum { INDENT = 4 };
    char line[2048];
    describe_entry(session, entry, line, sizeof line);
    say_wrapped(stderr, 0, INDENT, "%s", line);
    char signers[HISTORY_SIGNERS_SIZE];
    history_signers(session, entry->record, signers);
    say_wrapped(stderr, 0, INDENT, "signed so far by %s", *signers != '\0' ? signers : "nobody");
    proposal_show_text(session, (const char *)entry->record->bytes, entry->record->size);
}

/* The version in force that a record would change; NULL: none. */
static const struct record *in_force(const struct view_window *window, const struct record *record)
{
    return window != NULL && window->held_count > 0 && window->record != record ? window->record
                                                                                : NULL;
}

static void warn_of_cancel(const struct session *session, const struct view_window *window)
{
    const struct record *cancel =
        window != NULL && window->cancel == NULL ? history_waiting_cancel(session, window) : NULL;
    if (cancel != NULL) {
        char id[RECORD_ID_TEXT_SIZE], signers[HISTORY_SIGNERS_SIZE];
        record_id_write(&cancel->id, id);
        history_signers(session, cancel, signers);
        say_warning("a cancellation of this window waits for signatures: %.16s, signed by %s; "
                    "once it has enough no amendment counts",
                    id, signers);
    }
}

/* As its maker saw it, and against what is in force; *contradicts: its dates are not its rule's. */
static int show_window(const struct session *session, const struct environment *environment,
                       const struct record *record, bool *contradicts)
{
    static struct window_draft draft;
    const struct record_window *is = &record->is.window;
    const struct view_root *root = view_find_root(session->view, &is->root);
    const struct view_window *window = view_find_window(session->view, &is->uid);
    struct plan_review *review = plan_review(is, &environment->rules, session->now_utc);
    draft = (struct window_draft){.record = *record};
    if (review != NULL) {
        draft.plan = plan_of_window(is, &session->leap, review);
    }
    if (draft.plan == NULL) {
        plan_review_free(review);
        return say_outside("out of memory");
    }
    window_preview(session, environment, &draft);
    const struct record *before = in_force(window, record);
    if (before != NULL) {
        (void)review_tell_change(session, environment, &before->is.window, &draft);
    }
    review_tell_step(session, record);
    warn_of_cancel(session, window);
    if (root != NULL) {
        window_judge(session, root, &draft);
    }
    review_tell_dates(session, environment, is, review);
    *contradicts = review->verdict == PLAN_CONTRADICTS;
    plan_free(draft.plan);
    plan_review_free(review);
    return EXIT_DONE;
}

static int show(const struct session *session, const struct environment *environment,
                const struct view_entry *entry, bool *contradicts)
{
    const struct record *record = entry->record;
    int code = EXIT_DONE;
    *contradicts = false;
    show_text(session, entry);
    switch (record->type) {
    case RECORD_WINDOW:
        code = show_window(session, environment, record, contradicts);
        break;
    case RECORD_CANCEL:
        review_tell_cancel(session, environment, record);
        break;
    case RECORD_REVOKE:
        review_tell_revoke(session, &record->is.revoke);
        break;
    case RECORD_ROOT:
        review_tell_root(session, &record->is.root);
        break;
    case RECORD_HEARTBEAT:
        break;
    }
    describe_warn(record, "");
    change_warn_of_rivals(session, record, &session->signer);
    return code == EXIT_DONE ? review_tell_outcome(session, entry, &session->signer) : code;
}

/* Dates that are not what people read in the rule are signed only by whoever names the record. */
static int refuse_contradiction(const struct record *record, const char *although)
{
    if (although != NULL && session_id_matches(&record->id, although)) {
        return EXIT_DONE;
    }
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&record->id, id);
    return say_no("not signed: its dates contradict its rule; if they are right all the same, "
                  "--although %.16s signs it",
                  id);
}

/* What the signatures amount to with the one just made, and what holds the record up all the
 * same. */
static int tell(struct session *session, const struct record_id *id)
{
    char digits[RECORD_ID_TEXT_SIZE], text[DESCRIBE_SIGNED_SIZE];
    record_id_write(id, digits);
    struct news news = {0};
    int code = news_begin(session, &news);
    if (code == EXIT_DONE) {
        code = session_load(session, false);
    }
    const struct view_entry *entry = code == EXIT_DONE ? session_entry_of(session, id) : NULL;
    if (entry != NULL) {
        struct view_standing standing;
        describe_standing(session, entry, &standing);
        describe_signed(&standing, " now", text);
        say_note("%s", text);
        news_tell(session, &news, "now");
        warnings_tell_of(session, id);
    }
    news_end(&news);
    puts(digits);
    return code;
}

static bool is_remembered(const struct cosigning *cosigning, const struct record *record)
{
    const struct record_uid *uid = record_uid_of(record);
    for (size_t i = 0; i < cosigning->about_count; i++) {
        const struct bundle_about *about = &cosigning->about[i];
        if (record_id_equal(&about->root, record_root_of(record)) &&
            about->has_uid == (uid != NULL) &&
            (uid == NULL || record_uid_equal(&about->uid, uid))) {
            return true;
        }
    }
    return false;
}

/* Whether it is new among them. */
static bool remember(struct cosigning *cosigning, const struct record *record)
{
    const struct record_uid *uid = record_uid_of(record);
    if (cosigning->about_count == COSIGN_SUBJECTS_MAX || is_remembered(cosigning, record)) {
        return false;
    }
    struct bundle_about *about = &cosigning->about[cosigning->about_count++];
    *about = (struct bundle_about){.root = *record_root_of(record), .has_uid = uid != NULL};
    if (uid != NULL) {
        about->uid = *uid;
    }
    return true;
}

/* Why this key cannot sign: each of the reasons has its own remedy. */
static int refuse_key(const struct session *session, const struct record *record,
                      const struct record_public_key *key)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    char id[RECORD_KEY_ID_TEXT_SIZE], name[DESCRIBE_ROOT_SIZE];
    record_key_id_write(&key->id, id);
    if (root == NULL) {
        return say_usage("the root of that constellation is not trusted here: \"tocsin join FILE\" "
                         "takes what an organizer sent you");
    }
    if (session_find_revoke(session, root, key) != NULL) {
        return say_usage("the key %s is revoked: what it signs is void", id);
    }
    describe_root(session, root, name);
    return say_usage("the key %s is not an organizer of \"%s\": choose another --key", id, name);
}

/* Questions that need no person come first, so that nobody reads a page about what cannot be
 * signed.  The roots go into the store before the signature: what is signed without the root beside
 * it verifies for nobody else. */
static int sign(struct session *session, struct cosigning *cosigning,
                const struct view_entry *entry)
{
    const struct record_public_key key = session->signer;
    if (view_is_signed_by(entry, &key)) {
        return say_no("this key has signed it already; each key counts once");
    }
    if (history_revokes(entry->record, &key)) {
        return say_usage("a key cannot revoke itself with effect: another organizer must sign");
    }
    if (!history_may_sign(session, entry->record, &key)) {
        return refuse_key(session, entry->record, &key);
    }
    bool contradicts;
    say_hold_warnings();
    int code = show(session, cosigning->environment, entry, &contradicts);
    if (code == EXIT_DONE && contradicts) {
        code = refuse_contradiction(entry->record, cosigning->although);
        cosigning->declined += code != EXIT_DONE;
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (!say_agree("Sign this record?", session->options->yes, &code)) {
        cosigning->declined += code == EXIT_NO;
        cosigning->is_over = code != EXIT_NO;
        return code;
    }
    bool is_new = remember(cosigning, entry->record);
    struct record_id signed_id;
    code = bundle_store_roots(session);
    if (code == EXIT_DONE) {
        code = signer_sign_and_store(session, entry->record->type, entry->record->bytes,
                                     entry->record->size, &signed_id);
    }
    if (code != EXIT_DONE) {
        cosigning->is_over = true;
        cosigning->about_count -= is_new;
        return code;
    }
    cosigning->signed_count++;
    code = tell(session, &signed_id);
    return code == EXIT_DONE ? bundle_save(session, cosigning->about, cosigning->about_count)
                             : code;
}

static bool goes_on(const struct cosigning *cosigning, int code)
{
    return !cosigning->is_over && code != EXIT_OUTSIDE;
}

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
    const struct view_window *window = record->type == RECORD_WINDOW
                                           ? view_find_window(session->view, &record->is.window.uid)
                                           : NULL;
    return window != NULL && window->status == VIEW_CANCELLED &&
           record_id_equal(&window->root, &record->is.window.root);
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
    char id[RECORD_ID_TEXT_SIZE], of_other[RECORD_ID_TEXT_SIZE];
    if (other == NULL) {
        return EXIT_DONE;
    }
    bool is_mine = history_is_mine(session, other);
    cosigning->declined++;
    record_id_write(&record->id, id);
    record_id_write(&other->id, of_other);
    return say_no("%.16s: not signed: %s%.16s%s, which claims the same step, and both together "
                  "contest each other; only \"tocsin cosign %.16s\" asks about it",
                  id, is_mine ? "you have signed " : "", of_other, is_mine ? "" : " is in force",
                  id);
}

/* What another record outvotes is not asked about: signed, it could contest before the other has
 * its signatures. */
static bool is_outvoted(const struct session *session, const struct record *record)
{
    const struct record *by = change_outvoted_by(session, record);
    char id[RECORD_ID_TEXT_SIZE], of_other[RECORD_ID_TEXT_SIZE], signers[HISTORY_SIGNERS_SIZE];
    if (by == NULL) {
        return false;
    }
    record_id_write(&record->id, id);
    record_id_write(&by->id, of_other);
    history_signers(session, by, signers);
    say_note("%.16s is not asked about: %.16s, signed by %s, outvotes it", id, of_other, signers);
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
    while (goes_on(cosigning, code) && stream_next(&stream, &item, &malformed)) {
        struct record_id id;
        record_id_of(item.record, item.record_size, &id);
        const struct view_entry *entry = session_entry_of(session, &id);
        if (wants(session, entry, pass) && !is_outvoted(session, entry->record)) {
            int one = refuse_rival(session, cosigning, entry->record);
            one = one == EXIT_DONE ? sign(session, cosigning, entry) : one;
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
            remember(cosigning, entry->record);
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
    for (enum pass pass = PASS_ROOTS; pass < PASS_COUNT && goes_on(cosigning, code); pass++) {
        int one = cosign_stream(session, cosigning, bytes, size, pass);
        code = one > code ? one : code;
    }
    remember_signed(session, cosigning, bytes, size);
    free(bytes);
    return code;
}

/* By words, a number, or a part of the title. */
static int cosign_named(struct session *session, struct cosigning *cosigning, const char *name)
{
    const struct view_window *window = NULL;
    const struct view_entry *entry = NULL;
    char uid[RECORD_UID_TEXT_SIZE];
    if (strchr(name, '/') != NULL) {
        return say_usage("%s: no such file", name);
    }
    int code = session_load(session, false);
    if (code == EXIT_DONE && strchr(name, '.') != NULL && !session_names_window(session, name)) {
        return say_usage("%s: no such file, and no window here goes by that name", name);
    }
    if (code == EXIT_DONE) {
        code = session_find_window(session, name, &window);
    }
    if (code == EXIT_DONE) {
        record_uid_write(&window->uid, uid);
        code = choose_of_window(session, uid, &session->signer, &entry);
    }
    return entry != NULL ? sign(session, cosigning, entry) : code;
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
    return entry != NULL ? sign(session, cosigning, entry) : code;
}

int cosign_conclude(struct session *session, const struct cosigning *cosigning)
{
    if (cosigning->declined > 0) {
        say_note("%zu signed, %zu declined", cosigning->signed_count, cosigning->declined);
    }
    if (cosigning->signed_count > 0) {
        return agenda_conclude(session, cosigning->about, cosigning->about_count);
    }
    return session->options->out != NULL && cosigning->about_count > 0
               ? agenda_send(session, cosigning->about, cosigning->about_count)
               : EXIT_DONE;
}

/* A signer_fits: of any constellation that is trusted here, in force or to come. */
static bool is_of_any(const struct session *session, const struct record_public_key *key,
                      const void *context)
{
    (void)context;
    for (size_t i = 0; i < session->view->root_count; i++) {
        if (history_may_sign(session, session->view->root[i].newest, key)) {
            return true;
        }
    }
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        if (record->type == RECORD_ROOT && record_is_organizer(&record->is.root, key->key) &&
            history_may_sign(session, record, key)) {
            return true;
        }
    }
    return false;
}

int cosign_as(struct session *session)
{
    struct record_public_key signer;
    int code = session->options->key == NULL ? session_load(session, false) : EXIT_DONE;
    if (code == EXIT_DONE && session->options->key == NULL && session->view->root_count > 0) {
        code = signer_choose(session, is_of_any, NULL, "an organizer of what is trusted here");
    }
    return code == EXIT_DONE ? signer_public(session, &signer) : code;
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
    .least = 1,
    .most = SIZE_MAX,
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
    for (size_t i = 0; goes_on(&cosigning, code) && i < call->count; i++) {
        int one = cosign(session, &cosigning, call->word[i]);
        code = one > code ? one : code;
    }
    int one = cosign_conclude(session, &cosigning);
    return one > code ? one : code;
}
