/* ledger/note.h -- what a ledger has to say of what it did not take, as values; note.c words them,
 * and nothing else does. */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "records/record.h"
#include "trust/trust.h"

enum { LEDGER_WHY_SIZE = 256, LEDGER_NOTE_SIZE = LEDGER_WHY_SIZE + 64 };

/* Why a record or a signature is not taken. */
enum ledger_fault {
    LEDGER_FAULT_NONE,
    LEDGER_UNREADABLE,        /* the record's form: `error` says where */
    LEDGER_OTHER_ROOT,        /* a record of a constellation that is not wanted */
    LEDGER_UNSIGNED,          /* it comes without a signature */
    LEDGER_ROOT_OF_STRANGERS, /* no organizer known here signed this root */
    LEDGER_OVER_QUOTA,        /* `count` unconfirmed records are there already */
    LEDGER_SIGNATURE_FORM,    /* the count-th signature of the item: `verdict` */
    LEDGER_SIGNATURE_FALSE,   /* that by `key`: `verdict` */
    LEDGER_NO_SUCH_ORGANIZER, /* no root here names `key` so */
    LEDGER_NO_SUCH_BEACON,    /* the same, for a heartbeat */
    LEDGER_NOTHING_TO_SIGN,   /* the record that a signature is over is not here */
};

enum { LEDGER_FAULTS = LEDGER_NOTHING_TO_SIGN + 1 };

struct ledger_refusal {
    enum ledger_fault fault;
    enum trust_result verdict;
    size_t count;
    struct record_key_id key;
    struct record_error error;
};

enum ledger_note_kind {
    LEDGER_NOTE_REFUSED,  /* a record, or a signature on it: `why` */
    LEDGER_NOTE_LEFT_OUT, /* a signature whose key a version of the root that is not here may name
                           */
    LEDGER_NOTE_MORE,     /* `count` refusals beyond the first were not told */
    LEDGER_NOTE_CUT_OFF,  /* the stream is malformed; what came before was taken */
};

enum { LEDGER_NOTES = LEDGER_NOTE_CUT_OFF + 1 };

struct ledger_note {
    enum ledger_note_kind kind;
    struct record_id record;
    struct ledger_refusal why;
    size_t count;
};

/* One sentence without a full stop. */
void ledger_refusal_write(const struct ledger_refusal *why, char out[static LEDGER_WHY_SIZE]);
void ledger_note_write(const struct ledger_note *note, char out[static LEDGER_NOTE_SIZE]);

#endif
