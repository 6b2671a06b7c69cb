/* tocsin list: the windows of the view, the next ones first. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"
#include "tocsin/say.h"
#include "tocsin/session/load.h"
#include "tocsin/session/session.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, state->input, 2);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\" is one argument too many", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

struct line {
    char uid[RECORD_UID_TEXT_SIZE];
    char start[DESCRIBE_START_SIZE];
    const struct view_window *window;
};

static int by_start(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if ((*x->start == '\0') != (*y->start == '\0')) {
        return *x->start == '\0' ? 1 : -1; /* nothing more to come: last */
    }
    int order = strcmp(x->start, y->start);
    return order != 0 ? order : strcmp(x->uid, y->uid);
}

static void print(const struct session *session, struct line *line, size_t count, struct rows *rows)
{
    for (size_t i = 0; i < count; i++) {
        const struct view_window *window = session->view->window + i;
        line[i].window = window;
        record_uid_write(&window->uid, line[i].uid);
        const struct view_occurrence *next = view_next_occurrence(window, session->now);
        if (next != NULL && window->record != NULL) {
            describe_start(session, &window->record->is.window, next, line[i].start);
        }
    }
    qsort(line, count, sizeof *line, by_start);
    for (size_t i = 0; i < count; i++) {
        const struct view_window *window = line[i].window;
        char title[DESCRIBE_TITLE_SIZE] = "", duration[DURATION_TEXT_SIZE] = "";
        if (window->record != NULL) {
            describe_title(&window->record->is.window, title);
            duration_write(window->record->is.window.duration,
                           window->record->is.window.wave == WAVE_DAY, duration);
        }
        rows_add(rows, (const char *[]){line[i].uid, view_status_name(window->status),
                                        line[i].start, duration, title});
    }
}

int cmd_list(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&options_common, 0, "", 0}, {&options_listing, 0, NULL, 0}, {0}};
    static const struct argp argp = {.parser = parse,
                                     .doc = "Lists the windows of the constellations that are "
                                            "trusted here, with what they mean now.",
                                     .children = children};
    struct options options;
    if (argp_parse(&argp, argc, argv, 0, NULL, &options) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = session_load(&session, false);
    }
    if (code != EXIT_DONE) {
        session_close(&session);
        return code;
    }
    warnings_tell(&session);
    struct line *line = calloc(session.view->window_count + 1, sizeof *line);
    if (line == NULL) {
        session_close(&session);
        return say_outside("out of memory");
    }
    static const struct rows_column column[] = {
        {"uid", false}, {"status", false}, {"next_start", false}, {"for", false}, {"title", false}};
    struct rows rows;
    rows_begin(&rows, options.format, column, 5, stdout);
    print(&session, line, session.view->window_count, &rows);
    if (!rows_end(&rows)) {
        code = say_outside("out of memory");
    } else if (session.view->window_count == 0) {
        code = session.anchor_count == 0
                   ? say_no("no root is trusted here: \"tocsin root trust FILE\"")
                   : say_no("no window in %s", session.store_dir);
    }
    free(line);
    session_close(&session);
    return code;
}
