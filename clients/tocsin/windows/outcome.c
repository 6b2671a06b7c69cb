/* What one signature more would bring about: the view is built with it, and held against the one
 * without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

/* The view as if key had signed entry. */
static struct view *suppose(const struct session *session, const struct view_entry *entry,
                            const struct record_public_key *key)
{
    size_t count = session->set.entry_count;
    struct view_entry *entries = say_memory(calloc(count + 1, sizeof *entries));
    struct record_public_key *signer = say_memory(calloc(entry->signer_count + 1, sizeof *signer));
    struct view *view = NULL;
    for (size_t i = 0; i < entry->signer_count; i++) {
        signer[i] = entry->signer[i];
    }
    signer[entry->signer_count] = *key;
    for (size_t i = 0; i < count; i++) {
        entries[i] = session->set.entry[i];
        if (entries[i].record == entry->record) {
            entries[i].signer = signer;
            entries[i].signer_count = entry->signer_count + 1;
        }
    }
    if (!view_build(entries, count, session->anchors.anchor, session->anchors.count, session->now,
                    &view)) {
        say_no_memory();
    }
    free(signer);
    free(entries);
    return view;
}

static const struct view_window *find(const struct view *view, const struct view_window *like)
{
    for (size_t i = 0; i < view->window_count; i++) {
        if (record_uid_equal(&view->window[i].uid, &like->uid) &&
            record_id_equal(&view->window[i].root, &like->root)) {
            return &view->window[i];
        }
    }
    return NULL;
}

enum { NAME_SIZE = DESCRIBE_TITLE_SIZE + 16 };

/* 1234abcd "A minute": several may have one title. */
static void name_of(const struct view_window *before, const struct view_window *after,
                    char out[static NAME_SIZE])
{
    const struct view_window *from = after != NULL && after->record != NULL ? after : before;
    snprintf(out, NAME_SIZE, "%.8s \"%s\"",
             record_uid_text(after != NULL ? &after->uid : &before->uid).text,
             from != NULL && from->record != NULL ? describe_title(&from->record->is.window).text
                                                  : "");
}

/* The other effective records of the highest step: with whom it would contest. */
static void tell_rivals(const struct session *session, const struct view_window *after,
                        const struct record *record)
{
    for (size_t i = 0; i < after->held_count; i++) {
        const struct record *held = after->held[i];
        if (held->is.window.seq != record_step_of(record) ||
            record_id_equal(&held->id, &record->id)) {
            continue;
        }
        say_warning("the other version is %.16s, signed by %s", record_id_text(&held->id).text,
                    history_signers(session, held).text);
    }
}

/* Occurrences of both that are in force before, and no longer after: without a change of the window
 * itself it is the root that ends too soon for them. */
static size_t count_lost(const struct view_window *before, const struct view_window *after)
{
    size_t lost = 0;
    for (size_t i = 0; i < before->occurrence_count; i++) {
        const struct view_occurrence *was = &before->occurrence[i];
        for (size_t k = 0; k < after->occurrence_count; k++) {
            const struct view_occurrence *is = &after->occurrence[k];
            lost += text_equal(is->key, was->key) && text_equal(is->place, was->place) &&
                    was->state == OCCURRENCE_IN_FORCE && is->state == OCCURRENCE_EXPIRED;
        }
    }
    return lost;
}

static void tell_window(const struct session *session, const struct view_window *before,
                        const struct view_window *after, const struct record *record)
{
    char title[NAME_SIZE];
    name_of(before, after, title);
    enum view_status was = before != NULL ? before->status : VIEW_TENTATIVE;
    bool is_off = after == NULL || after->status == VIEW_CANCELLED;
    if (was == VIEW_CANCELLED && is_off) {
        return; /* which of its versions would count if it were not tells nobody anything */
    }
    if (was == VIEW_CANCELLED) {
        say_warning("with your signature %s is cancelled no longer", title);
    } else if (after == NULL || (after->status == VIEW_TENTATIVE && was == VIEW_CONFIRMED)) {
        say_warning("with your signature %s loses its effect: it is no longer confirmed", title);
    } else if (after->status == VIEW_CONTESTED && was != VIEW_CONTESTED) {
        say_warning("with your signature %s is contested: two records claim the same step, and "
                    "%s; a further amendment settles it: tocsin amend",
                    title,
                    after->record != NULL ? "what was before them comes back in force"
                                          : "nothing of it is in force");
        tell_rivals(session, after, record);
    } else if (after->status == VIEW_CANCELLED && was != VIEW_CANCELLED) {
        say_warning("with your signature %s is cancelled, and a cancellation is final", title);
    } else if (after->status == VIEW_CONFIRMED && was == VIEW_CONTESTED) {
        say_note("with your signature %s is contested no longer", title);
    } else if (after->status == VIEW_CONFIRMED && was == VIEW_TENTATIVE) {
        say_note("with your signature %s is confirmed", title);
    } else if (before != NULL && before->record != NULL && after->record != before->record) {
        say_note("with your signature %s of %s is in force",
                 after->record == record ? "this version" : "another version", title);
    }
    size_t lost = before != NULL && after != NULL ? count_lost(before, after) : 0;
    if (lost > 0) {
        say_warning("with your signature %zu occurrence%s of %s lose%s effect: it ends before",
                    lost, text_s(lost), title, lost == 1 ? "s" : "");
    }
}

static void tell_root(const struct session *session, const struct view_root *before,
                      const struct view_root *after)
{
    const struct describe_root name = describe_root(session, before);
    if (after->is_frozen && !before->is_frozen) {
        char why[VIEW_SENTENCE_SIZE];
        view_fact_write(&after->why, why);
        say_warning("with your signature \"%s\" freezes: %s", name.text, why);
    } else if (!after->is_tentative && before->is_tentative) {
        say_note("with your signature \"%s\" is confirmed", name.text);
    } else if (after->newest != before->newest) {
        say_note("with your signature version %u of \"%s\" is in force",
                 after->newest->is.root.version, name.text);
    }
}

void review_tell_outcome(const struct session *session, const struct view_entry *entry,
                         const struct record_public_key *key)
{
    struct view *after = suppose(session, entry, key);
    const struct view *before = session->view;
    for (size_t i = 0; i < before->root_count; i++) {
        const struct view_root *root = view_find_root(after, &before->root[i].id);
        if (root != NULL) {
            tell_root(session, &before->root[i], root);
        }
    }
    for (size_t i = 0; i < after->window_count; i++) {
        tell_window(session, find(before, &after->window[i]), &after->window[i], entry->record);
    }
    for (size_t i = 0; i < before->window_count; i++) {
        if (find(after, &before->window[i]) == NULL) {
            tell_window(session, &before->window[i], NULL, entry->record);
        }
    }
    view_free(after);
}
