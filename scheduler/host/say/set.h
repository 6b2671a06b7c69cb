/* say/set.h -- options that do no more than fill a field: the row of the table says which, so that
 * the parser has no case for them.
 *
 *   {"store", SAY_SETS(options, store), "DIR", 0, "the folder of records", 0}
 *
 * with say_set as the argp's parser, or called by it for the keys that it does not know. */
#ifndef SAY_SET_H
#define SAY_SET_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* Of a key that says what the field is; the rest is its offset.  argp keeps 24 bits of a key. */
enum { SAY_SET_TEXT = 0x100000, SAY_SET_FLAG = 0x200000, SAY_SET_OFFSET = 0xfffff };

/* The key of such an option.  The parser's input is a struct of this type; the field is a const
 * char *, which takes the argument, or a bool, which becomes true. */
#define SAY_SETS(type, field)                                                                      \
    (_Generic(((struct type *)0)->field, const char * : SAY_SET_TEXT, bool : SAY_SET_FLAG) |              \
     (int)offsetof(struct type, field))

/* A parser for argp; ARGP_ERR_UNKNOWN, as argp has it, of every other key. */
error_t say_set(int key, char *arg, struct argp_state *state);

#endif
