#include "discipline/source.h"

#include <math.h>
#include <string.h>

/* Quartz is good to this, and so is a clock that is being slewed gently. */
static const double SKEW_DOUBT = 100e-6;
/* A skew is learned once it is known this well, and moves with temperature by less than this. */
static const double LEARNED_DOUBT = 15e-6;
/* Wander that no straight line can know: the listener's, and the beacon's being slewed. */
static const double WANDER = 3e-6;

static const int64_t WINDOW_NS = 1800 * NS_PER_S; /* older points say more about old temperatures */
/* From the beacon's socket to this program's, beyond the network: 0.29 ms were measured from
 * publish to callback through a broker with ten listeners on the same machine, less loopback's own.
 */
static const int64_t FORWARD_NS = 250 * NS_PER_US;
static const int64_t SETTLED_NS = 60 * NS_PER_S;
static const int64_t FAN_OUT_NS = 100 * NS_PER_MS; /* a broker that reports nothing */
static const int64_t NO_RTT_NS = 500 * NS_PER_MS;  /* a connection that knows no round trip */
/* One message may have waited out any outage that TCP survives: 15 retries, 924 s. */
static const int64_t ALONE_NS = 924 * NS_PER_S;
static const int64_t FEW_NS = 2 * NS_PER_S;
static const int64_t ONE_NS = NS_PER_S / 2;   /* messages this close wait as one */
static const int64_t DENSE_NS = 2 * NS_PER_S; /* messages this close are no regular guests */

enum { STEP_RUN = 16, SETTLED_COUNT = 20, UNLUCKY_COUNT = 10 };
static const int64_t STEP_NS = 20 * NS_PER_MS;
static const double STEADY_NS = 0.2e9; /* paths jitter by less, outages by more */

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

/* What was learned of the slope in earlier runs, or nothing. */
static struct slope_prior slope_before(int64_t seen_ns, size_t count,
                                       const struct discipline_memory *memory)
{
    double middle = memory->has_skew ? memory->skew : 0;
    double half = memory->has_skew ? 2 * LEARNED_DOUBT : SKEW_DOUBT;
    if (is_settled(seen_ns, count)) {
        half = 5 * SKEW_DOUBT; /* what the kernel itself may slew by */
    }
    return (struct slope_prior){
        .least = middle - half,
        .most = middle + half,
        .is_known = memory->has_skew,
        .mean = middle,
        .doubt = hypot(memory->skew_doubt, WANDER),
        .usual_half = SKEW_DOUBT,
    };
}

/* How many of the newest points to keep: a path that grows longer and a sender's clock that is set
 * back look alike.  When all points of the last half minute (16 at least) stay well above the line,
 * and steadily so, the older ones are let go; 0 otherwise.  Messages that have waited out one
 * outage after the other are as high above the line, but at all heights. */
static size_t points_since_step(const struct discipline_link *link, const struct line_point *point)
{
    int64_t newest = last_point(link)->x_ns;
    double lowest = HUGE_VAL, sum = 0;
    for (size_t i = link->count; i-- > 0;) {
        int64_t height = point[i].y_ns - line_at(&link->line, point[i].x_ns);
        if (height < STEP_NS) {
            return 0;
        }
        lowest = fmin(lowest, (double)height);
        sum += (double)height;
        size_t run = link->count - i;
        if (run >= STEP_RUN && newest - point[i].x_ns >= 30 * NS_PER_S &&
            sum / (double)run - lowest < fmin(lowest / 4, STEADY_NS)) {
            return run;
        }
    }
    return 0;
}

static int64_t sent_ns(const struct line_point *point)
{
    return point->x_ns - point->y_ns;
}

static const struct line_point *point_at(const struct discipline_link *link, size_t i)
{
    return &link->point[(link->first + i) % DISCIPLINE_SAMPLES_MAX];
}

/* Whether most of these points came one by one, as they were sent, and not in a heap (perhaps with
 * a straggler long after it) as after an outage or a sleep. */
static bool came_evenly(const struct discipline_link *link, size_t begin, size_t run)
{
    size_t even = 0;
    for (size_t i = begin + 1; i < begin + run; i++) {
        const struct line_point *before = point_at(link, i - 1), *after = point_at(link, i);
        int64_t sending_ns = sent_ns(after) - sent_ns(before);
        even += sending_ns > 0 && 2 * (after->x_ns - before->x_ns) >= sending_ns;
    }
    return 2 * even > run - 1;
}

