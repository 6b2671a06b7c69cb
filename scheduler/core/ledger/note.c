#include "ledger/note.h"

#include <stdio.h>

#define SAY(...) snprintf(out, LEDGER_WHY_SIZE, __VA_ARGS__)

void ledger_refusal_write(const struct ledger_refusal *why, char out[static LEDGER_WHY_SIZE])
{
    char key[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&why->key, key);
    switch (why->fault) {
    case LEDGER_FAULT_NONE:
        *out = '\0';
        return;
    case LEDGER_UNREADABLE:
        SAY("line %d, column %d: %s", why->error.line, why->error.column, why->error.message);
        return;
    case LEDGER_OTHER_ROOT:
        SAY("it belongs to another constellation");
        return;
    case LEDGER_UNSIGNED:
        SAY("it comes without a signature");
        return;
    case LEDGER_ROOT_OF_STRANGERS:
        SAY("no organizer known here signed this root: if you trust it, give it by hand");
        return;
    case LEDGER_OVER_QUOTA:
        SAY("the quota of unconfirmed records of its kind (%zu, or 4 MiB) of each who signed it is "
            "used up",
            why->count);
        return;
    case LEDGER_SIGNATURE_FORM:
        SAY("signature %zu: %s", why->count, trust_result_text(why->verdict));
        return;
    case LEDGER_SIGNATURE_FALSE:
        SAY("signature by %s: %s", key, trust_result_text(why->verdict));
        return;
    case LEDGER_NO_SUCH_ORGANIZER:
        SAY("signature by %s: no root here names this key as an organizer", key);
        return;
    case LEDGER_NO_SUCH_BEACON:
        SAY("signature by %s: no root here names this key as a beacon", key);
        return;
    case LEDGER_NOTHING_TO_SIGN:
        SAY("the record that it signs is not here");
        return;
    }
}

void ledger_note_write(const struct ledger_note *note, char out[static LEDGER_NOTE_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE], why[LEDGER_WHY_SIZE];
    record_id_write(&note->record, id);
    ledger_refusal_write(&note->why, why);
    switch (note->kind) {
    case LEDGER_NOTE_REFUSED:
        snprintf(out, LEDGER_NOTE_SIZE, "refused %.12s: %s", id, why);
        return;
    case LEDGER_NOTE_LEFT_OUT:
        snprintf(out, LEDGER_NOTE_SIZE, "left out of %.12s: %s", id, why);
        return;
    case LEDGER_NOTE_MORE:
        snprintf(out, LEDGER_NOTE_SIZE, "and %zu more refused", note->count);
        return;
    case LEDGER_NOTE_CUT_OFF:
        snprintf(out, LEDGER_NOTE_SIZE,
                 "the stream is malformed or cut off; what came before it was taken");
        return;
    }
}
