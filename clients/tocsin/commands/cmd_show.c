/* tocsin show UID: one window, all that is known of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/confusable.h"
#include "tocsin/print/describe.h"
#include "tocsin/session/bundle.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

enum { OPTION_TEXT = 0x100 };

struct arguments {
    bool as_bundle, as_text;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    (void)arg;
    switch (key) {
    case 'b':
        arguments->as_bundle = true;
        return 0;
    case OPTION_TEXT:
        arguments->as_text = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *state_name(const struct view_occurrence *occurrence)
{
    if (occurrence->alerted) {
        return "alerted";
    }
    static const char *const name[] = {"in-force", "off", "cancelled", "tentative", "expired"};
    return name[occurrence->state];
}

enum { REASON_SIZE = RECORD_SIZE_MAX, KEY_IDS_MAX = 256 };

/* What scripts are told of the cancel in every row: its id, its reason, the keys that signed it. */
struct cancel_cells {
    char id[RECORD_ID_TEXT_SIZE], reason[REASON_SIZE];
    char signers[KEY_IDS_MAX * RECORD_KEY_ID_TEXT_SIZE + 1];
};

static void write_cancel(const struct session *session, const struct view_window *window,
                         struct cancel_cells *out)
{
    const struct record *cancel = history_cancel(session, window);
    *out->id = *out->reason = *out->signers = '\0';
    if (cancel == NULL) {
        return;
    }
    record_id_write(&cancel->id, out->id);
    record_unescape(cancel->is.cancel.reason, out->reason, sizeof out->reason);
    const struct view_entry *entry = session_entry_of(session, &cancel->id);
    char *end = out->signers;
    for (size_t i = 0; entry != NULL && i < entry->signer_count && i < KEY_IDS_MAX; i++) {
        if (i > 0) {
            *end++ = ' ';
        }
        record_key_id_write(&entry->signer[i].id, end);
        end += strlen(end);
    }
}

static bool show_occurrences(const struct session *session, const struct here *here,
                             const struct view_window *window, enum rows_format format)
{
    static const struct rows_column column[] = {
        {"key", false},   {"start", false},  {"end", false},    {"state", false},
        {"place", false}, {"cancel", false}, {"reason", false}, {"cancel_signers", false}};
    const struct rows_column local_too[] = {{"key", false},   {"start", false},
                                            {"end", false},   {here->name, false},
                                            {"state", false}, {"place", false}};
    bool has_local = format == ROWS_TABLE && !here->is_utc;
    static struct cancel_cells cancel;
    write_cancel(session, window, &cancel);
    struct rows rows;
    /* People have read of the cancel above the table. */
    rows_begin(&rows, format, has_local ? local_too : column,
               has_local              ? 6
               : format == ROWS_TABLE ? 5
                                      : 8,
               stdout);
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *occurrence = &window->occurrence[i];
        char key[32], start[DESCRIBE_START_SIZE], end[STAMP_TEXT_SIZE] = "", place[256];
        char local[HERE_TEXT_SIZE];
        snprintf(key, sizeof key, "%.*s", (int)occurrence->key.len, occurrence->key.at);
        snprintf(place, sizeof place, "%.*s", (int)occurrence->place.len, occurrence->place.at);
        describe_start(session, &window->record->is.window, occurrence, start);
        if (occurrence->has_start) {
            session_stamp(session, occurrence->end, end);
        }
        here_write(session, here, &window->record->is.window, occurrence, local);
        const char *plain[] = {key,   start,     end,           state_name(occurrence),
                               place, cancel.id, cancel.reason, cancel.signers};
        const char *with_local[] = {key, start, end, local, state_name(occurrence), place};
        rows_add(&rows, has_local ? with_local : plain);
    }
    return rows_end(&rows);
}

static void show_signers(const struct session *session, const struct record *record,
                         const char *label)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    const struct view_entry *entry = session_entry_of(session, &record->id);
    for (size_t k = 0; root != NULL && entry != NULL && k < entry->signer_count; k++) {
        char id[RECORD_KEY_ID_TEXT_SIZE];
        record_key_id_write(&entry->signer[k].id, id);
        struct text name = history_organizer(root, &entry->signer[k]);
        const char *but = name.len == 0 ? "not an organizer now" : "";
        if (name.len == 0) {
            name = history_organizer_once(session, root, &entry->signer[k]);
        }
        printf("%-10s %s  %.*s%s%s\n", label, id, (int)name.len, name.at,
               name.len > 0 && *but != '\0' ? ", " : "", but);
    }
}

/* What lies under the line of a cancel: why, and who signed it. */
static void show_cancel(const struct session *session, const struct record *cancel)
{
    static char reason[REASON_SIZE];
    record_unescape(cancel->is.cancel.reason, reason, sizeof reason);
    printf("  reason   %s\n", reason);
    describe_warn(cancel, "");
    show_signers(session, cancel, "  signed");
}

static const char *waiting_name(const struct record *record)
{
    return record->type == RECORD_CANCEL ? "cancellation"
           : record->is.window.seq > 0   ? "amendment"
                                         : "declaration";
}

