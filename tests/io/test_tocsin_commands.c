/* links: instants */
#include "folder.h"

#include <sodium.h>

#include "tocsin/commands/run.h"
#include "tocsin/commands/table.h"

static char *home;

static int open_home(void **state)
{
    (void)state;
    char path[500];
    home = folder_new();
    snprintf(path, sizeof path, "%s/store", home);
    setenv("TOCSIN_HOME", path, 1);
    snprintf(path, sizeof path, "%s/config", home);
    setenv("TOCSIN_CONFIG", path, 1);
    return 0;
}

static int close_home(void **state)
{
    (void)state;
    folder_remove(home);
    return 0;
}

/* What the process prints meanwhile goes nowhere, and nobody sits at a terminal. */
static int run_quietly(int argc, char **argv)
{
    int kept[3];
    fflush(NULL);
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = dup(fd);
        int nowhere = open("/dev/null", O_RDWR);
        assert_true(kept[fd] >= 0 && nowhere >= 0 && dup2(nowhere, fd) == fd);
        close(nowhere);
    }
    int code = command_run(argc, argv);
    fflush(NULL);
    for (int fd = 0; fd < 3; fd++) {
        assert_int_equal(dup2(kept[fd], fd), fd);
        close(kept[fd]);
    }
    return code;
}

/* A word of the kind that a row's line wants. */
static const char *word_of(const char *words)
{
    static const struct {
        const char *kind, *word;
    } known[] = {
        {"NAME", "anna"},
        {"UID", "0123456789abcdef"},
        {"UID DIR", "0123456789abcdef"},
        {"ID|UID|FILE...", "0123456789abcdef"},
        {"FILE", __FILE__},
        {"FILE|URL...", __FILE__},
        {"FILE|UID|URL...", __FILE__},
        {"KEYID|NAME|PUB", "0123456789abcdef"},
        {"ID|NAME", "0123456789abcdef"},
        {"[UID|RECORD...]", "0123456789"},
        {"DIR", "site"},
        {"[DIR]", "site"},
        {"SOURCE...", "there"},
        {"RULE", "25 april"},
        {"RULE|UID", "0123456789abcdef"},
        {"[PLACE...]", "Rome"},
        {"[UID|INSTANT]", "2027-04-25T18:00Z"},
        {"[WORD...]", "remembrance"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(words, known[i].kind) == 0) {
            return known[i].word;
        }
    }
    fail_msg("what is a word of the kind %s?", words);
    return NULL;
}

/* What a row would otherwise ask for: a second word, or an option; without which serve would not
 * return. */
static const char *option_of(const struct command_row *row)
{
    static const struct {
        int (*run)(struct session *session, const struct command_call *call);
        const char *option;
    } known[] = {{cmd_key_new, "--unsealed"},
                 {cmd_cancel, "--reason=rain"},
                 {cmd_serve, "--listen=nowhere"},
                 {cmd_forget, "--all"},
                 {cmd_kit, "kit"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].run == row->run) {
            return known[i].option;
        }
    }
    return NULL;
}

/* Where no root is trusted and no key lies, nothing can be signed or taken in. */
static int run_row(const struct command_row *row)
{
    char words[4][600];
    char *argv[6] = {(char[]){"tocsin"}};
    int argc = 1;
    const char *given[] = {row->group, row->name,
                           row->line->words != NULL ? word_of(row->line->words) : NULL,
                           option_of(row)};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (given[i] != NULL) {
            snprintf(words[i], sizeof words[i], "%s", given[i]);
            argv[argc++] = words[i];
        }
    }
    return run_quietly(argc, argv);
}

static void a_command_makes_a_store_only_where_its_row_says_so(void **state)
{
    (void)state;
    size_t made = 0;
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        if (row->line == NULL) {
            continue;
        }
        int code = run_row(row);
        bool may = (row->needs & NEED_MASK) == NEED_VIEW_TO_WRITE;
        if (folder_has(home, "store") != may) {
            fail_msg("tocsin %s %s (exit code %d) %s a store", row->group != NULL ? row->group : "",
                     row->name, code, may ? "did not make" : "made");
        }
        if (may) {
            char path[500];
            snprintf(path, sizeof path, "%s/store", home);
            folder_remove(path);
            made++;
        }
    }
    assert_true(made > 0);
}

