/* hook/command.h -- a local command as a fixed argument vector: split once, at start-up, from the
 * site's own configuration; no shell, and no byte of any message ever becomes part of it. */
#ifndef HOOK_COMMAND_H
#define HOOK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum { HOOK_COMMAND_SIZE = 4096, HOOK_ARGUMENTS_MAX = 64 };

struct hook_command {
    char text[HOOK_COMMAND_SIZE];           /* what the arguments point into */
    char *argument[HOOK_ARGUMENTS_MAX + 1]; /* NULL-terminated; [0] is an absolute path */
    char program[HOOK_COMMAND_SIZE];        /* the absolute path */
    size_t count;
};

struct hook_error {
    char message[256]; /* names the cause and the remedy */
};

/* Splits at blanks; '...' keeps its bytes, "..." too but for \" and \\, and outside quotes a
 * backslash keeps the next byte.  Nothing is expanded.  The program is looked for now, in
 * /usr/local/bin:/usr/bin:/bin (and the sbin folders) unless it holds a slash.  *out must not be
 * moved afterwards. */
bool hook_command_read(const char *text, struct hook_command *out, struct hook_error *error);

#endif