static void show_waiting(const struct session *session, const struct view_window *window)
{
    for (size_t i = 0; i < window->pending_count; i++) {
        const struct view_pending *pending = &window->pending[i];
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(&pending->record->id, id);
        printf("waiting    %s %s, signed by %zu, %u needed\n", waiting_name(pending->record), id,
               pending->signature_count, window->threshold);
        if (pending->record->type == RECORD_CANCEL) {
            show_cancel(session, pending->record);
        } else if (pending->record->is.window.seq > 0) {
            char brief[CHANGE_BRIEF_SIZE], signers[HISTORY_SIGNERS_SIZE];
            change_brief(session, pending->record, brief);
            history_signers(session, pending->record, signers);
            printf("  changes  %s\n  signed   by %s\n", brief, signers);
        }
    }
}

/* A text of several lines: those after the first stand under it, where no label is. */
static void show_lines(const char *label, const char *text)
{
    printf("%-10s ", label);
    for (; *text != '\0'; text++) {
        putchar(*text);
        if (*text == '\n') {
            printf("%11s", "");
        }
    }
    putchar('\n');
}

/* The beacons that alone may tick for the window. */
static void show_beacons(const struct session *session, const struct view_window *window)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    const struct record_window *is = &window->record->is.window;
    for (size_t i = 0; root != NULL && i < is->beacon_count; i++) {
        const struct record_root *of = &root->newest->is.root;
        char id[RECORD_KEY_ID_TEXT_SIZE];
        record_key_id_write(&is->beacon[i], id);
        struct text name = {"not a beacon now", 16};
        for (size_t k = 0; k < of->beacon_count; k++) {
            if (record_key_id_equal(&of->beacon[k].public.id, &is->beacon[i])) {
                name = of->beacon[k].name;
            }
        }
        printf("beacon     %s  %.*s\n", id, (int)name.len, name.at);
    }
}

/* A rule that was signed in another spelling than the one that all readers share. */
static void show_spelling(const struct record_window *is)
{
    char line[RULE_TEXT_SIZE];
    switch (rule_spell(is->rule.at, is->rule.len, line)) {
    case RULE_CANONICAL:
        return;
    case RULE_READS_AS:
        printf("           not canonical, reads as %s\n", line);
        return;
    case RULE_UNREAD:
        puts("           not checked here: this version cannot read it");
        return;
    }
}

static void show_record(const struct session *session, const struct view_window *window)
{
    const struct record_window *is = &window->record->is.window;
    char id[RECORD_ID_TEXT_SIZE], duration[DURATION_TEXT_SIZE], stamp[STAMP_TEXT_SIZE];
    record_id_write(&window->record->id, id);
    duration_write(is->duration, is->wave == WAVE_DAY, duration);
    for (size_t i = 0; i < is->title_count; i++) {
        if (is->title[i].tag.len > 0) {
            char title[DESCRIBE_TITLE_SIZE];
            record_unescape(is->title[i].value, title, sizeof title);
            printf("title.%-4.*s %s\n", (int)is->title[i].tag.len, is->title[i].tag.at, title);
        }
    }
    for (size_t i = 0; i < is->about_count; i++) {
        static char about[RECORD_SIZE_MAX];
        char label[48];
        record_unescape(is->about[i].value, about, sizeof about);
        snprintf(label, sizeof label, "about%s%.*s", is->about[i].tag.len > 0 ? "." : "",
                 (int)is->about[i].tag.len, is->about[i].tag.at);
        show_lines(label, about);
    }
    printf("gesture    %.*s\ntone       %s\nrule       %.*s\nfor        %s\n", (int)is->gesture.len,
           is->gesture.at, record_tone_name(is->tone), (int)is->rule.len, is->rule.at, duration);
    show_spelling(is);
    if (is->has_rest) {
        char rest[DURATION_TEXT_SIZE];
        duration_write(is->rest, false, rest);
        printf("rest       %s\n", rest);
    }
    if (is->url.len > 0) {
        printf("url        %.*s\n", (int)is->url.len, is->url.at);
    }
    show_beacons(session, window);
    printf("record     %s (seq %u)\nexpires    %s\n", id, is->seq,
           session_stamp(session, is->expires, stamp));
}

