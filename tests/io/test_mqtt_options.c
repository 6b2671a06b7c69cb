/* links: keys say */
/* One set of options for every program that talks to brokers. */
#include "check.h"

#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mqtt/options.h"

struct program {
    struct mqtt_login login;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct program *program = state->input;
    (void)value;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &program->login;
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static void read_options(int argc, char **argv, struct program *out)
{
    static const struct argp_child children[] = {{&mqtt_argp, 0, "", 1}, {0}};
    static const struct argp argp = {.parser = parse, .children = children};
    *out = (struct program){0};
    assert_int_equal(argp_parse(&argp, argc, argv, 0, NULL, out), 0);
}

static int pipe_with(const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    return ends[0];
}

static void a_login_is_read(void **state)
{
    (void)state;
    struct program program;
    char number[16];
    snprintf(number, sizeof number, "%d", pipe_with("candle\nnever read\n"));
    char *argv[] = {(char[]){"p"},
                    (char[]){"--ca"},
                    (char[]){"ca.pem"},
                    (char[]){"--cert"},
                    (char[]){"c.pem"},
                    (char[]){"--cert-key"},
                    (char[]){"k.pem"},
                    (char[]){"--user"},
                    (char[]){"anna"},
                    (char[]){"--password-fd"},
                    number,
                    NULL};
    read_options(11, argv, &program);
    assert_string_equal(program.login.ca_file, "ca.pem");
    assert_string_equal(program.login.cert_file, "c.pem");
    assert_string_equal(program.login.key_file, "k.pem");
    assert_string_equal(program.login.user, "anna");
    assert_string_equal(program.login.password, "candle");
    mqtt_login_free(&program.login);
    close((int)strtol(number, NULL, 10));
    read_options(1, argv, &program);
    assert_null(program.login.ca_file);
    assert_null(program.login.user);
    assert_null(program.login.password);
    mqtt_login_free(&program.login); /* nothing to free is fine */
}

static void a_password_is_the_first_line_of_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/tocsin-password.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "candle light\nnever read\n", 24), 24);
    close(fd);
    struct program program;
    char *argv[] = {
        (char[]){"p"}, (char[]){"--user"}, (char[]){"anna"}, (char[]){"--password-file"}, path,
        NULL};
    read_options(5, argv, &program);
    unlink(path);
    assert_string_equal(program.login.password, "candle light");
    mqtt_login_free(&program.login);
}

/* Each says what is wrong and ends with 2, as argp does. */
static void what_cannot_be_used_is_refused(void **state)
{
    (void)state;
    char empty[16], half[16];
    snprintf(empty, sizeof empty, "%d", pipe_with("\n"));
    snprintf(half, sizeof half, "%d", pipe_with("candle"));
    char *cases[][6] = {
        {(char[]){"--cert"}, (char[]){"c.pem"}},
        {(char[]){"--cert-key"}, (char[]){"k.pem"}},
        {(char[]){"--password-fd"}, half},
        {(char[]){"--user"}, (char[]){"u"}, (char[]){"--password-fd"}, (char[]){"x"}},
        {(char[]){"--user"}, (char[]){"u"}, (char[]){"--password-fd"}, (char[]){"-1"}},
        {(char[]){"--user"}, (char[]){"u"}, (char[]){"--password-fd"}, (char[]){"997"}},
        {(char[]){"--user"}, (char[]){"u"}, (char[]){"--password-fd"}, empty},
        {(char[]){"--user"}, (char[]){"u"}, (char[]){"--password-file"}, (char[]){"/none"}},
    };
    static const char *const why[] = {
        "belong together",
        "belong together",
        "need --user",
        "--password-fd x: give",
        "--password-fd -1: give",
        "997: cannot read",
        "is empty",
        "--password-file /none: No such",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int ends[2], status;
        assert_int_equal(pipe(ends), 0);
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            char *argv[8] = {(char[]){"p"}};
            int argc = 1;
            for (; cases[i][argc - 1] != NULL; argc++) {
                argv[argc] = cases[i][argc - 1];
            }
            dup2(ends[1], STDERR_FILENO);
            struct program program;
            read_options(argc, argv, &program);
            _exit(0);
        }
        close(ends[1]);
        char text[1024] = "";
        size_t size = 0;
        for (ssize_t got; (got = read(ends[0], text + size, sizeof text - 1 - size)) > 0;) {
            size += (size_t)got;
        }
        close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
        assert_non_null(strstr(text, why[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_read),
        cmocka_unit_test(a_password_is_the_first_line_of_a_file),
        cmocka_unit_test(what_cannot_be_used_is_refused),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
