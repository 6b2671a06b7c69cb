/* replica/replica.h -- the records that a daemon holds: one ledger, under the roots given by hand,
 * that a store, files and brokers are merged into; and that store, which keeps what they bring.
 * What it holds it holds in memory: a disk that fails takes nothing away. */
#ifndef REPLICA_REPLICA_H
#define REPLICA_REPLICA_H

#include "anchors/anchors.h"
#include "store/store.h"
#include "view/view.h"

/* Hears of what came in, for the flight recorder: kind is "anchor" or "records". */
typedef void (*replica_tell)(void *context, const char *kind, const uint8_t *bytes, size_t size);

/* Takes over what is to be kept, a stream, in a moment and elsewhere. */
typedef void (*replica_keep)(void *context, const uint8_t *bytes, size_t size);

struct replica {
    struct anchors anchors;
    struct ledger *ledger; /* owned */
    struct store *store;   /* owned; NULL: none */
    bool may_write;        /* to the store */
    replica_keep keep; /* instead of writing at once, for whose loop no disk may hold up; NULL */
    void *keep_context;
    store_note_sink note; /* what the store says of its files; may be NULL */
    replica_tell tell;    /* NULL: nobody listens */
    void *tell_context;
};

struct replica_counts {
    struct ledger_counts merged;
    char first_refusal[LEDGER_NOTE_SIZE];
};

/* Of at most so many constellations.  leap must outlive the replica.  False for want of memory. */
bool replica_open(struct replica *replica, const struct leap_table *leap, size_t constellations);
void replica_close(struct replica *replica);

/* Reads a store, and from now on with may_write (it is made if need be) keeps there what is heard.
 * False with the reason. */
bool replica_open_store(struct replica *replica, const char *dir, bool may_write,
                        struct store_error *error);

/* Takes the anchors of a root file's bytes; the rest of it is for replica_hear.  False with a
 * sentence in why. */
bool replica_take_root(struct replica *replica, const uint8_t *bytes, size_t size,
                       char why[static ANCHORS_WHY_SIZE]);

/* Merges a stream, of a file or of a broker; without anchors nothing is taken.  STORE_FAILED: it is
 * taken, but the store has not kept it all.  Otherwise STORE_OK or STORE_NO_MEMORY. */
enum store_result replica_hear(struct replica *replica, const uint8_t *bytes, size_t size,
                               struct replica_counts *counts, struct store_error *error);

/* Takes bytes that `tell` was told of before: is_anchor says of which kind. */
bool replica_came(struct replica *replica, bool is_anchor, const uint8_t *bytes, size_t size);

/* Tells of what the store holds, once the anchors that it is judged by were told of. */
void replica_tell_store(const struct replica *replica);

/* Takes, and tells of, what is new in the store; *came says how much.  What came before a failure
 * is taken. */
enum store_result replica_look(struct replica *replica, size_t *came, struct store_error *error);

/* Everything; valid until the next change. */
const struct view_entry *replica_entries(const struct replica *replica, size_t *count);

/* What it all means at `now`; the view borrows from the replica. */
bool replica_view(const struct replica *replica, instant now, struct view **out);

#endif
