#include "hook/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool find_program(const char *name, char out[static HOOK_COMMAND_SIZE])
{
    if (strchr(name, '/') != NULL) {
        char *real = realpath(name, NULL);
        bool found = real != NULL && strlen(real) < HOOK_COMMAND_SIZE && is_program(real);
        if (found) {
            strcpy(out, real);
        }
        free(real);
        return found;
    }
    static const char *const folders[] = {"/usr/local/bin",  "/usr/bin",  "/bin",
                                          "/usr/local/sbin", "/usr/sbin", "/sbin"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int length = snprintf(out, HOOK_COMMAND_SIZE, "%s/%s", folders[i], name);
        if (length > 0 && length < HOOK_COMMAND_SIZE && is_program(out)) {
            return true;
        }
    }
    return false;
}

/* No shell takes part, so that nothing of what a record says is ever read as a command; of a
 * shell's words it knows quotes and the backslash alone.  A program that is not there is refused
 * now, and not at T-0. */
bool hook_command_read(const char *text, struct hook_command *out, struct hook_error *error)
{
    memset(out, 0, sizeof *out);
    if (strlen(text) >= sizeof out->text) {
        snprintf(error->message, sizeof error->message,
                 "the command is longer than %d bytes: put it into a script",
                 HOOK_COMMAND_SIZE - 1);
        return false;
    }
    char *to = out->text;
    const char *from = text;
    for (;;) {
        while (*from == ' ' || *from == '\t') {
            from++;
        }
        if (*from == '\0') {
            break;
        }
        if (out->count == HOOK_ARGUMENTS_MAX) {
            snprintf(error->message, sizeof error->message,
                     "the command has more than %d arguments: put it into a script",
                     HOOK_ARGUMENTS_MAX);
            return false;
        }
        out->argument[out->count++] = to;
        char quote = '\0';
        for (; *from != '\0' && (quote != '\0' || (*from != ' ' && *from != '\t')); from++) {
            if (quote == '\0' && (*from == '\'' || *from == '"')) {
                quote = *from;
            } else if (quote != '\0' && *from == quote) {
                quote = '\0';
            } else if (*from == '\\' && from[1] != '\0' &&
                       (quote == '\0' || (quote == '"' && (from[1] == '"' || from[1] == '\\')))) {
                *to++ = *++from;
            } else {
                *to++ = *from;
            }
        }
        if (quote != '\0') {
            snprintf(error->message, sizeof error->message,
                     "the command ends inside %c: close the quote", quote);
            return false;
        }
        /* Written never overtakes read: each argument ends at a blank or at the end. */
        bool at_end = *from == '\0';
        if (!at_end) {
            from++;
        }
        *to++ = '\0';
        if (at_end) {
            break;
        }
    }
    if (out->count == 0 || out->argument[0][0] == '\0') {
        snprintf(error->message, sizeof error->message, "the command is empty");
        return false;
    }
    if (!find_program(out->argument[0], out->program)) {
        snprintf(error->message, sizeof error->message,
                 "%.180s: no such program, or not executable: give its full path",
                 out->argument[0]);
        return false;
    }
    return true;
}
