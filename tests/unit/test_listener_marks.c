/* links: ticks view trust records */
/* What a listener promises to the disk and to the fire thread, and when; to the millisecond. */
#include "listener_world.h"

static void begin(double left)
{
    begin_world(left, true, NULL);
    hear_of_the_minute();
}

static void put_clock(double by_s)
{
    world.host_off_ns = (int64_t)(by_s * 1e9);
    step((struct listener_event){.kind = LISTENER_CLOCKS});
}

static void assert_marks(const char *expected)
{
    if (strcmp(world.marks, expected) != 0) {
        print_error("this was asked:\n%s", world.marks);
    }
    assert_string_equal(world.marks, expected);
    world.marks[0] = '\0';
}

static void a_start_is_promised_ten_minutes_and_ten_seconds_before(void **state)
{
    (void)state;
    begin(-700.3);
    live_until(2);
    assert_marks("-600.000:armed for 0.000\n-10.000:firing from -0.050\n0.000:fired for 0.000\n");
    assert_string_equal(strchr(world.timeline, '\n'),
                        "\n[     0.0s] GO\n[     0.0s] The minute has begun\n");
    end_world();
    begin_world(-700.3, true,
                NULL); /* and of what is released before it is to be seen, from there */
    world.listener.options.site.latency.ns = 2250 * NS_PER_MS;
    hear_of_the_minute();
    live_until(2.3);
    assert_marks("-602.250:armed for 0.000\n-12.250:firing from -2.300\n-2.250:fired for 0.000\n");
    assert_int_equal(world.update.shot_count, 1); /* it is out, and goes on */
    assert_true(world.update.shot[0].is_held);
    live_until(61);
    assert_non_null(strstr(world.timeline, "[    60.0s] The minute is over\n"));
    assert_int_equal(world.update.shot_count, 0);
    end_world();
}

static void news_say_what_they_are_about(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    world.is_disk_slow = true;
    hear_records();
    step((struct listener_event){.kind = LISTENER_MARKED,
                                 .id = world.listener.occurrence[0].asked_id});
    assert_int_equal(world.update.news_count, 1);
    assert_int_equal(world.update.news[0].kind, NEWS_ARMED);
    assert_true(world.update.news[0].has_occurrence);
    assert_string_equal(world.update.news[0].occurrence.title, "The minute");
    hear(1, 0);
    assert_int_equal(world.update.news_count, 1);
    assert_int_equal(world.update.news[0].kind, NEWS_BEACON);
    assert_false(world.update.news[0].has_occurrence);
    assert_true(
        record_key_id_equal(&world.update.news[0].beacon, &world.listener.beacon[1].key.id));
    end_world();
}

/* Whatever else it wakes for. */
static void a_promise_is_made_at_its_instant(void **state)
{
    (void)state;
    begin(-60.3);
    live_until(-9.5);
    assert_marks("-60.300:armed for 0.000\n-10.000:firing from -0.050\n");
    end_world();
}

/* A promise covers a start that moves by little; beyond it another is made before anything starts.
 */
static void a_start_that_moves_is_promised_anew(void **state)
{
    (void)state;
    begin(-60);
    live_until(-8);
    assert_marks("-60.000:armed for 0.000\n-10.000:firing from -0.050\n");
    put_clock(0.05);
    put_clock(-1.9);
    assert_marks("");
    assert_false(world.update.shot[0].is_held);
    put_clock(-2);
    assert_marks("-8.000:firing from 1.950\n");
    world.is_disk_slow = true;
    put_clock(-1);
    assert_true(world.update.shot[0].is_held);
    assert_marks("-8.000:firing from 0.950\n");
    put_clock(1); /* one is on its way: a slow disk is not to be filled */
    assert_true(world.update.shot[0].is_held);
    assert_marks("");
    world.is_disk_slow = false;
    step((struct listener_event){.kind = LISTENER_MARKED, .id = 12345}); /* of nothing */
    assert_true(world.update.shot[0].is_held);
    step((struct listener_event){.kind = LISTENER_MARKED,
                                 .id = world.listener.occurrence[0].asked_id});
    assert_false(world.update.shot[0].is_held);
    end_world();
}

