#include "tocsin-beacon/clocks.h"

#include <math.h>
#include <stdlib.h>

#include "clock/clock.h"

static struct clock host; /* set once, before the loop begins */

bool clocks_begin(const char **pretence)
{
    bool done = clock_init(&host);
    *pretence = host.pretence;
    return done;
}

/* What the owner gave his word for, and how far the wall clock was ahead of the monotonic one then:
 * it stays so, however both are slewed, until the wall clock is set. */
static struct {
    bool is_given;
    enum clocks_vouch state;
    span error;
    mono since;
    int64_t ahead_ns;
} vouched;
static const int64_t SET_NS = NS_PER_MS;
static const double DRIFT = 100e-6;

void clocks_vouch(span error)
{
    struct clock_reading reading;
    clock_read(&host, &reading);
    vouched.is_given = true;
    vouched.error = error;
    vouched.since = reading.now;
    vouched.ahead_ns = reading.host.ns - reading.now.ns;
}

enum clocks_vouch clocks_vouch_state(void)
{
    return vouched.state;
}

static void take_owners_word(struct herald_clocks *clocks)
{
    if (!vouched.is_given || vouched.state == CLOCKS_VOUCH_VOID) {
        return;
    }
    bool was_set = llabs(clocks->utc.ns - clocks->mono.ns - vouched.ahead_ns) > SET_NS;
    vouched.state = was_set             ? CLOCKS_VOUCH_VOID
                    : clocks->has_error ? CLOCKS_NOT_VOUCHED
                                        : CLOCKS_VOUCHED;
    if (vouched.state == CLOCKS_VOUCHED) {
        int64_t age_ns = mono_since(clocks->mono, vouched.since).ns;
        clocks->has_error = true;
        clocks->error_ns = vouched.error.ns + (int64_t)ceil((double)age_ns * DRIFT);
    }
}

struct herald_clocks clocks_read(const struct leap_table *table)
{
    struct clock_reading reading;
    clock_read(&host, &reading);
    struct herald_clocks clocks = {
        .utc = reading.host,
        .mono = reading.now,
        .has_error = reading.kernel.is_synchronised,
        .error_ns = reading.kernel.error.ns,
        .has_tai = reading.kernel.has_tai,
        .tai_minus_utc_s = reading.kernel.tai_minus_utc_s,
        .is_leap_near = reading.kernel.is_leap_near,
    };
    take_owners_word(&clocks);
    if (!clocks.has_tai) {
        enum certainty certainty;
        clocks.tai_minus_utc_s = leap_tai_minus_utc(table, clocks.utc, &certainty);
        clocks.has_tai = certainty == CERTAIN;
    }
    return clocks;
}
