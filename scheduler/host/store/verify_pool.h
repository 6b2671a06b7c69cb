/* store/verify_pool.h -- the verdicts on many signatures, worked out on all processors while the
 * ledger asks for them and the disk is read or written.  Private to the module.
 *
 * Nothing is decided here: a verdict is kept under a hash of all that it depends on (record, key,
 * signature, comment), the ledger asks in its own order, and what was not foreseen is verified
 * then. */
#ifndef STORE_VERIFY_POOL_H
#define STORE_VERIFY_POOL_H

#include "ledger/ledger.h"

enum { VERIFY_POOL_MIN = 64 }; /* signatures: for fewer no thread is started */

struct verify_pool;

/* Begins to look at the signatures of a stream, which must stay, by keys that the ledger's roots
 * name and, when the stream is given by hand, its own roots; a peer cannot make us verify more than
 * the merge would.  NULL when it is not worth while, or for want of memory: then the merge does it
 * all. */
struct verify_pool *verify_pool_begin(const struct ledger *ledger, const uint8_t *bytes,
                                      size_t size, bool is_by_hand, const struct leap_table *leap);
void verify_pool_free(struct verify_pool *pool);

/* A signature file and the record of the ledger that it says it signs. */
struct verify_pool_pair {
    const struct record *record;
    const uint8_t *text;
    size_t size;
};

/* The same for single files, which must stay as well. */
struct verify_pool *verify_pool_pairs(const struct ledger *ledger,
                                      const struct verify_pool_pair *pair, size_t count);

/* How many verdicts there are. */
size_t verify_pool_count(const struct verify_pool *pool);

/* A ledger_verifier; context is the pool. */
enum trust_result verify_pool_verify(void *context, const struct trust_signature *signature,
                                     const struct record_public_key *key, const uint8_t *bytes,
                                     size_t size);

#endif