static void a_promise_is_taken_back_once_no_release_can_be_unheard_of(void **state)
{
    (void)state;
    begin(-60);
    live_until(-5);
    assert_marks("-60.000:armed for 0.000\n-10.000:firing from -0.050\n");
    put_clock(-20);
    live_until(0);
    assert_marks("-4.000:armed for 0.000\n");
    put_clock(-8); /* and made again when it is near: no release is covered meanwhile */
    assert_marks("0.000:firing from 7.950\n");
    put_clock(-25);
    hear_records(); /* whatever is heard meanwhile */
    world.now.ns += NS_PER_S - 1;
    put_clock(-25);
    assert_marks("");
    put_clock(-4); /* near again, before it was taken back */
    put_clock(-25);
    world.now.ns += 1;
    put_clock(-25);
    assert_marks("1.000:firing from 3.950\n");
    end_world();
}

/* A clock that is slewed is looked at after half of what is left, down to twenty milliseconds. */
static void the_last_looks_come_ever_closer(void **state)
{
    (void)state;
    begin(-60);
    live_until(-1.28);
    double left = 1.28;
    while (left > 0.02) {
        double wake = (double)(world.update.wake.ns - clocks().now.ns) / 1e9;
        assert_within(wake, left / 2 < 1 ? left / 2 : 1, 1e-9);
        left -= wake;
        world.now.ns = world.t0.ns - (int64_t)(left * 1e9);
        step((struct listener_event){.kind = LISTENER_CLOCKS});
    }
    assert_within((double)(world.update.wake.ns - clocks().now.ns) / 1e9, 1, 1e-9);
    assert_int_equal(world.update.shot[0].target.ns, 100000 * NS_PER_S);
    end_world();
}

/* Its instant slipped into the past by a new estimate. */
static void an_armed_start_may_be_two_seconds_late_and_no_more(void **state)
{
    (void)state;
    static const double late_s[] = {1.9, 2, 2.1};
    for (size_t i = 0; i < 3; i++) {
        begin(-60);
        live_until(-1);
        put_clock(1 + late_s[i]);
        assert_int_equal(world.update.shot_count, i < 2);
        if (i == 2) {
            assert_non_null(strstr(world.timeline, "The minute was missed by 2 s"));
        }
        end_world();
    }
}

/* By a clock that nothing vouches for and that is ahead by what a beacon says; whoever else is
 * named and is not asked. */
static void an_answer_is_awaited_for_two_seconds_at_most(void **state)
{
    (void)state;
    for (size_t liars = 0; liars < 2; liars++) {
        world_beacons = 1 + liars;
        begin_world(-11, false, NULL);
        world.host_off_ns = 10 * NS_PER_S;
        hear_of_the_minute();
        world.listener.beacon[0].is_liar = liars > 0;
        link_up(0);
        hear(liars, 0);
        assert_int_equal(world.update.shot[0].target.ns, 100000 * NS_PER_S - 9 * NS_PER_S);
        live_until(-5);
        assert_non_null(strstr(world.timeline,
                               "[   -11.0s] The minute waits up to 3 s for a beacon's "
                               "answer: by the beacons it is earlier\n"));
        assert_non_null(strstr(world.timeline, "[    -9.0s] GO\n"));
        assert_null(strstr(strstr(world.timeline, "waits up to") + 1, "waits up to"));
        end_world();
    }
}

/* Another of the root has not answered yet. */
static void who_has_an_answer_waits_for_no_other(void **state)
{
    (void)state;
    world_beacons = 2;
    begin_world(-1.4, false, NULL);
    world.host_off_ns = 400 * NS_PER_MS;
    hear_of_the_minute();
    link_up(0);
    hear(0, 0);
    live_until(-1.3);
    assert_true(world.asks[0] > 0 && world.asks[1] > 0);
    answer(0, 0);
    live_until(0.2);
    assert_int_equal(world.released_count, 1);
    end_world();
}

/* What was heard before a suspension is void, and so is the wait. */
static void after_a_suspension_an_answer_is_awaited_anew(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-11, false, NULL);
    world.host_off_ns = 10 * NS_PER_S;
    hear_of_the_minute();
    link_up(0);
    hear(0, 0);
    live_until(-10.9);
    answer(0, 0);
    live_until(-10.5);
    world.slept.ns = NS_PER_S;
    world.timeline[0] = '\0';
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    hear(0, 0);
    live_until(-5);
    assert_non_null(strstr(world.timeline, "[   -10.5s] The minute waits up to 3 s"));
    assert_non_null(strstr(world.timeline, "[    -8.5s] GO\n"));
    end_world();
}

