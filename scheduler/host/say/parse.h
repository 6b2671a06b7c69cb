/* say/parse.h -- what argp leaves unsaid of a command line. */
#ifndef SAY_PARSE_H
#define SAY_PARSE_H

#include <argp.h>
#include <stdbool.h>

/* Whether a command line has no long option but those of argp, its children, and argp's own; tells
 * of the first other one, with the name that it was meant for.  argv[0] is how the program, or the
 * command, is called.  To be asked before argp_parse, which knows no more than "unrecognized". */
bool say_knows_options(const struct argp *argp, int argc, char *const *argv);

/* The index of the first word that is no option of this argp, nor the value of one; argc: there is
 * none; 0: an option that is unknown comes before it, and that was told. */
int say_first_word(const struct argp *argp, int argc, char *const *argv);

#endif
