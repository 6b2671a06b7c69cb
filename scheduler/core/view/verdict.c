/* verdict.c -- what one regime says of the records of a window: which of them is in force, and its
 * occurrences. */
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"

static const struct record_window *window_of(const struct item *item)
{
    return &item->record->is.window;
}

/* The first of the rungs at the seq of rung[end - 1]. */
static size_t start_of(const struct verdict *verdict, size_t end)
{
    size_t start = end;
    while (start > 0 &&
           window_of(verdict->rung[start - 1])->seq == window_of(verdict->rung[end - 1])->seq) {
        start--;
    }
    return start;
}

/* Whether the rungs [start, end), which share a seq, are one record that may be in force: alone,
 * and naming every one of several at the seq below. */
static bool stands(const struct verdict *verdict, size_t start, size_t end)
{
    if (end - start != 1) {
        return false;
    }
    const struct record_window *top = window_of(verdict->rung[start]);
    if (start == 0 || window_of(verdict->rung[start - 1])->seq + 1 != top->seq) {
        return true; /* its ancestors are missing: it wins all the same */
    }
    size_t below = start_of(verdict, start);
    if (start - below == 1) {
        return true;
    }
    for (size_t i = below; i < start; i++) {
        if (!record_id_is_among(top->prev, top->prev_count, &verdict->rung[i]->record->id)) {
            return false;
        }
    }
    return true;
}

static bool has_instants(const struct record_window *window)
{
    return window->wave == WAVE_NONE || window->wave == WAVE_PLACE;
}

size_t view_line_count(const struct record_window *window)
{
    return has_instants(window) ? window->at_count : window->on_count;
}

struct view_occurrence view_line(const struct record_window *window, size_t i)
{
    struct view_occurrence one = {.expires = window->expires};
    if (has_instants(window)) {
        one.key = window->at[i].key;
        one.place = window->at[i].place;
        one.has_start = true;
        one.start = window->at[i].at;
        const struct record_on *on = record_on_find(window, one.key);
        one.date = on != NULL ? on->date : (struct civil_date){0};
    } else {
        one.key = window->on[i].key;
        one.date = window->on[i].date;
        const struct civil nominal = {.date = one.date, .time = window->wave_time};
        one.start = leap_from_utc(leap_builtin(), civil_to_utc(nominal), NULL);
    }
    one.end = instant_after(one.start, window->duration);
    one.is_off = record_is_off(window, one.key);
    return one;
}

void verdict_occurrences(struct build *build, struct verdict *verdict, const struct item *of)
{
    const struct record_root *root = regime_newest(verdict->by);
    size_t count = view_line_count(&of->record->is.window);
    struct view_occurrence *list = arena_take(&build->arena, count, sizeof *list);
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct view_occurrence *one = &list[i];
        *one = view_line(&of->record->is.window, i);
        one->record = of->record;
        one->expires = instant_earlier(one->expires, root->expires);
        one->state = instant_compare(one->start, one->expires) >= 0 ? OCCURRENCE_EXPIRED
                     : one->is_off                                  ? OCCURRENCE_OFF
                     : verdict->cancel != NULL                      ? OCCURRENCE_CANCELLED
                     : verdict->in_force != of                      ? OCCURRENCE_NOT_YET
                                                                    : OCCURRENCE_IN_FORCE;
    }
    verdict->occurrence = list;
    verdict->occurrence_count = count;
}

void verdict_build(struct build *build, const struct pool *pool, const struct regime *by,
                   struct verdict *out)
{
    *out = (struct verdict){.by = by};
    out->rung = arena_take(&build->arena, pool->window_count, sizeof *out->rung);
    if (pool->of->out->is_tentative || build->arena.has_failed) {
        return;
    }
    for (size_t i = 0; i < pool->window_count; i++) {
        if (regime_is_enough(by, &pool->window[i], regime_count(by, &pool->window[i]))) {
            out->rung[out->rung_count++] = &pool->window[i];
        }
    }
    for (size_t i = 0; i < pool->cancel_count; i++) {
        size_t count = regime_count(by, &pool->cancel[i]);
        if (regime_is_enough(by, &pool->cancel[i], count) &&
            (out->cancel == NULL || count > regime_count(by, out->cancel))) {
            out->cancel = &pool->cancel[i];
        }
    }
    for (size_t end = out->rung_count; end > 0;) {
        size_t start = start_of(out, end);
        if (stands(out, start, end)) {
            out->in_force = out->rung[start];
            break;
        }
        out->is_contested = true;
        end = start;
    }
    out->is_known = out->rung_count > 0 || out->cancel != NULL;
    if (out->in_force != NULL) {
        verdict_occurrences(build, out, out->in_force);
    }
}
