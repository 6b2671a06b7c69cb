#include "http/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>
#include <zlib.h>

#include "http/date.h"

enum { GZIP_LEAST = 512, GZIP_FORMAT = 16 + MAX_WBITS };

/* 2026-01-01: a host that says less has not set its clock yet. */
static const int64_t CLOCK_EARLIEST_S = 1767225600;

struct kind {
    const char *ending, *type;
    bool is_page;
};

static const struct kind kinds[] = {
    {".ics", "text/calendar; charset=utf-8", false},
    {".html", "text/html; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", false},
    {".tsv", "text/tab-separated-values; charset=utf-8", false},
    {".minisig", "text/plain; charset=utf-8", false},
    {".tocsin", "application/octet-stream", false},
};

static const struct kind anything = {"", "application/octet-stream", false};

static const struct kind *kind_of(const char *path)
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
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_FORMAT, 9,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
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
    return out;
}

static bool add_headers(struct MHD_Response *response, const struct kind *kind,
                        const struct route *route, const char *etag, bool is_gzip)
{
    char modified[HTTP_DATE_SIZE];
    http_date_write(route->modified, modified);
    static const char policy[] = "default-src 'none'; style-src 'self'; base-uri 'none'; "
                                 "form-action 'none'; frame-ancestors 'none'";
    return MHD_add_response_header(response, "ETag", etag) == MHD_YES &&
           MHD_add_response_header(response, "Content-Type", kind->type) == MHD_YES &&
           MHD_add_response_header(response, "Cache-Control", "no-cache") == MHD_YES &&
           MHD_add_response_header(response, "Referrer-Policy", "no-referrer") == MHD_YES &&
           MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
           (!route->is_dated ||
            MHD_add_response_header(response, "Last-Modified", modified) == MHD_YES) &&
           (!route->has_gzip ||
            MHD_add_response_header(response, "Vary", "Accept-Encoding") == MHD_YES) &&
           (!is_gzip || MHD_add_response_header(response, "Content-Encoding", "gzip") == MHD_YES) &&
           (!kind->is_page ||
            MHD_add_response_header(response, "Content-Security-Policy", policy) == MHD_YES);
}

static void representation_free(struct representation *of)
{
    if (of->answer != NULL) {
        MHD_destroy_response(of->answer);
    }
}

static void make_etag(const uint8_t *bytes, size_t size, char out[static ROUTE_ETAG_SIZE])
{
    uint8_t hash[16];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(out, ROUTE_ETAG_SIZE, "\"%s\"", hex);
}

/* Takes bytes (malloc's), also when it fails. */
static bool represent(uint8_t *bytes, size_t size, const struct kind *kind,
                      const struct route *route, bool is_gzip, struct representation *out)
{
    *out = (struct representation){0};
    make_etag(bytes, size, out->etag);
    out->answer = MHD_create_response_from_buffer_with_free_callback(size, bytes, free);
    if (out->answer == NULL) {
        free(bytes);
        return false;
    }
    if (!add_headers(out->answer, kind, route, out->etag, is_gzip)) {
        representation_free(out);
        return false;
    }
    return true;
}

static void date(struct route *out, const struct route *known, utc now)
{
    out->modified.ns = now.ns - now.ns % NS_PER_S;
    out->is_dated = now.ns >= CLOCK_EARLIEST_S * NS_PER_S && utc_is_in_range(now) &&
                    (known == NULL || out->modified.ns > known->modified.ns);
    if (!out->is_dated) {
        out->modified = known == NULL ? (utc){0} : known->modified;
    }
}

static bool prepare(const struct site_file *file, const struct route *known, utc now,
                    struct route *out)
{
    const struct kind *kind = kind_of(file->path);
    date(out, known, now);
    size_t gzip_size = 0;
    uint8_t *gzip = compress_bytes(file->bytes, file->size, &gzip_size);
    out->has_gzip = gzip != NULL;
    if (gzip != NULL && !represent(gzip, gzip_size, kind, out, true, &out->gzip)) {
        return false;
    }
    uint8_t *bytes = malloc(file->size + 1);
    if (bytes != NULL) {
        memcpy(bytes, file->bytes, file->size);
        if (represent(bytes, file->size, kind, out, false, &out->plain)) {
            return true;
        }
    }
    if (out->has_gzip) {
        representation_free(&out->gzip);
    }
    return false;
}

static int path_and_route(const void *path, const void *route)
{
    return strcmp(path, ((const struct route *)route)->path);
}

/* Lends the old table's answers to the new route when the bytes are the same. */
static bool borrow(const struct site_file *file, const struct route *known, struct route *out)
{
    char etag[ROUTE_ETAG_SIZE];
    if (known == NULL) {
        return false;
    }
    make_etag(file->bytes, file->size, etag);
    if (strcmp(etag, known->plain.etag) != 0) {
        return false;
    }
    const char *path = out->path;
    *out = *known;
    out->path = path;
    out->is_lent = true;
    return true;
}

