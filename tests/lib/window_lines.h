/* window_lines.h -- two windows that differ in one line alone, for whoever compares windows: a line
 * that is new in schema.c must not be overlooked there. */
#ifndef WINDOW_LINES_H
#define WINDOW_LINES_H

#include "records/schema.h"
#include "records_random.h"

static inline void window_draw(struct random_record *out, struct seed *seed)
{
    do {
        random_record(out, seed);
    } while (out->record.type != RECORD_WINDOW);
}

/* *out is the one window, with this line of the other. */
static inline void window_with_line(const struct random_record *one,
                                    const struct random_record *other,
                                    const struct schema_field *field, struct record *out)
{
    bool repeats = schema_repeats(field);
    *out = one->record;
    if (field->kind == SCHEMA_WAVE) { /* its value is spread over the window */
        out->is.window.wave = other->record.is.window.wave;
        out->is.window.wave_time = other->record.is.window.wave_time;
        return;
    }
    memcpy((char *)out + field->offset, (const char *)&other->record + field->offset,
           repeats ? sizeof(void *) : schema_size(field->kind));
    if (field->also != 0) {
        memcpy((char *)out + field->also, (const char *)&other->record + field->also,
               repeats ? sizeof(size_t) : sizeof(bool));
    }
}

/* Whether a key is among those of a list that NULL ends. */
static inline bool window_line_is_in(const char *const *list, const char *key)
{
    while (*list != NULL && strcmp(*list, key) != 0) {
        list++;
    }
    return *list != NULL;
}

#endif