/* Built, or proved to a run before, on the day after. */
static void a_clock_of_an_impossible_date_starts_nothing(void **state)
{
    (void)state;
    for (int is_possible = 0; is_possible < 2; is_possible++) {
        begin_world(-60, false, NULL);
        struct listener_options options = world.listener.options;
        options.floor.ns = world.t0.ns + (is_possible ? -NS_PER_DAY : NS_PER_DAY);
        struct listener_room room = listener_room_for_all(world.block);
        listener_init(&world.listener, &room, &options, NULL, 0, NULL, 0);
        hear_of_the_minute();
        live_until(1);
        assert_int_equal(world.released_count, is_possible);
        assert_int_equal(strstr(world.timeline, "is armed") != NULL, is_possible);
        end_world();
    }
}

/* Its instant slipped into the past before it was promised. */
static void a_start_that_slipped_is_promised_before_it_is_let_go(void **state)
{
    (void)state;
    begin(-60);
    world.marks[0] = '\0';
    world.is_disk_slow = true;
    put_clock(61);
    assert_marks("-60.000:firing from -61.050\n");
    assert_true(world.update.shot_count == 1 && world.update.shot[0].is_held);
    step((struct listener_event){.kind = LISTENER_MARKED,
                                 .id = world.listener.occurrence[0].asked_id});
    assert_false(world.update.shot[0].is_held);
    end_world();
}

static void what_is_called_off_when_it_is_over_is_no_news(void **state)
{
    (void)state;
    for (int joined = 0; joined < 2; joined++) {
        begin(joined ? 20 : -30);
        live_until(joined ? 25 : 70);
        world.timeline[0] = '\0';
        world.constellation.entry[1].signer_count = 1;
        hear_records();
        assert_timeline("");
        assert_int_equal(world.listener.occurrence_count, 0);
        end_world();
    }
    begin(-30); /* nor a second time */
    world.constellation.entry[1].signer_count = 1;
    hear_records();
    hear_records();
    assert_timeline("[   -30.0s] The minute is armed\n[   -30.0s] The minute is called off\n");
    end_world();
}

static void what_was_moved_is_told_of_anew(void **state)
{
    (void)state;
    begin(20);
    live_until(70);
    amend("2027-08-02T08:25:50Z"); /* it was over, and goes on now */
    assert_timeline("[    20.0s] The minute began 20 s ago: joining quietly\n"
                    "[    70.0s] The minute was moved\n"
                    "[    70.0s] The minute began 20 s ago: joining quietly\n");
    end_world();
    begin(-60); /* moved, never armed, and over when the clock is put right */
    world.is_disk_slow = true;
    world.timeline[0] = '\0';
    amend("2027-08-02T08:26:00Z");
    hear_records();
    put_clock(300);
    put_clock(0); /* and once */
    put_clock(300);
    assert_timeline("[   -60.0s] The minute was moved\n"
                    "[   -60.0s] The minute is over already, and was not started\n");
    end_world();
}

static void by_a_clock_put_back_what_was_over_lies_ahead_again(void **state)
{
    (void)state;
    begin(-1800);
    put_clock(1900);
    assert_int_equal(world.listener.occurrence[0].state, LISTENER_OVER);
    put_clock(0);
    assert_int_equal(world.listener.occurrence[0].state, LISTENER_WAITING);
    put_clock(1830);
    assert_int_equal(world.listener.occurrence[0].state, LISTENER_JOINED);
    put_clock(0);
    assert_int_equal(world.listener.occurrence[0].state, LISTENER_WAITING);
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

/* Not durable in time, to the last nanosecond. */
static void a_start_that_was_never_promised_is_joined_at_its_instant(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    world.is_disk_slow = true;
    hear_of_the_minute();
    live_until(-1e-9);
    assert_timeline("");
    live_until(0);
    assert_timeline("[     0.0s] The minute began 0 s ago: joining quietly\n");
    end_world();
}

static void declare_other(char uid, const char *start)
{
    static char text[sizeof world.window];
    declare(start, 0, "", "1m");
    memcpy(text, world.window, sizeof text);
    record_free(world.constellation.record[--world.constellation.count]);
    strstr(text, UID)[31] = uid;
    char *title = strstr(text, "The minute");
    memcpy(title, "Minute no", 9);
    title[9] = uid;
    constellation_add(&world.constellation, text, 2);
}

static const char *title_of(size_t i)
{
    return world.listener.occurrence[i].title;
}

/* Each has a shot of its own; of one that was withdrawn as it was released, its own start is kept.
 */
static void several_starts_are_told_apart(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    declare_other('2', "2027-08-02T08:25:20Z");
    declare_other('1', "2027-08-02T08:25:00Z");
    declare_other('3', "2027-08-02T08:25:10Z");
    hear_records();
    assert_string_equal(title_of(0), "Minute no1");
    assert_string_equal(title_of(1), "Minute no3");
    assert_string_equal(title_of(2), "Minute no2");
    live_until(11);
    assert_int_equal(world.released_count, 2);
    uint64_t shot = world.listener.occurrence[2].id;
    world.constellation.entry[1].signer_count = 1;
    hear_records();
    assert_int_equal(world.listener.occurrence_count, 2);
    world.marks[0] = '\0';
    step((struct listener_event){.kind = LISTENER_FIRED, .id = shot});
    assert_marks("11.000:fired for 20.000\n");
    end_world();
}

static void starts_of_one_instant_stand_in_one_order(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        begin_world(-30, true, NULL);
        declare_other(i == 0 ? '2' : '3', "2027-08-02T08:25:00Z");
        declare_other('1', "2027-08-02T08:25:00Z");
        declare_other(i == 0 ? '3' : '2', "2027-08-02T08:25:00Z");
        hear_records();
        assert_string_equal(title_of(0), "Minute no1");
        assert_string_equal(title_of(1), "Minute no2");
        assert_string_equal(title_of(2), "Minute no3");
        end_world();
    }
}

