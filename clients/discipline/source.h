/* discipline/source.h -- one beacon's delay lines and the interval they give; for discipline.c. */
#ifndef DISCIPLINE_SOURCE_H
#define DISCIPLINE_SOURCE_H

#include "discipline/discipline.h"

void source_hear(struct discipline_source *source, size_t link,
                 const struct discipline_sample *sample, const struct discipline_memory *memory);

/* What the beacon says about UTC at `now`; false when it has not been heard.  *slope is the local
 * clock's gain against the beacon's; *learned whether that is known well enough to be kept. */
bool source_interval(const struct discipline_source *source, mono now,
                     struct discipline_interval *out, double *slope, bool *learned);

/* A tick stamped `sent` came as an answer to this listener alone. */
void source_answer(struct discipline_source *source, size_t link, mono answered, utc sent);

#endif
