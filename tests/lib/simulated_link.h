/* simulated_link.h -- a path between a party and a broker, one way, seeded: delays of the profiles
 * that were measured on emulated networks and in the field, TCP's order and retransmission, hidden
 * relays, radios that doze, uplinks that are busy, outages.  For tests of the discipline, and of
 * everything that stands on it. */
#ifndef SIMULATED_LINK_H
#define SIMULATED_LINK_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

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

static inline double chance_normal(struct chance *chance)
{
    double radius = sqrt(-2 * log(chance_real(chance)));
    return radius * cos(6.283185307179586 * chance_real(chance));
}

enum jitter { UNIFORM, PARETO, LOG_NORMAL };
enum radio {
    ALWAYS_ON,
    DOZING,   /* Wi-Fi's power save: what comes to an idle station waits for a beacon frame */
    SLEEPING, /* a mobile's: paged after ten idle seconds, in cycles before */
};

/* All of it one way; milliseconds. */
struct profile {
    const char *name;
    double down_ms, up_ms; /* without jitter */
    enum jitter jitter;    /* uniform: within +- jitter_ms; else above, with this scale */
    double jitter_ms, loss;
    double blackout_every_s, blackout_s;
    double relay_ms;    /* a relay, a balancer or a bridge that no round trip to the broker shows */
    double spike_share; /* of what comes down waits 150 to 300 ms more */
    enum radio radio;
    double fan_out_ms; /* until an ordinary tick has reached all; this listener's turn is random */
    double creep_ms;   /* the way down grows by up to this in ten minutes */
    double busy_share, busy_ms; /* an uplink with a queue in it, for this share of the time */
    double jump_ms;             /* both ways jump within +- this each 15 s (satellites) */
};

#define LAN      .down_ms = 0.3, .up_ms = 0.3, .jitter_ms = 0.2
#define WI_FI    .down_ms = 2, .up_ms = 2, .jitter = PARETO, .jitter_ms = 3, .loss = 0.01
#define INTERNET .down_ms = 40, .up_ms = 40, .jitter = PARETO, .jitter_ms = 10, .loss = 0.01
#define BAD      .down_ms = 50, .up_ms = 50, .jitter_ms = 20, .loss = 0.05
#define MOBILE   .down_ms = 60, .up_ms = 60, .jitter = LOG_NORMAL, .jitter_ms = 12, .loss = 0.02
#define UNEVEN   .down_ms = 20, .jitter = PARETO, .jitter_ms = 5, .loss = 0.01

/* The first six are drawn by lot for crowds. */
static const struct profile PROFILES[] = {
    {.name = "LAN 0.3+-0.2", LAN},
    {.name = "Wi-Fi 2+Pareto 3, 1%", WI_FI},
    {.name = "Internet 40+Pareto 10, 1%", INTERNET},
    {.name = "bad 50+-20, 5%", BAD},
    {.name = "mobile 60+log-normal 12, 2%", MOBILE},
    {.name = "Internet, 8 s out of 30", INTERNET, .blackout_every_s = 30, .blackout_s = 8},
    {.name = "LAN, relay 150", LAN, .relay_ms = 150},
    {.name = "Wi-Fi, relay 150", WI_FI, .relay_ms = 150},
    {.name = "Internet, relay 150", INTERNET, .relay_ms = 150},
    {.name = "bad, relay 150", BAD, .relay_ms = 150},
    {.name = "asymmetric 20/40", UNEVEN, .up_ms = 40},
    {.name = "asymmetric 20/200", UNEVEN, .up_ms = 200},
    {.name = "LAN, fan-out 77", LAN, .fan_out_ms = 77},
    {.name = "Internet, fan-out 77", INTERNET, .fan_out_ms = 77},
    {.name = "Wi-Fi, power-save spikes", WI_FI, .spike_share = 0.05},
    {.name = "Wi-Fi, dozing", WI_FI, .radio = DOZING},
    {.name = "mobile, sleeping", MOBILE, .radio = SLEEPING},
    {.name = "LAN, creeping by 5", LAN, .creep_ms = 5},
    {.name = "Wi-Fi, creeping by 15", WI_FI, .creep_ms = 15},
    {.name = "Internet, busy uplink", INTERNET, .busy_share = 0.8, .busy_ms = 200},
    {.name = "satellites, +-8 each 15 s", UNEVEN, .up_ms = 20, .jump_ms = 8},
};
enum { PROFILES_DAILY = 6, PROFILES_COUNT = sizeof PROFILES / sizeof *PROFILES };

/* What the two ways of one path share. */
struct simulated_path {
    const struct profile *profile;
    struct chance *chance;
    double blackout_phase_s, busy_phase_s, active_s, begin_s;
    double creep, turn; /* how much of the profile's own: 0 to 1 */
    uint64_t jumps;
};