/* Of as many as there are places for, and as many again: what was withdrawn as it was released
 * leaves its mark. */
static void reports_of_what_was_withdrawn_are_known_for_a_while(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    begin_in_room(world.block, 1, 3, 8, NULL);
    static const char *const starts[] = {"2027-08-02T08:25:00Z", "2027-08-02T08:25:20Z",
                                         "2027-08-02T08:25:40Z"};
    uint64_t shot[3];
    for (size_t i = 0; i < 3; i++) {
        declare_other((char)('1' + i), starts[i]);
        hear_records();
        live_until(-29 + (double)i);
        assert_int_equal(world.update.shot_count, 1);
        shot[i] = world.update.shot[0].id;
        world.constellation.entry[1 + i].signer_count = 1;
        hear_records();
        assert_int_equal(world.update.shot_count, 0);
    }
    world.marks[0] = '\0';
    for (size_t i = 1; i < 3; i++) {
        step((struct listener_event){.kind = LISTENER_FIRED, .id = shot[i]});
    }
    assert_marks("-27.000:fired for 20.000\n-27.000:fired for 40.000\n");
    end_world();
}

static void what_comes_next_is_what_is_not_over(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    declare_other('1', "2027-08-02T08:25:00Z");
    declare_other('2', "2027-08-02T09:25:00Z");
    hear_records();
    assert_string_equal(listener_next(&world.listener)->title, "Minute no1");
    live_until(30);
    assert_string_equal(listener_next(&world.listener)->title, "Minute no1");
    live_until(61);
    const struct listener_occurrence *next = listener_next(&world.listener);
    assert_string_equal(next->title, "Minute no2");
    assert_ptr_equal(listener_find(&world.listener, next->id), next);
    live_until(3600 + 61);
    assert_null(listener_next(&world.listener));
    end_world();
}

/* The next step makes up for it. */
static void a_step_asks_for_no_more_marks_than_there_is_room_for(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    begin_in_room(world.block, 1, 3, 8, NULL);
    declare_other('1', "2027-08-02T08:25:00Z");
    hear_records();
    uint64_t shot = world.update.shot[0].id;
    world.constellation.entry[1].signer_count = 1;
    declare_other('2', "2027-08-02T08:25:20Z");
    hear_records();
    world.marks[0] = '\0';
    world.now.ns = world.t0.ns + 15 * NS_PER_S;
    struct listener_event fired = {.kind = LISTENER_FIRED, .id = shot, .clocks = clocks()};
    listener_step(&world.listener, &fired, &world.update);
    assert_int_equal(world.update.mark_count, 1);
    follow();
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    assert_marks("15.000:fired for 0.000\n15.000:firing from 19.950\n");
    end_world();
}

