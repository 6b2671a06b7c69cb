/* say/parse.h -- what argp leaves unsaid of a command line. */
#ifndef SAY_PARSE_H
#define SAY_PARSE_H

#include <argp.h>
#include <stdbool.h>

/* What stands on a command line, one after the other, as argp will see it. */
struct say_option {
    int at, next;                 /* the words where it stands, and where the next one does */
    int letter;                   /* of several in one word, which is the next; 0: the first */
    bool is_word;                 /* no option */
    const struct argp_option *is; /* NULL: a word, or no option that there is */
    const char *value;            /* what it takes, as it was typed; NULL: nothing */
};

/* Goes on to the next one, from an option that is zero but for .next = 1; false: it was the last,
 * and `at` is the word behind it, NULL or "--".  argv ends with NULL. */
bool say_next_option(const struct argp *argp, char *const *argv, struct say_option *option);

/* Whether a command line has no long option but those of argp, its children, and argp's own; tells
 * of the first other one, with the name that it was meant for.  argv[0] is how the program, or the
 * command, is called.  To be asked before argp_parse, which knows no more than "unrecognized". */
bool say_knows_options(const struct argp *argp, char *const *argv);

/* The index of the first word that is no option of this argp, nor the value of one; that of what
 * follows the last: there is none; 0: an option that is unknown comes before it, and that was
 * told. */
int say_first_word(const struct argp *argp, char *const *argv);

#endif
