#include "tocsin/windows/change.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "text/text.h"
#include "tocsin/windows/history.h"

enum { VALUE_SIZE = RECORD_SIZE_MAX, BRIEF_VALUE = 72 };

static void put(const char *what, const char *before, const char *after, change_sink *sink,
                void *context)
{
    bool is_same = before == NULL || after == NULL ? before == after : strcmp(before, after) == 0;
    if (!is_same) {
        sink(context, what, before, after);
    }
}

/* As it is signed, escapes and all: its line ends would make lines that look like ours. */
static const char *text_in(struct text text, char out[static VALUE_SIZE])
{
    snprintf(out, VALUE_SIZE, "%.*s", (int)text.len, text.at);
    return text.len > 0 ? out : NULL;
}

void change_of_text(const char *what, struct text before, struct text after, change_sink *sink,
                    void *context)
{
    char was[VALUE_SIZE], is[VALUE_SIZE];
    const char *of_before = text_in(before, was);
    put(what, of_before, text_in(after, is), sink, context);
}

static void of_prose(const char *what, const struct record_prose *before, size_t before_count,
                     const struct record_prose *after, size_t after_count, change_sink *sink,
                     void *context)
{
    for (size_t side = 0; side < 2; side++) {
        const struct record_prose *list = side == 0 ? before : after;
        size_t count = side == 0 ? before_count : after_count;
        for (size_t i = 0; i < count; i++) {
            const struct record_prose *was = NULL, *is = NULL;
            for (size_t k = 0; k < before_count; k++) {
                was = text_equal(before[k].tag, list[i].tag) ? &before[k] : was;
            }
            for (size_t k = 0; k < after_count; k++) {
                is = text_equal(after[k].tag, list[i].tag) ? &after[k] : is;
            }
            if (side == 1 && was != NULL) {
                continue; /* told on the other side */
            }
            char name[64];
            snprintf(name, sizeof name, "%s%s%.*s", what, list[i].tag.len > 0 ? "." : "",
                     (int)list[i].tag.len, list[i].tag.at);
            change_of_text(name, was != NULL ? was->value : (struct text){NULL, 0},
                           is != NULL ? is->value : (struct text){NULL, 0}, sink, context);
        }
    }
}

static const char *span_in(const span *value, char out[static DURATION_TEXT_SIZE])
{
    if (value == NULL) {
        return NULL;
    }
    duration_write(*value, value->ns % NS_PER_DAY == 0 && value->ns > 30 * NS_PER_DAY, out);
    return out;
}

void change_of_span(const char *what, const span *before, const span *after, change_sink *sink,
                    void *context)
{
    char was[DURATION_TEXT_SIZE], is[DURATION_TEXT_SIZE];
    const char *of_before = span_in(before, was);
    put(what, of_before, span_in(after, is), sink, context);
}

void change_of_instant(const struct session *session, const char *what, instant before,
                       instant after, change_sink *sink, void *context)
{
    put(what, session_stamp(session, before).text, session_stamp(session, after).text, sink,
        context);
}

/* The ids of the beacons that may tick for a window; NULL: all of the root. */
static const char *beacons_in(const struct record_window *is, char out[static VALUE_SIZE])
{
    size_t len = 0;
    for (size_t i = 0; i < is->beacon_count; i++) {
        len += (size_t)snprintf(out + len, VALUE_SIZE - len, "%s%s", i > 0 ? " " : "",
                                record_key_id_text(&is->beacon[i]).text);
    }
    return is->beacon_count > 0 ? out : NULL;
}

/* The KEYs that are cancelled. */
static const char *off_in(const struct record_window *is, char out[static VALUE_SIZE])
{
    size_t len = 0;
    for (size_t i = 0; i < is->off_count; i++) {
        len += (size_t)snprintf(out + len, VALUE_SIZE - len, "%s%.*s", i > 0 ? " " : "",
                                (int)is->off[i].len, is->off[i].at);
    }
    return is->off_count > 0 ? out : NULL;
}

