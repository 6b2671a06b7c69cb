/* links: ticks view trust records */
#include "listener_world.h"

static void a_countdown_without_any_beacon(void **state)
{
    (void)state;
    begin_world(-3600, true, NULL);
    hear_of_the_minute();
    live_until(120);
    assert_timeline("[  -600.0s] The minute is armed\n"
                    "[     0.0s] GO\n"
                    "[     0.0s] The minute has begun\n"
                    "[    60.0s] The minute is over\n");
    end_world();
}

static void records_that_come_at_the_last_moment_still_ring(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    live_until(-0.5);
    hear_of_the_minute();
    live_until(1);
    assert_timeline("[    -0.5s] The minute is armed\n"
                    "[     0.0s] GO\n"
                    "[     0.0s] The minute has begun\n");
    end_world();
}

static void a_late_start_joins_quietly_and_says_so(void **state)
{
    (void)state;
    begin_world(20, true, NULL);
    hear_of_the_minute();
    live_until(120);
    assert_timeline("[    20.0s] The minute began 20 s ago: joining quietly\n");
    end_world();
}

static struct listener_mark mark_of(enum listener_mark_kind kind)
{
    /* the name that the world's window will have */
    struct listener_mark mark = {.kind = kind, .start = at_utc("2027-08-02T08:25:00Z")};
    begin_world(-60, true, NULL);
    mark.name.root = world.constellation.record[0]->id;
    assert_true(record_uid_read(UID, strlen(UID), &mark.name.uid));
    strcpy(mark.name.key, "one");
    mark.boot = world.listener.options.boot;
    mark.not_before.ns = 100000 * NS_PER_S - 50 * NS_PER_MS;
    end_world();
    return mark;
}

static void what_an_earlier_run_fired_never_fires_again(void **state)
{
    (void)state;
    struct listener_mark mark = mark_of(MARK_FIRED);
    begin_world(-60, true, &mark); /* even when the clock was set back since */
    hear_of_the_minute();
    for (int i = 0; i < 3; i++) { /* it is over, and lies ahead again */
        world.host_off_ns = (i % 2) * 300 * NS_PER_S;
        live_until(-30 + 30 * i);
        assert_int_equal(world.update.shot_count, 0);
    }
    assert_timeline("[   -60.0s] The minute was started here before: it is not started again\n");
    end_world();
}

static const char RINGS[] = "[    -5.0s] The minute is armed\n"
                            "[     0.0s] GO\n"
                            "[     0.0s] The minute has begun\n";

/* A run that finds this mark at `left` on its clocks, and lives on. */
static void start_anew(const struct listener_mark *mark, double left, int64_t host_off_ns)
{
    begin_world(left, true, mark);
    world.host_off_ns = host_off_ns;
    declare("2027-08-02T08:25:00Z", 0, "", "10m");
    hear_records();
    live_until(90);
    end_world();
}

static void killed_between_arming_and_t0_it_still_rings(void **state)
{
    (void)state;
    static const enum listener_mark_kind kinds[] = {MARK_ARMED, MARK_FIRING};
    for (size_t i = 0; i < 2; i++) {
        struct listener_mark mark = mark_of(kinds[i]);
        start_anew(&mark, -5, 0);
        assert_timeline(RINGS);
    }
    /* The host was off for a while, and nothing had been promised yet. */
    struct listener_mark mark = mark_of(MARK_ARMED);
    mark.boot.bytes[0]++;
    start_anew(&mark, -5, 0);
    assert_timeline(RINGS);
}

static void killed_at_t0_it_does_not_ring_twice_whatever_the_clock_says(void **state)
{
    (void)state;
    struct listener_mark mark = mark_of(MARK_FIRING);
    for (int i = 0; i < 2; i++) {
        start_anew(&mark, 0.2, 0);
        assert_timeline(
            "[     0.2s] The minute was started here before: it is not started again\n");
        start_anew(&mark, 0.2, -60 * NS_PER_S); /* a slow clock, which nobody has put right yet */
        assert_timeline(
            "[     0.2s] The minute was started here before: it is not started again\n");
        mark.boot.bytes[0]++; /* killed by a power cut: the monotonic clock says nothing now */
        mark.not_before.ns *= 2;
    }
}

/* A caller's clock goes back: what was found to be rung is not asked again. */
static void what_was_rung_is_rung_by_a_clock_that_goes_back(void **state)
{
    (void)state;
    struct listener_mark mark = mark_of(MARK_FIRING);
    begin_world(0.2, true, &mark);
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    declare("2027-08-02T08:25:00Z", 0, "", "10m");
    world.now.ns = world.t0.ns - 30 * NS_PER_S;
    hear_records();
    live_until(1);
    assert_int_equal(world.released_count, 0);
    end_world();
}

