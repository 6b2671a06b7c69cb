/* tocsin/commands/command.h -- what every command of tocsin shares: its shape and its exit codes.
 */
#ifndef TOCSIN_COMMAND_H
#define TOCSIN_COMMAND_H

enum command_exit {
    EXIT_DONE = 0,
    EXIT_NO = 1,      /* the answer is no: verification failed, nothing found */
    EXIT_USAGE = 2,   /* usage or bad input */
    EXIT_OUTSIDE = 3, /* the outside failed: disk, network, memory */
};

/* argv[0] is "tocsin NAME"; the answer is an enum command_exit. */
#define COMMAND(name, help) int cmd_##name(int argc, char **argv);
#include "tocsin/commands/commands.def"
#undef COMMAND

/* For commands with a second word (key new, root show): what runs each. */
struct subcommand {
    const char *name;
    const char *help;
    int (*run)(int argc, char **argv);
};

/* Runs the row of table (ended by a NULL name) that argv[1] names, with argv[0] = "tocsin key new".
 * Handles --help; unknown or missing words are EXIT_USAGE with a suggestion. */
int command_run_sub(const struct subcommand *table, int argc, char **argv);

/* The nearest of the names to a mistyped word, or NULL; next(i) is NULL after the last. */
const char *command_nearest(const char *word, const char *(*next)(const void *, int),
                            const void *table);

#endif
