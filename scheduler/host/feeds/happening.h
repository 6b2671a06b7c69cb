/* feeds/happening.h -- inside of the module: what is told of a view, before anybody's clock,
 * language or calendar: one happening for each occurrence that a feed may show. */
#ifndef FEEDS_HAPPENING_H
#define FEEDS_HAPPENING_H

#include "feeds/revision.h"

enum feed_status { FEED_TENTATIVE, FEED_CONFIRMED, FEED_CANCELLED };

struct happening {
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
};

struct happenings {
    struct happening *list; /* owned */
    size_t count;
};

/* False for want of memory. */
TOCSIN_MUST_USE bool happenings_build(const struct feed_source *source,
                                      const struct feed_tallies *tallies, struct happenings *out);
void happenings_free(struct happenings *happenings);

#endif
