#include "clock/clock.h"
#include "http/http.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/connections.h"
#include "http/mhd.h"
#include "http/routes.h"
#include "http/socket.h"

enum {
    /* What libmicrohttpd may hold for a connection: the request's header and our answer's. */
    CONNECTION_MEMORY = HTTP_HEADER_MAX + 8192,
    /* Beyond the most, who comes is told to come back; beyond these too, waits unheard. */
    CONNECTIONS_TOLD = 128,
    DEADLINE_TICK_MS = 500,
};

struct http_server {
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t wake, tick;
    int open_handles;
    bool is_closing;
    struct connections connections;
    struct routes routes;
    bool has_site;
    struct MHD_Response *not_yet, *busy, *not_found, *not_allowed, *refused, *too_large, *unclear;
    char url[HTTP_URL_SIZE];

    uv_work_t reading; /* of a folder, on another thread */
    bool is_reading;
    char *dir; /* owned */
    struct routes read;
    enum site_result read_result;
    struct site_error read_error;
    http_shown shown;
    void *shown_context;
};

/* Whether the request brings a body, or says that it is coded: we take neither. */
static bool has_body(struct MHD_Connection *connection)
{
    const char *length =
        mhd.lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length != NULL && strcmp(length, "0") != 0) ||
           mhd.lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL ||
           mhd.lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_CONTENT_ENCODING) != NULL;
}

static struct MHD_Response *short_answer(const char *text, const char *name, const char *value)
{
    struct MHD_Response *response = mhd.create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return NULL;
    }
    bool whole =
        mhd.add_response_header(response, "Content-Type", "text/plain; charset=utf-8") == MHD_YES &&
        mhd.add_response_header(response, "Referrer-Policy", "no-referrer") == MHD_YES &&
        mhd.add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
        (name == NULL || mhd.add_response_header(response, name, value) == MHD_YES);
    if (!whole) {
        mhd.destroy_response(response);
        return NULL;
    }
    return response;
}

/* RFC 9110 13.2.2: the etag decides where both are given. */
static bool is_known(struct MHD_Connection *connection, const struct content *content,
                     const char *etag)
{
    const char *known =
        mhd.lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    const char *since =
        mhd.lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_MODIFIED_SINCE);
    if (known != NULL) {
        return routes_etag_matches(known, etag);
    }
    return since != NULL && routes_unchanged_since(content, since);
}

static enum MHD_Result answer_content(struct MHD_Connection *connection, struct content *content)
{
    const char *accepted =
        mhd.lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    bool as_gzip = content->has_gzip && accepted != NULL && routes_takes_gzip(accepted);
    return is_known(connection, content, as_gzip ? content->gzip_etag : content->etag)
               ? content_send_known(content, connection, as_gzip)
               : content_send(content, connection, as_gzip);
}

/* "/a/it" leads to "it/", from there "/a/it/": right behind a proxy too, whatever it cuts off. */
static enum MHD_Result answer_folder(struct MHD_Connection *connection, const char *path)
{
    char location[SITE_PATH_SIZE + 2];
    snprintf(location, sizeof location, "%s/", strrchr(path, '/') + 1);
    struct MHD_Response *response = short_answer("", "Location", location);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result queued = mhd.queue_response(connection, MHD_HTTP_MOVED_PERMANENTLY, response);
    mhd.destroy_response(response);
    return queued;
}

/* What makes a request mean one thing to one reader and another to the next. */
struct ambiguity {
    int hosts;
    bool has_spaced_name;
};

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct ambiguity *ambiguity = context;
    (void)kind;
    (void)value;
    size_t len = strlen(name);
    ambiguity->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    ambiguity->has_spaced_name = ambiguity->has_spaced_name || strcspn(name, " \t") != len;
    return MHD_YES;
}

/* RFC 9112 3.2 and 5.1. */
static bool is_unclear(struct MHD_Connection *connection)
{
    struct ambiguity ambiguity = {0};
    mhd.get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &ambiguity);
    return ambiguity.hosts > 1 || ambiguity.has_spaced_name;
}

/* What is refused by its header alone: NULL and no status when nothing is wrong with it. */
static struct MHD_Response *judge_header(const struct http_server *server,
                                         struct MHD_Connection *connection, const char *method,
                                         unsigned *status)
{
    const union MHD_ConnectionInfo *header =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (header == NULL || header->header_size > HTTP_HEADER_MAX) {
        *status = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
        return server->too_large;
    }
    if (is_unclear(connection)) {
        *status = MHD_HTTP_BAD_REQUEST;
        return server->unclear;
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
    struct http_server *server = context;
    if (*slot == NULL) {
        unsigned status;
        struct MHD_Response *refusal = judge_header(server, connection, method, &status);
        *slot = &is_judged;
        return refusal == NULL ? MHD_YES : mhd.queue_response(connection, status, refusal);
    }
    if (!connections_answers(&server->connections, connection)) {
        return mhd.queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE, server->busy);
    }
    if (!server->has_site) {
        return mhd.queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE, server->not_yet);
    }
    const char *path = routes_path_of(url);
    const struct route *route = routes_find(&server->routes, path);
    if (route == NULL) {
        return mhd.queue_response(connection, MHD_HTTP_NOT_FOUND, server->not_found);
    }
    return route->content == NULL ? answer_folder(connection, path)
                                  : answer_content(connection, route->content);
}

