/* Stories of a few listeners and beacons, told as timelines; seconds relative to T-0. */
#include "tale.h"

/* What is said of the clock, in most stories. */
#define UNKNOWN                                                                                    \
    "this host's clock is not synchronised and no beacon knows better: the doubt is unknown; "     \
    "start a time service (chrony, systemd-timesyncd)"
#define KNOWN    "the clock is known within the bound shown"
#define ANSWERED " someone answered a fresh question: its ticks are not held back"

static void the_broker_is_lost_five_seconds_before(void **state)
{
    (void)state;
    begin(1, 300, 1, 1);
    struct sim_listener *oslo = listen_alone("oslo", &PROFILES[0], 400 * NS_PER_MS, 60e-6);
    struct sim_listener *porto = listen("porto", &PROFILES[2]);
    sim_run(&sim, -5);
    sim_broker_down(&sim, 0);
    sim_tell(&sim, "broker", "dies");
    sim_run(&sim, 70);
    assert_within((double)oslo->start[0].error / 1e6, 0, 1.5);
    assert_within((double)porto->start[0].error / 1e6, 0, 5);
    end("[  -300.0s] porto > A minute is armed\n"
        "[  -300.0s] oslo > A minute is armed\n"
        "[    -5.0s] broker > dies\n"
        "[     0.0s] porto > GO\n"
        "[     0.0s] porto > A minute has begun\n"
        "[     0.0s] oslo > GO\n"
        "[     0.0s] oslo > A minute has begun\n"
        "[    60.0s] porto > A minute is over\n"
        "[    60.0s] oslo > A minute is over\n");
}

static void two_beacons_of_which_one_lies(void **state)
{
    (void)state;
    begin(2, 200, 2, 1);
    sim.told_news |= 1 << NEWS_CLOCK;
    sim.beacon[1].is_honest = false;
    sim.beacon[1].lie_ns = 40 * NS_PER_S;
    struct sim_listener *oslo = listen("oslo", &PROFILES[0]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[1], 300 * NS_PER_MS, -40e-6);
    sim_run(&sim, 70);
    /* The synchronised one has a majority; the other, one word against another, moves nothing. */
    assert_within((double)oslo->start[0].error / 1e6, 0, 5);
    assert_within((double)porto->start[0].error / 1e6, -300, 15);
    end("[  -200.0s] porto > " UNKNOWN "\n"
        "[  -200.0s] oslo > A minute is armed\n"
        "[  -200.0s] porto > A minute is armed\n"
        "[  -198.7s] porto > beacon c00000000000000b" ANSWERED "\n"
        "[  -198.7s] porto > " KNOWN "\n"
        "[  -198.7s] porto > beacon c00000000000000c" ANSWERED "\n"
        "[  -198.7s] porto > the clocks contradict one another and none has a majority: nothing "
        "was corrected\n"
        "[    -0.3s] porto > GO\n"
        "[    -0.3s] porto > A minute has begun\n"
        "[     0.0s] oslo > GO\n"
        "[     0.0s] oslo > A minute has begun\n"
        "[    59.7s] porto > A minute is over\n"
        "[    60.0s] oslo > A minute is over\n");
}

static void a_liar_among_three_is_named_and_followed_by_nobody(void **state)
{
    (void)state;
    begin(3, 200, 3, 1);
    sim.beacon[2].is_honest = false;
    sim.beacon[2].lie_ns = -NS_PER_S;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[1], 300 * NS_PER_MS, -40e-6);
    sim_run(&sim, 70);
    assert_within((double)porto->start[0].error / 1e6, 0, 5);
    size_t named = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (sim_estimate(porto)->verdict[i] == VERDICT_DISAGREES) {
            named++;
            assert_true(
                record_key_id_equal(&porto->mind.beacon[i].key.id, &sim.beacon[2].key.public.id));
        }
    }
    assert_int_equal(named, 1);
    end(NULL);
}

