#include "discipline/source.h"

#include <math.h>
#include <string.h>

/* Quartz is good to this, and so is a clock that is being slewed gently. */
static const double SKEW_DOUBT = 100e-6;
/* A learned skew moves with temperature by less than this. */
static const double LEARNED_DOUBT = 15e-6;
/* Wander that no straight line can know. */
static const double WANDER = 1e-6;

static const int64_t WINDOW_NS = 1800 * NS_PER_S; /* older points say more about old temperatures */
static const int64_t SETTLED_NS = 60 * NS_PER_S;
static const int64_t LEARNED_NS = 300 * NS_PER_S;
static const int64_t FAN_OUT_NS = 100 * NS_PER_MS; /* a broker that reports nothing */
static const int64_t NO_RTT_NS = 500 * NS_PER_MS;  /* a connection that knows no round trip */
/* One message may have waited out any outage that TCP survives: 15 retries, 924 s. */
static const int64_t ALONE_NS = 924 * NS_PER_S;
static const int64_t FEW_NS = 2 * NS_PER_S;

enum { STEP_RUN = 16, SETTLED_COUNT = 20, UNLUCKY_COUNT = 10 };
static const int64_t STEP_NS = 20 * NS_PER_MS;

static void copy_points(const struct discipline_link *link,
                        struct line_point out[static DISCIPLINE_SAMPLES_MAX])
{
    for (size_t i = 0; i < link->count; i++) {
        out[i] = link->point[(link->first + i) % DISCIPLINE_SAMPLES_MAX];
    }
}

static const struct line_point *last_point(const struct discipline_link *link)
{
    return &link->point[(link->first + link->count - 1) % DISCIPLINE_SAMPLES_MAX];
}

static void drop_oldest(struct discipline_link *link)
{
    link->first = (link->first + 1) % DISCIPLINE_SAMPLES_MAX;
    link->count--;
}

/* From here on the slope is the line's own. */
static bool is_settled(int64_t seen_ns, size_t count)
{
    return seen_ns >= SETTLED_NS && count >= SETTLED_COUNT;
}

/* The prior of the slope: what was learned in earlier runs, or nothing. */
static void slope_range(int64_t seen_ns, size_t count, const struct discipline_memory *memory,
                        double *least, double *most)
{
    double middle = memory->has_skew ? memory->skew : 0;
    double half = memory->has_skew ? LEARNED_DOUBT : SKEW_DOUBT;
    if (is_settled(seen_ns, count)) {
        half = 5 * SKEW_DOUBT; /* what the kernel itself may slew by */
    }
    *least = middle - half;
    *most = middle + half;
}

/* How many of the newest points to keep: a path that grows longer and a sender's clock that is set
 * back look alike.  When all points of the last half minute (16 at least) stay well above the line,
 * the older ones are let go; 0 otherwise. */
static size_t points_since_step(const struct discipline_link *link, const struct line_point *point)
{
    int64_t newest = last_point(link)->x_ns;
    for (size_t i = link->count; i-- > 0;) {
        if (point[i].y_ns - line_at(&link->line, point[i].x_ns) < STEP_NS) {
            return 0;
        }
        size_t run = link->count - i;
        if (run >= STEP_RUN && newest - point[i].x_ns >= 30 * NS_PER_S) {
            return run;
        }
    }
    return 0;
}

static void fit(struct discipline_link *link, const struct discipline_memory *memory)
{
    if (link->count == 0) {
        return;
    }
    struct line_point point[DISCIPLINE_SAMPLES_MAX];
    copy_points(link, point);
    double least, most;
    int64_t seen_ns = last_point(link)->x_ns - link->point[link->first].x_ns;
    slope_range(seen_ns, link->count, memory, &least, &most);
    line_under(point, link->count, least, most, &link->line);
    size_t run = points_since_step(link, point);
    if (run > 0 && run < link->count) {
        while (link->count > run) {
            drop_oldest(link);
        }
        fit(link, memory);
        return;
    }
    double doubt = fmax(most - link->line.slope, link->line.slope - least);
    if (is_settled(seen_ns, link->count)) {
        /* What the noise leaves: with the profiles of tests/simulated_link.h the slope's error
         * stays under twice the mean gap over the time seen, with more room while points are few.
         */
        double room = 2 + 20.0 / (double)link->count;
        doubt = fmin(5 * SKEW_DOUBT, room * link->line.mean_gap_ns / (double)seen_ns + WANDER);
    }
    link->slope_doubt = doubt;
}

/* While the line's points reach back to the answer; then what was found stays. */
static void measure_queue(struct discipline_link *link)
{
    if (link->has_answer && link->count > 0 && link->answer.x_ns >= link->point[link->first].x_ns) {
        int64_t above = line_at(&link->line, link->answer.x_ns) - link->answer.y_ns;
        link->queue.ns = above > 0 ? above : 0;
    }
}

void source_answer(struct discipline_source *source, size_t which, mono answered, utc sent)
{
    struct discipline_link *link = &source->link[which];
    link->has_answer = true;
    link->answer = (struct line_point){answered.ns, answered.ns - sent.ns};
    measure_queue(link);
}