/* For how long messages may all have waited alike without showing it.
 *
 * A wait stays under the time between two messages, or the next one would have caught up; within
 * it, retries wait for the same times again and again.  Ten messages in a few seconds are not all
 * that unlucky.  Ten that were sent a minute apart may be: what breaks a path often comes back by
 * the clock (a radio looking for other networks every 30 s), and then every one of them meets it.
 */
static int64_t apart_ns(const struct discipline_link *link)
{
    size_t run = link->count < UNLUCKY_COUNT ? link->count : UNLUCKY_COUNT;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i + run <= link->count; i++) {
        const struct line_point *first = point_at(link, i), *last = point_at(link, i + run - 1);
        int64_t sending_ns = sent_ns(last) - sent_ns(first);
        if (sending_ns >= ONE_NS && sending_ns < least &&
            2 * (last->x_ns - first->x_ns) >= sending_ns && came_evenly(link, i, run)) {
            least = sending_ns;
        }
    }
    if (least == INT64_MAX) {
        return ALONE_NS; /* all of it is one heap, and more of it may follow */
    }
    least /= (int64_t)run;
    return run == UNLUCKY_COUNT && least < DENSE_NS ? 0 : least;
}

/* How much of the smallest delay may be waiting rather than path.
 *
 * One message alone may have waited out any outage.  An outage ends in a burst: messages sent a
 * cadence apart arrive together, so their gaps are as wide as the wait is long; and those that
 * arrive as evenly as they were sent were not held up.  So the gaps between the best few points are
 * the measure, with a factor that more points make smaller, beside what they may have waited
 * alike. */
static int64_t luck_ns(const struct discipline_link *link)
{
    int64_t spread = link->line.fourth_gap_ns; /* with fewer points, the largest gap */
    int64_t alike = 2 * apart_ns(link);
    switch (link->count) {
    case 1:
        return ALONE_NS;
    case 2:
        return FEW_NS + 60 * spread + alike;
    case 3:
        return FEW_NS / 4 + 30 * spread + alike;
    default:
        return 5 * spread + alike + (int64_t)(30 * link->line.mean_gap_ns) / (int64_t)link->count;
    }
}

/* How many round trips the kernel has measured on a connection: while connecting, then as often as
 * mqtt asks (ROUND_TRIPS there), then with every keep-alive. */
static double round_trips(int64_t age_ns)
{
    double age_s = fmax((double)age_ns / 1e9, 0);
    return 3 + fmin(age_s / 0.25, 20) + fmin(fmax(age_s - 5, 0), 40) + age_s / 10;
}

/* error: what the beacon's stamps may be off by, and may have changed by while it was heard. */
static void fit(struct discipline_link *link, const struct discipline_memory *memory, span error)
{
    if (link->count == 0) {
        return;
    }
    struct line_point point[DISCIPLINE_SAMPLES_MAX];
    copy_points(link, point);
    int64_t seen_ns = last_point(link)->x_ns - link->point[link->first].x_ns;
    struct slope_prior prior = slope_before(seen_ns, link->count, memory);
    line_under(point, link->count, prior.least, prior.most, &link->line);
    size_t run = points_since_step(link, point);
    if (run > 0 && run < link->count) {
        while (link->count > run) {
            drop_oldest(link);
        }
        fit(link, memory, error);
        return;
    }
    double doubt = fmax(prior.most - link->line.slope, link->line.slope - prior.least) + WANDER;
    if (is_settled(seen_ns, link->count)) {
        /* What the noise leaves: with the profiles of tests/lib/simulated_link.h the slope's error
         * stays under twice the mean gap over the time seen, with more room while points are few.
         */
        double room = 2 + 20.0 / (double)link->count;
        double moved_ns = room * link->line.mean_gap_ns + 2 * (double)error.ns;
        doubt = fmin(5 * SKEW_DOUBT, moved_ns / (double)seen_ns + WANDER);
    }
    link->slope_doubt = doubt;
    line_likely(point, link->count, &prior, &link->line, &link->likely);
    link->luck.ns = luck_ns(link);
    link->rtt_excess_ns = likely_round_trip_excess(&link->likely, round_trips(seen_ns));
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
    fit(link, memory, source->error);
    measure_queue(link);
}

