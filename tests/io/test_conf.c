/* A daemon's command line and its file, read by one parser. */
#include "check.h"

#include <unistd.h>

#include "conf/conf.h"

enum { TAKEN_SIZE = 400 };

static error_t parse(int key, char *value, struct argp_state *state)
{
    char *taken = state->input; /* NULL for conf_argp */
    if (key == ARGP_KEY_INIT || key == ARGP_KEY_END || key == ARGP_KEY_NO_ARGS ||
        key == ARGP_KEY_SUCCESS || key == ARGP_KEY_FINI) {
        return 0;
    }
    if (key != 'r' && key != 'o' && key != 'w' && key != 'c') {
        return ARGP_ERR_UNKNOWN;
    }
    size_t len = strlen(taken);
    snprintf(taken + len, TAKEN_SIZE - len, "%c%s ", key, value != NULL ? value : "-");
    return 0;
}

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "What to do", 0},
    {"run", 'r', "CMD", 0, "do CMD", 0},
    {"offline", 'o', NULL, 0, "without brokers", 0},
    {"websockets", 'w', "N", OPTION_ARG_OPTIONAL, "at port N", 0},
    {"check", 'c', NULL, 0, "look", 0},
    {0},
};
static const struct argp_child children[] = {{&conf_argp, 0, "", 0}, {0}};
static const struct argp argp = {.options = options, .parser = parse, .children = children};
static const char *const complete[] = {"run", NULL}, *const only_typed[] = {"check", NULL};
static const struct conf_given given[] = {{"run", "/bin/ring"}, {0}};
static const struct conf conf = {.program = "program",
                                 .section = 1,
                                 .argp = &argp,
                                 .path = "default.conf",
                                 .complete = complete,
                                 .only_typed = only_typed,
                                 .given = given};

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What the parser took of these words; or, from conf_argv, why not. */
static const char *take(const struct conf *which, const char *const *words)
{
    static char taken[TAKEN_SIZE], why[CONF_WHY_SIZE];
    static char storage[16][80];
    static char *argv[17];
    int argc = 0;
    for (; words[argc] != NULL; argc++) {
        snprintf(storage[argc], sizeof storage[argc], "%s", words[argc]);
        argv[argc] = storage[argc];
    }
    argv[argc] = NULL;
    char **all = conf_argv(which, &argc, argv, why);
    if (all == NULL) {
        return why;
    }
    assert_null(all[argc]);
    taken[0] = '\0';
    assert_int_equal(argp_parse(&argp, argc, all, ARGP_NO_ARGS, NULL, taken), 0);
    return taken;
}

#define TAKE(...) take(&conf, (const char *const[]){"program", __VA_ARGS__, NULL})

static void the_file_is_read_before_what_was_typed(void **state)
{
    (void)state;
    write_file("a.conf", "run = ring twice\nrun = sing\noffline\nwebsockets = 8083\n");
    assert_string_equal(TAKE("--config", "a.conf", "-o"), "rring twice rsing o- w8083 o- ");
    assert_string_equal(TAKE("--config=a.conf"), "rring twice rsing o- w8083 ");
    assert_string_equal(TAKE("-r", "--config=a.conf"), "r--config=a.conf "); /* a value */
    assert_string_equal(TAKE("-o", "--conf", "a.conf", "--run=x"),
                        "rring twice rsing o- w8083 o- rx ");
    write_file("b.conf", "offline = yes\noffline = no\nwebsockets\nwebsockets = no\n");
    assert_string_equal(TAKE("--config", "b.conf"), "o- w- ");
}

static void the_default_file_is_for_a_command_line_that_is_not_complete(void **state)
{
    (void)state;
    unlink("default.conf");
    assert_string_equal(TAKE("-c"), "c- "); /* there need not be one */
    write_file("default.conf", "run = ring\n");
    assert_string_equal(TAKE("-c"), "rring c- ");
    assert_string_equal(TAKE("--run", "x"), "rx ");
    assert_string_equal(TAKE("-ocrx"), "o- c- rx ");
    write_file("a.conf", "run = sing\n");
    assert_string_equal(TAKE("--run", "x", "--config", "a.conf"), "rsing rx "); /* as was said */
}

