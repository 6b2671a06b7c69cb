#include "tocsin/commands/cosign.h"

#include <stdio.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/load.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/news.h"
#include "tocsin/windows/review.h"
#include "tocsin/windows/window.h"

static void show_text(const struct session *session, const struct view_entry *entry)
{
    enum { INDENT = 4 };
    char line[2048];
    describe_entry(session, entry, line, sizeof line);
    say_wrapped(stderr, 0, INDENT, "%s", line);
    const struct history_names signers = history_signers(session, entry->record);
    say_wrapped(stderr, 0, INDENT, "signed so far by %s",
                *signers.text != '\0' ? signers.text : "nobody");
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
        say_warning("a cancellation of this window waits for signatures: %.16s, signed by %s; "
                    "once it has enough no amendment counts",
                    record_id_text(&cancel->id).text, history_signers(session, cancel).text);
    }
}

/* As its maker saw it, and against what is in force; *contradicts: its dates are not its rule's. */
static void show_window(const struct session *session, const struct environment *environment,
                        const struct record *record, bool *contradicts)
{
    static struct window_draft draft;
    const struct record_window *is = &record->is.window;
    const struct view_root *root = view_find_root(session->view, &is->root);
    const struct view_window *window = view_window_of(session->view, record);
    struct plan_review *review = say_memory(plan_review(is, &environment->rules, session->now_utc));
    draft = (struct window_draft){.record = *record,
                                  .plan = say_memory(plan_of_window(is, &session->leap, review))};
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
}

static void show(const struct session *session, const struct environment *environment,
                 const struct view_entry *entry, bool *contradicts)
{
    const struct record *record = entry->record;
    *contradicts = false;
    show_text(session, entry);
    switch (record->type) {
    case RECORD_WINDOW:
        show_window(session, environment, record, contradicts);
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
    describe_warn(record);
    change_warn_of_rivals(session, record, &session->signer);
    review_tell_outcome(session, entry, &session->signer);
}

/* Dates that are not what people read in the rule are signed only by whoever names the record. */
static int refuse_contradiction(const struct record *record, const char *although)
{
    if (although != NULL && session_id_matches(&record->id, although)) {
        return EXIT_DONE;
    }
    return say_no("not signed: its dates contradict its rule; if they are right all the same, "
                  "--although %.16s signs it",
                  record_id_text(&record->id).text);
}

/* What the signatures amount to with the one just made, and what holds the record up all the
 * same. */
static int tell(struct session *session, const struct record_id *id)
{
    char text[DESCRIBE_SIGNED_SIZE];
    struct news news = news_begin(session);
    int code = session_load(session, false);
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
    puts(record_id_text(id).text);
    return code;
}

bool cosign_remember(struct cosigning *cosigning, const struct record *record)
{
    const struct bundle_about about = bundle_about_of(record);
    bool is_new = cosigning->about_count < COSIGN_SUBJECTS_MAX;
    for (size_t i = 0; i < cosigning->about_count; i++) {
        const struct bundle_about *known = &cosigning->about[i];
        is_new &= !record_id_equal(&known->root, &about.root) || known->has_uid != about.has_uid ||
                  !record_uid_equal(&known->uid, &about.uid);
    }
    if (is_new) {
        cosigning->about[cosigning->about_count++] = about;
    }
    return is_new;
}

/* Why this key cannot sign: each of the reasons has its own remedy. */
static int refuse_key(const struct session *session, const struct record *record,
                      const struct record_public_key *key)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&key->id, id);
    if (root == NULL) {
        return say_usage("the root of that constellation is not trusted here: \"tocsin join FILE\" "
                         "takes what an organizer sent you");
    }
    if (session_find_revoke(session, root, key) != NULL) {
        return say_usage("the key %s is revoked: what it signs is void", id);
    }
    return say_usage("the key %s is not an organizer of \"%s\": choose another --key", id,
                     describe_root(session, root).text);
}

/* Questions that need no person come first, so that nobody reads a page about what cannot be
 * signed.  The roots go into the store before the signature: what is signed without the root beside
 * it verifies for nobody else. */
int cosign_record(struct session *session, struct cosigning *cosigning,
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
    show(session, cosigning->environment, entry, &contradicts);
    int code = contradicts ? refuse_contradiction(entry->record, cosigning->although) : EXIT_DONE;
    if (code != EXIT_DONE) {
        cosigning->declined++;
        return code;
    }
    if (!say_agree("Sign this record?", session->options->yes, &code)) {
        cosigning->declined += code == EXIT_NO;
        cosigning->is_over = code != EXIT_NO;
        return code;
    }
    bool is_new = cosign_remember(cosigning, entry->record);
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

bool cosign_goes_on(const struct cosigning *cosigning, int code)
{
    return !cosigning->is_over && code != EXIT_OUTSIDE;
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
