#include "check.h"

#include "simulated_link.h"

static struct discipline discipline; /* large */

static const int64_t HOUR_NS = 3600 * NS_PER_S;

static void begin(bool trust_replay)
{
    struct discipline_memory memory = {.floor = {SIMULATION_BEGIN_NS - 86400 * NS_PER_S}};
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = trust_replay},
                    &memory);
}

/* Clocks at `at_s`: the monotonic one began at 5 s; the host is off by host_off. */
static struct discipline_clocks clocks_at(double at_s, int64_t host_off_ns, int64_t bound_ns)
{
    struct wrong_clock clock = {.mono_ns = 5 * NS_PER_S, .host_off_ns = host_off_ns};
    struct discipline_clocks clocks;
    wrong_clocks(&clock, at_s, &clocks);
    clocks.is_synchronised = bound_ns >= 0;
    clocks.bound.ns = bound_ns >= 0 ? bound_ns : 0;
    return clocks;
}

/* As long as a message is in a broker, on average. */
static const int64_t FORWARDED_NS = 250 * NS_PER_US;

/* A tick sent sent_s after the beginning that was delay_ns underway, over a path whose round trips
 * are 1 ms each, by a beacon that is off by off_ns and states 1 ms. */
static void hear_one(size_t source, size_t link, double sent_s, int64_t delay_ns, int64_t off_ns)
{
    struct discipline_sample sample = {
        .arrived = {5 * NS_PER_S + (int64_t)(sent_s * 1e9) + delay_ns},
        .sent = {true_utc(sent_s).ns + off_ns},
        .has_error = true,
        .error = {NS_PER_MS},
        .has_rtt = true,
        .listener_rtt = {NS_PER_MS},
        .beacon_rtt = {NS_PER_MS},
    };
    discipline_hear(&discipline, source, link, &sample);
}

/* n evenly sent ticks of a beacon that is off by off_ns, over a path of 1 ms. */
static void hear(size_t source, int n, int64_t off_ns, int64_t error_ns)
{
    for (int i = 0; i < n; i++) {
        struct discipline_sample sample = {
            .arrived = {5 * NS_PER_S + i * NS_PER_S + NS_PER_MS + FORWARDED_NS},
            .sent = {SIMULATION_BEGIN_NS + i * NS_PER_S + off_ns},
            .has_error = error_ns >= 0,
            .error = {error_ns >= 0 ? error_ns : 0},
            .has_rtt = true,
            .listener_rtt = {NS_PER_MS},
            .beacon_rtt = {NS_PER_MS},
        };
        discipline_hear(&discipline, source, 0, &sample);
    }
}

static struct discipline_estimate estimate_at(double at_s, int64_t host_off_ns, int64_t bound_ns)
{
    struct discipline_clocks clocks = clocks_at(at_s, host_off_ns, bound_ns);
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, &clocks, &estimate);
    return estimate;
}

static void assert_off(const struct discipline_estimate *estimate, double at_s, double off_s,
                       double tolerance_s)
{
    assert_within((double)(estimate->best.ns - true_utc(at_s).ns) / 1e9, off_s, tolerance_s);
    assert_true(!estimate->is_bounded || (estimate->earliest.ns <= estimate->best.ns &&
                                          estimate->best.ns <= estimate->latest.ns));
}

static void with_nothing_known_the_host_clock_is_all_there_is_and_the_doubt_is_said(void **state)
{
    (void)state;
    begin(false);
    struct discipline_estimate estimate = estimate_at(10, HOUR_NS, -1);
    assert_off(&estimate, 10, 3600, 0);
    assert_false(estimate.is_bounded);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    estimate = estimate_at(10, NS_PER_MS, 5 * NS_PER_MS);
    assert_true(estimate.is_bounded);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
    assert_int_equal(estimate.basis, BASIS_HOST);
}

