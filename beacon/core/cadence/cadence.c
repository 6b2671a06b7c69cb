#include "cadence/cadence.h"

/* From `from` before (negative) or after a start on, this period holds. */
static const struct {
    int64_t from_ns;
    int64_t period_ns;
} segment[] = {
    {-600 * NS_PER_S, 10 * NS_PER_S},
    {-120 * NS_PER_S, NS_PER_S},
    {-5 * NS_PER_S, CADENCE_SHORTEST_NS},
    {0, NS_PER_S},
    {10 * NS_PER_S, 0}, /* the tick at T+10 s is the last fast one */
};
enum { SEGMENTS = sizeof segment / sizeof *segment };
static const int64_t calm_ns = 60 * NS_PER_S;

/* The segment that holds at this distance from a start; SEGMENTS: none. */
static size_t segment_at(int64_t from_start_ns)
{
    size_t found = SEGMENTS;
    for (size_t i = 0; i < SEGMENTS && segment[i].from_ns <= from_start_ns; i++) {
        found = i;
    }
    return found;
}

static int64_t period_at(int64_t from_start_ns)
{
    size_t at = segment_at(from_start_ns);
    return at == SEGMENTS || segment[at].period_ns == 0 ? calm_ns : segment[at].period_ns;
}

span cadence_period(utc now, const utc *start, size_t count)
{
    int64_t shortest = calm_ns;
    for (size_t i = 0; i < count; i++) {
        int64_t period = period_at(utc_since(now, start[i]).ns);
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

utc cadence_next(utc now, const utc *start, size_t count)
{
    int64_t period = cadence_period(now, start, count).ns;
    int64_t wait = period;
    for (size_t i = 0; i < count; i++) {
        int64_t here = utc_since(now, start[i]).ns;
        if (period < calm_ns && period_at(here) == period) {
            int64_t until = next_multiple(here, period) - here;
            wait = until < wait ? until : wait;
        }
        /* where this window begins to want more */
        for (size_t s = 0; s < SEGMENTS; s++) {
            int64_t until = segment[s].from_ns - here;
            if (until > 0 && segment[s].period_ns != 0 && segment[s].period_ns <= period) {
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
