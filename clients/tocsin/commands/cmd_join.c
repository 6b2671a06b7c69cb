/* tocsin join: what an invited person does with the one thing that they were sent: look at the
 * root and compare its words, trust it, review what waits, sign it, and send one thing back. */

#include <stdint.h>

#include "say/say.h"
#include "tocsin/commands/cosign.h"
#include "tocsin/commands/table.h"
#include "tocsin/commands/trust.h"
#include "tocsin/session/signer.h"

/* Whether there is a key to sign with; says so where there is none. */
static bool has_key(const struct session *session)
{
    char **names;
    size_t count = 0;
    if (session->options->key != NULL) {
        return true;
    }
    if (signer_list_keys(session, &names, &count) != EXIT_DONE) {
        return false;
    }
    signer_free_keys(names, count);
    if (count == 0) {
        say_note("no key is here, so nothing was signed; an organizer makes one with \"tocsin key "
                 "new NAME\" and gives its public half to the others");
    }
    return count > 0;
}

static int sign_all(struct session *session, const struct command_call *call)
{
    static struct cosigning cosigning;
    struct record_public_key signer;
    cosigning = (struct cosigning){.environment = call->environment};
    int code = signer_public(session, &signer);
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = cosign_file(session, &cosigning, call->word[i]);
    }
    if (code == EXIT_DONE && cosigning.signed_count + cosigning.declined == 0) {
        say_note("nothing in it waits for a signature of this key");
    }
    int one = cosign_conclude(session, &cosigning);
    return one > code ? one : code;
}

const struct command_line line_join = {
    .words = "FILE...",
    .least = 1,
    .most = SIZE_MAX,
    .missing = "which FILE? the one that an organizer sent you; - reads what you paste",
    .doc = "Shows the root and the windows of a FILE that an organizer sent, trusts the root once "
           "its words are compared, reviews and signs all that waits for your signature, and "
           "writes what goes back with --out.\vFILE is a bundle, as a file or as text copied from "
           "a letter or a chat.  One passphrase, however much is signed.",
};

int cmd_join(struct session *session, const struct command_call *call)
{
    int code = EXIT_DONE;
    for (size_t i = 0; code == EXIT_DONE && i < call->count; i++) {
        code = trust_take(session, call->word[i]);
    }
    if (code == EXIT_DONE && has_key(session)) {
        code = sign_all(session, call);
    }
    return code;
}
