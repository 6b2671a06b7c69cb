/* records/sound.h -- what must hold between the lines of a record. */
#ifndef RECORDS_SOUND_H
#define RECORDS_SOUND_H

#include "records/form.h"

/* A fault between lines: it is told at the index-th line of the field named key. */
struct sound_fault {
    const char *key;
    size_t index;
    const char *why;
};

/* Whether the lines of a record agree with each other; its values were read already. */
bool sound_judge(const struct record *record, struct sound_fault *fault);

#endif
