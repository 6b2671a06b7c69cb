/* What ticks and answers prove, by hand: the edges of each beacon, and what several prove together.
 */
#include "discipline_scene.h"

static void with_nothing_known_the_host_is_all_there_is_and_the_doubt_is_said(void **state)
{
    (void)state;
    begin(1);
    struct discipline_estimate estimate = estimate_at(10, HOUR_NS, -1);
    assert_within(off_s(estimate.best, 10), 3600, 0);
    assert_false(estimate.is_bounded);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    assert_int_equal(estimate.basis, BASIS_HOST_UNKNOWN);
    assert_int_equal(estimate.earliest.tai_ns, INT64_MIN);
    assert_int_equal(estimate.latest.tai_ns, INT64_MAX);
    assert_int_equal(estimate.joint.earliest.tai_ns, INT64_MIN);
    assert_int_equal(estimate.joint.latest.tai_ns, INT64_MAX);
    assert_within(estimate.rate, 1, 0);
    assert_int_equal(estimate.verdict[0], VERDICT_SILENT);
    begin(0); /* nor with a root that names no beacon */
    discipline.constellation[0].memory.floor.tai_ns = INT64_MIN;
    estimate = estimate_at(10, HOUR_NS, -1);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    assert_int_equal(estimate.joint.earliest.tai_ns, INT64_MIN);
    begin(1);
    estimate = estimate_at(10, NS_PER_MS, 5 * NS_PER_MS);
    assert_true(estimate.is_bounded);
    assert_false(estimate.is_proved); /* it is the kernel's word */
    assert_int_equal(estimate.earliest_rests, REST_HOST);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
    assert_within(off_s(estimate.latest, 10), 0.006, 1e-9);
}

static void a_tick_proves_that_it_is_not_earlier_and_nothing_else(void **state)
{
    (void)state;
    begin(1);
    hear(0, 10, 0.02, 0);
    struct discipline_estimate estimate = estimate_at(10.02, -NS_PER_S, -1);
    assert_within(off_s(estimate.earliest, 10.02), -0.021, 1e-7);
    assert_within(off_s(estimate.best, 10.02), -0.021,
                  1e-7); /* it is late, and moved up to there */
    assert_int_equal(estimate.earliest_rests, REST_BEACONS);
    assert_int_equal(estimate.latest_rests, REST_NOTHING);
    assert_false(estimate.is_bounded);
    assert_int_equal(estimate.doubt, DOUBT_NOT_VOUCHED);
    estimate = estimate_at(10.02, 3 * NS_PER_S, -1); /* it may be ahead, for all that is known */
    assert_within(off_s(estimate.best, 10.02), 3, 0);
    assert_int_equal(estimate.doubt, DOUBT_NOT_VOUCHED);
    assert_within((double)estimate.wanted.ns / 1e9, -3.021, 1e-6);
    estimate = estimate_at(10.02, -2 * HOUR_NS, -1);
    assert_within(off_s(estimate.best, 10.02), -7200, 0);
    assert_int_equal(estimate.doubt, DOUBT_FAR_BEHIND);
    discipline.options.trust_replay = true;
    estimate = estimate_at(10.02, -2 * HOUR_NS, -1);
    assert_within(off_s(estimate.best, 10.02), -0.021, 1e-7);
}

/* A place, a beacon and a constellation begin with nothing, whatever was there before. */
static void who_is_new_has_said_nothing(void **state)
{
    (void)state;
    static const struct discipline_source nothing[DISCIPLINE_SOURCES_MAX];
    memset(sources, 0xFF, sizeof sources);
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = true}, sources,
                    DISCIPLINE_SOURCES_MAX);
    assert_memory_equal(sources, nothing, sizeof nothing);
    assert_memory_not_equal(&sources[DISCIPLINE_SOURCES_MAX], nothing, sizeof *nothing);
    assert_true(discipline.options.trust_replay);
    begin(1);
    answer(0, 10, 0.01, 0.01, 0);
    discipline_drop(&discipline, 0);
    assert_int_equal(estimate_at(11, 0, -1).heard, 0);
    assert_memory_equal(sources, nothing, sizeof *sources);
    discipline_add(&discipline, 0, 0);
    answer(0, 10, 0.01, 0.01, 0);
    discipline_add(&discipline, 0, 0);
    assert_int_equal(estimate_at(11, 0, -1).doubt, DOUBT_NOTHING_KNOWN);
    discipline_join(&discipline, 0, 2, truth(1), &(struct discipline_memory){.has_skew = true});
    assert_false(discipline.constellation[0].memory.has_skew); /* it is known already */
    assert_int_equal(discipline.constellation[0].beacons, 2);
}

