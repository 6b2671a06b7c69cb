/* discipline/source.h -- one beacon: what its stamps prove, and where it says that we are; for
 * discipline.c. */
#ifndef DISCIPLINE_SOURCE_H
#define DISCIPLINE_SOURCE_H

#include <stdbool.h>

#include "discipline/discipline.h"
#include "instants/instant.h"

/* What an edge proved at one moment still proves at another: aged by 100 ppm, the way that keeps it
 * true. */
instant edge_earliest(const struct discipline_edge *edge, mono_raw at);
instant edge_latest(const struct discipline_edge *edge, mono_raw at);

/* Forgets what was heard. */
void source_void(struct discipline_source *source);

/* GOOD, or AHEAD; then what was heard before it is void. */
enum discipline_heard source_hear(struct discipline_source *source,
                                  const struct discipline_sample *sample);

/* GOOD, or AHEAD or AGAINST_ITSELF; then what was heard before is void. */
enum discipline_heard source_hear_answer(struct discipline_source *source,
                                         const struct discipline_answer *answer);

/* False when it has no edge. */
bool source_interval(const struct discipline_source *source, mono_raw at,
                     struct discipline_interval *out);

/* Fits its offset, if that was not done; false until it has answered. */
bool source_fit(struct discipline_source *source, const struct discipline_memory *memory);

/* By its offset. */
instant source_best(const struct discipline_source *source, mono_raw at);

/* Whether its rate is known well enough to be kept. */
bool source_has_rate(const struct discipline_source *source);

#endif
