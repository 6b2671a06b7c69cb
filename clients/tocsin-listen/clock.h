/* tocsin-listen/clock.h -- the host's clocks as the mind wants them; and, for tests, a pretend
 * clock: wrong by an offset and a rate, stepped at given moments, claiming or denying
 * synchronisation.
 *
 * TOCSIN_TEST_CLOCK="offset=SECONDS ppm=N step=AFTER_S:BY_S unsync sync=BOUND_S" (blanks between;
 * several steps allowed).  libfaketime cannot do this: absolute timerfds hang under it. */
#ifndef LISTEN_CLOCK_H
#define LISTEN_CLOCK_H

#include "discipline/discipline.h"

enum { CLOCK_STEPS_MAX = 8 };

struct clock {
    bool is_pretend;
    double gain; /* pretend nanoseconds per real one, less one */
    int64_t offset_ns;
    struct {
        int64_t after_ns, by_ns;
    } step[CLOCK_STEPS_MAX];
    int step_count;
    enum { CLOCK_SYNC_REAL, CLOCK_SYNC_NO, CLOCK_SYNC_YES } sync;
    int64_t bound_ns;
    int64_t begin_mono_ns, begin_host_ns; /* real readings at clock_init */
};

/* pretend: the text above, or NULL for the host's own.  False when it cannot be read. */
bool clock_init(struct clock *clock, const char *pretend);

void clock_read(const struct clock *clock, struct discipline_clocks *out);

/* A real CLOCK_MONOTONIC reading as the mind's, and the mind's as a real one (rounded up: a timer
 * set to it is never early). */
mono clock_seen(const struct clock *clock, mono real);
mono clock_real(const struct clock *clock, mono seen);

#endif
