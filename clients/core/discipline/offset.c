#include "discipline/offset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "instants/instant.h"

static const int64_t WINDOW_NS = 3600 * NS_PER_S; /* older points tell of older temperatures */
/* How quickly a clock's rate wanders about its mean: what the floor may bend by. */
static const double BEND = 0.5e-6;
static const double QUARTER = 0.28768; /* of an exponential noise's scale, its lower quartile */
static const double FAR_SCALES = 6;    /* gaps wider than this tell nothing about a floor */
static const double READ_S = 3e-6;     /* clocks are not read better */
static const double QUEUE_S = 0.05;    /* a fan-out of this much surprises nobody */

enum { SLOPES = 61, FEW = 4 };

/* --- the lists ------------------------------------------------------------------------------ */

static void push(struct offset_point *list, size_t *count, size_t max, struct offset_point next)
{
    size_t old = *count == max;
    while (old < *count && next.x_ns - list[old].x_ns > WINDOW_NS) {
        old++;
    }
    memmove(list, list + old, (*count - old) * sizeof *list);
    *count -= old;
    list[(*count)++] = next;
}

void offset_add_tick(struct offset_points *points, struct offset_point tick)
{
    push(points->tick, &points->ticks, OFFSET_TICKS_MAX, tick);
}

void offset_add_answer(struct offset_points *points, struct offset_point answer)
{
    for (size_t i = points->answers; i-- > 0;) {
        struct offset_point *held = &points->answer[i];
        if (held->x_ns - held->y_ns == answer.x_ns - answer.y_ns) {
            *held = answer.x_ns < held->x_ns ? answer : *held;
            return;
        }
    }
    push(points->answer, &points->answers, OFFSET_ANSWERS_MAX, answer);
}

void offset_add_question(struct offset_points *points, struct offset_point question)
{
    push(points->question, &points->questions, OFFSET_QUESTIONS_MAX, question);
}

/* --- points above floors ---------------------------------------------------------------------- */

enum { PLACES_MAX = OFFSET_TICKS_MAX + OFFSET_ANSWERS_MAX + OFFSET_QUESTIONS_MAX };

/* In seconds from an origin; questions are turned over, so that they lie above a floor as well. */
struct place {
    double x, y;
};

struct group {
    const struct place *place; /* borrowed */
    size_t count;
    int sign; /* -1: turned over */
};

/* Ticks and answers over one floor, or over two; and questions. */
enum { TICKS, QUESTIONS, ANSWERS, GROUPS };
struct groups {
    struct group of[GROUPS];
};

static size_t place_all(const struct offset_point *list, size_t count, int sign,
                        const struct offset_point *origin, struct place *out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct place){(double)(list[i].x_ns - origin->x_ns) / 1e9,
                                sign * (double)(list[i].y_ns - origin->y_ns) / 1e9};
    }
    return count;
}

/* The height of the group's point i over a line of this slope through the origin. */
static double height(const struct group *group, size_t i, double slope)
{
    return group->place[i].y - group->sign * slope * group->place[i].x;
}

static double floor_of(const struct group *group, double slope)
{
    double lowest = HUGE_VAL;
    for (size_t i = 0; i < group->count; i++) {
        lowest = fmin(lowest, height(group, i, slope));
    }
    return lowest;
}

/* The sum of what the points lie above their floor. */
static double gaps_of(const struct group *group, double slope)
{
    double lowest = HUGE_VAL, sum = 0;
    for (size_t i = 0; i < group->count; i++) {
        double at = height(group, i, slope);
        lowest = at < lowest ? at : lowest;
        sum += at;
    }
    return group->count > 0 ? sum - (double)group->count * lowest : 0;
}

static double all_gaps(const struct groups *groups, double slope)
{
    double sum = 0;
    for (size_t i = 0; i < GROUPS; i++) {
        sum += gaps_of(&groups->of[i], slope);
    }
    return sum;
}

/* The slope with the least sum of gaps.  The sum is convex: golden section. */
static double tightest_slope(const struct groups *groups, const struct offset_prior *prior)
{
    static const double GOLDEN = 0.6180339887498949, ENOUGH = 1e-9;
    double low = prior->least, high = prior->most;
    double left = high - GOLDEN * (high - low), right = low + GOLDEN * (high - low);
    double at_left = all_gaps(groups, left), at_right = all_gaps(groups, right);
    while (high - low > ENOUGH) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - GOLDEN * (high - low);
            at_left = all_gaps(groups, left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + GOLDEN * (high - low);
            at_right = all_gaps(groups, right);
        }
    }
    return (low + high) / 2;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of exponential noise over the floor, by the quartile that outliers do not reach. */
