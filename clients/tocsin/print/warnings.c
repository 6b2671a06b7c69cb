#include "tocsin/print/warnings.h"

#include <stdio.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/print/describe.h"

/* Whether warnings_tell has already said of a root what the view's alert says of it. */
static bool is_told(const struct session *session, const struct view_alert *alert)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct view_alert of_root = {.record = root->newest->id, .fact = root->why};
        if (view_alert_equal(alert, &of_root)) {
            return true;
        }
        const struct record *beat = root->heartbeat;
        for (size_t h = 0; beat != NULL && h < beat->is.heartbeat.holds_count; h++) {
            if (alert->fact.kind == FACT_RECORD_MISSING &&
                record_id_equal(&beat->is.heartbeat.holds[h], &alert->record)) {
                return true;
            }
        }
    }
    return false;
}

/* An alert, and which window it is about. */
static void warn_alert(const struct session *session, const struct view_alert *alert)
{
    const struct view_entry *entry = session_entry_of(session, &alert->record);
    const struct view_window *window =
        entry != NULL ? view_window_of(session->view, entry->record) : NULL;
    char sentence[VIEW_SENTENCE_SIZE];
    view_alert_write(alert, sentence);
    if (window == NULL) {
        say_warning("%s", sentence);
        return;
    }
    char title[DESCRIBE_TITLE_SIZE] = "";
    const struct record *shown = window->record;
    if (shown == NULL && entry->record->type == RECORD_WINDOW) {
        shown = entry->record;
    }
    if (shown != NULL) {
        strcpy(title, describe_title(&shown->is.window).text);
    }
    say_warning("%.8s \"%s\": %s", record_uid_text(&window->uid).text, title, sentence);
}

void warnings_tell_of(const struct session *session, const struct record_id *record)
{
    for (size_t i = 0; i < session->view->alert_count; i++) {
        if (record_id_equal(&session->view->alert[i].record, record)) {
            warn_alert(session, &session->view->alert[i]);
        }
    }
}

/* In one line each; tocsin fsck names the files. */
static void warn_of_damage(const struct store_check_counts *counts)
{
    if (counts->aside > 0) {
        say_warning("%zu file%s of this store %s damaged, and put aside: \"tocsin fsck\" names "
                    "%s, and a sync with any other copy heals",
                    counts->aside, text_s(counts->aside), counts->aside > 1 ? "are" : "is",
                    counts->aside > 1 ? "them" : "it");
    }
    if (counts->arriving > 0) {
        say_warning(
            "%zu file%s of this store changed just now and %s not sound: look again in some "
            "seconds, or \"tocsin fsck\"",
            counts->arriving, text_s(counts->arriving), counts->arriving > 1 ? "are" : "is");
    }
}

/* A trusted root and nothing else: the store was lost, or another one is looked at. */
static void warn_of_loss(const struct session *session)
{
    if (session->set.entry_count == 0 && session->anchors.count > 0) {
        say_warning("nothing is in the store %s: where it was lost, any copy brings all back: "
                    "\"tocsin sync SOURCE\" with another organizer's folder or file, a site or a "
                    "broker",
                    session->store_dir);
    }
}

/* Titles, texts and names that may not be what they seem: of what is in force first, which a thief
 * of one key adds nothing to. */
static void warn_of_letters(const struct session *session)
{
    size_t count = 0;
    for (size_t i = 0; i < session->view->root_count; i++) {
        char of[RECORD_ID_TEXT_SIZE + 1];
        snprintf(of, sizeof of, "%.16s ", record_id_text(&session->view->root[i].id).text);
        count = describe_warn_next(session->view->root[i].newest, of, count);
    }
    for (size_t i = 0; i < 2 * session->view->window_count; i++) {
        bool is_first = i < session->view->window_count;
        const struct view_window *window =
            &session->view->window[i - (is_first ? 0 : session->view->window_count)];
        char of[RECORD_UID_TEXT_SIZE + 1];
        snprintf(of, sizeof of, "%.8s ", record_uid_text(&window->uid).text);
        if (window->record != NULL && is_first == (window->status != VIEW_TENTATIVE)) {
            count = describe_warn_next(window->record, of, count);
        }
    }
    describe_warn_rest(count);
}

void warnings_tell(const struct session *session)
{
    warn_of_damage(&session->set.counts);
    warn_of_loss(session);
    warn_of_letters(session);
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct describe_root name = describe_root(session, root);
        if (root->is_frozen || (root->is_tentative && session->set.entry_count > 0)) {
            char why[VIEW_SENTENCE_SIZE];
            view_fact_write(&root->why, why);
            say_warning("%s: %s%s", name.text, why,
                        root->is_frozen ? "; tocsin-emergency(7) says what to do" : "");
        }
        const struct record *beat = root->heartbeat;
        for (size_t h = 0; beat != NULL && h < beat->is.heartbeat.holds_count; h++) {
            const struct record_id *id = &beat->is.heartbeat.holds[h];
            if (session_entry_of(session, id) == NULL) {
                say_warning("%s: the beacon %s holds the record %s, which this store lacks: a "
                            "source that did not send it may be trimmed; sync with another",
                            name.text, record_key_id_text(&beat->is.heartbeat.by).text,
                            record_id_text(id).text);
            }
        }
        struct view_freshness fresh = view_freshness(root, session->now);
        if (fresh.is_stale) {
            char sentence[VIEW_SENTENCE_SIZE];
            view_freshness_write(root, session->now, sentence);
            say_warning("%s: since %s %s", name.text, session_stamp(session, fresh.until).text,
                        sentence);
        }
    }
    for (size_t i = 0; i < session->view->alert_count; i++) {
        if (!is_told(session, &session->view->alert[i])) {
            warn_alert(session, &session->view->alert[i]);
        }
    }
}
