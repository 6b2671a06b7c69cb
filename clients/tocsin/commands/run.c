#include "tocsin/commands/run.h"

#include <argz.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/parse.h"
#include "say/say.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/outgoing.h"
#include "tocsin/session/proposal.h"

static void print_commands(FILE *to, const char *group)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        if (command_is_in(row, group) && group == NULL) {
            fprintf(to, "  %-10s %s\n", row->name, row->help);
        } else if (command_is_in(row, group)) {
            fprintf(to, "  tocsin %s %-8s %s\n", group, row->name, row->help);
        }
    }
}

static void print_help(FILE *to, const char *group)
{
    if (group != NULL) {
        fputs("Usage:\n", to);
        print_commands(to, group);
        return;
    }
    fputs("Usage: tocsin COMMAND [ARGUMENT...]\n"
          "Begin the same peaceful gesture at the same moment in many places.\n\n"
          "Commands (tocsin COMMAND --help tells more):\n",
          to);
    print_commands(to, NULL);
    fputs(
        "\nExit status: 0 done; 1 the answer is no; 2 usage or bad input; 3 the outside failed.\n",
        to);
}

/* One command line while it is read. */
struct reading {
    const struct command_row *row;
    struct command_call *call;
    void *own;
    struct options *options;
    size_t shared;
};

static bool names_one_window(const struct command_row *row)
{
    return (row->needs & NEED_MASK) == NEED_WINDOW;
}

/* The one word that is missing, of whoever is at the terminal. */
static bool ask_word(const struct command_line *line, struct command_call *call)
{
    static char *typed;
    if (command_least(line) != 1) {
        return false;
    }
    typed = proposal_ask(line->missing);
    call->word = &typed;
    call->count = typed != NULL;
    return typed != NULL;
}

/* argp gives all words at once (ARGP_KEY_ARGS), which is not called where there are none; too many
 * for other commands may be the one name of a window, which run_row joins.  The inputs go by the
 * order of command_argp_init: the command's own options first. */
