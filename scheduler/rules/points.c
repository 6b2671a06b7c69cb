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

void points_sort(struct points *points)
{
    /* almost always sorted already, or two sorted runs: insertion from the end */
    for (size_t i = 1; i < points->count; i++) {
        if (!is_before(&points->at[i], &points->at[i - 1])) {
            continue;
        }
        struct point moving = points->at[i];
        size_t low = 0, high = i; /* the first place whose point comes after the moving one */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (is_before(&moving, &points->at[middle])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        memmove(&points->at[low + 1], &points->at[low], (i - low) * sizeof moving);
        points->at[low] = moving;
    }
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
