/* ticks/answer.h -- stamped answers: how a beacon proves to one asker that his clock is not later
 * than it is, and to 16,384 of them with one signature (tocsin-ticks(5), ANSWERS).
 *
 * A question is 32 random bytes.  The beacon notes when it had read them and puts both into a
 * leaf; the root of the tree of all leaves is the `echo` of an answering tick, and each asker gets
 * that tick, the way from his leaf to the root, and the stamp of his leaf:
 *
 *   leaf  BLAKE2b-256(00 nonce received)   received: UTC ns since 1970, 64 bits, big-endian
 *   node  BLAKE2b-256(01 left right)       an odd node at the end of a row goes up as it is
 *
 * Pure; allocates nothing. */
#ifndef TICKS_ANSWER_H
#define TICKS_ANSWER_H

#include "ticks/tick.h"

enum {
    TICK_NONCE_SIZE = 32,
    TICK_PREFIX_SIZE = 8, /* the first bytes of a nonce: they name the topic of its answer */
    TICK_LEAVES_MAX = 16384,
    TICK_LEAVES_OF_ONE_PREFIX = 16,
    TICK_TREE_DEPTH_MAX = 14,      /* log2 of TICK_LEAVES_MAX */
    TICK_ANSWERING_SIZE_MAX = 205, /* an answering tick at the maximum of every field */
    TICK_ANSWER_SIZE_MAX = 700,    /* and around it the longest way to the root */
    TICK_ANSWER_AGE_MAX_S = 5,     /* from `received` to the tick's time */
};

/* --- whoever asks ----------------------------------------------------------------------------- */

/* The question of this number within a burst, made from 32 secret random bytes: those of one burst
 * share their first TICK_PREFIX_SIZE bytes, and with them one topic to wait at
 * (tick_topic_write_answer).  The same arguments give the same question, so never use a burst's
 * number twice with one seed. */
void tick_question_make(const uint8_t seed[static 32], uint64_t burst, uint32_t number,
                        uint8_t out[static TICK_NONCE_SIZE]);

/* An answer as it came: everything in it is a stranger's word until tick_answer_proves and
 * tick_verify have been asked, in this order. */
struct tick_answer {
    struct tick tick; /* the answering tick; its signature is not checked */
    struct record_key_id kid;
    const uint8_t *tick_bytes; /* for tick_verify; inside the bytes that were read */
    size_t tick_size;
    utc received; /* when the beacon had read the question, by the clock of tick.time */
    uint32_t index, leaves;
    const uint8_t *siblings; /* inside the bytes; as they stand there, 34 bytes each */
    size_t sibling_count;
};

/* Reads the shape, hashing nothing.  False for anything but the one deterministic encoding of an
 * answer whose tick is an answering one (an echo and an error, no windows, nothing next) and whose
 * `received` is neither later than the tick's time nor more than TICK_ANSWER_AGE_MAX_S before
 * it. */
TOCSIN_MUST_USE bool tick_answer_read(const uint8_t *bytes, size_t size, struct tick_answer *out);

/* Whether it is the answer to this very question: climbs from nonce and received to the root of the
 * tree, at most 15 hashes, and compares with the tick's echo.  To be asked before tick_verify: what
 * fails here costs no signature check. */
TOCSIN_MUST_USE bool tick_answer_proves(const struct tick_answer *answer,
                                        const uint8_t nonce[static TICK_NONCE_SIZE]);

/* --- whoever answers -------------------------------------------------------------------------- */

struct tick_question {
    uint8_t nonce[TICK_NONCE_SIZE];
    utc received; /* read after the question was; 1970 or later */
};

/* The rows of the tree, leaves first, root last; an odd node stands in each row. */
struct tick_tree {
    size_t leaves;
    uint8_t node[2 * TICK_LEAVES_MAX - 1 + TICK_TREE_DEPTH_MAX][32];
};

/* Builds the tree of 1 to TICK_LEAVES_MAX questions. */
void tick_tree_build(struct tick_tree *tree, const struct tick_question *question, size_t count);

/* What the answering tick carries as its echo: 32 bytes inside the tree. */
const uint8_t *tick_tree_root(const struct tick_tree *tree);

/* The answer to the question at index, [tick, index, leaf count, [siblings], received]; returns its
 * length.  tick must be what tick_write made with this tree's root as its echo. */
size_t tick_answer_write(const struct tick_tree *tree, size_t index,
                         const struct tick_question *question, const uint8_t *tick,
                         size_t tick_size, uint8_t out[static TICK_ANSWER_SIZE_MAX]);

#endif
