/* crowd.c -- a few listeners at a time. */
#include "crowd.h"

static const char T0[] = "2027-08-02T08:25:00Z";

static void brokers_die(struct sim *sim, const struct sim_event *event)
{
    (void)event;
    for (size_t i = 0; i < sim->broker_count; i++) {
        sim_broker_down(sim, i);
    }
}

static void start(struct sim *sim, const struct sim_event *event)
{
    sim_listener_start(sim, event->who);
}

/* As where the broker is embedded, or on the same machine. */
static const struct profile BESIDE = {
    .name = "beside", .down_ms = 0.08, .up_ms = 0.08, .jitter = PARETO, .jitter_ms = 0.02};

static void begin_beacons(struct sim *sim, const struct crowd_world *world)
{
    for (size_t i = 0; i < sim->beacon_count; i++) {
        struct sim_clock *clock = &sim->beacon[i].clock;
        if (world->is_exact) {
            sim_clock_free(sim, clock, 0, 0, 0);
            clock->bound = NS_PER_MS;
        }
        for (size_t j = 0; world->is_beside && j < sim->broker_count; j++) {
            sim_path_use(&sim->beacon[i].path[j], &BESIDE);
        }
        sim_beacon_learn(sim, i, 3);
        sim_beacon_start(sim, i);
    }
    sim->beacon[sim->beacon_count - 1].is_honest = world->lie_ns == 0;
    sim->beacon[sim->beacon_count - 1].lie_ns = world->lie_ns;
}

static void add(struct sim *sim, const struct crowd_member *member)
{
    size_t which = sim_add_listener(sim, "one", member->profile);
    struct sim_listener *listener = &sim->listener[which];
    if (member->bound_ns > 0) {
        sim_clock_held(sim, &listener->clock, member->bound_ns,
                       chance_between(&listener->chance, -0.9, 0.9));
    } else {
        sim_clock_free(sim, &listener->clock, member->off_ns, member->rate, 0.3e-6);
    }
    for (size_t i = member->brokers; i < CROWD_BROKERS; i++) {
        listener->path[i].is_used = false;
    }
    listener->deaf = ~0U << member->beacons;
    sim_listener_learn(sim, which, 3);
    sim_at(sim, member->join_s, start, which, 0);
}

static struct crowd_outcome outcome_of(const struct sim *sim, const struct sim_listener *listener,
                                       int64_t width_ns, bool is_proved)
{
    const struct listener *mind = &listener->mind;
    struct crowd_outcome out = {
        .has_started = listener->start_count > 0,
        .error_ns = listener->start_count > 0 ? listener->start[0].error : 0,
        .host_error_ns = sim_clock_host(sim, &listener->clock).ns - sim_utc(sim).ns,
        .width_ns = width_ns,
        .is_proved = is_proved,
        .asks = listener->asks,
    };
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (sim_estimate(listener)->verdict[i] == VERDICT_DISAGREES) {
            bool is_liar = record_key_id_equal(&mind->beacon[i].key.id,
                                               &sim->beacon[sim->beacon_count - 1].key.public.id);
            out.names_liar = out.names_liar || is_liar;
            out.names_honest = out.names_honest || !is_liar;
        }
    }
    return out;
}

void crowd_listen(struct sim *sim, uint64_t seed, const struct crowd_world *world,
                  const struct crowd_member *member, size_t count, struct crowd_outcome *out)
{
    size_t beacons = 1; /* that the root names: as many as one of them hears */
    for (size_t i = 0; i < count; i++) {
        beacons = member[i].beacons > beacons ? member[i].beacons : beacons;
    }
    sim_open(sim, seed, T0, world->before_s + 10, beacons, CROWD_BROKERS);
    sim->cadence = CADENCE_CALM;
    sim_add_window(sim, 1, 0, sim->zero, 60, 2);
    begin_beacons(sim, world);
    for (size_t i = 0; i < count; i++) {
        add(sim, &member[i]);
    }
    if (world->silent_s > 0) {
        sim_at(sim, -world->silent_s, brokers_die, 0, 0);
    }
    sim_run(sim, -0.001);
    int64_t width_ns[CROWD_AT_ONCE];
    bool is_proved[CROWD_AT_ONCE];
    for (size_t i = 0; i < count; i++) {
        const struct discipline_estimate *estimate = sim_estimate(&sim->listener[i]);
        width_ns[i] = instant_since(estimate->latest, estimate->earliest).ns;
        is_proved[i] = estimate->is_proved;
    }
    sim_run(sim, 4);
    for (size_t i = 0; i < count; i++) {
        out[i] = outcome_of(sim, &sim->listener[i], width_ns[i], is_proved[i]);
    }
    sim_close(sim);
}
