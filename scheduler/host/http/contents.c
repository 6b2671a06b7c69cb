#include "http/contents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <zlib.h>

#include "http/date.h"
#include "http/mhd.h"
#include "pages/pages.h"

enum { GZIP_LEAST = 512, GZIP_FORMAT = 16 + MAX_WBITS, GZIP_LEVEL = 4, BLOCK = 32768 };

struct content_kind {
    const char *ending, *type;
    bool is_page;
};

static const struct content_kind kinds[] = {
    {".ics", "text/calendar; charset=utf-8", false},
    {".html", "text/html; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", false},
    {".json", "application/json", false},
    {".atom", "application/atom+xml; charset=utf-8", false},
    {".svg", "image/svg+xml", false},
    {".png", "image/png", false},
    {".tsv", "text/tab-separated-values; charset=utf-8", false},
    {".minisig", "text/plain; charset=utf-8", false},
    {".tocsin", "application/octet-stream", false},
};

static const struct content_kind anything = {"", "application/octet-stream", false};

static const struct content_kind *kind_of(const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t ending = strlen(kinds[i].ending);
        if (len > ending && strcmp(path + len - ending, kinds[i].ending) == 0) {
            return &kinds[i];
        }
    }
    return &anything;
}

/* The gzip form of bytes, the same for the same bytes (no name, no time).  NULL when it is no
 * shorter, or memory is short: then the plain form serves. */
