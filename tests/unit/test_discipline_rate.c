/* Between the edges, the point that is taken for the time, and the rate at which it goes on. */
#include "discipline_scene.h"

static void each_tick_moves_the_best_point(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.001, 0.5, 0);
    assert_within(off_s(estimate_at(11, 0, -1).best, 11), -0.25, 0.001);
    hear(0, 11, 0.001, 0);
    assert_within(off_s(estimate_at(12, 0, -1).best, 12), 0, 0.001);
    answer(0, 13, 0.0002, 0.0002, 0);
    assert_within(off_s(estimate_at(14, 0, -1).best, 14), 0, 1e-4);
}

/* The middle of what took longer than two seconds may be anywhere: the host knows better. */
static void of_a_wide_interval_the_point_nearest_to_the_host_is_taken(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 3, 0.5, 0);
    struct discipline_estimate estimate = estimate_at(13.5, 300 * NS_PER_MS, -1);
    assert_within(off_s(estimate.best, 13.5), 0.3, 1e-9);
    assert_within(estimate.rate, 1, 0);
    estimate = estimate_at(13.5, 86400 * NS_PER_S, -1);
    assert_within(off_s(estimate.best, 13.5), 3.001, 0.001);
    assert_true(estimate.is_proved);
}

static void ticks_in_a_queue_do_not_move_the_best_point(void **state)
{
    (void)state;
    begin(1);
    for (int i = 0; i < 60; i++) {
        double noise = (i * 37 % 60) / 60.0 * 1e-3;
        hear(0, i, 0.077 + noise, 0); /* the last of five thousand, each time */
        if (i % 4 == 0) {
            answer(0, i + 0.5, 0.001 + noise, 0.001 + noise, 0);
        }
    }
    struct discipline_estimate estimate = estimate_at(60, HOUR_NS, -1);
    assert_within(off_s(estimate.best, 60), 0, 0.0005);
    assert_within((double)discipline.source[0].offset.queue_ns / 1e9, 0.076, 0.001);
}

static void a_rate_is_learned_and_carries_on(void **state)
{
    (void)state;
    begin(3);
    for (size_t i = 0; i < 3; i++) { /* our clock gains 40 us a second on them */
        double slow = 1 - 40e-6;
        for (int at = 0; at < 200; at++) {
            double noise = (at * 37 % 60) / 60.0 * 1e-3;
            hear(i, at, 0.001 + noise, at * (slow - 1));
            if (at % 10 == 0) {
                answer(i, at + 0.3, 0.001 + noise, 0.001 + noise, at * (slow - 1));
            }
        }
    }
    struct discipline_estimate estimate = estimate_at(200, HOUR_NS, -1);
    assert_within(discipline.constellation[0].memory.skew, 40e-6, 2e-6);
    assert_within(estimate.rate, 1 - 40e-6, 2e-6);
    instant later = discipline_at(&estimate, (mono){raw(800).ns});
    assert_within(off_s(later, 800), -800 * 40e-6, 0.002);
}

/* Our clock gains `skew` a second; `ticks`, and then `answers` that stand a second apart. */
static void live(size_t source, double skew, int ticks, int answers, double noise_s)
{
    for (int at = 0; at < ticks; at++) {
        hear(source, at, 0.001 + noise_s * (at * 37 % 60) / 60, -at * skew);
    }
    for (int i = 0; i < answers; i++) {
        double at = 0.3 + i * (double)ticks / answers;
        double noise = noise_s * (i * 23 % 60) / 60;
        answer(source, at, 0.001 + noise, 0.001 + noise, -at * skew);
    }
}

static const struct discipline_memory *learned_by(double at_s)
{
    (void)estimate_at(at_s, 0, -1);
    return &discipline.constellation[0].memory;
}

