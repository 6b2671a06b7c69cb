#include "tocsin/windows/news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/session/load.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"

enum { SHOWN = 8 };

struct news_window {
    struct record_id root;
    struct record_uid uid;
    enum view_status status;
    bool has_record, was_held;
    struct record_id record;
};

struct news_root {
    struct record_id id, newest;
    bool is_tentative, is_frozen;
    struct record_public_key *revoked; /* owned: of the organizers of the newest version */
    size_t revoked_count;
};

static void note_revoked(const struct session *session, const struct view_root *root,
                         struct news_root *out)
{
    const struct record_root *is = &root->newest->is.root;
    out->revoked = say_memory(calloc(is->organizer_count + 1, sizeof *out->revoked));
    for (size_t i = 0; i < is->organizer_count; i++) {
        if (session_find_revoke(session, root, &is->organizer[i].public) != NULL) {
            out->revoked[out->revoked_count++] = is->organizer[i].public;
        }
    }
}

struct news news_begin(const struct session *session)
{
    const struct view *view = session->view;
    struct news out = {0};
    if (view == NULL) {
        return out; /* nothing was looked at yet: then all is new */
    }
    out.window = say_memory(calloc(view->window_count + 1, sizeof *out.window));
    out.root = say_memory(calloc(view->root_count + 1, sizeof *out.root));
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *is = &view->window[i];
        out.window[out.window_count++] = (struct news_window){
            .root = is->root,
            .uid = is->uid,
            .status = is->status,
            .has_record = is->record != NULL,
            .was_held = is->held_count > 0,
            .record = is->record != NULL ? is->record->id : (struct record_id){{0}}};
    }
    for (size_t i = 0; i < view->root_count; i++) {
        const struct view_root *is = &view->root[i];
        struct news_root *root = &out.root[out.root_count++];
        *root = (struct news_root){.id = is->id,
                                   .newest = is->newest->id,
                                   .is_tentative = is->is_tentative,
                                   .is_frozen = is->is_frozen};
        note_revoked(session, is, root);
    }
    return out;
}

static const struct news_root *root_before(const struct news *news, const struct record_id *id)
{
    for (size_t i = 0; i < news->root_count; i++) {
        if (record_id_equal(&news->root[i].id, id)) {
            return &news->root[i];
        }
    }
    return NULL;
}

/* Both lists ascend by (root, uid). */
static const struct news_window *window_before(const struct news *news, size_t *at,
                                               const struct view_window *is)
{
    for (; *at < news->window_count; ++*at) {
        const struct news_window *was = &news->window[*at];
        int order = record_id_compare(&was->root, &is->root);
        order = order != 0 ? order : memcmp(&was->uid, &is->uid, sizeof was->uid);
        if (order >= 0) {
            return order == 0 ? was : NULL;
        }
    }
    return NULL;
}

/* ", Mon 2027-08-02 10:25:00 Europe/Rome, in 3 d 4 h"; "" where nothing lies ahead. */
enum { AHEAD_SIZE = HERE_SENTENCE_SIZE + TIMES_UNTIL_SIZE + 64 };
static void write_ahead(const struct session *session, const struct view_window *window,
                        char out[static AHEAD_SIZE])
{
    const struct view_occurrence *next = NULL;
    for (size_t i = 0; next == NULL && i < window->occurrence_count; i++) {
        const struct view_occurrence *one = &window->occurrence[i];
        bool is_ahead = !one->is_off && instant_compare(one->end, session->now) > 0;
        next = is_ahead ? one : NULL;
    }
    *out = '\0';
    if (next != NULL) {
        char start[HERE_SENTENCE_SIZE], until[TIMES_UNTIL_SIZE];
        here_sentence(session, &next->record->is.window, next, start);
        times_until(instant_since(next->start, session->now), until);
        snprintf(out, AHEAD_SIZE, ", %s, %s%s", start, until,
                 history_waits_for_root(session, window)
                     ? ", once \"tocsin root rotate\" has prolonged the root"
                     : "");
    }
}

/* "; signed by anna, bela". */
enum { BY_SIZE = HISTORY_SIGNERS_SIZE + 16 };
static void write_signers(const struct session *session, const struct record *record,
                          char out[static BY_SIZE])
{
    const struct history_names signers =
        record != NULL ? history_signers(session, record) : (struct history_names){""};
    snprintf(out, BY_SIZE, "%s%s", *signers.text != '\0' ? "; signed by " : "", signers.text);
}

/* " (gesture silence; off 2027)": what is otherwise than in the version that was known. */
enum { CHANGED_SIZE = CHANGE_BRIEF_SIZE + 4 };
static void write_change(const struct session *session, const struct news_window *was,
                         const struct view_window *is, char out[static CHANGED_SIZE])
{
    const struct view_entry *known =
        was->has_record ? session_entry_of(session, &was->record) : NULL;
    char brief[CHANGE_BRIEF_SIZE];
    *out = '\0';
    if (known != NULL && known->record != is->record) {
        change_brief_since(session, known->record, is->record, brief);
        snprintf(out, CHANGED_SIZE, " (%s)", brief);
    }
}

enum { NEWS_SIZE = DESCRIBE_TITLE_SIZE + AHEAD_SIZE + CHANGED_SIZE + BY_SIZE + 64 };
/* What a window's news are, as a sentence; false: none.  The order counts: each arm takes what
 * those before it have left.  A window that was not known before counts as tentative, so that one
 * which comes in confirmed is told as such. */
