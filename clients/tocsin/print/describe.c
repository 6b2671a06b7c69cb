#include "tocsin/print/describe.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/print/confusable.h"
#include "tocsin/windows/change.h"

struct describe_title describe_title(const struct record_window *window)
{
    char wanted[SAY_LANGUAGES_SIZE];
    struct describe_title out;
    say_languages(wanted);
    record_unescape(record_prose_in(window->title, window->title_count, wanted), out.text,
                    sizeof out.text);
    return out;
}

struct describe_root describe_root(const struct session *session, const struct view_root *root)
{
    struct text name = root->newest->is.root.name;
    struct describe_root out;
    record_unescape(name, out.text, sizeof out.text);
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *other = &session->view->root[i];
        if (!record_id_equal(&other->id, &root->id) &&
            text_equal(other->newest->is.root.name, name)) {
            size_t len = strlen(out.text);
            snprintf(out.text + len, sizeof out.text - len, " (%.8s)",
                     record_id_text(&root->anchor->id).text);
            break;
        }
    }
    return out;
}

struct stamp_text describe_start(const struct session *session, const struct record_window *window,
                                 const struct view_occurrence *occurrence)
{
    if (occurrence->has_start) {
        return session_stamp(session, occurrence->start);
    }
    struct stamp_text out = stamp_date_text(occurrence->date);
    if (window->wave == WAVE_CLOCK) {
        size_t len = strlen(out.text);
        snprintf(out.text + len, sizeof out.text - len, "T%02d:%02d:%02d", window->wave_time.hour,
                 window->wave_time.minute, window->wave_time.second);
    }
    return out;
}

bool describe_standing(const struct session *session, const struct view_entry *entry,
                       struct view_standing *out)
{
    if (view_standing(session->view, entry, out)) {
        return true;
    }
    if (entry->record->type == RECORD_ROOT) { /* not trusted here: by what it says of itself */
        const struct record_root *is = &entry->record->is.root;
        out->needed = is->threshold;
        out->count = record_count_organizers(is, entry->signer, entry->signer_count);
    }
    return false;
}

void describe_signed(const struct view_standing *standing, const char *now,
                     char out[static DESCRIBE_SIGNED_SIZE])
{
    char before[80] = "";
    if (standing->follows) {
        snprintf(before, sizeof before, ", and by %zu of those of the version before, %u needed",
                 standing->before, standing->before_needed);
    }
    snprintf(out, DESCRIBE_SIGNED_SIZE, "signed by %zu%s%s, %u needed%s%s%s", standing->count,
             standing->follows ? " of its organizers" : "", now, standing->needed, before,
             standing->obstacle != OBSTACLE_NONE ? "; but " : "",
             view_obstacle_text(standing->obstacle));
}

/* A record holds hundreds of texts, and one stolen key signs a thousand records. */
enum { LETTERS_TOLD = 20 };

struct letters {
    const char *of;
    size_t count;
};

static void warn_of(struct letters *letters, const char *what, struct text text)
{
    char word[CONFUSABLE_WORD_SIZE];
    if (confusable_find(text, word) && letters->count++ < LETTERS_TOLD) {
        say_warning(
            "%s%s: \"%s\" mixes alphabets that look alike: it may not be the word that it seems",
            letters->of, what, word);
    }
    uint32_t unseen;
    if (confusable_unseen(text, &unseen) && letters->count++ < LETTERS_TOLD) {
        say_warning(
            "%s%s: it has a character that is not seen (U+%04X): it may not be the text that it "
            "seems",
            letters->of, what, unseen);
    }
}

size_t describe_warn_next(const struct record *record, const char *of, size_t before)
{
    struct letters letters = {of, before};
    if (record->type == RECORD_WINDOW) {
        const struct record_window *is = &record->is.window;
        for (size_t i = 0; i < is->title_count; i++) {
            warn_of(&letters, "title", is->title[i].value);
        }
        for (size_t i = 0; i < is->about_count; i++) {
            warn_of(&letters, "about", is->about[i].value);
        }
        warn_of(&letters, "gesture", is->gesture);
    } else if (record->type == RECORD_ROOT) {
        const struct record_root *is = &record->is.root;
        warn_of(&letters, "name", is->name);
        for (size_t i = 0; i < is->organizer_count; i++) {
            warn_of(&letters, "organizer", is->organizer[i].name);
        }
        for (size_t i = 0; i < is->beacon_count; i++) {
            warn_of(&letters, "beacon", is->beacon[i].name);
        }
    } else if (record->type == RECORD_CANCEL) {
        warn_of(&letters, "reason", record->is.cancel.reason);
    }
    return letters.count;
}

