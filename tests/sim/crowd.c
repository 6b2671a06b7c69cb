/* crowd.c -- one listener at a time, to a recording. */
#include "crowd.h"

static const char T0[] = "2027-08-02T08:25:00Z";

void crowd_record(struct sim *sim, uint64_t seed, bool is_exact, int64_t lie_ns,
                  struct sim_tape *tape)
{
    sim_open(sim, seed, T0, CROWD_BEFORE_S, CROWD_BEACONS, CROWD_BROKERS);
    sim->recorder = tape;
    sim_add_window(sim, 1, 0, sim->zero, 60, 2);
    sim_add_window(sim, 2, 0, (utc){sim->zero.ns - CROWD_EARLY_S * NS_PER_S}, 60, 2);
    for (size_t i = 0; i < CROWD_BEACONS; i++) {
        struct sim_clock *clock = &sim->beacon[i].clock;
        if (is_exact) {
            sim_clock_free(sim, clock, 0, 0, 0);
            clock->bound = NS_PER_MS;
        }
        sim_beacon_learn(sim, i, 7);
        sim_beacon_start(sim, i);
    }
    sim->beacon[CROWD_BEACONS - 1].lie_ns = lie_ns;
    sim_run(sim, 5);
    sim_close(sim);
}

static void brokers_die(struct sim *sim, const struct sim_event *event)
{
    (void)event;
    for (size_t i = 0; i < sim->broker_count; i++) {
        sim_broker_down(sim, i);
    }
}

struct crowd_outcome crowd_listen(struct sim *sim, uint64_t seed, const struct sim_tape *tape,
                                  int64_t lie_ns, const struct crowd_member *member)
{
    sim_open(sim, seed, T0, -member->join_s, CROWD_BEACONS, CROWD_BROKERS);
    sim_add_window(sim, 1, 0, sim->zero, 60, 2);
    sim->beacon[CROWD_BEACONS - 1].is_honest = lie_ns == 0;
    size_t which = sim_add_listener(sim, "one", member->profile);
    struct sim_listener *listener = &sim->listener[which];
    listener->options.trust_replay = listener->options.no_ask = true; /* a tape answers nothing */
    if (!member->is_synchronised) {
        sim_clock_free(sim, &listener->clock, member->off_ns, member->rate, 0.1e-6);
    }
    for (size_t i = member->brokers; i < CROWD_BROKERS; i++) {
        listener->path[i].is_used = false;
    }
    sim->audible = (1U << member->beacons) - 1;
    sim_listener_learn(sim, which, 3);
    sim_listener_start(sim, which);
    sim_play(sim, tape);
    if (member->silent_s < 0) {
        sim_at(sim, member->silent_s, brokers_die, 0, 0);
    }
    sim_run(sim, 4);
    struct crowd_outcome out = {.has_started = listener->start_count > 0};
    if (out.has_started) {
        out.error_ns = listener->start[0].error;
    }
    sim_close(sim);
    return out;
}