/* To the nanosecond of an age of none: one is rounding's. */
static void edges_are_rounded_outwards(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0, 0, 0);
    struct discipline_estimate estimate = estimate_at(10, 0, -1);
    assert_int_equal(instant_since(truth(10), estimate.earliest).ns, NS_PER_MS + 1);
    assert_int_equal(instant_since(estimate.latest, truth(10)).ns, NS_PER_MS + 1);
}

static void a_better_word_takes_the_place_of_a_worse_and_no_worse_one_does(void **state)
{
    (void)state;
    begin(1);
    hear(0, 10, 0.5, 0);
    hear(0, 11, 0.001, 0);
    hear(0, 11.1, 0.4, 0);
    answer(0, 12, 0.5, 0.001, 0);
    answer(0, 13, 0.002, 0.5, 0);
    answer(0, 14, 0.5, 0.5, 0);
    struct discipline_estimate estimate = estimate_at(15, 0, -1);
    assert_within(off_s(estimate.earliest, 15), -0.002, 5e-4);
    assert_within(off_s(estimate.latest, 15), 0.003, 5e-4);
}

/* A second of a day, and it is a bound; one nanosecond more, and it is none. */
static void who_may_err_by_more_than_a_day_bounds_nothing(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        begin(1);
        const span error = {NS_PER_DAY + more};
        discipline_hear(
            &discipline, 0,
            &(struct discipline_sample){
                .arrived = raw(10), .sent = truth(10), .has_error = true, .error = error});
        assert_int_equal(estimate_at(11, 0, -1).verdict[0],
                         more ? VERDICT_UNBOUNDED : VERDICT_AGREES);
        begin(1);
        discipline_hear_answer(&discipline, 0,
                               &(struct discipline_answer){.asked = raw(10),
                                                           .received = truth(10),
                                                           .sent = truth(10),
                                                           .arrived = raw(10),
                                                           .error = error});
        assert_int_equal(estimate_at(11, 0, -1).is_bounded, !more);
    }
}

static void an_answer_proves_that_it_is_not_later(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.03, 0.01, 0);
    struct discipline_estimate estimate = estimate_at(10.04, 86400 * NS_PER_S, -1);
    assert_within(off_s(estimate.earliest, 10.04), -0.011, 1e-7);
    assert_within(off_s(estimate.latest, 10.04), 0.031, 1e-5);
    assert_within(off_s(estimate.best, 10.04), 0.01, 3e-6); /* half-way between */
    assert_within((double)estimate.wanted.ns / 1e9, 0.01 - 86400, 3e-6);
    assert_true(estimate.is_proved);
    assert_int_equal(estimate.doubt, DOUBT_NONE);
    assert_int_equal(estimate.basis, BASIS_BEACONS);
}

/* A hundred parts in a million, whatever was learned of the rate. */
static void edges_age_by_what_quartz_may_drift(void **state)
{
    (void)state;
    begin(1);
    discipline.constellation[0].memory.has_skew = true;
    discipline.constellation[0].memory.skew = 20e-6;
    answer(0, 10, 0.03, 0.01, 0);
    struct discipline_estimate before = estimate_at(10.04, 0, -1),
                               after = estimate_at(610.04, 0, -1);
    assert_within(off_s(after.earliest, 610.04) - off_s(before.earliest, 10.04), -0.06, 1e-7);
    assert_within(off_s(after.latest, 610.04) - off_s(before.latest, 10.04), 0.06, 1e-7);
    /* the best point goes by the rate; an edge of the past can be no better than one of now */
    assert_within(off_s(after.best, 610.04) - off_s(before.best, 10.04), -0.012, 1e-3);
}

