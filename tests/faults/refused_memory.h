/* refused_memory.h -- requests for memory that are refused when a test says so: one of them, or all
 * from one on.  Whoever includes this names malloc, calloc, realloc and reallocarray after
 * "wraps:". */
#ifndef REFUSED_MEMORY_H
#define REFUSED_MEMORY_H

#include <stdbool.h>

static struct {
    long at, count;
    bool is_counting, goes_on;
} refusal;

/* The at-th request from here on, and with goes_on each one after it. */
static inline void refuse(long at, bool goes_on)
{
    refusal.at = at;
    refusal.count = 0;
    refusal.goes_on = goes_on;
    refusal.is_counting = true;
}

static inline void refuse_none(void)
{
    refusal.is_counting = false;
}

static inline bool is_refused(void)
{
    return refusal.is_counting &&
           (++refusal.count == refusal.at || (refusal.goes_on && refusal.count > refusal.at));
}

#define WRAP_REALLOC
#include "wrap_memory.h"

#endif
