/* discipline/source.h -- one beacon's delay lines and the interval they give; for discipline.c. */
#ifndef DISCIPLINE_SOURCE_H
#define DISCIPLINE_SOURCE_H

#include "discipline/discipline.h"

void source_hear(struct discipline_source *source, size_t link,
                 const struct discipline_sample *sample, const struct discipline_memory *memory);

/* The local clock's gain against a beacon's. */
struct source_slope {
    double value;
    double doubt;    /* standard deviation */
    bool is_learned; /* known well enough to be kept */
};

/* What the beacon says about UTC at `now`; false when it has not been heard. */
bool source_interval(const struct discipline_source *source, mono now,
                     struct discipline_interval *out, struct source_slope *slope);

/* A tick stamped `sent` came as an answer to this listener alone. */
void source_answer(struct discipline_source *source, size_t link, mono answered, utc sent);

#endif
