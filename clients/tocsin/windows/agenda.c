#include "tocsin/windows/agenda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/news.h"

enum { RENEW_DAYS = 60 };

static void add(struct agenda *agenda, struct agenda_item item)
{
    if (!LIST_ROOM(agenda->item, agenda->count, agenda->room)) {
        say_no_memory();
    }
    agenda->item[agenda->count++] = item;
}

/* Whether it waits for one of the keys here, or for others. */
static void add_pending(const struct session *session, struct agenda *agenda,
                        const struct view_root *root, const struct view_window *window,
                        const struct record *record)
{
    const struct view_entry *entry = session_entry_of(session, &record->id);
    struct agenda_item item = {
        .kind = AGENDA_WAIT, .root = root, .window = window, .record = record};
    for (size_t i = 0; entry != NULL && i < agenda->own_count; i++) {
        const struct record_public_key *key = &agenda->own[i].key;
        if (item.kind == AGENDA_WAIT && !view_is_signed_by(entry, key) &&
            !history_revokes(record, key) && history_may_sign(session, record, key)) {
            item.kind = AGENDA_SIGN;
            item.key = agenda->own[i].name;
        }
    }
    add(agenda, item);
}

static bool is_among(const struct view_pending *pending, size_t count, const struct record *record)
{
    for (size_t i = 0; i < count; i++) {
        if (pending[i].record == record) {
            return true;
        }
    }
    return false;
}

static bool is_soon(const struct session *session, instant at)
{
    return instant_since(at, session->now).ns < RENEW_DAYS * NS_PER_DAY;
}

/* The revocation that voids a key, or the version of the root that it is no longer in; NULL: it
 * was never an organizer's. */
static const struct record *lost_by(const struct session *session, const struct view_root *root,
                                    const struct record_public_key *key)
{
    bool was_there = false;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *record = session->set.entry[i].record;
        if (record_id_equal(record_root_of(record), &root->id) &&
            session_is_effective(session, record)) {
            if (history_revokes(record, key)) {
                return record;
            }
            was_there |=
                record->type == RECORD_ROOT && record_is_organizer(&record->is.root, key->key);
        }
    }
    return was_there ? root->newest : NULL;
}

/* Whoever has no key left that counts should not learn it by signing in vain. */
static void look_for_lost_keys(const struct session *session, struct agenda *agenda,
                               const struct view_root *root)
{
    struct agenda_item item = {.kind = AGENDA_REVOKED, .root = root};
    for (size_t i = 0; i < agenda->own_count; i++) {
        const struct record_public_key *key = &agenda->own[i].key;
        const struct record *by = NULL;
        if (history_may_sign(session, root->newest, key)) {
            return;
        }
        by = lost_by(session, root, key);
        if (by != NULL) {
            item.record = by;
            item.key = agenda->own[i].name;
        }
    }
    if (item.key != NULL) {
        add(agenda, item);
    }
}

static void add_open(const struct session *session, struct agenda *agenda,
                     const struct view_root *root, const struct view_window *window)
{
    const struct record *in_force = window != NULL ? window->record : root->newest;
    const struct record *open;
    size_t at = 0;
    while ((open = change_next_open(session, in_force, &at)) != NULL) {
        add(agenda, (struct agenda_item){
                        .kind = AGENDA_OPEN, .root = root, .window = window, .record = open});
    }
}

/* The next versions that froze a root. */
static void look_at_forks(const struct session *session, struct agenda *agenda,
                          const struct view_root *root)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct view_entry *entry = &session->set.entry[i];
        const struct record_root *is = &entry->record->is.root;
        struct view_standing standing;
        if (entry->record->type == RECORD_ROOT && is->has_prev &&
            record_id_equal(&is->prev, &root->newest->id) &&
            view_standing(session->view, entry, &standing) && standing.count >= standing.needed &&
            standing.before >= standing.before_needed) {
            add(agenda,
                (struct agenda_item){.kind = AGENDA_SETTLE, .root = root, .record = entry->record});
        }
    }
}

/* Whether a window of it has nothing ahead but what its end cuts off. */
static bool is_waited_for(const struct session *session, const struct view_root *root)
{
    bool is = false;
    for (size_t i = 0; i < session->view->window_count; i++) {
        const struct view_window *window = &session->view->window[i];
        is = is ||
             (record_id_equal(&window->root, &root->id) && history_waits_for_root(session, window));
    }
    return is;
}

