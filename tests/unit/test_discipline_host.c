/* A host whose kernel says that it is synchronised has a voice of its own: by what beacons prove it
 * is moved, how far, and when it is not. */
#include "discipline_scene.h"

static void a_synchronised_host_wins_the_tie_against_one_beacon(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.01, 0.01, 5);
    struct discipline_estimate estimate = estimate_at(11, NS_PER_MS, 5 * NS_PER_MS);
    assert_within(off_s(estimate.best, 11), 0.001, 0);
    assert_int_equal(estimate.verdict[0], VERDICT_DISAGREES);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
    assert_within((double)instant_since(estimate.latest, estimate.earliest).ns, 10e6, 1);
}

/* More than half of those that its root names, not of those that are heard; two at least. */
static void a_synchronised_host_is_moved_by_a_majority_of_the_root(void **state)
{
    (void)state;
    for (size_t named = 1; named <= 5; named++) {
        for (size_t heard = 1; heard <= named; heard++) {
            begin(named);
            for (size_t i = 0; i < heard; i++) {
                hear(i, 10, 0.001, 1); /* they are a second ahead of it */
            }
            struct discipline_estimate estimate = estimate_at(10.001, 0, 2 * NS_PER_MS);
            bool may = heard >= 2 && 2 * heard > named;
            assert_within(off_s(estimate.best, 10.001), may ? 0.998 : 0, 1e-6);
            assert_int_equal(estimate.earliest_rests, may ? REST_BEACONS : REST_HOST);
        }
    }
}

/* Ticks that are late, however many, prove nothing against it. */
static void a_synchronised_host_is_never_moved_by_what_is_late(void **state)
{
    (void)state;
    begin(5);
    for (size_t i = 0; i < 5; i++) {
        hear(i, 10, 0.3, 0);
    }
    struct discipline_estimate estimate = estimate_at(10.3, NS_PER_MS, 2 * NS_PER_MS);
    assert_within(off_s(estimate.best, 10.3), 0.001, 0);
    assert_false(estimate.may_be_ahead);
    assert_within((double)instant_since(estimate.latest, estimate.earliest).ns, 4e6, 1);
}

static void a_synchronised_host_is_corrected_by_two_seconds_and_no_more(void **state)
{
    (void)state;
    begin(3);
    for (size_t i = 0; i < 3; i++) {
        answer(i, 10, 0.001, 0.001, 60);
    }
    struct discipline_estimate estimate = estimate_at(11, 0, 5 * NS_PER_MS);
    assert_within(off_s(estimate.best, 11), 2, 1e-6);
    assert_int_equal(estimate.doubt, DOUBT_CAPPED);
    assert_within((double)estimate.wanted.ns / 1e9, 60, 0.01);
    /* Nobody can say which is right: the interval holds both. */
    assert_true(off_s(estimate.earliest, 11) <= 0 && off_s(estimate.latest, 11) >= 60);
}

/* Between what it assumes of itself and what two beacons prove, the narrower edge of each side. */
static void a_synchronised_host_takes_the_narrower_edges(void **state)
{
    (void)state;
    begin(2);
    for (size_t i = 0; i < 2; i++) {
        hear(i, 10, 0.001, 0);
    }
    struct discipline_estimate estimate = estimate_at(10.001, 0, 100 * NS_PER_MS);
    assert_within(off_s(estimate.earliest, 10.001), -0.002, 1e-6);
    assert_int_equal(estimate.earliest_rests, REST_BEACONS);
    assert_int_equal(estimate.latest_rests, REST_HOST);
    assert_false(estimate.is_proved);
    for (size_t i = 0; i < 2; i++) {
        answer(i, 11, 0.001, 0.001, 0);
    }
    estimate = estimate_at(11.002, 50 * NS_PER_MS, 100 * NS_PER_MS);
    assert_within(off_s(estimate.latest, 11.002), 0.002, 1e-6);
    assert_int_equal(estimate.latest_rests, REST_BEACONS);
    assert_true(estimate.is_proved);
    assert_within((double)estimate.correction.ns / 1e9, -0.048, 1e-6);
    assert_int_equal(estimate.joint.earliest.tai_ns, truth(11.002).tai_ns - 50 * NS_PER_MS);
    assert_int_equal(estimate.agreeing, 2);
    begin(2);
    for (size_t i = 0; i < 2; i++) {
        answer(i, 10, 0, 0, 0);
    }
    estimate = estimate_at(10, 0, NS_PER_MS + 1); /* as well as they */
    assert_int_equal(estimate.earliest_rests, REST_HOST);
    assert_int_equal(estimate.latest_rests, REST_HOST);
    estimate = estimate_at(10, 0, NS_PER_MS / 10); /* it knows better than they prove */
    assert_within((double)instant_since(estimate.latest, estimate.earliest).ns, 2e5, 0);
    assert_int_equal(estimate.latest_rests, REST_HOST);
}

