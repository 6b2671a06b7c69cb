/* http/http.h -- hands out a finished site over HTTP: libmicrohttpd, driven from a libuv loop
 * through its epoll descriptor, no thread.  Shell.
 *
 * GET and HEAD of exactly the site's paths; a path never reaches the file system.  The same bytes
 * and headers, but for Date, for every reader: no cookies, no redirects, no log, no address kept.
 * Last-Modified says since when this server has handed out these bytes. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <uv.h>

#include "site/site.h"

enum {
    HTTP_DEADLINE_S = 10,      /* for a request as a whole, and for an idle connection */
    HTTP_HEADER_MAX = 8192,    /* request line and headers */
    HTTP_PER_ADDRESS_MAX = 16, /* connections */
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
 * one line, with the remedy.  Until the first http_show every path is answered with 503 and a
 * Retry-After. */
struct http_server *http_new(uv_loop_t *loop, const char *address, struct http_error *error);

/* "http://127.0.0.1:8080/": where it listens. */
const char *http_url(const struct http_server *server);

/* Hands out this site from now on; copies and compresses what it needs.  Answers that are under way
 * keep the old bytes.  False for want of memory: then the old site stays. */
TOCSIN_MUST_USE bool http_show(struct http_server *server, const struct site *site);

/* Closes all connections; frees the server once libuv has closed its handles. */
void http_close(struct http_server *server);

#endif
