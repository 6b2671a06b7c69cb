/* records/validate.h -- what must hold between the lines of a record. */
#ifndef RECORDS_VALIDATE_H
#define RECORDS_VALIDATE_H

#include "records/schema.h"

/* A fault between lines: it is told at the index-th line of the field named key. */
struct validate_fault {
    const char *key;
    size_t index;
    const char *why;
};

/* Whether the lines of a record agree with each other; its values were read already. */
bool validate_record(const struct record *record, struct validate_fault *fault);

#endif
