/* tocsin fsck: reads and verifies everything in the store again. */
#include <stdio.h>

#include "say/say.h"
#include "tocsin/commands/table.h"

const struct command_line line_fsck = {
    .doc = "Verifies every file of the store again: form, name, signatures.  What does not belong "
           "goes to its quarantine folder and is told, until a sync has brought back what it "
           "was.\vExit status 1: something was found.",
};

int cmd_fsck(struct session *session, const struct command_call *call)
{
    (void)call;
    if (session->store == NULL) {
        return say_no("there is no store in %s", session->store_dir);
    }
    struct store_check_counts counts;
    struct store_error error;
    enum store_result result = store_check(session->store, session_note, NULL, &counts, &error);
    if (result != STORE_OK) {
        return say_outside("%s", error.message);
    }
    size_t faults = counts.aside > counts.quarantined ? counts.aside : counts.quarantined;
    faults += counts.arriving + counts.closed;
    printf("%zu record%s, %zu signature%s, %zu fault%s\n", counts.records, text_s(counts.records),
           counts.signatures, text_s(counts.signatures), faults, text_s(faults));
    if (counts.unverified > 0) {
        say_note("signatures that wait for their record or for a root that names their key: %zu",
                 counts.unverified);
    }
    if (counts.closed > 0) {
        say_note("files or folders that could not be read: %zu; run this as the user who owns them",
                 counts.closed);
    }
    return faults > 0 ? EXIT_NO : EXIT_DONE;
}
