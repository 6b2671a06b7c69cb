#include "clock/clock.h"
#include "http/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <microhttpd.h>

#include "http/deadlines.h"
#include "http/listen.h"
#include "http/routes.h"

enum {
    /* What libmicrohttpd may hold for a connection: the request's header and our answer's. */
    CONNECTION_MEMORY = HTTP_HEADER_MAX + 8192,
    DEADLINE_TICK_MS = 500,
};

struct http_server {
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t wake, tick;
    int open_handles;
    bool is_closing;
    struct deadlines deadlines;
    struct routes routes;
    bool has_site;
    struct MHD_Response *not_yet, *not_found, *not_allowed, *refused, *too_large;
    char url[HTTP_URL_SIZE];
};

/* Whether the request brings a body, or says that it is coded: we take neither. */
static bool has_body(struct MHD_Connection *connection)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length != NULL && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_CONTENT_ENCODING) != NULL;
}

/* RFC 9110 13.2.2: the etag decides where both are given. */
static bool is_known(struct MHD_Connection *connection, const struct route *route, const char *etag)
{
    const char *known =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    const char *since =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_MODIFIED_SINCE);
    if (known != NULL) {
        return routes_etag_matches(known, etag);
    }
    return since != NULL && routes_unchanged_since(route, since, clock_utc());
}

static enum MHD_Result answer_route(struct MHD_Connection *connection, const struct route *route)
{
    const char *accepted =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    const struct representation *chosen =
        route->has_gzip && accepted != NULL && routes_takes_gzip(accepted) ? &route->gzip
                                                                           : &route->plain;
    /* The library sends no body with 304, and the length of this one: RFC 9110 8.6 allows no other.
     */
    unsigned status =
        is_known(connection, route, chosen->etag) ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK;
    return MHD_queue_response(connection, status, chosen->answer);
}

/* What is refused by its header alone: NULL and no status when nothing is wrong with it. */
static struct MHD_Response *judge_header(const struct http_server *server,
                                         struct MHD_Connection *connection, const char *method,
                                         unsigned *status)
{
    const union MHD_ConnectionInfo *header =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (header == NULL || header->header_size > HTTP_HEADER_MAX) {
        *status = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
        return server->too_large;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        *status = MHD_HTTP_METHOD_NOT_ALLOWED;
        return server->not_allowed;
    }
    if (has_body(connection)) {
        *status = MHD_HTTP_CONTENT_TOO_LARGE;
        return server->refused;
    }
    return NULL;
}

/* Called twice for each request: an answer to the first call, when only the header is there, also
 * ends the connection, as is right for what is refused. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **slot)
{
    static char is_judged;
    (void)version;
    (void)upload;
    (void)upload_size;
    const struct http_server *server = context;
    if (*slot == NULL) {
        unsigned status;
        struct MHD_Response *refusal = judge_header(server, connection, method, &status);
        *slot = &is_judged;
        return refusal == NULL ? MHD_YES : MHD_queue_response(connection, status, refusal);
    }
    if (!server->has_site) {
        return MHD_queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE, server->not_yet);
    }
    const struct route *route = routes_find(&server->routes, routes_path_of(url));
    if (route == NULL) {
        return MHD_queue_response(connection, MHD_HTTP_NOT_FOUND, server->not_found);
    }
    return answer_route(connection, route);
}

/* Percent-decoding as the library does it, but a path with a coded NUL stays coded, and is unknown.
 */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strstr(text, "%00") != NULL ? strlen(text) : MHD_http_unescape(text);
}

static void drive(struct http_server *server);

