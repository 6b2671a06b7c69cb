/* http_asked.h -- the real server in a process of its own, asked over loopback sockets.  start and
 * stop are a test group's set-up and tear-down. */
#ifndef HTTP_ASKED_H
#define HTTP_ASKED_H

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "http/http.h"

/* What hangs fails; nothing that works waits for it, on however slow a machine.  What the server
 * does by itself, and not because it has cut somebody at its deadline of 10 s, is done before that.
 */
enum { PATIENCE_MS = 60 * 1000, BEFORE_CUT_MS = 9000 };

static pid_t server_pid;
static uint16_t server_port;
static char feed_text[4000];

static inline void put_file(struct site *site, const char *path, const char *text)
{
    struct site_error why;
    if (site_take(site, path, (uint8_t *)strdup(text), strlen(text), &why) != SITE_OK) {
        _exit(1);
    }
}

/* The site of the tests in DIR, in our own folder; page: what its first page says. */
static inline void save_site(const char *dir, const char *page, utc modified)
{
    struct site_error why = {{0}};
    struct site site = {0};
    put_file(&site, "index.html", page);
    put_file(&site, "it/index.html", "<!DOCTYPE html>");
    put_file(&site, "it/a.ics", feed_text);
    put_file(&site, "it/b.ics", feed_text);
    put_file(&site, "it/a.ics.minisig", "signature");
    static char large[900001]; /* nothing that gzip would make small */
    uint64_t random = 1;
    for (size_t i = 0; i + 1 < sizeof large; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        large[i] = (char)(' ' + (random >> 58));
    }
    put_file(&site, "large.ics", large);
    site.modified = modified;
    const struct site_saving how = {0};
    if (site_finish(&site, &why) != SITE_OK || site_save(&site, dir, &how, &why) != SITE_OK) {
        fprintf(stderr, "%s\n", why.message);
        _exit(1);
    }
    site_free(&site);
}

static inline void is_shown(void *context, enum site_result result, const struct site_error *error)
{
    if (result != SITE_OK) {
        fprintf(stderr, "%s\n", error->message);
        _exit(1);
    }
    *(bool *)context = true;
}

static inline void show_site(uv_loop_t *loop, struct http_server *server, const char *dir)
{
    bool shown = false;
    http_show(server, dir, is_shown, &shown);
    while (!shown) {
        uv_run(loop, UV_RUN_ONCE);
    }
}

static const utc site_modified = {INT64_C(1795000000) * NS_PER_S}; /* 2026-11-18T11:06:40Z */

static inline void serve(int to)
{
    uv_loop_t loop;
    struct http_error error;
    uv_loop_init(&loop);
    struct http_server *server = http_new(&loop, "127.0.0.1:0", false, &error);
    if (server == NULL) {
        fprintf(stderr, "%s\n", error.message);
        _exit(1);
    }
    save_site("served", " !DOCTYPE html>", site_modified);
    show_site(&loop, server, "served");
    save_site("served", "<!DOCTYPE html>",
              site_modified); /* one file changed, the rest is taken over */
    show_site(&loop, server, "served");
    show_site(&loop, server, "served"); /* and now with none changed */
    unsigned port = 0;
    if (sscanf(http_url(server), "http://127.0.0.1:%u/", &port) != 1 ||
        write(to, &port, sizeof port) != sizeof port) {
        _exit(1);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    _exit(0);
}

static inline int start(void **state)
{
    (void)state;
    size_t len = 0;
    for (int i = 0; len + 64 < sizeof feed_text; i++) {
        len += (size_t)snprintf(feed_text + len, sizeof feed_text - len, "X-LINE:%d\r\n", i);
    }
    int ends[2];
    if (pipe(ends) != 0) {
        return -1;
    }
    server_pid = fork();
    if (server_pid == 0) {
        close(ends[0]);
        serve(ends[1]);
    }
    close(ends[1]);
    unsigned port = 0;
    ssize_t got = read(ends[0], &port, sizeof port);
    close(ends[0]);
    server_port = (uint16_t)port;
    return got == sizeof port ? 0 : -1;
}

static inline int stop(void **state)
{
    (void)state;
    kill(server_pid, SIGKILL);
    waitpid(server_pid, NULL, 0);
    return 0;
}

static inline int64_t now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static inline int dial_from(uint32_t address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(server_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static inline int dial(void)
{
    return dial_from(INADDR_LOOPBACK);
}

struct answer {
    char head[4096];
    uint8_t body[16384];
    size_t size;
    int status;
};

/* Everything until the server closes; false when it sends nothing for a while. */
static inline void hear(int fd, struct answer *out)
{
    static uint8_t all[32768];
    size_t have = 0;
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 15000), 1);
        ssize_t got = recv(fd, all + have, sizeof all - have - 1, 0);
        if (got <= 0) {
            break;
        }
        have += (size_t)got;
        assert_true(have < sizeof all - 1);
    }
    *out = (struct answer){0};
    uint8_t *end = memmem(all, have, "\r\n\r\n", 4);
    if (end == NULL) {
        return;
    }
    size_t head = (size_t)(end - all) + 2;
    assert_true(head < sizeof out->head);
    memcpy(out->head, all, head);
    out->size = have - head - 2;
    assert_true(out->size <= sizeof out->body);
    memcpy(out->body, end + 4, out->size);
    sscanf(out->head, "HTTP/1.1 %d", &out->status);
}

static inline struct answer ask(const char *method, const char *path, const char *headers)
{
    static char request[50000];
    struct answer answer;
    int len = snprintf(request, sizeof request,
                       "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", method,
                       path, headers);
    assert_true(len > 0 && (size_t)len < sizeof request);
    int fd = dial();
    assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
    hear(fd, &answer);
    close(fd);
    return answer;
}

/* The value of a header, or NULL. */
static inline const char *header(const struct answer *answer, const char *name)
{
    static char value[256];
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\r\n%s: ", name);
    const char *at = strcasestr(answer->head, wanted);
    if (at == NULL) {
        return NULL;
    }
    at += strlen(wanted);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
    return value;
}

/* Takes out the one header that differs from moment to moment. */
static inline void drop_date(struct answer *answer)
{
    char *at = strstr(answer->head, "\r\nDate: ");
    assert_non_null(at);
    const char *end = strstr(at + 2, "\r\n");
    memmove(at, end, strlen(end) + 1);
}

#endif
