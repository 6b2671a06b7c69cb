/* discipline/line.h -- the line under a cloud of delay points: what remains of a one-way path once
 * queues, retransmissions and outages are taken off.  Pure arithmetic. */
#ifndef DISCIPLINE_LINE_H
#define DISCIPLINE_LINE_H

#include <stddef.h>

#include "instants/instant.h"

/* One message: x is when it arrived on the local monotonic clock, y is x minus the sender's stamp.
 */
struct line_point {
    int64_t x_ns, y_ns;
};

struct line {
    int64_t x0_ns, y0_ns;  /* a point of the line */
    double slope;          /* dy/dx: how much faster the local clock runs than the sender's */
    int64_t touch_x_ns;    /* the latest point that the line touches */
    double mean_gap_ns;    /* of the points above the line */
    int64_t fourth_gap_ns; /* the fourth smallest gap; with fewer points the largest */
};

/* The line under all points that lies closest to them in summed distance, with its slope held to
 * [least, most].  Points ascend by x; count >= 1.  The summed distance is concave in the slope, so
 * the optimum is the edge of the lower convex hull over the mean of x, or the nearest allowed
 * slope. Source: Moon, Skelly, Towsley (Infocom 1999); Zhang, Liu, Xia (Infocom 2002). */
void line_under(const struct line_point *point, size_t count, double least, double most,
                struct line *out);

/* The line's height at x. */
int64_t line_at(const struct line *line, int64_t x_ns);

#endif
