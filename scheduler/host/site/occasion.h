/* site/occasion.h -- inside of the module: what happens, as a page tells it: windows with their
 * occasions, an occasion being one KEY of a window, at however many places. */
#ifndef SITE_OCCASION_H
#define SITE_OCCASION_H

#include "feeds/item.h"

struct occasion {
    const struct feed_item *const *at; /* by start; several only of a wave by place */
    size_t count;
    int64_t start_ns, end_ns; /* UTC; of waves as if clocks kept UTC, the end on the last of them */
};

/* A window's occasions of one kind, ascending by start: of those that are over, only the ones
 * before `coming`. */
struct told {
    const struct view_window *in;
    const struct occasion *occasion;
    size_t count;
    size_t coming; /* index of the first that is not over; count: all are */
};

struct occasions {
    const struct feed_item **item; /* owned */
    struct occasion *occasion;     /* owned */
    struct told *told;             /* owned; those with something to come by its start, then
                                      the others */
    size_t count;                  /* of told */
    size_t coming_count;           /* of them: with something to come */
};

/* Those of a constellation with this status.  False for want of memory. */
TOCSIN_MUST_USE bool occasions_build(const struct feed_source *source,
                                     const struct feed_items *items, const struct record_id *root,
                                     enum feed_status status, struct occasions *out);
void occasions_free(struct occasions *occasions);

/* Of one window; NULL: none. */
const struct told *occasions_find(const struct occasions *occasions,
                                  const struct view_window *window);

#endif
