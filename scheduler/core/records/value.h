/* records/value.h -- one value of one line: text to memory, memory to text, and whether two are the
 * same.  What kinds there are is schema.h's. */
#ifndef RECORDS_VALUE_H
#define RECORDS_VALUE_H

#include "records/schema.h"
#include "text/draft.h"

/* What a value's reading depends on besides its own text. */
struct value_context {
    const struct leap_table *leap;
    enum record_wave wave; /* as read so far: at and for come after wave */
};

/* Reads text into *slot, which has schema_size(kind) bytes (a SCHEMA_WAVE's is the whole window; a
 * SCHEMA_PROSE's tag is the caller's).  NULL when it is read, else what was expected, and *fault
 * points at the byte where. */
const char *value_read(enum schema_kind kind, struct text text, const struct value_context *context,
                       void *slot, const char **fault);

/* Writes the text of a value.  What no text can say comes out as text that value_read refuses. */
void value_write(enum schema_kind kind, const void *slot, const struct value_context *context,
                 struct draft *draft);

bool value_equal(enum schema_kind kind, const void *a, const void *b);

#endif
