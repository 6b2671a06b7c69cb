/* tocsin heartbeat: a beacon's signed list of what is in force, so that others can tell a stale or
 * trimmed copy, and what was there before a lock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "herald/herald.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/signer.h"

struct arguments {
    const char *next; /* NULL: 24h */
};

/* A signer_fits. */
static bool is_beacon_of(const struct session *session, const struct record_public_key *key,
                         const void *context)
{
    const struct view_root *root = context;
    (void)session;
    return record_is_beacon(&root->newest->is.root, key->key);
}

/* Signed by a beacon's key, not an organizer's: it claims that somebody still watches the whole of
 * what is in force, and for that the machine that ticks is the one to ask. */
static int beat(struct session *session, span next)
{
    const struct view_root *root = session->root;
    struct record_public_key key;
    int code = signer_choose(session, is_beacon_of, root, "a beacon of the root");
    if (code == EXIT_DONE) {
        code = signer_public(session, &key);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (!record_is_beacon(&root->newest->is.root, key.key)) {
        return say_usage("only a beacon of the root signs heartbeats: choose its key with --key");
    }
    struct record_id *id = say_memory(calloc(root->effective_count + 1, sizeof *id));
    /* All are in the digest; those that are over need not be named. */
    const struct store_set *set = &session->set;
    size_t named = herald_beat_names(set->entry, set->entry_count, root, session->now, id);
    if (named > HERALD_BEAT_NAMES) {
        say_warning("%zu records are in force; %d are named, the digest covers all", named,
                    HERALD_BEAT_NAMES);
        named = HERALD_BEAT_NAMES;
    }
    struct record record = herald_beat_record(root, &key, proposal_made(session), next, id, named);
    code = proposal_sign(session, &record, "Sign this heartbeat?");
    if (code == EXIT_DONE) {
        puts(record_id_text(&record.id).text);
    }
    free(id);
    return code;
}

static const struct argp_option options[] = {
    {"next", SAY_SETS(arguments, next), "DURATION", 0,
     "When the next one comes at the latest (default: 24h)", 0},
    {0}};

const struct command_line line_heartbeat = {
    .options = options,
    .parser = say_set,
    .size = sizeof(struct arguments),
    .doc = "Signs, with a beacon's key, the list of the records that are in force in this store, "
           "and prints the id of that heartbeat.",
};

int cmd_heartbeat(struct session *session, const struct command_call *call)
{
    const char *given = ((const struct arguments *)call->options)->next;
    const char *text = given != NULL ? given : "24h";
    span next;
    if (!duration_read(text, strlen(text), false, &next)) {
        return say_usage("--next \"%s\": not a duration; write 24h", text);
    }
    return beat(session, next);
}
