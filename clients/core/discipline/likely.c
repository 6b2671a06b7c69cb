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
/* One slope in fifty is not near the known one any more, but anywhere within what quartz does: log
 * of that density over the known one's highest, with a doubt of 3 ppm. */
static const double LOG_ELSEWHERE = -7.2;
/* How many standard deviations around a known slope others are tried. */
static const double KNOWN_REACH = 6;
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
    double weight, slope, slope_square, height;
};

static void tally_add(struct tally *tally, double log_weight, double slope, double height)
{
    if (log_weight > tally->top) {
        double shrink = exp(tally->top - log_weight);
        tally->weight *= shrink;
        tally->slope *= shrink;
        tally->slope_square *= shrink;
        tally->height *= shrink;
        tally->top = log_weight;
    }
    if (log_weight < tally->top - NEGLIGIBLE) {
        return;
    }
    double weight = exp(log_weight - tally->top);
    tally->weight += weight;
    tally->slope += weight * slope;
    tally->slope_square += weight * slope * slope;
    tally->height += weight * height;
}

/* A slope to be tried, and how much of what is possible it stands for, beforehand. */
struct trial {
    double slope, log_weight;
};

static size_t spread(double least, double most, struct trial out[static SLOPES])
{
    if (least > most) {
        return 0;
    }
    for (int i = 0; i < SLOPES; i++) {
        out[i].slope = least + (most - least) * i / (SLOPES - 1);
    }
    return SLOPES;
}

static size_t merge(const struct trial *a, size_t a_count, const struct trial *b, size_t b_count,
                    struct trial *out)
{
    size_t i = 0, j = 0;
    while (i < a_count || j < b_count) {
        bool is_a = j == b_count || (i < a_count && a[i].slope <= b[j].slope);
        out[i + j] = is_a ? a[i] : b[j];
        i += is_a;
        j += !is_a;
    }
    return a_count + b_count;
}

/* Ascending, all of them within the prior's limits: around the likeliest by the points, and where
 * one is known around that too. */
static size_t choose_trials(const struct slope_prior *prior, double centre, double reach,
                            struct trial out[static 2 * SLOPES])
{
    struct trial by_points[SLOPES], known[SLOPES];
    size_t count = spread(fmax(prior->least, centre - reach), fmin(prior->most, centre + reach),
                          prior->is_known ? by_points : out);
    if (prior->is_known) {
        double around = KNOWN_REACH * prior->doubt;
        size_t known_count = spread(fmax(prior->least, prior->mean - around),
                                    fmin(prior->most, prior->mean + around), known);
        count = merge(by_points, count, known, known_count, out);
    }
    double middle = (prior->least + prior->most) / 2;
    for (size_t i = 0; i < count; i++) {
        bool is_usual = fabs(out[i].slope - middle) <= prior->usual_half;
        out[i].log_weight = is_usual ? 0 : LOG_UNUSUAL;
        if (prior->is_known) {
            double from = out[i > 0 ? i - 1 : i].slope, to = out[i + 1 < count ? i + 1 : i].slope;
            double off = (out[i].slope - prior->mean) / prior->doubt;
            out[i].log_weight = fmax(-off * off / 2, LOG_ELSEWHERE + out[i].log_weight) +
                                log(fmax(to - from, 1e-18)); /* they are not evenly spread */
        }
    }
    return count;
}

static struct tally weigh(const struct cloud *cloud, const struct trial *trial, size_t trials,
                          double below_most)
{
    struct tally tally = {.top = -HUGE_VAL};
    double n = cloud->count;
    double exponential = log_factorial(n - 2) - log(n), uniform = -log(n * (n - 1));
    size_t low_at = 0, high_at = cloud->highs - 1;
    for (size_t i = 0; i < trials; i++) {
        double slope = trial[i].slope, before = trial[i].log_weight;
        double low = touch_low(cloud, slope, &low_at);
        double sum = cloud->sum_y - slope * cloud->sum_x - n * low + LEAST_NS;
        struct chance_of_slope one = if_exponential(n, sum, exponential);
        tally_add(&tally, before + one.log_weight, slope, low - fmin(one.below, below_most));
        if (n >= SHAPE_COUNT) {
            double high = touch_high(cloud, slope, &high_at);
            one = if_uniform(n, high - low + LEAST_NS, uniform);
            tally_add(&tally, before + one.log_weight, slope, low - fmin(one.below, below_most));
        }
    }
    return tally;
}

/* Too few points to say anything of the slope: the lowest point by what is known of it. */
static void take_known_slope(const struct line_point *point, size_t count,
                             const struct slope_prior *prior, struct likely *out)
{
    out->slope = prior->mean;
    out->slope_doubt = prior->doubt;
    for (size_t i = 0; i < count; i++) {
        if (height_over(out, &point[i]) < 0) {
            out->x0_ns = point[i].x_ns;
            out->y0_ns = point[i].y_ns;
        }
    }
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

void line_likely(const struct line_point *point, size_t count, const struct slope_prior *prior,
                 const struct line *under, struct likely *out)
{
    *out = (struct likely){.x0_ns = under->x0_ns,
                           .y0_ns = under->y0_ns,
                           .slope = under->slope,
                           .slope_doubt = HUGE_VAL};
    double gap[SORTED_MAX];
    size_t gaps = some_gaps(point, count, out, gap);
    if (count < LEAST_COUNT || count > POINTS_MAX) {
        if (prior->is_known) {
            take_known_slope(point, count, prior, out);
        }
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
    struct slope_prior beside = *prior; /* from here on all slopes are beside the lowest line's */
    beside.least -= under->slope;
    beside.most -= under->slope;
    beside.mean -= under->slope;
    double centre = fmin(fmax(middle_slope(&cloud), beside.least), beside.most);
    struct trial trial[2 * SLOPES];
    size_t trials = choose_trials(&beside, centre, reach_of(&cloud, centre), trial);
    struct tally tally = weigh(&cloud, trial, trials, BELOW_GAPS * (double)under->fourth_gap_ns);
    double slope = tally.slope / tally.weight;
    out->slope += slope;
    out->slope_doubt = sqrt(fmax(tally.slope_square / tally.weight - slope * slope, 0));
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
