/* tocsin list: the windows of the view, the next ones first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/warnings.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"

enum { STATUS_SIZE = 48, SHORT_UID = 8, WIDE = 120 };

/* What people should see beside the status: what waits, and what is over. */
static void write_status(const struct session *session, const struct view_window *window,
                         enum rows_format format, char out[static STATUS_SIZE])
{
    const char *name = view_status_name(window->status);
    bool is_over =
        window->status == VIEW_CONFIRMED && view_next_occurrence(window, session->now) == NULL;
    size_t waiting = window->status == VIEW_CANCELLED ? 0 : window->pending_count;
    waiting -= waiting > 0 && window->status == VIEW_TENTATIVE; /* itself */
    if (format != ROWS_TABLE) {
        snprintf(out, STATUS_SIZE, "%s", name);
    } else if (waiting > 0) {
        snprintf(out, STATUS_SIZE, "%s, %zu waiting", is_over ? "over" : name, waiting);
    } else {
        snprintf(out, STATUS_SIZE, "%s",
                 history_waits_for_root(session, window) ? "after the root's end"
                 : is_over                               ? "over"
                                                         : name);
    }
}

/* What people get, and scripts do not: the number that names a window, the start on their own
 * clock, and with several constellations whose it is.  On a narrow terminal the uid is short, and
 * the start stands on their own clock alone. */
static void print(const struct session *session, const struct here *here,
                  const struct view_window *const *list, bool is_short, struct rows *rows)
{
    for (size_t i = 0; i < session->view->window_count; i++) {
        const struct view_window *window = list[i];
        char number[24], uid[RECORD_UID_TEXT_SIZE], status[STATUS_SIZE],
            root[DESCRIBE_ROOT_SIZE] = "";
        char title[DESCRIBE_TITLE_SIZE] = "", duration[DURATION_TEXT_SIZE] = "";
        char start[STAMP_TEXT_SIZE] = "", local[HERE_TEXT_SIZE] = "";
        snprintf(number, sizeof number, "%zu", i + 1);
        record_uid_write(&window->uid, uid);
        uid[is_short ? SHORT_UID : RECORD_UID_TEXT_SIZE - 1] = '\0';
        write_status(session, window, rows->format, status);
        const struct view_root *of = view_find_root(session->view, &window->root);
        if (of != NULL) {
            strcpy(root, describe_root(session, of).text);
        }
        if (window->record != NULL) {
            const struct view_occurrence *next = view_next_occurrence(window, session->now);
            const struct record_window *is =
                &(next != NULL ? next->record : window->record)->is.window;
            strcpy(title, describe_title(is).text);
            duration_write(is->duration, is->wave == WAVE_DAY, duration);
            if (next != NULL) {
                strcpy(start, describe_start(session, is, next).text);
                here_write(session, here, is, next, local);
            }
        }
        const char *of_scripts[] = {uid, status, start, duration, title};
        const char *in_utc[] = {number, uid, status, start, duration, title, root};
        const char *of_people[] = {number, uid, status, start, local, duration, title, root};
        const char *in_short[] = {number, uid, status, local, duration, title, root};
        rows_add(rows, rows->format != ROWS_TABLE ? of_scripts
                       : here->is_utc             ? in_utc
                       : is_short                 ? in_short
                                                  : of_people);
    }
}

const struct command_line line_list = {
    .doc = "Lists the windows of the constellations that are trusted here, with what they mean "
           "now.",
};

int cmd_list(struct session *session, const struct command_call *call)
{
    const struct view_window **list = session_order_windows(session);
    warnings_tell(session);
    struct here here = here_find(call->environment);
    const struct rows_column column[] = {
        {"#", true},        {"uid", false}, {"status", false}, {"next_start", false},
        {here.name, false}, {"for", false}, {"title", false},  {"constellation", false}};
    static const struct rows_column plain[] = {
        {"#", true},    {"uid", false},   {"status", false},       {"next_start", false},
        {"for", false}, {"title", false}, {"constellation", false}};
    const struct rows_column narrow[] = {
        {"#", true},    {"uid", false},   {"status", false},       {here.name, false},
        {"for", false}, {"title", false}, {"constellation", false}};
    bool is_table = session->options->format == ROWS_TABLE;
    bool is_short = is_table && rows_room(stdout) > 0 && rows_room(stdout) < WIDE;
    bool has_local = is_table && !here.is_utc && !is_short;
    size_t columns = 6U + (has_local ? 1U : 0U) + (session->view->root_count > 1 ? 1U : 0U);
    columns = is_table ? columns : 5;
    struct rows rows;
    rows_begin(&rows, session->options->format,
               has_local                  ? column
               : is_short && !here.is_utc ? narrow
               : is_table                 ? plain
                                          : plain + 1,
               columns, stdout);
    rows.cut = is_short ? 6 : 0;
    print(session, &here, list, is_short, &rows);
    free(list);
    rows_end(&rows);
    if (session->view->window_count > 0) {
        return EXIT_DONE;
    }
    return session->anchors.count == 0 ? say_no(SESSION_NO_ROOT)
                                       : say_no("no window in %s", session->store_dir);
}