static void what_is_wrong_is_told_with_file_and_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\nrnu = x\n", "a.conf:2: there is no option \"rnu\"; did you mean \"run\"?"},
        {"candle = x\n", "a.conf:1: there is no option \"candle\": program --print-config shows "
                         "those that there are"},
        {"config = x\n", "a.conf:1: there is no option \"config\": program --print-config shows "
                         "those that there are"},
        {"check\n", "a.conf:1: \"check\" is nothing for a file: type --check"},
        {"run\n", "a.conf:1: write run = CMD"},
        {"offline = maybe\n",
         "a.conf:1: offline takes no value: write it alone, or = yes, or = no"},
        {"run =\n", "a.conf:1: nothing stands after the =: give a value, or put # before the line"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_file("a.conf", cases[i][0]);
        assert_string_equal(TAKE("--config", "a.conf"), cases[i][1]);
    }
    assert_non_null(strstr(TAKE("--config", "none.conf"), "none.conf: cannot open"));
    assert_non_null(strstr(TAKE("--config", "."), "--config .: "));
    static char large[CONF_SIZE_MAX + 2];
    memset(large, '\n', CONF_SIZE_MAX + 1);
    write_file("a.conf", large);
    assert_non_null(strstr(TAKE("--config", "a.conf"), "a.conf"));
    large[CONF_SIZE_MAX] = '\0';
    write_file("a.conf", large);
    assert_string_equal(TAKE("--config", "a.conf"), "");
}

static void where_config_is_a_folder_too_only_a_file_is_taken(void **state)
{
    (void)state;
    struct conf both = conf;
    both.has_folder = true;
    unlink("default.conf");
    write_file("a.conf", "offline\n");
    static const char *const words[] = {"program", "-c", "--config", "a.conf", "-o", NULL};
    assert_string_equal(take(&both, words), "o- c- o- ");
    static char folder[] = ".", option[] = "--config", name[] = "program";
    char *argv[] = {name, option, folder, NULL}, why[CONF_WHY_SIZE];
    int argc = 3;
    char **all = conf_argv(&both, &argc, argv, why);
    assert_non_null(all);
    assert_int_equal(argc, 3);
    assert_string_equal(all[2], ".");
}

/* The sample names every option that there is, and as it is gives what the package gives. */
static void the_sample_can_be_read_and_its_comments_too(void **state)
{
    (void)state;
    char text[4096], bare[4096];
    FILE *to = fmemopen(text, sizeof text, "w");
    assert_non_null(to);
    conf_write_sample(&conf, to);
    assert_int_equal(fclose(to), 0);
    write_file("a.conf", text);
    assert_string_equal(TAKE("--config", "a.conf"), "r/bin/ring ");
    size_t size = 0; /* the lines "#option" lose their # */
    for (const char *c = text; *c != '\0'; c++) {
        if (*c != '#' || c[1] == ' ') {
            bare[size++] = *c;
        }
    }
    bare[size] = '\0';
    write_file("a.conf", bare);
    assert_string_equal(TAKE("--config", "a.conf"), "r/bin/ring o- wN ");
    assert_non_null(strstr(text, "\n# ---- What to do\n"));
    assert_null(strstr(text, "check"));
}

static int begin(void **state)
{
    (void)state;
    static char folder[] = "/tmp/tocsin-conf.XXXXXX";
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int end(void **state)
{
    (void)state;
    unlink("a.conf");
    unlink("b.conf");
    unlink("default.conf");
    char here[200];
    return getcwd(here, sizeof here) == NULL || rmdir(here) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_read_before_what_was_typed),
        cmocka_unit_test(the_default_file_is_for_a_command_line_that_is_not_complete),
        cmocka_unit_test(what_is_wrong_is_told_with_file_and_line),
        cmocka_unit_test(where_config_is_a_folder_too_only_a_file_is_taken),
        cmocka_unit_test(the_sample_can_be_read_and_its_comments_too),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