/* It joins a second before its own T-0, and hears of its error in time. */
static void a_clock_that_is_ahead_waits_for_the_answer(void **state)
{
    (void)state;
    begin(6, 12, 1, 1);
    sim.told_news |= 1 << NEWS_CLOCK;
    sim.broker[0].hold_answers_ns = 1500 * NS_PER_MS;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[1], 9500 * NS_PER_MS, 30e-6);
    sim_run(&sim, 70);
    assert_within((double)porto->start[0].error / 1e9, 0, 1); /* half of what it waited */
    end(NULL);
    assert_int_equal(porto->news[NEWS_JOINED], 0);
}

/* Nobody answers: it starts late by its own clock, and only so much. */
static void an_answer_that_never_comes_silences_nobody(void **state)
{
    (void)state;
    begin(6, 12, 1, 1);
    sim.told_news |= 1 << NEWS_CLOCK;
    sim.broker[0].hold_answers_ns = 100 * NS_PER_S;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[1], 10500 * NS_PER_MS, 30e-6);
    sim_run(&sim, 70);
    assert_int_equal(porto->start_count, 1);
    assert_in_range(-porto->start[0].error, 8 * NS_PER_S, 10 * NS_PER_S);
    end(NULL);
}

static void leap(struct sim *world, const struct sim_event *event)
{
    (void)event;
    for (size_t i = 0; i < world->beacon_count; i++) {
        sim_clock_step(world, &world->beacon[i].clock, -NS_PER_S);
    }
    for (size_t i = 0; i < world->listener_count; i++) {
        sim_listener_step_clock(world, i, -NS_PER_S);
    }
}

/* A leap second is inserted `before_s` before the start; all clocks repeat a second, as POSIX has
 * it. */
static void leap_story(uint64_t seed, const char *zero, double before_s)
{
    sim_open(&sim, seed, zero, before_s + 300, 1, 1);
    sim.told_news = STARTS;
    sim.told_news |= 1 << NEWS_CLOCK | 1 << NEWS_BEACON;
    sim.leap_at = sim.zero.ns - (int64_t)(before_s * 1e9);
    struct leap_table *table = &sim.leap;
    table->entry[table->count].from_utc_s = sim.leap_at / NS_PER_S;
    table->entry[table->count].tai_minus_utc_s = 38;
    table->count++;
    sim_schedule(&sim, (struct sim_event){.at = sim.leap_at, .run = leap});
    declared = sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
    sim_beacon_learn(&sim, 0, 3);
    sim_beacon_start(&sim, 0);
}

static void a_leap_second_before_the_start(void **state)
{
    (void)state;
    leap_story(4, "2027-07-01T00:00:30Z", 30);
    struct sim_listener *oslo = listen("oslo", &PROFILES[0]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 100 * NS_PER_MS, 20e-6);
    sim_run(&sim, 70);
    assert_within((double)oslo->start[0].error / 1e6, 0, 5.5);
    assert_within((double)porto->start[0].error / 1e6, 0, 5.5);
    end("[  -330.0s] porto > " UNKNOWN "\n"
        "[  -330.0s] oslo > A minute is armed\n"
        "[  -330.0s] porto > A minute is armed\n"
        "[  -329.8s] porto > beacon c00000000000000b" ANSWERED "\n"
        "[  -329.8s] porto > " KNOWN "\n"
        "[  -319.9s] oslo > beacon c00000000000000b someone is heard\n"
        "[  -319.9s] porto > beacon c00000000000000b someone is heard\n"
        "[     0.0s] oslo > GO\n"
        "[     0.0s] oslo > A minute has begun\n"
        "[     0.0s] porto > GO\n"
        "[     0.0s] porto > A minute has begun\n"
        "[    60.0s] oslo > A minute is over\n"
        "[    60.0s] porto > A minute is over\n");
}

static void a_leap_second_as_it_begins(void **state)
{
    (void)state;
    leap_story(5, "2027-07-01T00:00:01Z", 1);
    struct sim_listener *oslo = listen("oslo", &PROFILES[0]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 100 * NS_PER_MS, 20e-6);
    sim_run(&sim, 70);
    assert_within((double)oslo->start[0].error / 1e6, 0, 5.5);
    assert_within((double)porto->start[0].error / 1e6, 0, 5.5);
    end("[  -301.0s] porto > " UNKNOWN "\n"
        "[  -301.0s] porto > A minute is armed\n"
        "[  -301.0s] oslo > A minute is armed\n"
        "[  -300.8s] oslo > beacon c00000000000000b someone is heard\n"
        "[  -299.2s] porto > beacon c00000000000000b" ANSWERED "\n"
        "[  -299.2s] porto > " KNOWN "\n"
        "[  -289.9s] porto > beacon c00000000000000b someone is heard\n"
        "[     0.0s] porto > GO\n"
        "[     0.0s] porto > A minute has begun\n"
        "[     0.0s] oslo > GO\n"
        "[     0.0s] oslo > A minute has begun\n"
        "[    60.0s] porto > A minute is over\n"
        "[    60.0s] oslo > A minute is over\n");
}

