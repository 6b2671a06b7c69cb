/* When a host stood still, or was suspended, and what beacons say contradicts itself: by hand. */
#include "discipline_scene.h"

static void a_suspension_voids_every_edge(void **state)
{
    (void)state;
    begin(2);
    answer(0, 10, 0.01, 0.01, 0);
    answer(1, 10, 0.01, 0.01, 0);
    (void)estimate_at(11, NS_PER_S, -1);
    struct discipline_clocks clocks = {.now = {raw(12).ns}, .raw = raw(12), .slept = {NS_PER_S}};
    clocks.now.ns +=
        NS_PER_S; /* nor is what passed the one clock meanwhile measured by the other */
    assert_true(discipline_notice(&discipline, &clocks));
    assert_within(discipline.mono_per_raw, 1, 0);
    assert_false(discipline_notice(&discipline, &clocks));
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, 0, &clocks, truth(14), &estimate);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    assert_int_equal(estimate.heard, 0);
    assert_true(sources[4].earliest.is_known); /* behind the last */
    discipline_hear_answer(&discipline, 0,     /* a second later than the raw clock says */
                           &(struct discipline_answer){.asked = raw(13),
                                                       .received = truth(14.01),
                                                       .sent = truth(14.01),
                                                       .arrived = raw(13.02),
                                                       .error = MS});
    clocks.raw = raw(14);
    clocks.now.ns += 2 * NS_PER_S;
    discipline_estimate(&discipline, 0, &clocks, truth(15), &estimate);
    assert_within(off_s(estimate.best, 15), 0, 1e-4); /* of the points before, none is left */
    static const int64_t slept[] = {0, 2 * NS_PER_MS, 0, 2 * NS_PER_MS + 1, 0};
    static const bool is_one[] = {true, false, false, true, true};
    for (size_t i = 0; i < 5; i++) {
        clocks.slept.ns = slept[i];
        assert_int_equal(discipline_notice(&discipline, &clocks), is_one[i]);
    }
}

/* A caller's clock may go back; what passed since is measured from there. */
static void a_raw_clock_that_went_back_is_compared_anew(void **state)
{
    (void)state;
    begin(1);
    static const double at_s[] = {0, -3600, -3590}, now_s[] = {0, -3600, -3589};
    for (size_t i = 0; i < 3; i++) {
        struct discipline_clocks clocks = {.now = {raw(now_s[i]).ns}, .raw = raw(at_s[i])};
        assert_false(discipline_notice(&discipline, &clocks));
    }
    assert_within(discipline.mono_per_raw, 1.1, 1e-9);
}

/* The host stood still for ten seconds and no clock shows it. */
static void ticks_beyond_their_own_answers_tell_of_a_standstill(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.01, 0.01, 0);
    assert_int_equal(hear(0, 20, 0.01, 10), HEARD_AFTER_STANDSTILL);
    assert_int_equal(estimate_at(20.1, 0, -1).latest_rests, REST_NOTHING);

    begin(3);
    for (size_t i = 0; i < 3; i++) {
        answer(i, 10, 0.01, 0.01, 0);
    }
    assert_int_equal(hear(0, 20, 0.01, 10), HEARD_AHEAD);
    assert_true(estimate_at(20.1, 0, -1).is_proved); /* one may lie: the others' word holds */
    assert_int_equal(hear(0, 21, 0.01, 10), HEARD_GOOD);
    assert_int_equal(hear(1, 21, 0.01, 10), HEARD_AFTER_STANDSTILL);
    struct discipline_estimate estimate = estimate_at(21.1, 0, -1);
    assert_int_equal(estimate.latest_rests, REST_NOTHING);
    assert_int_equal(estimate.heard, 2); /* the third's ticks of before are void as well */
    answer(2, 22, 0.01, 0.01, 10);
    answer(0, 22, 0.01, 0.01, 10);
    assert_true(sources[5].was_ahead);                    /* behind the last */
    assert_int_equal(hear(2, 23, 0.01, 20), HEARD_AHEAD); /* that was one standstill, this is new */
}

/* Two minutes apart they may be of one standstill, and later not; whoever is first in the list. */
static void who_reads_ahead_much_later_is_another(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        begin(3);
        for (size_t i = 0; i < 3; i++) {
            answer(i, 10, 0, 0, 0);
        }
        assert_int_equal(hear(1, 20, 0, 10), HEARD_AHEAD);
        assert_int_equal(hear(2, more ? 140.001 : 140, 0, 10),
                         more ? HEARD_AHEAD : HEARD_AFTER_STANDSTILL);
        assert_int_equal(estimate_at(141, 0, -1).heard, more ? 3 : 2);
    }
}

