/* http/http.h -- hands out a site's folder over HTTP: libmicrohttpd, driven from a libuv loop
 * through its epoll descriptor.  Shell.
 *
 * GET and HEAD of exactly the site's paths; a path never reaches the file system.  The same bytes
 * and headers, but for Date, for every reader: no cookies, no log, no address kept beyond its
 * connection.  ETag and Last-Modified (the file's date) tell whether to look again. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <uv.h>

#include "site/site.h"

enum {
    HTTP_DEADLINE_S = 10,   /* for a request as a whole, and for an idle connection */
    HTTP_MEASURE_S = 30,    /* how often an answer's pace is measured... */
    HTTP_SLOWEST = 1000,    /* ...and the lowest that is waited for, bytes a second */
    HTTP_HEADER_MAX = 8192, /* request line and headers */
    HTTP_CONNECTIONS_MAX = 512,
    HTTP_ADDRESS_SIZE = 80,
    HTTP_URL_SIZE = 128,
};

struct http_server;

struct http_error {
    bool is_malformed; /* the address is no address; else the outside failed */
    char message[256];
};

/* Listens on "HOST:PORT" or "[ADDRESS]:PORT"; port 0 picks a free one.  NULL with *error filled:
 * one line, with the remedy.  Until the first site is read every path is answered with 503 and a
 * Retry-After.  hides_dates: no answer tells the time, nor when its file was made; readers go by
 * the ETag. */
struct http_server *http_new(uv_loop_t *loop, const char *address, bool hides_dates,
                             struct http_error *error);

/* "http://127.0.0.1:8080/": where it listens. */
const char *http_url(const struct http_server *server);

/* Called on the loop. */
typedef void (*http_shown)(void *context, enum site_result result, const struct site_error *error);

/* Reads DIR's site on another thread, what is new there, and hands it out from then on; answers
 * that are under way keep the old bytes.  A failure leaves the old site standing.  One at a
 * time. */
void http_show(struct http_server *server, const char *dir, http_shown done, void *context);

/* Closes all connections; frees the server once libuv has closed its handles. */
void http_close(struct http_server *server);

#endif
