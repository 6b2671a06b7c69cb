/* links: records trust */
/* Whether a lock holds: from when to when, by the heartbeats of which beacons and of what hour, and
 * under which root. */
#include "lock_scene.h"

/* 720 hours before: a second earlier it is nobody's yet. */
static void the_longest_lock_begins_to_the_second(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.beacon = {9}, .lock_s = 720 * 3600L});
    world->now = forge_instant("2027-07-03T08:24:59Z");
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *named[] = {world->anchor.root, window};
    beat(world, 9, "2027-07-03T08:00:00Z", named, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    world->now = forge_instant("2027-07-03T08:25:00Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
}

/* Before the first instant that we know, nobody can have vouched. */
static void a_lock_that_began_before_all_time_is_off(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    world->now = forge_instant("1700-01-01T00:00:00Z");
    declare_as(world, (struct forge_window){.uid = 6, .at = {"1700 1700-01-01T12:00:00Z"}},
               BY(1, 2));
    const struct view_window *window = window_of(world, 6);
    assert_int_equal(window->status, VIEW_CONFIRMED);
    assert_int_equal(window->occurrence[0].lock, LOCK_OFF);
}

static void under_a_root_that_lacks_signatures_there_is_no_lock(void **state)
{
    struct constellation *world = *state;
    world->now = forge_instant("2027-08-02T07:25:00Z");
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}, .lock_s = 86400}),
            BY(1));
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
}

/* A beacon that three signatures revoke vouches no more, and so the lock is off, and that is
 * said. */
static void a_revoked_beacon_vouches_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_revoke(world->anchor.root, 9, NULL, 0), BY(1, 2, 3));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

static void a_lock_that_few_vouch_for_is_off_and_said_to_be(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, before_lock, named, 2);
    beat(world, 10, "2027-07-30T08:24:59Z", named, 2); /* a second too old */
    beat(world, 11, lock_begins, named, 2);            /* and one too late */
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[0].lock, LOCK_OFF);
    assert_fact(seen->lock, FACT_LOCK_OFF, 1, 2);
    assert_true(has_alert(world->view, FACT_LOCK_OFF));
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    beat(world, 10, "2027-07-30T08:25:00Z", named, 2); /* 48 h before it */
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void only_beacons_of_the_root_vouch(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, before_lock, named, 2);
    beat(world, 8, before_lock, named, 2); /* a stranger */
    struct record_id id[] = {window->id};
    put(world, forge_make_heartbeat(root, 10, before_lock, id, 1), BY(1, 2, 3)); /* organizers */
    put(world, forge_make_heartbeat(root, 1, lock_begins, id, 1), BY(1));
    assert_true(record_key_id_equal(&look(world)->root[0].heartbeat->is.heartbeat.by,
                                    &root->is.root.beacon[0].public.id));
    put(world, forge_make_heartbeat(root, 1, before_lock, id, 1), BY(1));
    put(world, forge_make_heartbeat(root, 11, before_lock, id, 1), BY(9)); /* another beacon */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF);
    beat(world, 11, before_lock, named, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
}

static void a_window_that_nobody_named_may_still_change(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    const struct record *fresh = declare(world, 6, BY(1, 2));
    const struct view_window *seen = window_of(world, 6);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[0].lock, LOCK_NEW);
    assert_fact(seen->lock, FACT_LOCK_NEW, 0, 3);
    put(world, forge_make_cancel(fresh, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 6)->status, VIEW_CANCELLED);
    assert_int_equal(world->view->alert_count, 0);
}

