/* feeds/item.h -- inside of the module: what is told of a view, before anybody's clock,
 * language or calendar: one item for each occurrence that a feed may show. */
#ifndef FEEDS_ITEM_H
#define FEEDS_ITEM_H

#include "feeds/revision.h"

enum feed_status { FEED_TENTATIVE, FEED_CONFIRMED, FEED_CANCELLED };

/* Where something is told as gone, and whatever stands elsewhere stays there. */
enum feed_left {
    LEFT_NOTHING,
    LEFT_ALL,       /* everywhere: a rest that it no longer has */
    LEFT_GESTURE,   /* in the feed of a gesture that it had */
    LEFT_PROPOSALS, /* in the feed of what is not in force */
};

struct feed_item {
    const struct view_window *in;
    const struct record *record;       /* whose words it has */
    const struct record_window *times; /* whose kind of wave, hour, length and rest: of a KEY that
                                          was dropped, those of the last record that had it */
    struct text key, place;
    instant start;          /* WAVE_NONE and WAVE_PLACE; else as if its clock kept UTC */
    struct civil_date date; /* other waves */
    enum feed_status status;
    bool is_disputed;
    struct feed_revision revision;
    enum feed_left left; /* its rest is an item of its own, of what left */
    bool is_rest_alone;
    struct text gesture; /* whose feed tells it; "": no gesture's, for it never had this one */
    const struct view_occurrence *elsewhere; /* what left is in force all the same, at its hour of
                                                now; NULL: it is not */
};

struct feed_items {
    struct feed_item *list;   /* owned */
    size_t count, left_count; /* what left a feed follows what is told in all */
};

/* False for want of memory. */
TOCSIN_MUST_USE bool feed_items_build(const struct feed_source *source,
                                      const struct feed_tallies *tallies, struct feed_items *out);
void feed_items_free(struct feed_items *items);

#endif
