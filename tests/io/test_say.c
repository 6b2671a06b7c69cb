/* What reaches the three standard streams: of a terminal (a pseudo-terminal of our own) and of a
 * pipe. */
#include "check.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say/say.h"

struct heard {
    char out[4096], error[4096];
    int code;
};

static void read_all(int fd, char out[static 4096])
{
    size_t size = 0;
    for (ssize_t got; size < 4095 && (got = read(fd, out + size, 4095 - size)) > 0;) {
        size += (size_t)got;
    }
    out[size] = '\0';
}

/* Runs a program with its streams on pipes, its standard input empty. */
static struct heard listen_to(int (*program)(void))
{
    struct heard heard = {0};
    int out[2], error[2], status;
    assert_int_equal(pipe(out), 0);
    assert_int_equal(pipe(error), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int none = open("/dev/null", O_RDONLY);
        dup2(none, STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(error[1], STDERR_FILENO);
        close(out[1]);
        close(error[1]);
        exit(program());
    }
    close(out[1]);
    close(error[1]);
    read_all(out[0], heard.out);
    read_all(error[0], heard.error);
    close(out[0]);
    close(error[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    heard.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return heard;
}

enum { TYPED = 8 };
static double typed_at[TYPED]; /* when the last lines were typed, in seconds of the host */

/* Whether a question stands at the end: they end in ": ", as a program's name before a note does.
 */
static bool is_asked(const char *out, size_t size)
{
    static const char name[] = "tocsin-test: ";
    size_t len = sizeof name - 1;
    return size >= 2 && memcmp(out + size - 2, ": ", 2) == 0 &&
           (size < len || memcmp(out + size - len, name, len) != 0);
}

enum { LAST = '\001' }; /* what a program has said when it has said all */

/* The same on a terminal at which somebody types a line at each question.  The program ends when it
 * has been heard: the end of a session hangs its terminal up, and what waits in it can be lost. */
static struct heard sit_at(int (*program)(void), const char *typed)
{
    struct heard heard = {0};
    struct timespec now;
    size_t lines = 0;
    int terminal, status, end[2];
    assert_int_equal(pipe(end), 0);
    fflush(NULL);
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    assert_true(child >= 0);
    if (child == 0) {
        close(end[1]);
        int code = program();
        putchar(LAST);
        fflush(NULL);
        exit(read(end[0], &(char){0}, 1) == 0 ? code : -1);
    }
    close(end[0]);
    size_t size = 0;
    for (ssize_t got; size < sizeof heard.out - 1 &&
                      (got = read(terminal, heard.out + size, sizeof heard.out - 1 - size)) > 0;) {
        size += (size_t)got;
        if (heard.out[size - 1] == LAST) {
            heard.out[size - 1] = '\0';
            break;
        }
        if (*typed != '\0' && is_asked(heard.out, size)) {
            size_t line = strcspn(typed, "\n") + 1;
            assert_int_equal(write(terminal, typed, line), line);
            typed += line;
            clock_gettime(CLOCK_MONOTONIC, &now);
            typed_at[lines++ % TYPED] = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
        }
    }
    close(end[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(terminal);
    heard.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return heard;
}

static void assert_says(const char *heard, const char *words)
{
    if (strstr(heard, words) == NULL) {
        print_error("\"%s\" is not in what was heard:\n%s\n", words, heard);
        fail();
    }
}

static int says_everything(void)
{
    say_begin("tocsin-test", NULL);
    say_note("a note of %d", 1);
    say_warning("a warning");
    say_error("a \033[31mname\n of a file\x7f");
    say_line(NULL, "a library's");
    printf("%shere%s\n", say_colour(SAY_GREEN), say_colour(SAY_PLAIN));
    return say_no("no");
}

static void a_pipe_gets_plain_lines(void **state)
{
    (void)state;
    struct heard heard = listen_to(says_everything);
    assert_string_equal(heard.error, "tocsin-test: a note of 1\n"
                                     "tocsin-test: warning: a warning\n"
                                     "tocsin-test: a ?[31mname? of a file?\n"
                                     "tocsin-test: a library's\n"
                                     "tocsin-test: no\n");
    assert_string_equal(heard.out, "here\n");
    assert_int_equal(heard.code, 1);
}

static int says_foreign_names(void)
{
    say_begin("tocsin-test", NULL);
    say_note("%s", "\xc2\x9b"
                   "31m \xe2\x80\xae"
                   "exe.fdp \xe2\x81\xa6 \x9b \xff\xc3");
    say_put(stdout, "\xc2\x9b"
                    "31m \xe2\x80\xae \x9b L\xc3\xa8vre\n");
    say_note("%s", "L\xc3\xa8vre \xd9\x86\xd9\x85\xe2\x80\x8c\xd8\xa7 \xe5\xb9\xb3\xe5\x92\x8c");
    return 0;
}

/* U+009B begins an order to a terminal, U+202E turns what follows around; what is no UTF-8 is
 * nobody's letter.  What languages need stays: Persian's zero-width non-joiner, too. */
static void names_of_others_order_no_terminal_about(void **state)
{
    (void)state;
    struct heard heard = sit_at(says_foreign_names, "");
    assert_says(heard.out, "tocsin-test: ?31m ?exe.fdp ? ? ??");
    heard = listen_to(says_foreign_names);
    assert_string_equal(heard.error,
                        "tocsin-test: ?31m ?exe.fdp ? ? ??\n"
                        "tocsin-test: L\xc3\xa8vre \xd9\x86\xd9\x85\xe2\x80\x8c\xd8\xa7 "
                        "\xe5\xb9\xb3\xe5\x92\x8c\n");
    assert_string_equal(heard.out, "?31m ? ? L\xc3\xa8vre?");
}

static void a_terminal_gets_colours_unless_none_are_wanted(void **state)
{
    (void)state;
    struct heard heard = sit_at(says_everything, "");
    assert_says(heard.out, "tocsin-test: a note of 1\r\n");
    assert_says(heard.out, "tocsin-test: \033[33mwarning:\033[0m a warning\r\n");
    assert_says(heard.out, "\033[31mtocsin-test:\033[0m a ?[31mname? of a file?\r\n");
    assert_says(heard.out, "\033[32mhere\033[0m\r\n");
    setenv("NO_COLOR", "1", 1);
    heard = sit_at(says_everything, "");
    unsetenv("NO_COLOR");
    assert_null(strchr(heard.out, '\033'));
    assert_says(heard.out, "here\r\n");
}

static int says_long_lines(void)
{
    say_begin("tocsin-test", NULL);
    struct winsize narrow = {.ws_col = 30, .ws_row = 24};
    ioctl(STDOUT_FILENO, TIOCSWINSZ, &narrow);
    say_wrapped(stdout, 0, 2, "%s",
                "what is sent to the others: tocsin show 12 --out F; and so on");
    say_wrapped(stdout, 0, 2, "it is said by \"tocsin root trust FILE\" and\nthen (tocsin list)");
    return 0;
}

/* Half of a command does something else, so none is broken by us; a pipe gets the line as it is. */
static void lines_break_at_words_and_not_within_commands(void **state)
{
    (void)state;
    struct heard heard = sit_at(says_long_lines, "");
    assert_string_equal(heard.out, "what is sent to the others:\r\n"
                                   "  tocsin show 12 --out F; and\r\n"
                                   "  so on\r\n"
                                   "it is said by\r\n"
                                   "  \"tocsin root trust FILE\" and\r\n"
                                   "  then (tocsin list)\r\n");
    heard = listen_to(says_long_lines);
    assert_string_equal(heard.out,
                        "what is sent to the others: tocsin show 12 --out F; and so on\n"
                        "it is said by \"tocsin root trust FILE\" and\n  then (tocsin list)\n");
}

static int has_a_voice(void)
{
    say_begin("tocsin-test", "test");
    say_news("hello %s", "there");
    say_line(NULL, "a library's");
    return say_outside("gone");
}

static int was_used_wrongly(void)
{
    say_begin("tocsin-test", NULL);
    return say_usage("what?");
}

static void news_are_said_aloud_and_codes_mean_what_they_say(void **state)
{
    (void)state;
    struct heard heard = listen_to(has_a_voice);
    assert_string_equal(heard.out, "test > hello there\ntest > a library's\n");
    assert_string_equal(heard.error, "tocsin-test: gone\n");
    assert_int_equal(heard.code, 3);
    assert_int_equal(listen_to(was_used_wrongly).code, 2);
}

static int asks(void)
{
    say_begin("tocsin-test", NULL);
    int code;
    char *line = say_ask("Title");
    if (line != NULL) {
        printf("[%s]\n", line);
        free(line);
    }
    return say_confirm("Really?", false, &code) ? EXIT_DONE : code;
}

/* Asks twice, and says before the second question when it was. */
static int asks_twice(void)
{
    struct timespec now;
    int code;
    say_begin("tocsin-test", NULL);
    if (!say_confirm("One?", false, &code)) {
        return EXIT_OUTSIDE;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    fprintf(stderr, "[%lld.%09ld] Two: ", (long long)now.tv_sec, now.tv_nsec);
    return say_confirm("Two?", false, &code) ? EXIT_DONE : code;
}

/* A second yes that follows at once upon the first, while the next record is told.  It counts where
 * it was typed within half the time that it has; a busy machine tries again. */
static void a_yes_typed_on_is_no_answer_to_the_next_question(void **state)
{
    (void)state;
    double late;
    struct heard heard;
    do {
        heard = sit_at(asks_twice, "yes\nyes\nno\n");
        const char *told = strchr(heard.out, '[');
        assert_non_null(told);
        late = typed_at[1] - strtod(told + 1, NULL);
    } while (late > 0.5);
    assert_says(heard.out, "typed before the question, so it is no answer to it");
    assert_int_equal(heard.code, EXIT_NO);
}

static int asks_nobody(void)
{
    int code;
    assert_null(say_ask("Title"));
    return say_confirm("Really?", true, &code) ? code : EXIT_OUTSIDE;
}

static void who_is_asked_has_to_be_there(void **state)
{
    (void)state;
    struct heard heard = sit_at(asks, "A minute\nyes\n");
    assert_says(heard.out, "[A minute]");
    assert_says(heard.out, "Really? Type yes to go on: ");
    assert_int_equal(heard.code, EXIT_DONE);
    heard = sit_at(asks, "\ny\nno\n"); /* no title, no yes, and asked again */
    assert_null(strstr(heard.out, "[]"));
    assert_says(heard.out, "Please type yes or no: ");
    assert_int_equal(heard.code, EXIT_NO);
    /* what was typed before a question is no answer to it */
    heard = sit_at(asks, "A minute\ryes\nno\n");
    assert_int_equal(heard.code, EXIT_NO);
    heard = listen_to(asks);
    assert_says(heard.error, "give --yes");
    assert_int_equal(heard.code, EXIT_USAGE);
    assert_int_equal(listen_to(asks_nobody).code, EXIT_DONE);
}

static int fills_the_disk(void)
{
    say_begin("tocsin-test", NULL);
    dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    puts("text");
    return EXIT_DONE;
}

static int fills_the_disk_and_runs_on(void)
{
    int code = fills_the_disk();
    say_runs_on();
    return code;
}

static void what_could_not_be_printed_is_no_success(void **state)
{
    (void)state;
    struct heard heard = listen_to(fills_the_disk);
    assert_int_equal(heard.code, EXIT_OUTSIDE);
    assert_says(heard.error, "standard output: No space left on device");
    assert_int_equal(listen_to(fills_the_disk_and_runs_on).code, EXIT_DONE);
}

int main(void)
{
    unsetenv("NO_COLOR");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_gets_plain_lines),
        cmocka_unit_test(names_of_others_order_no_terminal_about),
        cmocka_unit_test(a_terminal_gets_colours_unless_none_are_wanted),
        cmocka_unit_test(news_are_said_aloud_and_codes_mean_what_they_say),
        cmocka_unit_test(lines_break_at_words_and_not_within_commands),
        cmocka_unit_test(who_is_asked_has_to_be_there),
        cmocka_unit_test(a_yes_typed_on_is_no_answer_to_the_next_question),
        cmocka_unit_test(what_could_not_be_printed_is_no_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