static bool write_window(const struct session *session, const struct news_window *was,
                         const struct view_window *is, const char *when, char out[static NEWS_SIZE])
{
    char title[DESCRIBE_TITLE_SIZE] = "", ahead[AHEAD_SIZE], brief[CHANGED_SIZE];
    char by[BY_SIZE];
    enum view_status before = was != NULL ? was->status : VIEW_TENTATIVE;
    bool is_other = was != NULL && was->was_held && was->has_record && is->record != NULL &&
                    !record_id_equal(&was->record, &is->record->id);
    if (is->record != NULL) {
        strcpy(title, describe_title(&is->record->is.window).text);
    }
    write_ahead(session, is, ahead);
    write_signers(session, is->status == VIEW_CANCELLED ? is->cancel : is->record, by);
    if (is->status == VIEW_CANCELLED && before != VIEW_CANCELLED && is->cancel != NULL) {
        change_brief(session, is->cancel, brief);
        snprintf(out, NEWS_SIZE, "called off %s: \"%s\"%s; %s%s", when, title, ahead, brief, by);
    } else if (is->status == VIEW_CONTESTED && before != VIEW_CONTESTED) {
        snprintf(out, NEWS_SIZE, "contested %s: \"%s\"%s: tocsin status shows both versions", when,
                 title, ahead);
    } else if (is->status == VIEW_CONFIRMED && before == VIEW_TENTATIVE) {
        snprintf(out, NEWS_SIZE, "confirmed %s: \"%s\"%s%s", when, title, ahead, by);
    } else if (is->status == VIEW_CONFIRMED && (is_other || before == VIEW_CONTESTED)) {
        write_change(session, was, is, brief);
        snprintf(out, NEWS_SIZE, "%s %s: \"%s\"%s%s%s",
                 before == VIEW_CONTESTED ? "settled" : "changed", when, title, brief, ahead, by);
    } else if (is->status == VIEW_TENTATIVE && before == VIEW_CONFIRMED) {
        snprintf(out, NEWS_SIZE, "no longer confirmed %s: \"%s\"%s", when, title, ahead);
    } else {
        return false;
    }
    return true;
}

/* Whose key it is, who is left, and whether that is enough. */
static void tell_revoked(const struct session *session, const struct news_root *was,
                         const struct view_root *is, const char *when)
{
    const struct record_root *of = &is->newest->is.root;
    const struct history_names gone =
        history_organizers(session, is, true, was->revoked, was->revoked_count);
    if (*gone.text != '\0') {
        const struct history_names left = history_organizers(session, is, false, NULL, 0);
        say_note("revoked %s: the key of %s, an organizer of \"%s\"; left are %s, of whom %u must "
                 "sign",
                 when, gone.text, describe_root(session, is).text,
                 *left.text != '\0' ? left.text : "none", of->threshold);
    }
}

static void tell_root(const struct session *session, const struct news_root *was,
                      const struct view_root *is, const char *when)
{
    const struct describe_root name = describe_root(session, is);
    if (is->is_frozen && !was->is_frozen) {
        say_warning("frozen %s: the root of \"%s\": what was confirmed goes on, and nothing new "
                    "can be: tocsin-emergency(7)",
                    when, name.text);
    }
    bool is_back = is->is_frozen && !was->is_frozen; /* what was before is in force again */
    if (!is_back && !record_id_equal(&was->newest, &is->newest->id)) {
        say_note("in force %s: version %u of the root of \"%s\": tocsin root show", when,
                 is->newest->is.root.version, name.text);
    } else if (was->is_tentative && !is->is_tentative) {
        say_note("confirmed %s: the root of \"%s\"", when, name.text);
    }
    tell_revoked(session, was, is, when);
}

/* Of a constellation that is new here, what its text calls people to and what no longer holds. */
static bool is_for_newcomers(const struct session *session, const struct view_window *window)
{
    char ahead[AHEAD_SIZE];
    write_ahead(session, window, ahead);
    return window->status == VIEW_CONTESTED || (window->status == VIEW_CANCELLED && *ahead != '\0');
}

void news_tell(const struct session *session, const struct news *news, const char *when)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct news_root *was = root_before(news, &root->id);
        if (was != NULL) {
            tell_root(session, was, root, when);
        }
    }
    size_t at = 0, told = 0, shown = session->options->full ? SIZE_MAX : SHOWN;
    for (size_t i = 0; i < session->view->window_count; i++) {
        char sentence[NEWS_SIZE];
        const struct view_window *window = &session->view->window[i];
        const struct news_window *was = window_before(news, &at, window);
        bool is_new = root_before(news, &window->root) == NULL;
        if ((!is_new || is_for_newcomers(session, window)) &&
            write_window(session, was, window, is_new ? "already" : when, sentence) &&
            told++ < shown) {
            say_note("%s", sentence);
        }
    }
    if (told > shown) {
        say_note("and %zu more: tocsin list", told - shown);
    }
}

void news_end(struct news *news)
{
    for (size_t i = 0; i < news->root_count; i++) {
        free(news->root[i].revoked);
    }
    free(news->window);
    free(news->root);
    *news = (struct news){0};
}

int news_reload(struct session *session)
{
    struct news news = news_begin(session);
    int code = session_load(session, false);
    if (code == EXIT_DONE) {
        news_tell(session, &news, "now");
    }
    news_end(&news);
    return code;
}