/* What holds messages back, whichever way, only widens what is left open. */
static void what_is_held_back_falsifies_nothing(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.001, 0.001, 0);
    hear(0, 11, 4, 0);
    answer(0, 12, 4, 0.001, 0);
    answer(0, 17, 0.001, 4, 0);
    struct discipline_estimate estimate = estimate_at(30, 0, -1);
    assert_true(off_s(estimate.earliest, 30) <= 0 && off_s(estimate.latest, 30) >= 0);
    assert_true(instant_since(estimate.latest, estimate.earliest).ns < 10 * NS_PER_MS);
    assert_within(off_s(estimate.best, 30), 0, 0.002);
}

/* Whoever brings messages may say of each how long it waited here: no edge is moved by that. */
static void no_word_of_who_brings_a_message_moves_an_edge(void **state)
{
    (void)state;
    struct discipline_estimate truthful, lied_to;
    for (int lie = 0; lie < 2; lie++) {
        begin(1);
        span waited = {lie * 100 * NS_PER_MS};
        discipline_hear(&discipline, 0,
                        &(struct discipline_sample){.arrived = raw(10.01),
                                                    .waited = waited,
                                                    .sent = truth(10),
                                                    .has_error = true,
                                                    .error = MS});
        discipline_hear_answer(&discipline, 0,
                               &(struct discipline_answer){.asked = raw(11),
                                                           .received = truth(11.01),
                                                           .sent = truth(11.01),
                                                           .arrived = raw(11.02),
                                                           .waited = waited,
                                                           .error = MS});
        *(lie ? &lied_to : &truthful) = estimate_at(12, 0, -1);
    }
    assert_int_equal(lied_to.earliest.tai_ns, truthful.earliest.tai_ns);
    assert_int_equal(lied_to.latest.tai_ns, truthful.latest.tai_ns);
    assert_true(lied_to.best.tai_ns != truthful.best.tai_ns);
    begin(1); /* and a true word helps the best point */
    discipline_hear_answer(&discipline, 0,
                           &(struct discipline_answer){.asked = raw(11),
                                                       .received = truth(11.01),
                                                       .sent = truth(11.01),
                                                       .arrived = raw(11.12),
                                                       .waited = {100 * NS_PER_MS},
                                                       .error = MS});
    assert_within(off_s(estimate_at(12, 0, -1).best, 12), 0, 1e-4);
}

/* With n sources and (n - 1) / 2 of them at will, the truth stays inside; and the plain overlap of
 * those that agree would not do. */
static void liars_in_the_minority_leave_the_truth_inside(void **state)
{
    (void)state;
    static const double lies[] = {-86400, -1, -0.02, 0.02, 1, 86400};
    for (size_t n = 1; n <= 7; n++) {
        size_t liars = (n - 1) / 2;
        for (size_t l = 0; l < sizeof lies / sizeof *lies; l++) {
            begin(n);
            for (size_t i = 0; i < n; i++) {
                answer(i, 10 + 0.01 * (double)i, 0.02, 0.02, i < liars ? lies[l] : 0);
            }
            struct discipline_estimate estimate = estimate_at(11, HOUR_NS, -1);
            assert_true(estimate.is_proved);
            assert_true(off_s(estimate.earliest, 11) <= 0 && off_s(estimate.latest, 11) >= 0);
            assert_within(off_s(estimate.best, 11), 0, 0.001);
            for (size_t i = 0; i < n; i++) {
                assert_true(i < liars || estimate.verdict[i] == VERDICT_AGREES);
                assert_true(i >= liars || fabs(lies[l]) < 1 ||
                            estimate.verdict[i] == VERDICT_DISAGREES);
            }
        }
    }
}

/* Others were asked and have not answered yet: whoever is quickest is not believed alone. */
static void who_answers_first_waits_for_a_second(void **state)
{
    (void)state;
    begin(3);
    for (size_t i = 0; i < 3; i++) {
        discipline_await(&discipline, i, raw(12));
    }
    answer(2, 10, 0.001, 0.001, 86400);
    struct discipline_estimate estimate = estimate_at(10.1, NS_PER_S, -1);
    assert_within(off_s(estimate.best, 10.1), 1, 0);
    assert_int_equal(estimate.doubt, DOUBT_NOT_VOUCHED);
    assert_int_equal(estimate.wanted.ns, 0);
    answer(0, 10.2, 0.001, 0.001, 0); /* one word against another, and a third to come */
    assert_within(off_s(estimate_at(10.3, NS_PER_S, -1).best, 10.3), 1, 0);
    answer(1, 10.4, 0.001, 0.001, 0);
    estimate = estimate_at(10.5, NS_PER_S, -1);
    assert_within(off_s(estimate.best, 10.5), 0, 0.001);
    assert_int_equal(estimate.verdict[2], VERDICT_DISAGREES);
    begin(3); /* but not for ever */
    discipline_await(&discipline, 0, raw(12));
    discipline_await(&discipline, 1, raw(12));
    answer(2, 10, 0.001, 0.001, 0);
    assert_false(estimate_at(11.9, NS_PER_S, -1).is_bounded);
    assert_true(estimate_at(12, NS_PER_S, -1).is_bounded);
}