/* The versions that contest each other, and what settles it. */
static void show_versions(const struct session *session, const struct here *here,
                          const struct view_window *window)
{
    uint32_t last =
        window->held_count > 0 ? window->held[window->held_count - 1]->is.window.seq : 0;
    for (size_t i = 0; i < window->held_count; i++) {
        const struct record *one = window->held[i];
        char id[RECORD_ID_TEXT_SIZE], title[DESCRIBE_TITLE_SIZE], signers[HISTORY_SIGNERS_SIZE];
        char local[HERE_TEXT_SIZE] = "";
        if (one->is.window.seq != last) {
            continue;
        }
        record_id_write(&one->id, id);
        describe_title(&one->is.window, title);
        history_signers(session, one, signers);
        if (one->is.window.at_count > 0) {
            const struct view_occurrence first = {.has_start = true,
                                                  .start = one->is.window.at[0].at};
            here_write(session, here, &one->is.window, &first, local);
        }
        printf("version    %.16s  \"%s\", %s%s%.*s, signed by %s\n", id, title, local,
               *local != '\0' ? ", " : "", (int)one->is.window.rule.len, one->is.window.rule.at,
               signers);
    }
    char uid[RECORD_UID_TEXT_SIZE];
    record_uid_write(&window->uid, uid);
    printf("settle     tocsin amend %.8s --take VERSION, or with what is wanted: it names them "
           "all\n",
           uid);
}

static int show(const struct session *session, const struct here *here,
                const struct view_window *window, enum rows_format format)
{
    if (format != ROWS_TABLE) {
        return show_occurrences(session, here, window, format) ? EXIT_DONE
                                                               : say_outside("out of memory");
    }
    char uid[RECORD_UID_TEXT_SIZE], title[DESCRIBE_TITLE_SIZE] = "(contested from the start)";
    record_uid_write(&window->uid, uid);
    if (window->record != NULL) {
        describe_title(&window->record->is.window, title);
    }
    enum say_colour colour = window->status == VIEW_CONFIRMED   ? SAY_GREEN
                             : window->status == VIEW_TENTATIVE ? SAY_YELLOW
                                                                : SAY_RED;
    printf("%s%s%s\nuid        %s\nstatus     %s%s%s", say_colour(SAY_BOLD), title,
           say_colour(SAY_PLAIN), uid, say_colour(colour), view_status_name(window->status),
           say_colour(SAY_PLAIN));
    char why[VIEW_SENTENCE_SIZE];
    view_fact_write(&window->why, why);
    printf(": %s\n", why);
    if (window->has_lock) {
        view_fact_write(&window->lock, why);
        printf("lock       %s\n", why);
    }
    char words[PROQUINT_SIZE];
    proquint_write(window->uid.bytes, words);
    printf("words      %s\n", words);
    if (window->record != NULL) {
        describe_warn(window->record, "");
    }
    printf("signatures %zu, %u needed\n", window->signature_count, window->threshold);
    if (window->cancel != NULL) {
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(&window->cancel->id, id);
        printf("cancel     %s\n", id);
        show_cancel(session, window->cancel);
    }
    show_waiting(session, window);
    if (window->status == VIEW_CONFIRMED) {
        change_print_open(session, window->record);
    }
    if (window->status == VIEW_CONTESTED) {
        show_versions(session, here, window);
    }
    if (window->record == NULL) {
        return EXIT_DONE;
    }
    show_signers(session, window->record, "signed");
    show_record(session, window);
    putchar('\n');
    return show_occurrences(session, here, window, ROWS_TABLE) ? EXIT_DONE
                                                               : say_outside("out of memory");
}

/* The record as it was signed, and after a blank line, which no record has, that of its cancel. */
static void show_text(const struct session *session, const struct view_window *window)
{
    const struct record *cancel = history_cancel(session, window);
    if (window->record != NULL) {
        fwrite(window->record->bytes, 1, window->record->size, stdout);
    }
    if (cancel == NULL) {
        return;
    }
    char id[RECORD_ID_TEXT_SIZE], signers[HISTORY_SIGNERS_SIZE];
    record_id_write(&cancel->id, id);
    history_signers(session, cancel, signers);
    say_note("%s the cancellation %s, signed by %s",
             window->cancel != NULL ? "with" : "with, still waiting for signatures,", id, signers);
    fputs(window->record != NULL ? "\n" : "", stdout);
    fwrite(cancel->bytes, 1, cancel->size, stdout);
}

static const struct argp_option options[] = {
    {"bundle", 'b', NULL, 0,
     "Write its records, the root's, and all signatures as a bundle: enough for a listener", 0},
    {"text", OPTION_TEXT, NULL, 0, "Write the exact text of the record, and of its cancellation",
     0},
    {0}};

const struct command_line line_show = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "UID",
    .least = 1,
    .most = 1,
    .missing = COMMAND_WHICH_UID,
    .doc = "Shows a window: what it says, who signed it, what it means now, and when it is.  UID "
           "may be its first 8 digits.",
};

int cmd_show(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    const struct view_window *window = session->window;
    const struct bundle_about about = {.root = window->root, .has_uid = true, .uid = window->uid};
    if (session->options->out != NULL || session->options->qr) {
        return agenda_send(session, &about, 1);
    }
    if (arguments->as_bundle) {
        return bundle_print(session, &about);
    }
    if (arguments->as_text && (window->record != NULL || window->cancel != NULL)) {
        show_text(session, window);
        return EXIT_DONE;
    }
    struct here here = here_find(call->environment);
    if (session->options->format == ROWS_TABLE) {
        review_warn_of_rule(session, call->environment, window->record);
    }
    return show(session, &here, window, session->options->format);
}
