/* tocsin forget: removes records from this store; other copies keep theirs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"

struct arguments {
    bool expired, all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    (void)arg;
    switch (key) {
    case 'e':
        arguments->expired = true;
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

static bool is_of(const struct record *record, const struct view_window *window)
{
    const struct record_uid *uid = record_uid_of(record);
    return uid != NULL && record_uid_equal(uid, &window->uid) &&
           record_id_equal(record_root_of(record), &window->root);
}

/* Over for good: nothing of it can ring any more, whatever is still signed. */
static bool is_expired(const struct session *session, const struct view_window *window)
{
    return window->record != NULL &&
           instant_compare(window->record->is.window.expires, session->now) < 0;
}

/* A cancellation is all that keeps an older file, which comes by some day, from showing the gesture
 * as confirmed again. */
static bool must_stay(const struct session *session, const struct record *record)
{
    const struct view_window *window =
        record->type == RECORD_CANCEL ? view_window_of(session->view, record) : NULL;
    return window != NULL && session_is_effective(session, record) && !is_expired(session, window);
}

/* Whether it counts and something of it is still to come: people may wait for it. */
static bool is_to_come(const struct session *session, const struct view_window *window)
{
    return window->status == VIEW_CONFIRMED && view_next_occurrence(window, session->now) != NULL;
}

static void warn_of_what_comes(const struct session *session, const bool *marked)
{
    for (size_t w = 0; w < session->view->window_count; w++) {
        const struct view_window *window = &session->view->window[w];
        const struct view_entry *entry =
            window->record != NULL ? session_entry_of(session, &window->record->id) : NULL;
        if (entry != NULL && marked[entry - session->set.entry] && is_to_come(session, window)) {
            say_warning(
                "%.8s \"%s\" is confirmed and still to come: forgetting does not call it off, "
                "tocsin cancel does",
                record_uid_text(&window->uid).text,
                describe_title(&window->record->is.window).text);
        }
    }
}

/* A single record by its id, while it has not taken effect: a proposal that nobody was sent yet is
 * withdrawn so. */
static const struct record *find_waiting(const struct session *session, const char *digits)
{
    const struct view_entry *entry =
        session_may_be_id(digits) ? session_find_record(session, digits) : NULL;
    if (entry == NULL || session_is_effective(session, entry->record)) {
        return NULL;
    }
    const struct record *record = entry->record;
    bool begins_something = record_step_of(record) < (record->type == RECORD_ROOT ? 2 : 1) &&
                            record->type != RECORD_REVOKE;
    return record_subject_of(record) == RECORD_OF_STORE || begins_something ? NULL : record;
}

/* What may go is marked first and weighed as a whole: some records must stay whatever was asked
 * for, since without them what they ended would come back as soon as somebody brings an older
 * file. */
static int mark_windows(struct session *session, const struct command_call *call, bool *marked)
{
    const struct arguments *arguments = call->options;
    for (size_t i = 0; i < call->count; i++) {
        const struct view_window *window;
        const struct record *waiting = find_waiting(session, call->word[i]);
        for (size_t e = 0; waiting != NULL && e < session->set.entry_count; e++) {
            marked[e] |= session->set.entry[e].record == waiting;
        }
        if (waiting != NULL) {
            continue;
        }
        int code = session_find_window(session, call->word[i], &window);
        if (code != EXIT_DONE) {
            return code;
        }
        for (size_t e = 0; e < session->set.entry_count; e++) {
            marked[e] |= is_of(session->set.entry[e].record, window);
        }
    }
    for (size_t w = 0; arguments->expired && w < session->view->window_count; w++) {
        for (size_t e = 0;
             is_expired(session, &session->view->window[w]) && e < session->set.entry_count; e++) {
            marked[e] |= is_of(session->set.entry[e].record, &session->view->window[w]);
        }
    }
    for (size_t e = 0; arguments->all && e < session->set.entry_count; e++) {
        /* A trusted root is nothing without its signatures, and a revocation must not be undone. */
        const struct record *record = session->set.entry[e].record;
        marked[e] = record_subject_of(record) != RECORD_OF_KEYS ||
                    view_find_root(session->view, record_root_of(record)) == NULL;
    }
    for (size_t e = 0; e < session->set.entry_count; e++) {
        if (marked[e] && must_stay(session, session->set.entry[e].record)) {
            marked[e] = false;
            say_note("the cancellation %.16s stays: without it an older file would bring the "
                     "window back as confirmed",
                     record_id_text(&session->set.entry[e].record->id).text);
        }
    }
    return EXIT_DONE;
}

/* What would go is shown before it is asked for: another copy may bring it back, but perhaps there
 * is none. */
static int forget(struct session *session, const struct command_call *call)
{
    bool *marked = say_memory(calloc(session->set.entry_count + 1, sizeof *marked));
    int code = mark_windows(session, call, marked);
    size_t count = 0, done = 0;
    for (size_t e = 0; code == EXIT_DONE && e < session->set.entry_count; e++) {
        if (marked[e]) {
            char line[2048];
            describe_entry(session, &session->set.entry[e], line, sizeof line);
            fprintf(stderr, "%s\n", line);
            count++;
        }
    }
    if (code == EXIT_DONE && count == 0) {
        code = say_no("nothing to forget");
    }
    if (code == EXIT_DONE) {
        warn_of_what_comes(session, marked);
        say_confirm("Remove these from this store?", session->options->yes, &code);
    }
    for (size_t e = 0; code == EXIT_DONE && e < session->set.entry_count; e++) {
        struct store_error error;
        if (!marked[e]) {
            continue;
        }
        if (store_remove(session->store, &session->set.entry[e].record->id, &error) != STORE_OK) {
            code = say_outside("%s", error.message);
        } else {
            done++;
        }
    }
    if (done > 0) {
        printf("%zu record%s forgotten; other copies keep theirs and may bring them back\n", done,
               text_s(done));
    }
    free(marked);
    return code;
}

static const struct argp_option options[] = {
    {"expired", 'e', NULL, 0, "All windows whose declaration has ended", 0},
    {"all", SAY_SETS(arguments, all), NULL, 0,
     "Everything but trusted roots, revocations and cancellations", 0},
    {0}};

const struct command_line line_forget = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "[UID|RECORD...]",
    .doc =
        "Removes windows, with all their records and signatures, from this store; of a RECORD "
        "that still waits for signatures, it alone: so is withdrawn what nobody was sent yet.  A "
        "cancellation in force stays, until the window has expired.",
};

int cmd_forget(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    if (call->count == 0 && !arguments->expired && !arguments->all) {
        return say_usage("which UID? or --expired, or --all");
    }
    return forget(session, call);
}
