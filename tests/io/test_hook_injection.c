#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hook/hook.h"

static mono now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (mono){t.tv_sec * NS_PER_S + t.tv_nsec};
}

static char folder[64];

static const char *path_in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static char *read_file(const char *name)
{
    static char text[65536];
    FILE *file = fopen(path_in_folder(name), "rb");
    if (file == NULL) {
        return NULL;
    }
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    return text;
}

static void write_script(const char *name, const char *text)
{
    FILE *file = fopen(path_in_folder(name), "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path_in_folder(name), 0700), 0);
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tocsin-hook-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"report", "out", "canary"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(path_in_folder(names[i]));
    }
    return rmdir(folder);
}

static void release(struct hook *hook, uint64_t id)
{
    hook_release(hook, &id, 1);
}

static struct hook_news wait_news(struct hook *hook)
{
    struct hook_news news = {0};
    for (int i = 0; i < 6000; i++) {
        if (hook_poll(hook, now(), &news)) {
            return news;
        }
        struct timespec pause = {.tv_nsec = 10000000};
        nanosleep(&pause, NULL);
    }
    fail_msg("the child never ended");
    return news;
}

static void commands_are_split_without_a_shell(void **state)
{
    (void)state;
    struct hook_command command;
    struct hook_error error;
    assert_true(
        hook_command_read("  echo 'a b' \"c \\\" d\" e\\ f $(id) `id` ;x *", &command, &error));
    static const char *const expected[] = {"echo",  "a b",  "c \" d", "e f",
                                           "$(id)", "`id`", ";x",     "*"};
    assert_int_equal(command.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < command.count; i++) {
        assert_string_equal(command.argument[i], expected[i]);
    }
    assert_null(command.argument[command.count]);
    assert_string_equal(command.program, "/usr/bin/echo");
    assert_true(hook_command_read("echo ''", &command, &error));
    assert_int_equal(command.count, 2);
    assert_string_equal(command.argument[1], "");
}

static void unusable_commands_are_refused_at_once(void **state)
{
    (void)state;
    struct hook_command command;
    struct hook_error error;
    assert_false(hook_command_read("", &command, &error));
    assert_false(hook_command_read("   ", &command, &error));
    assert_false(hook_command_read("echo 'open", &command, &error));
    assert_non_null(strstr(error.message, "close the quote"));
    assert_false(hook_command_read("no-such-program-here", &command, &error));
    assert_non_null(strstr(error.message, "full path"));
    assert_false(hook_command_read("/etc/passwd", &command, &error));
    static char many[600];
    for (int i = 0; i < 130; i++) {
        strcat(many, "a ");
    }
    assert_false(hook_command_read(many, &command, &error));
}

/* Everything a hostile organizer might put into a title. */
static const char *const hostile[] = {
    "$(touch canary)",
    "`touch canary`",
    "; touch canary",
    "| touch canary",
    "&& touch canary",
    "--help",
    "-rf /",
    "LD_PRELOAD=/tmp/evil.so",
    "\\n touch canary \\n",
    "%s%n%s",
    "' ; touch canary ; '",
    "\\\" ; touch canary",
    "${IFS}touch${IFS}canary",
    "GO",
};

static void window_text_reaches_standard_input_and_nothing_else(void **state)
{
    (void)state;
    write_script("report", "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n"
                           "{ echo \"count=$#\"; for a in \"$@\"; do echo \"arg=$a\"; done; env; "
                           "echo '--'; cat; ls /proc/self/fd; } > out.new; mv out.new out\n");
    char text[256];
    snprintf(text, sizeof text, "%s fixed 'two words'", path_in_folder("report"));
    static struct hook_command command;
    struct hook_error error;
    assert_true(hook_command_read(text, &command, &error));
    setenv("LD_PRELOAD_CANARY", "1", 1);
    setenv("TOCSIN_SECRET", "1", 1);
    enum { FORGOTTEN = 50 }; /* a descriptor that some library opened without close-on-exec */
    assert_int_equal(dup2(STDERR_FILENO, FORGOTTEN), FORGOTTEN);
    struct hook *hook;
    assert_true(
        hook_new(&(struct hook_options){.run = &command, .bell = -1, .grace = {NS_PER_S}}, &hook));
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char line[256];
        snprintf(line, sizeof line, "{\"title\":\"%s\"}\n", hostile[i]);
        assert_true(
            hook_prepare(hook, i, "{\"title\":\"as it was before it was amended\"}\n", &error));
        hook_change(hook, i, line);
        release(hook, i);
        struct hook_news news = wait_news(hook);
        assert_int_equal(news.kind, HOOK_STARTED);
        news = wait_news(hook);
        assert_int_equal(news.kind, HOOK_EXITED);
        assert_int_equal(news.code, 0);
        assert_false(news.is_pipe);
        hook_end(hook, i, NULL, now());
        assert_false(hook_poll(hook, now(), &news));
        char *out = read_file("out");
        assert_non_null(out);
        assert_non_null(strstr(out, "count=2\narg=fixed\narg=two words\n"));
        assert_null(strstr(out, "CANARY"));
        assert_null(strstr(out, "TOCSIN_SECRET"));
        assert_non_null(strstr(out, "\n0\n1\n"));
        assert_null(strstr(out, "\n50\n"));
        char *body = strstr(out, "--\n");
        while (strstr(body + 1, "--\n{") != NULL) {
            body = strstr(body + 1, "--\n{");
        }
        assert_int_equal(strncmp(body + 3, line, strlen(line)), 0);
        assert_null(strstr(body, "amended"));
        assert_null(read_file("canary"));
    }
    close(FORGOTTEN);
    hook_free(hook);
}