/* From here on the answers are the new table's. */
static void take_over(struct routes *built, struct routes *old)
{
    for (size_t i = 0; i < built->count; i++) {
        if (built->route[i].is_lent) {
            struct route *known = bsearch(built->route[i].path, old->route, old->count,
                                          sizeof *old->route, path_and_route);
            known->is_lent = true;
            built->route[i].is_lent = false;
        }
    }
}

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct route *)left)->path, ((const struct route *)right)->path);
}

static bool is_folder_page(const char *path)
{
    static const char page[] = "index.html";
    size_t len = strlen(path);
    size_t least = sizeof page - 1;
    return len >= least && strcmp(path + len - least, page) == 0 &&
           (len == least || path[len - least - 1] == '/');
}

bool routes_build(const struct site *site, utc now, struct routes *old, struct routes *out)
{
    size_t room = 0;
    size_t routes = 0;
    for (size_t i = 0; i < site->count; i++) {
        size_t each = is_folder_page(site->file[i].path) ? 2 : 1;
        routes += each;
        room += each * (strlen(site->file[i].path) + 2);
    }
    struct routes built = {.route = calloc(routes + 1, sizeof *built.route),
                           .text = malloc(room + 1)};
    bool whole = built.route != NULL && built.text != NULL;
    size_t used = 0;
    for (size_t i = 0; whole && i < site->count; i++) {
        const char *path = site->file[i].path;
        for (int as_folder = 0; whole && as_folder <= (is_folder_page(path) ? 1 : 0); as_folder++) {
            struct route *route = &built.route[built.count];
            int len =
                as_folder == 1 ? (int)(strlen(path) - strlen("index.html")) : (int)strlen(path);
            route->path = built.text + used;
            used += (size_t)snprintf(built.text + used, room + 1 - used, "/%.*s", len, path) + 1;
            const struct route *known = routes_find(old, route->path);
            whole =
                borrow(&site->file[i], known, route) || prepare(&site->file[i], known, now, route);
            built.count += whole ? 1 : 0;
        }
    }
    if (!whole) {
        routes_free(&built);
        return false;
    }
    qsort(built.route, built.count, sizeof *built.route, by_path);
    take_over(&built, old);
    routes_free(old);
    *out = built;
    return true;
}

const struct route *routes_find(const struct routes *routes, const char *path)
{
    if (routes->count == 0) {
        return NULL;
    }
    return bsearch(path, routes->route, routes->count, sizeof *routes->route, path_and_route);
}

/* RFC 9112 3.2.2: a server takes the absolute form too.  The authority is not judged: all names
 * that lead here have the same site. */
const char *routes_path_of(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t len = strlen(schemes[i]);
        if (strncasecmp(target, schemes[i], len) == 0 && target[len] != '/' &&
            target[len] != '\0') {
            const char *path = strchr(target + len, '/');
            return path != NULL ? path : "/";
        }
    }
    return target;
}

void routes_free(struct routes *routes)
{
    for (size_t i = 0; i < routes->count; i++) {
        if (routes->route[i].is_lent) {
            continue;
        }
        representation_free(&routes->route[i].plain);
        if (routes->route[i].has_gzip) {
            representation_free(&routes->route[i].gzip);
        }
    }
    free(routes->route);
    free(routes->text);
    *routes = (struct routes){0};
}

bool routes_etag_matches(const char *header, const char *etag)
{
    size_t len = strlen(etag);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t,");
        if (*at == '*') {
            return true;
        }
        if (strncmp(at, "W/", 2) == 0) {
            at += 2;
        }
        if (*at != '"') {
            return false;
        }
        const char *close = strchr(at + 1, '"');
        if (close == NULL) {
            return false;
        }
        if ((size_t)(close + 1 - at) == len && memcmp(at, etag, len) == 0) {
            return true;
        }
        at = close + 1;
    }
    return false;
}

bool routes_unchanged_since(const struct route *route, const char *header, utc now)
{
    utc since;
    return route->is_dated && http_date_read(header, now, &since) && since.ns <= now.ns &&
           route->modified.ns <= since.ns;
}

/* "q=0", "q=0.000": refused.  Anything else that is not a number counts as refused too. */
static bool weight_is_zero(const char *at, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if ((at[i] == 'q' || at[i] == 'Q') && at[i + 1] == '=') {
            for (i += 2; i < len && at[i] != ';'; i++) {
                if (at[i] >= '1' && at[i] <= '9') {
                    return false;
                }
            }
            return true;
        }
    }
    return false;
}

bool routes_takes_gzip(const char *header)
{
    bool any = false;
    while (*header != '\0') {
        header += strspn(header, " \t,");
        size_t len = strcspn(header, ",");
        size_t name = strcspn(header, ",; \t");
        bool taken = !weight_is_zero(header, len);
        if ((name == 4 && strncasecmp(header, "gzip", 4) == 0) ||
            (name == 6 && strncasecmp(header, "x-gzip", 6) == 0)) {
            return taken;
        }
        if (name == 1 && *header == '*') {
            any = taken;
        }
        header += len;
    }
    return any;
}
