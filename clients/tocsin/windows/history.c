#include "tocsin/windows/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/session/signer.h"
#include "words/words.h"

static void add_head(struct history *out, const struct record *record)
{
    uint32_t seq = record->is.window.seq;
    if (out->prev_count > 0 && seq + 1 < out->next_seq) {
        return;
    }
    if (seq + 1 > out->next_seq) {
        out->prev_count = 0;
        out->next_seq = seq + 1;
    }
    if (out->prev_count < HISTORY_HEADS_MAX) {
        out->prev[out->prev_count++] = record->id;
    }
    out->content = record;
}

static int refuse_cancelled(const struct session *session, const struct view_window *window)
{
    if (window->status == VIEW_CANCELLED) {
        return say_no("this window is cancelled, and a cancellation is final: declare a new one");
    }
    return say_no("a cancellation of this window is held, %.16s, but does not act on what is "
                  "locked; it will once one organizer more has signed it: %s",
                  record_id_text(&window->cancel->id).text,
                  history_advice(session, window->cancel).text);
}

/* Whether a lock begins so soon that no beacon may tell of a change before it does. */
static bool is_too_near(const struct session *session, const struct view_root *root,
                        const struct view_occurrence *next)
{
    const int64_t told_after = INT64_C(20) * 60 * NS_PER_S; /* beacons take ten minutes */
    instant begins;
    return next->lock == LOCK_AHEAD &&
           instant_add(next->start, (span){-root->newest->is.root.lock.ns - told_after}, &begins) &&
           instant_compare(begins, session->now) <= 0;
}

void history_tell_next(const struct session *session, const struct view_root *root, bool is_locked,
                       const struct record *record)
{
    uint32_t threshold = root->newest->is.root.threshold;
    const struct view_window *window = is_locked ? view_window_of(session->view, record) : NULL;
    const struct view_occurrence *next =
        window != NULL ? view_next_occurrence(window, session->now) : NULL;
    if (next != NULL && next->lock == LOCK_ON) {
        say_note("the next start is locked: this acts on it when %u organizers have signed, on "
                 "later ones when %u have",
                 window->lock.number, threshold);
        return;
    }
    if (next != NULL && is_too_near(session, root, next)) {
        say_warning("the next start is locked in less than 20 minutes: if the beacons do not tell "
                    "of this before, it acts on it only when %u organizers have signed",
                    threshold + 1);
    }
    if (threshold > 1) {
        say_note("takes effect when %u organizers have signed", threshold);
    }
}

/* A version of the step in force that still waits would contest it on the day when it gets its
 * signatures: named among what is replaced, it never will. */
static void outvote(const struct session *session, const struct view_window *window,
                    struct history *out)
{
    for (size_t i = 0; i < session->set.entry_count && out->prev_count < HISTORY_HEADS_MAX; i++) {
        const struct view_entry *entry = &session->set.entry[i];
        const struct record *record = entry->record;
        struct view_standing standing;
        if (record->type == RECORD_WINDOW && record->is.window.seq + 1 == out->next_seq &&
            record_belongs_to(record, &window->root, &window->uid) &&
            !session_is_effective(session, record) &&
            view_standing(session->view, entry, &standing) && standing.count > 0) {
            out->prev[out->prev_count++] = record->id;
            out->outvoted[out->outvoted_count++] = record->id;
        }
    }
}

void history_tell_outvoted(const struct session *session, const struct view_root *root,
                           const struct history *history)
{
    uint32_t threshold = root->newest->is.root.threshold;
    for (size_t i = 0; i < history->outvoted_count; i++) {
        const struct view_entry *entry = session_entry_of(session, &history->outvoted[i]);
        char id[RECORD_ID_TEXT_SIZE], signers[HISTORY_SIGNERS_SIZE] = "";
        record_id_write(&history->outvoted[i], id);
        if (entry != NULL) {
            strcpy(signers, history_signers(session, entry->record).text);
        }
        if (threshold > 1) {
            say_note("once this has its %u signatures, %.16s, signed by %s, no longer counts; "
                     "until then nobody should sign it",
                     threshold, id, signers);
        } else {
            say_note("%.16s, signed by %s, no longer counts, whoever signs it later", id, signers);
        }
    }
}

