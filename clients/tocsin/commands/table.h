/* tocsin/commands/table.h -- the table of commands: what each needs, what it reads, and what runs.
 * commands.def has the rows. */
#ifndef TOCSIN_TABLE_H
#define TOCSIN_TABLE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tocsin/session/load.h"
#include "tocsin/windows/environment.h"

/* Beside enum session_need. */
enum command_takes {
    NEED_RULES = 0x10,       /* zones, places and calendars: call->environment */
    TAKE_FORMAT = 0x20,      /* --format */
    TAKE_KEY = 0x40,         /* --key */
    TAKE_YES = 0x80,         /* --yes */
    TAKE_PASSPHRASE = 0x100, /* --passphrase-fd */
    TAKE_OUT = 0x200,        /* --out */
    TAKE_FULL = 0x400,       /* --full */
    TAKE_PICTURE = 0x800,    /* --out, for a picture */
    SIGNS = TAKE_KEY | TAKE_YES | TAKE_PASSPHRASE,
    SENDS = SIGNS | TAKE_OUT | TAKE_FULL, /* what it signs is for others to sign too */
};

#define COMMAND_WHICH_UID "which UID? \"tocsin list\" shows them"

/* What a command reads besides the options that commands share. */
struct command_line {
    /* what stands besides options, as --help shows it: "UID DIR", "FILE...", "[DIR]" where none may
     * stand there, too; NULL: nothing may */
    const char *words;
    const char *doc;                   /* of --help; what follows \v comes after the options */
    const struct argp_option *options; /* its own; NULL: none */
    argp_parser_t parser;              /* of those; its input is the command's struct */
    const struct argp_child *children;
    size_t size;                   /* of that struct, all zeros before ARGP_KEY_INIT */
    const char *missing, *surplus; /* what to say of too few and of too many */
    /* before argp, which is all of the line's, sees it */
    char **(*rewrite)(const struct argp *argp, int *argc, char **argv);
};

/* One command line, read. */
struct command_call {
    char *const *word;
    size_t count;
    const void *options;             /* the command's struct */
    struct environment *environment; /* with NEED_RULES */
};

struct command_row {
    const char *group; /* NULL: tocsin NAME; else tocsin GROUP NAME */
    const char *name;
    unsigned needs;
    const char *help;
    const struct command_line *line; /* NULL: a group, whose rows follow */
    int (*run)(struct session *session, const struct command_call *call); /* an exit code */
};

#define GROUP(name, help)
#define COMMAND(name, needs, help)                                                                 \
    extern const struct command_line line_##name;                                                  \
    int cmd_##name(struct session *session, const struct command_call *call);
#define SUBCOMMAND(group, name, needs, help) COMMAND(group##_##name, needs, help)
#include "tocsin/commands/commands.def"
#undef GROUP
#undef COMMAND
#undef SUBCOMMAND

extern const struct command_row command_table[];
extern const size_t command_count;

/* How many words a line may have, as .words says it. */
size_t command_least(const struct command_line *line);
size_t command_most(const struct command_line *line);

/* Whether a row is of this group; NULL: of the commands and groups themselves. */
bool command_is_in(const struct command_row *row, const char *group);

/* The row of `tocsin NAME`, or of `tocsin GROUP NAME`; NULL: none. */
const struct command_row *command_find(const char *group, const char *name);

/* The name in this group (NULL: of all commands) that is nearest to a mistyped word, or NULL. */
const char *command_nearest(const char *group, const char *word);

/* What argp needs to read a row's line.  The first child is the command's own, and takes its
 * struct; the others are shared, and take a struct options. */
enum { COMMAND_CHILDREN = 9 };
struct command_argp {
    struct argp argp, own;
    struct argp_child child[COMMAND_CHILDREN + 1];
    size_t shared; /* children after the first */
};
void command_argp_init(struct command_argp *out, const struct command_row *row);

#endif
