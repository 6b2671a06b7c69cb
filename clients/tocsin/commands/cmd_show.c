/* tocsin show UID: one window, all that is known of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "lines/lines.h"
#include "records/proquint.h"
#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/confusable.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/field.h"
#include "tocsin/session/bundle.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/here.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

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
    default:
        return say_set(key, arg, state);
    }
}

/* People read "expired" as "over": of a date that lies ahead they are told what it lies beyond. */
static const char *state_name(const struct session *session, const struct view_window *window,
                              const struct view_occurrence *occurrence, enum rows_format format)
{
    if (occurrence->alerted) {
        return "alerted";
    }
    if (occurrence->state == OCCURRENCE_EXPIRED && format == ROWS_TABLE &&
        instant_compare(occurrence->start, session->now) > 0) {
        bool is_own = instant_compare(occurrence->start, window->record->is.window.expires) >= 0;
        return is_own ? "after its expiry" : "after the root's end";
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

static bool has_places(const struct view_window *window)
{
    bool has = false;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        has = has || window->occurrence[i].place.len > 0;
    }
    return has;
}

/* Programs get every column.  People get those that they have not read above the table, and on a
 * narrow terminal the clock of where they are alone: a line that wraps is no row. */
static void show_occurrences(const struct session *session, const struct here *here,
                             const struct view_window *window, enum rows_format format)
{
    static const struct rows_column column[] = {
        {"key", false},   {"start", false},  {"end", false},    {"state", false},
        {"place", false}, {"cancel", false}, {"reason", false}, {"cancel_signers", false}};
    const struct rows_column local_too[] = {{"key", false},   {"start", false},
                                            {"end", false},   {here->name, false},
                                            {"state", false}, {"place", false}};
    const struct rows_column in_short[] = {
        {"key", false}, {here->name, false}, {"state", false}, {"place", false}};
    enum { WIDE = 100 };
    bool is_short = format == ROWS_TABLE && rows_room(stdout) > 0 && rows_room(stdout) < WIDE;
    bool has_local = format == ROWS_TABLE && !here->is_utc;
    static struct cancel_cells cancel;
    write_cancel(session, window, &cancel);
    struct rows rows;
    /* People have read of the cancel above the table, and of the length. */
    rows_begin(&rows, format,
               is_short    ? in_short
               : has_local ? local_too
                           : column,
               is_short               ? 3U + has_places(window)
               : has_local            ? 6
               : format == ROWS_TABLE ? 5
                                      : 8,
               stdout);
    rows.cut = is_short && has_places(window) ? 4 : 0;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        const struct view_occurrence *occurrence = &window->occurrence[i];
        char key[32], end[STAMP_TEXT_SIZE] = "", place[256];
        char local[HERE_TEXT_SIZE];
        snprintf(key, sizeof key, "%.*s", (int)occurrence->key.len, occurrence->key.at);
        snprintf(place, sizeof place, "%.*s", (int)occurrence->place.len, occurrence->place.at);
        const struct record_window *is = &occurrence->record->is.window;
        const struct stamp_text start = describe_start(session, is, occurrence);
        if (occurrence->has_start) {
            strcpy(end, session_stamp(session, occurrence->end).text);
        }
        here_write(session, here, is, occurrence, local);
        const char *state = state_name(session, window, occurrence, format);
        const char *plain[] = {key,   start.text, end,           state,
                               place, cancel.id,  cancel.reason, cancel.signers};
        const char *with_local[] = {key, start.text, end, local, state, place};
        const char *shortly[] = {key, local, state, place};
        rows_add(&rows, is_short ? shortly : has_local ? with_local : plain);
    }
    rows_end(&rows);
}

static void show_signers(const struct session *session, const struct record *record,
                         const char *label)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    const struct view_entry *entry = session_entry_of(session, &record->id);
    for (size_t k = 0; root != NULL && entry != NULL && k < entry->signer_count; k++) {
        struct text name = history_organizer(root, &entry->signer[k]);
        const char *but = name.len == 0 ? "not an organizer now" : "";
        if (name.len == 0) {
            name = history_organizer_once(session, root, &entry->signer[k]);
        }
        field_print(label, "%s  %.*s%s%s", record_key_id_text(&entry->signer[k].id).text,
                    (int)name.len, name.at, name.len > 0 && *but != '\0' ? ", " : "", but);
    }
}

