#include "lines/line.h"

#include <stdarg.h>
#include <stdio.h>

#include "words/asks.h"
#include "words/sayings.h"
#include "words/words.h"

/* The first stays. */
__attribute__((format(printf, 4, 0))) static void
put_first(struct line *line, char *out, size_t size, const char *format, va_list args)
{
    if (*out == '\0') {
        const char *english = format;
        format = asks_in(line->reader, english);
        line->is_in_english = format == english;
        vsnprintf(out, size, format, args);
    }
}

void line_ask(struct line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_first(line, line->question, sizeof line->question, format, args);
    va_end(args);
}

void line_refuse(struct line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_first(line, line->refusal, sizeof line->refusal, format, args);
    va_end(args);
}

const char *line_weekday(const struct line *line, int32_t weekday)
{
    return line->reader == LANGUAGE_EN ? words_name(WORD_WEEKDAY, weekday)
                                       : language_names[line->reader].weekday[weekday];
}

void line_keep(struct line *line, struct piece piece)
{
    struct piece *kept = line->is_excepting ? line->except : line->select;
    size_t *count = line->is_excepting ? &line->excepts : &line->selects;
    if (*count + 1 < PIECES_MAX) {
        kept[(*count)++] = piece;
    }
}
