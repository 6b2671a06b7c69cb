/* What the server bears: clients that drip, and more of them than it takes.
 * links: site */
#include "http_asked.h"

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
        assert_true(now_ms() - from < 20000);
    }
    int64_t took = now_ms() - from;
    close(fd);
    assert_true(took >= 9500);
    assert_true(took <= 12000);
    assert_true(sent > 40);
    assert_int_equal(ask("GET", "/it/a.ics", "").status, 200);
}

static void an_address_has_sixteen_connections(void **state)
{
    (void)state;
    int fd[HTTP_PER_ADDRESS_MAX + 4];
    size_t cut = 0;
    for (size_t i = 0; i < sizeof fd / sizeof *fd; i++) {
        fd[i] = dial();
    }
    for (size_t i = 0; i < sizeof fd / sizeof *fd; i++) {
        struct pollfd wait = {.fd = fd[i], .events = POLLIN};
        cut += poll(&wait, 1, i < HTTP_PER_ADDRESS_MAX ? 0 : 3000) == 1;
    }
    assert_int_equal(cut, 4);
    for (size_t i = 0; i < sizeof fd / sizeof *fd; i++) {
        close(fd[i]);
    }
    /* once they are gone there is room again */
    int64_t from = now_ms();
    while (ask("GET", "/", "").status != 200) {
        assert_true(now_ms() - from < 5000);
    }
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
    enum { ADDRESSES = 30, DRIPPERS = ADDRESSES * HTTP_PER_ADDRESS_MAX };
    static int fd[DRIPPERS];
    for (uint32_t i = 0; i < DRIPPERS; i++) {
        fd[i] = dial_from(INADDR_LOOPBACK + 1 + i / HTTP_PER_ADDRESS_MAX);
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
    assert_true(slowest < 1000);
}

/* More connections than the server takes: it must listen again once they are gone, whether the
 * clients close them or its own deadlines do. */
static void a_full_server_listens_again(void **state)
{
    (void)state;
    enum { FLOOD = HTTP_CONNECTIONS_MAX + 88 };
    static int fd[FLOOD];
    for (int wait_for_cut = 0; wait_for_cut <= 1; wait_for_cut++) {
        for (uint32_t i = 0; i < FLOOD; i++) {
            fd[i] = dial_from(INADDR_LOOPBACK + 1 + i / HTTP_PER_ADDRESS_MAX);
        }
        struct pollfd cut = {.fd = fd[0], .events = POLLIN};
        assert_int_equal(poll(&cut, 1, wait_for_cut * 13000), wait_for_cut);
        for (size_t i = 0; i < FLOOD; i++) {
            close(fd[i]);
        }
        int64_t from = now_ms();
        assert_int_equal(ask("GET", "/", "").status, 200);
        assert_true(now_ms() - from < 3000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_sixteen_connections),
        cmocka_unit_test(a_dripping_client_is_cut),
        cmocka_unit_test(many_dripping_clients_do_not_keep_readers_out),
        cmocka_unit_test(a_full_server_listens_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