void describe_warn_rest(size_t count)
{
    if (count > LETTERS_TOLD) {
        say_warning("... and %zu more texts with letters that may not be what they seem",
                    count - LETTERS_TOLD);
    }
}

void describe_warn(const struct record *record)
{
    describe_warn_rest(describe_warn_next(record, "", 0));
}

void describe_kind(const struct record *record, char out[static DESCRIBE_KIND_SIZE])
{
    *out = '\0';
    if (record == NULL) {
        return;
    }
    switch (record->type) {
    case RECORD_WINDOW:
        snprintf(out, DESCRIBE_KIND_SIZE, "%s",
                 record->is.window.seq > 0 ? "amendment" : "declaration");
        break;
    case RECORD_CANCEL:
        snprintf(out, DESCRIBE_KIND_SIZE, "cancellation");
        break;
    case RECORD_REVOKE:
        snprintf(out, DESCRIBE_KIND_SIZE, "revocation");
        break;
    case RECORD_ROOT:
        snprintf(out, DESCRIBE_KIND_SIZE, "root version %u", record->is.root.version);
        break;
    case RECORD_HEARTBEAT:
        break;
    }
}

/* One record in one line, for lists in which records of every kind stand below each other: what it
 * is, what it does, and whose signatures it has, as far as anything here says whose they are. */
void describe_entry(const struct session *session, const struct view_entry *entry, char *out,
                    size_t size)
{
    char id[RECORD_ID_TEXT_SIZE], what[DESCRIBE_TITLE_SIZE + 128 + CHANGE_BRIEF_SIZE] = "";
    const struct record *record = entry->record;
    record_id_write(&record->id, id);
    switch (record->type) {
    case RECORD_WINDOW: {
        char brief[CHANGE_BRIEF_SIZE] = "";
        bool amends = record->is.window.seq > 0;
        if (amends) {
            change_brief(session, record, brief);
        }
        snprintf(what, sizeof what, "%s \"%s\"%s%s%s", amends ? "amends" : "declares",
                 describe_title(&record->is.window).text, *brief != '\0' ? " (" : "", brief,
                 *brief != '\0' ? ")" : "");
        break;
    }
    case RECORD_CANCEL: {
        const struct view_window *window = view_window_of(session->view, record);
        char title[DESCRIBE_TITLE_SIZE] = "";
        if (window != NULL && window->record != NULL) {
            strcpy(title, describe_title(&window->record->is.window).text);
        }
        snprintf(what, sizeof what, "cancels %s%s%s%s: %.*s",
                 record_uid_text(&record->is.cancel.uid).text, *title != '\0' ? " \"" : "", title,
                 *title != '\0' ? "\"" : "", (int)record->is.cancel.reason.len,
                 record->is.cancel.reason.at);
        break;
    }
    case RECORD_REVOKE: {
        char brief[CHANGE_BRIEF_SIZE];
        change_brief(session, record, brief);
        snprintf(what, sizeof what, "revokes the key %s (%s)",
                 record_key_id_text(&record->is.revoke.key.id).text, brief);
        break;
    }
    case RECORD_ROOT:
        snprintf(what, sizeof what, "version %u of \"%.*s\"", record->is.root.version,
                 (int)record->is.root.name.len, record->is.root.name.at);
        break;
    case RECORD_HEARTBEAT:
        snprintf(what, sizeof what, "a beacon's list of %u record%s", record->is.heartbeat.count,
                 text_s(record->is.heartbeat.count));
        break;
    }
    struct view_standing standing;
    bool is_trusted = describe_standing(session, entry, &standing);
    char signatures[DESCRIBE_SIGNED_SIZE];
    describe_signed(&standing, "", signatures);
    if (record_subject_of(record) == RECORD_OF_STORE) {
        snprintf(out, size, "%s %s  %s", record_type_name(record->type), id, what);
    } else if (!is_trusted && record->type != RECORD_ROOT) {
        snprintf(out, size, "%s %s  %s: of a constellation that is not trusted here",
                 record_type_name(record->type), id, what);
    } else {
        snprintf(out, size, "%s %s  %s: %s", record_type_name(record->type), id, what, signatures);
    }
}
