/* bench_discipline_links [WINDOWS [SEED]] -- the clock part of the start error: a listener whose
 * clock is wrong by up to a day and 100 ppm hears ticks for a while, then nothing for the hold, and
 * its estimate is compared with the truth.  "+-ppm": it knows its skew from an earlier run, to
 * within that.  Also whether the truth lies inside the stated interval. links: instants */
#include <stdio.h>
#include <stdlib.h>

#include "simulated_link.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Goals of p99, in the order of PROFILES; 0: none.  What a hold may add is counted from the same
 * listening without one. */
static const struct {
    double listen_s, hold_s, rate_hz, known_ppm, may_add_ms, goal_ms[PROFILES_COUNT];
} cases[] = {
    {5, 0, 5, -1, 0, {2, 0, 5}}, /* a cold join in the last five seconds, which tick faster */
    {5, 0, 1, -1, 0, {2, 0, 5}}, /* and earlier */
    {10, 10, 1, -1, 0, {0}},
    {60, 10, 1, -1, 0, {0.3, 1, 2, 7}},
    {100, 0, 1, -1, 0, {0}},
    {100, 60, 1, -1, 1, {0}},
    {100, 600, 1, -1, 3, {0}},
    {5, 0, 1, 4, 0, {2, 0, 5}}, /* a skew learned in an earlier run */
    {60, 10, 1, 4, 0, {0.3, 1, 2, 7}},
    {100, 60, 1, 4, 1, {0}},
    {100, 600, 1, 4, 3, {0}},
    {100, 600, 1, 30, 3, {0}}, /* and one that is not right any more */
};

int main(int argc, char **argv)
{
    int windows = argc > 1 ? atoi(argv[1]) : 2000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    printf("seed %llu, %d windows each; errors without the beacon's own\n",
           (unsigned long long)seed, windows);
    struct chance chance = {seed};
    double *error = calloc((size_t)windows, sizeof *error);
    printf("%-28s %8s %6s %4s %5s %10s %10s %10s %10s %12s %8s\n", "profile", "listen s", "hold s",
           "Hz", "+-ppm", "p50 ms", "p99 ms", "goal ms", "max ms", "bound ms", "inside");
    if (error == NULL) {
        return 1;
    }
    long total = 0, inside = 0;
    for (size_t p = 0; p < PROFILES_COUNT; p++) {
        double without_hold_ms = 0;
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            double width = 0;
            int good = 0;
            for (int i = 0; i < windows; i++) {
                struct outcome one =
                    one_window(&chance, &PROFILES[p], cases[c].listen_s, cases[c].hold_s,
                               cases[c].rate_hz, cases[c].known_ppm);
                error[i] = fabs(one.error_s) * 1e3;
                width += one.width_s / windows;
                good += one.is_inside && one.is_bounded;
            }
            qsort(error, (size_t)windows, sizeof *error, by_size);
            double p99_ms = error[windows * 99 / 100];
            double goal_ms = cases[c].goal_ms[p];
            if (cases[c].may_add_ms > 0) {
                goal_ms = without_hold_ms + cases[c].may_add_ms;
            } else if (cases[c].listen_s >= 100) {
                without_hold_ms = p99_ms;
            }
            char goal[16] = "-";
            if (goal_ms > 0) {
                snprintf(goal, sizeof goal, "%.3f", goal_ms);
            }
            char known[16] = "-";
            if (cases[c].known_ppm >= 0) {
                snprintf(known, sizeof known, "%.0f", cases[c].known_ppm);
            }
            printf("%-28s %8.0f %6.0f %4.0f %5s %10.3f %10.3f %10s %10.3f %12.1f %5d/%d\n",
                   PROFILES[p].name, cases[c].listen_s, cases[c].hold_s, cases[c].rate_hz, known,
                   error[windows / 2], p99_ms, goal, error[windows - 1], width * 1e3, good,
                   windows);
            total += windows;
            inside += good;
        }
    }
    /* Anything goes: random listening, hold and rate. */
    int random_windows = windows * 20;
    int good = 0;
    for (int i = 0; i < random_windows; i++) {
        const struct profile *profile = &PROFILES[chance_bits(&chance) % PROFILES_COUNT];
        struct outcome one =
            one_window(&chance, profile, exp(chance_between(&chance, 0, 5)),
                       exp(chance_between(&chance, -2, 7)), chance_real(&chance) < 0.3 ? 0.1 : 1,
                       chance_between(&chance, -5, 5));
        good += one.is_inside && one.is_bounded;
        if (!one.is_inside && i - good < 20) {
            printf("outside: %s, %zu ticks heard, error %.3f ms, half-width %.3f ms\n",
                   profile->name, window_discipline.source[0].link[0].count, one.error_s * 1e3,
                   one.width_s * 1e3);
        }
    }
    total += random_windows;
    inside += good;
    printf("truth inside [earliest, latest]: %ld of %ld windows\n", inside, total);
    free(error);
    return 0;
}