static void a_clock_far_ahead_at_a_restart_loses_no_start(void **state)
{
    (void)state;
    struct listener_mark mark = mark_of(MARK_FIRING);
    world_beacons = 1;
    begin_world(-9, false, &mark);
    world.host_off_ns = 86400 * NS_PER_S;
    declare("2027-08-02T08:25:00Z", 0, "", "10m");
    hear_records();
    live_until(-8);
    link_up(0);
    answer(0, 0);
    hear_records(); /* the shell looks anew when the clock has moved */
    live_until(1);
    assert_non_null(strstr(world.timeline, "[     0.0s] GO\n"));
    end_world();
}

/* Ten seconds before, by a fast clock: the disk is told, then the clock is put right, and the run
 * is killed.  What was promised is taken back, so that the next run rings. */
static void a_promise_made_by_a_fast_clock_is_taken_back(void **state)
{
    (void)state;
    begin_world(-200, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    world.host_off_ns = 195 * NS_PER_S;
    hear_records();
    assert_int_equal(world.listener.occurrence[0].marked.kind, MARK_FIRING);
    live_until(-199);
    world.host_off_ns = 0;
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    assert_int_equal(world.listener.occurrence[0].marked.kind, MARK_FIRING);
    live_until(-197);
    assert_int_equal(world.listener.occurrence[0].marked.kind, MARK_ARMED);
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

static void nothing_is_released_before_its_promise_is_durable(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_of_the_minute();
    live_until(-11);
    world.is_disk_slow = true;
    live_until(0.5); /* armed, and the disk stalls */
    assert_int_equal(world.released_count, 0);
    assert_true(world.update.shot_count == 1 && world.update.shot[0].is_held);
    world.is_disk_slow = false;
    step((struct listener_event){.kind = LISTENER_MARKED,
                                 .id = world.listener.occurrence[0].asked_id});
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

static void cancel_text(char *out, size_t size, const char *prev)
{
    snprintf(out, size,
             "tocsin cancel 1\nroot: %s\nuid: %s\nseq: 1\nprev: %s\nmade: "
             "2027-08-02T08:00:00Z\nreason: rain\n",
             world.constellation.root_id, UID, prev);
}

static void a_cancellation_is_obeyed_until_the_last_moment(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    hear_of_the_minute();
    live_until(-0.001);
    char id[RECORD_ID_TEXT_SIZE], cancel[512];
    record_id_write(&world.constellation.record[1]->id, id);
    cancel_text(cancel, sizeof cancel, id);
    constellation_add(&world.constellation, cancel, 1); /* one of two signatures: nothing yet */
    hear_records();
    assert_int_equal(world.update.shot_count, 1);
    sign_at(&world.constellation, 2, 2);
    hear_records();
    assert_int_equal(world.update.shot_count, 0);
    live_until(60);
    assert_timeline("[   -30.0s] The minute is armed\n"
                    "[     0.0s] The minute is called off\n");
    end_world();
}

static void called_off_while_it_goes_on_it_has_ended(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "25s");
    hear_records();
    live_until(2);
    char id[RECORD_ID_TEXT_SIZE], cancel[512];
    record_id_write(&world.constellation.record[1]->id, id);
    cancel_text(cancel, sizeof cancel, id);
    constellation_add(&world.constellation, cancel, 2);
    hear_records();
    assert_int_equal(world.update.shot_count, 0);
    live_until(60);
    assert_timeline("[   -30.0s] The minute is armed\n"
                    "[     0.0s] GO\n"
                    "[     0.0s] The minute has begun\n"
                    "[     2.0s] The minute is called off while it goes on: it is over\n");
    end_world();
}

static void an_amendment_moves_the_start_and_a_released_one_stays_released(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_of_the_minute();
    live_until(-10);
    amend("2027-08-02T08:25:30Z");
    live_until(31);
    amend("2027-08-02T08:26:00Z"); /* after the gesture began: never again */
    live_until(200);
    assert_timeline("[   -60.0s] The minute is armed\n"
                    "[   -10.0s] The minute was moved\n"
                    "[    -9.0s] The minute is armed\n"
                    "[    30.0s] GO\n"
                    "[    30.0s] The minute has begun\n"
                    "[    31.0s] The minute was moved\n"
                    "[   120.0s] The minute is over\n");
    end_world();
}

static void an_amendment_into_the_past_joins_quietly(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "2m");
    hear_records();
    amend("2027-08-02T08:23:30Z");
    live_until(10);
    assert_timeline("[   -60.0s] The minute is armed\n"
                    "[   -60.0s] The minute was moved\n"
                    "[   -60.0s] The minute began 30 s ago: joining quietly\n");
    end_world();
}

static void an_amendment_to_before_its_end_is_over(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "2m");
    hear_records();
    amend("2027-08-02T08:21:50Z");
    live_until(10);
    assert_timeline("[   -60.0s] The minute is armed\n"
                    "[   -60.0s] The minute was moved\n"
                    "[   -60.0s] The minute is over already, and was not started\n");
    end_world();
}

