/* tocsin status: what waits for whom, what is contested, what ends, and what comes next. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/times.h"
#include "tocsin/print/warnings.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"

/* How a root is settled, or made safe: what follows the command that writes the file. */
#define GIVE_BY_HAND "; then everybody, here too: tocsin root trust FILE"

enum { NEXT_SHOWN = 5, KIND_SHOWN = 20, PROGRESS_SIZE = 96 };

/* What is told of an item, whatever the format. */
struct telling {
    char title[DESCRIBE_ROOT_SIZE], root[DESCRIBE_ROOT_SIZE], what[DESCRIBE_KIND_SIZE];
    char signers[HISTORY_SIGNERS_SIZE], others[HISTORY_SIGNERS_SIZE];
    char at[STAMP_TEXT_SIZE], local[TIMES_LOCAL_SIZE], until[TIMES_UNTIL_SIZE];
    char command[AGENDA_COMMAND_SIZE], change[CHANGE_BRIEF_SIZE];
    char progress[PROGRESS_SIZE]; /* "1 of 2" */
};

static void tell_when(const struct session *session, const struct here *here,
                      const struct record_window *is, const struct view_occurrence *one,
                      struct telling *out)
{
    assert(is != NULL);
    utc at = here_start(session, here, one);
    strcpy(out->at, describe_start(session, is, one).text);
    if (is->wave == WAVE_DAY) {
        snprintf(out->local, sizeof out->local, "%s %s", stamp_weekday(one->date), out->at);
    } else if (here->zone != NULL) {
        times_local(here->zone, here->name, at, out->local);
    }
    times_until((span){at.ns - session->now_utc.ns}, out->until);
}

/* A next root wants its own organizers and those of the version before. */
static void write_progress(const struct view_standing *standing, char out[static PROGRESS_SIZE])
{
    int len = snprintf(out, PROGRESS_SIZE, "%zu of %u", standing->count, standing->needed);
    if (standing->follows) {
        snprintf(out + len, PROGRESS_SIZE - (size_t)len,
                 " of its organizers, %zu of %u of those of the version before", standing->before,
                 standing->before_needed);
    }
}

/* What any of the kinds may say, gathered once, so that the table for scripts and the text for
 * people cannot tell different things. */
static void tell(const struct session *session, const struct here *here,
                 const struct agenda *agenda, const struct agenda_item *item, struct telling *out)
{
    *out = (struct telling){0};
    const struct record *record = item->record;
    const struct record *shown = record != NULL && record->type == RECORD_WINDOW ? record
                                 : item->window != NULL ? item->window->record
                                                        : NULL;
    strcpy(out->root, describe_root(session, item->root).text);
    if (shown != NULL) {
        strcpy(out->title, describe_title(&shown->is.window).text);
    } else {
        snprintf(out->title, sizeof out->title, "%s", out->root);
    }
    describe_kind(record, out->what);
    if (record != NULL) {
        if (item->kind != AGENDA_NEXT && (record != shown || record->is.window.seq > 0)) {
            change_brief(session, record, out->change);
        }
        const struct view_entry *entry = session_entry_of(session, &record->id);
        struct view_standing standing;
        strcpy(out->signers, history_signers(session, record).text);
        strcpy(out->others, history_others(session, record).text);
        if (entry != NULL && view_standing(session->view, entry, &standing)) {
            write_progress(&standing, out->progress);
        }
    }
    if (item->kind == AGENDA_RENEW || item->kind == AGENDA_OVERDUE) {
        strcpy(out->at, session_stamp(session, item->at).text);
        if (here->zone != NULL) {
            times_local(here->zone, here->name, leap_to_utc(&session->leap, item->at, NULL),
                        out->local);
        }
        times_until(instant_since(item->at, session->now), out->until);
    } else if (item->next != NULL) {
        tell_when(session, here, &shown->is.window, item->next, out);
    } else if (shown != NULL && shown->is.window.at_count > 0) {
        const struct record_at *first = &shown->is.window.at[0];
        for (size_t i = 1; i < shown->is.window.at_count; i++) {
            const struct record_at *one = &shown->is.window.at[i];
            bool is_past = instant_compare(first->at, session->now) < 0;
            first = is_past ? one : first;
        }
        struct view_occurrence one = {.has_start = true, .start = first->at};
        tell_when(session, here, &shown->is.window, &one, out);
    }
    agenda_command(session, agenda, item, out->command);
}

static const char *const kind_name[] = {
    [AGENDA_REVOKED] = "revoked", [AGENDA_SIGN] = "sign", [AGENDA_WAIT] = "wait",
    [AGENDA_SETTLE] = "settle",   [AGENDA_OPEN] = "open", [AGENDA_RENEW] = "renew",
    [AGENDA_OVERDUE] = "overdue", [AGENDA_OFF] = "off",   [AGENDA_NEXT] = "next",
};

