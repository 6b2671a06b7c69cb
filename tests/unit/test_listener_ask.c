/* links: ticks view trust records */
/* Whom a listener asks what time it is, when, and over which broker: the seconds left, the beacon's
 * first byte, the link.  The moments follow from the seed of its nonces. */
#include "listener_world.h"

static void begin_alone(double left)
{
    world_beacons = 1;
    begin_world(left, false, NULL);
    hear_of_the_minute();
    link_up(0);
}

/* A root that names strangers, by the numbers of their keys, and then the three of the world. */
static void begin_with_strangers(unsigned first, unsigned count, bool names_ours)
{
    begin_world(-60, false, NULL);
    char lines[4096] = "";
    for (unsigned i = 0; i < count + (names_ours ? 3 : 0); i++) {
        struct record_public_key key = forge_public(first);
        char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
        if (i < count) {
            key = forge_public(first + i);
        } else {
            trust_secret_public(world.secret[i - count], &key);
        }
        record_public_key_write(&key, text);
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "beacon: %s lamp\n", text);
    }
    constellation_free(&world.constellation);
    constellation_init(&world.constellation, "Test", lines);
    hear_records();
}

static void live_and_answer_until(double left, double every)
{
    double now = (double)(world.now.ns - world.t0.ns) / 1e9;
    for (unsigned answered[WORLD_BEACONS] = {0}; now < left; now += every) {
        live_until(now + every < left ? now + every : left);
        for (size_t i = 0; i < WORLD_BEACONS; i++) {
            if (world.asks[i] > answered[i]) {
                answered[i] = world.asks[i];
                answer(i, 0);
            }
        }
    }
}

static void assert_asked(const char *expected)
{
    if (strcmp(world.asked, expected) != 0) {
        print_error("this was asked:\n%s\n", world.asked);
    }
    assert_string_equal(world.asked, expected);
    world.asked[0] = '\0';
}

/* Eight within three seconds, sixteen soon; then it may be that all are lost, or that the clock is
 * wrong and T-0 is not over. */
static void who_gets_no_answer_asks_on_ever_more_seldom(void **state)
{
    (void)state;
    begin_alone(-60);
    live_until(180);
    assert_asked("-60.00:1/0 -59.47:1/0 -59.03:1/0 -58.84:1/0 -58.48:1/0 -57.91:1/0 -57.45:1/0 "
                 "-57.36:1/0 -51.14:1/0 -44.54:1/0 -39.54:1/0 -34.86:1/0 -30.28:1/0 -26.03:1/0 "
                 "-22.65:1/0 -19.65:1/0 22.35:1/0 83.06:1/0 125.62:1/0 176.76:1/0 ");
    end_world();
    begin_alone(-3000);
    live_until(-2850);
    assert_asked("-3000.00:1/0 -2999.47:1/0 -2999.03:1/0 -2998.84:1/0 -2998.48:1/0 "
                 "-2997.91:1/0 -2997.45:1/0 -2997.36:1/0 -2989.61:1/0 -2980.26:1/0 "
                 "-2972.35:1/0 -2963.92:1/0 -2954.42:1/0 -2944.08:1/0 -2934.67:1/0 "
                 "-2924.98:1/0 -2882.98:1/0 ");
    end_world();
}

/* When a question was written, and not when it was asked for, it was sent; never before that. */
static void a_question_counts_from_when_it_was_sent(void **state)
{
    (void)state;
    begin_alone(-60);
    live_until(-58);
    const struct listener_question *question = world.listener.beacon[0].asking.question;
    assert_true(question[0].is_open && question[1].is_open);
    uint8_t nonce[TICK_NONCE_SIZE];
    for (size_t i = 0; i < 2; i++) {
        memcpy(nonce, question[i].nonce, sizeof nonce);
        mono_raw asked = question[i].asked, other = question[1 - i].asked;
        listener_sent(&world.listener, nonce, (mono_raw){asked.ns - 1});
        assert_int_equal(question[i].asked.ns, asked.ns);
        listener_sent(&world.listener, nonce, (mono_raw){asked.ns + 1});
        assert_int_equal(question[i].asked.ns, asked.ns + 1);
        nonce[TICK_NONCE_SIZE - 1] ^= 1;
        listener_sent(&world.listener, nonce, (mono_raw){asked.ns + 2});
        assert_int_equal(question[i].asked.ns, asked.ns + 1);
        assert_int_equal(question[1 - i].asked.ns, other.ns);
    }
    end_world();
}