static uint8_t *compress_bytes(const uint8_t *bytes, size_t size, size_t *out_size)
{
    z_stream stream = {0};
    if (size < GZIP_LEAST || size > UINT32_MAX / 2 ||
        deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_FORMAT, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    uint8_t *out = malloc(size);
    int done = Z_MEM_ERROR;
    if (out != NULL) {
        stream.next_in = (uint8_t *)(uintptr_t)bytes;
        stream.avail_in = (uInt)size;
        stream.next_out = out;
        stream.avail_out = (uInt)size;
        done = deflate(&stream, Z_FINISH);
        *out_size = size - stream.avail_out;
    }
    deflateEnd(&stream);
    if (done != Z_STREAM_END) {
        free(out);
        return NULL;
    }
    uint8_t *fitting = realloc(out, *out_size);
    return fitting != NULL ? fitting : out;
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return mhd.add_response_header(response, name, value) == MHD_YES;
}

/* What a 304 has as well: RFC 9110 15.4.5. */
static bool add_known(struct MHD_Response *response, const struct content *content, bool as_gzip)
{
    return add(response, "ETag", as_gzip ? content->gzip_etag : content->etag) &&
           add(response, "Cache-Control", "no-cache") &&
           add(response, "Access-Control-Allow-Origin", "*") &&
           add(response, "X-Content-Type-Options", "nosniff") &&
           (!content->has_gzip || add(response, "Vary", "Accept-Encoding"));
}

static bool add_whole(struct MHD_Response *response, const struct content *content, bool as_gzip)
{
    char modified[HTTP_DATE_SIZE];
    http_date_write(content->modified, modified);
    char policy[PAGES_POLICY_SIZE + 32];
    pages_policy(policy);
    strcat(policy, "; frame-ancestors 'none'");
    return add_known(response, content, as_gzip) &&
           add(response, "Content-Type", content->kind->type) &&
           add(response, "Referrer-Policy", "no-referrer") &&
           (content->hides_date || add(response, "Last-Modified", modified)) &&
           (!as_gzip || add(response, "Content-Encoding", "gzip")) &&
           (!content->kind->is_page || add(response, "Content-Security-Policy", policy));
}

struct content *content_new(const char *path, const uint8_t hash[static SITE_HASH_SIZE],
                            uint8_t *bytes, size_t size, utc modified)
{
    struct content *content = calloc(1, sizeof *content);
    if (content == NULL) {
        free(bytes);
        return NULL;
    }
    memcpy(content->hash, hash, sizeof content->hash);
    content->kind = kind_of(path);
    content->modified = modified;
    content->size = content->bytes_size = size;
    content->bytes = bytes;
    content->uses = 1;
    char hex[33];
    sodium_bin2hex(hex, sizeof hex, hash, 16);
    snprintf(content->etag, sizeof content->etag, "\"%s\"", hex);
    snprintf(content->gzip_etag, sizeof content->gzip_etag, "\"%s-gzip\"", hex);
    size_t gzip_size = 0;
    uint8_t *gzip = compress_bytes(bytes, size, &gzip_size);
    if (gzip != NULL) {
        free(bytes);
        content->bytes = gzip;
        content->bytes_size = gzip_size;
        content->has_gzip = true;
    }
    return content;
}

void content_release(struct content *content)
{
    if (--content->uses == 0) {
        free(content->bytes);
        free(content);
    }
}

bool content_is(const struct content *content, const char *path,
                const uint8_t hash[static SITE_HASH_SIZE])
{
    return memcmp(content->hash, hash, sizeof content->hash) == 0 && content->kind == kind_of(path);
}

static void release(void *content)
{
    content_release(content);
}

/* Plain bytes on their way out of a gzip form. */
struct unpacking {
    struct content *content;
    z_stream stream;
    uint64_t at;
};

static ssize_t unpack(void *context, uint64_t at, char *out, size_t most)
{
    struct unpacking *unpacking = context;
    if (at != unpacking->at || at >= unpacking->content->size) {
        return at >= unpacking->content->size ? MHD_CONTENT_READER_END_OF_STREAM
                                              : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    unpacking->stream.next_out = (uint8_t *)out;
    unpacking->stream.avail_out = (uInt)(most < BLOCK ? most : BLOCK);
    int done = inflate(&unpacking->stream, Z_SYNC_FLUSH);
    size_t got = (size_t)(unpacking->stream.next_out - (uint8_t *)out);
    if ((done != Z_OK && done != Z_STREAM_END) || got == 0) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    unpacking->at += got;
    return (ssize_t)got;
}

static void end_unpacking(void *context)
{
    struct unpacking *unpacking = context;
    inflateEnd(&unpacking->stream);
    content_release(unpacking->content);
    free(unpacking);
}

/* A use of content is the response's from here on, also when it fails. */
static struct MHD_Response *unpacked(struct content *content)
{
    struct unpacking *unpacking = calloc(1, sizeof *unpacking);
    if (unpacking == NULL || inflateInit2(&unpacking->stream, GZIP_FORMAT) != Z_OK) {
        free(unpacking);
        content_release(content);
        return NULL;
    }
    unpacking->content = content;
    unpacking->stream.next_in = content->bytes;
    unpacking->stream.avail_in = (uInt)content->bytes_size;
    struct MHD_Response *response =
        mhd.create_response_from_callback(content->size, BLOCK, unpack, unpacking, end_unpacking);
    if (response == NULL) {
        end_unpacking(unpacking);
    }
    return response;
}

static struct MHD_Response *as_kept(struct content *content)
{
    struct MHD_Response *response = mhd.create_response_from_buffer_with_free_callback_cls(
        content->bytes_size, content->bytes, release, content);
    if (response == NULL) {
        content_release(content);
    }
    return response;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response, bool is_whole)
{
    enum MHD_Result queued = MHD_NO;
    if (is_whole) {
        queued = mhd.queue_response(connection, status, response);
    }
    if (response != NULL) {
        mhd.destroy_response(response);
    }
    return queued;
}

enum MHD_Result content_send(struct content *content, struct MHD_Connection *connection,
                             bool as_gzip)
{
    content->uses++;
    struct MHD_Response *response =
        content->has_gzip && !as_gzip ? unpacked(content) : as_kept(content);
    return queue(connection, MHD_HTTP_OK, response,
                 response != NULL && add_whole(response, content, content->has_gzip && as_gzip));
}

/* An answer that has no length: OkHttp and others wait for a body as long as it says.  Before
 * 0.9.77 libmicrohttpd leaves it out only of an answer whose size it does not know, and what is
 * then not chunked (a word at which OkHttp waits too) must end the connection (its connection.c,
 * setup_reply_properties); free of a length are only 1xx, 204 and upgrades, which must be 101. */
#if MHD_VERSION >= 0x00097701
static struct MHD_Response *without_body(enum MHD_ResponseFlags *flags)
{
    *flags = MHD_RF_HEAD_ONLY_RESPONSE;
    return mhd.create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}
#else
static ssize_t nothing(void *context, uint64_t at, char *out, size_t most)
{
    (void)context;
    (void)at;
    (void)out;
    (void)most;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *without_body(enum MHD_ResponseFlags *flags)
{
    *flags = MHD_RF_HTTP_1_0_COMPATIBLE_STRICT;
    return mhd.create_response_from_callback(MHD_SIZE_UNKNOWN, 1, nothing, NULL, NULL);
}
#endif

enum MHD_Result content_send_known(const struct content *content, struct MHD_Connection *connection,
                                   bool as_gzip)
{
    enum MHD_ResponseFlags flags;
    struct MHD_Response *response = without_body(&flags);
    bool is_whole = response != NULL &&
                    mhd.set_response_options(response, flags, MHD_RO_END) == MHD_YES &&
                    add_known(response, content, as_gzip);
    return queue(connection, MHD_HTTP_NOT_MODIFIED, response, is_whole);
}
