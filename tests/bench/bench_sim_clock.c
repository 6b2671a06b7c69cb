/* bench_sim_clock [LISTENERS [SEED]] -- the clock part of the start error, through the real minds
 * in the simulated world of tests/sim: a listener whose clock is off by up to a day and 100 ppm
 * hears beacons, then perhaps nothing, and starts.  The beacons have no error of their own, though
 * they state 1 ms: it would only be added. */
#include "crowd.h"

static struct sim sim;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of p99, in the order of PROFILES; 0: none. */
static const double NO_GOAL[PROFILES_COUNT] = {0}, WARM_GOAL[PROFILES_COUNT] = {0.3, 1, 2, 7},
                    COLD_GOAL[PROFILES_COUNT] = {2, 0, 5};

static void table(const char *what, uint64_t seed, int listeners, const struct crowd_member *like,
                  int64_t lie_ns, const double goal_ms[PROFILES_COUNT],
                  double p99_ms[PROFILES_COUNT])
{
    double *error = calloc((size_t)listeners, sizeof *error);
    struct sim_tape tape = {0};
    if (error == NULL) {
        return;
    }
    struct chance chance = {seed};
    uint64_t recording = chance_bits(&chance);
    crowd_record(&sim, recording, true, lie_ns, &tape);
    for (size_t p = 0; p < PROFILES_COUNT; p++) {
        size_t silent = 0, count = 0;
        for (int i = 0; i < listeners; i++) {
            struct crowd_member member = *like;
            member.profile = &PROFILES[p];
            member.off_ns = (int64_t)chance_between(&chance, -86400e9, 86400e9);
            member.rate = chance_between(&chance, -100e-6, 100e-6);
            member.join_s += chance_between(&chance, -0.5, 0.5);
            struct crowd_outcome one =
                crowd_listen(&sim, chance_bits(&chance), &tape, lie_ns, &member);
            if (sim.violation[0] != '\0') {
                printf("VIOLATION: %s\n", sim.violation);
            }
            if (one.has_started) {
                error[count++] = fabs((double)one.error_ns / 1e6);
            } else {
                silent++;
            }
        }
        qsort(error, count, sizeof *error, by_value);
        if (count > 0) {
            char goal[16] = "-";
            if (goal_ms[p] > 0) {
                snprintf(goal, sizeof goal, "%.3f", goal_ms[p]);
            }
            p99_ms[p] = error[count * 99 / 100];
            printf("%-44s %-28s %9.3f %9.3f %9s %9.3f %6zu\n", what, PROFILES[p].name,
                   error[count / 2], p99_ms[p], goal, error[count - 1], silent);
        }
    }
    sim_tape_free(&tape);
    free(error);
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        return 1;
    }
    int listeners = argc > 1 ? atoi(argv[1]) : 300;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    printf("seed %llu, %d listeners each\n%-44s %-28s %9s %9s %9s %9s %6s\n",
           (unsigned long long)seed, listeners, "case", "path", "p50 ms", "p99 ms", "goal ms",
           "max ms", "silent");
    double p99_ms[PROFILES_COUNT] = {0}, may_be_ms[PROFILES_COUNT];
    struct crowd_member one = {.beacons = 1, .brokers = 1};
    one.join_s = -72;
    one.silent_s = -10;
    table("60 s heard, 10 s held", seed, listeners, &one, 0, WARM_GOAL, p99_ms);
    one.join_s = -5;
    one.silent_s = 0;
    table("cold join 5 s before", seed, listeners, &one, 0, COLD_GOAL, p99_ms);
    one.join_s = -102;
    table("100 s heard, not held", seed, listeners, &one, 0, NO_GOAL, p99_ms);
    for (size_t i = 0; i < PROFILES_COUNT; i++) {
        may_be_ms[i] = p99_ms[i] + 3;
    }
    one.join_s = -CROWD_EARLY_S - 102;
    one.silent_s = -CROWD_EARLY_S - 2 + 0.0;
    table("100 s heard, 592 s held", seed, listeners, &one, 0, may_be_ms, p99_ms);
    for (size_t i = 0; i < PROFILES_COUNT; i++) {
        may_be_ms[i] -= 2;
    }
    one.join_s = -162;
    one.silent_s = -60;
    table("100 s heard (40 s of it at 0.1 Hz), 60 s held", seed, listeners, &one, 0, may_be_ms,
          p99_ms);
    one.join_s = -72;
    one.silent_s = 0;
    one.beacons = CROWD_BEACONS;
    one.brokers = CROWD_BROKERS;
    table("3 beacons, 70 s heard", seed, listeners, &one, 0, NO_GOAL, p99_ms);
    static const int64_t lies[] = {-50 * NS_PER_MS, -NS_PER_S, 60 * NS_PER_S, NS_PER_DAY};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        char what[64];
        snprintf(what, sizeof what, "1 of 3 beacons off by %+.2f s, 70 s heard",
                 (double)lies[i] / 1e9);
        table(what, seed, listeners, &one, lies[i], NO_GOAL, p99_ms);
    }
    return 0;
}
