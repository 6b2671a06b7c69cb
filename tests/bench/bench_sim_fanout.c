/* bench_sim_fanout [LISTENERS [SEED]] -- 5,000 listeners of one broker, which passes a tick on to
 * one after another, 15 us each: 75 ms from the first to the last, always in the same order.  Every
 * one is tried alone in the simulated world of tests/sim, at its own place in that order, on hosts
 * of its own, so that no machine of ours is in the figure; bench_fanout.py has the same with real
 * programs, and with what they cost one another.  Goal: with a synchronised host, or with answered
 * questions, 99 in 100 begin within 1 ms. */
#include "sim.h"

static struct sim sim;

enum { PLACES = 5000 };

enum knowledge { HOST, ASKED, KNOWLEDGES };
static const char *const NAMES[] = {"synchronised host", "answered questions"};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Start error in ms; false: it did not start, or something promised was not kept. */
static bool one_listener(uint64_t seed, unsigned place, enum knowledge knowledge,
                         const struct profile *profile, struct chance *chance, double *error_ms)
{
    sim_open(&sim, seed, "2027-08-02T08:25:00Z", 140, 1, 1);
    sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
    sim.broker[0].ahead = place;
    sim_clock_free(&sim, &sim.beacon[0].clock, 0, 0, 0);
    sim.beacon[0].clock.bound = NS_PER_MS;
    sim_beacon_learn(&sim, 0, 3);
    sim_beacon_start(&sim, 0);
    size_t which = sim_add_listener(&sim, "one", profile);
    struct sim_listener *listener = &sim.listener[which];
    if (knowledge == HOST) {
        double share = chance_between(chance, -1, 1); /* within 0.25 ms, and saying 2 */
        sim_clock_held(&sim, &listener->clock, 2 * NS_PER_MS, share / 8);
    } else {
        sim_clock_free(&sim, &listener->clock, (int64_t)chance_between(chance, -86400e9, 86400e9),
                       chance_between(chance, -100e-6, 100e-6), 0.1e-6);
    }
    sim_listener_learn(&sim, which, 3);
    sim_run(&sim, chance_between(chance, -110, -100));
    sim_listener_start(&sim, which);
    sim_run(&sim, 3);
    bool is_good = listener->start_count == 1 && sim.violation[0] == '\0' &&
                   (knowledge != ASKED || listener->mind.discipline.source[0].latest.is_known);
    if (sim.violation[0] != '\0') {
        printf("VIOLATION: %s\n", sim.violation);
    }
    *error_ms = is_good ? (double)listener->start[0].error / 1e6 : 0;
    sim_close(&sim);
    return is_good;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        return 1;
    }
    size_t listeners = argc > 1 ? strtoul(argv[1], NULL, 0) : 500;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    double *error = calloc(listeners, sizeof *error);
    if (error == NULL || listeners == 0) {
        return 1;
    }
    struct chance chance = {seed};
    printf("seed %llu, %zu of %d listeners each, 100-110 s heard; ms\n", (unsigned long long)seed,
           listeners, PLACES);
    for (size_t p = 0; p < 3; p++) {
        for (int knowledge = 0; knowledge < KNOWLEDGES; knowledge++) {
            size_t count = 0;
            for (size_t i = 0; i < listeners; i++) {
                unsigned place = (unsigned)(i * PLACES / listeners);
                count += one_listener(chance_bits(&chance), place, (enum knowledge)knowledge,
                                      &PROFILES[p], &chance, &error[count]);
            }
            if (count == 0) {
                continue;
            }
            qsort(error, count, sizeof *error, by_value);
            size_t cut = count / 200;
            printf("%-24s %-24s from %+8.3f to %+8.3f, median %+8.3f; 99 in 100 within %8.3f (%zu "
                   "without)\n",
                   PROFILES[p].name, NAMES[knowledge], error[0], error[count - 1], error[count / 2],
                   error[count - 1 - cut] - error[cut], listeners - count);
        }
    }
    free(error);
    return 0;
}
