/* site/readers.h -- inside of the module: for whom there is a feed of their own: every name of a
 * zone, the places that go by it, and which of them have the same feed. */
#ifndef SITE_READERS_H
#define SITE_READERS_H

#include "site/site.h"

struct reader {
    const char *name; /* of a zone, as people's programs say it */
    const char *home; /* the name that zone.tab has for it */
    bool is_listed;   /* zone.tab has it: people find it by country and city */
    const struct zone *zone;
    size_t place_from, place_count; /* into places */
    uint8_t shape[FEED_SHAPE_SIZE];
    size_t same_as; /* the first reader with the same feed; its own index: none before it */
};

struct readers {
    struct reader *list; /* owned */
    size_t count;
    struct text *place; /* owned; those of one home side by side */
    size_t place_count;
};

TOCSIN_MUST_USE enum site_result readers_build(const struct site_request *request,
                                               struct feed_book *book, struct readers *out,
                                               struct site_error *error);
void readers_free(struct readers *readers);

/* The zone and the places of a reader. */
struct feed_request readers_request(const struct readers *readers, size_t index);

#endif
