/* view/internal.h -- what the parts of the view share while one is built.  Private to the module.
 *
 *   entries -> items (one for each record, signers distinct) sorted by constellation
 *           -> regimes: the accepted roots, the revokes in force, whose signatures count; one of
 *              all records, and for each stretch of time that a lock holds one of the strong alone
 *           -> pools: the windows; each regime says what is in force of one
 *           -> which regime decides each occurrence, status -> digest */
#ifndef VIEW_INTERNAL_H
#define VIEW_INTERNAL_H

#include "view/arena.h"
#include "view/view.h"

static inline int number_compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Instants of records lie between 1700 and 2249, and what is added here is a month or so.  That is
 * true of no other: now may be any. */
static inline instant instant_after(instant at, span later)
{
    return (instant){at.tai_ns + later.ns};
}

/* One record with every distinct public key that signed it. */
struct item {
    const struct record *record;
    const struct record_id *root;           /* the constellation */
    const struct record_public_key *signer; /* ascending by public key */
    size_t signer_count;
    size_t count; /* signatures that count */
    bool is_effective;
};

/* What holds by some of the records: of all of them, or of the strong ones (lock.c). */
struct regime {
    /* Accepted roots, ascending by version: known ancestors of the anchor, the anchor,
     * successors. */
    const struct item **chain;
    size_t chain_count;
    const struct item **revoked; /* the revokes in force at the newest root */
    size_t revoked_count;
    size_t usable; /* organizers of the newest root that are not revoked: n */
    uint32_t threshold;
    size_t forks; /* different successors of the newest root that are signed: none or several */

    /* Of the strong alone. */
    bool is_of_strong;
    struct regime *before;           /* in the list of them */
    span lock;                       /* before it began */
    const struct record_id *vouched; /* what most beacons of the newest root named, ascending */
    size_t vouched_count;
    size_t beating;    /* beacons of the newest root that named anything */
    bool holds;        /* most did, n > m, and the newest root names this lock */
    instant from, end; /* it decides what starts in [from, end) */
};

/* The items of one constellation, by kind, each ascending by (uid, seq or version, id), heartbeats
 * by their date. */
struct constellation {
    const struct record_id *id;
    struct item *root, *revoke, *heartbeat, *act; /* act: windows and cancels */
    size_t root_count, revoke_count, heartbeat_count, act_count;
    size_t item_count; /* of them all, which stand in this order */

    struct regime all; /* by every record */
    size_t anchor_at;  /* in every chain */
    const span *lock;  /* of the roots that may hold, the longest first */
    size_t lock_count;
    struct regime *strong; /* those that were asked for */
    struct vote *vote;     /* room to count what heartbeats name */
    struct view_root *out;
};

/* A beacon, by its place in the root, named a record. */
struct vote {
    const struct record_id *id;
    size_t beacon;
};

/* The records of one (root, uid). */
struct pool {
    struct constellation *of;
    struct item *window, *cancel;
    size_t window_count, cancel_count;
    bool is_signed; /* by somebody who counts today */
    struct view_window *out;
};

struct build {
    struct arena arena;
    instant now;
    struct item *item;
    size_t item_count;
    struct constellation *constellation;
    size_t constellation_count;
    struct pool *pool;
    size_t pool_count;
    struct noted *noted; /* the latest first */
};

/* Something that a person should see. */
struct noted {
    struct noted *before;
    struct view_alert alert;
};

/* A finished view and the memory behind it; `is` comes first, so that one frees the other. */
struct storage {
    struct view is;
    struct build build;
};

/* alert.c: notes something that a person should see. */
void alert_note(struct build *build, const struct constellation *of, const struct record_id *about,
                struct view_fact fact);

/* Puts what was noted into the view, in an order that hangs on nothing else. */
void alert_list(struct build *build, struct view *view);

/* What one regime says of a pool. */
struct verdict {
    const struct regime *by;
    const struct item **rung; /* what is effective, ascending by seq, then id */
    size_t rung_count;
    const struct item *in_force;
    const struct item *cancel; /* of the most signatures */
    bool is_contested;
    bool is_known; /* some record of the pool is effective */
    struct view_occurrence *occurrence;
    size_t occurrence_count;
};

/* chain.c: finds the accepted chain of a constellation from its anchor, the revokes in force and
 * the heartbeats that count, and fills c->out. */
void chain_build(struct build *build, struct constellation *c, const struct item *anchor);

/* regime.c: room for a regime's roots and revokes; false for want of memory. */
bool regime_take(struct build *build, const struct constellation *c, struct regime *r);

/* Whether a signature by key over the record id counts under the newest root of the regime. */
bool regime_counts(const struct regime *r, const uint8_t *key, const struct record_id *id);

/* The same of a beacon's over a heartbeat. */
bool regime_counts_beacon(const struct regime *r, const uint8_t *key, const struct record_id *id);

/* How many of an item's signatures count under the newest root. */
size_t regime_count(const struct regime *r, const struct item *item);

/* How many of an item's signers a root names as organizers. */
size_t regime_count_named(const struct record_root *root, const struct item *item);

/* Whether a root record stands exactly one above the newest and names it. */
bool regime_is_successor(const struct regime *r, const struct item *item);

/* A heartbeat counts by its beacon's one signature. */
bool regime_is_beating(const struct regime *r, const struct item *item);

const struct record_root *regime_newest(const struct regime *r);

/* The signatures over a revoke that count: nobody revokes himself, and no other revoke matters. */
size_t regime_count_revoke(const struct regime *r, const struct item *item);

/* Puts the revokes in force at the newest root, and n and m. */
void regime_evaluate_revokes(const struct constellation *c, struct regime *r);

/* One step up.  False when the newest root has been found. */
bool regime_climb(const struct constellation *c, struct regime *r);

/* Whether so many signatures put a record in force: the threshold, and of the strong alone one
 * more, or that heartbeats name it. */
bool regime_is_enough(const struct regime *r, const struct item *item, size_t count);

/* lock.c: finds the lengths of the locks. */
void lock_find(struct build *build, struct constellation *c);

/* What a lock says of whatever begins at `start`; LOCK_ON: *out decides it, else it tells what the
 * lock is or wants.  NULL: out of memory, which the arena knows. */
enum view_lock lock_regime(struct build *build, struct constellation *c, instant start,
                           const struct regime **out);

/* verdict.c: what a regime says of a pool. */
void verdict_build(struct build *build, const struct pool *pool, const struct regime *by,
                   struct verdict *out);

/* Takes the occurrences of one of its records, in force or not, into the verdict. */
void verdict_occurrences(struct build *build, struct verdict *verdict, const struct item *of);

/* Whether an occurrence is not over: a wave is in UTC-12 last. */
bool window_is_to_come(const struct view_occurrence *one, instant now);

/* window.c: which record decides each occurrence of a pool, and the status. */
void pool_finish(struct build *build, struct pool *pool);

/* digest.c */
void digest_build(const struct view *view, uint8_t out[static 32]);

#endif
