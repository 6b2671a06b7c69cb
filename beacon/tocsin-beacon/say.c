#include "tocsin-beacon/say.h"

#include <stdarg.h>
#include <stdio.h>

/* Names of files and hosts may hold anything; a terminal obeys some of it. */
__attribute__((format(printf, 3, 0))) static void put_clean(FILE *to, const char *start,
                                                            const char *format, va_list arguments)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    for (char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            *at = '?';
        }
    }
    fprintf(to, "%s%s\n", start, text);
    fflush(to);
}

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_clean(stdout, "beacon > ", format, arguments);
    va_end(arguments);
}

void say_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_clean(stderr, "tocsin-beacon: ", format, arguments);
    va_end(arguments);
}

void say_note(void *context, const char *line)
{
    (void)context;
    say("%s", line);
}