/* Whoever keeps the honest ones from a site lets the liars speak alone: what is called proved still
 * holds, and what rests on too few is not called so. */
static void who_silences_the_honest_ones_gains_no_proof(void **state)
{
    (void)state;
    static const double lies[] = {-86400, -0.5, -0.02, 0.02, 0.5, 86400};
    for (size_t named = 1; named <= 7; named++) {
        size_t liars = (named - 1) / 2;
        for (size_t heard = 1; heard <= named; heard++) {
            for (size_t l = 0; l < sizeof lies / sizeof *lies; l++) {
                begin(named);
                for (size_t i = 0; i < heard; i++) {
                    answer(i, 10, 0.02, 0.02, i < liars ? lies[l] : 0);
                }
                struct discipline_estimate estimate = estimate_at(11, HOUR_NS, -1);
                bool is_known = estimate.doubt != DOUBT_NO_MAJORITY;
                assert_int_equal(estimate.is_proved, is_known && heard > liars);
                assert_int_equal(estimate.earliest_rests == REST_FEW, is_known && heard <= liars);
                if (estimate.is_proved) {
                    assert_true(off_s(estimate.earliest, 11) <= 0 &&
                                off_s(estimate.latest, 11) >= 0);
                }
                assert_int_equal(estimate.beacons, named);
            }
        }
    }
}

/* Two are heard of three, and differ by less than anybody notices: either may be the liar. */
static void two_of_three_prove_what_either_says(void **state)
{
    (void)state;
    begin(3);
    answer(0, 10, 0.02, 0.02, 0.02);
    answer(1, 10, 0.02, 0.02, 0);
    struct discipline_estimate estimate = estimate_at(10.04, 0, -1);
    assert_true(estimate.is_proved);
    assert_within(off_s(estimate.earliest, 10.04), -0.021, 1e-5);
    assert_within(off_s(estimate.latest, 10.04), 0.041, 1e-5);
    assert_within(off_s(estimate.best, 10.04), 0.01, 1e-5);
}

static void one_word_against_another_corrects_nothing(void **state)
{
    (void)state;
    begin(2);
    answer(0, 10, 0.01, 0.01, 0);
    answer(1, 10, 0.01, 0.01, 40);
    struct discipline_estimate estimate = estimate_at(11, 300 * NS_PER_MS, -1);
    assert_within(off_s(estimate.best, 11), 0.3, 0);
    assert_int_equal(estimate.doubt, DOUBT_NO_MAJORITY);
    assert_false(estimate.is_bounded);
}

/* What touches in one nanosecond does not contradict. */
static void words_that_touch_do_not_contradict(void **state)
{
    (void)state;
    for (int apart = 0; apart < 2; apart++) {
        begin(2);
        for (size_t i = 0; i < 2; i++) {
            answer(i, 10, 0, 0, 0);
        }
        const int64_t edge = NS_PER_MS + 1, bound = NS_PER_MS - apart;
        struct discipline_estimate late = estimate_at(10, -edge - NS_PER_MS, bound),
                                   early = estimate_at(10, edge + NS_PER_MS, bound);
        assert_int_equal(late.latest_rests, apart ? REST_BEACONS : REST_HOST);
        assert_int_equal(early.earliest_rests, apart ? REST_BEACONS : REST_HOST);
        begin(2); /* two beacons, the one's latest edge at the other's earliest */
        answer(0, 10, 0, 0, 0);
        discipline_hear_answer(
            &discipline, 1,
            &(struct discipline_answer){.asked = raw(10),
                                        .received = {truth(10).tai_ns + 2 * edge + apart},
                                        .sent = {truth(10).tai_ns + 2 * edge + apart},
                                        .arrived = raw(10),
                                        .error = MS});
        assert_int_equal(estimate_at(10, 0, -1).doubt, apart ? DOUBT_NO_MAJORITY : DOUBT_NONE);
    }
}

