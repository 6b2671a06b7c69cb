/* store/foresee.h -- the verdicts on many signatures, worked out on all processors while the ledger
 * asks for them and the disk is read or written.  Private to the module.
 *
 * Nothing is decided here: a verdict is kept under a hash of all that it depends on (record, key,
 * signature, comment), the ledger asks in its own order, and what was not foreseen is verified
 * then. */
#ifndef STORE_FORESEE_H
#define STORE_FORESEE_H

#include "ledger/ledger.h"

enum { FORESEE_MIN = 64 }; /* signatures: for fewer no thread is started */

struct foresight;

/* Begins to look at the signatures of a stream, which must stay, by keys that the ledger's roots
 * name and, when the stream is given by hand, its own roots; a peer cannot make us verify more than
 * the merge would.  NULL when it is not worth while, or for want of memory: then the merge does it
 * all. */
struct foresight *foresee(const struct ledger *ledger, const uint8_t *bytes, size_t size,
                          bool is_by_hand, const struct leap_table *leap);
void foresight_free(struct foresight *foresight);

/* A signature file and the record of the ledger that it says it signs. */
struct foresee_pair {
    const struct record *record;
    const uint8_t *text;
    size_t size;
};

/* The same for single files, which must stay as well. */
struct foresight *foresee_pairs(const struct ledger *ledger, const struct foresee_pair *pair,
                                size_t count);

/* How many verdicts there are. */
size_t foresight_count(const struct foresight *foresight);

/* A ledger_verifier; context is the foresight. */
enum trust_result foresight_verify(void *context, const struct trust_signature *signature,
                                   const struct record_public_key *key, const uint8_t *bytes,
                                   size_t size);

#endif