static void the_clock_is_set_back_in_the_countdown(void **state)
{
    (void)state;
    begin(6, 200, 2, 1);
    sim.told_news |= 1 << NEWS_CLOCK;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 200 * NS_PER_MS, 10e-6);
    sim_run(&sim, -8);
    sim_tell(&sim, "porto", "its clock is set back by an hour");
    sim_listener_step_clock(&sim, 0, -3600 * NS_PER_S);
    sim_run(&sim, 70);
    assert_within((double)porto->start[0].error / 1e6, 0, 2);
    end("[  -200.0s] porto > " UNKNOWN "\n"
        "[  -200.0s] porto > A minute is armed\n"
        "[  -199.6s] porto > beacon c00000000000000b" ANSWERED "\n"
        "[  -199.6s] porto > " KNOWN "\n"
        "[  -199.2s] porto > beacon c00000000000000c" ANSWERED "\n"
        "[    -8.0s] porto > its clock is set back by an hour\n"
        "[     0.0s] porto > GO\n"
        "[     0.0s] porto > A minute has begun\n"
        "[    60.0s] porto > A minute is over\n");
}

static void a_restart_inside_the_window_joins_quietly(void **state)
{
    (void)state;
    begin(7, 120, 1, 1);
    listen("oslo", &PROFILES[0]);
    listen("porto", &PROFILES[2]);
    sim_run(&sim, -2);
    sim_listener_crash(&sim, 0);
    sim_tell(&sim, "oslo", "loses its power");
    sim_run(&sim, 3);
    sim_listener_crash(&sim, 1);
    sim_tell(&sim, "porto", "loses its power");
    sim_run(&sim, 20);
    sim_listener_start(&sim, 0);
    sim_listener_start(&sim, 1);
    sim_run(&sim, 70);
    end("[  -120.0s] oslo > A minute is armed\n"
        "[  -120.0s] porto > A minute is armed\n"
        "[    -2.0s] oslo > loses its power\n"
        "[     0.0s] porto > GO\n"
        "[     0.0s] porto > A minute has begun\n"
        "[     3.0s] porto > loses its power\n"
        "[    20.0s] oslo > A minute was started here before: it is not started again\n"
        "[    20.0s] porto > A minute was started here before: it is not started again\n");
}

static void a_silent_week(void **state)
{
    (void)state;
    begin(8, 7 * 86400 + 3600, 1, 1);
    sim.told_news |= 1 << NEWS_BEACON | 1 << NEWS_CLOCK;
    struct sim_listener *oslo = listen("oslo", &PROFILES[0]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 500 * NS_PER_MS, 30e-6);
    sim_run(&sim, -7 * 86400);
    sim_broker_down(&sim, 0);
    sim_tell(&sim, "broker", "falls silent for good");
    sim_run(&sim, 70);
    assert_within((double)oslo->start[0].error / 1e6, 0, 5.5);
    /* A week by a free clock whose skew was learned in an hour.  What is proved ages by 100 ppm
     * either way, whatever was learned: two minutes a week. */
    const struct discipline_estimate *estimate = sim_estimate(porto);
    assert_true(estimate->is_bounded);
    assert_true(instant_since(estimate->latest, estimate->earliest).ns < 123 * NS_PER_S);
    assert_within((double)porto->start[0].error / 1e9, 0, 2);
    end("[-608400.0s] porto > " UNKNOWN "\n"
        "[-608398.2s] porto > beacon c00000000000000b" ANSWERED "\n"
        "[-608398.2s] porto > " KNOWN "\n"
        "[-608340.0s] porto > beacon c00000000000000b someone is heard\n"
        "[-608340.0s] oslo > beacon c00000000000000b someone is heard\n"
        "[-604800.0s] broker > falls silent for good\n"
        "[-604679.5s] porto > beacon c00000000000000b someone: silent for 180 s; the countdown "
        "goes on without it\n"
        "[-604679.0s] oslo > beacon c00000000000000b someone: silent for 180 s; the countdown goes "
        "on without it\n"
        "[  -600.0s] oslo > A minute is armed\n"
        "[  -599.8s] porto > A minute is armed\n"
        "[     0.0s] oslo > GO\n"
        "[     0.0s] oslo > A minute has begun\n"
        "[     0.1s] porto > GO\n"
        "[     0.1s] porto > A minute has begun\n"
        "[    60.0s] oslo > A minute is over\n"
        "[    60.1s] porto > A minute is over\n");
}