struct simulated_link {
    struct simulated_path *path;
    bool is_up;            /* towards the broker */
    double last_arrival_s; /* TCP keeps the order */
    double stuck_until_s;
};

static inline void path_begin(struct simulated_path *path, const struct profile *profile,
                              struct chance *chance, double at_s)
{
    *path = (struct simulated_path){.profile = profile,
                                    .chance = chance,
                                    .blackout_phase_s = chance_between(chance, 0, 1000),
                                    .busy_phase_s = chance_between(chance, 0, 40),
                                    .active_s = at_s - 1e6,
                                    .begin_s = at_s,
                                    .creep = chance_real(chance),
                                    .turn = chance_real(chance),
                                    .jumps = chance_bits(chance)};
}

static inline void link_begin(struct simulated_link *link, struct simulated_path *path, bool is_up,
                              double at_s)
{
    *link = (struct simulated_link){path, is_up, at_s - 1e9, at_s - 1e9};
}

static inline bool path_is_out(const struct simulated_path *path, double at_s)
{
    const struct profile *p = path->profile;
    return p->blackout_every_s > 0 &&
           fmod(at_s + path->blackout_phase_s + 1e6, p->blackout_every_s) < p->blackout_s;
}

static inline double path_jitter_ms(const struct simulated_path *path)
{
    const struct profile *p = path->profile;
    double jitter = 0;
    switch (p->jitter) {
    case UNIFORM:
        return chance_between(path->chance, -p->jitter_ms, p->jitter_ms);
    case PARETO:
        jitter = p->jitter_ms * (pow(chance_real(path->chance), -1 / 3.0) - 1) * 2;
        return fmin(jitter, 40 * p->jitter_ms);
    case LOG_NORMAL:
        jitter = p->jitter_ms * exp(chance_normal(path->chance));
        return fmin(jitter, 3000);
    }
    return jitter;
}

/* What a radio that fell asleep adds. */
static inline double radio_wait_s(const struct simulated_link *link, double idle_s)
{
    struct chance *chance = link->path->chance;
    switch (link->path->profile->radio) {
    case ALWAYS_ON:
        return 0;
    case DOZING:
        return !link->is_up && idle_s > 0.15 ? chance_between(chance, 0, 0.307) : 0;
    case SLEEPING:
        if (link->is_up) {
            return idle_s > 10 ? chance_between(chance, 0.06, 0.16)
                               : chance_between(chance, 0.002, 0.012);
        }
        return idle_s > 10    ? chance_between(chance, 0.08, 1.36)
               : idle_s > 0.2 ? chance_between(chance, 0, 0.16)
                              : 0;
    }
    return 0;
}

static inline double link_delay_s(const struct simulated_link *link, double at_s)
{
    const struct simulated_path *path = link->path;
    const struct profile *p = path->profile;
    double ms = (link->is_up ? p->up_ms : p->down_ms) + path_jitter_ms(path) + p->relay_ms;
    if (p->jump_ms > 0) {
        struct chance jump = {path->jumps + (uint64_t)(int64_t)floor((at_s + 7.3) / 15)};
        ms += chance_between(&jump, -p->jump_ms, p->jump_ms);
    }
    if (!link->is_up) {
        if (p->spike_share > 0 && chance_real(path->chance) < p->spike_share) {
            ms += chance_between(path->chance, 150, 300);
        }
        ms += p->creep_ms * path->creep * fmin(fmax(at_s - path->begin_s, 0) / 600, 1);
    } else if (p->busy_share > 0 &&
               fmod(at_s + path->busy_phase_s + 1e6, 40) / 40 < p->busy_share) {
        ms += p->busy_ms * chance_between(path->chance, 0.3, 1);
    }
    return fmax(ms, 0) / 1e3 + radio_wait_s(link, at_s - path->active_s);
}

/* When a message sent at sent_s has come to the other end; all in true seconds. */
static inline double link_carry(struct simulated_link *link, double sent_s)
{
    struct simulated_path *path = link->path;
    double at = sent_s, retry = 0.2;
    if (at < link->stuck_until_s) {
        at = link->stuck_until_s; /* it queues behind what TCP is sending again, and goes with it */
    } else {
        for (int i = 0;
             i < 12 && (chance_real(path->chance) < path->profile->loss || path_is_out(path, at));
             i++) {
            at += retry;
            retry *= 2;
            link->stuck_until_s = at;
        }
    }
    at = fmax(at + link_delay_s(link, at), link->last_arrival_s);
    link->last_arrival_s = at;
    path->active_s = at;
    return at;
}

/* What an ordinary tick waits for this listener's turn in the broker's fan-out. */
static inline double path_turn_s(const struct simulated_path *path)
{
    const struct profile *p = path->profile;
    return p->fan_out_ms > 0
               ? p->fan_out_ms / 1e3 * path->turn * (1 - 0.1 * log(chance_real(path->chance)))
               : 0;
}

#endif