static void
a_beacon_corrects_an_unsynchronised_host_by_two_seconds_and_no_more_unasked(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, 0, NS_PER_MS);
    struct discipline_estimate estimate = estimate_at(20, 1900 * NS_PER_MS, -1);
    assert_off(&estimate, 20, 0, 1e-4);
    assert_int_equal(estimate.basis, BASIS_BEACONS);
    assert_int_equal(estimate.verdict[0], VERDICT_AGREES);
    estimate = estimate_at(20, HOUR_NS, -1);
    assert_off(&estimate, 20, 3600, 0);
    assert_int_equal(estimate.doubt, DOUBT_UNASKED);
    assert_false(estimate.is_bounded);
    /* a fresh answer: asked 100 ms before the tick that answered it arrived */
    discipline_vouch(&discipline, 0, 0, (mono){24 * NS_PER_S + 901 * NS_PER_MS},
                     (mono){25 * NS_PER_S + NS_PER_MS + FORWARDED_NS}, true_utc(20),
                     (span){NS_PER_MS});
    estimate = estimate_at(20, HOUR_NS, -1);
    assert_off(&estimate, 20, 0, 1e-4);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
    begin(true);
    hear(0, 20, 0, NS_PER_MS);
    estimate = estimate_at(20, -HOUR_NS, -1);
    assert_off(&estimate, 20, 0, 1e-4);
}

static void an_answer_exposes_ticks_that_are_all_held_back(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, -5 * NS_PER_S, NS_PER_MS); /* as if 5 s late */
    discipline_vouch(&discipline, 0, 0, (mono){24 * NS_PER_S + 900 * NS_PER_MS},
                     (mono){25 * NS_PER_S}, true_utc(19.95), (span){NS_PER_MS});
    struct discipline_estimate estimate = estimate_at(20, HOUR_NS, -1);
    assert_off(&estimate, 20, 0, 0.1);
    assert_true(estimate.earliest.ns <= true_utc(20).ns && true_utc(20).ns <= estimate.latest.ns);
}

static void an_answer_tells_the_turn_in_the_broker_s_queue(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, -70 * NS_PER_MS, NS_PER_MS); /* the last of five thousand */
    struct discipline_estimate estimate = estimate_at(20, HOUR_NS / 3600, -1);
    assert_off(&estimate, 20, -0.07, 1e-3);
    /* an answer has no queue: half a millisecond underway, 200 ms after it was asked for */
    discipline_vouch(&discipline, 0, 0, (mono){24 * NS_PER_S + 700 * NS_PER_MS},
                     (mono){24 * NS_PER_S + 900 * NS_PER_MS + NS_PER_MS / 2}, true_utc(19.9),
                     (span){NS_PER_MS});
    estimate = estimate_at(20, HOUR_NS / 3600, -1);
    assert_off(&estimate, 20, 0, 1e-3);
    assert_true(estimate.earliest.ns <= true_utc(20).ns && true_utc(20).ns <= estimate.latest.ns);
}

static void a_synchronised_host_wins_the_tie_against_one_beacon(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, 10 * NS_PER_S, NS_PER_MS);
    struct discipline_estimate estimate = estimate_at(20, 0, 10 * NS_PER_MS);
    assert_off(&estimate, 20, 0, 0);
    assert_int_equal(estimate.verdict[0], VERDICT_DISAGREES);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
}

static void a_synchronised_host_is_corrected_by_at_most_two_seconds(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, 86400 * NS_PER_S, NS_PER_MS);
    hear(1, 20, 86400 * NS_PER_S, NS_PER_MS);
    struct discipline_estimate estimate = estimate_at(20, 0, 10 * NS_PER_MS);
    assert_off(&estimate, 20, 2, 1e-9);
    assert_int_equal(estimate.doubt, DOUBT_CAPPED);
    assert_true(estimate.earliest.ns <= true_utc(20).ns); /* the host's own reading stays inside */
    begin(false);
    hear(0, 20, -NS_PER_S, NS_PER_MS);
    hear(1, 20, -NS_PER_S, NS_PER_MS);
    estimate = estimate_at(20, 0, 10 * NS_PER_MS);
    assert_off(&estimate, 20, -1, 1e-3);
}