static void a_rate_is_learned_of_twenty_points_that_agree(void **state)
{
    (void)state;
    begin(1);
    live(0, 40e-6, 15, 4, 0);
    assert_false(learned_by(15)->has_skew); /* nineteen */
    begin(1);
    live(0, 40e-6, 16, 4, 0);
    assert_true(learned_by(16)->has_skew);
    assert_within(learned_by(16)->skew, 40e-6, 1e-6);
    assert_within(learned_by(16)->skew_doubt, sources[0].offset.slope_doubt, 0);
    assert_true(learned_by(16)->skew_doubt > 0 && learned_by(16)->skew_doubt < 15e-6);
    begin(1); /* too noisy: with what temperature does, it is known to more than 15 ppm */
    live(0, 40e-6, 12, 10, 0.002);
    assert_false(learned_by(12)->has_skew);
    assert_within(sources[0].offset.slope_doubt, 13.5e-6, 1.5e-6);
    begin(3); /* of three the middle one, though the first is not known and one lies */
    live(0, 0, 2, 2, 0);
    live(1, 60e-6, 40, 10, 0);
    live(2, 20e-6, 40, 10, 0);
    assert_within(learned_by(40)->skew, 40e-6, 1e-6);
    assert_within(learned_by(40)->skew_doubt,
                  fmax(sources[1].offset.slope_doubt, sources[2].offset.slope_doubt), 0);
    begin(3);
    live(0, 0, 40, 10, 0);
    live(1, 20e-6, 40, 10, 0);
    live(2, 40e-6, 40, 10, 0);
    assert_within(estimate_at(40, 0, -1).rate, 1 - 20e-6, 1e-6); /* of the middle one, as is */
    assert_within(off_s(estimate_at(40, 0, -1).best, 40), -40 * 20e-6, 1e-4); /* the point */
    begin(3);
    live(0, 20e-6, 40, 10, 0);
    live(1, 20e-6, 40, 10, 0);
    for (int at = 0; at < 40; at++) {
        answer(2, at, 0.001, 0.001, 900 - at * 90e-6);
    }
    assert_within(learned_by(40)->skew, 20e-6, 1e-6);
    begin(2); /* in doubt nothing is learned */
    live(0, 40e-6, 40, 10, 0);
    answer(1, 39, 0.001, 0.001, 40);
    assert_false(learned_by(40)->has_skew);
}

/* What was learned bounds the slope, until it is seen not to be so any more. */
static void a_rate_that_has_changed_is_seen(void **state)
{
    (void)state;
    static const double was[] = {20e-6, -20e-6}, is[] = {60e-6, -60e-6, 0, 19e-6, -19e-6};
    for (size_t w = 0; w < 2; w++) {
        for (size_t i = 0; i < 5; i++) {
            begin(1);
            discipline.constellation[0].memory.has_skew = true;
            discipline.constellation[0].memory.skew = was[w];
            discipline.constellation[0].memory.skew_doubt = 1e-6;
            live(0, is[i], 60, 20, 0);
            assert_within(estimate_at(60, 0, -1).rate, 1 - is[i], 1e-6);
        }
    }
}

/* Of half a second at least; what no kernel does is a jump. */
static void a_slew_is_measured_over_half_a_second_and_a_jump_is_none(void **state)
{
    (void)state;
    static const struct {
        double raw_s, now_s, rate;
    } step[] = {{10, 10, 1},       {10.4999, 10.7, 1}, {10.5, 10.55, 1.1},
                {10.9, 10.9, 1.1}, {11, 11.15, 1.2},   {12, 11.2, 0.8}};
    begin(1);
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
        struct discipline_clocks clocks = {.now = {raw(step[i].now_s).ns},
                                           .raw = raw(step[i].raw_s)};
        assert_false(discipline_notice(&discipline, &clocks));
        assert_within(discipline.mono_per_raw, step[i].rate, 1e-9);
    }
}

/* CLOCK_MONOTONIC is slewed by 83,333 ppm; timers go by it. */
static void plans_follow_the_clock_that_timers_go_by(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.01, 0.01, 0);
    struct discipline_clocks clocks = {.now = {raw(10).ns}, .raw = raw(10)};
    (void)discipline_notice(&discipline, &clocks);
    clocks.raw = raw(12);
    clocks.now.ns += (int64_t)(2e9 * 1.083333);
    (void)discipline_notice(&discipline, &clocks);
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, 0, &clocks, truth(13), &estimate);
    assert_within(off_s(estimate.best, 12), 0, 0.001);
    mono at = discipline_when(&estimate, truth(13));
    assert_within((double)(at.ns - clocks.now.ns) / 1e9, 1.083333, 1e-3);
    assert_within(off_s(discipline_at(&estimate, at), 13), 0, 1e-9);
    assert_true(discipline_at(&estimate, at).tai_ns >= truth(13).tai_ns); /* never before */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tick_moves_the_best_point),
        cmocka_unit_test(of_a_wide_interval_the_point_nearest_to_the_host_is_taken),
        cmocka_unit_test(ticks_in_a_queue_do_not_move_the_best_point),
        cmocka_unit_test(a_rate_is_learned_and_carries_on),
        cmocka_unit_test(a_rate_is_learned_of_twenty_points_that_agree),
        cmocka_unit_test(a_rate_that_has_changed_is_seen),
        cmocka_unit_test(a_slew_is_measured_over_half_a_second_and_a_jump_is_none),
        cmocka_unit_test(plans_follow_the_clock_that_timers_go_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