/* Two seconds are corrected, a nanosecond more is said to be too far; either way. */
static void what_is_more_than_two_seconds_off_is_cut_and_said_to_be(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        begin(2);
        for (size_t i = 0; i < 2; i++) {
            answer(i, 10, 0, 0, 0);
        }
        const int64_t off = -sign * (2 * NS_PER_S + NS_PER_MS + 1);
        struct discipline_estimate estimate = estimate_at(10, off, 5 * NS_PER_MS);
        assert_int_equal(estimate.wanted.ns, sign * 2 * NS_PER_S);
        assert_int_equal(estimate.doubt, DOUBT_NONE);
        discipline.constellation[0].memory.floor = truth(-86400);
        estimate = estimate_at(10, off - sign, 5 * NS_PER_MS);
        assert_int_equal(estimate.doubt, DOUBT_CAPPED);
        assert_int_equal(estimate.correction.ns, sign * 2 * NS_PER_S);
        assert_within(floor_off_s(), -86400, 0); /* in doubt nothing is learned */
    }
}

static void a_synchronised_host_that_most_read_behind_wants_to_ask(void **state)
{
    (void)state;
    begin(3);
    hear(0, 10, 0.001, -7);
    assert_false(estimate_at(11, 0, 5 * NS_PER_MS).may_be_ahead);
    hear(1, 10, 0.001, -7);
    struct discipline_estimate estimate = estimate_at(11, 0, 5 * NS_PER_MS);
    assert_int_equal(estimate.verdict[2], VERDICT_SILENT);
    assert_true(estimate.may_be_ahead);
    assert_int_equal(estimate.doubt, DOUBT_MAY_BE_AHEAD);
    assert_within(off_s(estimate.best, 11), 0, 0);
    answer(0, 12, 0.001, 0.001, -7);
    answer(1, 12, 0.001, 0.001, -7);
    estimate = estimate_at(13, 0, 5 * NS_PER_MS);
    assert_within(off_s(estimate.best, 13), -2, 1e-6);
    assert_int_equal(estimate.doubt, DOUBT_CAPPED);
}

/* Then a host wants to ask whether it is ahead. */
static void of_what_most_read_behind_a_second_counts_for_three_minutes(void **state)
{
    (void)state;
    begin(2);
    hear(0, 10, 0, 0);
    hear(1, 10, 0, 0);
    assert_false(estimate_at(10, NS_PER_S - 1, 0).may_be_ahead);
    assert_true(estimate_at(10, NS_PER_S, 0).may_be_ahead);
    assert_true(estimate_at(189.9, 2 * NS_PER_S, 0).may_be_ahead);
    assert_false(estimate_at(190, 2 * NS_PER_S, 0).may_be_ahead);
    begin(2); /* who did not know the time and then answers says it as a tick does */
    for (size_t i = 0; i < 2; i++) {
        hear_lost(i, 10, 10);
        answer(i, 200, 0.001, 0.001, 0);
    }
    assert_true(estimate_at(210, 2 * NS_PER_S, 0).may_be_ahead);
}

/* A host that is synchronised has a voice: three of four are needed, and two raise nothing. */
static void the_floor_is_what_most_say_and_the_host_is_one_of_them(void **state)
{
    (void)state;
    begin(3);
    answer(0, 10, 0, 0, 1);
    answer(1, 10, 0, 0, 1);
    (void)estimate_at(10, 0, NS_PER_MS);
    assert_within(floor_off_s(), 10 - 0.001, 1e-9); /* what the host says */
    begin(1);
    assert_int_equal(estimate_at(-86400, 0, -1).doubt, DOUBT_NOTHING_KNOWN); /* at the floor */
    assert_int_equal(estimate_at(-86400, -1, -1).doubt, DOUBT_BELOW_FLOOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synchronised_host_wins_the_tie_against_one_beacon),
        cmocka_unit_test(a_synchronised_host_is_moved_by_a_majority_of_the_root),
        cmocka_unit_test(a_synchronised_host_is_never_moved_by_what_is_late),
        cmocka_unit_test(a_synchronised_host_is_corrected_by_two_seconds_and_no_more),
        cmocka_unit_test(a_synchronised_host_takes_the_narrower_edges),
        cmocka_unit_test(what_is_more_than_two_seconds_off_is_cut_and_said_to_be),
        cmocka_unit_test(a_synchronised_host_that_most_read_behind_wants_to_ask),
        cmocka_unit_test(of_what_most_read_behind_a_second_counts_for_three_minutes),
        cmocka_unit_test(the_floor_is_what_most_say_and_the_host_is_one_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