static void one_liar_of_three_is_named_and_moves_nothing(void **state)
{
    (void)state;
    static const int64_t lies[] = {NS_PER_S, -NS_PER_S, 60 * NS_PER_S, -86400 * NS_PER_S,
                                   86400 * NS_PER_S};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        for (size_t liar = 0; liar < 3; liar++) {
            begin(true);
            for (size_t source = 0; source < 3; source++) {
                hear(source, 20, source == liar ? lies[i] : 0, NS_PER_MS);
            }
            struct discipline_estimate estimate = estimate_at(20, 40 * NS_PER_S, -1);
            assert_off(&estimate, 20, 0, 1e-3);
            for (size_t source = 0; source < 3; source++) {
                assert_int_equal(estimate.verdict[source],
                                 source == liar ? VERDICT_DISAGREES : VERDICT_AGREES);
            }
        }
    }
}

/* Its sum with a stamp does not fit 64 bits. */
static void a_bound_without_end_contradicts_nobody_and_has_no_vote(void **state)
{
    (void)state;
    begin(true);
    hear(0, 20, 0, NS_PER_MS);
    hear(1, 20, 0, NS_PER_MS);
    hear(2, 20, 0, INT64_MAX);
    discipline_vouch(&discipline, 2, 0, (mono){24 * NS_PER_S}, (mono){25 * NS_PER_S}, true_utc(20),
                     (span){INT64_MAX});
    for (int i = 0; i < 2; i++) {
        struct discipline_estimate estimate = estimate_at(20, 0, i == 0 ? 5 * NS_PER_MS : -1);
        assert_off(&estimate, 20, 0, 1e-3);
        assert_int_equal(estimate.doubt, DOUBT_NONE);
        assert_int_equal(estimate.verdict[2], VERDICT_UNBOUNDED);
        assert_int_equal(estimate.agreeing, 2);
    }
    hear(2, 20, 0, 3600 * NS_PER_S); /* this one says something, if little */
    assert_int_equal(estimate_at(20, 0, -1).verdict[2], VERDICT_AGREES);

    begin(true); /* as late a stamp as a tick can hold: twice it does not fit either */
    const int64_t far_ns = INT64_C(6900000000000000000);
    for (size_t i = 0; i < 2; i++) {
        hear(i, 20, far_ns, NS_PER_MS);
    }
    assert_off(&(struct discipline_estimate){.best = estimate_at(20, 0, -1).best}, 20,
               (double)far_ns / 1e9, 1e-3);
}

/* The points that most sources allow are narrower than the points a majority allows, and a liar who
 * overlaps two honest sources off the truth could choose them. */
static void a_liar_cannot_choose_among_the_honest(void **state)
{
    (void)state;
    struct chance chance = {20261123};
    printf("seed %llu\n", (unsigned long long)chance.state);
    for (int round = 0; round < 3000; round++) {
        begin(true);
        size_t honest = 2 + chance_bits(&chance) % 3, liars = chance_bits(&chance) % honest;
        for (size_t i = 0; i < honest + liars; i++) {
            int64_t error = (int64_t)chance_between(&chance, 1e6, 3e8);
            int64_t off = i < honest
                              ? (int64_t)(chance_between(&chance, -0.99, 0.99) * (double)error)
                              : (int64_t)chance_between(&chance, -5e8, 5e8);
            hear(i, 6, off, error);
        }
        struct discipline_estimate estimate = estimate_at(7, 100 * NS_PER_S, -1);
        assert_true(estimate.is_bounded);
        assert_true(estimate.earliest.ns <= true_utc(7).ns && true_utc(7).ns <= estimate.latest.ns);
    }
}

static void without_a_majority_nothing_is_corrected(void **state)
{
    (void)state;
    begin(true);
    hear(0, 20, 0, NS_PER_MS);
    hear(1, 20, 30 * NS_PER_S, NS_PER_MS);
    struct discipline_estimate estimate = estimate_at(20, 3 * NS_PER_S, -1);
    assert_off(&estimate, 20, 3, 0);
    assert_int_equal(estimate.doubt, DOUBT_NO_MAJORITY);
    assert_false(estimate.is_bounded);
}