/* By an eighth of what is left, and not in the last seconds; nor often with more than a day left.
 */
static void who_is_answered_asks_by_the_time_left(void **state)
{
    (void)state;
    begin_alone(-120);
    char past[sizeof world.window]; /* what began an hour ago, and goes before it in the list */
    memcpy(past, world.window, sizeof past);
    for (char *at = past; (at = strstr(at, "T08:25:00Z")) != NULL; at++) {
        memcpy(at, "T07:35:00Z", 10);
    }
    strstr(past, UID)[31] = '0';
    constellation_add(&world.constellation, past, 2);
    for (char *at = past; (at = strstr(at, "T07:35:00Z")) != NULL; at++) {
        memcpy(at, "T09:25:00Z", 10); /* and what begins an hour later */
    }
    strstr(past, "uid: ")[5 + 31] = '1';
    constellation_add(&world.constellation, past, 2);
    hear_records();
    assert_int_equal(world.listener.occurrence_count, 3);
    live_and_answer_until(5, 0.05);
    assert_asked("-120.00:1/0 -119.47:1/0 -119.03:1/0 -118.84:1/0 -118.48:1/0 -117.91:1/0 "
                 "-117.45:1/0 -117.36:1/0 -109.61:1/0 -100.26:1/0 -92.35:1/0 -83.92:1/0 "
                 "-74.42:1/0 -64.08:1/0 -55.86:1/0 -48.51:1/0 -41.51:1/0 -31.39:1/0 "
                 "-24.30:1/0 -15.78:1/0 -8.52:1/0 ");
    end_world();
    begin_alone(-12);
    live_and_answer_until(5, 0.05);
    assert_asked("-12.00:1/0 -11.47:1/0 -11.03:1/0 -10.84:1/0 -10.48:1/0 -9.91:1/0 -9.45:1/0 "
                 "-9.36:1/0 -8.35:1/0 -7.28:1/0 -6.48:1/0 -5.72:1/0 -4.98:1/0 -4.29:1/0 "
                 "-3.73:1/0 ");
    end_world();
    begin_alone(-10 * 86400.0);
    live_and_answer_until(-10 * 86400.0 + 4 * 3600, 5);
    assert_asked("-864000.00:1/0 -863999.47:1/0 -863999.03:1/0 -863998.84:1/0 -863998.48:1/0 "
                 "-863997.91:1/0 -863997.45:1/0 -863997.36:1/0 -860507.05:1/0 -856299.55:1/0 "
                 "-852741.74:1/0 ");
    end_world();
}

static void a_tick_that_reads_ahead_is_asked_about_ten_seconds_after_the_last(void **state)
{
    (void)state;
    begin_world(-3000, false, NULL);
    hear_of_the_minute();
    link_up(0);
    live_and_answer_until(-2918, 0.05); /* sixteen were asked, the last a few seconds ago */
    world.asked[0] = '\0';
    hear(0, 5 * NS_PER_S);
    live_and_answer_until(-2908, 0.05);
    hear(0, 5 * NS_PER_S);
    live_and_answer_until(-2888, 0.05);
    assert_asked("-2918.00:2/0 -2918.00:3/0 -2916.45:1/0 -2908.00:2/0 -2907.95:3/0 -2906.45:1/0 "
                 "-2898.00:2/0 -2897.95:3/0 -2896.45:1/0 ");
    world.asked[0] = '\0';
    live_and_answer_until(-2878, 0.05); /* once, and no more than that */
    assert_string_equal(world.asked, "");
    for (int i = 0; i < 2; i++) { /* people hear of it every ten seconds at most */
        live_and_answer_until(-2878 + 6 * i, 0.05);
        world.timeline[0] = '\0';
        hear(0, 5 * NS_PER_S);
        assert_int_equal(strstr(world.timeline, "reads later than it could") != NULL, i == 0);
    }
    end_world();
}