static void cancelled_in_the_countdown(void **state)
{
    (void)state;
    begin(9, 120, 1, 1);
    listen("oslo", &PROFILES[0]);
    listen("porto", &PROFILES[2]);
    sim_run(&sim, -3);
    size_t once = sim_add_cancel(&sim, declared, 1);
    sim_beacon_learn(&sim, 0, UINT64_C(1) << once);
    sim_tell(&sim, "organizer", "one of the two who must signs a cancellation");
    sim_run(&sim, -1);
    sim_beacon_learn(&sim, 0, UINT64_C(1) << sim_add_cancel(&sim, declared, 2));
    sim_tell(&sim, "organizers", "two have signed it");
    sim_run(&sim, 70);
    end("[  -120.0s] oslo > A minute is armed\n"
        "[  -120.0s] porto > A minute is armed\n"
        "[    -3.0s] organizer > one of the two who must signs a cancellation\n"
        "[    -1.0s] organizers > two have signed it\n"
        "[    -1.0s] oslo > A minute is called off\n"
        "[    -1.0s] porto > A minute is called off\n");
}

static void an_amendment_moves_the_start(void **state)
{
    (void)state;
    begin(10, 120, 1, 1);
    listen("oslo", &PROFILES[0]);
    struct sim_listener *quito = listen("quito", &PROFILES[2]);
    sim_run(&sim, -30);
    utc later = {sim.zero.ns + 20 * NS_PER_S};
    sim_beacon_learn(&sim, 0, UINT64_C(1) << sim_add_window(&sim, 1, declared, later, 60, 2));
    sim_tell(&sim, "organizers", "move the start by 20 s");
    sim_run(&sim, 90);
    assert_within((double)quito->start[0].error / 1e6, 0, 5.5);
    end("[  -120.0s] quito > A minute is armed\n"
        "[  -120.0s] oslo > A minute is armed\n"
        "[   -30.0s] organizers > move the start by 20 s\n"
        "[   -30.0s] oslo > A minute was moved\n"
        "[   -30.0s] oslo > A minute is armed\n"
        "[   -30.0s] quito > A minute was moved\n"
        "[   -29.9s] quito > A minute is armed\n"
        "[    20.0s] oslo > GO\n"
        "[    20.0s] quito > GO\n"
        "[    20.0s] oslo > A minute has begun\n"
        "[    20.0s] quito > A minute has begun\n"
        "[    80.0s] oslo > A minute is over\n"
        "[    80.0s] quito > A minute is over\n");
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_broker_is_lost_five_seconds_before),
        cmocka_unit_test(two_beacons_of_which_one_lies),
        cmocka_unit_test(a_liar_among_three_is_named_and_followed_by_nobody),
        cmocka_unit_test(a_clock_that_is_ahead_waits_for_the_answer),
        cmocka_unit_test(an_answer_that_never_comes_silences_nobody),
        cmocka_unit_test(a_leap_second_before_the_start),
        cmocka_unit_test(a_leap_second_as_it_begins),
        cmocka_unit_test(the_clock_is_set_back_in_the_countdown),
        cmocka_unit_test(a_restart_inside_the_window_joins_quietly),
        cmocka_unit_test(a_silent_week),
        cmocka_unit_test(cancelled_in_the_countdown),
        cmocka_unit_test(an_amendment_moves_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