int history_find(const struct session *session, const struct view_window *window,
                 struct history *out)
{
    if (window->cancel != NULL) {
        return refuse_cancelled(session, window);
    }
    *out = (struct history){0};
    for (size_t i = 0; i < window->held_count; i++) {
        add_head(out, window->held[i]);
    }
    if (out->prev_count == 0) {
        for (size_t i = 0; i < session->set.entry_count; i++) {
            const struct record *record = session->set.entry[i].record;
            if (record->type == RECORD_WINDOW &&
                record_uid_equal(&record->is.window.uid, &window->uid) &&
                record_id_equal(record_root_of(record), &window->root)) {
                add_head(out, record);
            }
        }
        if (out->prev_count == 0) {
            return say_no("the store has no declaration of this window");
        }
        say_warning("this window is not confirmed yet: its declaration still lacks signatures");
    }
    if (window->record != NULL && (window->held_count == 0 || window->status == VIEW_CONTESTED)) {
        out->content = window->record; /* else the newest, also where a lock keeps an older one */
    }
    if (window->held_count > 0) {
        outvote(session, window, out);
    }
    qsort(out->prev, out->prev_count, sizeof *out->prev, record_by_id);
    if (out->prev_count - out->outvoted_count > 1) {
        say_note("%zu versions contest each other: this settles it",
                 out->prev_count - out->outvoted_count);
    }
    return EXIT_DONE;
}

int history_take(const struct session *session, const struct view_window *window,
                 const char *digits, struct history *out)
{
    const struct view_entry *entry = session_find_record(session, digits);
    if (entry == NULL || entry->record->type != RECORD_WINDOW ||
        !record_belongs_to(entry->record, &window->root, &window->uid) ||
        record_uid_of(entry->record) == NULL) {
        return say_no("%s is no version of this window here: \"tocsin show\" has their ids",
                      digits);
    }
    out->content = entry->record;
    return EXIT_DONE;
}

bool history_is_mine(const struct session *session, const struct record *record)
{
    const struct view_entry *entry = session_entry_of(session, &record->id);
    return entry != NULL && session->has_signer && view_is_signed_by(entry, &session->signer);
}

const struct record *history_waiting_cancel(const struct session *session,
                                            const struct view_window *window)
{
    const struct view_pending *best = NULL;
    for (size_t i = 0; i < window->pending_count; i++) {
        const struct view_pending *one = &window->pending[i];
        if (one->record->type == RECORD_CANCEL &&
            (best == NULL || one->signature_count > best->signature_count ||
             (one->signature_count == best->signature_count &&
              history_is_mine(session, best->record) && !history_is_mine(session, one->record)))) {
            best = one;
        }
    }
    return best != NULL ? best->record : NULL;
}

const struct record *history_cancel(const struct session *session, const struct view_window *window)
{
    return window->cancel != NULL ? window->cancel : history_waiting_cancel(session, window);
}

struct text history_organizer(const struct view_root *root, const struct record_public_key *key)
{
    const struct record_root *is = &root->newest->is.root;
    const struct record_key *named = record_key_find(is->organizer, is->organizer_count, key->key);
    return named != NULL ? named->name : (struct text){NULL, 0};
}

void history_near(const struct record_root *is, const char *name,
                  char out[static HISTORY_NEAR_SIZE])
{
    char best[1024] = "";
    *out = '\0';
    for (size_t i = 0; i < is->organizer_count; i++) {
        char one[1024];
        record_unescape(is->organizer[i].name, one, sizeof one);
        if (words_nearer(name, strlen(name), *best != '\0' ? best : NULL, one) == one) {
            memcpy(best, one, sizeof best);
            snprintf(out, HISTORY_NEAR_SIZE, ": did you mean \"%s\"?", best);
        }
    }
}

bool history_revokes(const struct record *record, const struct record_public_key *key)
{
    return record->type == RECORD_REVOKE &&
           memcmp(record->is.revoke.key.key, key->key, sizeof key->key) == 0;
}