static void more_than_may_lie_are_asked_and_others_when_they_are_silent(void **state)
{
    (void)state;
    begin_with_strangers(20, 9, false);
    link_up(0);
    link_up(2);
    live_until(-57.2);
    assert_asked("-60.00:20/0 -60.00:21/0 -60.00:22/0 -60.00:23/0 -60.00:24/0 -59.47:20/2 "
                 "-59.43:22/2 -59.40:24/2 -59.40:23/2 -59.33:21/2 -59.24:22/2 -59.07:21/2 "
                 "-59.03:20/2 -58.92:24/2 -58.88:23/2 -58.84:20/0 -58.78:22/0 -58.70:23/0 "
                 "-58.65:21/0 -58.56:24/0 -58.48:20/0 -58.48:22/0 -58.44:24/0 -58.20:21/0 "
                 "-58.16:23/0 -58.09:23/2 -57.91:20/2 -57.88:24/2 -57.87:22/2 -57.75:21/2 "
                 "-57.65:23/2 -57.58:22/2 -57.45:21/2 -57.45:20/2 -57.42:24/2 -57.36:20/0 "
                 "-57.36:25/0 -57.31:22/0 -57.31:26/0 -57.20:23/0 -57.20:27/0 ");
    end_world();
    begin_with_strangers(20, 8, false);
    link_up(0);
    live_until(-59.9);
    assert_asked("-60.00:20/0 -60.00:21/0 -60.00:22/0 -60.00:23/0 ");
    end_world();
}

static void who_answers_is_asked_before_who_is_heard_and_him_before_a_stranger(void **state)
{
    (void)state;
    begin_with_strangers(20, 3, true);
    link_up(0);
    live_until(-59.9);
    hear(1, 0);
    live_until(-58);
    assert_asked("-60.00:20/0 -60.00:21/0 -60.00:22/0 -59.90:2/0 -59.47:20/0 -59.33:21/0 "
                 "-59.30:2/0 -59.07:21/0 -59.03:20/0 -58.84:20/0 -58.78:2/0 -58.65:21/0 "
                 "-58.60:2/0 -58.48:20/0 -58.20:21/0 -58.06:2/0 ");
    hear(2, 0);
    hear(0, 0);
    live_until(-57);
    assert_asked("-58.00:3/0 -58.00:1/0 -57.99:2/0 -57.55:2/0 -57.40:3/0 -57.37:1/0 -57.10:2/0 "
                 "-57.00:20/0 ");
    end_world();
}

static void who_was_heard_is_asked_where_it_was_until_it_answers_there_no_more(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-60, false, NULL);
    hear_of_the_minute();
    link_up(1);
    link_up(3);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    deliver_over(3, bytes, sign_tick(0, &tick, bytes));
    live_until(-30);
    assert_asked("-60.00:1/1 -59.47:1/3 -59.03:1/3 -58.84:1/3 -58.48:1/3 -57.91:1/3 -57.45:1/3 "
                 "-57.36:1/3 -51.14:1/1 -44.54:1/1 -39.54:1/3 -34.86:1/3 -30.28:1/1 ");
    step((struct listener_event){.kind = LISTENER_LINK, .link = 3});
    live_until(0);
    assert_asked("-26.00:1/1 -22.62:1/1 -19.62:1/1 ");
    end_world();
}

/* Three of four: those that are heard come before it in the root, and all of them are. */
static void who_has_answered_is_asked_before_whoever_is_only_heard(void **state)
{
    (void)state;
    world_beacons = 4;
    begin_world(-60, false, NULL);
    hear_of_the_minute();
    link_up(0);
    live_until(-59.9);
    assert_int_equal(world.asks[3], 0);
    hear(3, 0);
    answer(3, 0);
    for (size_t i = 0; i < 3; i++) {
        hear(i, 0);
    }
    world.asked[0] = '\0';
    live_until(-58);
    assert_non_null(strstr(world.asked, ":4/0"));
    assert_null(strstr(world.asked, ":3/0"));
    end_world();
}

