/* feeds/revision.h -- inside of the module: how often, and when last, a window has changed, by one
 * sentence: SEQUENCE is the number of verified (record, key) pairs held for the window's own
 * records and cancels and for its constellation's roots and revokes, whether or not they count
 * today; DTSTAMP and LAST-MODIFIED are the newest `made`, not after now, of those records.  So
 * neither falls when stores are united. */
#ifndef FEEDS_REVISION_H
#define FEEDS_REVISION_H

#include "feeds/feed.h"

struct feed_revision {
    uint32_t sequence;
    instant changed;
};

struct feed_tally {
    struct record_id root;
    bool has_uid; /* of a window; else of the constellation's roots and revokes */
    struct record_uid uid;
    size_t pairs;
    bool has_made;
    instant made; /* the newest that is not after now */
};

struct feed_tallies {
    struct feed_tally *list; /* owned; ascending by root, then uid, the constellation first */
    size_t count;
};

/* False for want of memory. */
TOCSIN_MUST_USE bool feed_tallies_build(const struct feed_source *source, struct feed_tallies *out);
void feed_tallies_free(struct feed_tallies *tallies);

/* The revision of a window, or with uid NULL of the constellation alone; `otherwise` where nothing
 * that is held was made by now. */
struct feed_revision feed_revision_of(const struct feed_tallies *tallies,
                                      const struct record_id *root, const struct record_uid *uid,
                                      instant otherwise);

#endif