/* Half the round trips, what they are above their floor taken off. */
static int64_t half_way(const struct discipline_link *link)
{
    double excess_ns = fmin(link->rtt_excess_ns, (double)link->rtt.ns);
    return link->has_rtt ? (link->rtt.ns - (int64_t)llround(excess_ns)) / 2 : 0;
}

/*      earliest                best                        latest
 *         |---------------------|-----------------------------|
 *    zero delay           half the round trips      all of them, the fan-out and luck
 *    by the lowest        and the known queue
 *    line                 by the likely line
 */
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
    out->latest.ns = zero_delay + rtt + fan_out + link->luck.ns + drift + source->error.ns;
    out->best.ns = now.ns - likely_at(&link->likely, now.ns) + half_way(link) + link->queue.ns +
                   (link->has_rtt ? FORWARD_NS : 0);
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Whether the line is good enough for its slope to be kept on disk. */
static bool has_learned(const struct discipline_link *link)
{
    return link->slope_doubt <= LEARNED_DOUBT;
}

/* An answered question binds ticks that were heard before and after it.  It is carried to `now` by
 * the slope, where a line knows it better than quartz is known. */
static void narrow_by_answer(const struct discipline_source *source,
                             const struct discipline_link *link, mono now,
                             struct discipline_interval *interval)
{
    bool is_known = link->slope_doubt < SKEW_DOUBT + WANDER;
    double age = (double)(now.ns - source->vouch_at.ns);
    double doubt = is_known ? link->slope_doubt : SKEW_DOUBT + WANDER;
    int64_t passed = llround(age * (1 - (is_known ? link->line.slope : 0)));
    int64_t drift = llround(doubt * fabs(age)) + 1000; /* 1 us of rounding */
    int64_t earliest = source->vouch_earliest.ns + passed - drift;
    int64_t latest = source->vouch_latest.ns + passed + drift;
    if (earliest > interval->latest.ns || latest < interval->earliest.ns) {
        interval->earliest.ns = earliest; /* the line contradicts it: ticks are being held */
        interval->latest.ns = latest;
        return;
    }
    interval->earliest.ns = earliest > interval->earliest.ns ? earliest : interval->earliest.ns;
    interval->latest.ns = latest < interval->latest.ns ? latest : interval->latest.ns;
}

bool source_interval(const struct discipline_source *source, mono now,
                     struct discipline_interval *out, struct source_slope *slope)
{
    const struct discipline_link *best = NULL;
    int64_t narrowest = INT64_MAX, most_generous = INT64_MIN;
    struct discipline_interval joined = {{INT64_MIN}, {INT64_MAX}, {0}};
    for (size_t i = 0; i < DISCIPLINE_LINKS_MAX; i++) {
        const struct discipline_link *link = &source->link[i];
        if (link->count == 0) {
            continue;
        }
        struct discipline_interval one;
        link_interval(source, link, now, &one);
        if (one.latest.ns - one.earliest.ns < narrowest) {
            narrowest = one.latest.ns - one.earliest.ns;
            best = link;
            joined.best = one.best;
            *slope = (struct source_slope){link->likely.slope, link->likely.slope_doubt,
                                           has_learned(link)};
        }
        joined.earliest.ns =
            one.earliest.ns > joined.earliest.ns ? one.earliest.ns : joined.earliest.ns;
        joined.latest.ns = one.latest.ns < joined.latest.ns ? one.latest.ns : joined.latest.ns;
        most_generous = one.latest.ns > most_generous ? one.latest.ns : most_generous;
    }
    if (best == NULL) {
        return false;
    }
    if (joined.earliest.ns > joined.latest.ns) {
        /* One broker holds its messages.  That it is not earlier is proven by each of them; how
         * long they may have waited is the guess. */
        joined.latest.ns = most_generous;
    }
    if (source->is_vouched) {
        narrow_by_answer(source, best, now, &joined);
    }
    joined.best.ns = clamp(joined.best.ns, joined.earliest.ns, joined.latest.ns);
    *out = joined;
    return true;
}