static void print_heading(enum agenda_kind kind)
{
    static const char *const heading[] = {
        [AGENDA_REVOKED] = "No longer an organizer",
        [AGENDA_SIGN] = "Waits for your signature",
        [AGENDA_WAIT] = "Waits for others",
        [AGENDA_SETTLE] = ("Contested: two versions claim the same step, and the one before them "
                           "stays; take one of them, or amend"),
        [AGENDA_OPEN] = "Still open: nobody should sign these any more",
        [AGENDA_RENEW] = "Ends soon, or before a date, or has ended",
        [AGENDA_OVERDUE] = "Overdue: this copy may be stale",
        [AGENDA_OFF] = "Called off",
        [AGENDA_NEXT] = "Next",
    };
    static const enum say_colour colour[] = {
        [AGENDA_REVOKED] = SAY_RED,    [AGENDA_SIGN] = SAY_YELLOW, [AGENDA_WAIT] = SAY_BOLD,
        [AGENDA_SETTLE] = SAY_RED,     [AGENDA_OPEN] = SAY_YELLOW, [AGENDA_RENEW] = SAY_YELLOW,
        [AGENDA_OVERDUE] = SAY_YELLOW, [AGENDA_OFF] = SAY_RED,     [AGENDA_NEXT] = SAY_BOLD,
    };
    fputs(say_colour(colour[kind]), stdout);
    say_wrapped(stdout, 0, 2, "%s:", heading[kind]);
    fputs(say_colour(SAY_PLAIN), stdout);
}

enum { BENEATH = 6 }; /* where what does not fit goes on, as do the further lines of an item */

static void put_change(const struct telling *told)
{
    if (*told->change != '\0') {
        say_wrapped(stdout, 0, BENEATH, "      %s", told->change);
    }
}

/* Each kind has its own words, and all end in the one command that brings it forward: whoever reads
 * this once a week must not have to know the others. */
static void print_item(const struct session *session, const struct agenda_item *item,
                       const struct telling *told, bool names_roots)
{
    const char *of = names_roots ? " of " : "", *root = names_roots ? told->root : "";
    switch (item->kind) {
    case AGENDA_REVOKED: {
        char sentence[AGENDA_REVOKED_SIZE];
        agenda_revoked(session, item, sentence);
        say_wrapped(stdout, 0, BENEATH, "  %s", sentence);
        say_wrapped(stdout, 0, BENEATH,
                    "      to come back, give the others NAME.pub of a new one: %s", told->command);
        break;
    }
    case AGENDA_SIGN:
    case AGENDA_WAIT:
        say_wrapped(stdout, 0, BENEATH, "  %s  \"%s\"%s%s: signed by %s, %s", told->what,
                    told->title, of, root, *told->signers != '\0' ? told->signers : "nobody",
                    told->progress);
        put_change(told);
        if (*told->local != '\0') {
            say_wrapped(stdout, 0, BENEATH, "      %s, %s", told->local, told->until);
        }
        if (item->kind == AGENDA_WAIT && *told->others == '\0') {
            say_wrapped(stdout, 0, BENEATH, "      nobody else is left whose key counts");
        } else if (item->kind == AGENDA_WAIT) {
            say_wrapped(stdout, 0, BENEATH,
                        "      for %s; send them what this writes: %s; they type: tocsin join FILE",
                        told->others, told->command);
        } else {
            printf("      %s\n", told->command);
        }
        break;
    case AGENDA_SETTLE: {
        say_wrapped(stdout, 0, BENEATH, "  %.16s  \"%s\"%s%s: %s%ssigned by %s",
                    record_id_text(&item->record->id).text, told->title, of, root, told->local,
                    *told->local != '\0' ? ", " : "", told->signers);
        put_change(told);
        say_wrapped(stdout, 0, BENEATH, "      %s%s", told->command,
                    item->window == NULL ? GIVE_BY_HAND : "");
        break;
    }
    case AGENDA_OPEN: {
        say_wrapped(stdout, 0, BENEATH, "  %.16s  %s  \"%s\"%s%s: signed by %s, %s",
                    record_id_text(&item->record->id).text, told->what, told->title, of, root,
                    told->signers, told->progress);
        put_change(told);
        say_wrapped(stdout, 0, BENEATH, "      %s: %s%s", change_open_advice(item->record),
                    told->command, item->window == NULL ? GIVE_BY_HAND : "");
        break;
    }
    case AGENDA_RENEW:
        say_wrapped(stdout, 0, BENEATH, "  %s\"%s\"%s%s: %s, %s",
                    item->window != NULL ? "the last date of " : "the root of ", told->title,
                    item->window != NULL ? of : "", item->window != NULL ? root : "", told->local,
                    told->until);
        printf("      %s\n", told->command);
        break;
    case AGENDA_OVERDUE:
        say_wrapped(stdout, 0, BENEATH,
                    "  too few beacons of \"%s\" have told what is in force since %s (%s)",
                    told->root, told->local, told->until);
        printf("      %s\n", told->command);
        break;
    case AGENDA_OFF:
        say_wrapped(stdout, 0, BENEATH, "  %s  %s%s%s: %s", told->local, told->title, of, root,
                    told->change);
        break;
    case AGENDA_NEXT:
        assert(item->window != NULL);
        say_wrapped(
            stdout, 0, BENEATH, "  %s  %s  %s%s%s%s%s%s", told->local, told->until, told->title, of,
            root, item->window->status != VIEW_CONFIRMED ? "  " : "",
            item->window->status != VIEW_CONFIRMED ? view_status_name(item->window->status) : "",
            history_waiting_cancel(session, item->window) != NULL ? "  (a cancellation waits)"
                                                                  : "");
        break;
    }
}