static error_t read_words(int key, char *arg, struct argp_state *state)
{
    struct reading *reading = state->input;
    const struct command_line *line = reading->row->line;
    (void)arg;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = reading->own;
        for (size_t i = 1; i <= reading->shared; i++) {
            state->child_inputs[i] = reading->options;
        }
        return 0;
    case ARGP_KEY_ARGS:
        reading->call->word = state->argv + state->next;
        reading->call->count = (size_t)(state->argc - state->next);
        if (reading->call->count > command_most(line) && !names_one_window(reading->row)) {
            argp_error(state, "\"%s\" is one argument too many%s%s",
                       reading->call->word[command_most(line)], line->surplus != NULL ? ": " : "",
                       line->surplus != NULL ? line->surplus : "");
        }
        return 0;
    case ARGP_KEY_END:
        if (reading->call->count < command_least(line) && !ask_word(line, reading->call)) {
            argp_error(state, "%s", line->missing);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Reads what stands behind the command's name. */
static int read_line(const struct command_row *row, int argc, char **argv, struct options *options,
                     void *own, struct command_call *call)
{
    struct command_argp parsers;
    command_argp_init(&parsers, row);
    parsers.argp.parser = read_words;
    struct reading reading = {row, call, own, options, parsers.shared};
    if (row->line->rewrite != NULL) {
        argv = row->line->rewrite(&parsers.argp, &argc, argv);
    }
    *options = (struct options){.passphrase_fd = -1};
    call->options = own;
    if (!say_knows_options(&parsers.argp, argv)) {
        return EXIT_USAGE;
    }
    return argp_parse(&parsers.argp, argc, argv, 0, NULL, &reading) == 0 ? EXIT_DONE : EXIT_USAGE;
}

/* Opens what the row needs, and calls it. */
static int call_with_needs(const struct command_row *row, const struct options *options,
                           const struct command_call *read)
{
    struct command_call call = *read;
    struct session session;
    struct environment environment = {0};
    int code = session_open(&session, options);
    if (code == EXIT_DONE && options->out != NULL) {
        code = outgoing_check(options->out, (row->needs & TAKE_PICTURE) != 0 ? OUTGOING_PICTURE
                                                                             : OUTGOING_BUNDLE);
    }
    if ((row->needs & TAKE_YES) != 0) {
        say_hold_warnings();
    }
    if (code == EXIT_DONE) {
        code = session_need(&session, row->needs & NEED_MASK, call.count > 0 ? call.word[0] : NULL);
    }
    if (code == EXIT_DONE && (row->needs & NEED_RULES) != 0) {
        code = environment_open(&environment, &session.leap);
        call.environment = &environment;
    }
    if (code == EXIT_DONE) {
        code = row->run(&session, &call);
    }
    environment_close(&environment);
    session_close(&session);
    return code;
}

/* The four words of a uid, or a part of a title, as they stand: "tocsin show rosas sofuz subof
 * rivuf".  On the heap. */
static char *join_words(const struct command_call *call)
{
    char *out = NULL;
    size_t size;
    if (argz_create(call->word, &out, &size) != 0) { /* argv's last words, with its NULL */
        say_no_memory();
    }
    argz_stringify(out, size, ' ');
    return out;
}

/* argv[0] is "tocsin NAME". */
static int run_row(const struct command_row *row, int argc, char **argv)
{
    static char help[] = "--help";
    struct options options;
    struct command_call call = {0};
    if (argc > 1 && strcmp(argv[1], "-h") == 0) { /* as most programs have it */
        argv[1] = help;
    }
    void *own = say_memory(calloc(1, row->line->size + 1));
    int code = read_line(row, argc, argv, &options, own, &call);
    char *joined = NULL;
    if (code == EXIT_DONE && names_one_window(row) && call.count > 1) {
        joined = join_words(&call);
        call.word = &joined;
        call.count = 1;
    }
    if (code == EXIT_DONE) {
        code = call_with_needs(row, &options, &call);
    }
    free(joined);
    free(own);
    return code;
}

static int run_word(const char *group, int argc, char **argv);

/* "tocsin help WORD..." as "tocsin WORD... --help". */
static int help_about(int argc, char **argv)
{
    static char ask[] = "--help";
    for (int i = 1; i + 1 < argc; i++) {
        argv[i] = argv[i + 1];
    }
    argv[argc - 1] = ask;
    return run_word(NULL, argc, argv);
}

/* "tocsin --store DIR list" as "tocsin list --store DIR". */
static int run_with_options_before(const char *group, int argc, char **argv)
{
    int first = say_first_word(&options_shared, argv);
    if (first == 0) {
        return EXIT_USAGE;
    }
    if (first == argc || strcmp(argv[first], "--") == 0) {
        bool asks = strcmp(argv[1], "--usage") == 0;
        print_help(asks ? stdout : stderr, group);
        return asks ? EXIT_DONE : EXIT_USAGE;
    }
    const struct command_row *row = command_find(group, argv[first]);
    int words = row != NULL && row->line == NULL && first + 1 < argc ? 2 : 1;
    for (int w = 0; w < words; w++) { /* each word of the command moves to its place */
        char *word = argv[first + w];
        memmove(&argv[2 + w], &argv[1 + w], (size_t)(first - 1) * sizeof *argv);
        argv[1 + w] = word;
    }
    return run_word(group, argc, argv);
}

/* argv[0] is "tocsin", or "tocsin GROUP". */
static int run_word(const char *group, int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr, group);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (group == NULL && strcmp(word, "help") == 0 && argc > 2) {
        return help_about(argc, argv);
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "-h") == 0 ||
        (group == NULL && strcmp(word, "help") == 0)) {
        print_help(stdout, group);
        return EXIT_DONE;
    }
    if (word[0] == '-') {
        return run_with_options_before(group, argc, argv);
    }
    const struct command_row *row = command_find(group, word);
    if (row == NULL) {
        const char *kind = group != NULL ? "word" : "command";
        const char *near = command_nearest(group, word);
        return near != NULL
                   ? say_usage("unknown %s \"%s\", did you mean \"%s %s\"?", kind, word, argv[0],
                               near)
                   : say_usage("unknown %s \"%s\"; %s --help lists them", kind, word, argv[0]);
    }
    char name[64];
    snprintf(name, sizeof name, "%s %s", argv[0], row->name);
    argv[1] = name;
    return row->line != NULL ? run_row(row, argc - 1, argv + 1)
                             : run_word(row->name, argc - 1, argv + 1);
}

int command_run(int argc, char **argv)
{
    static char program[] = "tocsin";
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        puts("tocsin " TOCSIN_VERSION);
        return EXIT_DONE;
    }
    if (argc > 0) {
        argv[0] = program;
    }
    return run_word(NULL, argc, argv);
}
