/* tocsin cancel UID: a window called off for good, or one occurrence of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/amend.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/review.h"

enum { OPTION_OCCURRENCE = 0x100 };

struct arguments {
    struct amend_arguments amend; /* the occurrences */
    const char *reason;
    bool makes_another; /* though one waits */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    struct amend_arguments *amend = &arguments->amend;
    switch (key) {
    case 'r':
        arguments->reason = arg;
        return 0;
    case OPTION_OCCURRENCE:
        return options_add(state, arg, amend->off, &amend->off_count, AMEND_KEYS_MAX, "at once");
    default:
        return say_set(key, arg, state);
    }
}

/* Two cancels with one signature each would cancel nothing. */
static int refuse_second(const struct session *session, const struct view_window *window)
{
    const struct record *waiting = history_waiting_cancel(session, window);
    if (waiting == NULL) {
        return EXIT_DONE;
    }
    const struct history_names signers = history_signers(session, waiting);
    if (history_is_mine(session, waiting)) {
        return say_no("this key has signed a cancellation of this window, which waits for other "
                      "organizers (signed by %s): %s",
                      signers.text, history_advice(session, waiting).text);
    }
    return say_no("a cancellation of this window already waits for signatures (signed by %s): "
                  "tocsin cosign %.16s; its reason is \"%.*s\"; if that may not stand, --another "
                  "signs one with yours",
                  signers.text, record_id_text(&waiting->id).text,
                  (int)waiting->is.cancel.reason.len, waiting->is.cancel.reason.at);
}

/* All that can refuse it comes before the preview and the question.  signer_may_sign finds out who
 * signs: without it refuse_second cannot tell one's own waiting cancellation from another's. */
static int cancel(struct session *session, const struct environment *environment,
                  const struct arguments *arguments)
{
    const struct view_window *window = session->window;
    struct history history;
    int code = history_find(session, window, &history);
    if (code != EXIT_DONE) {
        return code;
    }
    const struct view_root *root = session->root;
    struct record record = {.type = RECORD_CANCEL};
    record.is.cancel = (struct record_cancel){.root = window->root,
                                              .uid = window->uid,
                                              .seq = history.next_seq,
                                              .prev = history.prev,
                                              .prev_count = history.prev_count,
                                              .made = proposal_made(session)};
    code = proposal_prose("--reason", arguments->reason, false, &record.is.cancel.reason);
    if (code == EXIT_DONE) {
        code = signer_may_sign(session, root);
    }
    if (code == EXIT_DONE && !arguments->makes_another) {
        code = refuse_second(session, window);
    }
    if (code == EXIT_DONE) {
        review_tell_cancel(session, environment, &record);
        code = proposal_sign(session, &record, "Sign this cancellation?");
    }
    if (code == EXIT_DONE) {
        history_tell_next(session, root, window->held_count > 0, &record);
        puts(record_id_text(&record.id).text);
        code = agenda_conclude_one(session, &record);
    }
    return code;
}

static const struct argp_option options[] = {
    {"reason", 'r', "TEXT", 0, "Why, in a sentence that everybody will read", 0},
    {"another", SAY_SETS(arguments, makes_another), NULL, 0,
     "Although a cancellation waits for signatures already", 0},
    {"occurrence", OPTION_OCCURRENCE, "KEY", 0,
     "Cancel only this occurrence, by an amendment; repeat", 0},
    {0}};

const struct command_line line_cancel = {
    .options = options,
    .parser = parse,
    .size = sizeof(struct arguments),
    .words = "UID",
    .missing = COMMAND_WHICH_UID,
    .doc = "Cancels a window for good, or single occurrences of it; prints the record's id.",
};

int cmd_cancel(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    if (arguments->amend.off_count == 0) {
        struct arguments complete = *arguments;
        if (complete.reason == NULL && (complete.reason = proposal_ask("Reason")) == NULL) {
            return say_usage("give a --reason: people will ask");
        }
        return cancel(session, call->environment, &complete);
    }
    if (arguments->reason != NULL) {
        say_note("an occurrence is cancelled by an amendment, which carries no reason: write it "
                 "into --about with \"tocsin amend\" if people should read it");
    }
    return amend_window(session, call->environment, &arguments->amend);
}