void change_of_window(const struct session *session, const struct record_window *before,
                      const struct record_window *after, change_sink *sink, void *context)
{
    char was[VALUE_SIZE], is[VALUE_SIZE];
    of_prose("title", before->title, before->title_count, after->title, after->title_count, sink,
             context);
    of_prose("about", before->about, before->about_count, after->about, after->about_count, sink,
             context);
    change_of_text("gesture", before->gesture, after->gesture, sink, context);
    put("tone", record_tone_name(before->tone), record_tone_name(after->tone), sink, context);
    change_of_text("rule", before->rule, after->rule, sink, context);
    change_of_span("for", &before->duration, &after->duration, sink, context);
    change_of_span("rest", before->has_rest ? &before->rest : NULL,
                   after->has_rest ? &after->rest : NULL, sink, context);
    change_of_text("url", before->url, after->url, sink, context);
    const char *of_before = beacons_in(before, was);
    put("beacon", of_before, beacons_in(after, is), sink, context);
    of_before = off_in(before, was);
    put("off", of_before, off_in(after, is), sink, context);
    change_of_instant(session, "expires", before->expires, after->expires, sink, context);
}

struct brief {
    char *out;
    size_t len;
    bool has_rule;
};

/* A change_sink: the values after, shortened; what a rule says anew its length and end follow. */
static void put_brief(void *context, const char *what, const char *before, const char *after)
{
    struct brief *brief = context;
    bool follows = brief->has_rule && (strcmp(what, "for") == 0 || strcmp(what, "expires") == 0);
    (void)before;
    after = after != NULL ? after : "none";
    size_t len = text_cut(after, strlen(after), BRIEF_VALUE);
    if (follows || brief->len + strlen(what) + len + sizeof "; ... " > CHANGE_BRIEF_SIZE) {
        return;
    }
    brief->has_rule = brief->has_rule || strcmp(what, "rule") == 0;
    brief->len += (size_t)snprintf(brief->out + brief->len, CHANGE_BRIEF_SIZE - brief->len,
                                   "%s%s %.*s%s", brief->len > 0 ? "; " : "", what, (int)len, after,
                                   len < strlen(after) ? "..." : "");
}

/* The window's record that is in force beside this one, or NULL. */
static const struct record *in_force(const struct session *session, const struct record *record)
{
    const struct view_window *window = view_window_of(session->view, record);
    if (window == NULL || window->held_count == 0) {
        return NULL;
    }
    return window->record != NULL ? window->record : window->held[0];
}

/* The version that a window's record replaces, the first that is held here; or NULL. */
static const struct record *replaced_by(const struct session *session, const struct record *record)
{
    const struct view_entry *before = NULL;
    for (size_t i = 0; before == NULL && i < record->is.window.prev_count; i++) {
        before = session_entry_of(session, &record->is.window.prev[i]);
    }
    return before != NULL ? before->record : NULL;
}

/* Who is in the one list and not in the other. */
static void brief_keys(struct brief *brief, const char *what, const struct record_key *in,
                       size_t in_count, const struct record_key *other, size_t other_count)
{
    for (size_t i = 0; i < in_count; i++) {
        char name[VALUE_SIZE];
        if (record_key_find(other, other_count, in[i].public.key) == NULL) {
            put_brief(brief, what, NULL, text_in(in[i].name, name));
        }
    }
}

/* put_brief leaves out what no longer fits, so what matters most comes first: who goes, who comes
 * and how many must sign.  Most versions end later than the one before: that is told only where
 * nothing else is. */
static void brief_root(const struct session *session, const struct record *record,
                       struct brief *brief)
{
    const struct record_root *is = &record->is.root;
    const struct view_root *root = view_find_root(session->view, record_root_of(record));
    char threshold[16];
    if (root == NULL || root->newest == record || is->version == 1) {
        return;
    }
    const struct record_root *was = &root->newest->is.root;
    brief_keys(brief, "without", was->organizer, was->organizer_count, is->organizer,
               is->organizer_count);
    brief_keys(brief, "with", is->organizer, is->organizer_count, was->organizer,
               was->organizer_count);
    snprintf(threshold, sizeof threshold, "%u", is->threshold);
    if (is->threshold != was->threshold) {
        put_brief(brief, "threshold", NULL, threshold);
    }
    change_of_text("name", was->name, is->name, put_brief, brief);
    change_of_span("lock", was->has_lock ? &was->lock : NULL, is->has_lock ? &is->lock : NULL,
                   put_brief, brief);
    brief_keys(brief, "without the beacon", was->beacon, was->beacon_count, is->beacon,
               is->beacon_count);
    brief_keys(brief, "with the beacon", is->beacon, is->beacon_count, was->beacon,
               was->beacon_count);
    if (brief->len == 0) {
        change_of_instant(session, "expires", was->expires, is->expires, put_brief, brief);
    }
}

