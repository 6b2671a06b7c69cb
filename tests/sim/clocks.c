/* clocks.c -- clocks that are wrong in the ways clocks are wrong. */
#include "sim.h"

static int64_t run(int64_t passed, double rate)
{
    return passed + (int64_t)llround((double)passed * rate);
}

static void rebase(const struct sim *sim, struct sim_clock *clock)
{
    int64_t passed = sim->now - clock->at;
    clock->raw += run(passed, clock->raw_rate);
    clock->mono += run(passed, clock->rate + clock->slew);
    clock->host += run(passed, clock->rate + clock->slew);
    clock->at = sim->now;
}

void sim_clock_free(struct sim *sim, struct sim_clock *clock, int64_t off_ns, double rate,
                    double wander)
{
    int64_t begin = clock->mono != 0 ? clock->mono : 5000 * NS_PER_S;
    *clock = (struct sim_clock){
        .at = sim->now,
        .raw = begin + 1234567,
        .mono = begin,
        .host = sim_utc(sim).ns + off_ns,
        .raw_rate = rate,
        .rate = rate,
        .base_rate = rate,
        .wander = wander,
    };
}

void sim_clock_held(struct sim *sim, struct sim_clock *clock, int64_t bound_ns, double share)
{
    sim_clock_free(sim, clock, (int64_t)((double)bound_ns * share), 0, 0);
    clock->raw_rate = 90e-6 * share;
    clock->is_synchronised = clock->is_honest = true;
    clock->bound = bound_ns;
}

void sim_clock_wander(struct sim *sim, struct sim_clock *clock, struct chance *chance)
{
    rebase(sim, clock);
    if (clock->is_synchronised && clock->is_honest) {
        /* A time service that has settled slews by a part in a million, towards a new guess. */
        double off = (double)(clock->host - sim_utc(sim).ns);
        double aim = chance_between(chance, -0.9, 0.9) * (double)clock->bound;
        double rate = (aim - off) / (SIM_CLOCK_PERIOD_S * 1e9);
        clock->rate = fmin(fmax(rate, -1e-6), 1e-6);
        return;
    }
    double rate = clock->rate + chance_between(chance, -0.2, 0.2) * clock->wander;
    rate = fmin(fmax(rate, clock->base_rate - clock->wander), clock->base_rate + clock->wander);
    clock->rate = clock->raw_rate = fmin(fmax(rate, -100e-6), 100e-6);
}

static int64_t passed_since(const struct sim *sim, const struct sim_clock *clock)
{
    return run(sim->now - clock->at, clock->rate + clock->slew);
}

mono_raw sim_clock_raw(const struct sim *sim, const struct sim_clock *clock)
{
    return (mono_raw){clock->raw + run(sim->now - clock->at, clock->raw_rate)};
}

mono sim_clock_mono(const struct sim *sim, const struct sim_clock *clock)
{
    return (mono){clock->mono + passed_since(sim, clock)};
}

utc sim_clock_host(const struct sim *sim, const struct sim_clock *clock)
{
    return (utc){clock->host + passed_since(sim, clock)};
}

int64_t sim_clock_when(const struct sim *sim, const struct sim_clock *clock, mono reading)
{
    double ahead = (double)(reading.ns - sim_clock_mono(sim, clock).ns);
    int64_t at = sim->now + (int64_t)ceil(ahead / (1 + clock->rate + clock->slew));
    return at < sim->now ? sim->now : at;
}

void sim_clock_step(struct sim *sim, struct sim_clock *clock, int64_t by_ns)
{
    rebase(sim, clock);
    clock->host += by_ns;
}

void sim_clock_slew(struct sim *sim, struct sim_clock *clock, double by)
{
    rebase(sim, clock);
    clock->slew = by;
}

void sim_clock_pause(struct sim *sim, struct sim_clock *clock, int64_t for_ns)
{
    rebase(sim, clock);
    clock->at += for_ns;
    clock->has_paused = true;
    clock->paused_at = clock->raw;
}

/* The monotonic clocks stand still, the host's goes on. */
void sim_clock_sleep(struct sim *sim, struct sim_clock *clock, int64_t for_ns)
{
    rebase(sim, clock);
    clock->at += for_ns;
    clock->host += for_ns;
    clock->slept += for_ns;
}

void sim_clock_boot(struct sim *sim, struct sim_clock *clock)
{
    rebase(sim, clock);
    clock->mono = clock->raw = NS_PER_S;
    clock->has_paused = false;
    clock->slept = 0;
}