static void look_at_root(const struct session *session, struct agenda *agenda,
                         const struct view_root *root)
{
    look_for_lost_keys(session, agenda, root);
    add_open(session, agenda, root, NULL);
    if (root->is_frozen && root->why.kind == FACT_ROOT_FORKED) {
        look_at_forks(session, agenda, root);
    }
    if (root->is_tentative && !is_among(root->pending, root->pending_count, root->newest) &&
        session_entry_of(session, &root->newest->id) != NULL) {
        add_pending(session, agenda, root, NULL, root->newest);
    }
    for (size_t i = 0; i < root->pending_count; i++) {
        add_pending(session, agenda, root, NULL, root->pending[i].record);
    }
    instant ends = root->newest->is.root.expires;
    if (is_soon(session, ends) || is_waited_for(session, root)) {
        add(agenda, (struct agenda_item){.kind = AGENDA_RENEW, .root = root, .at = ends});
    }
    struct view_freshness fresh = view_freshness(root, session->now);
    if (fresh.is_stale) {
        add(agenda, (struct agenda_item){.kind = AGENDA_OVERDUE, .root = root, .at = fresh.until});
    }
}

static void look_at_versions(struct agenda *agenda, const struct view_root *root,
                             const struct view_window *window)
{
    const struct record *last =
        window->held_count > 0 ? window->held[window->held_count - 1] : NULL;
    for (size_t i = 0; last != NULL && i < window->held_count; i++) {
        if (window->held[i]->is.window.seq == last->is.window.seq) {
            add(agenda, (struct agenda_item){.kind = AGENDA_SETTLE,
                                             .root = root,
                                             .window = window,
                                             .record = window->held[i]});
        }
    }
}

/* A series whose last date is near: its makers may want to prolong it. */
static bool ends_soon(const struct session *session, const struct view_window *window, instant *at)
{
    if (window->status != VIEW_CONFIRMED || window->occurrence_count < 2) {
        return false;
    }
    *at = window->occurrence[window->occurrence_count - 1].end;
    return is_soon(session, *at);
}

/* What people who had it in mind would come to, if nobody told them. */
static const struct view_occurrence *called_off(const struct session *session,
                                                const struct view_window *window)
{
    for (size_t i = 0; window->record != NULL && i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        if (!one->is_off && instant_compare(one->end, session->now) > 0) {
            return one;
        }
    }
    return NULL;
}

/* A window may want several things at once, each a line of its own; one that is over asks for
 * nothing any more, but that it was called off is told to those who would have come. */
static void look_at_window(const struct session *session, struct agenda *agenda,
                           const struct view_window *window)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    bool is_over = window->status == VIEW_CANCELLED || window->status == VIEW_EXPIRED;
    for (size_t i = 0; !is_over && i < window->pending_count; i++) {
        add_pending(session, agenda, root, window, window->pending[i].record);
    }
    if (window->status == VIEW_CONTESTED) {
        look_at_versions(agenda, root, window);
    }
    if (window->status == VIEW_CONFIRMED) {
        add_open(session, agenda, root, window);
    }
    const struct view_occurrence *off =
        window->status == VIEW_CANCELLED ? called_off(session, window) : NULL;
    if (off != NULL && window->cancel != NULL) {
        add(agenda, (struct agenda_item){.kind = AGENDA_OFF,
                                         .root = root,
                                         .window = window,
                                         .record = window->cancel,
                                         .next = off});
    }
    instant at;
    if (ends_soon(session, window, &at)) {
        add(agenda,
            (struct agenda_item){.kind = AGENDA_RENEW, .root = root, .window = window, .at = at});
    }
    const struct view_occurrence *next = view_next_occurrence(window, session->now);
    if (next != NULL && window->record != NULL && !is_over) {
        add(agenda, (struct agenda_item){.kind = AGENDA_NEXT,
                                         .root = root,
                                         .window = window,
                                         .record = next->record,
                                         .next = next});
    }
}

/* What waits for signatures: keys first, then what is in force already, then drafts, of which one
 * key can sign a thousand. */
static int rank_of(const struct agenda_item *item)
{
    bool waits = item->kind == AGENDA_SIGN || item->kind == AGENDA_WAIT;
    return !waits || item->window == NULL ? 0 : item->window->status != VIEW_TENTATIVE ? 1 : 2;
}

/* By kind and rank; what comes next by its start; then by ids, so that the order is always the
 * same. */
static int by_kind(const void *a, const void *b)
{
    const struct agenda_item *x = a, *y = b;
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (rank_of(x) != rank_of(y)) {
        return rank_of(x) - rank_of(y);
    }
    int order =
        x->next != NULL && y->next != NULL ? instant_compare(x->next->start, y->next->start) : 0;
    order = order == 0 && x->window != NULL && y->window != NULL
                ? memcmp(&x->window->uid, &y->window->uid, sizeof x->window->uid)
                : order;
    return order == 0 && x->record != NULL && y->record != NULL
               ? record_id_compare(&x->record->id, &y->record->id)
               : order;
}

