/* discipline/likely.h -- where a delay line most likely runs, where line.h has the lowest that it
 * may run: what the smallest of a few delays is still above the path's own, on average.  For the
 * best point only; what is promised rests on line.h.  Pure arithmetic. */
#ifndef DISCIPLINE_LIKELY_H
#define DISCIPLINE_LIKELY_H

#include <stdbool.h>

#include "discipline/line.h"

enum { LIKELY_GAPS = 16 };

struct likely {
    int64_t x0_ns, y0_ns;       /* a point of the line */
    double slope;               /* dy/dx */
    double slope_doubt;         /* its standard deviation; infinite: nothing is known of it */
    double gap_ns[LIKELY_GAPS]; /* quantiles of the delays above it: (i + 1/2) / LIKELY_GAPS */
};

/* What is known of the slope before any point is seen. */
struct slope_prior {
    double least, most; /* it lies between these */
    /* A mean and a standard deviation.  From almost four of them on it is held as likely as if
     * nothing were known: the clock may not be the one of before. */
    bool is_known;
    double mean, doubt;
    double usual_half; /* further than this from the middle it is held fiftyfold less likely */
};

/* The mean of what the line of the path itself may be, given the points.
 * under: line_under of the same points.  count >= 1.
 *
 * The noise is taken to be exponential or (with enough points) uniform, its scale and the line's
 * height unknown, all by their likelihood: so with light or heavy tails alike.  Far outliers are
 * left out, they tell nothing about the floor.
 * Good to: the line's own error at the start, 60 s heard at 1 Hz and 10 s held, 99 of 100, 2,000
 * windows with the profiles of tests/lib/simulated_link.h, beside the lowest line's for the same
 * points: LAN 0.10 (0.15), Wi-Fi 0.47 (0.66), Internet 1.46 (2.13), bad 4.4 (10.8) ms.  One who
 * knew the law and the scale of the noise would not do much better: after 100 s heard and 600 s
 * held 8.9 ms on the Internet, 27 on the bad path, as this.  With a slope known to 4 ppm from an
 * earlier run the start's error is then 3.4 and 7.1 ms (bench_discipline_links 2000 7). */
void line_likely(const struct line_point *point, size_t count, const struct slope_prior *prior,
                 const struct line *under, struct likely *out);

/* The line's height at x. */
int64_t likely_at(const struct likely *likely, int64_t x_ns);

/* How far the smallest of n sums of two such delays lies above its floor, on average: a minimum
 * round trip of n samples, each way as noisy as the line's points. */
double likely_round_trip_excess(const struct likely *likely, double samples);

#endif
