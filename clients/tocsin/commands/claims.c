#include "tocsin/commands/claims.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/print/describe.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"

void claims_print(bool is_good, const char *what, const char *format, ...)
{
    enum { INDENT = 4 };
    const char *verdict = is_good ? "good" : "no";
    char shown[PATH_MAX], *why;
    snprintf(shown, sizeof shown, "%s", what);
    text_hide_passwords(shown);
    for (char *c = shown; *c != '\0'; c++) {
        *c = *c == '\n' ? '?' : *c; /* a name of one line */
    }
    va_list args;
    va_start(args, format);
    if (vasprintf(&why, format, args) >= 0) {
        printf("%s%s%s", say_colour(is_good ? SAY_GREEN : SAY_RED), verdict, say_colour(SAY_PLAIN));
        say_wrapped(stdout, (int)strlen(verdict), INDENT, "  %s: %s", shown, why);
        free(why);
    }
    va_end(args);
}

int claims_deny(const char *what)
{
    claims_print(false, what, "nobody whom you trust has signed this");
    return EXIT_NO;
}

/* Who called it off, and why. */
enum { OFF_SIZE = RECORD_SIZE_MAX + HISTORY_SIGNERS_SIZE + 32 };
static void write_cancel(const struct session *session, const struct record *cancel,
                         char out[static OFF_SIZE])
{
    static char reason[RECORD_SIZE_MAX];
    const struct history_names signers = history_signers(session, cancel);
    record_unescape(cancel->is.cancel.reason, reason, sizeof reason);
    snprintf(out, OFF_SIZE, "; called off by %s: %s",
             *signers.text != '\0' ? signers.text : "nobody", reason);
}

int claims_tell_window(const struct session *session, const char *what,
                       const struct view_window *window, const char *but, bool says_so)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    bool is_cancelled = window->status == VIEW_CANCELLED && window->cancel != NULL;
    bool is_good = window->status == VIEW_CONFIRMED || (is_cancelled && says_so);
    char title[DESCRIBE_TITLE_SIZE] = "", name[DESCRIBE_ROOT_SIZE] = "",
         signers[HISTORY_SIGNERS_SIZE] = "";
    char why[VIEW_SENTENCE_SIZE], start[HERE_SENTENCE_SIZE] = "";
    const struct view_occurrence *next = view_next_occurrence(window, session->now);
    view_fact_write(&window->why, why);
    if (root != NULL) {
        strcpy(name, describe_root(session, root).text);
    }
    if (window->record != NULL) {
        strcpy(title, describe_title(&window->record->is.window).text);
        strcpy(signers, history_signers(session, window->record).text);
        if (next != NULL) {
            here_sentence(session, &window->record->is.window, next, start);
        }
    }
    const char *status = view_status_name(window->status);
    if (is_cancelled) {
        static char off[OFF_SIZE];
        write_cancel(session, window->cancel, off);
        claims_print(is_good, what, "\"%s\" of \"%s\", %s: %s%s%s", title, name, status, why, off,
                     says_so ? "; called off, as the file says" : "");
        return is_good ? EXIT_DONE : EXIT_NO;
    }
    claims_print(
        is_good, what, "\"%s\" of \"%s\", %s: %s; signed by %s%s%s%s%s", title, name, status, why,
        *signers != '\0' ? signers : "nobody", *start != '\0' ? "; next " : "", start, but,
        window->pending_count > 0 && is_good ? "; a change of it waits for signatures" : "");
    return is_good ? EXIT_DONE : EXIT_NO;
}

int claims_refuse(const char *what, const char *why)
{
    claims_print(false, what, "%s", why);
    return EXIT_NO;
}
