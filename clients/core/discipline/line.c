#include "discipline/line.h"

#include <assert.h>
#include <math.h>

enum { HULL_MAX = 512 };

/* Relative to the first point, so that double carries nanoseconds exactly for weeks. */
struct place {
    double x, y;
};

static struct place place_of(const struct line_point *origin, const struct line_point *point)
{
    return (struct place){(double)(point->x_ns - origin->x_ns),
                          (double)(point->y_ns - origin->y_ns)};
}

/* Whether b lies on or above the segment from a to c. */
static bool is_above(struct place a, struct place b, struct place c)
{
    return (b.x - a.x) * (c.y - a.y) <= (b.y - a.y) * (c.x - a.x);
}

/* The slope of the lower hull's edge over mean_x. */
static double edge_slope(const struct line_point *point, size_t count, double mean_x)
{
    struct place hull[HULL_MAX];
    size_t size = 0;
    for (size_t i = 0; i < count && i < HULL_MAX; i++) {
        struct place next = place_of(point, &point[i]);
        if (size > 0 && next.x <= hull[size - 1].x) { /* two at one instant: the lower counts */
            if (next.y >= hull[size - 1].y) {
                continue;
            }
            size--;
        }
        while (size > 1 && is_above(hull[size - 2], hull[size - 1], next)) {
            size--;
        }
        hull[size++] = next;
    }
    for (size_t i = 0; i + 1 < size; i++) {
        if (mean_x <= hull[i + 1].x) {
            return (hull[i + 1].y - hull[i].y) / (hull[i + 1].x - hull[i].x);
        }
    }
    return 0;
}

static void keep_smallest(double gap, double smallest[static 4])
{
    for (int i = 0; i < 4; i++) {
        if (gap < smallest[i]) {
            double held = smallest[i];
            smallest[i] = gap;
            gap = held;
        }
    }
}

void line_under(const struct line_point *point, size_t count, double least, double most,
                struct line *out)
{
    assert(count > 0);
    double sum_x = 0;
    for (size_t i = 0; i < count; i++) {
        sum_x += place_of(point, &point[i]).x;
    }
    double slope = count > 1 ? edge_slope(point, count, sum_x / (double)count) : least;
    if (count < 2) {
        slope = (least + most) / 2;
    }
    slope = fmin(fmax(slope, least), most);

    /* The lowest intercept at this slope; the last point that reaches it is the freshest evidence.
     */
    double lowest = HUGE_VAL;
    size_t touched = 0;
    for (size_t i = 0; i < count; i++) {
        struct place at = place_of(point, &point[i]);
        double intercept = at.y - slope * at.x;
        if (intercept <= lowest + 0.5) {
            touched = i;
        }
        lowest = fmin(lowest, intercept);
    }
    double sum_gap = 0, smallest[4] = {HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL};
    for (size_t i = 0; i < count; i++) {
        struct place at = place_of(point, &point[i]);
        double gap = at.y - slope * at.x - lowest;
        sum_gap += gap;
        keep_smallest(gap, smallest);
    }
    out->x0_ns = point[0].x_ns;
    out->y0_ns = point[0].y_ns + (int64_t)llround(lowest);
    out->slope = slope;
    out->touch_x_ns = point[touched].x_ns;
    out->mean_gap_ns = sum_gap / (double)count;
    out->fourth_gap_ns = (int64_t)llround(smallest[count >= 4 ? 3 : count - 1]);
}

int64_t line_at(const struct line *line, int64_t x_ns)
{
    return line->y0_ns + (int64_t)llround(line->slope * (double)(x_ns - line->x0_ns));
}