static double scale_of(const struct group *group, double slope)
{
    double gap[PLACES_MAX], lowest = floor_of(group, slope);
    for (size_t i = 0; i < group->count; i++) {
        gap[i] = height(group, i, slope) - lowest;
    }
    qsort(gap, group->count, sizeof *gap, by_value);
    double at = 0.25 * (double)(group->count - 1);
    size_t k = (size_t)at;
    double quartile = k + 1 < group->count ? gap[k] + (at - (double)k) * (gap[k + 1] - gap[k])
                                           : gap[group->count - 1];
    return quartile / QUARTER + READ_S;
}

/* --- is there a queue that ordinary ticks wait in, and answers do not? ------------------------ */

/* Exponential noise of one unknown scale over one floor or over two: whether two explain it better,
 * by a factor of e, where the second is anywhere within QUEUE_S beforehand. */
static bool shows_queue(const struct groups *apart, double apart_slope,
                        const struct groups *together, double together_slope)
{
    const struct group *tick = &apart->of[TICKS], *answer = &apart->of[ANSWERS];
    const struct group *both = &together->of[TICKS]; /* ticks first, then answers */
    if (tick->count == 0) {
        return false;
    }
    double tick_floor = floor_of(tick, apart_slope), answer_floor = floor_of(answer, apart_slope);
    double one_floor = floor_of(both, together_slope);
    if (answer_floor >= tick_floor) {
        return false;
    }
    double far = FAR_SCALES * scale_of(tick, apart_slope) + 20e-6;
    double one_sum = 0, two_sum = 0, ticks = 0, answers = 0;
    for (size_t i = 0; i < both->count; i++) {
        bool is_tick = i < tick->count;
        double gap = height(both, i, apart_slope) - (is_tick ? tick_floor : answer_floor);
        if (gap <= far) {
            two_sum += gap + READ_S;
            one_sum += height(both, i, together_slope) - one_floor + READ_S;
            ticks += is_tick;
            answers += !is_tick;
        }
    }
    double n = ticks + answers;
    if (n <= 3) {
        return false;
    }
    /* Of the factorials (n - 2)! and (n - 3)!, n - 2 is left. */
    double better = log(n / (n - 2)) + (n - 1) * log(one_sum) - (n - 2) * log(two_sum) -
                    log(ticks * answers * QUEUE_S);
    return better > 1;
}

/* --- the slope -------------------------------------------------------------------------------- */

static double span_of(const struct group *group)
{
    double first = HUGE_VAL, last = -HUGE_VAL;
    for (size_t i = 0; i < group->count; i++) {
        first = fmin(first, group->place[i].x);
        last = fmax(last, group->place[i].x);
    }
    return last - first;
}

/* The same without what lies far above the floors; the places go into room. */
static struct groups leave_far_out(const struct groups *groups, double slope,
                                   struct place room[static PLACES_MAX])
{
    struct groups near = *groups;
    for (size_t i = 0; i < GROUPS; i++) {
        const struct group *from = &groups->of[i];
        double far = from->count >= FEW ? FAR_SCALES * scale_of(from, slope) : HUGE_VAL;
        double lowest = floor_of(from, slope);
        near.of[i].place = room;
        near.of[i].count = 0;
        for (size_t j = 0; j < from->count; j++) {
            if (height(from, j, slope) - lowest <= far) {
                room[near.of[i].count++] = from->place[j];
            }
        }
        room += near.of[i].count;
    }
    return near;
}

/* The logarithm of how likely a slope makes the groups, but for what is the same of every slope:
 * the floor and scale of each are integrated out, and of two points there would be nothing left. */
static double log_weight(const struct groups *groups, double slope)
{
    double sum = 0;
    for (size_t i = 0; i < GROUPS; i++) {
        const struct group *group = &groups->of[i];
        if (group->count > 2) {
            sum -= (double)(group->count - 1) * log(gaps_of(group, slope) + 2e-6);
        }
    }
    return sum;
}

/* The mean of the slopes around the tightest one, each by how likely it is: the tightest alone
 * hangs on few points. */
