/* What ticks and answers prove, by hand: true time is seconds since BEGIN, and both monotonic
 * clocks read MONO_S more than that, unless a test says otherwise. */
#include "check.h"

#include <math.h>

#include "discipline/discipline.h"

static struct discipline discipline;
static struct discipline_source sources[DISCIPLINE_SOURCES_MAX];

static const int64_t BEGIN_NS = INT64_C(1800000000) * NS_PER_S, MONO_NS = 5000 * NS_PER_S;
static const int64_t HOUR_NS = 3600 * NS_PER_S;

static instant truth(double at_s)
{
    return (instant){BEGIN_NS + (int64_t)llround(at_s * 1e9)};
}

static mono_raw raw(double at_s)
{
    return (mono_raw){MONO_NS + (int64_t)llround(at_s * 1e9)};
}

/* A constellation whose root names `beacons`, all of which have places. */
static void begin(size_t beacons)
{
    discipline_init(&discipline, &(struct discipline_options){.trust_replay = false}, sources,
                    DISCIPLINE_SOURCES_MAX);
    discipline_join(&discipline, 0, beacons, truth(400 * 86400),
                    &(struct discipline_memory){.floor = truth(-86400)});
    for (size_t i = 0; i < beacons; i++) {
        discipline_add(&discipline, i, 0);
    }
}

static const span MS = {NS_PER_MS};

/* A tick sent at at_s by a beacon that is off by off_s, down_s under way; it states 1 ms. */
static enum discipline_heard hear(size_t source, double at_s, double down_s, double off_s)
{
    return discipline_hear(&discipline, source,
                           &(struct discipline_sample){.arrived = raw(at_s + down_s),
                                                       .sent = truth(at_s + off_s),
                                                       .has_error = true,
                                                       .error = MS});
}

/* Asked at at_s; the beacon answers at once. */
static enum discipline_heard answer(size_t source, double at_s, double up_s, double down_s,
                                    double off_s)
{
    return discipline_hear_answer(
        &discipline, source,
        &(struct discipline_answer){.asked = raw(at_s),
                                    .received = truth(at_s + up_s + off_s),
                                    .sent = truth(at_s + up_s + off_s),
                                    .arrived = raw(at_s + up_s + down_s),
                                    .error = MS});
}

/* bound_ns < 0: the host is not synchronised. */
static struct discipline_estimate estimate_at(double at_s, int64_t host_off_ns, int64_t bound_ns)
{
    struct discipline_clocks clocks = {.now = {raw(at_s).ns},
                                       .raw = raw(at_s),
                                       .is_synchronised = bound_ns >= 0,
                                       .bound = {bound_ns >= 0 ? bound_ns : 0}};
    struct discipline_estimate estimate;
    (void)discipline_notice(&discipline, &clocks);
    discipline_estimate(&discipline, 0, &clocks, (instant){truth(at_s).tai_ns + host_off_ns},
                        &estimate);
    assert_true(estimate.earliest.tai_ns <= estimate.best.tai_ns &&
                estimate.best.tai_ns <= estimate.latest.tai_ns);
    return estimate;
}

static double off_s(instant at, double at_s)
{
    return (double)instant_since(at, truth(at_s)).ns / 1e9;
}

static void with_nothing_known_the_host_is_all_there_is_and_the_doubt_is_said(void **state)
{
    (void)state;
    begin(1);
    struct discipline_estimate estimate = estimate_at(10, HOUR_NS, -1);
    assert_within(off_s(estimate.best, 10), 3600, 0);
    assert_false(estimate.is_bounded);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    assert_int_equal(estimate.basis, BASIS_HOST_UNKNOWN);
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

static void an_answer_proves_that_it_is_not_later(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.03, 0.01, 0);
    struct discipline_estimate estimate = estimate_at(10.04, 86400 * NS_PER_S, -1);
    assert_within(off_s(estimate.earliest, 10.04), -0.011, 1e-7);
    assert_within(off_s(estimate.latest, 10.04), 0.031, 1e-5);
    assert_within(off_s(estimate.best, 10.04), 0.01, 3e-6); /* half-way between */
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
}

/* The middle of what took longer than two seconds may be anywhere: the host knows better. */
static void of_a_wide_interval_the_point_nearest_to_the_host_is_taken(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 3, 0.5, 0);
    struct discipline_estimate estimate = estimate_at(13.5, 300 * NS_PER_MS, -1);
    assert_within(off_s(estimate.best, 13.5), 0.3, 1e-9);
    estimate = estimate_at(13.5, 86400 * NS_PER_S, -1);
    assert_within(off_s(estimate.best, 13.5), 3.001, 0.001);
    assert_true(estimate.is_proved);
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
    assert_true(estimate_at(12.1, NS_PER_S, -1).is_bounded);
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