static void beacons_that_know_nothing_still_make_people_begin_together(void **state)
{
    (void)state;
    begin(false);
    hear(0, 20, 0, -1);
    struct discipline_estimate estimate = estimate_at(20, 1500 * NS_PER_MS, -1);
    assert_off(&estimate, 20, 0, 1e-4);
    assert_false(estimate.is_bounded);
    assert_int_equal(estimate.verdict[0], VERDICT_UNBOUNDED);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    /* a synchronised host does not listen to them */
    estimate = estimate_at(20, 700 * NS_PER_MS, NS_PER_MS);
    assert_off(&estimate, 20, 0.7, 0);
}

static void the_floor_rises_by_majorities_and_stops_impossible_dates(void **state)
{
    (void)state;
    begin(true);
    utc before = discipline.memory.floor;
    hear(0, 20, 86400 * NS_PER_S, NS_PER_MS);
    estimate_at(20, 0, -1);
    assert_int_equal(discipline.memory.floor.ns, before.ns); /* one beacon alone never raises it */
    begin(true);
    hear(0, 20, 0, NS_PER_MS);
    hear(1, 20, 0, NS_PER_MS);
    struct discipline_estimate estimate = estimate_at(20, 0, -1);
    assert_int_equal(discipline.memory.floor.ns, estimate.earliest.ns);
    struct discipline_memory kept = discipline.memory;
    discipline_init(&discipline, &(struct discipline_options){0}, &kept);
    estimate = estimate_at(0, -HOUR_NS, -1);
    assert_int_equal(estimate.doubt, DOUBT_BELOW_FLOOR);
}

static void a_suspension_voids_the_lines(void **state)
{
    (void)state;
    begin(false);
    struct discipline_clocks clocks = clocks_at(20, 0, -1);
    assert_false(discipline_notice_sleep(&discipline, &clocks));
    hear(0, 20, NS_PER_S, NS_PER_MS);
    assert_false(discipline_notice_sleep(&discipline, &clocks));
    clocks.slept.ns += 3600 * NS_PER_S;
    assert_true(discipline_notice_sleep(&discipline, &clocks));
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, &clocks, &estimate);
    assert_int_equal(estimate.heard, 0);
}

static void a_clock_set_back_is_followed_within_a_minute_not_averaged(void **state)
{
    (void)state;
    begin(true);
    hear(0, 100, 0, NS_PER_MS);
    for (int i = 100; i < 140; i++) { /* the beacon's own clock was put back by 300 ms */
        struct discipline_sample sample = {
            .arrived = {5 * NS_PER_S + i * NS_PER_S + NS_PER_MS},
            .sent = {SIMULATION_BEGIN_NS + i * NS_PER_S - 300 * NS_PER_MS},
            .has_error = true,
            .error = {NS_PER_MS},
            .has_rtt = true,
            .listener_rtt = {NS_PER_MS},
            .beacon_rtt = {NS_PER_MS}};
        discipline_hear(&discipline, 0, 0, &sample);
    }
    struct discipline_estimate estimate = estimate_at(140, 0, -1);
    assert_off(&estimate, 140, -0.3, 2e-3);
}

static void assert_inside(double at_s)
{
    struct discipline_estimate estimate = estimate_at(at_s, HOUR_NS, -1);
    assert_true(estimate.is_bounded);
    assert_true(estimate.earliest.ns <= true_utc(at_s).ns &&
                true_utc(at_s).ns <= estimate.latest.ns);
}

/* An outage every 30 s beside a tick every 60 s: each of them is sent again after 0.6 s. */
static void a_wait_that_all_sparse_ticks_share_is_inside(void **state)
{
    (void)state;
    begin(true);
    for (int i = 0; i < 25; i++) {
        hear_one(0, 0, 60 * i, 600 * NS_PER_MS + i % 3 * NS_PER_MS, 0);
        assert_inside(60 * i + 1);
    }
    /* ten in ten seconds cannot all meet an outage and arrive one by one */
    for (int i = 0; i < 12; i++) {
        hear_one(0, 0, 1500 + i, NS_PER_MS, 0);
    }
    struct discipline_estimate estimate = estimate_at(1512, HOUR_NS, -1);
    assert_off(&estimate, 1512, 0, 5e-3);
    assert_true(estimate.latest.ns - estimate.earliest.ns < 2 * NS_PER_S);
}