static double likely_slope(const struct groups *all, double tightest,
                           const struct offset_prior *prior, double *doubt)
{
    struct place room[PLACES_MAX];
    struct groups groups = leave_far_out(all, tightest, room);
    double known = 0; /* how sharply a slope over a second would be known */
    for (size_t i = TICKS; i <= QUESTIONS; i++) {
        known += (double)groups.of[i].count / scale_of(&all->of[i], tightest);
    }
    double reach = 64 / (known * (span_of(&all->of[TICKS]) + 1)) + 1e-7;
    double low = fmax(prior->least, tightest - reach), high = fmin(prior->most, tightest + reach);
    double log_of[SLOPES], top = -HUGE_VAL;
    for (int i = 0; i < SLOPES; i++) {
        log_of[i] = log_weight(&groups, low + (high - low) * i / (SLOPES - 1));
        top = fmax(top, log_of[i]);
    }
    double sum = 0, mean = 0, square = 0;
    for (int i = 0; i < SLOPES; i++) {
        double beside = low + (high - low) * i / (SLOPES - 1) - tightest;
        double weight = exp(log_of[i] - top);
        sum += weight;
        mean += weight * beside;
        square += weight * beside * beside;
    }
    mean /= sum;
    *doubt = sqrt(fmax(square / sum - mean * mean, 0));
    return tightest + mean;
}

/* --- the floor, which bends ------------------------------------------------------------------- */

/* At x, over a line of this slope: each point aged by BEND, less what even the nearest one ages. */
static double bent_floor(const struct group *group, double slope, double x)
{
    double lowest = HUGE_VAL, nearest = HUGE_VAL;
    for (size_t i = 0; i < group->count; i++) {
        double age = fabs(x - group->place[i].x);
        lowest = fmin(lowest, height(group, i, slope) + BEND * age);
        nearest = fmin(nearest, age);
    }
    return lowest - BEND * nearest;
}

bool offset_fit(const struct offset_points *points, const struct offset_prior *prior,
                struct offset *out)
{
    if (points->questions == 0 || points->ticks + points->answers == 0) {
        return false;
    }
    const struct offset_point origin = points->question[0];
    struct place place[PLACES_MAX];
    size_t ticks = place_all(points->tick, points->ticks, 1, &origin, place);
    size_t answers = place_all(points->answer, points->answers, 1, &origin, place + ticks);
    size_t down = ticks + answers;
    size_t questions = place_all(points->question, points->questions, -1, &origin, place + down);
    struct groups together = {
        {[TICKS] = {place, down, 1}, [QUESTIONS] = {place + down, questions, -1}}};
    struct groups apart = together;
    apart.of[TICKS].count = ticks;
    apart.of[ANSWERS] = (struct group){place + ticks, answers, 1};
    double slope = tightest_slope(&together, prior), apart_slope = tightest_slope(&apart, prior);
    bool has_queue = shows_queue(&apart, apart_slope, &together, slope);
    const struct groups *chosen = has_queue ? &apart : &together;
    slope = likely_slope(chosen, has_queue ? apart_slope : slope, prior, &out->slope_doubt);

    const struct group *tick = &chosen->of[TICKS], *answer = &chosen->of[ANSWERS];
    const struct group *question = &chosen->of[QUESTIONS];
    double queue = 0, least = HUGE_VAL, newest = -HUGE_VAL;
    for (size_t i = 0; i < answer->count; i++) {
        queue = fmax(queue, bent_floor(tick, slope, answer->place[i].x) - height(answer, i, slope));
    }
    for (size_t i = 0; i < question->count; i++) {
        least = fmin(least, bent_floor(tick, slope, question->place[i].x) - queue +
                                height(question, i, slope));
    }
    for (size_t i = 0; i < tick->count; i++) { /* from here on the floor is straight */
        newest = fmax(newest, tick->place[i].x);
    }
    double best = bent_floor(tick, slope, newest) - queue - least / 2 + slope * newest;
    out->x_ns = origin.x_ns + (int64_t)llround(newest * 1e9);
    out->y_ns = origin.y_ns + (int64_t)llround(best * 1e9);
    out->slope = slope;
    out->queue_ns = (int64_t)llround(queue * 1e9);
    out->there_and_back_ns = (int64_t)llround(least * 1e9);
    return true;
}

int64_t offset_at(const struct offset *offset, int64_t x_ns)
{
    return offset->y_ns + (int64_t)llround(offset->slope * (double)(x_ns - offset->x_ns));
}
