#include "cli/say.h"

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

__attribute__((format(printf, 3, 0))) static void say(const char *colour, const char *word,
                                                      const char *format, va_list args)
{
    char text[2048];
    vsnprintf(text, sizeof text, format, args);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
    fflush(stdout);
    if (has_colour(STDERR_FILENO)) {
        fprintf(stderr, "tocsin: %s%s\033[0m%s\n", colour, word, text);
    } else {
        fprintf(stderr, "tocsin: %s%s\n", word, text);
    }
}

#define SAY(colour, word)                                                                          \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        say(colour, word, format, args);                                                           \
        va_end(args);                                                                              \
    } while (0)

int say_no(const char *format, ...)
{
    SAY("\033[31m", "");
    return EXIT_NO;
}

int say_usage(const char *format, ...)
{
    SAY("\033[31m", "");
    return EXIT_USAGE;
}

int say_outside(const char *format, ...)
{
    SAY("\033[31m", "");
    return EXIT_OUTSIDE;
}

void say_note(const char *format, ...)
{
    SAY("", "");
}

void say_warning(const char *format, ...)
{
    SAY("\033[33m", "warning: ");
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
