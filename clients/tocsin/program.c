/* tocsin: declares windows, asks when they are, and keeps the records of a constellation. */
#include <argp.h>
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "tocsin/program.h"

#include "tocsin/commands/command.h"
#include "tocsin/say.h"

struct row {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct row table[] = {
#define COMMAND(name, help) {#name, cmd_##name, help},
#include "tocsin/commands/commands.def"
#undef COMMAND
    {NULL, NULL, NULL},
};

static const char *row_name(const void *rows, int i)
{
    return ((const struct row *)rows)[i].name;
}

static void print_help(FILE *to)
{
    fputs("Usage: tocsin COMMAND [ARGUMENT...]\n"
          "Begin the same peaceful gesture at the same moment in many places.\n\n"
          "Commands (tocsin COMMAND --help tells more):\n",
          to);
    for (const struct row *row = table; row->name != NULL; row++) {
        fprintf(to, "  %-10s %s\n", row->name, row->help);
    }
    fputs(
        "\nExit status: 0 done; 1 the answer is no; 2 usage or bad input; 3 the outside failed.\n",
        to);
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("tocsin " TOCSIN_VERSION);
        return EXIT_DONE;
    }
    for (const struct row *row = table; row->name != NULL; row++) {
        if (strcmp(word, row->name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "tocsin %s", row->name);
            argv[1] = name;
            return row->run(argc - 1, argv + 1);
        }
    }
    const char *near = command_nearest(word, row_name, table);
    if (near != NULL) {
        return say_usage("unknown command \"%s\", did you mean \"tocsin %s\"?", word, near);
    }
    return say_usage("unknown command \"%s\"; tocsin --help lists them", word);
}

/* A full disk behind a redirection must not look like success.  At exit, because argp ends the
 * program itself after --help. */
static void check_stdout(void)
{
    errno = 0; /* an earlier write that failed has left no number */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        _exit(say_outside("standard output: %s",
                          errno != 0 ? strerror(errno) : "not everything could be written"));
    }
}

int tocsin_main(int argc, char **argv)
{
    if (atexit(check_stdout) != 0) {
        return say_outside("out of memory");
    }
    setlocale(LC_CTYPE, "");
    argp_err_exit_status = EXIT_USAGE;
    argp_program_version = "tocsin " TOCSIN_VERSION;
    signal(SIGXFSZ, SIG_IGN); /* a quota is an error to tell, not a way to die */
    if (sodium_init() < 0) {
        return say_outside("libsodium cannot start: no source of random bytes");
    }
    return run(argc, argv);
}