/* What lies under the line of a cancel: why, and who signed it. */
static void show_cancel(const struct session *session, const struct record *cancel)
{
    static char reason[REASON_SIZE];
    record_unescape(cancel->is.cancel.reason, reason, sizeof reason);
    field_print("  reason", "%s", reason);
    describe_warn(cancel);
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
        field_print("waiting", "%s %s, signed by %zu, %u needed", waiting_name(pending->record),
                    record_id_text(&pending->record->id).text, pending->signature_count,
                    window->threshold);
        if (pending->record->type == RECORD_CANCEL) {
            show_cancel(session, pending->record);
        } else if (pending->record->is.window.seq > 0) {
            char brief[CHANGE_BRIEF_SIZE];
            change_brief(session, pending->record, brief);
            field_print("  changes", "%s", brief);
            field_print("  signed", "by %s", history_signers(session, pending->record).text);
        }
    }
}

/* The beacons that alone may tick for the window. */
static void show_beacons(const struct session *session, const struct view_window *window)
{
    const struct view_root *root = view_find_root(session->view, &window->root);
    const struct record_window *is = &window->record->is.window;
    for (size_t i = 0; root != NULL && i < is->beacon_count; i++) {
        const struct record_root *of = &root->newest->is.root;
        struct text name = {"not a beacon now", 16};
        for (size_t k = 0; k < of->beacon_count; k++) {
            if (record_key_id_equal(&of->beacon[k].public.id, &is->beacon[i])) {
                name = of->beacon[k].name;
            }
        }
        field_print("beacon", "%s  %.*s", record_key_id_text(&is->beacon[i]).text, (int)name.len,
                    name.at);
    }
}

/* A rule that was signed in another spelling than the one that all readers share. */
static void show_spelling(const struct record_window *is)
{
    char line[RULE_TEXT_SIZE];
    switch (lines_spell(is->rule.at, is->rule.len, line)) {
    case LINES_CANONICAL:
        return;
    case LINES_READS_AS:
        field_print("", "not canonical, reads as %s", line);
        return;
    case LINES_UNREAD:
        field_print("", "not checked here: this version cannot read it");
        return;
    }
}

static void show_record(const struct session *session, const struct view_window *window)
{
    const struct record_window *is = &window->record->is.window;
    char duration[DURATION_TEXT_SIZE];
    duration_write(is->duration, is->wave == WAVE_DAY, duration);
    const struct describe_title headline = describe_title(is);
    for (size_t i = 0; i < is->title_count; i++) { /* but for the one that stands above all */
        char title[DESCRIBE_TITLE_SIZE], label[48];
        record_unescape(is->title[i].value, title, sizeof title);
        snprintf(label, sizeof label, "title%s%.*s", is->title[i].tag.len > 0 ? "." : "",
                 (int)is->title[i].tag.len, is->title[i].tag.at);
        if (is->title[i].tag.len > 0 || strcmp(title, headline.text) != 0) {
            field_print(label, "%s", title);
        }
    }
    for (size_t i = 0; i < is->about_count; i++) {
        static char about[RECORD_SIZE_MAX];
        char label[48];
        record_unescape(is->about[i].value, about, sizeof about);
        snprintf(label, sizeof label, "about%s%.*s", is->about[i].tag.len > 0 ? "." : "",
                 (int)is->about[i].tag.len, is->about[i].tag.at);
        field_print(label, "%s", about);
    }
    field_print("gesture", "%.*s", (int)is->gesture.len, is->gesture.at);
    field_print("tone", "%s", record_tone_name(is->tone));
    field_print("rule", "%.*s", (int)is->rule.len, is->rule.at);
    field_print("for", "%s", duration);
    show_spelling(is);
    if (is->has_rest) {
        char rest[DURATION_TEXT_SIZE];
        duration_write(is->rest, false, rest);
        field_print("rest", "%s", rest);
    }
    if (is->url.len > 0) {
        field_print("url", "%.*s", (int)is->url.len, is->url.at);
    }
    show_beacons(session, window);
    field_print("record", "%s (seq %u)", record_id_text(&window->record->id).text, is->seq);
    field_print("expires", "%s", session_stamp(session, is->expires).text);
}

