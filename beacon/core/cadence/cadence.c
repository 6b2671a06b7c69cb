#include "cadence/cadence.h"

/* From `from` before (negative) or after a start on, this period holds. */
enum { SEGMENTS = 5 };
static const struct segment {
    int64_t from_ns;
    int64_t period_ns;
} segments[2][SEGMENTS] = {
    [CADENCE_CALM] =
        {
            {-600 * NS_PER_S, 10 * NS_PER_S},
            {-30 * NS_PER_S, NS_PER_S},
            {10 * NS_PER_S, 0}, /* the tick at T+10 s is the last fast one */
            {INT64_MAX, 0},
            {INT64_MAX, 0},
        },
    [CADENCE_LIVELY] =
        {
            {-600 * NS_PER_S, 10 * NS_PER_S},
            {-120 * NS_PER_S, NS_PER_S},
            {-5 * NS_PER_S, CADENCE_SHORTEST_NS},
            {0, NS_PER_S},
            {10 * NS_PER_S, 0},
        },
};
static const int64_t far_ns = 60 * NS_PER_S;

static int64_t period_at(enum cadence which, int64_t from_start_ns)
{
    const struct segment *segment = segments[which];
    int64_t period_ns = 0;
    for (size_t i = 0; i < SEGMENTS && segment[i].from_ns <= from_start_ns; i++) {
        period_ns = segment[i].period_ns;
    }
    return period_ns == 0 ? far_ns : period_ns;
}

span cadence_period(enum cadence which, utc now, const utc *start, size_t count)
{
    int64_t shortest = far_ns;
    for (size_t i = 0; i < count; i++) {
        int64_t period = period_at(which, utc_since(now, start[i]).ns);
        shortest = period < shortest ? period : shortest;
    }
    return (span){shortest};
}

/* The next multiple of the period, counted from the start, after this distance. */
static int64_t next_multiple(int64_t from_start_ns, int64_t period_ns)
{
    int64_t whole = from_start_ns / period_ns;
    if (from_start_ns < 0 && from_start_ns % period_ns != 0) {
        whole--; /* rounds down below zero, too */
    }
    return (whole + 1) * period_ns;
}

utc cadence_next(enum cadence which, utc now, const utc *start, size_t count)
{
    const struct segment *segment = segments[which];
    int64_t period = cadence_period(which, now, start, count).ns;
    int64_t wait = period;
    for (size_t i = 0; i < count; i++) {
        int64_t here = utc_since(now, start[i]).ns;
        if (period < far_ns && period_at(which, here) == period) {
            int64_t until = next_multiple(here, period) - here;
            wait = until < wait ? until : wait;
        }
        /* where this window begins to want more */
        for (size_t s = 0; s < SEGMENTS; s++) {
            if (segment[s].period_ns == 0 || segment[s].period_ns > period) {
                continue;
            }
            int64_t until = segment[s].from_ns - here;
            if (until > 0) {
                wait = until < wait ? until : wait;
            }
        }
    }
    return (utc){now.ns + wait};
}

uint32_t cadence_expiry_s(span period)
{
    return (uint32_t)((3 * period.ns + NS_PER_S - 1) / NS_PER_S);
}
