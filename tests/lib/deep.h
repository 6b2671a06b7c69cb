/* deep.h -- how much of a long test is run: little every day, all of it before a release. */
#ifndef TESTS_DEEP_H
#define TESTS_DEEP_H

#include <stdbool.h>
#include <stdlib.h>

/* Whether tests/run --deep asked for release-sized counts. */
static inline bool is_deep(void)
{
    return getenv("TOCSIN_DEEP") != NULL;
}

#endif
