/* occurrences/select.h -- inside of the evaluator: what days and adjustments share. */
#ifndef OCCURRENCES_SELECT_H
#define OCCURRENCES_SELECT_H

#include "occurrences/context.h"

/* The n-th weekday from a day in a direction. */
int32_t select_weekday_from(int32_t day, enum relation relation, int32_t weekday, int32_t n);

/* The days on which something lies, one match each: of a weekend two, of "20 days from 1 august"
 * twenty, those that began before lo too.  In order. */
TOCSIN_MUST_USE bool select_days(struct context *s, int32_t index, int32_t lo, int32_t hi,
                                 struct matches *out);

bool select_set(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                struct matches *out);
bool select_if(struct context *s, const struct node *node, int32_t lo, int32_t hi,
               struct matches *out);
bool select_while(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                  struct matches *out);
/* "skip" and "only" */
bool select_filtered(struct context *s, const struct node *node, int32_t lo, int32_t hi,
                     struct matches *out);

#endif
