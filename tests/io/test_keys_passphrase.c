/* links: trust records */
/* A passphrase from a descriptor and from a terminal (a pseudo-terminal of our own). */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "keys/passphrase.h"

/* A pipe that holds these bytes and then ends. */
static int pipe_with(const void *bytes, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, size), size);
    close(ends[1]);
    return ends[0];
}

static bool read_from(const void *bytes, size_t size, struct passphrase *out, const char *why)
{
    struct keys_error error = {""};
    int fd = pipe_with(bytes, size);
    bool done = passphrase_read(fd, out, &error);
    close(fd);
    if (!done) {
        assert_null(out->text);
        assert_non_null(strstr(error.message, why));
    }
    return done;
}

static void a_passphrase_is_the_first_line(void **state)
{
    (void)state;
    struct passphrase passphrase;
    struct keys_error error;
    int fd = pipe_with("correct horse\nnext\n", 19);
    assert_true(passphrase_read(fd, &passphrase, &error));
    assert_int_equal(passphrase.len, 13);
    assert_string_equal(passphrase.text, "correct horse");
    passphrase_free(&passphrase);
    assert_true(passphrase_read(fd, &passphrase, &error)); /* nothing more was taken */
    assert_string_equal(passphrase.text, "next");
    passphrase_free(&passphrase);
    assert_null(passphrase.text);
    close(fd);
    assert_true(read_from("no line feed", 12, &passphrase, ""));
    assert_string_equal(passphrase.text, "no line feed");
    passphrase_free(&passphrase);
    passphrase_free(&passphrase);
    assert_false(read_from("", 0, &passphrase, "empty"));
    assert_false(read_from("\n", 1, &passphrase, "empty"));
    assert_false(read_from("a\0b\n", 4, &passphrase, "zero byte"));
    static char text[PASSPHRASE_MAX + 2];
    memset(text, 'p', sizeof text);
    for (size_t len = PASSPHRASE_MAX - 1; len <= PASSPHRASE_MAX + 1; len++) {
        bool done = read_from(text, len, &passphrase, "at most 1023");
        assert_int_equal(done, len <= PASSPHRASE_MAX);
        if (done) {
            assert_int_equal(passphrase.len, len);
            passphrase_free(&passphrase);
        }
    }
    assert_false(passphrase_read(-1, &passphrase, &error));
    assert_non_null(strstr(error.message, "cannot read"));
}

struct terminal {
    int fd; /* our end */
    pid_t child;
    char shown[1024];
    size_t len;
};