static void a_waiting_process_is_told_lines_then_go_then_the_end(void **state)
{
    (void)state;
    write_script("report", "#!/bin/sh\ncd \"$(dirname \"$0\")\"\ncat > out.new; mv out.new out\n");
    static struct hook_command command;
    struct hook_error error;
    assert_true(hook_command_read(path_in_folder("report"), &command, &error));
    struct hook *hook;
    assert_true(hook_new(
        &(struct hook_options){.pipe = &command, .bell = -1, .grace = {10 * NS_PER_S}}, &hook));
    assert_true(hook_prepare(hook, 9, "{\"state\":\"started\"}\n", &error));
    assert_true(hook_prepare(hook, 9, "{}\n", &error)); /* no second process */
    hook_tell(hook, 9, "{\"state\":\"ready\"}\n");
    hook_tell(hook, 9, "{\"left_s\":1}\n");
    hook_tell(hook, 8, "{\"other\":1}\n"); /* no such shot */
    release(hook, 9);
    hook_end(hook, 9, "{\"state\":\"ended\"}\n", now());
    struct hook_news news = wait_news(hook);
    while (news.kind == HOOK_STARTED) {
        news = wait_news(hook);
    }
    assert_true(news.is_pipe);
    assert_int_equal(news.kind, HOOK_EXITED);
    assert_string_equal(read_file("out"),
                        "{\"state\":\"ready\"}\n{\"left_s\":1}\nGO\n{\"state\":\"ended\"}\n");
    hook_free(hook);
}

static void a_child_that_stays_is_ended(void **state)
{
    (void)state;
    static struct hook_command command;
    struct hook_error error;
    assert_true(hook_command_read("sleep 1000", &command, &error));
    struct hook *hook;
    assert_true(hook_new(&(struct hook_options){.run = &command, .bell = -1, .grace = {0}}, &hook));
    assert_true(hook_prepare(hook, 1, "{}\n", &error));
    release(hook, 1);
    hook_end(hook, 1, NULL, now());
    struct hook_news news = wait_news(hook);
    news = news.kind == HOOK_STARTED ? wait_news(hook) : news;
    assert_int_equal(news.kind, HOOK_KILLED);
    assert_true(news.is_ours);
    assert_int_equal(news.code, 15);
    hook_free(hook);
}

static void a_process_that_died_makes_go_a_failure_not_a_crash(void **state)
{
    (void)state;
    static struct hook_command command;
    struct hook_error error;
    assert_true(hook_command_read("true", &command, &error));
    struct hook *hook;
    assert_true(
        hook_new(&(struct hook_options){.pipe = &command, .bell = -1, .grace = {0}}, &hook));
    assert_true(hook_prepare(hook, 1, "{}\n", &error));
    struct hook_news news = wait_news(hook);
    assert_int_equal(news.kind, HOOK_EXITED);
    release(hook, 1);
    news = wait_news(hook);
    assert_int_equal(news.kind, HOOK_FAILED);
    hook_free(hook);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_split_without_a_shell),
        cmocka_unit_test(unusable_commands_are_refused_at_once),
        cmocka_unit_test_setup_teardown(window_text_reaches_standard_input_and_nothing_else,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_waiting_process_is_told_lines_then_go_then_the_end,
                                        make_folder, remove_folder),
        cmocka_unit_test(a_child_that_stays_is_ended),
        cmocka_unit_test(a_process_that_died_makes_go_a_failure_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