static void before_it_and_after_the_end_there_is_no_lock(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    world->now = forge_instant(before_lock);
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    world->now = forge_instant(lock_begins);
    assert_stands(world, FACT_SPARED_BY_LOCK);
    world->now = forge_instant("2027-08-02T08:25:59Z");
    assert_stands(world, FACT_SPARED_BY_LOCK);
    world->now = forge_instant("2027-08-02T08:26:00Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    assert_int_equal(window_of(world, 5)->occurrence[0].state, OCCURRENCE_CANCELLED);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
}

/* A longer one of before, which would still go on, is no lock of the shorter that three made of it.
 */
static void what_is_over_has_no_lock(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *window = declare_as(
        world, (struct forge_window){.for_s = 7200, .at = {"2027 2027-08-02T08:25:00Z"}}, BY(1, 2));
    VOUCH(world, window);
    amend_as(world, window, (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z"}},
             BY(1, 2, 3));
    world->now = forge_instant("2027-08-02T08:25:59Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
    world->now = forge_instant("2027-08-02T08:26:00Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    const struct record *shorter = declare(world, 6, BY(1, 2)); /* nor is one that one would make */
    VOUCH(world, shorter);
    declare_as(world,
               (struct forge_window){.uid = 6,
                                     .seq = 1,
                                     .prev = {shorter},
                                     .for_s = 7200,
                                     .at = {"2027 2027-08-02T08:25:00Z"}},
               BY(1));
    assert_int_equal(window_of(world, 6)->occurrence[0].lock, LOCK_NONE);
    put(world, forge_make_cancel(shorter, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 6)->occurrence[0].state, OCCURRENCE_CANCELLED);
    assert_int_equal(world->view->alert_count, 0);
}

/* A wave begins in UTC+14, and is over in UTC-12: so is its lock. */
static void a_wave_is_locked_from_its_first_hour_to_its_last(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    struct record_on on[] = {{forge_text("eve"), {2027, 8, 3}}};
    const struct record *window =
        declare_wave(world,
                     (struct record_window){.rule = forge_text("3 august at 20:00 everywhere"),
                                            .wave = WAVE_CLOCK,
                                            .wave_time = {20, 0, 0, 0},
                                            .on = on,
                                            .on_count = 1,
                                            .duration = {60 * NS_PER_S}},
                     BY(1, 2));
    beat(world, 9, "2027-08-02T05:00:00Z", &window, 1);
    static const struct {
        const char *now;
        enum view_lock lock;
    } at[] = {{"2027-08-02T05:59:59Z", LOCK_AHEAD},
              {"2027-08-02T06:00:00Z", LOCK_ON},
              {"2027-08-04T08:00:59Z", LOCK_ON},
              {"2027-08-04T08:01:00Z", LOCK_NONE}};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        world->now = forge_instant(at[i].now);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, at[i].lock);
        assert_int_equal(view_next_occurrence(window_of(world, 5), world->now) != NULL, i < 3);
    }
}

static void there_is_no_lock_where_all_must_sign(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.organizer = {1, 2}, .beacon = {9}});
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

/* Who beats often is one beacon all the same. */
static void a_beacon_that_names_it_twice_is_one(void **state)
{
    struct constellation *world = *state;
    const struct record *root =
        found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11, 12}});
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, "2027-07-31T20:00:00Z", named, 2);
    beat(world, 10, "2027-07-31T21:00:00Z", named, 2);
    beat(world, 9, "2027-07-31T22:00:00Z", named, 2);
    beat(world, 10, "2027-07-31T22:30:00Z", named, 2);
    beat(world, 11, "2027-07-31T23:00:00Z", named, 1); /* the root alone */
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    beat(world, 12, "2027-07-31T23:30:00Z", named, 2);
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void one_heartbeat_that_names_one_record_is_enough_where_one_beacon_is(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* A heartbeat that is old enough, or young enough, for one start and not for the next. */
static void a_heartbeat_vouches_for_starts_of_two_days(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    const struct record *window = declare_as(
        world, (struct forge_window){.at = {"a 2027-08-02T08:00:00Z", "b 2027-08-02T08:00:01Z"}},
        BY(1, 2));
    beat(world, 9, "2027-07-30T08:00:00Z", &window, 1); /* too old for the second */
    beat(world, 9, "2027-08-01T08:00:01Z", &window, 1); /* and this one too young */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
    assert_int_equal(window_of(world, 5)->occurrence[1].lock, LOCK_OFF);
}

/* The latest 64 of a beacon, so that a thief of its key cannot have more of them weighed. */
static void a_thief_of_a_beacons_key_has_64_heartbeats_weighed_and_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_with_one_beacon(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, "2027-07-31T19:00:00Z", &window, 1);
    for (int i = 1; i <= 64; i++) {
        char made[64];
        snprintf(made, sizeof made, "2027-07-31T20:%02d:%02dZ", i / 60, i % 60);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
        beat(world, 9, made, &root, 1);
    }
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
}