static void a_synchronised_host_that_most_read_behind_wants_to_ask(void **state)
{
    (void)state;
    begin(3);
    hear(0, 10, 0.001, -7);
    assert_false(estimate_at(11, 0, 5 * NS_PER_MS).may_be_ahead);
    hear(1, 10, 0.001, -7);
    struct discipline_estimate estimate = estimate_at(11, 0, 5 * NS_PER_MS);
    assert_true(estimate.may_be_ahead);
    assert_int_equal(estimate.doubt, DOUBT_MAY_BE_AHEAD);
    assert_within(off_s(estimate.best, 11), 0, 0);
    answer(0, 12, 0.001, 0.001, -7);
    answer(1, 12, 0.001, 0.001, -7);
    estimate = estimate_at(13, 0, 5 * NS_PER_MS);
    assert_within(off_s(estimate.best, 13), -2, 1e-6);
    assert_int_equal(estimate.doubt, DOUBT_CAPPED);
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

static void hear_lost(size_t source, double at_s, double reads_s)
{
    discipline_hear(&discipline, source,
                    &(struct discipline_sample){.arrived = raw(at_s), .sent = truth(reads_s)});
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
    hear_lost(0, 10, -2 * 86400); /* before the program was made */
    assert_int_equal(estimate_at(10, 0, -1).doubt, DOUBT_NOTHING_KNOWN);
}

static double floor_off_s(void)
{
    return off_s(discipline.constellation[0].memory.floor, 0);
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

static void a_suspension_voids_every_edge(void **state)
{
    (void)state;
    begin(1);
    answer(0, 10, 0.01, 0.01, 0);
    (void)estimate_at(11, NS_PER_S, -1);
    struct discipline_clocks clocks = {.now = {raw(12).ns}, .raw = raw(12), .slept = {NS_PER_S}};
    assert_true(discipline_notice(&discipline, &clocks));
    assert_false(discipline_notice(&discipline, &clocks));
    struct discipline_estimate estimate;
    discipline_estimate(&discipline, 0, &clocks, truth(14), &estimate);
    assert_int_equal(estimate.doubt, DOUBT_NOTHING_KNOWN);
    assert_int_equal(estimate.heard, 0);
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
        cmocka_unit_test(an_answer_proves_that_it_is_not_later),
        cmocka_unit_test(edges_age_by_what_quartz_may_drift),
        cmocka_unit_test(what_is_held_back_falsifies_nothing),
        cmocka_unit_test(no_word_of_who_brings_a_message_moves_an_edge),
        cmocka_unit_test(of_a_wide_interval_the_point_nearest_to_the_host_is_taken),
        cmocka_unit_test(liars_in_the_minority_leave_the_truth_inside),
        cmocka_unit_test(who_answers_first_waits_for_a_second),
        cmocka_unit_test(who_silences_the_honest_ones_gains_no_proof),
        cmocka_unit_test(two_of_three_prove_what_either_says),
        cmocka_unit_test(one_word_against_another_corrects_nothing),
        cmocka_unit_test(a_synchronised_host_wins_the_tie_against_one_beacon),
        cmocka_unit_test(a_synchronised_host_is_moved_by_a_majority_of_the_root),
        cmocka_unit_test(a_synchronised_host_is_never_moved_by_what_is_late),
        cmocka_unit_test(a_synchronised_host_is_corrected_by_two_seconds_and_no_more),
        cmocka_unit_test(a_synchronised_host_that_most_read_behind_wants_to_ask),
        cmocka_unit_test(a_bound_of_days_is_none),
        cmocka_unit_test(beacons_that_know_nothing_are_followed_by_who_knows_less),
        cmocka_unit_test(the_floor_rises_by_majorities_and_never_past_the_root),
        cmocka_unit_test(a_suspension_voids_every_edge),
        cmocka_unit_test(ticks_beyond_their_own_answers_tell_of_a_standstill),
        cmocka_unit_test(who_contradicts_itself_is_dropped),
        cmocka_unit_test(ticks_in_a_queue_do_not_move_the_best_point),
        cmocka_unit_test(a_rate_is_learned_and_carries_on),
        cmocka_unit_test(plans_follow_the_clock_that_timers_go_by),
        cmocka_unit_test(two_constellations_do_not_hear_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
