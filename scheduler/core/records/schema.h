/* records/schema.h -- the form of each type of record as a table, which reader and writer both
 * obey: which keys, in which order, how often, and what kind of value each holds. */
#ifndef RECORDS_SCHEMA_H
#define RECORDS_SCHEMA_H

#include "records/record.h"

enum schema_kind {
    SCHEMA_ID,
    SCHEMA_UID,
    SCHEMA_KEY_ID,
    SCHEMA_NUMBER,
    SCHEMA_INSTANT,
    SCHEMA_TEXT,
    SCHEMA_PROSE,
    SCHEMA_TONE,
    SCHEMA_AT,
    SCHEMA_ON,
    SCHEMA_WAVE,
    SCHEMA_OCCURRENCE, /* the key of an occurrence */
    SCHEMA_DURATION,
    SCHEMA_LENGTH, /* a duration, in whole days for WAVE_DAY */
    SCHEMA_URL,
    SCHEMA_KEY,
    SCHEMA_KEY_NAME,
    SCHEMA_KEY_URL,
};

enum schema_times { ONCE, AT_MOST_ONCE, ANY_NUMBER, AT_LEAST_ONCE };

enum { SCHEMA_FIELDS_MAX = 20, SCHEMA_NONE = -1 };

struct schema_field {
    const char *key;
    enum schema_times times;
    enum schema_kind kind;
    size_t offset; /* in struct record: the value; the pointer to the values of a repeatable key */
    size_t also;   /* the size_t count of a repeatable key, the has_ flag of one that may be absent;
                      0 where there is none (a text's length tells, or wave's WAVE_NONE) */
    size_t most;   /* lines of a repeatable key, 0: as many as fit */
    bool is_positive; /* numbers: 0 is refused */
    bool has_lines;   /* prose: \n is an escape */
};

struct schema {
    const char *word; /* "window" */
    const struct schema_field *field;
    int count;
    enum record_subject subject;
    size_t root;     /* in struct record, as these: the values that types have in common */
    size_t has_root; /* the flag of a root line that may be absent; 0: it is always there */
    size_t made;
    size_t uid, step; /* 0: this type has none */
};

const struct schema *schema_of(enum record_type type);

/* The index of the field that this key (without its tag) names, or SCHEMA_NONE. */
int schema_find(const struct schema *schema, struct text key);

/* The size of one value of this kind in memory. */
size_t schema_size(enum schema_kind kind);

static inline bool schema_repeats(const struct schema_field *field)
{
    return field->times == ANY_NUMBER || field->times == AT_LEAST_ONCE;
}

#endif
