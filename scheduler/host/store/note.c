#include "store/note.h"

#include <stdio.h>
#include <string.h>

void store_unsound_write(const struct store_unsound *why, char out[static LEDGER_WHY_SIZE])
{
    static const char *const words[STORE_FAULTS] = {
        [STORE_FAULT_NONE] = "",
        [STORE_RECORD_NAME] = "its name is not a record's",
        [STORE_SIGNATURE_NAME] = "its name is not a signature's",
        [STORE_FOLDER_NAME] = "its name is not a folder's of this store",
        [STORE_NO_FOLDER] = "it is not a folder",
        [STORE_CHANGED] = "its bytes have changed",
    };
    if (why->fault == STORE_REFUSAL) {
        ledger_refusal_write(&why->refusal, out);
        return;
    }
    snprintf(out, LEDGER_WHY_SIZE, "%s",
             why->fault == STORE_UNFIT            ? why->words
             : why->fault == STORE_SIGNATURE_FORM ? trust_result_text(why->refusal.verdict)
                                                  : words[why->fault]);
}

void store_note_write(const struct store_note *note, char out[static STORE_NOTE_SIZE])
{
    char why[LEDGER_WHY_SIZE];
    store_unsound_write(&note->why, why);
    *out = '\0';
    switch (note->kind) {
    case STORE_NOTE_QUARANTINED:
        snprintf(out, STORE_NOTE_SIZE, "put into quarantine: %s: %s", note->path, why);
        return;
    case STORE_NOTE_LEFT:
        snprintf(out, STORE_NOTE_SIZE, "unsound, and left: %s: %s", note->path, why);
        return;
    case STORE_NOTE_STUCK:
        snprintf(out, STORE_NOTE_SIZE, "unsound, and left: %s: %s; cannot move it: %s", note->path,
                 why, strerror(note->code));
        return;
    case STORE_NOTE_ARRIVING:
        snprintf(out, STORE_NOTE_SIZE,
                 "changed just now, and unsound so far: %s: %s; look again in some seconds",
                 note->path, why);
        return;
    case STORE_NOTE_ASIDE:
        snprintf(out, STORE_NOTE_SIZE,
                 "in quarantine, and nothing has taken its place: %s; a sync with another copy "
                 "brings it back, and if nobody wants it, remove that file",
                 note->path);
        return;
    case STORE_NOTE_CLOSED:
        snprintf(out, STORE_NOTE_SIZE,
                 "passed over: %s: %s; give it to the user that reads this store (chown)",
                 note->path, strerror(note->code));
        return;
    case STORE_NOTE_CROWDED:
        snprintf(
            out, STORE_NOTE_SIZE,
            "%s is too large: roots, revocations, heartbeats and what two keys have signed are "
            "read, %d drafts are not; `tocsin forget` them",
            note->path, note->code);
        return;
    case STORE_NOTE_MERGE:
        ledger_note_write(&note->merge, out);
        return;
    }
}