static void nearer_than_its_latency_it_joins_quietly(void **state)
{
    (void)state;
    begin_world(-5, true, NULL);
    world.listener.options.site.latency.ns = 8 * NS_PER_S;
    hear_of_the_minute();
    live_until(70);
    assert_timeline(
        "[    -5.0s] The minute is 5 s away, nearer than its latency: joining quietly\n");
    end_world();
}

static void a_slow_disk_delays_nothing_it_need_not(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    world.is_disk_slow = true;
    hear_records();
    live_until(-1);
    assert_int_equal(world.update.shot_count, 0); /* nothing is armed before its mark is durable */
    world.is_disk_slow = false;
    step((struct listener_event){.kind = LISTENER_MARKED,
                                 .id = world.listener.occurrence[0].asked_id});
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

static void suspended_over_its_start_it_does_not_ring_late(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "5m");
    hear_records();
    live_until(-30);
    world.slept.ns = 90 * NS_PER_S; /* the monotonic clock stood still, the host's did not */
    world.host_off_ns = 90 * NS_PER_S;
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    live_until(-20);
    assert_timeline("[   -60.0s] The minute is armed\n"
                    "[   -30.0s] this host slept: the beacons are listened to anew\n"
                    "[   -30.0s] The minute was missed by 60 s (this host stood still, its clock "
                    "jumped or its disk was slow): joining quietly\n");
    end_world();
}

static void frozen_until_it_was_over_it_says_what_was_missed(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "20s");
    hear_records();
    live_until(-3);
    world.now.ns += 40 * NS_PER_S;
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    live_until(60);
    assert_timeline("[   -60.0s] The minute is armed\n"
                    "[    37.0s] The minute was missed by 37 s (this host stood still, its clock "
                    "jumped or its disk was slow): it is over\n");
    assert_int_equal(world.released_count, 0);
    end_world();
}

static void a_clock_put_right_after_a_false_start_rings_at_the_right_time(void **state)
{
    (void)state;
    begin_world(-1800, true, NULL);
    world.host_off_ns = 1830 * NS_PER_S;
    hear_of_the_minute();
    live_until(-1790);
    world.host_off_ns = 0;
    live_until(1);
    assert_timeline("[ -1800.0s] The minute began 30 s ago: joining quietly\n"
                    "[  -600.0s] The minute is armed\n"
                    "[     0.0s] GO\n"
                    "[     0.0s] The minute has begun\n");
    end_world();
}

static void once_fired_no_step_of_the_clock_fires_it_again(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_of_the_minute();
    live_until(1);
    world.host_off_ns = 300 * NS_PER_S; /* past the end */
    live_until(5);
    world.host_off_ns = -30 * NS_PER_S; /* before the start */
    live_until(100);
    assert_int_equal(world.released_count, 1);
    end_world();
}

/* The thread lets go, and before that is heard of the start has moved: the promise to the disk is
 * not taken back in such a moment, and whatever the clock does then nothing rings again. */
static void an_amendment_in_the_moment_of_the_release_rings_no_second_time(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_of_the_minute();
    live_until(-0.001);
    uint64_t shot = world.update.shot[0].id;
    amend("2027-08-02T08:25:30Z");
    assert_int_equal(world.update.mark_count, 0);
    world.released[world.released_count++] = shot;
    step((struct listener_event){.kind = LISTENER_FIRED, .id = shot, .released = clocks().now});
    world.host_off_ns = 300 * NS_PER_S; /* past the end */
    live_until(1);
    world.host_off_ns = -30 * NS_PER_S; /* and back before the start */
    live_until(2);
    assert_true(world.update.shot_count == 0 || world.update.shot[0].is_held);
    assert_int_equal(world.released_count, 1);
    end_world();
}

/* Called off in the moment of the release, and in force again on a clock that went back. */
static void withdrawn_in_the_moment_of_the_release_it_never_rings_again(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_of_the_minute();
    live_until(-0.001);
    uint64_t shot = world.update.shot[0].id;
    world.constellation.entry[1].signer_count = 1;
    hear_records();
    step((struct listener_event){.kind = LISTENER_FIRED, .id = shot, .released = clocks().now});
    world.constellation.entry[1].signer_count = 2;
    world.host_off_ns = -30 * NS_PER_S;
    hear_records();
    live_until(60);
    assert_int_equal(world.released_count,
                     0); /* by the thread of this world: the one above was it */
    end_world();
}

/* With room for three, five at one instant: two do not start, and that is said beforehand, not when
 * they are still far away. */
