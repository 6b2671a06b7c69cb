/* tocsin revoke KEY: an organizer's key that counts no longer, for any record but those kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/incoming.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/history.h"
#include "tocsin/windows/review.h"

struct arguments {
    bool keeps_nothing;
};

/* An organizer of the root by key id, name, or public key. */
static int find_organizer(const struct session *session, const struct view_root *root,
                          const char *which, struct record_public_key *out)
{
    const struct record_root *is = &root->newest->is.root;
    struct record_public_key key = {0};
    bool has_key = false;
    char name[256];
    if (strlen(which) == RECORD_PUBLIC_KEY_TEXT_SIZE - 1 || incoming_is_file(which)) {
        int code = signer_load_public(session, which, &key, name, sizeof name);
        if (code != EXIT_DONE) {
            return code;
        }
        has_key = true;
    }
    for (size_t i = 0; i < is->organizer_count; i++) {
        const struct record_key *one = &is->organizer[i];
        if (has_key ? memcmp(one->public.key, key.key, sizeof key.key) == 0
                    : strcmp(which, record_key_id_text(&one->public.id).text) == 0 ||
                          text_is(one->name, which)) {
            *out = one->public;
            return EXIT_DONE;
        }
    }
    char meant[HISTORY_NEAR_SIZE];
    history_near(is, which, meant);
    return say_usage("\"%s\" is not an organizer's key, key id or name in the root; \"tocsin root "
                     "show\" lists them%s",
                     which, meant);
}

/* Whatever speaks against a revocation is said before it is signed.  What is in force by the key's
 * signature stays so, or a lost laptop would take windows with it; of a thief's key one says
 * --no-keep. */
static int write_revoke(struct session *session, const char *key, bool keeps_nothing)
{
    const struct view_root *root = session->root;
    struct record record = {.type = RECORD_REVOKE};
    struct record_revoke *is = &record.is.revoke;
    static struct record_id keep[RECORD_KEEP_MAX];
    is->root = root->id;
    is->made = proposal_made(session);
    is->keep = keep;
    int code = find_organizer(session, root, key, &is->key);
    if (code == EXIT_DONE && !keeps_nothing) {
        is->keep_count =
            view_depending_on(session->view, &root->id, is->key.key, keep, RECORD_KEEP_MAX);
        if (is->keep_count > RECORD_KEEP_MAX) {
            code = say_usage("%zu records in force need this key's signature, and a revocation "
                             "keeps at most %d: have others cosign some of them, or give --no-keep",
                             is->keep_count, RECORD_KEEP_MAX);
        }
    }
    if (code == EXIT_DONE) {
        code = signer_may_sign(session, root);
    }
    if (code == EXIT_DONE && history_revokes(&record, &session->signer)) {
        code = say_usage("a key cannot revoke itself with effect: another organizer must sign");
    }
    const struct record_root *of = &root->newest->is.root;
    if (code == EXIT_DONE && of->organizer_count - 1 < of->threshold) {
        say_warning("fewer than %u organizers will be left: the constellation will be frozen",
                    of->threshold);
    }
    if (code == EXIT_DONE) {
        review_tell_revoke(session, is);
        code = proposal_sign(session, &record, "Sign this revocation?");
    }
    if (code == EXIT_DONE) {
        if (of->threshold > 1) {
            say_note("takes effect when %u other organizers have signed", of->threshold);
        }
        puts(record_id_text(&record.id).text);
        code = agenda_conclude_one(session, &record);
    }
    return code;
}

static const struct argp_option options[] = {
    {"no-keep", SAY_SETS(arguments, keeps_nothing), NULL, 0,
     "Also void what is in force with the help of this key", 0},
    {0}};

const struct command_line line_revoke = {
    .options = options,
    .parser = say_set,
    .size = sizeof(struct arguments),
    .words = "KEYID|NAME|PUB",
    .missing = "which KEY? \"tocsin root show\" lists them",
    .doc = "Revokes an organizer's key (its id, its name in the root, a .pub file, or the public "
           "key itself) and prints the record's id.",
};

int cmd_revoke(struct session *session, const struct command_call *call)
{
    const struct arguments *arguments = call->options;
    return write_revoke(session, call->word[0], arguments->keeps_nothing);
}