/* The versions that contest each other, and what settles it. */
static void show_versions(const struct session *session, const struct here *here,
                          const struct view_window *window)
{
    uint32_t last =
        window->held_count > 0 ? window->held[window->held_count - 1]->is.window.seq : 0;
    for (size_t i = 0; i < window->held_count; i++) {
        const struct record *one = window->held[i];
        char local[HERE_TEXT_SIZE] = "";
        if (one->is.window.seq != last) {
            continue;
        }
        if (one->is.window.at_count > 0) {
            const struct view_occurrence first = {.has_start = true,
                                                  .start = one->is.window.at[0].at};
            here_write(session, here, &one->is.window, &first, local);
        }
        field_print("version", "%.16s  \"%s\", %s%s%.*s, signed by %s",
                    record_id_text(&one->id).text, describe_title(&one->is.window).text, local,
                    *local != '\0' ? ", " : "", (int)one->is.window.rule.len,
                    one->is.window.rule.at, history_signers(session, one).text);
        if (one->is.window.seq > 0) {
            char brief[CHANGE_BRIEF_SIZE];
            change_brief(session, one, brief);
            field_print("  changes", "%s", brief);
        }
    }
    field_print("settle",
                "tocsin amend %s --take VERSION, or with what is wanted: it names them "
                "all",
                session_name_window(session, &window->root, &window->uid).text);
}

/* Whether it rings comes first, and why; what waits, and who contradicts, before what is signed,
 * since it may yet change that. */
static void show(const struct session *session, const struct here *here,
                 const struct view_window *window, enum rows_format format)
{
    if (format != ROWS_TABLE) {
        show_occurrences(session, here, window, format);
        return;
    }
    char title[DESCRIBE_TITLE_SIZE] = "(contested from the start)";
    if (window->record != NULL) {
        strcpy(title, describe_title(&window->record->is.window).text);
    }
    enum say_colour colour = window->status == VIEW_CONFIRMED   ? SAY_GREEN
                             : window->status == VIEW_TENTATIVE ? SAY_YELLOW
                                                                : SAY_RED;
    fputs(say_colour(SAY_BOLD), stdout);
    say_wrapped(stdout, 0, 0, "%s", title);
    fputs(say_colour(SAY_PLAIN), stdout);
    field_print("uid", "%s", record_uid_text(&window->uid).text);
    const char *status = view_status_name(window->status);
    char why[VIEW_SENTENCE_SIZE];
    view_fact_write(&window->why, why);
    printf("%-*s%s%s%s", FIELD_LABEL, "status", say_colour(colour), status, say_colour(SAY_PLAIN));
    say_wrapped(stdout, FIELD_LABEL + (int)strlen(status), FIELD_LABEL, ": %s", why);
    if (window->has_lock) {
        view_fact_write(&window->lock, why);
        field_print("lock", "%s", why);
    }
    char words[PROQUINT_SIZE];
    proquint_write(window->uid.bytes, words);
    field_print("words", "%s", words);
    if (window->record != NULL) {
        describe_warn(window->record);
    }
    field_print("signatures", "%zu, %u needed", window->signature_count, window->threshold);
    if (window->cancel != NULL) {
        field_print("cancel", "%s", record_id_text(&window->cancel->id).text);
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
        return;
    }
    show_signers(session, window->record, "signed");
    show_record(session, window);
    putchar('\n');
    show_occurrences(session, here, window, ROWS_TABLE);
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
    say_note("%s the cancellation %s, signed by %s",
             window->cancel != NULL ? "with" : "with, still waiting for signatures,",
             record_id_text(&cancel->id).text, history_signers(session, cancel).text);
    fputs(window->record != NULL ? "\n" : "", stdout);
    fwrite(cancel->bytes, 1, cancel->size, stdout);
}

static const struct argp_option options[] = {
    {"bundle", 'b', NULL, 0,
     "Write its records, the root's, and all signatures as a bundle: enough for a listener", 0},
    {"text", SAY_SETS(arguments, as_text), NULL, 0,
     "Write the exact text of the record, and of its cancellation", 0},
    {0}};

const struct command_line line_show = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "UID",
    .missing = COMMAND_WHICH_UID,
    .doc = "Shows a window: what it says, who signed it, what it means now, and when it is. UID "
           "may be its first digits, 4 or more.",
};

int cmd_show(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    const struct view_window *window = session->window;
    const struct bundle_about about = {.root = window->root, .has_uid = true, .uid = window->uid};
    bool is_sent = session->options->out != NULL || session->options->qr;
    if (arguments->as_text && (is_sent || arguments->as_bundle)) {
        return say_usage("--text writes the record alone: --bundle, --out and --qr write all that "
                         "goes with it");
    }
    if (is_sent) {
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
    show(session, &here, window, session->options->format);
    return EXIT_DONE;
}
