/* tocsin fsck: reads and verifies everything in the store again. */
#include <argp.h>
#include <stdio.h>

#include "tocsin/say.h"
#include "tocsin/session/session.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        options_share(state, state->input, 1);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\" is one argument too many", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_fsck(int argc, char **argv)
{
    static const struct argp_child children[] = {{&options_common, 0, "", 0}, {0}};
    static const struct argp argp = {
        .parser = parse,
        .doc = "Verifies every file of the store again: form, name, signatures.  What does not "
               "belong goes to its quarantine folder and is told.\vExit status 1: something was "
               "found.",
        .children = children};
    struct options options;
    if (argp_parse(&argp, argc, argv, 0, NULL, &options) != 0) {
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&session, &options);
    if (code == EXIT_DONE) {
        code = session_open_store(&session, false);
    }
    if (code == EXIT_DONE && session.store == NULL) {
        code = say_no("there is no store in %s", session.store_dir);
    }
    if (code == EXIT_DONE) {
        struct store_check_counts counts;
        struct store_error error;
        enum store_result result = store_check(session.store, say_note_line, NULL, &counts, &error);
        if (result != STORE_OK) {
            code = say_outside("%s", error.message);
        } else {
            printf("%zu records, %zu signatures, %zu faults\n", counts.records, counts.signatures,
                   counts.quarantined);
            if (counts.unverified > 0) {
                say_note("%zu signatures wait for their record or for a root that names their key",
                         counts.unverified);
            }
            if (counts.arriving > 0) {
                say_note("%zu files changed just now and may still be arriving: look again",
                         counts.arriving);
            }
            code = counts.quarantined > 0 ? EXIT_NO : EXIT_DONE;
        }
    }
    session_close(&session);
    return code;
}