static void ticks_of_one_moment_have_waited_as_one(void **state)
{
    (void)state;
    begin(true);
    hear_one(0, 0, 0, 5 * NS_PER_S, 0);
    hear_one(0, 0, 0.003, 5 * NS_PER_S, 0); /* because a record came */
    assert_inside(6);
}

/* Thirteen ticks that waited while the host slept are handed on at once, and one comes late on its
 * own. */
static void a_heap_and_a_straggler_are_no_even_arrivals(void **state)
{
    (void)state;
    begin(true);
    for (int i = 0; i < 13; i++) {
        hear_one(0, 0, 0.2 * i, (int64_t)((10 - 0.2 * i) * 1e9) + i, 0);
    }
    assert_inside(11);
    hear_one(0, 0, 7, 8 * NS_PER_S, 0);
    assert_inside(16);
}

/* One outage after the other: everything is late, but at all heights.  What was heard before them
 * still counts. */
static void outages_are_no_step(void **state)
{
    (void)state;
    begin(true);
    hear(0, 60, 0, NS_PER_MS);
    struct chance chance = {3};
    for (int i = 60; i < 240; i++) {
        double back_s = i - i % 20 + 28;
        hear_one(0, 0, i, (int64_t)((back_s - i + chance_real(&chance) / 100) * 1e9), 0);
        if (i % 20 == 19) {
            assert_inside(back_s);
        }
    }
    struct discipline_estimate estimate = estimate_at(270, HOUR_NS, -1);
    assert_off(&estimate, 270, 0, 0.02);
}

static void of_two_brokers_that_contradict_the_prompt_one_is_right(void **state)
{
    (void)state;
    for (size_t held = 0; held < 2; held++) {
        begin(true);
        for (int i = 0; i < 40; i++) {
            hear_one(0, 1 - held, i, NS_PER_MS, 0);
            hear_one(0, held, i, 30 * NS_PER_S, 0);
        }
        assert_inside(70);
    }
}

/* Ticks so few that every interval is wide: the liar's overlaps everybody's. */
static void a_liar_does_not_hide_among_wide_intervals(void **state)
{
    (void)state;
    for (size_t liar = 0; liar < 3; liar++) {
        begin(true);
        for (int i = 0; i < 5; i++) {
            for (size_t source = 0; source < 3; source++) {
                int64_t jitter = (int64_t)(source == liar ? 0 : i % 2) * NS_PER_MS;
                hear_one(source, 0, 60 * i, NS_PER_MS + jitter, source == liar ? -NS_PER_S : 0);
            }
        }
        struct discipline_estimate estimate = estimate_at(242, HOUR_NS, -1);
        assert_off(&estimate, 242, 0, 0.05);
    }
}

/* A lie that is smaller than the doubt cannot be named; it still moves nobody beyond the honest. */
static void a_small_lie_moves_nothing(void **state)
{
    (void)state;
    static const double lies_ms[] = {-20, -3, -1.5, -1, -0.7, 0.7, 1, 1.5, 3, 20};
    for (size_t k = 0; k < sizeof lies_ms / sizeof *lies_ms; k++) {
        for (size_t liar = 0; liar < 3; liar++) {
            begin(true);
            for (int i = 0; i < 60; i++) {
                for (size_t source = 0; source < 3; source++) {
                    int64_t jitter = source == liar ? 0 : i * 37 % 60 * 10 * NS_PER_US;
                    hear_one(source, 0, i, NS_PER_MS + FORWARDED_NS + jitter,
                             source == liar ? (int64_t)(lies_ms[k] * 1e6) : 0);
                }
            }
            struct discipline_estimate estimate = estimate_at(60, HOUR_NS, -1);
            assert_off(&estimate, 60, 0, 0.3e-3);
        }
    }
}

static void a_skew_is_learned_when_the_line_knows_it(void **state)
{
    (void)state;
    begin(true);
    struct chance chance = {4};
    for (int i = 0; i < 10; i++) { /* ten minutes, but ten ticks with half a second of noise */
        hear_one(0, 0, 60 * i, (int64_t)chance_between(&chance, 1e6, 500e6), 0);
        estimate_at(60 * i + 1, HOUR_NS, -1);
    }
    assert_false(discipline.memory.has_skew);
    begin(true);
    for (int i = 0; i < 60; i++) {
        hear_one(0, 0, 10 * i, NS_PER_MS + (int64_t)chance_between(&chance, 0, 1e6), 0);
    }
    estimate_at(600, HOUR_NS, -1);
    assert_true(discipline.memory.has_skew);
    assert_within(discipline.memory.skew * 1e6, 0, 3);
    assert_true(discipline.memory.skew_doubt > 0 && discipline.memory.skew_doubt < 3e-6);
}

