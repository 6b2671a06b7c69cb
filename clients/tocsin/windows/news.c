#include "tocsin/windows/news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/windows/change.h"

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
    size_t revoked;
    bool is_tentative, is_frozen;
};

/* Organizers of the newest version whose keys are revoked. */
static size_t count_revoked(const struct session *session, const struct view_root *root)
{
    const struct record_root *is = &root->newest->is.root;
    size_t count = 0;
    for (size_t i = 0; i < is->organizer_count; i++) {
        count += session_find_revoke(session, root, &is->organizer[i].public) != NULL;
    }
    return count;
}

int news_begin(const struct session *session, struct news *out)
{
    const struct view *view = session->view;
    *out = (struct news){.window = calloc(view->window_count + 1, sizeof *out->window),
                         .root = calloc(view->root_count + 1, sizeof *out->root)};
    if (out->window == NULL || out->root == NULL) {
        free(out->window);
        free(out->root);
        *out = (struct news){0};
        return say_outside("out of memory");
    }
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *is = &view->window[i];
        out->window[out->window_count++] = (struct news_window){
            .root = is->root,
            .uid = is->uid,
            .status = is->status,
            .has_record = is->record != NULL,
            .was_held = is->held_count > 0,
            .record = is->record != NULL ? is->record->id : (struct record_id){{0}}};
    }
    for (size_t i = 0; i < view->root_count; i++) {
        const struct view_root *is = &view->root[i];
        out->root[out->root_count++] = (struct news_root){.id = is->id,
                                                          .newest = is->newest->id,
                                                          .revoked = count_revoked(session, is),
                                                          .is_tentative = is->is_tentative,
                                                          .is_frozen = is->is_frozen};
    }
    return EXIT_DONE;
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

/* ", 2027-08-02T08:25:00Z, in 3 d 4 h"; "" where nothing lies ahead. */
enum { AHEAD_SIZE = DESCRIBE_START_SIZE + TIMES_UNTIL_SIZE + 8 };
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
        char start[DESCRIBE_START_SIZE], until[TIMES_UNTIL_SIZE];
        describe_start(session, &next->record->is.window, next, start);
        times_until(instant_since(next->start, session->now), until);
        snprintf(out, AHEAD_SIZE, ", %s, %s", start, until);
    }
}

/* What a window's news are, as a sentence; false: none. */
enum { SENTENCE_SIZE = DESCRIBE_TITLE_SIZE + AHEAD_SIZE + CHANGE_BRIEF_SIZE + 64 };
static bool write_window(const struct session *session, const struct news_window *was,
                         const struct view_window *is, char out[static SENTENCE_SIZE])
{
    char title[DESCRIBE_TITLE_SIZE] = "", ahead[AHEAD_SIZE], brief[CHANGE_BRIEF_SIZE];
    enum view_status before = was != NULL ? was->status : VIEW_TENTATIVE;
    bool is_other = was != NULL && was->was_held && was->has_record && is->record != NULL &&
                    !record_id_equal(&was->record, &is->record->id);
    if (is->record != NULL) {
        describe_title(&is->record->is.window, title);
    }
    write_ahead(session, is, ahead);
    if (is->status == VIEW_CANCELLED && before != VIEW_CANCELLED && is->cancel != NULL) {
        change_brief(session, is->cancel, brief);
        snprintf(out, SENTENCE_SIZE, "called off since: \"%s\"%s; %s", title, ahead, brief);
    } else if (is->status == VIEW_CONTESTED && before != VIEW_CONTESTED) {
        snprintf(out, SENTENCE_SIZE, "contested since: \"%s\"%s: tocsin status shows both versions",
                 title, ahead);
    } else if (is->status == VIEW_CONFIRMED && before == VIEW_TENTATIVE) {
        snprintf(out, SENTENCE_SIZE, "confirmed since: \"%s\"%s", title, ahead);
    } else if (is->status == VIEW_CONFIRMED && (is_other || before == VIEW_CONTESTED)) {
        snprintf(out, SENTENCE_SIZE, "%s since: \"%s\"%s",
                 before == VIEW_CONTESTED ? "settled" : "changed", title, ahead);
    } else if (is->status == VIEW_TENTATIVE && before == VIEW_CONFIRMED) {
        snprintf(out, SENTENCE_SIZE, "no longer confirmed since: \"%s\"%s", title, ahead);
    } else {
        return false;
    }
    return true;
}

static void tell_root(const struct session *session, const struct news_root *was,
                      const struct view_root *is)
{
    struct text name = is->newest->is.root.name;
    size_t revoked = count_revoked(session, is);
    bool is_newer = !record_id_equal(&was->newest, &is->newest->id);
    if (is->is_frozen && !was->is_frozen) {
        say_warning("frozen since: the root of \"%.*s\"", (int)name.len, name.at);
    }
    if (is_newer) {
        say_note("in force since: version %u of the root of \"%.*s\"; tocsin root show",
                 is->newest->is.root.version, (int)name.len, name.at);
    } else if (was->is_tentative && !is->is_tentative) {
        say_note("confirmed since: the root of \"%.*s\"", (int)name.len, name.at);
    }
    if (!is_newer && revoked > was->revoked) {
        say_note("revoked since: %zu key%s of \"%.*s\"; tocsin root show", revoked - was->revoked,
                 revoked - was->revoked > 1 ? "s" : "", (int)name.len, name.at);
    }
}

void news_tell(const struct session *session, const struct news *news)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct news_root *was = root_before(news, &root->id);
        if (was != NULL) {
            tell_root(session, was, root);
        }
    }
    size_t at = 0, told = 0, shown = session->options->full ? SIZE_MAX : SHOWN;
    for (size_t i = 0; i < session->view->window_count; i++) {
        char sentence[SENTENCE_SIZE];
        const struct view_window *window = &session->view->window[i];
        const struct news_window *was = window_before(news, &at, window);
        if (root_before(news, &window->root) != NULL &&
            write_window(session, was, window, sentence) && told++ < shown) {
            say_note("%s", sentence);
        }
    }
    if (told > shown) {
        say_note("and %zu more: tocsin list", told - shown);
    }
}

void news_end(struct news *news)
{
    free(news->window);
    free(news->root);
    *news = (struct news){0};
}
