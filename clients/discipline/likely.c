#include "discipline/likely.h"

#include <math.h>

enum {
    POINTS_MAX = 256,
    SLOPES = 49,
    SORTED_MAX = 64,
    LEAST_COUNT = 4, /* fewer say nothing about their noise */
    SHAPE_COUNT = 16 /* fewer say nothing about its shape */
};

/* How many e-folds of the likelihood the slopes tried reach to either side. */
static const double REACH = 16;
/* A slope outside what quartz does: log 1/50. */
static const double LOG_UNUSUAL = -3.912;
/* Gaps wider than this many medians, or quartiles, tell nothing about the floor. */
static const double FAR_MEDIANS = 5, FAR_QUARTILES = 12;
/* The lowest points' distances tell how far below them the line may be, whatever the rest say. */
static const double BELOW_GAPS = 3;
static const double NEGLIGIBLE = 20;
static const double LEAST_NS = 1e3; /* clocks are not read better than this */

struct place {
    double x, y; /* relative to the first point */
};

/* Points that count, and their hulls. */
struct cloud {
    double count, sum_x, sum_y;
    size_t lows, highs;
    struct place low[POINTS_MAX], high[POINTS_MAX];
};

static double twist(struct place a, struct place b, struct place c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static void add(struct cloud *cloud, struct place next)
{
    cloud->count++;
    cloud->sum_x += next.x;
    cloud->sum_y += next.y;
    while (cloud->lows > 1 &&
           twist(cloud->low[cloud->lows - 2], cloud->low[cloud->lows - 1], next) <= 0) {
        cloud->lows--;
    }
    cloud->low[cloud->lows++] = next;
    while (cloud->highs > 1 &&
           twist(cloud->high[cloud->highs - 2], cloud->high[cloud->highs - 1], next) >= 0) {
        cloud->highs--;
    }
    cloud->high[cloud->highs++] = next;
}

/* The slope of the lower hull's edge over the mean of x: the likeliest if noise is exponential. */
static double middle_slope(const struct cloud *cloud)
{
    double mean_x = cloud->sum_x / cloud->count;
    for (size_t i = 0; i + 1 < cloud->lows; i++) {
        if (mean_x <= cloud->low[i + 1].x && cloud->low[i].x < cloud->low[i + 1].x) {
            return (cloud->low[i + 1].y - cloud->low[i].y) /
                   (cloud->low[i + 1].x - cloud->low[i].x);
        }
    }
    return 0;
}

/* The height at x = 0 of the line of a slope that touches the hull; *at moves along with the slope,
 * which only ever rises. */
static double touch_low(const struct cloud *cloud, double slope, size_t *at)
{
    const struct place *hull = cloud->low;
    while (*at + 1 < cloud->lows &&
           hull[*at + 1].y - slope * hull[*at + 1].x <= hull[*at].y - slope * hull[*at].x) {
        ++*at;
    }
    return hull[*at].y - slope * hull[*at].x;
}

/* Along the upper hull it moves back. */
static double touch_high(const struct cloud *cloud, double slope, size_t *at)
{
    const struct place *hull = cloud->high;
    while (*at > 0 &&
           hull[*at - 1].y - slope * hull[*at - 1].x >= hull[*at].y - slope * hull[*at].x) {
        --*at;
    }
    return hull[*at].y - slope * hull[*at].x;
}

static double height_over(const struct likely *line, const struct line_point *point)
{
    return (double)(point->y_ns - line->y0_ns) - line->slope * (double)(point->x_ns - line->x0_ns);
}

/* Up to SORTED_MAX gaps, evenly chosen, ascending. */
static size_t some_gaps(const struct line_point *point, size_t count, const struct likely *line,
                        double gap[static SORTED_MAX])
{
    size_t chosen = count < SORTED_MAX ? count : SORTED_MAX;
    for (size_t i = 0; i < chosen; i++) {
        double next = height_over(line, &point[i * count / chosen]);
        size_t at = i;
        while (at > 0 && gap[at - 1] > next) {
            gap[at] = gap[at - 1];
            at--;
        }
        gap[at] = next;
    }
    return chosen;
}

/* One slope under one kind of noise: how likely (a logarithm), and how far the line then runs under
 * the lowest point, on average. */
struct chance_of_slope {
    double log_weight, below;
};

/* The logarithm of (n - 2)!, by Stirling's series; good to 0.02 for n >= 3. */
static double log_factorial(double n_less_2)
{
    double z = n_less_2 + 1;
    return (z - 0.5) * log(z) - z + 0.9189385 + 1 / (12 * z);
}

/* Exponential noise of unknown scale (prior 1/scale) and unknown height: integrated over both.
 * constant: what does not depend on the slope. */
static struct chance_of_slope if_exponential(double n, double sum_of_gaps, double constant)
{
    return (struct chance_of_slope){
        .log_weight = constant - (n - 1) * log(sum_of_gaps),
        .below = sum_of_gaps / n / (n - 2),
    };
}

/* Uniform noise, likewise. */
static struct chance_of_slope if_uniform(double n, double range, double constant)
{
    return (struct chance_of_slope){
        .log_weight = constant - (n - 1) * log(range),
        .below = range / (n - 2),
    };
}

/* Weighted sums over the slopes tried. */
struct tally {
    double top; /* the largest logarithm so far; the sums are relative to it */
    double weight, slope, height;
};

static void tally_add(struct tally *tally, double log_weight, double slope, double height)
{
    if (log_weight > tally->top) {
        double shrink = exp(tally->top - log_weight);
        tally->weight *= shrink;
        tally->slope *= shrink;
        tally->height *= shrink;
        tally->top = log_weight;
    }
    if (log_weight < tally->top - NEGLIGIBLE) {
        return;
    }
    double weight = exp(log_weight - tally->top);
    tally->weight += weight;
    tally->slope += weight * slope;
    tally->height += weight * height;
}

static struct tally weigh(const struct cloud *cloud, double least, double most, double usual_least,
                          double usual_most, double below_most)
{
    struct tally tally = {.top = -HUGE_VAL};
    double n = cloud->count;
    double exponential = log_factorial(n - 2) - log(n), uniform = -log(n * (n - 1));
    size_t low_at = 0, high_at = cloud->highs - 1;
    for (int i = 0; i < SLOPES; i++) {
        double slope = least + (most - least) * i / (SLOPES - 1);
        double prior = slope < usual_least || slope > usual_most ? LOG_UNUSUAL : 0;
        double low = touch_low(cloud, slope, &low_at);
        double sum = cloud->sum_y - slope * cloud->sum_x - n * low + LEAST_NS;
        struct chance_of_slope one = if_exponential(n, sum, exponential);
        tally_add(&tally, prior + one.log_weight, slope, low - fmin(one.below, below_most));
        if (n >= SHAPE_COUNT) {
            double high = touch_high(cloud, slope, &high_at);
            one = if_uniform(n, high - low + LEAST_NS, uniform);
            tally_add(&tally, prior + one.log_weight, slope, low - fmin(one.below, below_most));
        }
    }
    return tally;
}

/* Those of the gaps that are a bit under the line are none: it is a mean of many lines. */
static void keep_quantiles(const double gap[static SORTED_MAX], size_t gaps,
                           double out[static LIKELY_GAPS])
{
    for (size_t i = 0; i < LIKELY_GAPS; i++) {
        double at = fmax(((double)i + 0.5) / LIKELY_GAPS * (double)gaps - 0.5, 0);
        size_t k = (size_t)at;
        double value =
            k + 1 < gaps ? gap[k] + (at - (double)k) * (gap[k + 1] - gap[k]) : gap[gaps - 1];
        out[i] = fmax(value, 0);
    }
}

/* Exponential ones.  Of four to fifteen points the median, taken for the mean, starts nearest to
 * the truth on the average of the profiles tried: one far point in five is no measure of the
 * others. */
static void assume_quantiles(double median, double out[static LIKELY_GAPS])
{
    for (size_t i = 0; i < LIKELY_GAPS; i++) {
        out[i] = -log(1 - ((double)i + 0.5) / LIKELY_GAPS) * fmax(median, 0);
    }
}

/* In outages more than half of the messages may have waited, but not three quarters. */
static double far_of(const double gap[static SORTED_MAX], size_t gaps)
{
    double far = FAR_MEDIANS * gap[gaps / 2];
    if (gaps >= SHAPE_COUNT) {
        far = fmin(far, FAR_QUARTILES * gap[gaps / 4]);
    }
    return fmax(far, LEAST_NS);
}

/* How far from the likeliest slope others have to be tried. */
static double reach_of(const struct cloud *cloud, double slope)
{
    double across_ns = cloud->high[cloud->highs - 1].x - cloud->high[0].x;
    size_t at = 0;
    double low = touch_low(cloud, slope, &at);
    double sum = cloud->sum_y - slope * cloud->sum_x - cloud->count * low + LEAST_NS;
    return across_ns > 0 ? REACH * 4 * sum / (cloud->count * cloud->count * across_ns) : HUGE_VAL;
}

void line_likely(const struct line_point *point, size_t count, double least, double most,
                 double usual_half, const struct line *under, struct likely *out)
{
    *out = (struct likely){.x0_ns = under->x0_ns, .y0_ns = under->y0_ns, .slope = under->slope};
    double gap[SORTED_MAX];
    size_t gaps = some_gaps(point, count, out, gap);
    if (count < LEAST_COUNT || count > POINTS_MAX) {
        return;
    }
    double far = far_of(gap, gaps);
    struct cloud cloud = {.count = 0};
    for (size_t i = 0; i < count; i++) {
        double height = height_over(out, &point[i]);
        if (height <= far) {
            add(&cloud, (struct place){(double)(point[i].x_ns - under->x0_ns), height});
        }
    }
    double from = least - under->slope, to = most - under->slope; /* from here on beside it */
    double centre = fmin(fmax(middle_slope(&cloud), from), to);
    double reach = reach_of(&cloud, centre), usual = (from + to) / 2;
    struct tally tally =
        weigh(&cloud, fmax(from, centre - reach), fmin(to, centre + reach), usual - usual_half,
              usual + usual_half, BELOW_GAPS * (double)under->fourth_gap_ns);
    out->slope += tally.slope / tally.weight;
    out->y0_ns += (int64_t)llround(tally.height / tally.weight);
    gaps = some_gaps(point, count, out, gap);
    if (count < SHAPE_COUNT) {
        assume_quantiles(gap[gaps / 2], out->gap_ns);
    } else {
        keep_quantiles(gap, gaps, out->gap_ns);
    }
}

int64_t likely_at(const struct likely *likely, int64_t x_ns)
{
    return likely->y0_ns + (int64_t)llround(likely->slope * (double)(x_ns - likely->x0_ns));
}

/* How many of the sums of two gaps are at most `sum`, as a share. */
static double share_of_sums(const double gap[static LIKELY_GAPS], double sum)
{
    size_t under = 0, j = LIKELY_GAPS;
    for (size_t i = 0; i < LIKELY_GAPS; i++) {
        while (j > 0 && gap[i] + gap[j - 1] > sum) {
            j--;
        }
        under += j;
    }
    return (double)under / (LIKELY_GAPS * LIKELY_GAPS);
}

double likely_round_trip_excess(const struct likely *likely, double samples)
{
    enum { PARTS = 4 };
    double excess = 0, from = 0;
    double still = 1; /* the chance that no sample is at most `from` */
    for (size_t i = 0; i < LIKELY_GAPS; i++) {
        double base = i == 0 ? 0 : 2 * likely->gap_ns[i - 1];
        for (int part = 1; part <= PARTS; part++) {
            double to = base + (2 * likely->gap_ns[i] - base) * part / PARTS;
            double next = exp(samples * log(1 - share_of_sums(likely->gap_ns, to)));
            excess += (to - from) * (still + next) / 2;
            from = to;
            still = next;
            if (still < 1e-4) {
                return excess;
            }
        }
    }
    return excess;
}
