#include "tocsin/print/field.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "say/say.h"

void field_print(const char *name, const char *format, ...)
{
    char *value;
    va_list args;
    va_start(args, format);
    if (vasprintf(&value, format, args) >= 0) {
        say_wrapped(stdout, 0, FIELD_LABEL, "%-*s %s", FIELD_LABEL - 1, name, value);
        free(value);
    }
    va_end(args);
}