void source_hear(struct discipline_source *source, size_t which,
                 const struct discipline_sample *sample, const struct discipline_memory *memory)
{
    struct discipline_link *link = &source->link[which];
    struct line_point next = {sample->arrived.ns, sample->arrived.ns - sample->sent.ns};
    if (link->count == DISCIPLINE_SAMPLES_MAX) {
        drop_oldest(link);
    }
    while (link->count > 0 && next.x_ns - link->point[link->first].x_ns > WINDOW_NS) {
        drop_oldest(link);
    }
    if (link->count > 0) {
        const struct line_point *last = last_point(link);
        if (next.x_ns < last->x_ns) {
            return; /* arrivals are stamped in order: this one was handed on late */
        }
    }
    link->point[(link->first + link->count) % DISCIPLINE_SAMPLES_MAX] = next;
    link->count++;
    if (sample->has_rtt) {
        int64_t rtt = sample->listener_rtt.ns + sample->beacon_rtt.ns;
        if (!link->has_rtt || rtt < link->rtt.ns) {
            link->rtt.ns = rtt;
        }
        link->has_rtt = true;
    }
    source->is_known = true;
    source->has_error = sample->has_error;
    source->error = sample->has_error ? sample->error : (span){0};
    fit(link, memory);
    measure_queue(link);
}

/* How much of the smallest delay may be waiting rather than path.
 *
 * One message alone may have waited out any outage.  An outage ends in a burst: messages sent a
 * cadence apart arrive together, so their gaps are as wide as the wait is long; and those that
 * arrive as evenly as they were sent were not held up.  So the gaps between the best few points are
 * the measure, with a factor that more points make smaller.
 *
 * Retries wait for the same times again and again, though: a few messages that were sent far apart
 * may each have waited alone, and equally long.  Such a wait stays under the time between two
 * messages (or the next one would have caught up), and many in a row are not all that unlucky. */
static int64_t luck_ns(const struct discipline_link *link)
{
    int64_t spread = link->line.fourth_gap_ns; /* with fewer points, the largest gap */
    const struct line_point *first = &link->point[link->first], *last = last_point(link);
    int64_t arriving_ns = last->x_ns - first->x_ns;
    int64_t sending_ns = arriving_ns - (last->y_ns - first->y_ns);
    if (2 * arriving_ns < sending_ns) {
        return ALONE_NS; /* all of it is one burst, and more of it may follow */
    }
    int64_t apart_ns = link->count < UNLUCKY_COUNT ? sending_ns / (int64_t)link->count : 0;
    switch (link->count) {
    case 1:
        return ALONE_NS;
    case 2:
        return FEW_NS + 60 * spread + 2 * apart_ns;
    case 3:
        return FEW_NS / 4 + 30 * spread + 2 * apart_ns;
    default:
        return 5 * spread + 2 * apart_ns +
               (int64_t)(20 * link->line.mean_gap_ns) / (int64_t)link->count;
    }
}

/*      earliest                best                        latest
 *         |---------------------|-----------------------------|
 *    zero delay           half the round trips      all of them, the fan-out and luck
 *                         and the known queue */
static void link_interval(const struct discipline_source *source,
                          const struct discipline_link *link, mono now,
                          struct discipline_interval *out)
{
    int64_t age = now.ns - link->line.touch_x_ns;
    int64_t drift =
        (int64_t)llround(link->slope_doubt * fabs((double)age)) + 1000; /* 1 us of rounding */
    int64_t zero_delay = now.ns - line_at(&link->line, now.ns);
    int64_t rtt = link->has_rtt ? link->rtt.ns : NO_RTT_NS;
    int64_t fan_out = source->has_fan_out ? source->fan_out.ns : FAN_OUT_NS;
    out->earliest.ns = zero_delay - drift - source->error.ns;
    out->latest.ns = zero_delay + rtt + fan_out + luck_ns(link) + drift + source->error.ns;
    out->best.ns = zero_delay + link->queue.ns + (link->has_rtt ? link->rtt.ns / 2 : 0);
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

bool source_interval(const struct discipline_source *source, mono now,
                     struct discipline_interval *out, double *slope, bool *learned)
{
    bool found = false;
    int64_t narrowest = INT64_MAX;
    struct discipline_interval joined = {{INT64_MIN}, {INT64_MAX}, {0}}, chosen = joined;
    for (size_t i = 0; i < DISCIPLINE_LINKS_MAX; i++) {
        const struct discipline_link *link = &source->link[i];
        if (link->count == 0) {
            continue;
        }
        struct discipline_interval one;
        link_interval(source, link, now, &one);
        if (one.latest.ns - one.earliest.ns < narrowest) {
            narrowest = one.latest.ns - one.earliest.ns;
            chosen = one;
            *slope = link->line.slope;
            const struct line_point *last = last_point(link);
            *learned = last->x_ns - link->point[link->first].x_ns >= LEARNED_NS;
        }
        joined.earliest.ns =
            one.earliest.ns > joined.earliest.ns ? one.earliest.ns : joined.earliest.ns;
        joined.latest.ns = one.latest.ns < joined.latest.ns ? one.latest.ns : joined.latest.ns;
        found = true;
    }
    if (!found) {
        return false;
    }
    if (joined.earliest.ns <= joined.latest.ns) {
        chosen.earliest = joined.earliest;
        chosen.latest = joined.latest;
    }
    if (source->is_vouched) {
        int64_t age = now.ns - source->vouch_at.ns;
        int64_t drift = (int64_t)llround(SKEW_DOUBT * fabs((double)age));
        int64_t earliest = source->vouch_earliest.ns + age - drift;
        int64_t latest = source->vouch_latest.ns + age + drift;
        if (earliest > chosen.latest.ns || latest < chosen.earliest.ns) {
            chosen.earliest.ns =
                earliest; /* the line contradicts the answer: ticks are being held */
            chosen.latest.ns = latest;
        } else {
            chosen.earliest.ns = earliest > chosen.earliest.ns ? earliest : chosen.earliest.ns;
            chosen.latest.ns = latest < chosen.latest.ns ? latest : chosen.latest.ns;
        }
    }
    chosen.best.ns = clamp(chosen.best.ns, chosen.earliest.ns, chosen.latest.ns);
    *out = chosen;
    return true;
}
