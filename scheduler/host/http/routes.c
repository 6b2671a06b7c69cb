#include "http/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/date.h"

static int path_and_route(const void *path, const void *route)
{
    return strcmp(path, ((const struct route *)route)->path);
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

/* The contents of a table that is being filled, by the hashes of its lines. */
struct filling {
    const struct site_listing *listing;
    const struct routes *known;
    struct routes routes;
    size_t *line; /* owned; the lines' indices, ascending by hash */
    char *at;     /* in routes.text */
};

static int by_hash(const void *left, const void *right, void *listing)
{
    return memcmp(site_listed(listing, *(const size_t *)left)->hash,
                  site_listed(listing, *(const size_t *)right)->hash, SITE_HASH_SIZE);
}

static int hash_and_content(const void *hash, const void *content)
{
    return memcmp(hash, (*(struct content *const *)content)->hash, SITE_HASH_SIZE);
}

static struct content *find_content(const struct routes *routes, const struct site_listed *line)
{
    struct content **found = routes == NULL || routes->content_count == 0
                                 ? NULL
                                 : bsearch(line->hash, routes->content, routes->content_count,
                                           sizeof *routes->content, hash_and_content);
    return found != NULL && content_is(*found, line->path, line->hash) ? *found : NULL;
}

/* Lines come by their hashes, so that of files alike the first is taken and the others share it;
 * what the routes of before hold already is borrowed, not read again. */
static enum site_result take_content(struct filling *filling, size_t index, struct content **out,
                                     struct site_error *error)
{
    const struct site_listed *line = site_listed(filling->listing, index);
    struct routes *routes = &filling->routes;
    struct content *last =
        routes->content_count > 0 ? routes->content[routes->content_count - 1] : NULL;
    if (last != NULL && content_is(last, line->path, line->hash)) {
        *out = last;
        return SITE_OK;
    }
    struct content *content = find_content(filling->known, line);
    bool is_borrowed = content != NULL;
    if (!is_borrowed) {
        uint8_t *bytes;
        utc modified;
        enum site_result result = site_read(filling->listing, index, &bytes, &modified, error);
        if (result != SITE_OK) {
            return result;
        }
        content = content_new(line->path, line->hash, bytes, line->size, modified);
        if (content == NULL) {
            return SITE_NO_MEMORY;
        }
        content->hides_date = filling->known->hides_dates;
    }
    routes->is_borrowed[routes->content_count] = is_borrowed;
    routes->content[routes->content_count++] = content;
    *out = content;
    return SITE_OK;
}

static void add_route(struct filling *filling, const char *path, size_t len,
                      struct content *content)
{
    struct route *route = &filling->routes.route[filling->routes.count++];
    *route = (struct route){.path = filling->at, .content = content};
    *filling->at++ = '/';
    memcpy(filling->at, path, len);
    filling->at += len;
    *filling->at++ = '\0';
}

/* "/it/index.html", "/it/", and "/it". */
static void add_routes(struct filling *filling, const char *path, struct content *content)
{
    size_t len = strlen(path);
    add_route(filling, path, len, content);
    if (is_folder_page(path)) {
        size_t folder = len - strlen("index.html");
        add_route(filling, path, folder, content);
        if (folder > 0) {
            add_route(filling, path, folder - 1, NULL);
        }
    }
}

/* Sizes are added up first: paths stand in one text, into which the routes point, and which may not
 * move any more. */
static enum site_result fill(struct filling *filling, struct site_error *error)
{
    size_t count = site_listed_count(filling->listing);
    size_t room = 1;
    size_t routes = 1;
    filling->line = malloc((count + 1) * sizeof *filling->line);
    for (size_t i = 0; filling->line != NULL && i < count; i++) {
        const char *path = site_listed(filling->listing, i)->path;
        size_t each = is_folder_page(path) ? 3 : 1;
        routes += each;
        room += each * (strlen(path) + 2);
        filling->line[i] = i;
    }
    struct routes *to = &filling->routes;
    to->route = calloc(routes, sizeof *to->route);
    to->text = filling->at = malloc(room);
    to->content = calloc(count + 1, sizeof(struct content *));
    to->is_borrowed = calloc(count + 1, sizeof *to->is_borrowed);
    if (filling->line == NULL || to->route == NULL || to->text == NULL || to->content == NULL ||
        to->is_borrowed == NULL) {
        return SITE_NO_MEMORY;
    }
    if (count > 0) {
        qsort_r(filling->line, count, sizeof *filling->line, by_hash,
                (void *)(uintptr_t)filling->listing);
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        struct content *content = NULL;
        result = take_content(filling, filling->line[i], &content, error);
        if (result == SITE_OK) {
            add_routes(filling, site_listed(filling->listing, filling->line[i])->path, content);
        }
    }
    return result;
}

enum site_result routes_load(const char *dir, const struct routes *known, struct routes *out,
                             struct site_error *error)
{
    struct site_listing *listing;
    enum site_result result = site_open(dir, &listing, error);
    if (result != SITE_OK) {
        return result;
    }
    struct filling filling = {
        .listing = listing, .known = known, .routes.hides_dates = known->hides_dates};
    result = fill(&filling, error);
    free(filling.line);
    site_close(listing);
    if (result != SITE_OK) {
        routes_free(&filling.routes);
        return result;
    }
    qsort(filling.routes.route, filling.routes.count, sizeof *filling.routes.route, by_path);
    *out = filling.routes;
    return SITE_OK;
}

void routes_adopt(struct routes *routes)
{
    for (size_t i = 0; i < routes->content_count; i++) {
        routes->content[i]->uses += routes->is_borrowed[i] ? 1 : 0;
        routes->is_borrowed[i] = false;
    }
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
    for (size_t i = 0; i < routes->content_count; i++) {
        if (!routes->is_borrowed[i]) {
            content_release(routes->content[i]);
        }
    }
    free(routes->content);
    free(routes->is_borrowed);
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

bool routes_unchanged_since(const struct content *content, const char *header)
{
    utc since;
    return !content->hides_date && http_date_read(header, content->modified, &since) &&
           since.ns == content->modified.ns;
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