/* A liar's clock may also run at a lying rate. */
static void a_skew_is_learned_from_those_who_agree(void **state)
{
    (void)state;
    for (size_t liar = 0; liar < 3; liar++) {
        begin(true);
        for (int i = 0; i < 60; i++) {
            for (size_t source = 0; source < 3; source++) {
                int64_t jitter = source == liar ? 0 : i * 37 % 60 * 10 * NS_PER_US;
                hear_one(source, 0, 10 * i, NS_PER_MS + jitter,
                         source == liar ? NS_PER_S + i * NS_PER_MS : 0);
            }
            estimate_at(10 * i + 1, HOUR_NS, -1);
        }
        assert_true(discipline.memory.has_skew);
        assert_within(discipline.memory.skew * 1e6, 0, 3);
    }
}

static void planning_and_reading_are_inverse_and_never_early(void **state)
{
    (void)state;
    struct chance chance = {11};
    for (int i = 0; i < 100000; i++) {
        struct discipline_estimate estimate = {
            .at = {(int64_t)chance_between(&chance, 0, 1e18)},
            .best = {SIMULATION_BEGIN_NS},
            .rate = 1 + chance_between(&chance, -500e-6, 500e-6),
        };
        utc wanted = {estimate.best.ns + (int64_t)chance_between(&chance, -1e13, 1e15)};
        mono target = discipline_when(&estimate, wanted);
        assert_true(discipline_utc_at(&estimate, target).ns >= wanted.ns - 2000);
        assert_within((double)(discipline_utc_at(&estimate, target).ns - wanted.ns), 0,
                      1e15 * 3e-7 + 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_nothing_known_the_host_clock_is_all_there_is_and_the_doubt_is_said),
        cmocka_unit_test(
            a_beacon_corrects_an_unsynchronised_host_by_two_seconds_and_no_more_unasked),
        cmocka_unit_test(an_answer_exposes_ticks_that_are_all_held_back),
        cmocka_unit_test(an_answer_tells_the_turn_in_the_broker_s_queue),
        cmocka_unit_test(a_synchronised_host_wins_the_tie_against_one_beacon),
        cmocka_unit_test(a_synchronised_host_is_corrected_by_at_most_two_seconds),
        cmocka_unit_test(one_liar_of_three_is_named_and_moves_nothing),
        cmocka_unit_test(a_bound_without_end_contradicts_nobody_and_has_no_vote),
        cmocka_unit_test(a_liar_cannot_choose_among_the_honest),
        cmocka_unit_test(without_a_majority_nothing_is_corrected),
        cmocka_unit_test(beacons_that_know_nothing_still_make_people_begin_together),
        cmocka_unit_test(the_floor_rises_by_majorities_and_stops_impossible_dates),
        cmocka_unit_test(a_suspension_voids_the_lines),
        cmocka_unit_test(a_clock_set_back_is_followed_within_a_minute_not_averaged),
        cmocka_unit_test(a_wait_that_all_sparse_ticks_share_is_inside),
        cmocka_unit_test(ticks_of_one_moment_have_waited_as_one),
        cmocka_unit_test(a_heap_and_a_straggler_are_no_even_arrivals),
        cmocka_unit_test(outages_are_no_step),
        cmocka_unit_test(of_two_brokers_that_contradict_the_prompt_one_is_right),
        cmocka_unit_test(a_liar_does_not_hide_among_wide_intervals),
        cmocka_unit_test(a_small_lie_moves_nothing),
        cmocka_unit_test(a_skew_is_learned_when_the_line_knows_it),
        cmocka_unit_test(a_skew_is_learned_from_those_who_agree),
        cmocka_unit_test(planning_and_reading_are_inverse_and_never_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
