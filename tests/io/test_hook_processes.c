/* The processes of hooks: that wait, fail, die before their time, write without end, or are left
 * behind. */
#include "check.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hook/hook.h"

static mono now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (mono){t.tv_sec * NS_PER_S + t.tv_nsec};
}

static void rest(void)
{
    struct timespec pause = {.tv_nsec = 5 * NS_PER_MS};
    nanosleep(&pause, NULL);
}

static struct hook_news wait_news(struct hook *hook)
{
    struct hook_news news = {0};
    int64_t until_ns = now().ns + 60 * NS_PER_S;
    while (!hook_poll(hook, now(), &news)) {
        assert_true(now().ns < until_ns);
        rest();
    }
    return news;
}

static struct hook_command command;

static struct hook *opened(const char *text, bool is_pipe)
{
    struct hook_error error;
    struct hook *hook;
    assert_true(hook_command_read(text, &command, &error));
    assert_true(hook_new(&(struct hook_options){.run = is_pipe ? NULL : &command,
                                                .pipe = is_pipe ? &command : NULL,
                                                .bell = -1,
                                                .grace = {60 * NS_PER_S}},
                         &hook));
    return hook;
}

static void prepare(struct hook *hook, uint64_t id)
{
    struct hook_error error;
    if (!hook_prepare(hook, id, "{}\n", &error)) {
        fail_msg("%s", error.message);
    }
}

static size_t read_output(struct hook *hook, char out[static HOOK_OUTPUT_CHUNK])
{
    struct pollfd ready = {.fd = hook_output(hook)->ends[0], .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 60000), 1);
    return hook_output_take(hook_output(hook), now(), out);
}

static void as_many_as_there_can_be_start_at_once_and_none_before(void **state)
{
    (void)state;
    struct hook *hook = opened("echo started", false);
    uint64_t id[HOOK_SLOTS_MAX];
    for (uint64_t i = 0; i < HOOK_SLOTS_MAX; i++) {
        id[i] = i + 1;
        prepare(hook, id[i]);
    }
    struct hook_error error;
    assert_false(hook_prepare(hook, 1000, "{}\n", &error));
    assert_non_null(strstr(error.message, "more than 256 gestures"));
    struct hook_news news;
    assert_false(hook_poll(hook, now(), &news));
    struct pollfd silent = {.fd = hook_output(hook)->ends[0], .events = POLLIN};
    assert_int_equal(poll(&silent, 1, 50), 0);
    hook_release(hook, id, HOOK_SLOTS_MAX);
    size_t started = 0, ended = 0, said = 0;
    while (ended < HOOK_SLOTS_MAX) {
        news = wait_news(hook);
        assert_false(news.is_early);
        assert_true(news.kind == HOOK_STARTED || (news.kind == HOOK_EXITED && news.code == 0));
        started += news.kind == HOOK_STARTED;
        ended += news.kind == HOOK_EXITED;
    }
    assert_int_equal(started, HOOK_SLOTS_MAX);
    char text[HOOK_OUTPUT_CHUNK];
    while (said < HOOK_SLOTS_MAX * strlen("started\n")) {
        said += read_output(hook, text);
    }
    assert_true(hook_is_idle(hook));
    hook_free(hook);
}

static void one_that_waits_is_called_off_without_a_word(void **state)
{
    (void)state;
    struct hook *hook = opened("echo started", false);
    prepare(hook, 1);
    hook_end(hook, 1, NULL, now());
    int64_t until_ns = now().ns + 60 * NS_PER_S;
    struct hook_news news;
    do {
        assert_false(hook_poll(hook, now(), &news));
        assert_true(now().ns < until_ns);
        rest();
    } while (!hook_is_idle(hook));
    struct pollfd silent = {.fd = hook_output(hook)->ends[0], .events = POLLIN};
    assert_int_equal(poll(&silent, 1, 0), 0);
    hook_free(hook);
}

static void a_command_that_has_gone_is_no_start(void **state)
{
    (void)state;
    char path[] = "/tmp/tocsin-hook-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    static const char script[] = "#!/bin/sh\n";
    assert_int_equal(write(file, script, sizeof script - 1), sizeof script - 1);
    fchmod(file, 0700);
    close(file);
    struct hook *hook = opened(path, false);
    prepare(hook, 1);
    unlink(path);
    struct hook_error error;
    assert_false(hook_prepare(hook, 2, "{}\n", &error)); /* seen while there is time */
    assert_non_null(strstr(error.message, "No such file"));
    hook_release(hook, &(uint64_t){1}, 1);
    struct hook_news news = wait_news(hook);
    assert_int_equal(news.kind, HOOK_FAILED);
    assert_int_equal(news.code, ENOENT);
    assert_false(news.is_early);
    int64_t until_ns = now().ns + 60 * NS_PER_S;
    while (!hook_is_idle(hook)) { /* and never "started" */
        assert_false(hook_poll(hook, now(), &news));
        assert_true(now().ns < until_ns);
    }
    hook_free(hook);
}