/* It is moved up to what they prove, by a nanosecond or an hour; further behind, that is said. */
static void ticks_move_up_a_free_host_by_an_hour_at_most(void **state)
{
    (void)state;
    begin(1);
    hear(0, 10, 0, 0);
    const int64_t edge = NS_PER_MS + 1;
    assert_int_equal(estimate_at(10, -HOUR_NS - edge, -1).doubt, DOUBT_NOT_VOUCHED);
    assert_int_equal(estimate_at(10, -HOUR_NS - edge - 1, -1).doubt, DOUBT_FAR_BEHIND);
    struct discipline_estimate estimate = estimate_at(10, -edge, -1);
    assert_int_equal(estimate.basis, BASIS_HOST_UNKNOWN); /* it is no earlier than they prove */
    estimate = estimate_at(10, -edge - 1, -1);
    assert_int_equal(estimate.basis, BASIS_BEACONS);
    assert_int_equal(estimate.correction.ns, 1);
}

static void a_bound_of_days_is_none(void **state)
{
    (void)state;
    begin(1);
    discipline_hear(
        &discipline, 0,
        &(struct discipline_sample){
            .arrived = raw(10), .sent = truth(10), .has_error = true, .error = {2 * NS_PER_DAY}});
    struct discipline_estimate estimate = estimate_at(11, NS_PER_S, 5 * NS_PER_MS);
    assert_int_equal(estimate.verdict[0], VERDICT_UNBOUNDED);
    assert_int_equal(estimate.joined, 1);
}

static void beacons_that_know_nothing_are_followed_by_who_knows_less(void **state)
{
    (void)state;
    begin(3);
    for (size_t i = 0; i < 3; i++) {
        hear_lost(i, 10, i == 0 ? 9e6 : 3610); /* one of them, by much more */
    }
    struct discipline_estimate estimate = estimate_at(10, 0, -1);
    assert_within(off_s(estimate.best, 10), 3600, 1e-6);
    assert_int_equal(estimate.doubt, DOUBT_TOGETHER);
    assert_false(estimate.is_bounded);
    assert_within(off_s(estimate_at(10, 0, 5 * NS_PER_MS).best, 10), 0,
                  0); /* not by one who does */
    hear(0, 11, 0.001, 0);
    assert_int_equal(estimate_at(11.001, 0, -1).doubt, DOUBT_NOT_VOUCHED); /* nor beside one */
    begin(1);
    hear_lost(0, 10, -86400); /* when the program was made */
    discipline.mono_per_raw = 1.05;
    estimate = estimate_at(10, HOUR_NS, -1);
    assert_int_equal(estimate.doubt, DOUBT_TOGETHER);
    assert_int_equal(estimate.basis, BASIS_BEACONS);
    assert_within((double)estimate.wanted.ns / 1e9, -86400 - 10 - 3600, 0);
    assert_int_equal(estimate.agreeing, 1);
    assert_within(estimate.rate, 1 / 1.05, 1e-12);
    assert_within(off_s(estimate_at(12, 0, -1).best, 12), -86400 - 10, 0); /* it goes on */
    begin(1);
    hear_lost(0, 10, -86401); /* before that */
    assert_int_equal(estimate_at(10, 0, -1).doubt, DOUBT_NOTHING_KNOWN);
}

static void the_floor_rises_by_majorities_and_never_past_the_root(void **state)
{
    (void)state;
    begin(3);
    answer(0, 10, 0.001, 0.001, 86400);
    (void)estimate_at(11, 0, -1);
    assert_within(floor_off_s(), -86400, 1e-6); /* one alone */
    answer(1, 10, 0.001, 0.001, 0);
    answer(2, 10, 0.001, 0.001, 0);
    (void)estimate_at(11, 0, -1);
    assert_within(floor_off_s(), 11, 0.01);
    begin(2);
    discipline_join(&discipline, 0, 2, truth(100), &(struct discipline_memory){.has_skew = false});
    answer(0, 10, 0.001, 0.001, 1e6);
    answer(1, 10, 0.001, 0.001, 1e6);
    (void)estimate_at(11, 0, -1);
    assert_within(floor_off_s(), 100, 1e-6);
    struct discipline_estimate estimate = estimate_at(11, 0, 5 * NS_PER_MS);
    assert_int_equal(estimate.doubt, DOUBT_CAPPED);
    begin(1);
    assert_int_equal(estimate_at(11, -2 * 86400 * NS_PER_S, -1).doubt, DOUBT_BELOW_FLOOR);
}