/* Runs `ask` in a child at a terminal of its own; the child's exit code says how it went. */
static struct terminal open_terminal(bool confirm, const char *expected)
{
    struct terminal terminal = {.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    char name[64];
    assert_true(terminal.fd >= 0);
    assert_int_equal(grantpt(terminal.fd), 0);
    assert_int_equal(unlockpt(terminal.fd), 0);
    assert_int_equal(ptsname_r(terminal.fd, name, sizeof name), 0);
    fflush(NULL);
    terminal.child = fork();
    assert_true(terminal.child >= 0);
    if (terminal.child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody waiting */
        setsid();
        int side = open(name, O_RDWR); /* becomes the controlling terminal */
        struct passphrase passphrase;
        struct keys_error error = {""};
        if (side < 0) {
            exit(9);
        }
        signal(SIGINT, SIG_DFL);
        if (!passphrase_ask("Passphrase: ", confirm, &passphrase, &error)) {
            exit(strstr(error.message, expected) != NULL ? 1 : 8);
        }
        bool same = strcmp(passphrase.text, expected) == 0;
        passphrase_free(&passphrase);
        exit(same ? 0 : 7);
    }
    return terminal;
}

/* Reads what comes, waiting at most 10 s. */
static void read_more(struct terminal *terminal)
{
    struct pollfd poll_fd = {terminal->fd, POLLIN, 0};
    assert_int_equal(poll(&poll_fd, 1, 10000), 1);
    ssize_t got = read(terminal->fd, terminal->shown + terminal->len,
                       sizeof terminal->shown - 1 - terminal->len);
    assert_true(got > 0);
    terminal->len += (size_t)got;
}

static void wait_for(struct terminal *terminal, const char *text)
{
    while (strstr(terminal->shown, text) == NULL) {
        read_more(terminal);
    }
}

static void type(struct terminal *terminal, const char *text)
{
    assert_int_equal(write(terminal->fd, text, strlen(text)), strlen(text));
}

static bool has_echo(const struct terminal *terminal)
{
    struct termios mode;
    assert_int_equal(tcgetattr(terminal->fd, &mode), 0);
    return mode.c_lflag & ECHO;
}

/* The child's wait status; nothing typed may have been shown. */
static int finish(struct terminal *terminal)
{
    int status;
    while (waitpid(terminal->child, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    ssize_t got;
    while ((got = read(terminal->fd, terminal->shown + terminal->len,
                       sizeof terminal->shown - 1 - terminal->len)) > 0) {
        terminal->len += (size_t)got;
    }
    assert_null(strstr(terminal->shown, "horse"));
    close(terminal->fd);
    return status;
}

static void a_terminal_hides_what_is_typed(void **state)
{
    (void)state;
    struct terminal terminal = open_terminal(false, "correct horse");
    wait_for(&terminal, "Passphrase: ");
    assert_false(has_echo(&terminal));
    type(&terminal, "correct horse\n");
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 0);
}

static void a_new_passphrase_is_typed_twice_alike(void **state)
{
    (void)state;
    struct terminal terminal = open_terminal(true, "correct horse");
    wait_for(&terminal, "Passphrase: ");
    type(&terminal, "correct horse\n");
    wait_for(&terminal, "again: ");
    type(&terminal, "correct horse\n");
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 0);
}

/* Waits for the n-th time that the terminal shows text. */
static void wait_for_nth(struct terminal *terminal, const char *text, int n)
{
    const char *at = terminal->shown;
    for (int i = 0; i < n; i++) {
        while (strstr(at, text) == NULL) {
            read_more(terminal);
        }
        at = strstr(at, text) + strlen(text);
    }
}

static void a_slip_at_a_new_passphrase_is_asked_again_three_times_in_all(void **state)
{
    (void)state;
    struct terminal terminal = open_terminal(true, "correct horse");
    wait_for(&terminal, "Passphrase: ");
    type(&terminal, "correct horse\n");
    wait_for(&terminal, "again: ");
    type(&terminal, "correct horsf\n");
    wait_for_nth(&terminal, "differ: once more.\r\nPassphrase: ", 1);
    type(&terminal, "\n");
    wait_for_nth(&terminal, "typed: once more.\r\nPassphrase: ", 1);
    type(&terminal, "correct horse\n");
    wait_for_nth(&terminal, "again: ", 2);
    type(&terminal, "correct horse\n");
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 0);
    terminal = open_terminal(true, "differ");
    for (int i = 1; i <= 3; i++) {
        wait_for_nth(&terminal, "Passphrase: ", i);
        type(&terminal, "correct horse\n");
        wait_for_nth(&terminal, "again: ", i);
        type(&terminal, "correct horsf\n");
    }
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 1);
    terminal = open_terminal(false, "empty");
    for (int i = 1; i <= 3; i++) {
        wait_for_nth(&terminal, "Passphrase: ", i);
        type(&terminal, "\n");
    }
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 1);
    terminal = open_terminal(true, "no passphrase was typed");
    wait_for(&terminal, "Passphrase: ");
    type(&terminal, "\x04");
    assert_int_equal(WEXITSTATUS(finish(&terminal)), 1);
}

static void interrupt_once(void)
{
    struct terminal terminal = open_terminal(false, "never");
    char name[64]; /* a side of our own, so that the terminal lives on */
    assert_int_equal(ptsname_r(terminal.fd, name, sizeof name), 0);
    int side = open(name, O_RDWR | O_NOCTTY);
    wait_for(&terminal, "Passphrase: ");
    type(&terminal, "half a horse\x03"); /* Ctrl-C */
    int status;
    assert_int_equal(waitpid(terminal.child, &status, 0), terminal.child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGINT);
    assert_true(has_echo(&terminal));
    close(side);
    close(terminal.fd);
}

/* Often, for the signal may come at any moment after the prompt. */
static void an_interrupted_terminal_gets_its_echo_back(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        interrupt_once();
    }
}

static void without_a_terminal_there_is_a_remedy(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setsid();
        struct passphrase passphrase;
        struct keys_error error = {""};
        bool done = passphrase_ask("Passphrase: ", false, &passphrase, &error);
        exit(!done && strstr(error.message, "--passphrase-fd") != NULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_passphrase_is_the_first_line),
        cmocka_unit_test(a_terminal_hides_what_is_typed),
        cmocka_unit_test(a_new_passphrase_is_typed_twice_alike),
        cmocka_unit_test(a_slip_at_a_new_passphrase_is_asked_again_three_times_in_all),
        cmocka_unit_test(an_interrupted_terminal_gets_its_echo_back),
        cmocka_unit_test(without_a_terminal_there_is_a_remedy),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
