/* conf/lines.h -- the text of a configuration file, as options and values.  Pure. */
#ifndef CONF_LINES_H
#define CONF_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CONF_SIZE_MAX = 64 * 1024,
    CONF_NAME_SIZE = 40,
    CONF_VALUE_SIZE = 4096,
};

struct conf_line {
    size_t number; /* from 1 */
    char name[CONF_NAME_SIZE];
    bool has_value;
    char value[CONF_VALUE_SIZE]; /* no control character, no blank at either end, not empty */
};

enum conf_result {
    CONF_LINE,
    CONF_END,
    CONF_REFUSED, /* out->number is set, and *why says what is expected; a static text */
};

/* The next option after *at, which begins at 0 with out->number 0. */
enum conf_result conf_next_line(const char *text, size_t size, size_t *at, struct conf_line *out,
                                const char **why);

#endif
