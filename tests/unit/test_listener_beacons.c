/* links: ticks view trust records */
/* What a listener keeps of each beacon: stamps, sessions, silences, forgeries. */
#include "listener_world.h"

static void hear_slowly(bool has_error, uint32_t next_ms)
{
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    tick.has_error = has_error;
    tick.next_ms = next_ms;
    size_t size = sign_tick(0, &tick, bytes);
    tick_hash(bytes, size, world.previous[0]);
    world.counter[0]++;
    deliver(bytes, size, false);
}

static size_t count_newest(utc *time)
{
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t count = listener_newest_stamps(&world.listener, newest);
    *time = count > 0 ? newest[0].time : (utc){0};
    return count;
}

/* What a majority stands behind is kept, and whoever tells of an earlier time is not believed. */
static void a_stamp_that_others_stand_behind_is_never_gone_back_from(void **state)
{
    (void)state;
    utc time;
    begin_world(-60, true, NULL);
    hear_records();
    hear_slowly(false, 1000); /* it does not know itself */
    assert_int_equal(count_newest(&time), 0);
    hear_slowly(true, 1000);
    assert_int_equal(count_newest(&time), 1);
    live_until(-50);
    hear_slowly(true, 1000);
    assert_int_equal(count_newest(&time), 1);
    assert_int_equal(time.ns, world.now.ns - 150 * NS_PER_US);
    hear(1, 3600 * NS_PER_S); /* nobody stands behind that */
    assert_int_equal(count_newest(&time), 1);
    struct listener_options options = world.listener.options;
    struct listener_newest newest = {world.constellation.record[0]->id,
                                     world.listener.beacon[0].key.id, world.t0};
    struct listener_room room = listener_room_for_all(world.block);
    listener_init(&world.listener, &room, &options, NULL, 0, &newest, 1);
    hear_records();
    hear_slowly(true, 1000);
    assert_int_equal(world.listener.counts.replayed, 1);
    live_until(-10);
    hear_slowly(true, 1000); /* within ten seconds, less half a way */
    assert_int_equal(world.listener.counts.replayed, 2);
    world.now.ns = world.t0.ns - 10 * NS_PER_S + 150 * NS_PER_US;
    hear_slowly(true, 1000);
    assert_int_equal(world.listener.counts.heard, 1);
    assert_int_equal(count_newest(&time), 1);
    assert_int_equal(time.ns, world.t0.ns); /* the later one */
    end_world();
}

/* A stamp that was kept wrongly mutes its beacon until it answers; what one alone answers is not
 * kept as what many stand behind. */
static void a_fresh_answer_puts_a_kept_stamp_back_and_never_on(void **state)
{
    (void)state;
    static const int64_t kept_off_s[] = {3600, -3600};
    for (size_t i = 0; i < 2; i++) {
        world_beacons = 1;
        begin_world(-60, false, NULL);
        struct listener_options options = world.listener.options;
        utc kept = {world.now.ns + kept_off_s[i] * NS_PER_S}, time;
        struct listener_newest newest = {world.constellation.record[0]->id, {{1}}, kept};
        struct listener_room room = listener_room_for_all(world.block);
        listener_init(&world.listener, &room, &options, NULL, 0, &newest, 1);
        hear_records();
        link_up(0);
        assert_int_equal(count_newest(&time), 1);
        assert_int_equal(time.ns, kept.ns);
        hear(0, 0);
        assert_int_equal(world.listener.counts.replayed, i == 0);
        answer(0, 0);
        assert_int_equal(count_newest(&time), 1);
        assert_int_equal(time.ns, i == 0 ? world.now.ns - 150 * NS_PER_US : kept.ns);
        hear(0, 0);
        assert_int_equal(world.listener.counts.replayed, i == 0);
        end_world();
    }
}

