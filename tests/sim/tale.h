/* tale.h -- the beginning and the end of a story: one window that everybody knows, and a
 * timeline. */
#ifndef SIM_TALE_H
#define SIM_TALE_H

#include "sim.h"

static struct sim sim;

enum {
    STARTS = 1 << NEWS_ARMED | 1 << NEWS_JOINED | 1 << NEWS_MISSED | 1 << NEWS_BEFORE |
             1 << NEWS_STARTED | 1 << NEWS_ENDED | 1 << NEWS_MOVED | 1 << NEWS_WITHDRAWN
};

static const char T0[] = "2027-08-02T08:25:00Z";

static size_t declared; /* the number of the story's window */

/* Everybody knows the window; all start at `before_s` before it. */
static inline void begin(uint64_t seed, double before_s, size_t beacons, size_t brokers)
{
    sim_open(&sim, seed, T0, before_s, beacons, brokers);
    sim.told_news = STARTS;
    declared = sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
    for (size_t i = 0; i < beacons; i++) {
        sim_beacon_learn(&sim, i, 3);
        sim_beacon_start(&sim, i);
    }
}

static inline struct sim_listener *listen(const char *name, const struct profile *profile)
{
    size_t which = sim_add_listener(&sim, name, profile);
    sim_listener_learn(&sim, which, 3);
    sim_listener_start(&sim, which);
    return &sim.listener[which];
}

/* One whose clock nobody holds. */
static inline struct sim_listener *listen_alone(const char *name, const struct profile *profile,
                                                int64_t off_ns, double rate)
{
    size_t which = sim_add_listener(&sim, name, profile);
    struct sim_listener *listener = &sim.listener[which];
    sim_clock_free(&sim, &listener->clock, off_ns, rate, 0.1e-6);
    sim_listener_learn(&sim, which, 3);
    sim_listener_start(&sim, which);
    return listener;
}

static inline void end(const char *expected)
{
    sim_judge_end(&sim);
    if (sim.violation[0] != '\0') {
        fputs(sim.timeline, stderr);
        fail_msg("%s", sim.violation);
    }
    if (expected != NULL && strcmp(sim.timeline, expected) != 0) {
        fprintf(stderr, "this happened:\n%s", sim.timeline);
        assert_string_equal(sim.timeline, expected);
    }
    sim_close(&sim);
}

#endif
