/* simulated_link.h -- a path from a beacon through a broker to a listener, seeded: delays of the
 * profiles that were measured on emulated networks, TCP's in-order delivery and retransmission, and
 * a listener whose clocks are wrong.  For tests of the discipline. */
#ifndef SIMULATED_LINK_H
#define SIMULATED_LINK_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "discipline/discipline.h"

struct chance {
    uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t chance_bits(struct chance *chance)
{
    uint64_t z = (chance->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline double chance_real(struct chance *chance) /* (0, 1) */
{
    return ((double)(chance_bits(chance) >> 11) + 0.5) * 0x1p-53;
}

static inline double chance_between(struct chance *chance, double least, double most)
{
    return least + (most - least) * chance_real(chance);
}

struct profile {
    const char *name;
    double down_ms, up_ms, jitter_ms, loss; /* one way each; jitter has this mean */
    bool is_pareto;                         /* else uniform, +- jitter */
    double blackout_every_s, blackout_s;
};

static const struct profile PROFILES[] = {
    {"LAN 0.3+-0.2", 0.3, 0.3, 0.2, 0, false, 0, 0},
    {"Wi-Fi 2+Pareto 3, 1%", 2, 2, 3, 0.01, true, 0, 0},
    {"Internet 40+Pareto 10, 1%", 40, 40, 10, 0.01, true, 0, 0},
    {"bad 50+-20, 5%", 50, 50, 20, 0.05, false, 0, 0},
    {"asymmetric 55/15", 55, 15, 3, 0.01, true, 0, 0},
    {"Internet, 8 s out of 30", 40, 40, 10, 0.05, true, 30, 8},
};
enum { PROFILES_COUNT = sizeof PROFILES / sizeof *PROFILES };

struct simulated_link {
    const struct profile *profile;
    struct chance *chance;
    double last_arrival_s; /* TCP keeps the order */
    double min_rtt_s;
    /* Linux measures a round trip where data that we sent is acknowledged (tcpi_min_rtt): a
     * listener sends next to nothing, so it asks for answers that mean nothing, as beacon/host/mqtt
     * does. */
    bool is_sender; /* every message is ours, and measures one */
    double asked_s; /* when the last question was asked, since begin_s */
    double begin_s;
    double broker_s; /* the broker's own forwarding time */
    double phase_s;  /* of the blackouts */
    double stuck_until_s;
};

static inline double link_delay_s(const struct simulated_link *link, double base_ms)
{
    const struct profile *p = link->profile;
    double jitter = p->is_pareto ? p->jitter_ms * (pow(chance_real(link->chance), -1 / 3.0) - 1) * 2
                                 : chance_between(link->chance, -p->jitter_ms, p->jitter_ms);
    if (p->is_pareto && jitter > 40 * p->jitter_ms) {
        jitter = 40 * p->jitter_ms;
    }
    return (base_ms + jitter) / 1e3;
}

static inline void link_measure(struct simulated_link *link)
{
    link->min_rtt_s = fmin(link->min_rtt_s, link_delay_s(link, link->profile->up_ms) +
                                                link_delay_s(link, link->profile->down_ms));
}

static inline void link_begin(struct simulated_link *link, const struct profile *profile,
                              struct chance *chance, double at_s)
{
    *link = (struct simulated_link){.profile = profile,
                                    .chance = chance,
                                    .begin_s = at_s,
                                    .last_arrival_s = at_s - 1e9,
                                    .stuck_until_s = at_s - 1e9};
    link->phase_s = chance_between(chance, 0, 1000);
    link->broker_s = chance_between(chance, 20e-6, 300e-6);
    link->min_rtt_s = HUGE_VAL;
    for (int i = 0; i < 3; i++) { /* the handshakes */
        link_measure(link);
    }
}

static inline bool link_is_out(const struct simulated_link *link, double at_s)
{
    const struct profile *p = link->profile;
    return p->blackout_every_s > 0 &&
           fmod(at_s + link->phase_s, p->blackout_every_s) < p->blackout_s;
}

/* Four questions a second for five seconds, one a second for forty, then each keep-alive of 10 s.
 */
static inline void link_ask(struct simulated_link *link, double until_s)
{
    for (;;) {
        double every_s = link->asked_s < 5 ? 0.25 : link->asked_s < 45 ? 1 : 10;
        if (link->begin_s + link->asked_s + every_s > until_s) {
            return;
        }
        link->asked_s += every_s;
        if (!link_is_out(link, link->begin_s + link->asked_s)) {
            link_measure(link);
        }
    }
}

/* When a message sent at sent_s is read by the listener; all in true seconds. */
static inline double link_carry(struct simulated_link *link, double sent_s)
{
    double at = sent_s + link->broker_s, retry = 0.2;
    if (at < link->stuck_until_s) {
        at = link->stuck_until_s; /* it queues behind what TCP is sending again, and goes with it */
    } else {
        for (int i = 0;
             i < 12 && (chance_real(link->chance) < link->profile->loss || link_is_out(link, at));
             i++) {
            at += retry;
            retry *= 2;
            link->stuck_until_s = at;
        }
    }
    at += link_delay_s(link, link->profile->down_ms) + chance_between(link->chance, 20e-6, 120e-6);
    if (at < link->last_arrival_s) {
        at = link->last_arrival_s;
    }
    link->last_arrival_s = at;
    if (!link->is_sender) {
        link_ask(link, at);
    } else if (!link_is_out(link, at)) {
        link_measure(link);
    }
    return at;
}

/* A listener's clocks: how they read at true UTC seconds since the beginning of the run. */
struct wrong_clock {
    double gain;     /* of both */
    int64_t mono_ns; /* at the beginning */
    int64_t host_off_ns;
};

static const int64_t SIMULATION_BEGIN_NS = INT64_C(1800000000) * NS_PER_S;

static inline utc true_utc(double at_s)
{
    return (utc){SIMULATION_BEGIN_NS + (int64_t)llround(at_s * 1e9)};
}

static inline mono wrong_mono(const struct wrong_clock *clock, double at_s)
{
    return (mono){clock->mono_ns + (int64_t)llround(at_s * 1e9 * (1 + clock->gain))};
}

static inline void wrong_clocks(const struct wrong_clock *clock, double at_s,
                                struct discipline_clocks *out)
{
    memset(out, 0, sizeof *out);
    out->now = wrong_mono(clock, at_s);
    out->host.ns = SIMULATION_BEGIN_NS + clock->host_off_ns + (out->now.ns - clock->mono_ns);
}

struct outcome {
    double error_s;
    bool is_inside, is_bounded;
    double width_s;
};

static struct discipline window_discipline; /* large */

/* Listens for listen_s to a beacon that is itself off by up to its stated 1 ms, with clocks wrong
 * by up to a day and 100 ppm, then hears nothing for hold_s.  known_ppm: the skew was learned
 * before and has changed by up to this much; negative: it was not. */
static inline struct outcome one_window(struct chance *chance, const struct profile *profile,
                                        double listen_s, double hold_s, double rate_hz,
                                        double known_ppm)
{
    struct wrong_clock clock = {
        .gain = chance_between(chance, -100e-6, 100e-6),
        .mono_ns = (int64_t)chance_between(chance, 1, 1e15),
        .host_off_ns = (int64_t)chance_between(chance, -86400e9, 86400e9),
    };
    struct discipline_memory memory = {.has_skew = known_ppm >= 0, .skew_doubt = 0.5e-6};
    if (memory.has_skew) {
        memory.skew = clock.gain + chance_between(chance, -known_ppm, known_ppm) * 1e-6;
    }
    discipline_init(&window_discipline, &(struct discipline_options){.trust_replay = true},
                    &memory);
    struct simulated_link link;
    link_begin(&link, profile, chance, 0);
    double beacon_error_s = chance_between(chance, -1e-3, 1e-3);
    double phase = chance_real(chance);
    for (int i = 0; i == 0 || (i + phase) / rate_hz < listen_s; i++) {
        double sent = (i + phase) / rate_hz, arrived = link_carry(&link, sent);
        if (arrived > listen_s && i > 0) {
            break;
        }
        if (arrived > listen_s) { /* at least one */
            listen_s = arrived;
        }
        struct discipline_sample sample = {
            .arrived = wrong_mono(&clock, arrived),
            .sent = {true_utc(sent).ns + (int64_t)(beacon_error_s * 1e9)},
            .has_error = true,
            .error = {NS_PER_MS},
            .has_rtt = true,
            .listener_rtt = {(int64_t)(link.min_rtt_s * 1e9)},
            .beacon_rtt = {60 * NS_PER_US},
        };
        discipline_hear(&window_discipline, 0, 0, &sample);
    }
    struct discipline_clocks clocks;
    struct discipline_estimate estimate;
    wrong_clocks(&clock, listen_s, &clocks);
    discipline_estimate(&window_discipline, &clocks, &estimate);
    /* The shot is planned now and released after the hold: by the monotonic clock alone. */
    double at_s = listen_s + hold_s;
    utc said = discipline_utc_at(&estimate, wrong_mono(&clock, at_s));
    struct outcome out = {.error_s = (double)(said.ns - true_utc(at_s).ns) / 1e9 - beacon_error_s};
    wrong_clocks(&clock, at_s, &clocks);
    discipline_estimate(&window_discipline, &clocks, &estimate);
    out.is_bounded = estimate.is_bounded;
    out.is_inside =
        estimate.earliest.ns <= true_utc(at_s).ns && true_utc(at_s).ns <= estimate.latest.ns;
    out.width_s = (double)(estimate.latest.ns - estimate.earliest.ns) / 2e9;
    return out;
}

#endif
