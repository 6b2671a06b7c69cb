/* ledger/internal.h -- what ledger.c, merge.c and quota.c share.  Private to the module. */
#ifndef LEDGER_INTERNAL_H
#define LEDGER_INTERNAL_H

#include "ledger/candidate.h"
#include "ledger/ledger.h"
#include "list/index.h"

/* What an entry owns. */
struct owned {
    struct record *record;
    struct record_public_key *signer;
};

struct ledger {
    const struct leap_table *leap;
    struct view_entry *entry; /* owned, with owned[] beside it */
    struct owned *owned;
    size_t count, room, owned_room;
    size_t *root; /* owned: which entries are root records, as they came */
    size_t root_count, root_room;
    struct list_index by_id;
    struct candidates candidates;
    ledger_verifier verify; /* NULL: trust_verify */
    void *verify_context;
};

/* The entry of a record, or NULL. */
struct view_entry *ledger_entry(const struct ledger *ledger, const struct record_id *id);

/* Takes a read record into the ledger, which must not have it; on LEDGER_NO_MEMORY the caller keeps
 * it. */
TOCSIN_MUST_USE enum ledger_result ledger_take(struct ledger *ledger, struct record *record);

/* Adds a verified signer to an entry. */
TOCSIN_MUST_USE enum ledger_result ledger_add_signer(struct ledger *ledger,
                                                     struct view_entry *entry,
                                                     const struct record_public_key *key);

/* Finds the key in the candidates under which a signature over the record verifies.  signer[] are
 * those known already: a signature by one of them with no other candidate is known.  The candidates
 * may be others than the ledger's, which knows who verifies. */
TOCSIN_MUST_USE enum ledger_result
ledger_judge(const struct ledger *ledger, const struct candidates *candidates,
             const struct record *record, const struct record_public_key *signer,
             size_t signer_count, const struct trust_signature *signature,
             struct record_public_key *key, struct ledger_refusal *why);

#endif
