/* store/foresee.h -- the verdicts on a stream's signatures, worked out on all processors while the
 * merge asks for them and the disk is written.  Private to the module.
 *
 * Nothing is decided here: a verdict is kept under a hash of all that it depends on (record, key,
 * signature, comment), the merge asks in its own order, and what was not foreseen is verified then.
 */
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

/* How many verdicts there are. */
size_t foresight_count(const struct foresight *foresight);

/* A ledger_verifier; context is the foresight. */
enum trust_result foresight_verify(void *context, const struct trust_signature *signature,
                                   const struct trust_public_key *key, const uint8_t *bytes,
                                   size_t size);

#endif
