#include "check.h"

#include "deep.h"
#include <stdlib.h>

#include "simulated_link.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Of as many windows each on the first paths of PROFILES. */
static void assert_p99(uint64_t seed, double listen_s, double hold_s, double known_ppm,
                       const double most_ms[static 4])
{
    struct chance chance = {seed};
    printf("seed %llu\n", (unsigned long long)chance.state);
    enum { WINDOWS = 400 };
    static double error[WINDOWS];
    for (size_t p = 0; p < 4; p++) {
        for (int i = 0; i < WINDOWS; i++) {
            struct outcome one = one_window(&chance, &PROFILES[p], listen_s, hold_s, 1, known_ppm);
            error[i] = fabs(one.error_s) * 1e3;
        }
        qsort(error, WINDOWS, sizeof *error, by_size);
        assert_within(error[WINDOWS * 99 / 100], 0, most_ms[p]);
    }
}

/* The figures themselves are printed by bench_discipline_links; here they must not be far off. */
static void a_minute_of_listening_gives_the_start_to_milliseconds(void **state)
{
    (void)state;
    assert_p99(1, 60, 10, -1, (const double[]){0.3, 1, 2.5, 8});
}

/* Ten minutes of silence after a hundred seconds, by a listener that ran before. */
static void a_skew_that_was_learned_carries_through_silence(void **state)
{
    (void)state;
    assert_p99(3, 100, 600, 4, (const double[]){1, 3, 5, 10});
}

static void the_truth_lies_inside_the_stated_interval_in_every_window(void **state)
{
    (void)state;
    struct chance chance = {2};
    printf("seed %llu\n", (unsigned long long)chance.state);
    int windows = is_deep() ? 120000 : 5000;
    for (int i = 0; i < windows; i++) {
        const struct profile *profile = &PROFILES[chance_bits(&chance) % PROFILES_COUNT];
        double listen_s = exp(chance_between(&chance, 0, 5)),
               hold_s = exp(chance_between(&chance, -2, 7));
        struct outcome one =
            one_window(&chance, profile, listen_s, hold_s, chance_real(&chance) < 0.3 ? 0.1 : 1,
                       chance_between(&chance, -5, 5));
        if (!one.is_inside || !one.is_bounded) {
            fail_msg(
                "window %d, %s, %.1f s listened, %.1f s held: off by %.6f s, half-width %.6f s", i,
                profile->name, listen_s, hold_s, one.error_s, one.width_s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minute_of_listening_gives_the_start_to_milliseconds),
        cmocka_unit_test(a_skew_that_was_learned_carries_through_silence),
        cmocka_unit_test(the_truth_lies_inside_the_stated_interval_in_every_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
