/* links: ticks view trust records */
/* What a listener asks of beacons, and which answers count. */
#include "listener_world.h"

static void a_far_clock_is_believed_only_after_a_fresh_answer(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-100, false, NULL);
    world.host_off_ns = -3 * 3600 * NS_PER_S; /* it thinks that there are three hours left */
    hear_of_the_minute();
    live_until(-50);
    hear(0, 0);
    assert_int_equal(believed()->doubt, DOUBT_FAR_BEHIND);
    link_up(0);
    assert_int_equal(world.asks[0], 1);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = sign_answer(0, 0, bytes);
    bytes[10] ^= 1; /* not yet */
    deliver_answer(0, bytes, size);
    assert_int_equal(world.listener.counts.unasked, 1);
    assert_int_equal(believed()->doubt, DOUBT_FAR_BEHIND);
    bytes[10] ^= 1;
    deliver_answer(0, bytes, size);
    assert_int_equal(believed()->doubt, DOUBT_NONE);
    live_until(1);
    assert_int_equal(world.released_count, 1);
    assert_non_null(strstr(world.timeline, "[     0.0s] GO\n"));
    end_world();
}

/* A host that is ahead by its beacons' ticks waits for the first answer; people are told when it is
 * by more than a slow path could be. */
static bool tells_that_it_waits(int64_t ahead_ns)
{
    world_beacons = 1;
    begin_world(-1 - (double)ahead_ns / 1e9, false, NULL);
    world.host_off_ns = ahead_ns; /* it thinks that there is one second left */
    hear_of_the_minute();
    link_up(0);
    hear(0, 0);
    live_until(-0.5 - (double)ahead_ns / 1e9);
    bool tells = strstr(world.timeline, "waits up to") != NULL;
    assert_int_equal(world.released_count, 0);
    end_world();
    return tells;
}

static void who_waits_for_an_answer_says_so_when_it_is_for_more_than_a_path(void **state)
{
    (void)state;
    assert_true(tells_that_it_waits(10 * NS_PER_S));
    assert_false(tells_that_it_waits(NS_PER_S / 2));
}

/* Replayed, held, foreign, garbled; and garbage costs no signature check. */
static void an_answer_counts_once_and_for_what_was_asked(void **state)
{
    (void)state;
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    world_beacons = 1;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    size_t size = sign_answer(0, 0, bytes);
    struct discipline_source *source = &world.listener.discipline.source[0];
    for (size_t i = 0; i < size; i++) { /* any bit of it */
        bytes[i] ^= 1;
        deliver_answer(0, bytes, size);
        bytes[i] ^= 1;
    }
    assert_false(source->latest.is_known);
    assert_in_range(world.listener.counts.bad_signature, 1, 16); /* and then no more are judged */
    live_until(-99);
    deliver_answer(1, bytes, size); /* another's topic */
    struct listener_event event = {.kind = LISTENER_ANSWER,
                                   .bytes = bytes,
                                   .size = size,
                                   .root = world.constellation.record[0]->id,
                                   .beacon = {{1}},
                                   .link = 1,
                                   .arrived = clocks().raw};
    step(event); /* another broker */
    event.link = 0;
    event.is_retained = true;
    step(event);
    assert_false(source->latest.is_known);
    uint8_t foreign[TICK_ANSWER_SIZE_MAX]; /* of another constellation, to this very question */
    world.constellation.record[0]->id.bytes[0] ^= 1;
    size_t foreign_size = sign_answer(0, 0, foreign);
    world.constellation.record[0]->id.bytes[0] ^= 1;
    world.answered = 1; /* as if it had never been signed */
    deliver_answer(0, foreign, foreign_size);
    assert_false(source->latest.is_known);
    deliver_answer(0, bytes, size);
    assert_true(source->latest.is_known);
    assert_int_equal(source->points.questions, 1);
    deliver_answer(0, bytes, size);
    assert_int_equal(source->points.questions, 1); /* once */
    unsigned asked = world.asks[0];
    live_until(-98);
    assert_true(world.asks[0] > asked);
    size = sign_answer(0, 0, bytes);
    live_until(-92.9); /* held for longer than five seconds */
    deliver_answer(0, bytes, size);
    assert_int_equal(source->points.questions, 1);
    end_world();
}

/* Nothing that does not prove a nonce of ours is worth one. */
static void garbage_on_the_topic_of_answers_costs_no_signature_check(void **state)
{
    (void)state;
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    world_beacons = 1;
    begin_world(-100, false, NULL);
    hear_records();
    link_up(0);
    uint8_t nonce[TICK_NONCE_SIZE];
    memcpy(nonce, world.nonce[0], sizeof nonce);
    for (unsigned i = 0; i < 500; i++) { /* whole answers, well signed, to questions of others */
        memcpy(world.nonce[0], &i, sizeof i);
        size_t size = sign_answer(0, 0, bytes);
        bytes[size / 2] ^= (uint8_t)(i % 2);
        deliver_answer(0, bytes, i % 3 == 0 ? i % size : size);
    }
    assert_int_equal(world.listener.counts.unasked, 500);
    assert_int_equal(world.listener.counts.bad_signature + world.listener.counts.unjudged, 0);
    memcpy(world.nonce[0], nonce, sizeof nonce);
    answer(0, 0);
    assert_true(world.listener.discipline.source[0].latest.is_known);
    end_world();
}