static void an_option_without_its_value_and_without_a_command_is_no_command(void **state)
{
    (void)state;
    char *argv[] = {(char[]){"tocsin"}, (char[]){"--store"}, NULL, NULL};
    assert_int_equal(run_quietly(2, argv), EXIT_USAGE);
}

static void what_needs_the_clock_alone_needs_no_home(void **state)
{
    (void)state;
    const char *const words[][5] = {{"best", "Rome"},
                                    {"when", "25 april", "--format=tsv"},
                                    {"explain", "25 april"},
                                    {"dates", "bologna"},
                                    {"sky", "--from=2027-08-01", "--to=2027-08-03"}};
    unsetenv("TOCSIN_HOME");
    unsetenv("TOCSIN_CONFIG");
    unsetenv("HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char copy[5][40];
        char *argv[8] = {(char[]){"tocsin"}};
        int argc = 1;
        for (size_t k = 0; words[i][k] != NULL; k++) {
            snprintf(copy[k], sizeof copy[k], "%s", words[i][k]);
            argv[argc++] = copy[k];
        }
        assert_int_equal(run_quietly(argc, argv), EXIT_DONE);
    }
    char *list[] = {(char[]){"tocsin"}, (char[]){"list"}, NULL};
    assert_int_equal(run_quietly(2, list), EXIT_USAGE); /* the store of nobody */
}

static void every_row_has_its_section_in_the_manual(void **state)
{
    (void)state;
    static char page[200000];
    FILE *file = fopen(SOURCE_DIR "/clients/tocsin/tocsin.1", "re");
    assert_non_null(file);
    size_t size = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    assert_in_range(size, 1000, sizeof page - 2);
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        char item[80];
        snprintf(item, sizeof item, "\n.It Ic %s%s%s", row->group != NULL ? row->group : "",
                 row->group != NULL ? " " : "", row->name);
        const char *at = strstr(page, item);
        if (at == NULL || (at[strlen(item)] != ' ' && at[strlen(item)] != '\n')) {
            fail_msg("tocsin.1 has no \"%s\"", item + 1);
        }
    }
}

/* A letter that stands for one thing here and for another there is pressed by mistake. */
struct letters {
    const char *name[128]; /* of the option; NULL: none yet */
    const char *command[128];
};

static void collect_letters(struct letters *letters, const char *command, const struct argp *argp)
{
    for (const struct argp_option *o = argp->options; o != NULL && o->name != NULL; o++) {
        if (o->key <= ' ' || o->key >= 127) {
            continue;
        }
        if (letters->name[o->key] == NULL) {
            letters->name[o->key] = o->name;
            letters->command[o->key] = command;
        } else if (strcmp(letters->name[o->key], o->name) != 0) {
            fail_msg("-%c is --%s of %s and --%s of %s", o->key, letters->name[o->key],
                     letters->command[o->key], o->name, command);
        }
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        collect_letters(letters, command, c->argp);
    }
}

static void a_short_option_means_one_thing_in_every_command(void **state)
{
    (void)state;
    struct letters letters = {{"help"}, {"argp"}};
    letters.name['?'] = "help";
    letters.name['V'] = "version";
    letters.command['?'] = letters.command['V'] = "argp";
    for (size_t i = 0; i < command_count; i++) {
        if (command_table[i].line != NULL) {
            struct command_argp parsers;
            command_argp_init(&parsers, &command_table[i]);
            collect_letters(&letters, command_table[i].name, &parsers.argp);
        }
    }
    assert_string_equal(letters.name['y'], "yes");
    assert_string_equal(letters.name['o'], "out");
}

int main(void)
{
    assert_true(sodium_init() >= 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_makes_a_store_only_where_its_row_says_so,
                                        open_home, close_home),
        cmocka_unit_test(an_option_without_its_value_and_without_a_command_is_no_command),
        cmocka_unit_test(what_needs_the_clock_alone_needs_no_home),
        cmocka_unit_test(every_row_has_its_section_in_the_manual),
        cmocka_unit_test(a_short_option_means_one_thing_in_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
