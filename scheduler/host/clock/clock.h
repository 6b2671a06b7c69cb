/* clock/clock.h -- the host's clocks, read as of one moment; what the kernel says of them; and the
 * leap seconds that the system knows.
 *
 * Built with -DTOCSIN_TEST_CLOCK=ON, a program's clock can be pretended from its environment: wrong
 * by an offset and a rate, stepped at given moments, claiming or denying synchronisation.  Any
 * other build does not look at the variable.
 *
 *   TOCSIN_TEST_CLOCK="offset=SECONDS ppm=N step=AFTER_S:BY_S unsync sync=BOUND_S"
 *
 * (blanks between; several steps allowed).  libfaketime cannot do this: absolute timerfds hang
 * under it.
 *
 * Shell; its outside things are the kernel's clocks and one file of tzdata. */
#ifndef CLOCK_CLOCK_H
#define CLOCK_CLOCK_H

#include "clock/kernel.h"
#include "instants/leap.h"

enum { CLOCK_STEPS_MAX = 8 };

struct clock {
    const char *pretence; /* a sentence to tell people; NULL: the host's own clock */
    double gain;          /* pretend nanoseconds per real one, less one */
    int64_t offset_ns;
    struct {
        int64_t after_ns, by_ns;
    } step[CLOCK_STEPS_MAX];
    int step_count;
    enum { CLOCK_SYNC_REAL, CLOCK_SYNC_NO, CLOCK_SYNC_YES } sync;
    int64_t bound_ns;
    int64_t begin_mono_ns, begin_raw_ns; /* the real readings at clock_init */
};

struct clock_reading {
    mono now;
    mono_raw raw; /* at now */
    utc host;     /* at now, by the host's wall clock */
    span slept;   /* in suspend, since the host started */
    struct clock_kernel kernel;
};

/* False when the variable is looked at and cannot be read: pretence says so. */
TOCSIN_MUST_USE bool clock_init(struct clock *clock);

void clock_read(const struct clock *clock, struct clock_reading *out);

/* A real CLOCK_MONOTONIC reading as the clock's, and the clock's as a real one (rounded up: a timer
 * set to it is never early). */
mono clock_seen(const struct clock *clock, mono real);
mono clock_real(const struct clock *clock, mono seen);

/* A real reading of CLOCK_MONOTONIC_RAW, which no time daemon slews, as the clock's. */
mono_raw clock_raw_seen(const struct clock *clock, mono_raw real);

/* CLOCK_MONOTONIC and the wall clock, as they are. */
mono clock_mono(void);
utc clock_utc(void);

/* No clock that reads earlier is right: the date of this release. */
utc clock_least(void);

/* The system's leap-seconds.list (from tzdata) where it can be read and reaches further than the
 * table built in, else that table.  Read once; lives as long as the program. */
const struct leap_table *clock_leap(void);

/* The same from another file. */
void clock_leap_from(const char *path, struct leap_table *out);

#endif
