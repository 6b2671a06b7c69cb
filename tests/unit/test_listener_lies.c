/* links: ticks view trust records */
/* What proves that a beacon lies, what does not, and what comes of it. */
#include "listener_world.h"

static void begin(void)
{
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
}

static bool is_liar(void)
{
    const struct listener_beacon *beacon = &world.listener.beacon[0];
    bool is_told = strstr(world.timeline, "it lies and is ignored from now on") != NULL;
    assert_int_equal(beacon->is_liar, is_told);
    assert_int_equal(world.listener.discipline.source[0].in_use, !is_told);
    assert_int_equal(strstr(world.timeline, "keeps a proof of") != NULL, is_told);
    return is_told;
}

static void a_tick_that_follows_another_than_the_last_is_a_lie(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        begin();
        hear(0, 0);
        world.previous[0][TICK_PREVIOUS_SIZE - 1] ^= way != 0;
        world.counter[0] += way == 2;
        live_until(-99);
        uint8_t bytes[TICK_SIZE_MAX];
        struct tick tick = tick_of(0);
        size_t size = sign_tick(0, &tick, bytes);
        bytes[size - 1] ^= way == 3; /* nobody signed it */
        deliver(bytes, size, false);
        assert_int_equal(is_liar(), way == 1);
        end_world();
    }
}

static void answers_lie_as_ticks_do(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 5; way++) {
        begin();
        for (int i = 0; i < 2; i++) {
            live_until(-99 + i);
            answer(0, 0);
        }
        live_until(-97.4);
        static const int number[] = {2, 1, 0, 2, 3}; /* there were 0 and 1 */
        world.answered = (uint32_t)number[way];
        world.answered_previous[0] ^= way >= 3;
        uint64_t unasked = world.listener.counts.unasked;
        answer(0, 0);
        assert_int_equal(world.listener.counts.unasked, unasked);
        assert_int_equal(is_liar(), way == 1 || way == 3);
        end_world();
    }
}

/* One signature may answer many. */
static void a_tick_that_answers_two_questions_is_no_lie(void **state)
{
    (void)state;
    begin();
    uint8_t nonce[2][TICK_NONCE_SIZE], bytes[2][TICK_ANSWER_SIZE_MAX];
    size_t size[2];
    memcpy(nonce[0], world.nonce[0], sizeof nonce[0]);
    live_until(-99);
    memcpy(nonce[1], world.nonce[0], sizeof nonce[1]);
    assert_memory_not_equal(nonce[0], nonce[1], sizeof nonce[0]);
    sign_answers(0, 0, 2, nonce, bytes, size);
    for (size_t i = 0; i < 2; i++) {
        deliver_answer(0, bytes[i], size[i]);
    }
    assert_false(is_liar());
    assert_int_equal(world.listener.discipline.source[0].points.questions, 2);
    end_world();
}

/* What proves the lie is no answer besides. */
static void an_answer_that_lies_says_nothing_of_the_time(void **state)
{
    (void)state;
    begin();
    hear(0, 0);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    size_t size = sign_answer(0, 0, bytes);
    struct tick tick = tick_of(0); /* of the number that the answer has, in its session */
    tick.session[1] = 100;
    tick.counter = 0;
    tick.has_previous = false;
    uint8_t other[TICK_SIZE_MAX];
    deliver(other, sign_tick(0, &tick, other), false);
    assert_false(world.listener.beacon[0].is_liar);
    deliver_answer(0, bytes, size);
    assert_true(is_liar());
    assert_null(strstr(world.timeline, "answered a fresh question"));
    assert_false(world.listener.discipline.source[0].latest.is_known);
    end_world();
}

static void a_liar_is_silent_unheard_and_unasked(void **state)
{
    (void)state;
    begin();
    hear(0, 0);
    hear(1, 0);
    world.counter[0] = 0;
    hear(0, 5);
    assert_true(is_liar());
    assert_int_equal(believed()->heard, 1);
    unsigned asked = world.asks[0];
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    deliver_answer(0, bytes, sign_answer(0, 0, bytes));
    world.timeline[0] = '\0';
    live_until(-60);
    assert_int_equal(world.asks[0], asked);
    assert_int_equal(believed()->heard, 1);
    assert_int_equal(world.listener.counts.unasked, 0);
    assert_null(strstr(world.timeline, "0000000000000001"));
    assert_non_null(strstr(world.timeline, "beacon 0000000000000002 lamp: silent for"));
    end_world();
}

/* Its key is taken off the root and named again: what this run has heard is not forgotten. */
static void a_liar_that_is_named_again_is_one_still(void **state)
{
    (void)state;
    begin();
    hear(0, 0);
    world.counter[0] = 0;
    hear(0, 5);
    assert_true(is_liar());
    hear_of_no_root();
    assert_false(world.listener.beacon[0].in_use);
    world.timeline[0] = '\0';
    hear_records();
    assert_timeline(
        "[  -100.0s] beacon 0000000000000001 lamp is ignored: its lie is proven in what "
        "this run heard\n"
        "[  -100.0s] The minute is armed\n");
    end_world();
}

/* As many as there are places for beacons; then the first give way. */
static void of_too_many_proofs_the_last_are_kept(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    begin_in_room(world.block, 3, 2, 4, NULL);
    for (size_t i = 0; i < 3; i++) {
        uint8_t tick[2][TICK_SIZE_MAX];
        size_t size[2];
        sign_a_lie(i, false, tick, size);
        find_proof(tick, size);
    }
    assert_timeline(""); /* nobody is named yet */
    hear_records();      /* two of the three, as there is room for */
    assert_timeline("[   -60.0s] beacon 0000000000000002 lamp is ignored: its lie is proven in a "
                    "drawer\n");
    assert_false(world.listener.beacon[0].is_liar);
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tick_that_follows_another_than_the_last_is_a_lie),
        cmocka_unit_test(answers_lie_as_ticks_do),
        cmocka_unit_test(a_tick_that_answers_two_questions_is_no_lie),
        cmocka_unit_test(an_answer_that_lies_says_nothing_of_the_time),
        cmocka_unit_test(a_liar_is_silent_unheard_and_unasked),
        cmocka_unit_test(a_liar_that_is_named_again_is_one_still),
        cmocka_unit_test(of_too_many_proofs_the_last_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