/* Items come by kind, in the order of the enum, so the first of all tells whether anything waits:
 * what was called off and what comes next waits for nobody, and they are the last kinds. */
static void print(const struct session *session, const struct here *here,
                  const struct agenda *agenda)
{
    static struct telling told;
    bool names_roots = session->view->root_count > 1;
    size_t of_kind = 0;
    for (size_t i = 0; i < agenda->count; i++) {
        const struct agenda_item *item = &agenda->item[i];
        of_kind = i > 0 && item->kind == agenda->item[i - 1].kind ? of_kind + 1 : 0;
        if (of_kind == 0) {
            fputs(i > 0 ? "\n" : "", stdout);
            print_heading(item->kind);
        }
        size_t shown = session->options->full      ? SIZE_MAX
                       : item->kind == AGENDA_NEXT ? NEXT_SHOWN
                                                   : KIND_SHOWN;
        if (of_kind < shown) {
            tell(session, here, agenda, item, &told);
            print_item(session, item, &told, names_roots);
        }
        bool is_last = i + 1 == agenda->count || agenda->item[i + 1].kind != item->kind;
        if (is_last && of_kind >= shown) {
            printf("  ... and %zu more: tocsin status --full\n", of_kind + 1 - shown);
        }
    }
    bool waits = agenda->count > 0 && agenda->item[0].kind < AGENDA_OFF;
    if (!waits && session->set.entry_count > 0) {
        printf("%sNothing waits for you.\n", agenda->count > 0 ? "\n" : "");
    }
}

static void list(const struct session *session, const struct here *here,
                 const struct agenda *agenda)
{
    static const struct rows_column column[] = {
        {"kind", false},  {"root", false},      {"uid", false},   {"record", false},
        {"title", false}, {"what", false},      {"at", false},    {"local", false},
        {"until", false}, {"signed_by", false}, {"wants", false}, {"command", false}};
    static struct telling told;
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 12, stdout);
    for (size_t i = 0; i < agenda->count; i++) {
        const struct agenda_item *item = &agenda->item[i];
        char root[RECORD_ID_TEXT_SIZE], uid[RECORD_UID_TEXT_SIZE] = "";
        char record[RECORD_ID_TEXT_SIZE] = "";
        tell(session, here, agenda, item, &told);
        record_id_write(&item->root->id, root);
        if (item->window != NULL) {
            record_uid_write(&item->window->uid, uid);
        }
        if (item->record != NULL) {
            record_id_write(&item->record->id, record);
        }
        rows_add(&rows, (const char *[]){kind_name[item->kind], root, uid, record, told.title,
                                         told.what, told.at, told.local, told.until, told.signers,
                                         told.others, told.command});
    }
    rows_end(&rows);
}

const struct command_line line_status = {
    .doc = "What waits for your signature, what waits for others', what is contested, what ends "
           "soon, and what comes next in your local time, with the command that does each.\v"
           "\"Yours\" are the keys of the keys folder, or --key alone.",
};

int cmd_status(struct session *session, const struct command_call *call)
{
    if (session->anchors.count == 0) {
        return say_no(SESSION_NO_ROOT);
    }
    struct here here = here_find(call->environment);
    struct agenda agenda;
    int code = agenda_make(session, &agenda);
    if (code != EXIT_DONE) {
        return code;
    }
    warnings_tell(session);
    if (session->options->format == ROWS_TABLE) {
        print(session, &here, &agenda);
    } else {
        list(session, &here, &agenda);
    }
    agenda_free(&agenda);
    return code;
}
