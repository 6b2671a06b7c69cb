/* tocsin amend UID: the next version of a window, restated in full. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "tocsin/commands/amend.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/change.h"
#include "tocsin/windows/review.h"
#include "words/words.h"

enum { OPTION_OFF = 0x300, OPTION_BACK, OPTION_TAKE };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct amend_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->window;
        return 0;
    case OPTION_OFF:
        return options_add(state, arg, arguments->off, &arguments->off_count, AMEND_KEYS_MAX,
                           "at once");
    case OPTION_BACK:
        return options_add(state, arg, arguments->back, &arguments->back_count, AMEND_KEYS_MAX,
                           "at once");
    case OPTION_TAKE:
        arguments->take = options_record(state, "take", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int refuse_key(const struct record_window *is, const char *key)
{
    char best[RULE_KEY_SIZE] = "";
    for (size_t i = 0; i < is->at_count + is->on_count; i++) {
        struct text of = i < is->at_count ? is->at[i].key : is->on[i - is->at_count].key;
        char one[RULE_KEY_SIZE];
        snprintf(one, sizeof one, "%.*s", (int)of.len, of.at);
        if (words_nearer(key, strlen(key), *best != '\0' ? best : NULL, one) == one) {
            memcpy(best, one, sizeof best);
        }
    }
    return *best != '\0'
               ? say_usage(
                     "no occurrence \"%s\", did you mean \"%s\"?  \"tocsin show\" lists their keys",
                     key, best)
               : say_usage("no occurrence \"%s\": \"tocsin show\" lists their keys", key);
}

static bool is_named(const char *const *list, size_t count, struct text key)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is(key, list[i])) {
            return true;
        }
    }
    return false;
}

/* Asked for what is so already: a slip of the key, or of which version is in force. */
static int refuse_idle_keys(const struct session *session, const struct amend_arguments *arguments,
                            const struct view_window *view, const struct record *before)
{
    for (size_t i = 0; i < arguments->back_count; i++) {
        const char *key = arguments->back[i];
        if (!record_has_key(&before->is.window, text_of(key))) {
            return refuse_key(&before->is.window, key);
        }
        if (!record_is_off(&before->is.window, text_of(key))) {
            return say_usage("the occurrence \"%s\" is not cancelled: nothing to take back", key);
        }
        for (size_t k = 0; k < arguments->off_count; k++) {
            if (strcmp(key, arguments->off[k]) == 0) {
                return say_usage("--off and --back both name \"%s\"", key);
            }
        }
    }
    for (size_t i = 0; i < arguments->off_count; i++) {
        const char *key = arguments->off[i];
        if (!record_is_off(&before->is.window, text_of(key))) {
            continue;
        }
        for (size_t k = 0; k < view->occurrence_count; k++) {
            if (text_is(view->occurrence[k].key, key) && view->occurrence[k].alerted) {
                return say_usage("the occurrence \"%s\" is cancelled by %.16s, which does not act "
                                 "on it yet: one organizer more must sign: %s",
                                 key, record_id_text(&before->id).text,
                                 history_advice(session, before).text);
            }
        }
        return say_usage("the occurrence \"%s\" is cancelled already", key);
    }
    return EXIT_DONE;
}

/* The off lines: those of before, less what comes back, plus what is cancelled now; keys that the
 * new dates no longer have need none. */
static int apply_off(const struct amend_arguments *arguments, const struct record_window *before,
                     struct window_draft *draft)
{
    struct record_window *is = &draft->record.is.window;
    size_t count = 0;
    for (size_t i = 0; i < before->off_count; i++) {
        if (record_has_key(is, before->off[i]) &&
            !is_named(arguments->back, arguments->back_count, before->off[i])) {
            draft->off[count++] = before->off[i];
        }
    }
    for (size_t i = 0; i < arguments->off_count; i++) {
        const char *key = arguments->off[i];
        if (!record_has_key(is, text_of(key))) {
            return refuse_key(is, key);
        }
        bool is_new = true;
        for (size_t k = 0; k < count; k++) {
            is_new &= !text_is(draft->off[k], key);
        }
        if (is_new && count < RECORD_OCCURRENCES_MAX) {
            draft->off[count++] = proposal_text(key);
        }
    }
    is->off = draft->off;
    is->off_count = count;
    return EXIT_DONE;
}

/* Whether two windows say the same, whenever made and with whatever zone data. */
static int compare(const struct session *session, const struct record *a, const struct record *b,
                   bool *is_same)
{
    static char text[2][RECORD_SIZE_MAX];
    size_t size[2];
    struct record like = *b;
    like.is.window.made = a->is.window.made;
    like.is.window.zones = a->is.window.zones;
    int code = proposal_write(session, a, text[0], &size[0]);
    if (code == EXIT_DONE) {
        code = proposal_write(session, &like, text[1], &size[1]);
    }
    *is_same = code == EXIT_DONE && size[0] == size[1] && memcmp(text[0], text[1], size[0]) == 0;
    return code;
}

