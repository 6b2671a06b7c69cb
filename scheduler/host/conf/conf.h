/* conf/conf.h -- a daemon's options as lines of a file, for those that nobody types each time.
 *
 *   # a comment is a line of its own
 *   root = /etc/tocsin/root.bundle
 *   broker = mqtts://broker.example        an option that repeats has a line each time
 *   offline                                one without a value stands alone, or = yes, or = no
 *
 * The lines become words of the command line, before those that were typed, and one parser reads
 * both.  What may stand in a file, and the commented sample, come from the program's argp.
 *
 * Shell; its outside thing is the file. */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "conf/lines.h"
#include "instants/must_use.h"

struct conf {
    const char *program; /* as its manual page is called */
    const char *command; /* the program's, whose options these are; NULL: it has none */
    int section;         /* of that page */
    const struct argp *argp;
    const char *path; /* the file where --config names none; NULL: then there is none */
    /* Whoever types one of these has no need of the file at `path`.  NULL-terminated. */
    const char *const *complete;
    const char *const *only_typed; /* options that are nothing for a file; NULL-terminated */
    const struct conf_given {
        const char *option, *value; /* a line of the sample that is no comment */
    } * given;                      /* the last has no option */
    bool has_folder;                /* --config names a folder too, which is left where it stands */
};

enum { CONF_WHY_SIZE = 400 };

/* The child of the program's argp that brings --config and --print-config; it takes no input. */
extern const struct argp conf_argp;

/* For conf_argp's options in a table of the program's own, which has a --config already. */
extern const struct argp conf_place_argp;

/* Puts the file's lines before the words that were typed, and prints the sample and ends the
 * program where that is asked for.  The words live as long as the program.  NULL, with a sentence
 * that names file and line, when the file cannot be read or is not well formed. */
TOCSIN_MUST_USE char **conf_argv(const struct conf *conf, int *argc, char **argv,
                                 char why[static CONF_WHY_SIZE]);

/* Writes a sample with every option that may stand in a file. */
void conf_write_sample(const struct conf *conf, FILE *to);

#endif