static void a_liar_takes_no_place_among_those_that_are_asked(void **state)
{
    (void)state;
    world_beacons = 4;
    begin_world(-60, false, NULL);
    hear_of_the_minute();
    hear(0, 0);
    world.counter[0] = 0;
    hear(0, 5);
    assert_true(world.listener.beacon[0].is_liar);
    link_up(0);
    live_until(-59.9);
    assert_asked("-60.00:2/0 -60.00:3/0 -60.00:4/0 ");
    end_world();
}

/* When another is asked is said by the seconds since its answer alone. */
static void an_answer_gives_it_eight_questions_more(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-60, false, NULL);
    hear_of_the_minute();
    link_up(1);
    link_up(3);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    deliver_over(3, bytes, sign_tick(0, &tick, bytes));
    live_until(-58);
    world.asked[0] = '\0';
    struct listener_event event = {.kind = LISTENER_ANSWER, .link = 3};
    uint8_t answer[TICK_ANSWER_SIZE_MAX];
    event.bytes = answer;
    event.size = sign_answer(0, 0, answer);
    event.root = world.constellation.record[0]->id;
    event.beacon.bytes[0] = 1;
    event.arrived = clocks().raw;
    step(event);
    assert_true(world.listener.discipline.source[0].latest.is_known);
    live_until(-8);
    size_t there = 0;
    for (const char *at = world.asked; (at = strstr(at, ":1/")) != NULL && at[3] == '3'; at++) {
        there++;
    }
    assert_int_equal(there, 8);
    assert_non_null(strstr(world.asked, ":1/1"));
    end_world();
}

/* They contradict one another, so that nothing is known, and then both are silent. */
static void who_answered_is_asked_sixteen_times_before_it_is_thought_lost(void **state)
{
    (void)state;
    world_beacons = 2;
    begin_world(-3000, false, NULL);
    hear_of_the_minute();
    link_up(0);
    double now = -3000;
    for (unsigned answered[2] = {0}; now < -2900; now += 0.05) {
        live_until(now);
        for (size_t i = 0; i < 2; i++) {
            if (world.asks[i] > answered[i]) {
                answered[i] = world.asks[i];
                answer(i, (int64_t)i * 3600 * NS_PER_S);
            }
        }
    }
    assert_int_equal(believed()->doubt, DOUBT_NO_MAJORITY);
    assert_null(strstr(world.timeline, "contradicts")); /* nobody can say which */
    unsigned asked = world.asks[0];
    assert_true(asked > 16);
    live_until(-2750);
    assert_in_range(world.asks[0] - asked, 14, 16);
    asked = world.asks[0];
    live_until(-2450);
    assert_in_range(world.asks[0] - asked, 4, 6);
    end_world();
}

static void who_answers_goes_on_being_asked_where_it_was_heard(void **state)
{
    (void)state;
    begin_alone(-120);
    link_up(2);
    hear(0, 0);
    live_and_answer_until(-8, 0.05);
    assert_true(world.asks[0] > 16);
    assert_null(strstr(world.asked, "/2"));
    assert_null(strstr(strstr(world.timeline, "answered a fresh question") + 1,
                       "answered a fresh question")); /* which is told once */
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_gets_no_answer_asks_on_ever_more_seldom),
        cmocka_unit_test(a_question_counts_from_when_it_was_sent),
        cmocka_unit_test(who_is_answered_asks_by_the_time_left),
        cmocka_unit_test(a_tick_that_reads_ahead_is_asked_about_ten_seconds_after_the_last),
        cmocka_unit_test(more_than_may_lie_are_asked_and_others_when_they_are_silent),
        cmocka_unit_test(who_answers_is_asked_before_who_is_heard_and_him_before_a_stranger),
        cmocka_unit_test(who_was_heard_is_asked_where_it_was_until_it_answers_there_no_more),
        cmocka_unit_test(who_has_answered_is_asked_before_whoever_is_only_heard),
        cmocka_unit_test(a_liar_takes_no_place_among_those_that_are_asked),
        cmocka_unit_test(an_answer_gives_it_eight_questions_more),
        cmocka_unit_test(who_answered_is_asked_sixteen_times_before_it_is_thought_lost),
        cmocka_unit_test(who_answers_goes_on_being_asked_where_it_was_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