static void one_that_was_killed_before_its_time_is_there_again(void **state)
{
    (void)state;
    for (int is_pipe = 0; is_pipe < 2; is_pipe++) {
        struct hook *hook = opened("cat", is_pipe == 1);
        prepare(hook, 1);
        pid_t victim = 0;
        char line[64];
        FILE *children = popen("cat /proc/$PPID/task/$PPID/children", "re");
        assert_non_null(fgets(line, sizeof line, children));
        victim = (pid_t)strtol(line, NULL, 10);
        pclose(children);
        kill(victim, SIGKILL);
        struct hook_news news = wait_news(hook);
        assert_int_equal(news.kind, HOOK_KILLED);
        assert_int_equal(news.code, SIGKILL);
        assert_true(news.is_early);
        assert_false(news.is_ours);
        assert_int_equal(news.is_pipe, is_pipe);
        assert_int_equal(wait_news(hook).kind, HOOK_AGAIN);
        hook_tell(hook, 1, "told\n");
        hook_release(hook, &(uint64_t){1}, 1);
        assert_int_equal(wait_news(hook).kind, HOOK_STARTED);
        char text[HOOK_OUTPUT_CHUNK];
        size_t size = read_output(hook, text);
        assert_memory_equal(text, is_pipe == 1 ? "told\nGO\n" : "{}\n", is_pipe == 1 ? 8 : 3);
        assert_true(size >= 3);
        hook_end(hook, 1, NULL, now());
        news = wait_news(hook);
        assert_int_equal(news.kind, HOOK_EXITED);
        hook_free(hook);
    }
}

static void one_that_always_ends_too_early_is_tried_less_and_less_often(void **state)
{
    (void)state;
    struct hook *hook = opened("false", true);
    prepare(hook, 1);
    mono pretended = now(), ended = {0};
    static const int64_t pauses_s[] = {0, 1, 2, 4, 4};
    for (size_t i = 0; i < sizeof pauses_s / sizeof *pauses_s; i++) {
        struct hook_news news;
        while (!hook_poll(hook, pretended, &news)) {
            rest();
        }
        assert_int_equal(news.kind, HOOK_EXITED);
        assert_int_equal(news.code, 1);
        ended = pretended;
        while (!hook_poll(hook, pretended, &news)) {
            pretended.ns += NS_PER_S / 10;
        }
        assert_int_equal(news.kind, HOOK_AGAIN);
        assert_int_equal(pretended.ns - ended.ns, pauses_s[i] * NS_PER_S);
    }
    hook_free(hook);
}

static void one_that_writes_without_end_is_cut_and_does_not_wait(void **state)
{
    (void)state;
    struct hook *hook = opened("yes", false);
    prepare(hook, 1);
    hook_release(hook, &(uint64_t){1}, 1);
    mono begun = now();
    uint64_t passed = 0, left_out = 0, told = 0;
    char text[HOOK_OUTPUT_CHUNK];
    while (left_out < 8 * HOOK_OUTPUT_MAX) {
        passed += read_output(hook, text);
        told += hook_output_is_worth_telling(hook_output(hook), &left_out);
    }
    int64_t took_ns = now().ns - begun.ns;
    assert_true((int64_t)passed <=
                4 * HOOK_OUTPUT_RATE + (took_ns / NS_PER_S + 2) * HOOK_OUTPUT_RATE);
    assert_true(told >= 1 && told <= 9);
    /* and however slowly it comes, it ends */
    mono later = now();
    while (passed < HOOK_OUTPUT_MAX) {
        struct pollfd ready = {.fd = hook_output(hook)->ends[0], .events = POLLIN};
        assert_int_equal(poll(&ready, 1, 60000), 1);
        later.ns += 5 * NS_PER_S;
        passed += hook_output_take(hook_output(hook), later, text);
    }
    assert_int_equal(passed, HOOK_OUTPUT_MAX);
    later.ns += 3600 * NS_PER_S;
    struct pollfd ready = {.fd = hook_output(hook)->ends[0], .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 60000), 1);
    assert_int_equal(hook_output_take(hook_output(hook), later, text), 0);
    hook_free(hook);
}

static bool is_there(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static void they_end_with_us(void **state)
{
    (void)state;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* whom they leave behind comes to us */
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t listener = fork();
    if (listener == 0) {
        static struct hook_command waits;
        struct hook_error error;
        struct hook *hook;
        if (!hook_command_read("sleep 1000", &waits, &error) ||
            !hook_new(&(struct hook_options){.run = &waits, .pipe = &waits, .bell = -1}, &hook) ||
            !hook_prepare(hook, 1, "{}\n", &error) || !hook_prepare(hook, 2, "{}\n", &error)) {
            _exit(1);
        }
        hook_release(hook, &(uint64_t){1}, 1);
        struct hook_news news;
        while (!hook_poll(hook, now(), &news) || news.kind != HOOK_STARTED) {
            rest();
        }
        (void)!write(ends[1], "x", 1);
        pause();
    }
    char byte;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    kill(listener, SIGKILL);
    assert_int_equal(waitpid(listener, NULL, 0), listener);
    for (int i = 0; i < 4; i++) { /* two of them run, one waits for GO, one for its time */
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        assert_true(pid > 0);
        assert_false(is_there(pid));
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_there_can_be_start_at_once_and_none_before),
        cmocka_unit_test(one_that_waits_is_called_off_without_a_word),
        cmocka_unit_test(a_command_that_has_gone_is_no_start),
        cmocka_unit_test(one_that_was_killed_before_its_time_is_there_again),
        cmocka_unit_test(one_that_always_ends_too_early_is_tried_less_and_less_often),
        cmocka_unit_test(one_that_writes_without_end_is_cut_and_does_not_wait),
        cmocka_unit_test(they_end_with_us),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