static void what_there_is_no_room_for_is_told_when_it_is_near(void **state)
{
    (void)state;
    begin_world(-3600, true, NULL);
    begin_in_room(world.block, 3, 3, 8, NULL);
    static char text[4][sizeof world.window];
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    for (int i = 0; i < 4; i++) {
        memcpy(text[i], world.window, sizeof text[i]);
        strstr(text[i], UID)[31] = (char)('0' + i);
        constellation_add(&world.constellation, text[i], 2);
    }
    hear_records();
    assert_null(strstr(world.timeline, "no room"));
    live_until(-300);
    hear_records();
    hear_records();
    live_until(1);
    assert_int_equal(world.released_count, 3);
    const char *told =
        strstr(world.timeline, "The minute is near, and there is no room beside the 3 "
                               "gestures before it");
    assert_non_null(told);
    assert_null(strstr(strstr(told, "no room") + 1, "no room"));
    end_world();
}

/* A fast clock is put right, the disk stalls, an answer is awaited, the start comes and goes. */
static void live_through(int story)
{
    world_beacons = 1;
    begin_world(story == 2 ? -11 : -640, story != 2, NULL);
    world.host_off_ns = story == 0 ? 635 * NS_PER_S : story == 2 ? 10 * NS_PER_S : 0;
    if (story == 3) { /* it began before */
        world.host_off_ns = 655 * NS_PER_S;
    }
    hear_of_the_minute();
    if (story == 2) {
        link_up(0);
        hear(0, 0);
    }
    world.is_disk_slow = story == 1;
    live_until(story == 2 ? -10.5 : -638.5);
    world.host_off_ns = story == 0 ? 0 : world.host_off_ns;
    live_until(story == 2 ? -8 : -20);
    if (story == 1) {
        world.is_disk_slow = false;
        step((struct listener_event){.kind = LISTENER_MARKED,
                                     .id = world.listener.occurrence[0].asked_id});
    }
    live_until(70);
}

/* Whoever sends them. */
static void the_same_records_again_and_again_change_nothing(void **state)
{
    (void)state;
    for (int story = 0; story < 4; story++) {
        static char before[sizeof world.timeline];
        live_through(story);
        static char marks[sizeof world.marks];
        size_t released = world.released_count;
        memcpy(before, world.timeline, sizeof before);
        memcpy(marks, world.marks, sizeof marks);
        end_world();
        hears_again = true;
        live_through(story);
        hears_again = false;
        assert_timeline(before);
        assert_string_equal(world.marks, marks);
        assert_int_equal(world.released_count, released);
        end_world();
    }
}

static void tentative_and_foreign_windows_never_ring(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    world.constellation.entry[1].signer_count = 1;
    hear_records();
    live_until(30);
    assert_timeline("");
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_countdown_without_any_beacon),
        cmocka_unit_test(records_that_come_at_the_last_moment_still_ring),
        cmocka_unit_test(a_late_start_joins_quietly_and_says_so),
        cmocka_unit_test(what_an_earlier_run_fired_never_fires_again),
        cmocka_unit_test(killed_between_arming_and_t0_it_still_rings),
        cmocka_unit_test(killed_at_t0_it_does_not_ring_twice_whatever_the_clock_says),
        cmocka_unit_test(what_was_rung_is_rung_by_a_clock_that_goes_back),
        cmocka_unit_test(a_clock_far_ahead_at_a_restart_loses_no_start),
        cmocka_unit_test(a_promise_made_by_a_fast_clock_is_taken_back),
        cmocka_unit_test(nothing_is_released_before_its_promise_is_durable),
        cmocka_unit_test(a_cancellation_is_obeyed_until_the_last_moment),
        cmocka_unit_test(called_off_while_it_goes_on_it_has_ended),
        cmocka_unit_test(an_amendment_moves_the_start_and_a_released_one_stays_released),
        cmocka_unit_test(an_amendment_into_the_past_joins_quietly),
        cmocka_unit_test(an_amendment_to_before_its_end_is_over),
        cmocka_unit_test(nearer_than_its_latency_it_joins_quietly),
        cmocka_unit_test(a_slow_disk_delays_nothing_it_need_not),
        cmocka_unit_test(suspended_over_its_start_it_does_not_ring_late),
        cmocka_unit_test(frozen_until_it_was_over_it_says_what_was_missed),
        cmocka_unit_test(a_clock_put_right_after_a_false_start_rings_at_the_right_time),
        cmocka_unit_test(once_fired_no_step_of_the_clock_fires_it_again),
        cmocka_unit_test(an_amendment_in_the_moment_of_the_release_rings_no_second_time),
        cmocka_unit_test(withdrawn_in_the_moment_of_the_release_it_never_rings_again),
        cmocka_unit_test(what_there_is_no_room_for_is_told_when_it_is_near),
        cmocka_unit_test(the_same_records_again_and_again_change_nothing),
        cmocka_unit_test(tentative_and_foreign_windows_never_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
