/* feeds/telling.h -- inside of the module: a window's items, while they are looked for. */
#ifndef FEEDS_TELLING_H
#define FEEDS_TELLING_H

#include "feeds/item.h"

/* What is told as gone, on its way into the list. */
struct called_off {
    struct feed_item is;
    instant end;
};

struct item_list {
    struct feed_item *item; /* owned */
    size_t count, room;
};

struct telling {
    const struct feed_source *source;
    const struct view_window *in;
    const struct record *said; /* whose words are told: the record in force, or the first of those
                                  that are contested from the start; NULL: none counts */
    instant root_end;          /* telling_root_end */
    struct feed_revision revision;
    struct called_off *gone; /* owned */
    size_t gone_count, gone_room;
    bool is_short_of_memory;
};

/* Keeps what was called off then, if people may still have it. */
void telling_add(struct telling *telling, const struct feed_item *is, instant called_off);
bool telling_has(const struct telling *telling, struct text key, struct text place);

void telling_put(struct telling *telling, struct item_list *out, const struct feed_item *is);

/* Puts what is kept into a list and forgets it: the next twelve; of those that are over the latest,
 * where fewer are to come. */
void telling_give(struct telling *telling, struct item_list *out);

/* When a root ends, or ended in a version before. */
instant telling_root_end(const struct feed_source *source, const struct view_root *root);

/* Whether the root ended before it, or the window itself: it was never in force, and is in nobody's
 * calendar. */
bool telling_is_beyond_end(const struct telling *telling, const struct record_window *times,
                           instant start);

/* What a feed had of a KEY at a place: an occurrence not called off, in a feed of this gesture, or
 * its rest. */
struct had {
    struct text key, place;
    struct text gesture; /* "": any */
    bool is_rest;
};

/* When it ended for the last time: by the oldest of the records up to the one in force that all,
 * one after the other, do without it; of what was contested, by the newest. */
instant telling_called_off_at(const struct telling *telling, const struct had *had);

/* Keeps what every record that enough have signed had, and the one in force is without: also of
 * what is contested, which whoever knew one side alone had, and what the root's end now comes
 * before. */
void telling_add_dropped(struct telling *telling);

/* What left one feed though it is not called off, or a rest that is none any more.  told: the
 * window's own items.  proposal: all records of the window that may be proposals, the newest first.
 */
void telling_add_left(struct telling *telling, const struct feed_item *told, size_t told_count,
                      const struct view_entry *const *proposal, size_t proposal_count,
                      struct item_list *out);

#endif