int agenda_make(const struct session *session, struct agenda *out)
{
    *out = (struct agenda){0};
    int code = signer_list_own(session, &out->own, &out->own_count);
    for (size_t i = 0; code == EXIT_DONE && i < session->view->root_count; i++) {
        look_at_root(session, out, &session->view->root[i]);
    }
    for (size_t i = 0; code == EXIT_DONE && i < session->view->window_count; i++) {
        look_at_window(session, out, &session->view->window[i]);
    }
    if (code != EXIT_DONE) {
        agenda_free(out);
    } else if (out->count > 0) {
        qsort(out->item, out->count, sizeof *out->item, by_kind);
    }
    return code;
}

void agenda_free(struct agenda *agenda)
{
    free(agenda->item);
    free(agenda->own);
    *agenda = (struct agenda){0};
}

/* What a person types next, ready to be pasted: status, JSON and the lines after a signature tell
 * the same one.  Empty: there is nothing to type. */
void agenda_command(const struct session *session, const struct agenda *agenda,
                    const struct agenda_item *item, char out[static AGENDA_COMMAND_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE] = "", name[SESSION_WINDOW_NAME_SIZE] = "";
    if (item->record != NULL) {
        record_id_write(&item->record->id, id);
    }
    if (item->window != NULL) {
        strcpy(name, session_name_window(session, &item->window->root, &item->window->uid).text);
    }
    *out = '\0';
    switch (item->kind) {
    case AGENDA_SIGN:
        snprintf(out, AGENDA_COMMAND_SIZE, "tocsin cosign %.16s%s%.64s", id,
                 agenda->own_count > 1 ? " --key " : "", agenda->own_count > 1 ? item->key : "");
        break;
    case AGENDA_WAIT:
        snprintf(out, AGENDA_COMMAND_SIZE, "tocsin %s%s --out FILE",
                 item->window != NULL ? "show " : "root show", name);
        break;
    case AGENDA_REVOKED:
        snprintf(out, AGENDA_COMMAND_SIZE, "tocsin key new NAME");
        break;
    case AGENDA_OPEN:
        if (item->window != NULL) {
            snprintf(out, AGENDA_COMMAND_SIZE, "tocsin amend %s", name);
        } else {
            record_id_write(&item->root->newest->id, id);
            snprintf(out, AGENDA_COMMAND_SIZE, "tocsin root show --take %.16s --out FILE", id);
        }
        break;
    case AGENDA_SETTLE:
        if (item->window == NULL) {
            snprintf(out, AGENDA_COMMAND_SIZE, "tocsin root show --take %.16s --out FILE", id);
            break;
        }
        snprintf(out, AGENDA_COMMAND_SIZE, "tocsin amend %s --take %.16s", name, id);
        break;
    case AGENDA_RENEW:
        if (item->window != NULL) {
            snprintf(out, AGENDA_COMMAND_SIZE, "tocsin amend %s --horizon 2y", name);
        } else {
            snprintf(out, AGENDA_COMMAND_SIZE, "tocsin root rotate");
        }
        break;
    case AGENDA_OVERDUE:
        snprintf(out, AGENDA_COMMAND_SIZE, "tocsin sync SOURCE");
        break;
    case AGENDA_OFF:
    case AGENDA_NEXT:
        break;
    }
}

void agenda_revoked(const struct session *session, const struct agenda_item *item,
                    char out[static AGENDA_REVOKED_SIZE])
{
    const struct record_root *is = &item->root->newest->is.root;
    const struct history_names left = history_organizers(session, item->root, false, NULL, 0);
    snprintf(out, AGENDA_REVOKED_SIZE,
             "your key %s %s \"%s\", by %s: nothing that it signs counts; left are %s, of whom %u "
             "must sign",
             item->key,
             item->record->type == RECORD_REVOKE ? "is revoked in"
                                                 : "is no organizer's any more of",
             describe_root(session, item->root).text, history_signers(session, item->record).text,
             *left.text != '\0' ? left.text : "none", is->threshold);
}

/* What an item is about, as people call it: amendment "A minute". */
enum { SUBJECT_SIZE = DESCRIBE_ROOT_SIZE + DESCRIBE_KIND_SIZE + CHANGE_BRIEF_SIZE + 8 };
static void subject_of(const struct session *session, const struct agenda_item *item,
                       char out[static SUBJECT_SIZE])
{
    char what[DESCRIBE_KIND_SIZE], title[DESCRIBE_ROOT_SIZE] = "", brief[CHANGE_BRIEF_SIZE] = "";
    describe_kind(item->record, what);
    if (item->record->type == RECORD_WINDOW) {
        strcpy(title, describe_title(&item->record->is.window).text);
    } else if (item->window != NULL && item->window->record != NULL) {
        strcpy(title, describe_title(&item->window->record->is.window).text);
    } else {
        strcpy(title, describe_root(session, item->root).text);
    }
    if (item->record->type != RECORD_WINDOW || item->record->is.window.seq > 0) {
        change_brief(session, item->record, brief);
    }
    snprintf(out, SUBJECT_SIZE, "%s \"%s\"%s%s%s", what, title, *brief != '\0' ? " (" : "", brief,
             *brief != '\0' ? ")" : "");
}

