/* tocsin-listen/replica.h -- the records that a listener holds: one ledger, under the roots given
 * by hand, that a store, files and brokers are merged into; and that store, which keeps what they
 * bring.  What it holds it holds in memory: a disk that fails takes nothing away. */
#ifndef LISTEN_REPLICA_H
#define LISTEN_REPLICA_H

#include "anchors/anchors.h"
#include "store/store.h"
#include "view/view.h"

/* Hears of what came in, for the flight recorder: kind is "anchor" or "records". */
typedef void (*replica_tell)(void *context, const char *kind, const uint8_t *bytes, size_t size);

struct replica {
    struct anchors anchors;
    struct ledger *ledger; /* owned */
    struct store *store;   /* owned; NULL: none */
    bool may_write;        /* to the store */
    replica_tell tell;     /* NULL: nobody listens */
    void *tell_context;
};

struct replica_counts {
    struct ledger_counts merged;
    char first_refusal[LEDGER_NOTE_SIZE];
};

/* leap must outlive the replica.  False for want of memory. */
bool replica_open(struct replica *replica, const struct leap_table *leap);
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

/* Tells of what the store holds, once the anchors that it is judged by were told of. */
void replica_tell_store(const struct replica *replica);

/* Takes, and tells of, what is new in the store.  False: nothing is, or it cannot be read. */
bool replica_look(struct replica *replica);

size_t replica_record_count(const struct replica *replica);

/* What it all means at `now`; the view borrows from the replica. */
bool replica_view(const struct replica *replica, instant now, struct view **out);

#endif
