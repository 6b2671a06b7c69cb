/* The discipline over simulated paths.  The figures themselves are printed by
 * bench_discipline_links; here they must not be far off. */
#include "check.h"

#include <stdlib.h>

#include "deep.h"
#include "seed.h"
#include "simulated_window.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void questions_give_the_start_to_less_than_a_millisecond(void **state)
{
    (void)state;
    /* half as much again as the goals: p99 of so few windows varies */
    static const struct {
        double join_s, hold_s, known_ppm, most_ms[4];
    } joins[] = {{-900, 0, 0, {0.3, 0.45, 1.2, 6}},
                 {-90, 0, 0, {0.45, 0.9, 2.4, 10.5}},
                 {-10, 0, 0, {0.6, 1.5, 2.4, 10.5}},
                 {-900, 600, 2, {6, 6, 6, 10.5}}}; /* alone for ten minutes, by a learned rate */
    struct chance chance = {1};
    enum { WINDOWS = 300 };
    static double error[WINDOWS];
    for (size_t j = 0; j < sizeof joins / sizeof *joins; j++) {
        for (size_t p = 0; p < 8; p++) { /* four paths, and each behind a relay of 150 ms */
            const struct profile *profile = &PROFILES[p < 4 ? p : p + 2];
            for (int i = 0; i < WINDOWS; i++) {
                struct window_outcome one =
                    window_live(&chance, &(struct window_options){.profile = profile,
                                                                  .join_s = joins[j].join_s,
                                                                  .hold_s = joins[j].hold_s,
                                                                  .known_ppm = joins[j].known_ppm,
                                                                  .beacons = 1});
                assert_true(one.is_bounded);
                error[i] = fabs(one.error_s - one.own_error_s) * 1e3;
            }
            qsort(error, WINDOWS, sizeof *error, by_size);
            if (error[WINDOWS * 99 / 100] > joins[j].most_ms[p % 4]) {
                fail_msg("%s, joined %.0f s before: p99 %.3f ms", profile->name, -joins[j].join_s,
                         error[WINDOWS * 99 / 100]);
            }
        }
    }
}

/* Whatever the paths do, and a minority of the beacons that are heard: in a lossy window too short
 * for all of a root's, its few liars may be the only ones, or the most. */
static void the_truth_lies_inside_what_is_proved(void **state)
{
    (void)state;
    struct seed seed = seed_take("windows");
    struct chance chance = {seed_next(&seed)};
    int bounded = 0, windows = is_deep() ? 200000 : 4000;
    for (int i = 0; i < windows; i++) {
        struct window_options options = window_draw(&chance);
        struct window_outcome one = window_live(&chance, &options);
        bounded += one.is_bounded;
        if (one.is_bounded && !one.is_inside && 2 * one.liars_heard < one.heard) {
            fail_msg("window %d, %s, joined %.1f s before, %zu beacons of which %zu lie by %.3f s: "
                     "off by %.6f s, %.6f s wide",
                     i, options.profile->name, -options.join_s, options.beacons, options.liars,
                     options.lie_s, one.error_s, one.width_s);
        }
    }
    assert_true(bounded > windows * 3 / 4);
}

/* 0 to 5 beacons, the minority lying, on any path. */
static void a_host_that_is_right_is_not_made_worse(void **state)
{
    (void)state;
    struct seed seed = seed_take("synchronised hosts");
    struct chance chance = {seed_next(&seed)};
    for (int i = 0; i < (is_deep() ? 100000 : 2000); i++) {
        struct window_options options = window_draw(&chance);
        options.is_synchronised = true;
        options.sync_s = 0.002;
        options.beacons = chance_bits(&chance) % 6;
        options.liars =
            options.beacons > 0 ? chance_bits(&chance) % ((options.beacons + 1) / 2) : 0;
        struct window_outcome one = window_live(&chance, &options);
        if (!one.is_inside || fabs(one.error_s) > 0.002) {
            fail_msg("window %d, %s, %zu beacons of which %zu lie by %.3f s: off by %.6f s", i,
                     options.profile->name, options.beacons, options.liars, options.lie_s,
                     one.error_s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_give_the_start_to_less_than_a_millisecond),
        cmocka_unit_test(the_truth_lies_inside_what_is_proved),
        cmocka_unit_test(a_host_that_is_right_is_not_made_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
