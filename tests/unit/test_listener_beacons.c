/* links: ticks view trust records */
/* What a listener keeps of each beacon, and of how many: names, sessions, silences, forgeries. */
#include "listener_world.h"

#define D8  "\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4"
#define D31 D8 D8 D8 "\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4\xd0\xb4"

/* A root of so many beacons, whose keys are those from this number on. */
static struct view_anchor add_root(const char *name, unsigned first, unsigned beacons,
                                   const char *beacon_name)
{
    static struct constellation other;
    char lines[8192] = "";
    for (unsigned i = 0; i < beacons; i++) {
        char key[RECORD_PUBLIC_KEY_TEXT_SIZE];
        struct record_public_key public = forge_public(first + i);
        record_public_key_write(&public, key);
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "beacon: %s %s\n", key,
                 beacon_name);
    }
    constellation_init(&other, name, lines);
    put(&world.constellation, other.record[0], BY(1, 2));
    return (struct view_anchor){.root = other.record[0]};
}

static void hear_roots_of(const struct view_anchor *anchor, size_t count)
{
    struct view *view;
    assert_true(view_build(world.constellation.entry, world.constellation.count, anchor, count,
                           leap_from_utc(leap_builtin(), world.now, NULL), &view));
    step((struct listener_event){.kind = LISTENER_RECORDS, .view = view});
    view_free(view);
}

static void long_names_are_cut_where_a_character_ends(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor = add_root(D31 D8, 20, 1, "a\\\\b " D31 D8);
    hear_roots_of(&anchor, 1);
    assert_string_equal(world.listener.constellation[0].name, D31);
    assert_memory_equal(world.listener.beacon[0].name, "a\\b " D31, 62);
    assert_int_equal(strlen(world.listener.beacon[0].name), 62);
    end_world();
}

static size_t count_beacons(size_t constellation)
{
    size_t count = 0;
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        count += world.listener.beacon[i].in_use &&
                 world.listener.beacon[i].constellation == constellation;
    }
    return count;
}

/* One root may take half of the places, and of many each its part: the first ones that it names. */
static void roots_share_the_places_for_beacons(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    struct view_anchor anchor[3] = {add_root("One", 20, 20, "lamp")};
    hear_roots_of(anchor, 1);
    assert_int_equal(count_beacons(0), 16);
    for (unsigned i = 0; i < 16; i++) {
        struct record_public_key expected = forge_public(20 + i);
        assert_true(trust_public_key_equal(&world.listener.beacon[i].key, &expected));
    }
    end_world();
    begin_world(-60, true, NULL);
    for (unsigned i = 0; i < 3; i++) {
        anchor[i] = add_root((const char *[]){"One", "Two", "Three"}[i], 20 + 12 * i, 12, "lamp");
    }
    hear_roots_of(anchor, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(count_beacons(i), 10);
    }
    /* a root that is no longer followed leaves its places to others */
    hear_roots_of(anchor, 1);
    assert_int_equal(count_beacons(1) + count_beacons(2), 0);
    assert_int_equal(count_beacons(0), 12);
    end_world();
}

static size_t begin_session(size_t session, uint8_t out[static TICK_SIZE_MAX])
{
    struct tick tick = tick_of(0);
    tick.session[1] = (uint8_t)session;
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
        cmocka_unit_test(long_names_are_cut_where_a_character_ends),
        cmocka_unit_test(roots_share_the_places_for_beacons),
        cmocka_unit_test(the_session_heard_longest_ago_gives_way),
        cmocka_unit_test(forgeries_are_looked_at_sixteen_times_a_second),
        cmocka_unit_test(silence_is_three_times_what_was_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
