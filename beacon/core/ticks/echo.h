/* ticks/echo.h -- many questions, one signature: the Merkle tree whose root a tick carries as
 * `echo`, and the answer that proves to one asker that the tick was made after the question.
 *
 *   leaf  BLAKE2b-256(00 nonce)        node  BLAKE2b-256(01 left right)
 *
 * An odd node at the end of a row goes up as it is.  Allocates nothing. */
#ifndef TICKS_ECHO_H
#define TICKS_ECHO_H

#include "ticks/tick.h"

enum {
    TICK_NONCE_SIZE = 32,
    TICK_NONCES_MAX = 16384,
    TICK_ECHO_DEPTH_MAX = 14,                      /* log2 of TICK_NONCES_MAX */
    TICK_ECHO_NODES_MAX = 2 * TICK_NONCES_MAX - 1, /* fewest for a power of two, never more */
    TICK_ANSWER_SIZE_MAX = TICK_SIZE_MAX + 34 * TICK_ECHO_DEPTH_MAX + 16,
};

/* The rows of the tree, leaves first, root last. */
struct tick_echo {
    size_t leaves;
    uint8_t node[TICK_ECHO_NODES_MAX + TICK_ECHO_DEPTH_MAX][32]; /* odd nodes stand in each row */
};

/* Builds the tree of 1 to TICK_NONCES_MAX nonces in their order of arrival. */
void tick_echo_build(struct tick_echo *tree, const uint8_t (*nonce)[TICK_NONCE_SIZE], size_t count);

/* What the tick carries: 32 bytes inside the tree. */
const uint8_t *tick_echo_root(const struct tick_echo *tree);

/* The answer to the asker at index, [tick, index, leaf count, [siblings]] in deterministic CBOR;
 * returns its length. */
size_t tick_echo_answer(const struct tick_echo *tree, size_t index, const uint8_t *tick,
                        size_t tick_size, uint8_t out[static TICK_ANSWER_SIZE_MAX]);

/* Reads an answer and climbs from this nonce: false unless it is well formed; then *tick is the
 * tick inside bytes, still to be verified, and its echo must equal root. */
TOCSIN_MUST_USE bool tick_echo_read_answer(const uint8_t *bytes, size_t size,
                                           const uint8_t nonce[static TICK_NONCE_SIZE],
                                           const uint8_t **tick, size_t *tick_size,
                                           uint8_t root[static 32]);

#endif
