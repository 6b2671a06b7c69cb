#include "instants/instant.h"

bool utc_is_in_range(utc at)
{
    return at.ns >= UTC_EARLIEST_S * NS_PER_S && at.ns < UTC_LATEST_S * NS_PER_S;
}

static int64_t saturating_difference(int64_t a, int64_t b)
{
    int64_t d;
    if (__builtin_sub_overflow(a, b, &d)) {
        return a < b ? INT64_MIN : INT64_MAX;
    }
    return d;
}

bool instant_add(instant at, span by, instant *out)
{
    int64_t sum;
    if (__builtin_add_overflow(at.tai_ns, by.ns, &sum)) {
        return false;
    }
    out->tai_ns = sum;
    return true;
}

span instant_since(instant later, instant earlier)
{
    return (span){saturating_difference(later.tai_ns, earlier.tai_ns)};
}

span utc_since(utc later, utc earlier)
{
    return (span){saturating_difference(later.ns, earlier.ns)};
}

span mono_since(mono later, mono earlier)
{
    return (span){saturating_difference(later.ns, earlier.ns)};
}

int instant_compare(instant a, instant b)
{
    return (a.tai_ns > b.tai_ns) - (a.tai_ns < b.tai_ns);
}

instant instant_earlier(instant a, instant b)
{
    return a.tai_ns < b.tai_ns ? a : b;
}

instant instant_later(instant a, instant b)
{
    return a.tai_ns > b.tai_ns ? a : b;
}
