/* What the server bears: clients that drip, and more of them than it takes.
 * links: site */
#include "http_asked.h"

#include <netinet/tcp.h>

static void a_dripping_client_is_cut(void **state)
{
    (void)state;
    int fd = dial();
    int64_t from = now_ms();
    static const char drip[] = "GET /it/a.ics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    size_t sent = 0;
    for (;;) {
        char byte = sent < sizeof drip - 1 ? drip[sent] : 'a';
        ssize_t put = send(fd, &byte, 1, MSG_NOSIGNAL);
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (put != 1 || poll(&wait, 1, 200) == 1) {
            break;
        }
        sent++;
        assert_true(now_ms() - from < PATIENCE_MS);
    }
    int64_t took = now_ms() - from;
    close(fd);
    assert_true(took >= 9500);
    assert_true(sent > 40);
    assert_int_equal(ask("GET", "/it/a.ics", "").status, 200);
}

/* One address that holds all there is room for, and only sits there: every other is served, and of
 * its own it loses only what is waiting. */
static void idle_connections_make_room_for_those_who_ask(void **state)
{
    (void)state;
    static int fd[HTTP_CONNECTIONS_MAX + 40];
    for (size_t i = 0; i < sizeof fd / sizeof *fd; i++) {
        fd[i] = dial_from(INADDR_LOOPBACK + 1);
    }
    for (int i = 0; i < 40; i++) {
        assert_int_equal(ask("GET", "/it/a.ics", "").status, 200); /* from 127.0.0.1 */
    }
    for (size_t i = 0; i < sizeof fd / sizeof *fd; i++) {
        close(fd[i]);
    }
}

/* As by a proxy before us. */
static void a_hundred_connections_of_one_address_are_all_served(void **state)
{
    (void)state;
    static const char request[] = "GET /it/a.ics HTTP/1.1\r\nHost: x\r\n\r\n";
    int fd[100];
    for (size_t i = 0; i < 100; i++) {
        fd[i] = dial();
    }
    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < 100; i++) {
            assert_int_equal(send(fd[i], request, sizeof request - 1, MSG_NOSIGNAL),
                             sizeof request - 1);
        }
        for (size_t i = 0; i < 100; i++) {
            char answer[8192];
            size_t have = 0;
            while (have < sizeof feed_text || memmem(answer, have, "\r\n\r\n", 4) == NULL) {
                ssize_t got = recv(fd[i], answer + have, sizeof answer - have, 0);
                assert_true(got > 0);
                have += (size_t)got;
                if (memmem(answer, have, "X-LINE:200\r\n", 12) != NULL) {
                    break;
                }
            }
            assert_memory_equal(answer, "HTTP/1.1 200", 12);
        }
    }
    for (size_t i = 0; i < 100; i++) {
        close(fd[i]);
    }
}

