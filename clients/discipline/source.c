#include "discipline/source.h"

#include <math.h>
#include <string.h>

/* Quartz is good to this, and so is a clock that is being slewed gently. */
static const double SKEW_DOUBT = 100e-6;
/* A learned skew moves with temperature by less than this. */
static const double LEARNED_DOUBT = 15e-6;
/* Wander that no straight line can know. */
static const double WANDER = 0.5e-6;

static const int64_t WINDOW_NS = 1800 * NS_PER_S; /* older points say more about old temperatures */
static const int64_t SETTLED_NS = 60 * NS_PER_S;  /* from here on the slope is the line's own */
static const int64_t LEARNED_NS = 300 * NS_PER_S;
static const int64_t FAN_OUT_NS = 100 * NS_PER_MS; /* a broker that reports nothing */
static const int64_t NO_RTT_NS = 500 * NS_PER_MS;  /* a connection that knows no round trip */
static const int64_t FEW_NS = 10 * NS_PER_S;       /* one message may have waited out any outage */

enum { STEP_RUN = 16 };
static const int64_t STEP_NS = 20 * NS_PER_MS;

static void copy_points(const struct discipline_link *link,
                        struct line_point out[static DISCIPLINE_SAMPLES_MAX])
{
    for (size_t i = 0; i < link->count; i++) {
        out[i] = link->point[(link->first + i) % DISCIPLINE_SAMPLES_MAX];
    }
}

static void drop_oldest(struct discipline_link *link)
{
    link->first = (link->first + 1) % DISCIPLINE_SAMPLES_MAX;
    link->count--;
}

/* The prior of the slope: what was learned in earlier runs, or nothing. */
static void slope_range(int64_t seen_ns, const struct discipline_memory *memory, double *least,
                        double *most)
{
    double middle = memory->has_skew ? memory->skew : 0;
    double half = memory->has_skew ? LEARNED_DOUBT : SKEW_DOUBT;
    if (seen_ns >= SETTLED_NS) {
        half = 5 * SKEW_DOUBT; /* what the kernel itself may slew by */
    }
    *least = middle - half;
    *most = middle + half;
}

/* A path that grows longer and a sender's clock that is set back look alike.  When the newest
 * points all stay well above the line for half a minute, the older ones are let go. */
static bool has_stepped(const struct discipline_link *link, const struct line_point *point)
{
    if (link->count <= STEP_RUN) {
        return false;
    }
    const struct line_point *run = &point[link->count - STEP_RUN];
    if (run[STEP_RUN - 1].x_ns - run[0].x_ns < 30 * NS_PER_S) {
        return false;
    }
    for (size_t i = 0; i < STEP_RUN; i++) {
        if (run[i].y_ns - line_at(&link->line, run[i].x_ns) < STEP_NS) {
            return false;
        }
    }
    return true;
}

static void fit(struct discipline_link *link, const struct discipline_memory *memory)
{
    struct line_point point[DISCIPLINE_SAMPLES_MAX];
    copy_points(link, point);
    double least, most;
    int64_t seen_ns = point[link->count - 1].x_ns - point[0].x_ns;
    slope_range(seen_ns, memory, &least, &most);
    line_under(point, link->count, least, most, &link->line);
    if (has_stepped(link, point)) {
        while (link->count > STEP_RUN) {
            drop_oldest(link);
        }
        fit(link, memory);
        return;
    }
    double doubt = fmax(most - link->line.slope, link->line.slope - least);
    if (seen_ns >= SETTLED_NS) {
        /* Beyond a minute the doubt is what the noise leaves: measured residuals (60 s: 1.5 to
         * 10 ppm over good paths, 70 over bad ones) stay under the mean gap over the time seen. */
        doubt = fmin(SKEW_DOUBT, link->line.mean_gap_ns / (double)seen_ns + WANDER);
    }
    link->slope_doubt = doubt;
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
        const struct line_point *last =
            &link->point[(link->first + link->count - 1) % DISCIPLINE_SAMPLES_MAX];
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
}

/* How much of the smallest delay may be queue rather than path.  One message may have waited for
 * anything; once four lie close to the line, they were hardly all held up alike. */
static int64_t luck_ns(const struct discipline_link *link)
{
    if (link->count < 4) {
        return FEW_NS / (int64_t)link->count;
    }
    int64_t seen = (int64_t)link->count;
    return 4 * link->line.fourth_gap_ns + (int64_t)(2 * link->line.mean_gap_ns) / seen;
}

/*      earliest                best                        latest
 *         |---------------------|-----------------------------|
 *    zero delay           half the round trips      all of them, the fan-out and luck */
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
    out->best.ns = zero_delay + (link->has_rtt ? link->rtt.ns / 2 : 0);
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
            const struct line_point *last =
                &link->point[(link->first + link->count - 1) % DISCIPLINE_SAMPLES_MAX];
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
