/* anchors/anchors.h -- the roots that a person gives by hand: what everything else is believed by.
 *
 * One policy, whichever program is given the file:
 *   - an anchor is a root record by its own content: its id, and the words of that id, are what two
 *     people compare.  What it says in `root:` is a claim and proves nothing;
 *   - of a file's roots of one constellation the oldest is the anchor; newer ones come in through
 *     the chain, signed by the organizers before them, or not at all;
 *   - where that is no version 1, all its others come after it by their `prev`, or the file is
 *     refused: somebody has added a root below the honest ones;
 *   - a file may hold several constellations: each has its anchor;
 *   - of several files the newest anchor of a constellation is in force: somebody gave it by hand;
 *   - two anchors of one constellation and version that differ are refused, in whichever order they
 *     come; and so is an anchor that is not sound (trust_root_is_sound).
 * A file is taken whole or not at all.
 *
 * Bytes in, values out: reading files is the program's part. */
#ifndef ANCHORS_ANCHORS_H
#define ANCHORS_ANCHORS_H

#include "ledger/ledger.h"
#include "records/record.h"
#include "view/view.h"

enum {
    ANCHORS_WHY_SIZE = 256,
    ANCHORS_TEXT_SIZE = 384,
};

/* Four lists side by side, as view_build and struct ledger_policy want them.  Begins with
 * anchors_init. */
struct anchors {
    const struct leap_table *leap; /* borrowed */
    size_t most;                   /* constellations */
    size_t count;
    struct record **record;     /* owned, each too: in the order given */
    struct view_anchor *anchor; /* owned: the same */
    struct record_id *id;       /* owned: their own ids */
    struct record_id *root;     /* owned: the constellations that they claim */
};

enum anchors_result {
    ANCHORS_TAKEN = 0,
    ANCHORS_REFUSED, /* and why */
    ANCHORS_NO_MEMORY,
};

/* most: how many constellations there may be.  leap must outlive the anchors. */
void anchors_init(struct anchors *anchors, const struct leap_table *leap, size_t most);
void anchors_close(struct anchors *anchors);

/* Takes the anchors of a file's bytes: a raw root record, or a sync stream, whose other records are
 * not looked at.  Again and again is harmless.  Unless all are taken none is; why then says, in one
 * sentence without a full stop, what is wrong with the file (also for want of memory). */
TOCSIN_MUST_USE enum anchors_result anchors_take(struct anchors *anchors, const uint8_t *bytes,
                                                 size_t size, char why[static ANCHORS_WHY_SIZE]);

/* The anchor in force of a constellation, or NULL. */
const struct record *anchors_find(const struct anchors *anchors, const struct record_id *root);

/* Whether the anchor at this place is in force: no newer one of its constellation was given. */
bool anchors_is_in_force(const struct anchors *anchors, size_t index);

/* Puts the anchors into a ledger, whoever signed them: their keys vouch for records whether or not
 * their own signatures are at hand.  False for want of memory. */
TOCSIN_MUST_USE bool anchors_put(const struct anchors *anchors, struct ledger *ledger);

/* What a merge may take under these anchors, wherever it comes from: records of their
 * constellations, and newer roots through the chain.  Borrows their lists: not after the next take.
 * There must be an anchor. */
struct ledger_policy anchors_policy(const struct anchors *anchors);

/* What people compare, in a line: words and id of this very record, version, threshold, name. */
void anchors_describe(const struct record *root, char out[static ANCHORS_TEXT_SIZE]);

#endif