/* For a reader who takes in little at a time; the server's end holds little for it, too. */
static int dial_narrow(void)
{
    int small = 4096;
    int segment = 536;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(server_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

/* A reader of 40 KB/s needs longer for a large feed than any deadline, and gets it. */
static void a_slow_reader_gets_its_answer_whole(void **state)
{
    (void)state;
    enum { SIZE = 900000, PIECE = 4000 };
    int fd = dial_narrow();
    static const char request[] = "GET /large.ics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_int_equal(send(fd, request, sizeof request - 1, MSG_NOSIGNAL), sizeof request - 1);
    size_t have = 0;
    int64_t from = now_ms();
    for (ssize_t got = 1; got > 0;) {
        char piece[PIECE];
        got = recv(fd, piece, sizeof piece, 0);
        have += got > 0 ? (size_t)got : 0;
        poll(NULL, 0, have < SIZE / 2 ? 100 : 0); /* for as long as matters */
    }
    int64_t took = now_ms() - from;
    close(fd);
    print_message("%zu bytes in %d ms\n", have, (int)took);
    assert_true(have > SIZE);
    assert_true(took > 10000);
}

static size_t resident_kib(pid_t pid)
{
    char path[64];
    char line[256];
    size_t kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmRSS: %zu kB", &kib);
    }
    fclose(status);
    return kib;
}

/* 480 connections from 30 addresses send a byte now and then; an honest reader hardly notices. */
static void many_dripping_clients_do_not_keep_readers_out(void **state)
{
    (void)state;
    enum { ADDRESSES = 30, PER_ADDRESS = 16, DRIPPERS = ADDRESSES * PER_ADDRESS };
    static int fd[DRIPPERS];
    for (uint32_t i = 0; i < DRIPPERS; i++) {
        fd[i] = dial_from(INADDR_LOOPBACK + 1 + i / PER_ADDRESS);
    }
    static const char request[] =
        "GET /it/a.ics HTTP/1.1\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    int64_t slowest = 0;
    for (size_t round = 0; round < 60; round++) {
        for (size_t i = 0; i < DRIPPERS; i++) {
            send(fd[i], &request[round], 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        int64_t from = now_ms();
        assert_int_equal(ask("GET", "/it/a.ics", "").status, 200);
        int64_t took = now_ms() - from;
        slowest = took > slowest ? took : slowest;
    }
    assert_true(resident_kib(server_pid) < 64 * 1024);
    for (size_t i = 0; i < DRIPPERS; i++) {
        close(fd[i]);
    }
    print_message("480 dripping connections: slowest honest answer %d ms\n", (int)slowest);
    assert_true(slowest < BEFORE_CUT_MS);
}

/* More connections than the server takes: it must listen again once they are gone, whether the
 * clients close them or its own deadlines do. */
static void a_full_server_listens_again(void **state)
{
    (void)state;
    enum { FLOOD = HTTP_CONNECTIONS_MAX + 400, PER_ADDRESS = 16 };
    static int fd[FLOOD];
    for (int wait_for_cut = 0; wait_for_cut <= 1; wait_for_cut++) {
        for (uint32_t i = 0; i < FLOOD; i++) {
            fd[i] = dial_from(INADDR_LOOPBACK + 1 + i / PER_ADDRESS);
        }
        struct pollfd cut = {.fd = fd[0], .events = POLLIN};
        if (wait_for_cut == 1) {
            assert_int_equal(poll(&cut, 1, PATIENCE_MS), 1);
        }
        for (size_t i = 0; i < FLOOD; i++) {
            close(fd[i]);
        }
        int64_t from = now_ms();
        assert_int_equal(ask("GET", "/", "").status, 200);
        assert_true(now_ms() - from < BEFORE_CUT_MS);
    }
}

/* Who comes when every connection is being answered is told so, not cut. */
static void past_the_cap_readers_are_told_to_come_back(void **state)
{
    (void)state;
    static const char request[] = "GET /large.ics HTTP/1.1\r\nHost: x\r\n\r\n";
    static int fd[HTTP_CONNECTIONS_MAX];
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX;) {
        char head[12];
        fd[i] = dial_narrow();
        assert_int_equal(send(fd[i], request, sizeof request - 1, MSG_NOSIGNAL),
                         sizeof request - 1);
        if (recv(fd[i], head, sizeof head, MSG_WAITALL) == sizeof head &&
            memcmp(head, "HTTP/1.1 200", sizeof head) == 0) {
            i++;
        } else { /* the server had not yet seen that those of the test before are gone */
            close(fd[i]);
        }
    }
    struct answer answer = ask("GET", "/it/a.ics", "");
    assert_int_equal(answer.status, 503);
    assert_string_equal(header(&answer, "Retry-After"), "10");
    int waiting = dial(); /* and who asks nothing keeps nobody out */
    close(fd[0]);
    close(fd[1]);
    int64_t from = now_ms();
    while (ask("GET", "/it/a.ics", "").status != 200) { /* once that is seen */
        assert_true(now_ms() - from < PATIENCE_MS);
    }
    close(waiting);
    for (size_t i = 2; i < HTTP_CONNECTIONS_MAX; i++) {
        close(fd[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_connections_make_room_for_those_who_ask),
        cmocka_unit_test(a_hundred_connections_of_one_address_are_all_served),
        cmocka_unit_test(a_slow_reader_gets_its_answer_whole),
        cmocka_unit_test(a_dripping_client_is_cut),
        cmocka_unit_test(many_dripping_clients_do_not_keep_readers_out),
        cmocka_unit_test(a_full_server_listens_again),
        cmocka_unit_test(past_the_cap_readers_are_told_to_come_back),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