static void tell_waiting(const struct session *session, const struct agenda *agenda,
                         const struct agenda_item *item)
{
    char subject[SUBJECT_SIZE], command[AGENDA_COMMAND_SIZE];
    subject_of(session, item, subject);
    agenda_command(session, agenda, item, command);
    if (item->kind == AGENDA_SIGN) {
        say_note("waits for your signature: %s: %s", subject, command);
        return;
    }
    struct view_standing standing = {0};
    const struct view_entry *entry = session_entry_of(session, &item->record->id);
    char signed_by[DESCRIBE_SIGNED_SIZE];
    if (entry != NULL) {
        describe_standing(session, entry, &standing);
    }
    describe_signed(&standing, "", signed_by);
    const struct history_names others = history_others(session, item->record);
    say_note("waits for %s: %s, %s",
             *others.text != '\0' ? others.text : "nobody whose key still counts", subject,
             signed_by);
}

/* The next that will happen. */
static void tell_next(const struct session *session, const struct agenda *agenda)
{
    for (size_t i = 0; i < agenda->count; i++) {
        const struct agenda_item *item = &agenda->item[i];
        if (item->kind == AGENDA_NEXT && item->window->status == VIEW_CONFIRMED) {
            char start[HERE_SENTENCE_SIZE], until[TIMES_UNTIL_SIZE];
            here_sentence(session, &item->record->is.window, item->next, start);
            times_until(instant_since(item->next->start, session->now), until);
            say_note("next: \"%s\", %s, %s%s", describe_title(&item->record->is.window).text, start,
                     until,
                     history_waiting_cancel(session, item->window) != NULL
                         ? " (a cancellation waits)"
                         : "");
            return;
        }
    }
}

/* A key here that counts no longer, and who is left. */
static void tell_revoked(const struct session *session, const struct agenda_item *item)
{
    char sentence[AGENDA_REVOKED_SIZE];
    agenda_revoked(session, item, sentence);
    say_warning("%s", sentence);
}

void agenda_tell(const struct session *session)
{
    enum { SHOWN = 5 };
    struct agenda agenda;
    if (agenda_make(session, &agenda) != EXIT_DONE) {
        return;
    }
    size_t count = 0, shown = session->options->full ? SIZE_MAX : SHOWN;
    for (size_t i = 0; i < agenda.count; i++) {
        const struct agenda_item *item = &agenda.item[i];
        if (item->kind == AGENDA_REVOKED) {
            tell_revoked(session, item);
        }
        if ((item->kind == AGENDA_SIGN || item->kind == AGENDA_WAIT) && count++ < shown) {
            tell_waiting(session, &agenda, item);
        }
    }
    if (count > shown) {
        say_note("and %zu more: tocsin status", count - shown);
    }
    tell_next(session, &agenda);
    agenda_free(&agenda);
}

/* For whom what is sent is above all: those who could sign the first record of it that wants
 * more. */
static void write_whom(const struct session *session, const struct agenda *agenda,
                       const struct bundle_about *about, size_t count,
                       char out[static HISTORY_SIGNERS_SIZE])
{
    snprintf(out, HISTORY_SIGNERS_SIZE, "the others");
    for (size_t i = 0; i < agenda->count; i++) {
        const struct agenda_item *item = &agenda->item[i];
        bool waits = item->kind == AGENDA_SIGN || item->kind == AGENDA_WAIT;
        for (size_t k = 0; waits && k < count; k++) {
            if (record_belongs_to(item->record, &about[k].root,
                                  about[k].has_uid ? &about[k].uid : NULL)) {
                strcpy(out, history_others(session, item->record).text);
                if (*out == '\0') {
                    snprintf(out, HISTORY_SIGNERS_SIZE, "the others");
                }
                return;
            }
        }
    }
}

int agenda_send(struct session *session, const struct bundle_about *about, size_t count)
{
    struct agenda agenda;
    char whom[HISTORY_SIGNERS_SIZE];
    int code = agenda_make(session, &agenda);
    if (code == EXIT_DONE) {
        write_whom(session, &agenda, about, count, whom);
        code = bundle_send(session, about, count, whom);
        agenda_free(&agenda);
    }
    return code;
}

int agenda_conclude(struct session *session, const struct bundle_about *about, size_t count)
{
    int code = news_reload(session);
    if (code == EXIT_DONE) {
        code = agenda_send(session, about, count);
    }
    if (code == EXIT_DONE) {
        agenda_tell(session);
    }
    return code;
}

int agenda_conclude_one(struct session *session, const struct record *record)
{
    const struct bundle_about about = bundle_about_of(record);
    return agenda_conclude(session, &about, 1);
}