static void what_was_learned_is_saved_every_five_minutes(void **state)
{
    (void)state;
    begin_world(-2000, true, NULL);
    hear_records();
    size_t saves = world.update.save_memory;
    for (int i = -2000; i < -700; i++) {
        live_until(i + 1);
        saves += world.update.save_memory;
    }
    assert_int_equal(saves, 4);
    end_world();
}

static void who_does_not_know_the_time_is_named_when_it_is_followed(void **state)
{
    (void)state;
    begin_world(-60, false, NULL);
    hear_records();
    world.timeline[0] = '\0';
    hear_slowly(false, 1000);
    assert_timeline("[   -60.0s] beacon 0000000000000001 lamp is heard; its own clock is not "
                    "synchronised\n"
                    "[   -60.0s] together with beacon lamp, UTC unknown\n");
    step((struct listener_event){.kind = LISTENER_LINK, .link = LISTENER_LINKS_MAX, .is_up = true});
    live_until(-50);
    assert_string_equal(world.asked, ""); /* over no broker that there is */
    end_world();
}

static void of_those_that_do_not_know_the_time_the_one_that_is_heard_is_named(void **state)
{
    (void)state;
    world_name[0] = "torch";
    world_name[2] = "candle";
    begin_world(-60, false, NULL);
    hear_records();
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(1);
    tick.has_error = false;
    deliver(bytes, sign_tick(1, &tick, bytes), false);
    assert_non_null(strstr(world.timeline, "together with beacon lamp, UTC unknown"));
    world_name[0] = world_name[2] = "lamp";
    end_world();
}

/* More stamps than places, more marks than there is room for: the last marks are kept, and of those
 * that come later the one that started longest ago gives way. */
static void of_too_many_marks_the_latest_are_kept(void **state)
{
    (void)state;
    static struct listener_mark mark[5];
    static struct listener_newest newest[LISTENER_BEACONS_MAX + 1];
    static const int64_t starts[] = {9, 3, 0, 5, 4};
    begin_world(-60, true, NULL);
    struct listener_options options = world.listener.options;
    for (size_t i = 0; i < 5; i++) {
        mark[i] = (struct listener_mark){.kind = MARK_FIRED, .start = {starts[i]}};
        mark[i].name.uid.bytes[0] = (uint8_t)i;
    }
    struct listener_room room = listener_room_in(world.block, 3, 3, 4);
    listener_init(&world.listener, &room, &options, mark, 5, newest, LISTENER_BEACONS_MAX + 1);
    assert_int_equal(world.listener.newest_count, LISTENER_BEACONS_MAX);
    static const uint8_t later[] = {9, 3, 10, 11}; /* new, known, new, new */
    for (size_t i = 0; i < 4; i++) {
        struct listener_mark more = {.kind = MARK_FIRED, .start = {7}};
        more.name.uid.bytes[0] = later[i];
        listener_forgo(&world.listener, &more);
    }
    step((struct listener_event){.kind = LISTENER_CLOCKS}); /* it judges them all */
    static const uint8_t kept[] = {10, 9, 3, 11};
    assert_int_equal(world.listener.mark_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(world.listener.mark[i].name.uid.bytes[0], kept[i]);
        assert_int_equal(world.listener.mark[i].start.ns, 7);
    }
    end_world();
}

static size_t begin_session(size_t session, uint8_t out[static TICK_SIZE_MAX])
{
    struct tick tick = tick_of(0);
    tick.session[sizeof tick.session - 1] = (uint8_t)session;
    return sign_tick(0, &tick, out);
}

