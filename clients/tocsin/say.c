#include "tocsin/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_colour(int fd)
{
    const char *none = getenv("NO_COLOR");
    return (none == NULL || *none == '\0') && isatty(fd);
}

enum weight { NOTE, WARNING, ERROR };

/* Of an error the program's name is red, of a warning that word is yellow. */
__attribute__((format(printf, 2, 0))) static void say(enum weight weight, const char *format,
                                                      va_list args)
{
    static const char *const plain[] = {"tocsin: ", "tocsin: warning: ", "tocsin: "};
    static const char *const coloured[] = {"tocsin: ", "tocsin: \033[33mwarning:\033[0m ",
                                           "\033[31mtocsin:\033[0m "};
    char text[2048];
    vsnprintf(text, sizeof text, format, args);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
    fflush(stdout);
    fprintf(stderr, "%s%s\n", (has_colour(STDERR_FILENO) ? coloured : plain)[weight], text);
}

#define SAY(weight)                                                                                \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        say(weight, format, args);                                                                 \
        va_end(args);                                                                              \
    } while (0)

int say_no(const char *format, ...)
{
    SAY(ERROR);
    return EXIT_NO;
}

int say_usage(const char *format, ...)
{
    SAY(ERROR);
    return EXIT_USAGE;
}

int say_outside(const char *format, ...)
{
    SAY(ERROR);
    return EXIT_OUTSIDE;
}

void say_note(const char *format, ...)
{
    SAY(NOTE);
}

void say_warning(const char *format, ...)
{
    SAY(WARNING);
}

void say_note_line(void *context, const char *line)
{
    (void)context;
    say_note("%s", line);
}

bool say_confirm(const char *question, bool yes, int *code)
{
    *code = EXIT_DONE;
    if (yes) {
        return true;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        *code = say_usage("nobody is there to confirm: give --yes to go on without asking");
        return false;
    }
    fflush(stdout);
    fprintf(stderr, "%s Type yes to go on: ", question);
    char answer[16] = "";
    if (fgets(answer, sizeof answer, stdin) == NULL || strcmp(answer, "yes\n") != 0) {
        *code = say_no("not confirmed: nothing was done");
        return false;
    }
    return true;
}

const char *say_colour(enum say_colour colour)
{
    static const char *const sequence[] = {"\033[0m", "\033[1m", "\033[32m", "\033[33m",
                                           "\033[31m"};
    return has_colour(STDOUT_FILENO) ? sequence[colour] : "";
}
