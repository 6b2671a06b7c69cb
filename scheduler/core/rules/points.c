#include "rules/points.h"

#include <stdlib.h>
#include <string.h>

void points_close(struct points *points)
{
    free(points->at);
    *points = (struct points){0};
}

struct point *points_add(struct points *points, int32_t day)
{
    if (points->count == points->room) {
        size_t room = points->room == 0 ? 16 : 2 * points->room;
        struct point *at = reallocarray(points->at, room, sizeof *at);
        if (at == NULL) {
            return NULL;
        }
        points->at = at;
        points->room = room;
    }
    struct point *point = &points->at[points->count++];
    point->day = day;
    point->days = 1;
    point->has_instant = point->has_lunation = false;
    point->at.ns = 0;
    point->error_s = 0;
    point->certainty = CERTAIN;
    point->lunation = 0;
    point->note[0] = '\0';
    return point;
}

static bool is_before(const struct point *a, const struct point *b)
{
    if (a->day != b->day) {
        return a->day < b->day;
    }
    return a->has_instant && b->has_instant && a->at.ns < b->at.ns;
}

/* Where the ascending run that begins at from ends. */
static size_t run_end(const struct points *points, size_t from)
{
    size_t end = from + 1;
    while (end < points->count && !is_before(&points->at[end], &points->at[end - 1])) {
        end++;
    }
    return end < points->count ? end : points->count;
}

static void merge(const struct point *a, size_t a_count, const struct point *b, size_t b_count,
                  struct point *out)
{
    while (a_count > 0 && b_count > 0) {
        bool takes_b = is_before(b, a);
        *out++ = takes_b ? *b : *a;
        b += takes_b ? 1 : 0;
        b_count -= takes_b ? 1 : 0;
        a += takes_b ? 0 : 1;
        a_count -= takes_b ? 0 : 1;
    }
    memcpy(out, a_count > 0 ? a : b, (a_count + b_count) * sizeof *out);
}

/* Natural merge sort: points come sorted, or as a few sorted runs. */
bool points_sort(struct points *points)
{
    if (points->count < 2 || run_end(points, 0) == points->count) {
        return true;
    }
    struct point *sorted = reallocarray(NULL, points->room, sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    while (run_end(points, 0) < points->count) {
        for (size_t from = 0; from < points->count;) {
            size_t middle = run_end(points, from);
            size_t end = middle < points->count ? run_end(points, middle) : middle;
            merge(&points->at[from], middle - from, &points->at[middle], end - middle,
                  &sorted[from]);
            from = end;
        }
        struct point *other = points->at;
        points->at = sorted;
        sorted = other;
    }
    free(sorted);
    return true;
}

size_t points_from(const struct points *points, int32_t day)
{
    size_t low = 0, high = points->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points->at[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool points_has_day(const struct points *points, int32_t day)
{
    size_t i = points_from(points, day);
    return i < points->count && points->at[i].day == day;
}

static bool is_same(const struct point *a, const struct point *b)
{
    return a->day == b->day && a->has_instant == b->has_instant &&
           (!a->has_instant || a->at.ns == b->at.ns);
}

void points_drop_twins(struct points *points)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        if (kept == 0 || !is_same(&points->at[kept - 1], &points->at[i])) {
            points->at[kept++] = points->at[i];
        }
    }
    points->count = kept;
}
