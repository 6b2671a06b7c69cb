/* sky/series.h -- sums of sines, two at a time; private to sky. */
#ifndef SKY_SERIES_H
#define SKY_SERIES_H

#include <stdint.h>
#include <string.h>

/* The vector extension that GCC and Clang share: two doubles are one SSE2 or NEON register, so the
 * baseline of every 64-bit machine runs it, and each machine gives the same bits. */
typedef double series_pair __attribute__((vector_size(16)));
typedef int64_t series_bits __attribute__((vector_size(16)));

static inline series_pair series_load(const double *from)
{
    series_pair v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline series_pair series_both(double x)
{
    return (series_pair){x, x};
}

/* The distance of a phase from its nearest crest, made a fraction y of a turn in [-1/4, 1/4] such
 * that sin(2 pi phase) = sin(2 pi y).  Adding and taking away 1.5 * 2^52 rounds to an integer. */
static inline series_pair series_fold(series_pair phase)
{
    const series_pair big = {0x1.8p52, 0x1.8p52};
    const series_pair quarter = {0.25, 0.25};
    const series_bits magnitude = {INT64_MAX, INT64_MAX};
    phase -= quarter;
    phase -= (phase + big) - big;
    series_bits bits;
    memcpy(&bits, &phase, sizeof bits);
    bits &= magnitude;
    memcpy(&phase, &bits, sizeof phase);
    return quarter - phase;
}

/* sin(2 pi phase) to 5e-14: least-squares odd polynomial, refitted towards equal ripple. */
static inline series_pair series_sine(series_pair phase)
{
    series_pair y = series_fold(phase), z = y * y;
    series_pair p = series_both(3.655084593221545);
    p = p * z + series_both(-15.07929463358596);
    p = p * z + series_both(42.057963820210716);
    p = p * z + series_both(-76.70584112635152);
    p = p * z + series_both(81.6052490319704);
    p = p * z + series_both(-41.3417022389887);
    p = p * z + series_both(6.283185307177228);
    return p * y;
}

/* The same to 6e-7, for amplitudes below some arcseconds. */
static inline series_pair series_quick_sine(series_pair phase)
{
    series_pair y = series_fold(phase), z = y * y;
    series_pair p = series_both(-70.99343044652778);
    p = p * z + series_both(81.34076857899225);
    p = p * z + series_both(-41.33714236147162);
    p = p * z + series_both(6.283164044227473);
    return p * y;
}

#endif
