/* How long an answer takes over loopback, one connection kept open, beside a bare echo of as many
 * bytes over a socket of the same kind.
 * links: site */
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"
#include "http/http.h"

enum { ROUNDS = 20000, FEED_SIZE = 60000 };

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void is_shown(void *context, enum site_result result, const struct site_error *error)
{
    if (result != SITE_OK) {
        fprintf(stderr, "%s\n", error->message);
        _exit(1);
    }
    *(bool *)context = true;
}

static void serve(int to)
{
    uv_loop_t loop;
    struct http_error error;
    struct site_error why;
    struct site site = {0};
    uv_loop_init(&loop);
    struct http_server *server = http_new(&loop, "127.0.0.1:0", false, &error);
    uint8_t *feed = malloc(FEED_SIZE);
    unsigned port = 0;
    if (server == NULL || feed == NULL) {
        _exit(1);
    }
    for (size_t i = 0; i < FEED_SIZE; i++) {
        feed[i] = (uint8_t)("BEGIN:VEVENT\r\n"[i % 14] + (i % 977 == 0));
    }
    char dir[] = "/tmp/tocsin-bench-XXXXXX";
    const struct site_saving how = {0};
    bool shown = false;
    if (mkdtemp(dir) == NULL || site_take(&site, "it/a.ics", feed, FEED_SIZE, &why) != SITE_OK ||
        site_finish(&site, &why) != SITE_OK || site_save(&site, dir, &how, &why) != SITE_OK) {
        _exit(1);
    }
    http_show(server, dir, is_shown, &shown);
    while (!shown) {
        uv_run(&loop, UV_RUN_ONCE);
    }
    folder_remove(dir);
    if (sscanf(http_url(server), "http://127.0.0.1:%u/", &port) != 1 ||
        write(to, &port, sizeof port) != sizeof port) {
        _exit(1);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    _exit(0);
}

/* The physical limit: read a request, write an answer of the same length as a 304. */
static void echo(int to)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    bind(fd, (struct sockaddr *)&at, sizeof at);
    listen(fd, 1);
    getsockname(fd, (struct sockaddr *)&at, &len);
    unsigned port = ntohs(at.sin_port);
    if (write(to, &port, sizeof port) != sizeof port) {
        _exit(1);
    }
    int connection = accept(fd, NULL, NULL);
    char bytes[4096] = {0};
    while (recv(connection, bytes, sizeof bytes, 0) > 0) {
        if (send(connection, bytes, 300, MSG_NOSIGNAL) != 300) {
            break;
        }
    }
    _exit(0);
}

static pid_t start(void (*what)(int), unsigned *port)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        what(ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], port, sizeof *port), sizeof *port);
    close(ends[0]);
    return pid;
}

static int dial(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* A 304 ends its connection: each with one of its own. */
static void measure_known(unsigned port, const char *request)
{
    static double us[ROUNDS];
    char answer[4096];
    for (int i = 0; i < ROUNDS; i++) {
        double from = now_us();
        int fd = dial(port);
        assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
        while (recv(fd, answer, sizeof answer, 0) > 0) {
        }
        close(fd);
        us[i] = now_us() - from;
    }
    qsort(us, ROUNDS, sizeof *us, compare);
    printf("%-28s p50 %6.1f us, p99 %6.1f us, p99.9 %6.1f us\n", "304, with its connection",
           us[ROUNDS / 2], us[ROUNDS * 99 / 100], us[ROUNDS * 999 / 1000]);
}

/* Asks ROUNDS times and prints; answer_size 0: until the empty line (no body). */
static double measure(const char *name, int fd, const char *request, size_t answer_size)
{
    static double us[ROUNDS];
    static char answer[FEED_SIZE + 4096];
    for (int i = 0; i < ROUNDS; i++) {
        double from = now_us();
        assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
        size_t have = 0;
        for (bool whole = false; !whole;) {
            ssize_t got = recv(fd, answer + have, sizeof answer - have, 0);
            assert_true(got > 0);
            have += (size_t)got;
            whole =
                answer_size > 0 ? have >= answer_size : memmem(answer, have, "\r\n\r\n", 4) != NULL;
        }
        us[i] = now_us() - from;
    }
    qsort(us, ROUNDS, sizeof *us, compare);
    printf("%-28s p50 %6.1f us, p99 %6.1f us, p99.9 %6.1f us\n", name, us[ROUNDS / 2],
           us[ROUNDS * 99 / 100], us[ROUNDS * 999 / 1000]);
    return us[ROUNDS / 2];
}

/* The whole answer to one request, on a connection of its own. */
static size_t whole_answer(unsigned port, const char *headers, char *etag)
{
    static char answer[FEED_SIZE + 4096];
    char request[512];
    int fd = dial(port);
    int len = snprintf(request, sizeof request,
                       "GET /it/a.ics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n",
                       headers);
    assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
    size_t have = 0;
    ssize_t got;
    while ((got = recv(fd, answer + have, sizeof answer - have - 1, 0)) > 0) {
        have += (size_t)got;
    }
    close(fd);
    answer[have] = '\0';
    const char *at = strstr(answer, "ETag: ");
    assert_non_null(at);
    snprintf(etag, 64, "%.*s", (int)strcspn(at + 6, "\r"), at + 6);
    /* without the Connection line, as on a connection that stays open */
    return have - strlen("Connection: close\r\n");
}

int main(void)
{
    unsigned port;
    unsigned echo_port;
    pid_t server = start(serve, &port);
    pid_t limit = start(echo, &echo_port);
    char etag[64];
    char request[512];
    size_t whole = whole_answer(port, "", etag);
    snprintf(request, sizeof request,
             "GET /it/a.ics HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: %s\r\n\r\n", etag);
    int fd = dial(port);
    int echo_fd = dial(echo_port);
    double bare = measure("bare socket, 300 bytes", echo_fd, request, 300);
    measure_known(port, request);
    double head = measure("HEAD", fd, "HEAD /it/a.ics HTTP/1.1\r\nHost: localhost\r\n\r\n", 0);
    measure("200, 60 kB", fd, "GET /it/a.ics HTTP/1.1\r\nHost: localhost\r\n\r\n", whole);
    printf("HEAD against the bare socket  %.2f\n", head / bare);
    kill(server, SIGKILL);
    kill(limit, SIGKILL);
    waitpid(server, NULL, 0);
    waitpid(limit, NULL, 0);
    return 0;
}