static void on_wake(uv_timer_t *timer)
{
    drive(timer->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    drive(poll->data);
}

/* Drives each time, cut or not: at its limit the library stops waiting for new connections, and
 * begins again only when it is run once more after the old ones are gone. */
static void on_tick(uv_timer_t *timer)
{
    struct http_server *server = timer->data;
    span limit = {HTTP_DEADLINE_S * NS_PER_S};
    deadlines_cut(&server->deadlines, (mono){(int64_t)uv_hrtime()}, limit);
    drive(server);
}

/* Lets the library work, and comes back when it wants to. */
static void drive(struct http_server *server)
{
    MHD_run(server->daemon);
    MHD_UNSIGNED_LONG_LONG wait_ms;
    if (MHD_get_timeout(server->daemon, &wait_ms) == MHD_YES) {
        uv_timer_start(&server->wake, on_wake, wait_ms, 0);
    } else {
        uv_timer_stop(&server->wake);
    }
}

static struct MHD_Response *short_answer(const char *text, const char *name, const char *value)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return NULL;
    }
    bool whole =
        MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8") == MHD_YES &&
        MHD_add_response_header(response, "Referrer-Policy", "no-referrer") == MHD_YES &&
        (name == NULL || MHD_add_response_header(response, name, value) == MHD_YES);
    if (!whole) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

static void destroy(struct http_server *server)
{
    struct MHD_Response *const kept[] = {server->not_yet, server->not_found, server->not_allowed,
                                         server->refused, server->too_large};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (kept[i] != NULL) {
            MHD_destroy_response(kept[i]);
        }
    }
    routes_free(&server->routes);
    free(server);
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd)
{
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET,
                            fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)HTTP_PER_ADDRESS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_DEADLINE_S,
                            MHD_OPTION_NOTIFY_CONNECTION, deadlines_connection, &server->deadlines,
                            MHD_OPTION_NOTIFY_COMPLETED, deadlines_completed, &server->deadlines,
                            MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

struct http_server *http_new(uv_loop_t *loop, const char *address, struct http_error *error)
{
    struct http_server *server = calloc(1, sizeof *server);
    *error = (struct http_error){.message = "out of memory"};
    if (server == NULL) {
        return NULL;
    }
    server->not_yet = short_answer("not yet, try again\n", "Retry-After", "2");
    server->not_found = short_answer("not found\n", NULL, NULL);
    server->not_allowed = short_answer("GET and HEAD only\n", "Allow", "GET, HEAD");
    server->refused = short_answer("no request bodies\n", "Connection", "close");
    server->too_large = short_answer("headers too long\n", "Connection", "close");
    if (server->not_yet == NULL || server->not_found == NULL || server->not_allowed == NULL ||
        server->refused == NULL || server->too_large == NULL) {
        destroy(server);
        return NULL;
    }
    int fd = listen_on(address, server->url, error);
    if (fd < 0) {
        destroy(server);
        return NULL;
    }
    server->daemon = start_daemon(server, fd); /* owns fd from here on */
    const union MHD_DaemonInfo *info =
        server->daemon == NULL ? NULL
                               : MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL || uv_poll_init(loop, &server->poll, info->epoll_fd) != 0) {
        snprintf(error->message, sizeof error->message, "libmicrohttpd cannot start with epoll");
        if (server->daemon != NULL) {
            MHD_stop_daemon(server->daemon);
        }
        destroy(server);
        return NULL;
    }
    server->poll.data = server;
    uv_timer_init(loop, &server->wake);
    server->wake.data = server;
    uv_timer_init(loop, &server->tick);
    server->tick.data = server;
    server->open_handles = 3;
    uv_poll_start(&server->poll, UV_READABLE, on_ready);
    uv_timer_start(&server->tick, on_tick, DEADLINE_TICK_MS, DEADLINE_TICK_MS);
    return server;
}

const char *http_url(const struct http_server *server)
{
    return server->url;
}

bool http_show(struct http_server *server, const struct site *site)
{
    bool shown = routes_build(site, clock_utc(), &server->routes, &server->routes);
    server->has_site = server->has_site || shown;
    return shown;
}

static void on_closed(uv_handle_t *handle)
{
    struct http_server *server = handle->data;
    if (--server->open_handles == 0) {
        MHD_stop_daemon(server->daemon);
        destroy(server);
    }
}

void http_close(struct http_server *server)
{
    if (server == NULL || server->is_closing) {
        return;
    }
    server->is_closing = true;
    uv_close((uv_handle_t *)&server->poll, on_closed);
    uv_close((uv_handle_t *)&server->wake, on_closed);
    uv_close((uv_handle_t *)&server->tick, on_closed);
}
