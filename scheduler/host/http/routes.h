/* http/routes.h -- inside of the module: the static table from paths to contents. */
#ifndef HTTP_ROUTES_H
#define HTTP_ROUTES_H

#include "http/contents.h"

struct route {
    const char *path;        /* into text: "/it/0123456789abcdef.ics" */
    struct content *content; /* one of the table's; NULL: "/it", which leads to "/it/" */
};

struct routes {
    struct route *route; /* owned; ascending by path */
    size_t count;
    char *text;               /* owned */
    struct content **content; /* owned; ascending by hash, each with a use of this table's... */
    size_t content_count;
    bool hides_dates;  /* of every content */
    bool *is_borrowed; /* owned; ...but these are in `known` as well, whose use it still is */
};

/* Reads a site's folder into a table of all its paths, and "/", "/it/" for the pages in folders.
 * What is the same in `known` is borrowed from there.  Touches nothing that an answering loop
 * changes: may run on another thread. */
TOCSIN_MUST_USE enum site_result routes_load(const char *dir, const struct routes *known,
                                             struct routes *out, struct site_error *error);

/* Makes the borrowed its own; on the loop. */
void routes_adopt(struct routes *routes);

const struct route *routes_find(const struct routes *routes, const char *path);

/* The path of a request target without its query: of "http://host/it/" it is "/it/", anything
 * else is returned as it is. */
const char *routes_path_of(const char *target);

void routes_free(struct routes *routes);

/* Whether an If-None-Match value names the etag (RFC 9110 section 13.1.2: weak comparison). */
bool routes_etag_matches(const char *header, const char *etag);

/* Whether an If-Modified-Since value is the content's very date.  Only that: of any other, a later
 * one too, nobody knows which bytes it was given with. */
bool routes_unchanged_since(const struct content *content, const char *header);

/* Whether an Accept-Encoding value takes gzip (RFC 9110 section 12.5.3). */
bool routes_takes_gzip(const char *header);

#endif
