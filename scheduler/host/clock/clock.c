#include "clock/clock.h"

#include <string.h>
#include <time.h>

#include "clock/pretend.h"

/* Two clocks read this far apart were not read at one moment. */
static const int64_t WIDE_NS = 50 * NS_PER_US;

static int64_t read_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

mono clock_mono(void)
{
    return (mono){read_ns(CLOCK_MONOTONIC)};
}

utc clock_utc(void)
{
    return (utc){read_ns(CLOCK_REALTIME)};
}

/* Another clock and the monotonic one at the same moment: the tightest of a few brackets.  A
 * program may lose the processor for milliseconds between any two readings, above all on a machine
 * that is lent. */
static void read_pair(clockid_t other, int64_t *mono_ns, int64_t *other_ns)
{
    enum { TRIES = 3, TRIES_MAX = 20 };
    int64_t tightest = INT64_MAX;
    for (int i = 0; i < TRIES || (i < TRIES_MAX && tightest > WIDE_NS); i++) {
        int64_t before = read_ns(CLOCK_MONOTONIC);
        int64_t between = read_ns(other);
        int64_t after = read_ns(CLOCK_MONOTONIC);
        if (after - before < tightest) {
            tightest = after - before;
            *mono_ns = before + (after - before) / 2;
            *other_ns = between;
        }
    }
}

bool clock_init(struct clock *clock)
{
    *clock = (struct clock){.begin_mono_ns = clock_mono().ns,
                            .begin_raw_ns = read_ns(CLOCK_MONOTONIC_RAW)};
    return clock_pretend(clock);
}

mono_raw clock_raw_seen(const struct clock *clock, mono_raw real)
{
    return clock_pretend_raw(clock, real);
}

/* The time last, so that it is as fresh as can be. */
void clock_read(const struct clock *clock, struct clock_reading *out)
{
    memset(out, 0, sizeof *out);
    clock_ask_kernel(&out->kernel);
    int64_t mono_ns = 0, other_ns = 0;
    read_pair(CLOCK_BOOTTIME, &mono_ns, &other_ns);
    out->slept.ns = other_ns - mono_ns;
    read_pair(CLOCK_MONOTONIC_RAW, &mono_ns, &other_ns);
    read_pair(CLOCK_REALTIME, &out->now.ns, &out->host.ns);
    out->raw.ns = other_ns + (out->now.ns - mono_ns);
    clock_pretend_reading(clock, out);
}