static void the_session_heard_longest_ago_gives_way(void **state)
{
    (void)state;
    enum { SESSIONS = LISTENER_SESSIONS_MAX };
    static uint8_t first[SESSIONS][TICK_SIZE_MAX];
    uint8_t bytes[TICK_SIZE_MAX];
    size_t size[SESSIONS];
    begin_world(-60, true, NULL);
    hear_records();
    for (size_t i = 0; i < SESSIONS; i++) {
        live_until(-60 + (double)i * 0.01);
        size[i] = begin_session(i, first[i]);
        deliver(first[i], size[i], false);
    }
    live_until(-59);
    tick_hash(first[0], size[0], world.previous[0]);
    world.counter[0] = 1;
    hear(0, 0);
    world.counter[0] = 0;
    live_until(-58);
    deliver(bytes, begin_session(SESSIONS, bytes), false); /* in place of the second */
    assert_int_equal(world.listener.counts.heard, SESSIONS + 2);
    for (size_t i = 2; i < SESSIONS; i++) {
        deliver(first[i], size[i], false);
    }
    assert_int_equal(world.listener.counts.duplicate, SESSIONS - 2);
    deliver(first[0], size[0], false);
    assert_int_equal(world.listener.counts.replayed, 1);
    deliver(first[1], size[1], false); /* nobody remembers it */
    assert_int_equal(world.listener.counts.heard, SESSIONS + 3);
    end_world();
}

/* How many of a hundred forged ticks are looked at. */
static uint64_t look_at_forgeries(void)
{
    static unsigned session;
    uint8_t bytes[TICK_SIZE_MAX];
    uint64_t before = world.listener.counts.bad_signature;
    for (unsigned i = 0; i < 100; i++) {
        struct tick tick = tick_of(1);
        session++;
        memcpy(tick.session + 2, &session, sizeof session);
        size_t size = sign_tick(1, &tick, bytes);
        bytes[size - 1] ^= 1;
        deliver(bytes, size, false);
    }
    return world.listener.counts.bad_signature - before;
}

static void forgeries_are_looked_at_sixteen_times_a_second(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    assert_int_equal(look_at_forgeries(), 16);
    assert_int_equal(look_at_forgeries(), 0);
    live_until(-60 + 1 / 16.0);
    assert_int_equal(look_at_forgeries(), 1);
    live_until(-59.5);
    assert_int_equal(look_at_forgeries(), 7);
    live_until(-50); /* a long peace saves nothing up */
    assert_int_equal(look_at_forgeries(), 16);
    end_world();
}

/* Whoever says that he speaks seldom; and what he does not know is said each time he is heard. */
static void silence_is_three_times_what_was_promised(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-300, true, NULL);
    hear_records();
    hear_slowly(false, 20000);
    live_until(-200);
    hear_slowly(false, 10000); /* half a minute at least */
    live_until(-160);
    hear_slowly(true, 1000);
    live_until(-150);
    hear_slowly(true, 1000);
    assert_timeline("[  -300.0s] beacon 0000000000000001 lamp is heard; its own clock is not "
                    "synchronised\n"
                    "[  -239.0s] beacon 0000000000000001 lamp: silent for 61 s; the countdown goes "
                    "on without it\n"
                    "[  -200.0s] beacon 0000000000000001 lamp is back; its own clock is not "
                    "synchronised\n"
                    "[  -169.0s] beacon 0000000000000001 lamp: silent for 31 s; the countdown goes "
                    "on without it\n"
                    "[  -160.0s] beacon 0000000000000001 lamp is back\n");
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_too_many_marks_the_latest_are_kept),
        cmocka_unit_test(a_stamp_that_others_stand_behind_is_never_gone_back_from),
        cmocka_unit_test(a_fresh_answer_puts_a_kept_stamp_back_and_never_on),
        cmocka_unit_test(what_was_learned_is_saved_every_five_minutes),
        cmocka_unit_test(who_does_not_know_the_time_is_named_when_it_is_followed),
        cmocka_unit_test(of_those_that_do_not_know_the_time_the_one_that_is_heard_is_named),
        cmocka_unit_test(the_session_heard_longest_ago_gives_way),
        cmocka_unit_test(forgeries_are_looked_at_sixteen_times_a_second),
        cmocka_unit_test(silence_is_three_times_what_was_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
