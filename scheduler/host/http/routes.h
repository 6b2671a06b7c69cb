/* http/routes.h -- inside of the module: the static table from paths to prepared answers. */
#ifndef HTTP_ROUTES_H
#define HTTP_ROUTES_H

#include <microhttpd.h>

#include "instants/instant.h"
#include "site/site.h"

enum { ROUTE_ETAG_SIZE = 40 };

struct representation {
    char etag[ROUTE_ETAG_SIZE];  /* strong, with its quotes */
    struct MHD_Response *answer; /* owned; for 200 and 304 */
};

struct route {
    const char *path; /* into text: "/it/0123456789abcdef.ics" */
    struct representation plain;
    bool has_gzip;
    struct representation gzip;
    utc modified;  /* when its bytes were first handed out; whole seconds */
    bool is_dated; /* else it has no Last-Modified, and modified is the last that the path had */
    bool is_lent;  /* its answers belong to another table */
};

struct routes {
    struct route *route; /* ascending by path */
    size_t count;
    char *text;
};

/* Prepares every file of a finished site, and "/", "/it/" for the pages in folders.  What is the
 * same in `old` is taken over from there, so that a small change costs little; old is freed.  False
 * for want of memory: then old is as before and *out untouched.  out may be old.
 *
 * What is new or changed is modified now.  When a path changes twice in a second, or the clock has
 * gone back or is not set, no date would tell two versions apart: then it has none until its next
 * change. */
TOCSIN_MUST_USE bool routes_build(const struct site *site, utc now, struct routes *old,
                                  struct routes *out);
const struct route *routes_find(const struct routes *routes, const char *path);

/* The path of a request target without its query: of "http://host/it/" it is "/it/", anything
 * else is returned as it is. */
const char *routes_path_of(const char *target);

void routes_free(struct routes *routes);

/* Whether an If-None-Match value names the etag (RFC 9110 section 13.1.2: weak comparison). */
bool routes_etag_matches(const char *header, const char *etag);

/* Whether the route is unchanged since an If-Modified-Since value.  What is no date is ignored, and
 * so is one later than now: it may have come from a clock that was wrong. */
bool routes_unchanged_since(const struct route *route, const char *header, utc now);

/* Whether an Accept-Encoding value takes gzip (RFC 9110 section 12.5.3). */
bool routes_takes_gzip(const char *header);

#endif
