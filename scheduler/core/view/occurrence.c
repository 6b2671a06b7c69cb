/* occurrence.c -- the occurrences of a record, and what an amendment within the lock leaves of
 * them. */
#include <stdlib.h>
#include <string.h>

#include "view/build.h"

static int by_start(const void *a, const void *b)
{
    const struct view_occurrence *x = &((const struct happening *)a)->is;
    const struct view_occurrence *y = &((const struct happening *)b)->is;
    int order = instant_compare(x->start, y->start);
    if (order == 0) {
        order = text_compare(x->key, y->key);
    }
    return order != 0 ? order : text_compare(x->place, y->place);
}

static bool find_date(const struct record_window *window, struct text key, struct civil_date *date)
{
    for (size_t i = 0; i < window->on_count; i++) {
        if (text_equal(window->on[i].key, key)) {
            *date = window->on[i].date;
            return true;
        }
    }
    return false;
}

static void add(const struct record_window *window, struct view_occurrence one,
                struct happening *list, size_t *count)
{
    one.is_off = record_is_off(window, one.key);
    one.end = one.start;
    if (!instant_add(one.start, window->duration, &one.end)) {
        one.end = one.start;
    }
    list[(*count)++] = (struct happening){.is = one, .expires = window->expires};
}

void happenings_of(struct build *build, const struct record *record, struct happening **out,
                   size_t *count)
{
    const struct record_window *window = &record->is.window;
    bool has_instants = window->wave == WAVE_NONE || window->wave == WAVE_PLACE;
    size_t lines = has_instants ? window->at_count : window->on_count;
    *count = 0;
    *out = arena_take(&build->arena, lines, sizeof **out);
    for (size_t i = 0; i < lines && *out != NULL; i++) {
        struct view_occurrence one = {0};
        if (has_instants) {
            one.key = window->at[i].key;
            one.place = window->at[i].place;
            one.has_start = true;
            one.start = window->at[i].at;
            (void)find_date(window, one.key, &one.date);
        } else {
            one.key = window->on[i].key;
            one.date = window->on[i].date;
            struct civil nominal = {.date = one.date};
            if (window->wave == WAVE_CLOCK) {
                nominal.time = window->wave_time;
            }
            one.start = leap_from_utc(leap_builtin(), civil_to_utc(nominal), NULL);
        }
        add(window, one, *out, count);
    }
    if (*count > 0) {
        qsort(*out, *count, sizeof **out, by_start);
    }
}

static const struct happening *find(const struct happening *list, size_t count,
                                    const struct view_occurrence *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(list[i].is.key, wanted->key) &&
            text_equal(list[i].is.place, wanted->place)) {
            return &list[i];
        }
    }
    return NULL;
}

/* Whether the occurrence `old` must stay as it is although the amendment says `new` (NULL:
 * nothing). */
static bool is_locked(const struct constellation *c, span lock, const struct item *amendment,
                      const struct view_occurrence *old, const struct view_occurrence *new)
{
    if (new != NULL &&new->has_start == old->has_start &&
        instant_compare(new->start, old->start) == 0 && instant_compare(new->end, old->end) == 0 &&
        new->is_off == old->is_off) {
        return false; /* no change to when it happens */
    }
    instant first =
        new != NULL &&instant_compare(new->start, old->start) < 0 ? new->start : old->start;
    instant limit;
    return !instant_add(first, (span){-lock.ns}, &limit) ||
           !chain_was_held(c, &amendment->record->id, limit);
}

void happenings_amend(struct build *build, const struct constellation *c,
                      const struct item *amendment, struct happening **list, size_t *count)
{
    struct happening *after;
    size_t after_count;
    happenings_of(build, amendment->record, &after, &after_count);
    span lock;
    if (!chain_lock(c, &lock) || amendment->count > c->threshold) {
        *list = after;
        *count = after_count;
        return;
    }
    struct happening *both = arena_take(&build->arena, *count + after_count, sizeof *both);
    size_t total = 0;
    for (size_t i = 0; i < *count && both != NULL; i++) {
        const struct happening *old = &(*list)[i];
        const struct happening *new = find(after, after_count, &old->is);
        if (is_locked(c, lock, amendment, &old->is, new != NULL ? &new->is : NULL)) {
            both[total] = *old;
            both[total].is.alerted = true;
            total++;
        }
    }
    size_t kept = total;
    for (size_t i = 0; i < after_count && both != NULL; i++) {
        if (find(both, kept, &after[i].is) == NULL) {
            both[total++] = after[i];
        }
    }
    if (total > 0) {
        qsort(both, total, sizeof *both, by_start);
    }
    *list = both;
    *count = total;
}