static void many_heartbeats_that_name_much_are_all_weighed(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *named[8];
    for (unsigned i = 0; i < 8; i++) {
        named[i] = declare(world, i + 1, BY(1, 2));
    }
    for (unsigned i = 0; i < 60; i++) {
        char made[64];
        snprintf(made, sizeof made, "2027-07-31T20:%02u:00Z", i);
        beat(world, 9 + i % 2, made, named, 8);
    }
    for (unsigned i = 0; i < 8; i++) {
        put(world, forge_make_cancel(named[i], "rain"), BY(1, 2));
    }
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(window_of(world, i + 1)->occurrence[0].lock, LOCK_ON);
        assert_int_equal(window_of(world, i + 1)->status, VIEW_CONFIRMED);
    }
}

/* A root, the next and the third, each named in time: what holds is the lock of the third. */
static void the_lock_of_the_third_root_holds(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *one = world->anchor.root;
    const struct record *two = follow(world, (struct forge_root){.lock_s = 86400}, BY(1, 2));
    world->anchor.root = two;
    const struct record *three = follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    world->anchor.root = one;
    VOUCH(world, window, two, three);
    world->now = forge_instant("2027-07-31T20:25:00Z");
    for (unsigned by = 9; by < 11; by++) {
        beat(world, by, "2027-07-31T01:00:00Z", (const struct record *const[]){two, three, window},
             3);
    }
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void a_lock_that_is_ahead_is_told(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    world->now = forge_instant(before_lock);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].lock, LOCK_AHEAD);
    assert_true(seen->has_lock);
    assert_fact(seen->lock, FACT_LOCK_AHEAD, 86400, 3);
}

/* Two of four are no majority, and no record makes them more. */
static void half_of_the_beacons_lock_nothing(void **state)
{
    struct constellation *world = *state;
    const struct record *root =
        found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11, 12}});
    const struct record *window = declare(world, 5, BY(1, 2));
    VOUCH(world, window);
    put(world, forge_make_revoke(root, 7, NULL, 0), BY(1, 2, 3));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].lock, LOCK_OFF);
    assert_fact(seen->lock, FACT_LOCK_OFF, 2, 3);
}

