/* clashes.c -- windows that overlap another. */
#include "plan/plan.h"

#include <string.h>

static const int64_t hour = INT64_C(3600) * NS_PER_S;

struct extent {
    instant start, end;
};

static struct extent their_extent(const struct view_window *window,
                                  const struct view_occurrence *occurrence,
                                  const struct leap_table *leap)
{
    if (occurrence->has_start) {
        return (struct extent){occurrence->start, occurrence->end};
    }
    const struct record_window *is = &window->record->is.window;
    struct civil from = {.date = occurrence->date};
    if (is->wave == WAVE_CLOCK) {
        from.time = is->wave_time;
    }
    utc start = civil_to_utc(from);
    utc end = {start.ns + is->duration.ns + 12 * hour};
    start.ns -= 14 * hour;
    return (struct extent){leap_from_utc(leap, start, NULL), leap_from_utc(leap, end, NULL)};
}

static bool overlap(struct extent a, int64_t a_more, struct extent b, int64_t b_more)
{
    return a.start.tai_ns < b.end.tai_ns + b_more && b.start.tai_ns < a.end.tai_ns + a_more;
}

static bool is_over(const struct view_occurrence *occurrence)
{
    return occurrence->state != OCCURRENCE_IN_FORCE && occurrence->state != OCCURRENCE_NOT_YET;
}

/* Every pair of occurrences is looked at: 200 of ours against some thousand are nothing beside one
 * signature.  The worst kind alone is told of a pair, the same time before anybody's rest. */
size_t plan_clashes(const struct plan *plan, span rest, const struct view *view,
                    const struct record_window *own, const struct leap_table *leap,
                    struct plan_clash *out, size_t max)
{
    size_t found = 0;
    for (size_t w = 0; w < view->window_count; w++) {
        const struct view_window *window = &view->window[w];
        bool is_own = own != NULL && record_uid_equal(&window->uid, &own->uid) &&
                      record_id_equal(&window->root, &own->root);
        if (window->record == NULL || is_own) {
            continue;
        }
        const struct record_window *is = &window->record->is.window;
        int64_t their_rest = is->has_rest ? is->rest.ns : 0;
        for (size_t o = 0; o < window->occurrence_count; o++) {
            if (is_over(&window->occurrence[o])) {
                continue;
            }
            struct extent theirs = their_extent(window, &window->occurrence[o], leap);
            for (size_t i = 0; i < plan->occurrence_count; i++) {
                struct extent ours;
                plan_extent(plan, i, leap, &ours.start, &ours.end);
                struct plan_clash clash = {
                    .ours = i, .theirs = window, .their_occurrence = &window->occurrence[o]};
                if (overlap(ours, 0, theirs, 0)) {
                    clash.kind = PLAN_SAME_TIME;
                } else if (overlap(ours, 0, theirs, their_rest)) {
                    clash.kind = PLAN_IN_THEIR_REST;
                } else if (overlap(ours, rest.ns, theirs, 0)) {
                    clash.kind = PLAN_IN_OUR_REST;
                } else {
                    continue;
                }
                if (found < max) {
                    out[found] = clash;
                }
                found++;
            }
        }
    }
    return found;
}
