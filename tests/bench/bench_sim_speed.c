/* bench_sim_speed [SEED] -- how much faster than real time the simulated world of tests/sim runs:
 * one beacon, one broker, ten listeners, 24 simulated hours with one start in them.  Every distinct
 * tick is verified once by the real tick_verify, and its answer kept (tests/sim/verify.c). */
#include <time.h>

#include "sim.h"

static struct sim sim;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        return 1;
    }
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    double began = now_s();
    sim_open(&sim, seed, "2027-08-02T08:25:00Z", 12 * 3600, 1, 1);
    sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
    sim_beacon_learn(&sim, 0, 3);
    sim_beacon_start(&sim, 0);
    for (size_t i = 0; i < 10; i++) {
        size_t which = sim_add_listener(&sim, "listener", &PROFILES[i % PROFILES_COUNT]);
        if (i % 2 == 1) {
            sim_clock_free(&sim, &sim.listener[which].clock, (int64_t)i * 100 * NS_PER_MS,
                           (double)i * 10e-6, 0.2e-6);
        }
        sim_listener_learn(&sim, which, 3);
        sim_listener_start(&sim, which);
    }
    sim_run(&sim, 12 * 3600);
    sim_judge_end(&sim);
    double took = now_s() - began;
    size_t starts = 0;
    for (size_t i = 0; i < 10; i++) {
        starts += sim.listener[i].start_count;
    }
    printf(
        "seed %llu: 24 h in %.2f s of one core: %.0f x real time (goal 10,000); %llu steps, %llu "
        "ticks, %llu verifications of which %llu distinct, %zu starts, digest %016llx\n",
        (unsigned long long)seed, took, 86400 / took, (unsigned long long)sim.steps,
        (unsigned long long)sim.ticks, (unsigned long long)sim_verified.asked,
        (unsigned long long)sim_verified.decided, starts, (unsigned long long)sim.digest);
    if (sim.violation[0] != '\0') {
        printf("VIOLATION: %s\n", sim.violation);
    }
    sim_close(&sim);
    return sim.violation[0] != '\0';
}