static void every_place_has_its_vote(void **state)
{
    (void)state;
    begin(DISCIPLINE_SOURCES_MAX);
    for (size_t i = 0; i < DISCIPLINE_SOURCES_MAX; i++) {
        answer(i, 10, 0, 0, (double)(i * 7 % DISCIPLINE_SOURCES_MAX) / 1e4);
    }
    struct discipline_estimate estimate = estimate_at(10, NS_PER_S, 0);
    assert_int_equal(estimate.joined, DISCIPLINE_SOURCES_MAX + 1);
    assert_within(off_s(estimate.latest, 10), 0.0016 + 0.001, 1e-7); /* what 17 of 32 say */
    assert_within(off_s(estimate.earliest, 10), 0.0015 - 0.001, 1e-7);
    estimate = estimate_at(10, NS_PER_S, -1);
    assert_within(off_s(estimate.best, 10), 0.00155, 1e-6); /* the middle of all of them */
}

static void two_constellations_do_not_hear_one_another(void **state)
{
    (void)state;
    begin(1);
    discipline_join(&discipline, 1, 2, truth(400 * 86400),
                    &(struct discipline_memory){.floor = truth(-86400)});
    for (size_t i = 1; i < 3; i++) {
        discipline_add(&discipline, i, 1);
        answer(i, 10, 0.001, 0.001, 630);
    }
    answer(0, 10, 0.001, 0.001, 0);
    struct discipline_estimate estimate = estimate_at(11, NS_PER_S, -1);
    assert_within(off_s(estimate.best, 11), 0, 0.001);
    assert_int_equal(estimate.heard, 1);
    assert_int_equal(hear(1, 12, 0.001, 1000), HEARD_AFTER_STANDSTILL); /* theirs alone */
    assert_true(estimate_at(12.1, NS_PER_S, -1).is_proved);
    struct discipline_clocks clocks = {.now = {raw(11).ns}, .raw = raw(11)};
    discipline_estimate(&discipline, 1, &clocks, truth(11), &estimate);
    assert_true(off_s(estimate.best, 11) > 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_nothing_known_the_host_is_all_there_is_and_the_doubt_is_said),
        cmocka_unit_test(a_tick_proves_that_it_is_not_earlier_and_nothing_else),
        cmocka_unit_test(who_is_new_has_said_nothing),
        cmocka_unit_test(edges_are_rounded_outwards),
        cmocka_unit_test(a_better_word_takes_the_place_of_a_worse_and_no_worse_one_does),
        cmocka_unit_test(who_may_err_by_more_than_a_day_bounds_nothing),
        cmocka_unit_test(an_answer_proves_that_it_is_not_later),
        cmocka_unit_test(edges_age_by_what_quartz_may_drift),
        cmocka_unit_test(what_is_held_back_falsifies_nothing),
        cmocka_unit_test(no_word_of_who_brings_a_message_moves_an_edge),
        cmocka_unit_test(liars_in_the_minority_leave_the_truth_inside),
        cmocka_unit_test(who_answers_first_waits_for_a_second),
        cmocka_unit_test(who_silences_the_honest_ones_gains_no_proof),
        cmocka_unit_test(two_of_three_prove_what_either_says),
        cmocka_unit_test(one_word_against_another_corrects_nothing),
        cmocka_unit_test(words_that_touch_do_not_contradict),
        cmocka_unit_test(ticks_move_up_a_free_host_by_an_hour_at_most),
        cmocka_unit_test(a_bound_of_days_is_none),
        cmocka_unit_test(beacons_that_know_nothing_are_followed_by_who_knows_less),
        cmocka_unit_test(the_floor_rises_by_majorities_and_never_past_the_root),
        cmocka_unit_test(every_place_has_its_vote),
        cmocka_unit_test(two_constellations_do_not_hear_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
