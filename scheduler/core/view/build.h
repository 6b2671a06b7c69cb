/* view/build.h -- what the parts of the view share while one is built.  Private to the module.
 *
 *   entries -> items (one for each record, signers distinct) sorted by constellation
 *           -> chain: the accepted roots, the revokes in force, whose signatures count
 *           -> lots: the windows, their occurrences before cancels
 *           -> cancels, expiry, status -> digest */
#ifndef VIEW_BUILD_H
#define VIEW_BUILD_H

#include "view/arena.h"
#include "view/view.h"

/* One record with every distinct public key that signed it. */
struct item {
    const struct record *record;
    const struct record_id *root;           /* the constellation */
    const struct record_public_key *signer; /* ascending by public key */
    size_t signer_count;
    size_t count; /* signatures that count */
    bool is_effective;
};

/* The items of one constellation, by kind, each ascending by (uid, seq or version, id). */
struct constellation {
    const struct record_id *id;
    struct item *root, *revoke, *heartbeat, *act; /* act: windows and cancels */
    size_t root_count, revoke_count, heartbeat_count, act_count;

    /* Accepted roots, ascending by version: known ancestors of the anchor, the anchor, successors.
     */
    const struct item **chain;
    size_t chain_count, anchor_at;
    const struct item **revoked; /* the revokes in force at the newest root */
    size_t revoked_count;
    size_t usable; /* organizers of the newest root that are not revoked: n */
    uint32_t threshold;
    struct hold *hold; /* what heartbeats prove, ascending by id then date; only with a lock */
    size_t hold_count;
    const struct record *latest; /* heartbeat, of any beacon */
    struct view_root *out;
};

/* A heartbeat of this date held this record. */
struct hold {
    const struct record_id *id;
    instant made;
};

/* An occurrence on its way into the view. */
struct happening {
    struct view_occurrence is;
    instant expires; /* of the record that it comes from */
};

/* The records of one (root, uid). */
struct lot {
    struct constellation *of;
    struct item *window, *cancel;
    size_t window_count, cancel_count;
    const struct item *in_force;
    bool is_contested;
    bool is_weak; /* cancelled, but by no cancel that min(m + 1, n) signed */
    bool has_end;
    instant last_end;
    struct happening *happening;
    size_t happening_count;
    struct view_window *out;
};

struct build {
    struct arena arena;
    instant now;
    struct item *item;
    size_t item_count;
    struct constellation *constellation;
    size_t constellation_count;
    struct lot *lot;
    size_t lot_count;
    struct view_alert *alert;
    size_t alert_count, alert_room;
};

/* A finished view and the memory behind it; `is` comes first, so that one frees the other. */
struct storage {
    struct view is;
    struct build build;
};

/* view.c: notes something that a person should see. */
void build_alert(struct build *build, const struct record_id *about, struct view_fact fact);

/* chain.c: finds the accepted chain of a constellation from its anchor, the revokes in force and
 * the heartbeats that count, and fills c->out. */
void chain_build(struct build *build, struct constellation *c, const struct item *anchor);

/* Whether a signature by key over the record id counts under the newest root. */
bool chain_counts(const struct constellation *c, const uint8_t *key, const struct record_id *id);

/* How many of an item's signatures count under the newest root. */
size_t chain_count(const struct constellation *c, const struct item *item);

/* How many of an item's signers a root names as organizers. */
size_t chain_count_named(const struct record_root *root, const struct item *item);

/* Whether a root record stands exactly one above the newest and names it. */
bool chain_is_successor(const struct constellation *c, const struct item *item);

/* A heartbeat counts by its beacon's one signature. */
bool chain_is_beating(const struct constellation *c, const struct item *item);

/* Whether a heartbeat dated before `before` held the record. */
bool chain_was_held(const struct constellation *c, const struct record_id *id, instant before);

/* The length of the lock that applies (only where n > m); false: none. */
bool chain_lock(const struct constellation *c, span *lock);

/* window.c: which record is in force, and its occurrences before cancels. */
void lot_build(struct build *build, struct lot *lot);

/* window.c: when the windows of one constellation that were ever in force end, for the mass rule.
 */
struct crowd {
    instant *end, *weak_end; /* ascending; weak: cancelled by too few */
    size_t count, weak_count;
};
void crowd_build(struct build *build, const struct lot *lot, size_t count, struct crowd *out);

/* window.c: cancels, expiry and the status, once every lot of the constellation is built. */
void lot_finish(struct build *build, struct lot *lot, const struct crowd *crowd);

/* occurrence.c: the occurrences of one record as signed. */
void happenings_of(struct build *build, const struct record *record, struct happening **out,
                   size_t *count);

/* occurrence.c: the occurrences after an amendment, those kept that the lock protects from it. */
void happenings_amend(struct build *build, const struct constellation *c,
                      const struct item *amendment, struct happening **list, size_t *count);

/* digest.c */
void digest_build(const struct view *view, uint8_t out[static 32]);

#endif