/* Refuses what waits for signatures already, and warns of other records that do. */
static int judge_waiting(const struct session *session, const struct view_window *window,
                         const struct record *draft)
{
    for (size_t i = 0; i < window->pending_count; i++) {
        const struct record *waiting = window->pending[i].record;
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(&waiting->id, id);
        const struct history_names signers = history_signers(session, waiting);
        if (waiting->type == RECORD_CANCEL) {
            say_warning("a cancellation of this window waits for signatures: %.16s, signed by %s; "
                        "once it has enough no amendment counts",
                        id, signers.text);
        }
        if (waiting->type != RECORD_WINDOW || waiting->is.window.seq != draft->is.window.seq) {
            continue;
        }
        bool is_same;
        int code = compare(session, draft, waiting, &is_same);
        if (code != EXIT_DONE) {
            return code;
        }
        if (is_same) {
            return say_no("the same amendment already waits for %ssignatures (signed by %s): %s",
                          history_is_mine(session, waiting) ? "other organizers' " : "",
                          signers.text, history_advice(session, waiting).text);
        }
        if (!history_is_mine(session, waiting)) {
            say_warning("another amendment of this window waits; to sign that one instead: tocsin "
                        "cosign %.16s",
                        id);
        }
    }
    change_warn_of_rivals(session, draft, &session->signer);
    return EXIT_DONE;
}

/* An amendment of nothing is refused, but where it settles a contest. */
static int refuse_unchanged(const struct session *session, const struct view_window *window,
                            const struct record *before, const struct record *draft)
{
    if (window->status == VIEW_CONTESTED) {
        return EXIT_DONE;
    }
    struct record next = *before;
    next.is.window.seq = draft->is.window.seq;
    next.is.window.prev = draft->is.window.prev;
    next.is.window.prev_count = draft->is.window.prev_count;
    bool is_same;
    int code = compare(session, draft, &next, &is_same);
    return code == EXIT_DONE && is_same
               ? say_usage("this changes nothing: say what is to be different; "
                           "\"tocsin amend --help\" lists it")
               : code;
}

/* The dates of a version that was not in force are shown as a new declaration's are. */
static void plan_taken(const struct session *session, const struct environment *environment,
                       struct window_draft *draft)
{
    const struct record_window *is = &draft->record.is.window;
    struct plan_review *review = say_memory(plan_review(is, &environment->rules, session->now_utc));
    draft->plan = say_memory(plan_of_window(is, &session->leap, review));
    plan_review_free(review);
}

/* What is amended is the newest that was signed, though it is not in force yet, and the amendment
 * follows all rivals, so that it settles them.  First all that can be refused without asking
 * anybody, then the key, then what is shown, and only then the question. */
int amend_window(struct session *session, const struct environment *environment,
                 const struct amend_arguments *arguments)
{
    const struct view_window *window = session->window;
    const struct view_root *root = session->root;
    struct history history;
    int code = history_find(session, window, &history);
    const struct record *newest = history.content;
    if (code == EXIT_DONE && arguments->take != NULL) {
        code = history_take(session, window, arguments->take, &history);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    const struct record *in_force = window->record != NULL ? window->record : history.content;
    static struct window_draft draft;
    draft = (struct window_draft){.record.type = RECORD_WINDOW};
    struct record_window *is = &draft.record.is.window;
    const struct record_window *before = &history.content->is.window;
    *is = *before;
    draft.record.extra = history.content->extra;
    draft.record.extra_count = history.content->extra_count;
    is->seq = history.next_seq;
    memcpy(draft.prev, history.prev, sizeof history.prev);
    is->prev = draft.prev;
    is->prev_count = history.prev_count;
    code = refuse_idle_keys(session, arguments, window, history.content);
    if (code == EXIT_DONE) {
        code = window_apply(session, environment, root, &arguments->window, before, &draft);
    }
    if (code == EXIT_DONE && arguments->take != NULL && draft.plan == NULL) {
        plan_taken(session, environment, &draft);
    }
    if (code == EXIT_DONE) {
        code = apply_off(arguments, before, &draft);
    }
    if (code == EXIT_DONE) {
        code = proposal_check(session, &draft.record);
    }
    if (code == EXIT_DONE) {
        code = signer_may_sign(session, root);
    }
    if (code == EXIT_DONE && history.outvoted_count == 0) {
        code = refuse_unchanged(session, window, newest, &draft.record);
    }
    bool is_locked = false;
    if (code == EXIT_DONE) {
        window_preview(session, environment, &draft);
        is_locked = review_tell_change(session, environment, &in_force->is.window, &draft) &&
                    window->held_count > 0;
        window_judge(session, root, &draft);
        code = judge_waiting(session, window, &draft.record);
    }
    if (code == EXIT_DONE) {
        code = proposal_sign(session, &draft.record, "Sign this amendment?");
    }
    if (code == EXIT_DONE) {
        history_tell_next(session, root, is_locked, &draft.record);
        history_tell_outvoted(session, root, &history);
        puts(record_id_text(&draft.record.id).text);
        code = agenda_conclude_one(session, &draft.record);
    }
    plan_free(draft.plan);
    return code;
}

static const struct argp_option options[] = {
    {"off", OPTION_OFF, "KEY", 0, "Cancel this occurrence; repeat", 0},
    {"take", OPTION_TAKE, "RECORD", 0,
     "Start from this version of the window, not from the one in force: settles a contest", 0},
    {"back", OPTION_BACK, "KEY", 0, "Take back the cancellation of this occurrence; repeat", 0},
    {0}};

static const struct argp_child children[] = {
    {&window_argp, 0, "What changes (the rest stays):", -1}, {0}};

const struct command_line line_amend = {
    .options = options,
    .parser = parse,
    .children = children,
    .size = sizeof(struct amend_arguments),
    .rewrite = window_rewrite,
    .words = "UID",
    .missing = COMMAND_WHICH_UID,
    .doc = "Writes the next version of a window, signs and stores it, and prints its id.\vA new "
           "--rule, --for or --horizon resolves the dates anew: an occurrence that keeps its "
           "instant keeps its key.",
};

int cmd_amend(struct session *session, const struct command_call *call)
{
    return amend_window(session, call->environment, call->options);
}
