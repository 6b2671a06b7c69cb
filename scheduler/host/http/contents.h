/* http/contents.h -- inside of the module: what a site's files are as answers.  Bytes that many
 * paths have are here once, and as gzip alone where that is shorter: who wants them plain has them
 * unpacked while they are sent. */
#ifndef HTTP_CONTENTS_H
#define HTTP_CONTENTS_H

#include <microhttpd.h>

#include "instants/instant.h"
#include "site/site.h"

enum { CONTENT_ETAG_SIZE = 48 };

struct content {
    uint8_t hash[SITE_HASH_SIZE]; /* of the plain bytes */
    const struct content_kind *kind;
    utc modified;    /* whole seconds */
    bool hides_date; /* which nobody is told */
    size_t size;     /* plain */
    uint8_t *bytes;  /* owned; gzip where has_gzip */
    size_t bytes_size;
    bool has_gzip;
    char etag[CONTENT_ETAG_SIZE], gzip_etag[CONTENT_ETAG_SIZE]; /* strong, with their quotes */
    size_t uses; /* tables that have it, and answers under way */
};

/* Takes bytes (malloc's), also when it fails; one use.  NULL: no memory. */
struct content *content_new(const char *path, const uint8_t hash[static SITE_HASH_SIZE],
                            uint8_t *bytes, size_t size, utc modified);
void content_release(struct content *content); /* frees it with the last use */

/* Whether a path's answer would be this content. */
bool content_is(const struct content *content, const char *path,
                const uint8_t hash[static SITE_HASH_SIZE]);

/* Queues its bytes, or that the reader has them already. */
enum MHD_Result content_send(struct content *content, struct MHD_Connection *connection,
                             bool as_gzip);
enum MHD_Result content_send_known(const struct content *content, struct MHD_Connection *connection,
                                   bool as_gzip);

#endif
