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
