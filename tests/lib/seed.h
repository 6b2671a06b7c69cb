/* seed.h -- random numbers for property tests: printed, and the same again with TOCSIN_SEED set. */
#ifndef SEED_H
#define SEED_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct seed {
    uint64_t state;
};

/* The seed of this run, told on stdout. */
static inline struct seed seed_take(const char *what)
{
    const char *wanted = getenv("TOCSIN_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t value = wanted != NULL ? strtoull(wanted, NULL, 0)
                                    : (uint64_t)now.tv_sec * 1000000007U ^ (uint64_t)now.tv_nsec;
    printf("%s: TOCSIN_SEED=%" PRIu64 "\n", what, value);
    fflush(stdout);
    return (struct seed){value};
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static inline uint64_t seed_next(struct seed *seed)
{
    uint64_t z = seed->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* 0 to below - 1. */
static inline uint32_t seed_below(struct seed *seed, uint32_t below)
{
    return (uint32_t)((seed_next(seed) >> 32) * below >> 32);
}

#endif
