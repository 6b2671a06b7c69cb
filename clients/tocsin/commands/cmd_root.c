/* tocsin root show, list, trust */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "records/proquint.h"
#include "say/say.h"
#include "tocsin/commands/root_trust.h"
#include "tocsin/commands/table.h"
#include "tocsin/print/confusable.h"
#include "tocsin/print/describe.h"
#include "tocsin/print/field.h"
#include "tocsin/print/qr.h"
#include "tocsin/session/bundle.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/load.h"
#include "tocsin/session/roots.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/history.h"
#include "words/words.h"

enum { OPTION_TAKE = 0x100 };

struct show_arguments {
    bool as_bundle;
    const char *take; /* the id of the version to be given by hand, alone; NULL: all */
};

static error_t parse_show(int key, char *arg, struct argp_state *state)
{
    struct show_arguments *arguments = state->input;
    switch (key) {
    case 'b':
        arguments->as_bundle = true;
        return 0;
    case OPTION_TAKE:
        arguments->take = options_record(state, "take", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* One line for each key of the root. */
typedef void (*key_line)(void *context, const char *role, const struct record_key *key,
                         bool is_revoked);

static void each_key(const struct session *session, const struct view_root *root, key_line line,
                     void *context)
{
    const struct record_root *is = &root->newest->is.root;
    const struct {
        const char *role;
        const struct record_key *key;
        size_t count;
    } part[] = {{"organizer", is->organizer, is->organizer_count},
                {"beacon", is->beacon, is->beacon_count},
                {"feed", is->feed, is->feed_count}};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        for (size_t k = 0; k < part[i].count; k++) {
            line(context, part[i].role, &part[i].key[k],
                 session_find_revoke(session, root, &part[i].key[k].public) != NULL);
        }
    }
}

static void write_key(const struct record_key *key, char id[static RECORD_KEY_ID_TEXT_SIZE],
                      char text[static RECORD_PUBLIC_KEY_TEXT_SIZE], char name[static 1024])
{
    record_key_id_write(&key->public.id, id);
    record_public_key_write(&key->public, text);
    record_unescape(key->name, name, 1024);
}

static void print_key(void *context, const char *role, const struct record_key *key,
                      bool is_revoked)
{
    (void)context;
    char id[RECORD_KEY_ID_TEXT_SIZE], text[RECORD_PUBLIC_KEY_TEXT_SIZE], name[1024];
    write_key(key, id, text, name);
    fputs(is_revoked ? say_colour(SAY_RED) : "", stdout);
    field_print(role, "%s  %s  %s%s", id, text, name, is_revoked ? "  (revoked)" : "");
    fputs(is_revoked ? say_colour(SAY_PLAIN) : "", stdout);
}

static void add_key(void *context, const char *role, const struct record_key *key, bool is_revoked)
{
    char id[RECORD_KEY_ID_TEXT_SIZE], text[RECORD_PUBLIC_KEY_TEXT_SIZE], name[1024];
    write_key(key, id, text, name);
    rows_add(context, (const char *[]){role, id, text, is_revoked ? "revoked" : "in force", name});
}

static void list_keys(const struct session *session, const struct view_root *root)
{
    static const struct rows_column column[] = {
        {"role", false}, {"id", false}, {"key", false}, {"status", false}, {"name", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 5, stdout);
    each_key(session, root, add_key, &rows);
    rows_end(&rows);
}

/* Next versions and revocations that some have signed and that want more. */
static void show_waiting(const struct session *session, const struct view_root *root)
{
    for (size_t i = 0; i < root->pending_count; i++) {
        char line[2048];
        const struct view_entry *entry = session_entry_of(session, &root->pending[i].record->id);
        if (entry != NULL && entry->record != root->newest) {
            describe_entry(session, entry, line, sizeof line);
            field_print("waiting", "%s", line);
        }
    }
}

enum { LINK_SIZE = 1200 };

/* What an invited person gives to `tocsin join`: the first site that the root names, and its own
 * id, so that the site cannot hand out another. */
static bool write_link(const struct view_root *root, char out[static LINK_SIZE])
{
    const struct record_root *is = &root->newest->is.root;
    char url[1024];
    if (is->feed_count == 0) {
        return false;
    }
    record_unescape(is->feed[0].name, url, sizeof url);
    snprintf(out, LINK_SIZE, "%s#%s", url, record_id_text(&root->id).text);
    return strncmp(url, "http", 4) == 0 && strncmp(url, "http://localhost", 16) != 0;
}

/* What people read to each other comes first and is the anchor's own; then what the newest version
 * says; whoever must act, and until when, comes last, where the eye stays. */
static void show_root(const struct session *session, const struct view_root *root)
{
    const struct record_root *is = &root->newest->is.root;
    char name[1024];
    record_unescape(is->name, name, sizeof name);
    fputs(say_colour(SAY_BOLD), stdout);
    say_wrapped(stdout, 0, 0, "%s", name);
    fputs(say_colour(SAY_PLAIN), stdout);
    /* What people compare is the anchor's own, never what it claims. */
    char words[PROQUINT_SIZE];
    proquint_write(root->anchor->id.bytes, words);
    field_print("id", "%s", record_id_text(&root->anchor->id).text);
    field_print("words", "%s", words);
    if (root->newest != root->anchor) {
        proquint_write(root->newest->id.bytes, words);
        field_print("version", "%u (%s, %s), by the chain from version %u", is->version,
                    record_id_text(&root->newest->id).text, words, root->anchor->is.root.version);
    } else if (is->version > 1) {
        field_print("version", "%u (it says that it continues %.16s)", is->version,
                    record_id_text(&root->id).text);
    } else {
        field_print("version", "%u", is->version);
    }
    field_print("threshold", "%u of %zu", is->threshold, is->organizer_count);
    each_key(session, root, print_key, NULL);
    for (size_t i = 0; i < is->broker_count; i++) {
        field_print("broker", "%.*s", (int)is->broker[i].len, is->broker[i].at);
    }
    if (is->has_lock) {
        char lock[DURATION_TEXT_SIZE];
        duration_write(is->lock, false, lock);
        field_print("lock", "%s", lock);
    }
    char link[LINK_SIZE];
    if (write_link(root, link)) {
        field_print("link", "%s", link);
    }
    field_print("made", "%s", session_stamp(session, is->made).text);
    field_print("expires", "%s", session_stamp(session, is->expires).text);
    if (root->is_frozen) {
        char why[VIEW_SENTENCE_SIZE];
        view_fact_write(&root->why, why);
        fputs(say_colour(SAY_RED), stdout);
        field_print("frozen", "%s", why);
        fputs(say_colour(SAY_PLAIN), stdout);
    }
    span left = instant_since(is->expires, session->now);
    if (left.ns < 0) {
        say_warning("this root has expired: \"tocsin root rotate\" makes the next version");
    } else if (left.ns < 60 * NS_PER_DAY) {
        size_t days = (size_t)(left.ns / NS_PER_DAY);
        say_warning("this root expires in %zu day%s: \"tocsin root rotate\" makes the next version",
                    days, text_s(days));
    }
    const struct view_entry *entry = session_entry_of(session, &root->newest->id);
    if (entry != NULL) {
        size_t count = record_count_organizers(is, entry->signer, entry->signer_count);
        const struct history_names signers = history_signers(session, root->newest);
        field_print("signed", "by %zu of %zu organizer%s, %u needed%s%s", count,
                    is->organizer_count, text_s(is->organizer_count), is->threshold,
                    *signers.text != '\0' ? ": " : "", signers.text);
    }
    show_waiting(session, root);
    change_print_open(session, root->newest);
}

static const struct argp_option show_options[] = {
    {"bundle", 'b', NULL, 0, "Write the root's records and signatures as a bundle", 0},
    {"take", OPTION_TAKE, "RECORD", 0,
     "Write this version alone, to be trusted by hand: then no other of its number counts", 0},
    {0}};

const struct command_line line_root_show = {
    .options = show_options,
    .parser = parse_show,
    .size = sizeof(struct show_arguments),
    .doc =
        "Shows the root in force: its keys and its threshold, and what waits to change them.  As "
        "tsv or json: its keys.",
};

static int take_version(const struct session *session, const struct show_arguments *arguments,
                        struct bundle_about *about)
{
    const struct view_entry *entry = session_find_record(session, arguments->take);
    if (entry == NULL || entry->record->type != RECORD_ROOT ||
        !record_id_equal(record_root_of(entry->record), &about->root)) {
        return say_no("%s is no version of this root here: \"tocsin status\" and \"tocsin root "
                      "show\" have their ids",
                      arguments->take);
    }
    about->only = &entry->record->id;
    return EXIT_DONE;
}

int cmd_root_show(struct session *session, const struct command_call *call)
{
    const struct show_arguments *arguments = call->options;
    struct bundle_about about = {.root = session->root->id};
    char link[LINK_SIZE];
    if (arguments->take != NULL) {
        int code = take_version(session, arguments, &about);
        return code != EXIT_DONE ? code
               : session->options->out == NULL && !session->options->qr
                   ? bundle_print(session, &about)
                   : bundle_send(session, &about, 1, "everybody");
    }
    if (session->options->qr && session->options->out == NULL && write_link(session->root, link)) {
        int code = qr_print(link);
        say_note("tocsin join '%s'", link);
        return code;
    }
    if (session->options->out != NULL || session->options->qr) {
        return agenda_send(session, &about, 1);
    }
    if (arguments->as_bundle) {
        return bundle_print(session, &about);
    }
    if (session->options->format != ROWS_TABLE) {
        list_keys(session, session->root);
    } else {
        show_root(session, session->root);
    }
    return EXIT_DONE;
}

const struct command_line line_root_list = {.doc = "Lists the trusted roots."};

int cmd_root_list(struct session *session, const struct command_call *call)
{
    (void)call;
    static const struct rows_column column[] = {
        {"root", false},      {"words", false},   {"version", true}, {"threshold", true},
        {"organizers", true}, {"expires", false}, {"name", false}};
    struct rows rows;
    rows_begin(&rows, session->options->format, column, 7, stdout);
    rows.extra = 1U << 2 | 1U << 3 | 1U << 4; /* the numbers, which root show tells */
    rows.cut = 1;
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        const struct record_root *is = &root->newest->is.root;
        char id[RECORD_ID_TEXT_SIZE], version[16], threshold[16], organizers[16];
        char name[1024], words[PROQUINT_SIZE];
        record_id_write(&root->anchor->id, id);
        proquint_write(root->anchor->id.bytes, words);
        snprintf(version, sizeof version, "%u", is->version);
        snprintf(threshold, sizeof threshold, "%u", is->threshold);
        snprintf(organizers, sizeof organizers, "%zu", is->organizer_count);
        record_unescape(is->name, name, sizeof name);
        rows_add(&rows, (const char *[]){id, words, version, threshold, organizers,
                                         session_stamp(session, is->expires).text, name});
    }
    rows_end(&rows);
    return session->view->root_count > 0 ? EXIT_DONE : say_no(SESSION_NO_ROOT);
}

/* Says what becomes of an anchor of the same constellation that was given before. */
static void compare_with_trusted(const struct record *held, const struct record *root)
{
    char words[PROQUINT_SIZE];
    proquint_write(held->id.bytes, words);
    if (held->is.root.version > root->is.root.version) {
        say_note("version %u (%s), which was given by hand too, stays in force",
                 held->is.root.version, words);
    } else {
        say_warning("it takes the place of version %u (%s), which you trust, whether or not its "
                    "organizers signed: newer versions that they did sign need not be given by "
                    "hand",
                    held->is.root.version, words);
    }
}

/* Two constellations may have one name: then only words and ids tell them apart. */
static void warn_of_namesakes(const struct session *session, const struct view_root *root)
{
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *other = &session->view->root[i];
        if (other != root && text_equal(other->newest->is.root.name, root->newest->is.root.name)) {
            char words[PROQUINT_SIZE];
            proquint_write(other->anchor->id.bytes, words);
            say_warning("another constellation of this name is trusted here: %s", words);
        }
    }
}

/* Shows what will be in force once this root is trusted, by the records that came with it, and
 * asks. */
static int ask_about(struct session *session, const struct record *root)
{
    const struct record *held = anchors_find(&session->anchors, record_root_of(root));
    if (held != NULL && record_id_equal(&held->id, &root->id)) {
        say_note("this root is trusted here already: \"%.*s\"", (int)root->is.root.name.len,
                 root->is.root.name.at);
        return EXIT_DONE;
    }
    int code = roots_take(session->roots_dir, root->bytes, root->size, &session->anchors);
    if (code != EXIT_DONE) {
        return code;
    }
    session_build_view(session);
    const struct view_root *shown = view_find_root(session->view, record_root_of(root));
    if (shown == NULL) {
        return say_usage("this root cannot be an anchor");
    }
    show_root(session, shown);
    describe_warn(shown->newest);
    warn_of_namesakes(session, shown);
    if (held != NULL) {
        compare_with_trusted(held, root);
    }
    say_note("compare the id or its words with the one that an organizer tells you in person");
    (void)say_confirm("Trust this root?", session->options->yes, &code);
    return code;
}

/* All of a file are looked at, together with what came with them, before one of them is kept. */
static int trust_roots(struct session *session, const char *path, const uint8_t *bytes, size_t size)
{
    struct anchors given;
    roots_begin(session, &given);
    int code = roots_take(path, bytes, size, &given);
    if (code == EXIT_DONE) {
        code = session_load(session, false);
    }
    if (code == EXIT_DONE) {
        session_lay_over(session, bytes, size);
    }
    for (size_t i = 0; i < given.count && code == EXIT_DONE; i++) {
        code = ask_about(session, given.record[i]);
    }
    for (size_t i = 0; i < given.count && code == EXIT_DONE; i++) {
        code = roots_trust(session, given.record[i]);
    }
    anchors_close(&given);
    return code;
}

int root_trust_take(struct session *session, const char *path)
{
    uint8_t *bytes;
    size_t size;
    int code = incoming_load(path, &bytes, &size);
    if (code != EXIT_DONE) {
        return code;
    }
    code = trust_roots(session, path, bytes, size);
    free(bytes);
    if (code == EXIT_DONE) {
        code = roots_keep_signatures(session, path);
    }
    return code == EXIT_DONE ? bundle_import(session, path) : code;
}

const struct command_line line_root_trust = {
    .words = "FILE",
    .missing = "which FILE?",
    .doc = "Trusts the root in FILE (a root record or a bundle) from now on.",
};

int cmd_root_trust(struct session *session, const struct command_call *call)
{
    return root_trust_take(session, call->word[0]);
}

const struct command_line line_root_untrust = {
    .words = "ID|NAME",
    .missing = "which root? \"tocsin root list\" shows them",
    .doc = "Trusts a root no longer: its windows are not seen any more, and nothing of it is taken "
           "in.\vThe root goes by its name, or by 8 or more digits of its id.  Its records stay in "
           "the store; \"tocsin forget\" removes them.",
};

static int find_trusted(const struct session *session, const char *which,
                        const struct view_root **found)
{
    char best[1024] = "";
    *found = NULL;
    for (size_t i = 0; i < session->view->root_count; i++) {
        const struct view_root *root = &session->view->root[i];
        if (text_is(root->newest->is.root.name, which) ||
            session_id_matches(&root->anchor->id, which) || session_id_matches(&root->id, which)) {
            if (*found != NULL) {
                return say_usage("several trusted roots go by \"%s\": give digits of the id that "
                                 "\"tocsin root list\" shows",
                                 which);
            }
            *found = root;
        }
        char one[1024];
        record_unescape(root->newest->is.root.name, one, sizeof one);
        if (words_nearer(which, strlen(which), *best != '\0' ? best : NULL, one) == one) {
            memcpy(best, one, sizeof best);
        }
    }
    if (*found != NULL) {
        return EXIT_DONE;
    }
    return *best != '\0' ? say_no("no trusted root \"%s\": did you mean \"%s\"?", which, best)
                         : say_no("no trusted root \"%s\"; \"tocsin root list\" shows them", which);
}

int cmd_root_untrust(struct session *session, const struct command_call *call)
{
    const struct view_root *found;
    int code = find_trusted(session, call->word[0], &found);
    if (code != EXIT_DONE) {
        return code;
    }
    assert(found != NULL);
    show_root(session, found);
    size_t windows = 0;
    for (size_t i = 0; i < session->view->window_count; i++) {
        windows += record_id_equal(&session->view->window[i].root, &found->id);
    }
    say_warning("%zu window%s of it will not be seen here any more", windows, text_s(windows));
    if (!say_confirm("Trust this root no longer?", session->options->yes, &code)) {
        return code;
    }
    const struct record_id id = found->id;
    while (code == EXIT_DONE && found != NULL) { /* at every version that was given by hand */
        code = roots_untrust(session, found->anchor);
        code = code == EXIT_DONE ? session_load(session, false) : code;
        found = code == EXIT_DONE ? view_find_root(session->view, &id) : NULL;
    }
    return code;
}
