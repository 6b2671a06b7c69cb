/* tocsin list: the windows of the view, the next ones first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"

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

const struct command_line line_list = {
    .doc = "Lists the windows of the constellations that are trusted here, with what they mean "
           "now.",
};

int cmd_list(struct session *session, const struct command_call *call)
{
    (void)call;
    size_t count = session->view->window_count;
    struct line *line = calloc(count + 1, sizeof *line);
    if (line == NULL) {
        return say_outside("out of memory");
    }
    warnings_tell(session);
    static const struct rows_column column[] = {
        {"uid", false}, {"status", false}, {"next_start", false}, {"for", false}, {"title", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 5, stdout);
    print(session, line, count, &rows);
    free(line);
    if (!rows_end(&rows)) {
        return say_outside("out of memory");
    }
    if (count > 0) {
        return EXIT_DONE;
    }
    return session->anchors.count == 0
               ? say_no("no root is trusted here: \"tocsin root trust FILE\"")
               : say_no("no window in %s", session->store_dir);
}