/* When the question came is the beacon's own word: it may not be later than the answer's stamp, nor
 * much earlier, and nor may it have stayed there for longer than the whole way took. */
static void a_beacon_that_lies_by_received_is_refused_or_named(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    struct discipline_source *source = &world.listener.discipline.source[0];
    world.received_off_ns = 1;
    answer(0, 0);
    world.received_off_ns = -5 * NS_PER_S - 1;
    answer(0, 0);
    assert_int_equal(world.listener.counts.unasked, 2);
    assert_false(source->latest.is_known);
    world.received_off_ns = 0;
    answer(0, 0);
    assert_true(source->latest.is_known);
    live_until(-99);
    world.received_off_ns = -4 * NS_PER_S;
    answer(0, 0);
    assert_false(source->latest.is_known || source->earliest.is_known);
    assert_non_null(strstr(world.timeline, "lamp contradicts itself in its own stamps"));
    end_world();
}

/* A beacon that answers first, of three that were asked, would else begin the gesture by itself. */
static void whoever_answers_first_is_not_believed_alone(void **state)
{
    (void)state;
    begin_world(-600, false, NULL);
    hear_of_the_minute();
    link_up(0);
    live_until(-599.9);
    assert_true(world.asks[0] > 0 && world.asks[1] > 0 && world.asks[2] > 0);
    answer(2, 599 * NS_PER_S);
    assert_int_equal(believed()->correction.ns, 0);
    answer(1, 0);
    answer(0, 0);
    live_until(-590);
    assert_int_equal(world.released_count, 0);
    assert_int_equal(believed()->verdict[2], VERDICT_DISAGREES);
    end_world();
}

/* Nobody knows how long it was under way. */
static void a_question_does_not_outlive_a_suspend(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = sign_answer(0, 0, bytes);
    world.slept.ns = NS_PER_S;
    deliver_answer(0, bytes, size);
    assert_false(world.listener.discipline.source[0].latest.is_known);
    answer(0, 0); /* it was asked anew at once */
    assert_true(world.listener.discipline.source[0].latest.is_known);
    end_world();
}

/* The host stood still and no clock shows it: by its raw clock the question was sent just now, and
 * its answer would put the clock behind by as much. */
static void a_question_does_not_outlive_a_standstill(void **state)
{
    (void)state;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    live_until(-99);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    for (size_t i = 0; i < 3; i++) {
        answer(i, 0);
    }
    live_until(-98);
    size_t size = sign_answer(0, 0, bytes);
    world.timeline[0] = '\0';
    hear(0, 3 * NS_PER_S);
    hear(1, 3 * NS_PER_S);
    assert_non_null(strstr(world.timeline, "this host stood still and no clock shows it"));
    assert_null(strstr(world.timeline, "contradicts itself"));
    deliver_answer(0, bytes, size);
    assert_int_equal(world.listener.counts.unasked, 1);
    for (size_t i = 0; i < 3; i++) {
        assert_false(world.listener.discipline.source[i].latest.is_known);
    }
    live_until(-97.9); /* everybody is asked anew, and at once */
    for (size_t i = 0; i < 3; i++) {
        answer(i, 3 * NS_PER_S);
    }
    assert_int_equal(world.listener.counts.unasked, 1);
    assert_within((double)believed()->correction.ns, 3e9, 1e8); /* it came a while ago */
    end_world();
}

/* At most three of a root, and a synchronised host none. */
static void three_beacons_are_asked_and_none_by_who_knows_the_time(void **state)
{
    (void)state;
    begin_world(-100, true, NULL);
    hear_records();
    link_up(0);
    hear(0, 300 * NS_PER_MS * -1);
    live_until(-90);
    assert_int_equal(world.asks[0] + world.asks[1] + world.asks[2], 0);
    end_world();
    begin_world(-100, false, NULL);
    world.listener.options.no_ask = true;
    hear_records();
    link_up(0);
    live_until(-90);
    assert_int_equal(world.asks[0] + world.asks[1] + world.asks[2], 0);
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_far_clock_is_believed_only_after_a_fresh_answer),
        cmocka_unit_test(who_waits_for_an_answer_says_so_when_it_is_for_more_than_a_path),
        cmocka_unit_test(an_answer_counts_once_and_for_what_was_asked),
        cmocka_unit_test(garbage_on_the_topic_of_answers_costs_no_signature_check),
        cmocka_unit_test(a_beacon_that_lies_by_received_is_refused_or_named),
        cmocka_unit_test(whoever_answers_first_is_not_believed_alone),
        cmocka_unit_test(a_question_does_not_outlive_a_suspend),
        cmocka_unit_test(a_question_does_not_outlive_a_standstill),
        cmocka_unit_test(three_beacons_are_asked_and_none_by_who_knows_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