bool history_may_sign(const struct session *session, const struct record *record,
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

struct history_advice history_advice(const struct session *session, const struct record *record)
{
    struct history_advice out;
    const struct view_entry *entry = session_entry_of(session, &record->id);
    const struct record_uid *uid = record_uid_of(record);
    struct signer_own *own = NULL;
    size_t count = 0;
    bool is_mine_to_sign = false;
    if (signer_list_own(session, &own, &count) == EXIT_DONE) {
        for (size_t i = 0; entry != NULL && i < count; i++) {
            is_mine_to_sign |= !view_is_signed_by(entry, &own[i].key) &&
                               !history_revokes(record, &own[i].key) &&
                               history_may_sign(session, record, &own[i].key);
        }
    }
    free(own);
    if (is_mine_to_sign) {
        snprintf(out.text, sizeof out.text, "tocsin cosign %.16s",
                 record_id_text(&record->id).text);
    } else if (uid != NULL) {
        snprintf(out.text, sizeof out.text,
                 "send them what \"tocsin show %s --out FILE\" writes; they type: tocsin join FILE",
                 session_name_window(session, record_root_of(record), uid).text);
    } else {
        snprintf(
            out.text, sizeof out.text,
            "send them what \"tocsin root show --out FILE\" writes; they type: tocsin join FILE");
    }
    return out;
}

/* A list of names, cut with dots where it is too long. */
struct names {
    struct history_names list;
    size_t len;
    bool is_cut;
};

static void add_name(struct names *names, struct text name)
{
    const char *comma = names->len > 0 ? ", " : "";
    if (names->is_cut) {
        return;
    }
    if (names->len + name.len + sizeof ", ..." > sizeof names->list.text) {
        snprintf(names->list.text + names->len, sizeof names->list.text - names->len, "%s...",
                 comma);
        names->is_cut = true;
        return;
    }
    names->len +=
        (size_t)snprintf(names->list.text + names->len, sizeof names->list.text - names->len,
                         "%s%.*s", comma, (int)name.len, name.at);
}

static void add_note(struct names *names, const char *note)
{
    if (!names->is_cut && names->len + strlen(note) + sizeof ", ..." <= sizeof names->list.text) {
        strcpy(names->list.text + names->len, note);
        names->len += strlen(note);
    }
}

struct history_names history_organizers(const struct session *session, const struct view_root *root,
                                        bool is_revoked, const struct record_public_key *but,
                                        size_t but_count)
{
    const struct record_root *is = &root->newest->is.root;
    struct names names = {.len = 0};
    for (size_t i = 0; i < is->organizer_count; i++) {
        const struct record_key *one = &is->organizer[i];
        if ((session_find_revoke(session, root, &one->public) != NULL) == is_revoked &&
            !record_key_is_among(but, but_count, one->public.key)) {
            add_name(&names, one->name);
        }
    }
    return names.list;
}

struct text history_organizer_once(const struct session *session, const struct view_root *root,
                                   const struct record_public_key *key)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        const struct record_root *is = &record->is.root;
        if (record->type == RECORD_ROOT && record_id_equal(record_root_of(record), &root->id) &&
            session_is_effective(session, record)) {
            const struct record_key *named =
                record_key_find(is->organizer, is->organizer_count, key->key);
            if (named != NULL) {
                return named->name;
            }
        }
    }
    return (struct text){NULL, 0};
}

struct history_names history_signers_of(const struct session *session,
                                        const struct view_entry *entry)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(entry->record));
    struct names names = {.len = 0};
    for (size_t i = 0; root != NULL && i < entry->signer_count; i++) {
        struct text name = history_organizer(root, &entry->signer[i]);
        char id[RECORD_KEY_ID_TEXT_SIZE];
        bool has_left = name.len == 0;
        if (has_left) {
            name = history_organizer_once(session, root, &entry->signer[i]);
        }
        if (name.len == 0) {
            record_key_id_write(&entry->signer[i].id, id);
            name = text_of(id);
            has_left = false;
        }
        add_name(&names, name);
        if (session_find_revoke(session, root, &entry->signer[i]) != NULL) {
            add_note(&names, " (revoked)");
        } else if (has_left) {
            add_note(&names, " (has left)");
        }
    }
    return names.list;
}

struct history_names history_signers(const struct session *session, const struct record *record)
{
    const struct view_entry *entry = session_entry_of(session, &record->id);
    return entry != NULL ? history_signers_of(session, entry) : (struct history_names){""};
}

bool history_waits_for_root(const struct session *session, const struct view_window *window)
{
    bool waits = false;
    if (window->status != VIEW_CONFIRMED || view_next_occurrence(window, session->now) != NULL) {
        return false;
    }
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        waits = waits || (!one->is_off && one->state == OCCURRENCE_EXPIRED &&
                          instant_compare(one->start, session->now) > 0 &&
                          instant_compare(one->start, one->record->is.window.expires) < 0);
    }
    return waits;
}

struct history_names history_others(const struct session *session, const struct record *record)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    const struct view_entry *entry = session_entry_of(session, &record->id);
    struct names names = {.len = 0};
    const struct record_root *lists[] = {
        root != NULL ? &root->newest->is.root : NULL,
        record->type == RECORD_ROOT && (root == NULL || root->newest != record) ? &record->is.root
                                                                                : NULL};
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; lists[l] != NULL && i < lists[l]->organizer_count; i++) {
            const struct record_key *one = &lists[l]->organizer[i];
            bool is_told =
                l == 1 && lists[0] != NULL && record_is_organizer(lists[0], one->public.key);
            bool has_signed = entry != NULL && view_is_signed_by(entry, &one->public);
            if (!is_told && !has_signed && !history_revokes(record, &one->public) &&
                history_may_sign(session, record, &one->public)) {
                add_name(&names, one->name);
            }
        }
    }
    return names.list;
}
