#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "sink/sink.h"

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* A pipe that takes no byte more until it is read. */
static void make_full_pipe(int ends[2])
{
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], "-", 1) == 1) {
    }
    fcntl(ends[1], F_SETFL, 0);
}

/* Reads what is there; where nothing is, the sink has perhaps just written its last. */
static void read_some(int end, char *out, size_t room)
{
    struct pollfd readable = {.fd = end, .events = POLLIN};
    out[0] = '-';
    if (poll(&readable, 1, 20) == 1) {
        assert_true(read(end, out, room) > 0);
    }
}

/* All that comes until the last writer has gone, less what made the pipe full. */
static char *read_all(int end)
{
    static char text[2 * 1024 * 1024];
    size_t used = 0;
    ssize_t got;
    while ((got = read(end, text + used, sizeof text - 1 - used)) > 0) {
        used += (size_t)got;
    }
    text[used] = '\0';
    return text + strspn(text, "-");
}

static struct sink *opened(const struct sink_options *options)
{
    struct sink *sink;
    assert_true(sink_open(options, &sink));
    setvbuf(sink_stream(sink), NULL, _IOLBF, BUFSIZ);
    return sink;
}

static void whoever_writes_into_a_full_pipe_does_not_wait_and_whole_lines_are_lost(void **state)
{
    (void)state;
    int ends[2];
    make_full_pipe(ends);
    struct sink *sink = opened(&(struct sink_options){.descriptor = ends[1], .room = 1000});
    int64_t begun = now_ns();
    enum { LINES = 100 };
    for (int i = 0; i < LINES; i++) {
        fprintf(sink_stream(sink), "line %03d of those that nobody reads\n", i);
    }
    assert_false(ferror(sink_stream(sink)));
    assert_true(now_ns() - begun < 20 * NS_PER_S);
    assert_false(sink_is_drained(sink));
    uint64_t lost = sink_lost(sink);
    assert_true(lost > 0 && lost < LINES);
    char rest[4096]; /* read on: there is room again */
    while (!sink_is_drained(sink)) {
        read_some(ends[0], rest, sizeof rest);
    }
    fputs("the last line\n", sink_stream(sink));
    assert_int_equal(sink_lost(sink), lost);
    assert_false(sink_close(sink, (span){60 * NS_PER_S}));
    close(ends[1]);
    const char *text = read_all(ends[0]);
    assert_non_null(strstr(text, "the last line\n"));
    close(ends[0]);
}

static void what_is_queued_comes_in_order_and_whole_at_any_size(void **state)
{
    (void)state;
    int ends[2];
    make_full_pipe(ends);
    struct sink *sink = opened(&(struct sink_options){.descriptor = ends[1], .room = 777});
    uint64_t lines = 0;
    for (int turn = 0; turn < 300; turn++) {
        char rest[4096];
        while (turn % 3 == 2 && !sink_is_drained(sink)) {
            read_some(ends[0], rest, 1 + (size_t)turn);
            for (const char *c = rest; c < rest + 1; c++) {
                assert_non_null(strchr("-0123456789\n", *c));
            }
        }
        uint64_t lost = sink_lost(sink);
        fprintf(sink_stream(sink), "%d\n", turn);
        lines += sink_lost(sink) == lost;
    }
    assert_int_equal(lines, 300 - sink_lost(sink));
    assert_true(lines > 100);
    while (!sink_is_drained(sink)) {
        char rest[64];
        read_some(ends[0], rest, sizeof rest);
    }
    assert_int_equal(sink_close(sink, (span){60 * NS_PER_S}), lines == 300);
    close(ends[0]);
    close(ends[1]);
}

static void a_log_that_lost_something_ends_there(void **state)
{
    (void)state;
    int ends[2];
    make_full_pipe(ends);
    struct sink *sink = opened(&(struct sink_options){
        .descriptor = ends[1], .room = 30, .patience = {20 * NS_PER_MS}, .ends_at_loss = true});
    for (int i = 0; i < 9; i++) {
        fprintf(sink_stream(sink), "line %d\n", i); /* four of them fit */
    }
    assert_true(ferror(sink_stream(sink)));
    char rest[4096];
    while (!sink_is_drained(sink)) {
        read_some(ends[0], rest, sizeof rest);
    }
    fputs("more\n", sink_stream(sink));
    assert_false(sink_close(sink, (span){60 * NS_PER_S}));
    close(ends[1]);
    assert_null(strstr(read_all(ends[0]), "more"));
    close(ends[0]);
}

static void who_may_wait_waits_for_a_reader_that_comes(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    struct sink *sink = opened(&(struct sink_options){
        .descriptor = ends[1], .room = 100, .patience = {3600 * NS_PER_S}, .ends_at_loss = true});
    for (int i = 0; i < 1000; i++) { /* ten times the room; the pipe takes it */
        fprintf(sink_stream(sink), "line %d\n", i);
    }
    assert_int_equal(sink_lost(sink), 0);
    assert_true(sink_close(sink, (span){60 * NS_PER_S}));
    close(ends[1]);
    const char *text = read_all(ends[0]);
    assert_memory_equal(text, "line 0\nline 1\n", 14);
    assert_non_null(strstr(text, "line 999\n"));
    close(ends[0]);
}

static void a_descriptor_that_hangs_is_left_to_itself(void **state)
{
    (void)state;
    int ends[2];
    make_full_pipe(ends);
    struct sink *sink = opened(&(struct sink_options){.descriptor = ends[1], .room = 1000});
    fputs("nobody reads this\n", sink_stream(sink));
    int64_t begun = now_ns();
    assert_false(sink_close(sink, (span){30 * NS_PER_MS}));
    assert_true(now_ns() - begun >= 30 * NS_PER_MS);
    /* its thread ends once somebody reads */
    char rest[65536 + 100];
    size_t used = 0;
    while (used < 65536 + 18) {
        ssize_t got = read(ends[0], rest, sizeof rest);
        assert_true(got > 0);
        used += (size_t)got;
    }
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_that_has_gone_is_a_failure_and_holds_nothing_up(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    struct sink *sink = opened(&(struct sink_options){.descriptor = ends[1], .room = 1000});
    for (int i = 0; i < 1000; i++) {
        fputs("nobody reads this\n", sink_stream(sink));
    }
    assert_false(sink_close(sink, (span){60 * NS_PER_S}));
    close(ends[1]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_writes_into_a_full_pipe_does_not_wait_and_whole_lines_are_lost),
        cmocka_unit_test(what_is_queued_comes_in_order_and_whole_at_any_size),
        cmocka_unit_test(a_log_that_lost_something_ends_there),
        cmocka_unit_test(who_may_wait_waits_for_a_reader_that_comes),
        cmocka_unit_test(a_descriptor_that_hangs_is_left_to_itself),
        cmocka_unit_test(a_reader_that_has_gone_is_a_failure_and_holds_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