static bool has_same_dates(const struct record_window *a, const struct record_window *b)
{
    bool is_same = a->at_count == b->at_count && a->on_count == b->on_count;
    for (size_t i = 0; is_same && i < a->at_count; i++) {
        is_same = text_equal(a->at[i].key, b->at[i].key) &&
                  text_equal(a->at[i].place, b->at[i].place) &&
                  instant_compare(a->at[i].at, b->at[i].at) == 0;
    }
    for (size_t i = 0; is_same && i < a->on_count; i++) {
        is_same = text_equal(a->on[i].key, b->on[i].key) &&
                  civil_day_number(a->on[i].date) == civil_day_number(b->on[i].date);
    }
    return is_same;
}

void change_brief_since(const struct session *session, const struct record *before,
                        const struct record *record, char out[static CHANGE_BRIEF_SIZE])
{
    struct brief brief = {.out = out};
    *out = '\0';
    if (before == NULL) {
        char rule[VALUE_SIZE];
        put_brief(&brief, "rule", NULL, text_in(record->is.window.rule, rule));
        return;
    }
    change_of_window(session, &before->is.window, &record->is.window, put_brief, &brief);
    if (*out == '\0') {
        snprintf(out, CHANGE_BRIEF_SIZE,
                 !has_same_dates(&before->is.window, &record->is.window) ? "other dates"
                 : session_is_effective(session, before)                 ? "the same as in force"
                                                                         : "the same as before");
    }
}

void change_brief(const struct session *session, const struct record *record,
                  char out[static CHANGE_BRIEF_SIZE])
{
    struct brief brief = {.out = out};
    *out = '\0';
    if (record->type == RECORD_CANCEL) {
        char reason[VALUE_SIZE];
        put_brief(&brief, "reason", NULL, text_in(record->is.cancel.reason, reason));
    }
    if (record->type == RECORD_REVOKE) {
        const struct view_root *root = view_find_root(session->view, record_root_of(record));
        struct text owner = {NULL, 0};
        char name[VALUE_SIZE], id[RECORD_KEY_ID_TEXT_SIZE];
        record_key_id_write(&record->is.revoke.key.id, id);
        if (root != NULL) {
            owner = history_organizer(root, &record->is.revoke.key);
        }
        if (root != NULL && owner.len == 0) {
            owner = history_organizer_once(session, root, &record->is.revoke.key);
        }
        put_brief(&brief, "key of", NULL, owner.len > 0 ? text_in(owner, name) : id);
    }
    if (record->type == RECORD_ROOT) {
        brief_root(session, record, &brief);
    }
    if (record->type == RECORD_WINDOW) {
        const struct record *before = in_force(session, record);
        bool is_itself = before != NULL && record_id_equal(&before->id, &record->id);
        change_brief_since(session, is_itself ? replaced_by(session, record) : before, record, out);
    }
}

/* Whether two records claim one step: of two that have enough signatures none counts. */
static bool is_rival(const struct record *a, const struct record *b)
{
    if (a->type != b->type || record_id_equal(&a->id, &b->id)) {
        return false;
    }
    if (a->type == RECORD_ROOT) {
        return a->is.root.version > 1 && a->is.root.version == b->is.root.version &&
               record_id_equal(record_root_of(a), record_root_of(b));
    }
    return a->type == RECORD_WINDOW && a->is.window.seq == b->is.window.seq &&
           record_uid_equal(&a->is.window.uid, &b->is.window.uid) &&
           record_id_equal(&a->is.window.root, &b->is.window.root);
}

static void tell_version(const struct session *session, const char *which,
                         const struct record *record)
{
    char id[RECORD_ID_TEXT_SIZE], brief[CHANGE_BRIEF_SIZE];
    bool is_draft = session_entry_of(session, &record->id) == NULL;
    record_id_write(&record->id, id);
    const struct history_names signers = history_signers(session, record);
    if (record->type == RECORD_WINDOW && record->is.window.seq > 0) {
        change_brief_since(session, replaced_by(session, record), record, brief);
    } else {
        change_brief(session, record, brief);
    }
    say_warning("  %s %.16s: %s%ssigned by %s%s", which, is_draft ? "(to be signed)" : id, brief,
                *brief != '\0' ? "; " : "", *signers.text != '\0' ? signers.text : "nobody",
                session_is_effective(session, record) ? ", and in force" : "");
}

