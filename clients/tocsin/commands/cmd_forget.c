/* tocsin forget: removes records from this store; other copies keep theirs. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/print/describe.h"
#include "tocsin/say.h"
#include "tocsin/session/load.h"
#include "tocsin/session/session.h"

enum { UIDS_MAX = 64 };

struct arguments {
    struct options options;
    const char *uid[UIDS_MAX];
    size_t count;
    bool expired, all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, &arguments->options, 1);
        return 0;
    case 'e':
        arguments->expired = true;
        return 0;
    case 'a':
        arguments->all = true;
        return 0;
    case 'y':
        arguments->options.yes = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->count == UIDS_MAX) {
            argp_error(state, "more than %d at once", UIDS_MAX);
        }
        arguments->uid[arguments->count++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (arguments->count == 0 && !arguments->expired && !arguments->all) {
            argp_error(state, "which UID? or --expired, or --all");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool is_of(const struct record *record, const struct view_window *window)
{
    const struct record_uid *uid = record->type == RECORD_WINDOW   ? &record->is.window.uid
                                   : record->type == RECORD_CANCEL ? &record->is.cancel.uid
                                                                   : NULL;
    return uid != NULL && record_uid_equal(uid, &window->uid) &&
           record_id_equal(record_root_of(record), &window->root);
}

/* Over for good: nothing of it can ring any more, whatever is still signed. */
static bool is_expired(const struct session *session, const struct view_window *window)
{
    return window->record != NULL &&
           instant_compare(window->record->is.window.expires, session->now) < 0;
}

static int mark_windows(struct session *session, const struct arguments *arguments, bool *marked)
{
    for (size_t i = 0; i < arguments->count; i++) {
        const struct view_window *window;
        int code = session_find_window(session, arguments->uid[i], &window);
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
        bool is_chain = record->type == RECORD_ROOT || record->type == RECORD_REVOKE;
        marked[e] = !is_chain || view_find_root(session->view, record_root_of(record)) == NULL;
    }
    return EXIT_DONE;
}

static int forget(struct session *session, const struct arguments *arguments)
{
    bool *marked = calloc(session->set.entry_count + 1, sizeof *marked);
    if (marked == NULL) {
        return say_outside("out of memory");
    }
    int code = mark_windows(session, arguments, marked);
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
        say_confirm("Remove these from this store?", arguments->options.yes, &code);
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
        printf("%zu records forgotten; other copies keep theirs and may bring them back\n", done);
    }
    free(marked);
    return code;
}

int cmd_forget(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"expired", 'e', NULL, 0, "All windows whose declaration has ended", 0},
        {"all", 'a', NULL, 0, "Everything but trusted roots and revocations", 0},
        {"yes", 'y', NULL, 0, "Do not ask for confirmation", 0},
        {0}};
    static const struct argp_child children[] = {{&options_common, 0, "", 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "[UID...]",
        .doc = "Removes windows, with all their records and signatures, from this store.",
        .children = children};
    struct arguments arguments = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &arguments) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&session, &arguments.options);
    if (code == EXIT_DONE) {
        code = session_load(&session, false);
    }
    if (code == EXIT_DONE) {
        code = forget(&session, &arguments);
    }
    session_close(&session);
    return code;
}