/* Already when its root is heard of for the first time. */
static void what_was_over_long_ago_takes_nobody_s_place(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    begin_in_room(world.block, 2, 3, 8, NULL);
    declare_other('1', "2027-07-01T08:25:00Z");
    declare_other('2', "2027-07-02T08:25:00Z");
    declare_other('3', "2027-08-02T08:25:00Z");
    hear_records();
    assert_int_equal(world.listener.occurrence_count, 1);
    assert_string_equal(title_of(0), "Minute no3");
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

/* Where there is no more room, who gives way to a nearer one is not called off; who is, is told. */
static void who_is_crowded_out_is_not_called_off(void **state)
{
    (void)state;
    begin_world(-30, true, NULL);
    begin_in_room(world.block, 2, 3, 8, NULL);
    declare_other('2', "2027-08-02T08:25:20Z");
    declare_other('3', "2027-08-02T08:25:30Z");
    hear_records();
    declare_other('1', "2027-08-02T08:25:10Z");
    hear_records();
    assert_null(strstr(world.timeline, "called off"));
    assert_string_equal(title_of(0), "Minute no1");
    world.constellation.entry[1].signer_count = 1; /* and the third has its place again */
    hear_records();
    assert_non_null(strstr(world.timeline, "Minute no2 is called off"));
    assert_string_equal(title_of(1), "Minute no3");
    end_world();
}

/* One step tells no more than there is room for, and does all. */
static void more_starts_at_once_than_can_be_told_are_all_armed(void **state)
{
    (void)state;
    enum { STARTS = LISTENER_NEWS_MAX + 4 };
    begin_world(-30, true, NULL);
    declare("2027-08-02T08:25:00Z", 0, "", "1m");
    for (int i = 1; i < STARTS; i++) {
        char text[sizeof world.window], digits[3];
        memcpy(text, world.window, sizeof text);
        snprintf(digits, sizeof digits, "%02x", i);
        memcpy(strstr(text, UID), digits, 2);
        constellation_add(&world.constellation, text, 2);
    }
    world.is_disk_slow = true;
    hear_records();
    for (size_t i = 0; i < STARTS; i++) {
        assert_int_equal(world.listener.occurrence[i].state, LISTENER_WAITING);
        struct listener_event marked = {.kind = LISTENER_MARKED, .clocks = clocks()};
        marked.id = world.listener.occurrence[i].asked_id;
        listener_step(&world.listener, &marked, &world.update);
        assert_int_equal(world.listener.occurrence[i].state, LISTENER_ARMED);
        assert_int_equal(world.update.news_count, 1);
    }
    assert_int_equal(world.update.shot_count, STARTS);
    world.constellation.count = 1;
    hear_records();
    assert_int_equal(world.update.news_count, LISTENER_NEWS_MAX); /* each is called off */
    assert_int_equal(world.listener.occurrence_count, 0);
    world.constellation.count = STARTS + 1;
    end_world();
}

/* Nobody else's shots are ours. */
static void a_report_of_no_shot_of_ours_changes_nothing(void **state)
{
    (void)state;
    begin(-30);
    world.marks[0] = '\0';
    step((struct listener_event){.kind = LISTENER_FIRED, .id = 0});
    step((struct listener_event){.kind = LISTENER_FIRED, .id = 999});
    assert_marks("");
    live_until(1);
    assert_int_equal(world.released_count, 1);
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_is_promised_ten_minutes_and_ten_seconds_before),
        cmocka_unit_test(news_say_what_they_are_about),
        cmocka_unit_test(a_promise_is_made_at_its_instant),
        cmocka_unit_test(a_start_that_moves_is_promised_anew),
        cmocka_unit_test(a_promise_is_taken_back_once_no_release_can_be_unheard_of),
        cmocka_unit_test(the_last_looks_come_ever_closer),
        cmocka_unit_test(an_armed_start_may_be_two_seconds_late_and_no_more),
        cmocka_unit_test(an_answer_is_awaited_for_two_seconds_at_most),
        cmocka_unit_test(who_has_an_answer_waits_for_no_other),
        cmocka_unit_test(after_a_suspension_an_answer_is_awaited_anew),
        cmocka_unit_test(a_clock_of_an_impossible_date_starts_nothing),
        cmocka_unit_test(a_start_that_slipped_is_promised_before_it_is_let_go),
        cmocka_unit_test(what_is_called_off_when_it_is_over_is_no_news),
        cmocka_unit_test(what_was_moved_is_told_of_anew),
        cmocka_unit_test(by_a_clock_put_back_what_was_over_lies_ahead_again),
        cmocka_unit_test(a_start_that_was_never_promised_is_joined_at_its_instant),
        cmocka_unit_test(several_starts_are_told_apart),
        cmocka_unit_test(starts_of_one_instant_stand_in_one_order),
        cmocka_unit_test(reports_of_what_was_withdrawn_are_known_for_a_while),
        cmocka_unit_test(what_comes_next_is_what_is_not_over),
        cmocka_unit_test(a_step_asks_for_no_more_marks_than_there_is_room_for),
        cmocka_unit_test(what_was_over_long_ago_takes_nobody_s_place),
        cmocka_unit_test(who_is_crowded_out_is_not_called_off),
        cmocka_unit_test(more_starts_at_once_than_can_be_told_are_all_armed),
        cmocka_unit_test(a_report_of_no_shot_of_ours_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
