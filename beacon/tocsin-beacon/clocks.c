#include "tocsin-beacon/clocks.h"

#include "clock/clock.h"

static struct clock host; /* set once, before the loop begins */

bool clocks_begin(const char **pretence)
{
    bool done = clock_init(&host);
    *pretence = host.pretence;
    return done;
}

struct herald_clocks clocks_read(const struct leap_table *table)
{
    struct clock_reading reading;
    clock_read(&host, &reading);
    struct herald_clocks clocks = {
        .utc = reading.host,
        .has_error = reading.kernel.is_synchronised,
        .error_ns = reading.kernel.error.ns,
        .has_tai = reading.kernel.has_tai,
        .tai_minus_utc_s = reading.kernel.tai_minus_utc_s,
    };
    if (!clocks.has_tai) {
        enum certainty certainty;
        clocks.tai_minus_utc_s = leap_tai_minus_utc(table, clocks.utc, &certainty);
        clocks.has_tai = certainty == CERTAIN;
    }
    return clocks;
}