/* Percent-decoding as the library does it, but a path with a coded NUL stays coded, and is
 * unknown. */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strstr(text, "%00") != NULL ? strlen(text) : mhd.http_unescape(text);
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
    connections_cut(&server->connections, clock_mono());
    drive(server);
}

/* Lets the library work, and comes back when it wants to. */
static void drive(struct http_server *server)
{
    mhd.run(server->daemon);
    MHD_UNSIGNED_LONG_LONG wait_ms;
    if (mhd.get_timeout(server->daemon, &wait_ms) == MHD_YES) {
        uv_timer_start(&server->wake, on_wake, wait_ms, 0);
    } else {
        uv_timer_stop(&server->wake);
    }
}

static void destroy(struct http_server *server)
{
    struct MHD_Response *const kept[] = {server->not_yet,     server->busy,    server->not_found,
                                         server->not_allowed, server->refused, server->too_large,
                                         server->unclear};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (kept[i] != NULL) {
            mhd.destroy_response(kept[i]);
        }
    }
    routes_free(&server->routes);
    free(server->dir);
    free(server);
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd)
{
    unsigned date = server->routes.hides_dates ? MHD_USE_SUPPRESS_DATE_NO_CLOCK : 0;
    return mhd.start_daemon(
        MHD_USE_EPOLL | date, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS_MAX + CONNECTIONS_TOLD, MHD_OPTION_CONNECTION_TIMEOUT,
        2U * HTTP_MEASURE_S, MHD_OPTION_NOTIFY_CONNECTION, connections_changed,
        &server->connections, MHD_OPTION_NOTIFY_COMPLETED, connections_completed,
        &server->connections, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

/* Answers to those who are refused are made now: when they are needed, memory may be what is
 * lacking.  The library waits for nothing itself, its epoll descriptor is one of the loop's. */
struct http_server *http_new(uv_loop_t *loop, const char *address, bool hides_dates,
                             struct http_error *error)
{
    if (!mhd_load()) {
        *error = (struct http_error){
            .message = "libmicrohttpd.so.12 cannot be loaded: apt-get install libmicrohttpd12"};
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server);
    *error = (struct http_error){.message = "out of memory"};
    if (server == NULL) {
        return NULL;
    }
    server->routes.hides_dates = hides_dates;
    server->not_yet = short_answer("not yet, try again\n", "Retry-After", "2");
    server->busy = short_answer("too many readers, try again\n", "Retry-After", "10");
    server->not_found = short_answer("not found\n", NULL, NULL);
    server->not_allowed = short_answer("GET and HEAD only\n", "Allow", "GET, HEAD");
    server->refused = short_answer("no request bodies\n", "Connection", "close");
    server->too_large = short_answer("headers too long\n", "Connection", "close");
    server->unclear = short_answer("not one request\n", "Connection", "close");
    server->connections.most = HTTP_CONNECTIONS_MAX;
    if (server->not_yet == NULL || server->busy == NULL || server->unclear == NULL ||
        server->not_found == NULL || server->not_allowed == NULL || server->refused == NULL ||
        server->too_large == NULL) {
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
                               : mhd.get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL || uv_poll_init(loop, &server->poll, info->epoll_fd) != 0) {
        snprintf(error->message, sizeof error->message, "libmicrohttpd cannot start with epoll");
        if (server->daemon != NULL) {
            mhd.stop_daemon(server->daemon);
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

static void let_go(struct http_server *server)
{
    if (--server->open_handles == 0) {
        mhd.stop_daemon(server->daemon);
        destroy(server);
    }
}

static void read_site(uv_work_t *work)
{
    struct http_server *server = work->data;
    server->read_result =
        routes_load(server->dir, &server->routes, &server->read, &server->read_error);
}

static void on_site(uv_work_t *work, int status)
{
    struct http_server *server = work->data;
    (void)status;
    server->is_reading = false;
    if (server->read_result == SITE_OK && server->is_closing) {
        routes_free(&server->read);
    } else if (server->read_result == SITE_OK) {
        routes_adopt(&server->read);
        routes_free(&server->routes);
        server->routes = server->read;
        server->has_site = true;
    }
    if (!server->is_closing) {
        server->shown(server->shown_context, server->read_result, &server->read_error);
    }
    let_go(server);
}

void http_show(struct http_server *server, const char *dir, http_shown done, void *context)
{
    assert(!server->is_reading);
    free(server->dir);
    server->dir = strdup(dir);
    server->read_error = (struct site_error){"out of memory"};
    server->read_result = SITE_NO_MEMORY;
    server->shown = done;
    server->shown_context = context;
    server->reading.data = server;
    server->is_reading = true;
    server->open_handles++;
    if (server->dir == NULL ||
        uv_queue_work(server->poll.loop, &server->reading, read_site, on_site) != 0) {
        on_site(&server->reading, 0);
    }
}

static void on_closed(uv_handle_t *handle)
{
    let_go(handle->data);
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
