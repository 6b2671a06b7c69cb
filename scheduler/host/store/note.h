/* store/note.h -- what a store has to say while it is read and written, as values; note.c words
 * them, and nothing else does. */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "ledger/note.h"

enum { STORE_NOTE_SIZE = 600 };

/* Why a file does not belong. */
enum store_fault {
    STORE_FAULT_NONE,
    STORE_RECORD_NAME,    /* its name is none of a record's */
    STORE_SIGNATURE_NAME, /* ... of a signature's */
    STORE_FOLDER_NAME,    /* ... of a folder of a store */
    STORE_NO_FOLDER,      /* it should be one */
    STORE_UNFIT,          /* a link, a device, too large: `code` and `words` */
    STORE_CHANGED,        /* its bytes have another id than its name says */
    STORE_SIGNATURE_FORM, /* `refusal.verdict` */
    STORE_REFUSAL,        /* `refusal` */
};

enum { STORE_FAULTS = STORE_REFUSAL + 1 };

struct store_unsound {
    enum store_fault fault;
    struct ledger_refusal refusal;
    int code;          /* errno, as files_error tells it */
    const char *words; /* the files module's own; static */
};

enum store_note_kind {
    STORE_NOTE_QUARANTINED, /* the file at `path`, for `why` */
    STORE_NOTE_LEFT,        /* the same, in a store that is left as it is */
    STORE_NOTE_STUCK,       /* the same, and it cannot be moved: errno in `code` */
    STORE_NOTE_ARRIVING,    /* the file at `path` is unsound for `why`, and may still be arriving */
    STORE_NOTE_ASIDE,       /* the file at `path` is in quarantine, and nothing took its place */
    STORE_NOTE_CLOSED,      /* the file or folder at `path` may not be read: errno in `code` */
    STORE_NOTE_CROWDED,     /* the store at `path` is too large: `code` drafts were not read */
    STORE_NOTE_MERGE,       /* `merge`, of a stream */
};

enum { STORE_NOTES = STORE_NOTE_MERGE + 1 };

struct store_note {
    enum store_note_kind kind;
    const char *path; /* borrowed for the call */
    struct store_unsound why;
    int code;
    struct ledger_note merge;
};

typedef void (*store_note_sink)(void *context, const struct store_note *note);

/* "it is a link or a socket": fits into LEDGER_WHY_SIZE. */
void store_unsound_write(const struct store_unsound *why, char out[static LEDGER_WHY_SIZE]);

/* One sentence without a full stop. */
void store_note_write(const struct store_note *note, char out[static STORE_NOTE_SIZE]);

#endif
