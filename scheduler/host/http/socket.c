#include "http/socket.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "text/text.h"

enum { BACKLOG = 511 };

/* "HOST:PORT" or "[ADDRESS]:PORT" taken apart. */
static bool take_apart(const char *address, char host[static HTTP_ADDRESS_SIZE],
                       char port[static 8])
{
    struct text after;
    struct text name = text_host(text_of(address), &after);
    int number = 0;
    if (name.len == 0 || name.len >= HTTP_ADDRESS_SIZE ||
        !(text_is(after, ":0") || text_read_port(after, &number))) {
        return false;
    }
    snprintf(host, HTTP_ADDRESS_SIZE, "%.*s", (int)name.len, name.at);
    snprintf(port, 8, "%d", number);
    return true;
}

static int open_socket(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static void explain(const char *address, struct http_error *error)
{
    const char *remedy = errno == EADDRINUSE
                             ? "another program listens there; choose another port, "
                               "or 0 for a free one"
                         : errno == EACCES ? "ports below 1024 need privilege; choose a higher one"
                         : errno == EADDRNOTAVAIL ? "this host has no such address"
                                                  : strerror(errno);
    snprintf(error->message, sizeof error->message, "cannot listen on %.60s: %.90s", address,
             remedy);
}

int listen_on(const char *address, char url[static HTTP_URL_SIZE], struct http_error *error)
{
    char host[HTTP_ADDRESS_SIZE];
    char port[8];
    if (!take_apart(address, host, port)) {
        error->is_malformed = true;
        snprintf(error->message, sizeof error->message,
                 "\"%.60s\": write HOST:PORT, as 127.0.0.1:8080 or [::1]:8080", address);
        return -1;
    }
    struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int why = getaddrinfo(host, port, &want, &found);
    if (why != 0) {
        snprintf(error->message, sizeof error->message, "\"%.60s\": %.80s", host,
                 gai_strerror(why));
        return -1;
    }
    int fd = open_socket(found);
    struct sockaddr_storage bound;
    socklen_t bound_len = sizeof bound;
    char real_port[8];
    if (fd < 0) {
        explain(address, error);
    } else if (getsockname(fd, (struct sockaddr *)&bound, &bound_len) != 0 ||
               getnameinfo((struct sockaddr *)&bound, bound_len, host, sizeof host, real_port,
                           sizeof real_port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(error->message, sizeof error->message, "cannot tell where it listens");
        close(fd);
        fd = -1;
    } else {
        bool is_v6 = strchr(host, ':') != NULL;
        snprintf(url, HTTP_URL_SIZE, "http://%s%s%s:%s/", is_v6 ? "[" : "", host, is_v6 ? "]" : "",
                 real_port);
    }
    freeaddrinfo(found);
    return fd;
}