/* Whoever has an anchor by hand needs no beacon for it: no heartbeat names the second root. */
static void an_anchor_above_the_first_is_locked_by_its_own_people(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    world->anchor.root =
        follow(world, (struct forge_root){.organizer = {1, 4, 5}, .lock_s = 86400}, BY(1, 2, 4));
    const struct record *window = declare(world, 5, BY(4, 5));
    VOUCH(world, window);
    put(world, forge_make_cancel(window, "go home"), BY(4, 5));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* A day and a half before the start, the first root's day has not begun and the second's two
 * have. */
static void the_lock_of_a_successor_that_beacons_named_holds(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *two = follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    world->now = forge_instant("2027-07-31T20:25:00Z");
    beat(world, 9, "2027-07-31T01:00:00Z", (const struct record *const[]){two, window}, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF); /* by one of three */
    beat(world, 10, "2027-07-31T02:00:00Z", (const struct record *const[]){two, window}, 2);
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* The longer one is tried and does not hold: no beacon named its root. */
static void a_successor_that_nobody_named_lengthens_no_lock(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* Under each root, what beacons vouch for is heard of all of them before any is revoked. */
static void a_beacons_word_on_revokes_counts_under_the_next_root_too(void **state)
{
    struct constellation *world = *state;
    const struct forge_root same = {
        .organizer = {1, 2, 3, 4}, .beacon = {9, 10, 11}, .lock_s = 86400};
    const struct record *root = found_with_lock(world, same);
    const struct record *window = declare(world, 5, BY(2, 3));
    const struct record *named[] = {window,
                                    put(world, forge_make_revoke(root, 9, NULL, 0), BY(1, 2)),
                                    put(world, forge_make_revoke(root, 3, NULL, 0), BY(1, 2))};
    VOUCH(world, named[0], named[1], named[2]);
    beat(world, 11, "2027-07-31T22:00:00Z", named, 2); /* the third knows one revoke alone */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
    follow(world, same, BY(1, 2, 4));
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
}

/* A root with a shorter lock comes too late for the longer one, though before its own begins. */
static void of_two_locks_that_hold_the_longer_decides(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11}, .lock_s = 172800});
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *two = follow(world, (struct forge_root){.lock_s = 86400}, BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    for (unsigned by = 9; by < 11; by++) {
        beat(world, by, "2027-07-31T08:00:00Z", &window, 1);
        beat(world, by, before_lock, (const struct record *const[]){two, cancel, window}, 3);
    }
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void each_start_has_the_heartbeats_before_its_own_lock(void **state)
{
    static const struct {
        const char *beat, *first, *second;
    } try[] = {
        {"2027-07-30T08:00:00Z", "a 2027-08-02T08:00:00.000000001Z", "a 2027-08-02T08:00:00Z"},
        {"2027-08-01T08:00:00Z", "a 2027-08-02T08:00:00Z", "a 2027-08-02T08:00:00.000000001Z"},
    };
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct constellation *world = *state;
        const struct record *named[3] = {found_with_one_beacon(world)};
        for (unsigned uid = 5; uid < 7; uid++) {
            named[uid - 4] = declare_as(
                world,
                (struct forge_window){.uid = uid, .at = {uid == 5 ? try[i].first : try[i].second}},
                BY(1, 2));
        }
        beat(world, 9, try[i].beat, named, 3);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF);
        assert_int_equal(window_of(world, 6)->occurrence[0].lock, LOCK_ON);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_longest_lock_begins_to_the_second),
        TEST(a_lock_that_began_before_all_time_is_off),
        TEST(under_a_root_that_lacks_signatures_there_is_no_lock),
        TEST(a_revoked_beacon_vouches_no_more),
        TEST(a_lock_that_few_vouch_for_is_off_and_said_to_be),
        TEST(only_beacons_of_the_root_vouch),
        TEST(a_window_that_nobody_named_may_still_change),
        TEST(before_it_and_after_the_end_there_is_no_lock),
        TEST(what_is_over_has_no_lock),
        TEST(a_wave_is_locked_from_its_first_hour_to_its_last),
        TEST(there_is_no_lock_where_all_must_sign),
        TEST(a_beacon_that_names_it_twice_is_one),
        TEST(one_heartbeat_that_names_one_record_is_enough_where_one_beacon_is),
        TEST(a_heartbeat_vouches_for_starts_of_two_days),
        TEST(a_thief_of_a_beacons_key_has_64_heartbeats_weighed_and_no_more),
        TEST(many_heartbeats_that_name_much_are_all_weighed),
        TEST(the_lock_of_the_third_root_holds),
        TEST(a_lock_that_is_ahead_is_told),
        TEST(half_of_the_beacons_lock_nothing),
        TEST(an_anchor_above_the_first_is_locked_by_its_own_people),
        TEST(the_lock_of_a_successor_that_beacons_named_holds),
        TEST(a_successor_that_nobody_named_lengthens_no_lock),
        TEST(a_beacons_word_on_revokes_counts_under_the_next_root_too),
        TEST(of_two_locks_that_hold_the_longer_decides),
        TEST(each_start_has_the_heartbeats_before_its_own_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
