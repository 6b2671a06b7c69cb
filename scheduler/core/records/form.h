/* records/form.h -- the form of each type of record as a table, which reader and writer both obey:
 * which keys, in which order, how often, and what kind of value each holds. */
#ifndef RECORDS_FORM_H
#define RECORDS_FORM_H

#include "records/record.h"

enum form_kind {
    FORM_ID,
    FORM_UID,
    FORM_KEY_ID,
    FORM_NUMBER,
    FORM_INSTANT,
    FORM_TEXT,
    FORM_PROSE,
    FORM_TONE,
    FORM_AT,
    FORM_ON,
    FORM_WAVE,
    FORM_OCCURRENCE, /* the key of an occurrence */
    FORM_DURATION,
    FORM_LENGTH, /* a duration, in whole days for WAVE_DAY */
    FORM_URL,
    FORM_KEY,
    FORM_KEY_NAME,
    FORM_KEY_URL,
};

enum form_times { ONCE, AT_MOST_ONCE, ANY_NUMBER, AT_LEAST_ONCE };

enum { FORM_FIELDS_MAX = 20, FORM_NONE = -1 };

struct form_field {
    const char *key;
    enum form_times times;
    enum form_kind kind;
    size_t offset; /* in struct record: the value; the pointer to the values of a repeatable key */
    size_t also;   /* the size_t count of a repeatable key, the has_ flag of one that may be absent;
                      0 where there is none (a text's length tells, or wave's WAVE_NONE) */
    size_t most;   /* lines of a repeatable key, 0: as many as fit */
    bool is_positive; /* numbers: 0 is refused */
    bool has_lines;   /* prose: \n is an escape */
};

struct form {
    const char *word; /* "window" */
    const struct form_field *field;
    int count;
    enum record_subject subject;
    size_t root;     /* in struct record, as these: the values that types have in common */
    size_t has_root; /* the flag of a root line that may be absent; 0: it is always there */
    size_t uid, beacon, step; /* 0: this type has none */
};

const struct form *form_of(enum record_type type);

/* The index of the field that this key (without its tag) names, or FORM_NONE. */
int form_find(const struct form *form, struct text key);

/* The size of one value of this kind in memory. */
size_t form_size(enum form_kind kind);

static inline bool form_repeats(const struct form_field *field)
{
    return field->times == ANY_NUMBER || field->times == AT_LEAST_ONCE;
}

#endif