const struct record *change_contested_by(const struct session *session, const struct record *record,
                                         const struct record_public_key *signer)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct view_entry *other = &session->set.entry[i];
        if (is_rival(record, other->record) &&
            (view_is_signed_by(other, signer) || session_is_effective(session, other->record))) {
            return other->record;
        }
    }
    return NULL;
}

/* Whether a record replaces a version of this one's step that is in force. */
static bool replaces_rival(const struct session *session, const struct record_window *is,
                           const struct record *record)
{
    for (size_t i = 0; i < is->prev_count; i++) {
        const struct view_entry *one = session_entry_of(session, &is->prev[i]);
        if (one != NULL && is_rival(record, one->record) &&
            session_is_effective(session, one->record)) {
            return true;
        }
    }
    return false;
}

const struct record *change_outvoted_by(const struct session *session, const struct record *record)
{
    for (size_t i = 0; record->type == RECORD_WINDOW && i < session->set.entry_count; i++) {
        const struct record *by = session->set.entry[i].record;
        if (by->type == RECORD_WINDOW &&
            record_id_is_among(by->is.window.prev, by->is.window.prev_count, &record->id) &&
            replaces_rival(session, &by->is.window, record)) {
            return by;
        }
    }
    return NULL;
}

/* Two versions of one step freeze a constellation from there on, however many steps follow: the
 * chain is climbed from the root that was given by hand. */
static bool forks_chain(const struct session *session, const struct record *newest,
                        const struct record *other)
{
    const struct view_root *root = view_find_root(session->view, record_root_of(newest));
    if (root == NULL || other->type != RECORD_ROOT || !other->is.root.has_prev ||
        !record_id_equal(record_root_of(other), &root->id)) {
        return false;
    }
    const struct record_root *is = &other->is.root;
    const struct view_entry *before = session_entry_of(session, &is->prev);
    return is->version > root->anchor->is.root.version && is->version <= newest->is.root.version &&
           before != NULL && session_is_effective(session, before->record);
}

const struct record *change_next_open(const struct session *session, const struct record *in_force,
                                      size_t *at)
{
    while (*at < session->set.entry_count) {
        const struct view_entry *other = &session->set.entry[(*at)++];
        struct view_standing standing;
        bool is_beside = in_force->type == RECORD_ROOT
                             ? forks_chain(session, in_force, other->record)
                             : is_rival(in_force, other->record);
        if (is_beside && !session_is_effective(session, other->record) &&
            view_standing(session->view, other, &standing) &&
            standing.count + standing.before > 0) {
            return other->record;
        }
    }
    return NULL;
}

const char *change_open_advice(const struct record *open)
{
    return open->type == RECORD_ROOT
               ? "with enough signatures it freezes the constellation, but where the version in "
                 "force was given by hand"
               : "with enough signatures it contests what is in force; one more amendment outvotes "
                 "it";
}

void change_print_open(const struct session *session, const struct record *in_force)
{
    enum { INDENT = 11 };
    size_t at = 0;
    const struct record *open;
    while ((open = change_next_open(session, in_force, &at)) != NULL) {
        say_wrapped(stdout, 0, INDENT, "still open: %.16s signed by %s; do not sign it; %s",
                    record_id_text(&open->id).text, history_signers(session, open).text,
                    change_open_advice(open));
    }
}

void change_warn_of_rivals(const struct session *session, const struct record *record,
                           const struct record_public_key *signer)
{
    bool is_told = false, is_mine = false;
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct view_entry *other = &session->set.entry[i];
        if (!is_rival(record, other->record) || other->signer_count == 0) {
            continue;
        }
        if (!is_told) {
            say_warning("two versions claim the same step: once both have enough signatures %s; "
                        "agree with the others on one",
                        record->type == RECORD_ROOT ? "the constellation freezes"
                                                    : "neither counts");
            tell_version(session, "this one ", record);
        }
        is_told = true;
        is_mine |= view_is_signed_by(other, signer);
        tell_version(session, "the other", other->record);
    }
    if (is_mine) {
        say_warning("you have signed the other, and a signature cannot be taken back: one person "
                    "more who signs both contests them");
    }
}
