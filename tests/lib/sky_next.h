/* sky_next.h -- one event of the sky: the first of any of kinds (global ones) strictly after,
 * strictly before, or nearest to an instant (a tie goes to the earlier).  False when the answer
 * would lie outside 1700 to 2250 or kinds has none or a kind for a place. */
#ifndef SKY_NEXT_H
#define SKY_NEXT_H

#include "sky/sky.h"

/* The instants of the edges of the accepted range, leap seconds apart. */
static inline instant range_start(void)
{
    return (instant){UTC_EARLIEST_S * NS_PER_S};
}

static inline instant range_end(void)
{
    return (instant){UTC_LATEST_S * NS_PER_S};
}

static inline bool kinds_are_global(sky_kinds kinds)
{
    return kinds != 0 && (kinds & ~SKY_GLOBAL_KINDS) == 0;
}

static inline bool sky_next(sky_kinds kinds, instant after, struct sky_event *out)
{
    struct sky_search search;
    if (!kinds_are_global(kinds) || instant_compare(after, range_end()) >= 0) {
        return false;
    }
    instant from = {after.tai_ns + 1};
    if (instant_compare(from, range_start()) < 0) {
        from = range_start();
    }
    return sky_search_init(&search, kinds, NULL, from, range_end()) == SKY_OK &&
           sky_search_next(&search, out);
}

static inline bool sky_previous(sky_kinds kinds, instant before, struct sky_event *out)
{
    struct sky_search search;
    if (!kinds_are_global(kinds) || instant_compare(before, range_start()) <= 0) {
        return false;
    }
    instant to = instant_compare(before, range_end()) > 0 ? range_end() : before;
    for (int64_t width = 16 * NS_PER_DAY; instant_compare(to, range_start()) > 0; width *= 2) {
        instant from = range_start();
        if (instant_since(to, from).ns > width) {
            from.tai_ns = to.tai_ns - width;
        }
        bool is_found = false;
        if (sky_search_init(&search, kinds, NULL, from, to) != SKY_OK) {
            return false;
        }
        while (sky_search_next(&search, out)) {
            is_found = true;
        }
        if (is_found) {
            return true;
        }
        to = from;
    }
    return false;
}

static inline bool sky_nearest(sky_kinds kinds, instant to, struct sky_event *out)
{
    struct sky_event earlier, later;
    bool has_earlier = sky_previous(kinds, (instant){to.tai_ns + 1}, &earlier);
    bool has_later = sky_next(kinds, to, &later);
    if (!has_earlier && !has_later) {
        return false;
    }
    bool takes_earlier = has_earlier && (!has_later || instant_since(to, earlier.at).ns <=
                                                           instant_since(later.at, to).ns);
    *out = takes_earlier ? earlier : later;
    return true;
}

#endif
