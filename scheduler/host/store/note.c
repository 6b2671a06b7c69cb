#include "store/note.h"

#include <stdio.h>
#include <string.h>

#define SAY(...) snprintf(out, LEDGER_WHY_SIZE, __VA_ARGS__)

void store_unsound_write(const struct store_unsound *why, char out[static LEDGER_WHY_SIZE])
{
    *out = '\0';
    switch (why->fault) {
    case STORE_FAULT_NONE:
        return;
    case STORE_RECORD_NAME:
        SAY("its name is not a record's");
        return;
    case STORE_SIGNATURE_NAME:
        SAY("its name is not a signature's");
        return;
    case STORE_FOLDER_NAME:
        SAY("its name is not a folder's of this store");
        return;
    case STORE_NO_FOLDER:
        SAY("it is not a folder");
        return;
    case STORE_UNFIT:
        SAY("%s", why->words);
        return;
    case STORE_CHANGED:
        SAY("its bytes have changed");
        return;
    case STORE_SIGNATURE_FORM:
        SAY("%s", trust_result_text(why->refusal.verdict));
        return;
    case STORE_REFUSAL:
        ledger_refusal_write(&why->refusal, out);
        return;
    }
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
