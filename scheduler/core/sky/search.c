#include "sky/search.h"

#include <string.h>

#include "sky/scales.h"

static const struct sky_maker *const makers[SKY_SOURCES] = {
    &phase_maker, &season_maker, &eclipse_maker, &apsis_maker, &shower_maker, &day_maker};

/* Each source starts one step before the span: an event's neighbour outside may move into it by the
 * last refinement. */
enum sky_status sky_search_init(struct sky_search *search, sky_kinds kinds,
                                const struct sky_place *place, instant from, instant to)
{
    if (place != NULL && !sky_place_is_valid(place)) {
        return SKY_BAD_PLACE;
    }
    if (place == NULL && (kinds & ~SKY_GLOBAL_KINDS) != 0) {
        return SKY_NEEDS_PLACE;
    }
    double from_tt = tt_from_instant(from);
    if (!tt_is_in_range(from_tt) || !tt_is_in_range(tt_from_instant(to))) {
        return SKY_OUT_OF_RANGE;
    }
    if (instant_compare(to, from) < 0) {
        return SKY_BAD_SPAN;
    }
    search->kinds = kinds;
    search->place = place != NULL ? *place : (struct sky_place){0};
    search->from = from;
    search->to = to;
    search->count = 0;
    for (size_t i = 0; i < SKY_SOURCES; i++) {
        if (makers[i] != NULL && (makers[i]->kinds & kinds) != 0) {
            struct sky_source *source = &search->sources[search->count++];
            source->maker = makers[i];
            source->step = makers[i]->step_before(from_tt);
            source->is_done = false;
            source->head = source->len = 0;
        }
    }
    return SKY_OK;
}

/* The source's next event in the span, or NULL when it has no more. */
static const struct sky_event *source_peek(const struct sky_search *search,
                                           struct sky_source *source)
{
    for (;;) {
        while (source->head < source->len) {
            const struct sky_event *event = &source->queue[source->head];
            if (instant_compare(event->at, search->to) >= 0) {
                source->is_done = true;
                source->head = source->len = 0;
                return NULL;
            }
            if (instant_compare(event->at, search->from) >= 0) {
                return event;
            }
            source->head++;
        }
        if (source->is_done ||
            source->maker->earliest(source->step) > tt_from_instant(search->to)) {
            source->is_done = true;
            return NULL;
        }
        source->head = 0;
        source->len =
            source->maker->make(source->step++, search->kinds, &search->place, source->queue);
    }
}

bool sky_search_next(struct sky_search *search, struct sky_event *out)
{
    struct sky_source *first = NULL;
    const struct sky_event *least = NULL;
    for (size_t i = 0; i < search->count; i++) {
        const struct sky_event *event = source_peek(search, &search->sources[i]);
        if (event != NULL && (least == NULL || instant_compare(event->at, least->at) < 0)) {
            least = event;
            first = &search->sources[i];
        }
    }
    if (least == NULL) {
        return false;
    }
    *out = *least;
    first->head++;
    return true;
}

/* The instants of the edges of the accepted range, leap seconds apart. */
static instant range_start(void)
{
    return (instant){UTC_EARLIEST_S * NS_PER_S};
}

static instant range_end(void)
{
    return (instant){UTC_LATEST_S * NS_PER_S};
}

static bool kinds_are_global(sky_kinds kinds)
{
    return kinds != 0 && (kinds & ~SKY_GLOBAL_KINDS) == 0;
}

bool sky_next(sky_kinds kinds, instant after, struct sky_event *out)
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

bool sky_previous(sky_kinds kinds, instant before, struct sky_event *out)
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

bool sky_nearest(sky_kinds kinds, instant to, struct sky_event *out)
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