/* To the nanosecond of what a tick may read by its own answer, ten seconds aged. */
static void a_tick_at_its_own_latest_edge_is_good(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        begin(1);
        answer(0, 10, 0, 0, 0);
        const int64_t edge = NS_PER_MS + NS_PER_S / 1000 + 1;
        struct discipline_sample tick = {.arrived = raw(20),
                                         .sent = {truth(20).tai_ns + edge + NS_PER_MS + more},
                                         .has_error = true,
                                         .error = MS};
        assert_int_equal(discipline_hear(&discipline, 0, &tick),
                         more ? HEARD_AFTER_STANDSTILL : HEARD_GOOD);
        begin(3);
        for (size_t i = 0; i < 3; i++) {
            answer(i, 10, 0, 0, 0);
        }
        struct discipline_answer late = {.asked = raw(20),
                                         .received = tick.sent,
                                         .sent = tick.sent,
                                         .arrived = raw(20),
                                         .error = MS};
        assert_int_equal(discipline_hear_answer(&discipline, 0, &late),
                         more ? HEARD_AHEAD : HEARD_GOOD);
        struct discipline_estimate estimate = estimate_at(20, 0, -1);
        assert_int_equal(estimate.source[0].latest.tai_ns,
                         more ? tick.sent.tai_ns + NS_PER_MS + 1 : truth(20).tai_ns + edge);
        begin(1); /* and an answer whose latest edge is what a tick has proved */
        hear(0, 20, 0, 0);
        late.received.tai_ns = late.sent.tai_ns = truth(20).tai_ns - 2 * NS_PER_MS - 2 - more;
        assert_int_equal(discipline_hear_answer(&discipline, 0, &late),
                         more ? HEARD_AGAINST_ITSELF : HEARD_GOOD);
        estimate = estimate_at(20, 0, -1);
        assert_int_equal(estimate.source[0].earliest.tai_ns,
                         more ? late.sent.tai_ns - NS_PER_MS - 1
                              : truth(20).tai_ns - NS_PER_MS - 1);
    }
}

/* What a beacon says that it held a question, it cannot have held it longer than we waited. */
static void who_held_a_question_longer_than_we_waited_contradicts_itself(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        begin(1);
        const int64_t most = NS_PER_S + NS_PER_S / 10000 + 1 + 2 * NS_PER_MS;
        struct discipline_answer taken = {.asked = raw(10),
                                          .received = truth(10),
                                          .sent = {truth(10).tai_ns + most + more},
                                          .arrived = raw(11),
                                          .error = MS};
        assert_int_equal(discipline_hear_answer(&discipline, 0, &taken),
                         more ? HEARD_AGAINST_ITSELF : HEARD_GOOD);
    }
}

/* It says that it took four seconds to answer what came back within twenty milliseconds. */
static void who_contradicts_itself_is_dropped(void **state)
{
    (void)state;
    begin(1);
    hear(0, 9, 0.01, 0);
    struct discipline_answer squeezed = {.asked = raw(10),
                                         .received = truth(6),
                                         .sent = truth(10.01),
                                         .arrived = raw(10.02),
                                         .error = MS};
    assert_int_equal(discipline_hear_answer(&discipline, 0, &squeezed), HEARD_AGAINST_ITSELF);
    assert_int_equal(estimate_at(11, 0, -1).doubt, DOUBT_NOTHING_KNOWN);
    squeezed.received = truth(9.991); /* within its own error, twice, it may be so */
    assert_int_equal(discipline_hear_answer(&discipline, 0, &squeezed), HEARD_GOOD);
    hear(0, 12, 0.01, 3600); /* its ticks run ahead, its answers do not */
    assert_int_equal(answer(0, 13, 0.01, 0.01, 0), HEARD_AGAINST_ITSELF);
    assert_within(off_s(estimate_at(14, 0, -1).best, 14), 0, 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suspension_voids_every_edge),
        cmocka_unit_test(a_raw_clock_that_went_back_is_compared_anew),
        cmocka_unit_test(ticks_beyond_their_own_answers_tell_of_a_standstill),
        cmocka_unit_test(who_reads_ahead_much_later_is_another),
        cmocka_unit_test(a_tick_at_its_own_latest_edge_is_good),
        cmocka_unit_test(who_held_a_question_longer_than_we_waited_contradicts_itself),
        cmocka_unit_test(who_contradicts_itself_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
