/* links: ticks view trust records */
/* What a listener hears: beacons, their clocks, and those who pretend to be one. */
#include "listener_world.h"

static void a_beacon_corrects_a_wrong_clock_and_its_loss_is_only_news(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-100, false, NULL);
    world.host_off_ns = 1500 * NS_PER_MS;
    hear_of_the_minute();
    link_up(0);
    answer(0, 0);
    for (int i = -99; i < -40; i++) {
        live_until(i);
        hear(0, 0);
    }
    live_until(2);
    assert_timeline("[  -100.0s] this host's clock is not synchronised and no beacon knows better: "
                    "the doubt is unknown; start "
                    "a time service (chrony, systemd-timesyncd)\n"
                    "[  -100.0s] The minute is armed\n"
                    "[  -100.0s] beacon 0000000000000001 lamp answered a fresh question: its ticks "
                    "are not held back\n"
                    "[  -100.0s] the clock is known within the bound shown\n"
                    "[   -99.0s] beacon 0000000000000001 lamp is heard\n"
                    "[   -10.9s] beacon 0000000000000001 lamp: silent for 30 s; the countdown goes "
                    "on without it\n"
                    "[     0.0s] GO\n"
                    "[     0.0s] The minute has begun\n");
    end_world();
}

static int64_t go_at_ns(void)
{
    for (size_t i = 0; i < world.update.shot_count; i++) {
        return world.update.shot[i].target.ns - 100000 * NS_PER_S;
    }
    fail_msg("no shot is set");
    return 0;
}

static void replayed_ticks_move_nothing(void **state)
{
    (void)state;
    begin_world(-60, false, NULL);
    world.listener.options.no_ask = true;
    hear_of_the_minute();
    static uint8_t kept[40][TICK_SIZE_MAX];
    size_t size[40];
    for (int i = 0; i < 40; i++) {
        live_until(-60 + i);
        struct tick tick = tick_of(0);
        size[i] = sign_tick(0, &tick, kept[i]);
        tick_hash(kept[i], size[i], world.previous[0]);
        world.counter[0]++;
        deliver(kept[i], size[i], false);
    }
    live_until(-10);
    int64_t before = go_at_ns();
    for (int i = 0; i < 40; i++) { /* shuffled */
        deliver(kept[i * 7 % 40], size[i * 7 % 40], false);
        deliver(kept[i * 7 % 40], size[i * 7 % 40], true);
    }
    assert_int_equal(go_at_ns(), before);
    assert_int_equal(world.listener.counts.heard, 40);
    assert_int_equal(world.listener.counts.retained, 40);
    assert_int_equal(world.listener.counts.replayed + world.listener.counts.duplicate, 40);
    end_world();
}

static void an_old_session_of_the_same_key_is_refused(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    hear(0, 0);
    world.session[0] = 9;
    world.counter[0] = 0;
    hear(0, -11 * NS_PER_S);
    assert_int_equal(world.listener.counts.heard, 1);
    assert_int_equal(world.listener.counts.replayed, 1);
    hear(0, -10 * NS_PER_S + NS_PER_MS); /* over another broker it may come so much later */
    assert_int_equal(world.listener.counts.heard, 2);
    hear(0, -10 * NS_PER_S); /* but no session goes back */
    assert_int_equal(world.listener.counts.replayed, 2);
    live_until(0); /* what was proved has grown older meanwhile */
    world.session[0] = 10;
    world.counter[0] = 0;
    hear(0, -30 * NS_PER_S);
    assert_int_equal(world.listener.counts.replayed, 3);
    end_world();
}

/* Signed, later than all others, and of a number that was there: no counter falls. */
static void a_counter_that_falls_is_refused_whatever_the_stamp(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    for (int i = 0; i < 3; i++) {
        live_until(-60 + i);
        hear(0, 0);
    }
    live_until(-50);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    tick.counter = 1;
    deliver(bytes, sign_tick(0, &tick, bytes), false);
    assert_int_equal(world.listener.counts.heard, 3);
    assert_int_equal(world.listener.counts.replayed, 1);
    world.counter[0] = 3;
    hear(0, 0);
    assert_int_equal(world.listener.counts.heard, 4);
    end_world();
}

static void forged_foreign_and_broken_ticks_are_counted_and_change_nothing(void **state)
{
    (void)state;
    begin_world(-60, false, NULL);
    world.listener.options.no_ask = true;
    hear_of_the_minute();
    int64_t before = go_at_ns();
    uint8_t bytes[TICK_SIZE_MAX + 1];
    struct tick tick = tick_of(0);
    tick.time.ns += NS_PER_S;
    size_t size = sign_tick(0, &tick, bytes);
    bytes[size - 1] ^= 1;
    deliver(bytes, size, false); /* a wrong signature */
    bytes[size - 1] ^= 1;
    bytes[0] = 0xd1;
    deliver(bytes, size, false); /* not a tick */
    deliver(bytes, TICK_SIZE_MAX + 1, false);
    step((struct listener_event){.kind = LISTENER_TICK,
                                 .link = LISTENER_LINKS_MAX, /* of no broker */
                                 .bytes = bytes,
                                 .size = sign_tick(0, &tick, bytes),
                                 .arrived = clocks().raw});
    tick.root[0] ^= 1;
    deliver(bytes, sign_tick(0, &tick, bytes), false); /* another constellation */
    uint8_t seed[32] = {99}, id[8] = {99};
    struct trust_secret *stranger = trust_secret_new(seed, id);
    tick.root[0] ^= 1;
    deliver(bytes, tick_write(&tick, stranger, bytes), false); /* a key nobody named */
    trust_secret_free(stranger);
    assert_int_equal(world.listener.counts.bad_signature, 1);
    assert_int_equal(world.listener.counts.malformed, 3);
    assert_int_equal(world.listener.counts.foreign, 1);
    assert_int_equal(world.listener.counts.unknown_key, 1);
    assert_int_equal(world.listener.counts.heard, 0);
    assert_int_equal(go_at_ns(), before);
    end_world();
}

static void a_beacon_whose_clock_is_wrong_is_named_and_not_followed(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    for (int i = -59; i < -50; i++) {
        live_until(i);
        hear(0, 0);
        hear(1, 5 * NS_PER_S);
    }
    assert_within((double)believed()->correction.ns, 0, 1e6);
    assert_timeline("[   -59.0s] beacon 0000000000000001 lamp is heard\n"
                    "[   -59.0s] beacon 0000000000000002 lamp is heard\n"
                    "[   -59.0s] beacon 0000000000000002 lamp contradicts the other clocks, by "
                    "+4.994 s at least: it is not followed\n");
    end_world();
}

/* The status is not signed: on an open broker anybody can call a beacon lost. */
static void a_beacon_called_lost_again_and_again_is_news_once_in_a_while(void **state)
{
    (void)state;
    begin_world(-300, true, NULL);
    hear_records();
    hear(0, 0);
    struct listener_event lost = {.kind = LISTENER_STATUS};
    lost.beacon.bytes[0] = 1;
    lost.root = world.constellation.record[0]->id;
    struct listener_event up = lost, kept = lost, other = lost;
    up.is_up = kept.is_retained = true;
    other.beacon.bytes[0] = 9;
    step(up);
    step(kept); /* by a broker, from nobody knows when */
    step(other);
    assert_null(strstr(world.timeline, "gone"));
    for (int i = 0; i < 100; i++) {
        step(lost);
        hear(0, 0);
    }
    live_until(-260); /* it is lost indeed, and comes back */
    hear(0, 0);
    step(lost);
    static const char gone[] = "beacon 0000000000000001 lamp is gone; the countdown goes on "
                               "without it\n",
                      back[] = "beacon 0000000000000001 lamp is back\n";
    char expected[2048] = "[  -300.0s] beacon 0000000000000001 lamp is heard\n";
    for (int i = 0; i < 3; i++) {
        snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
                 "[  -300.0s] %s[  -300.0s] %s", gone, back);
    }
    snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
             "[  -269.0s] beacon 0000000000000001 lamp: silent for 31 s; the countdown goes on "
             "without it\n[  -260.0s] %s[  -260.0s] %s",
             back, gone);
    assert_timeline(expected);
    end_world();
}

/* Its ticks read now within the host's bound, now beyond: whoever holds them back may do that. */
static void verdicts_that_change_to_and_fro_are_told_every_ten_seconds(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    live_until(-40);
    hear(0, 0);
    world.timeline[0] = '\0';
    for (int i = 0; i < 400; i++) {
        live_until(-40 + i * 0.05);
        world.host_off_ns = i % 2 * -50 * NS_PER_MS;
        step((struct listener_event){.kind = LISTENER_CLOCKS});
    }
    assert_timeline(
        "[   -40.0s] beacon 0000000000000001 lamp contradicts the other clocks, by +0.044 s at "
        "least: it is not followed\n"
        "[   -29.9s] beacon 0000000000000001 lamp agrees with the other clocks again\n");
    end_world();
}

/* The host's own clock is not what a liar is measured by. */
static void how_far_a_liar_is_off_is_told_by_the_others(void **state)
{
    (void)state;
    static const int64_t host_off_s[] = {3600, -20};
    for (size_t i = 0; i < 2; i++) {
        begin_world(-60, false, NULL);
        world.host_off_ns = host_off_s[i] * NS_PER_S;
        hear_records();
        link_up(0);
        live_until(-58);
        assert_true(world.asks[0] > 0 && world.asks[1] > 0 && world.asks[2] > 0);
        answer(0, 0);
        answer(1, 0);
        answer(2, 3600 * NS_PER_S);
        assert_int_equal(believed()->doubt, DOUBT_NONE);
        assert_true(believed()->is_proved);
        assert_non_null(strstr(world.timeline, "beacon 0000000000000003 lamp contradicts the other "
                                               "clocks, by +3599."));
        end_world();
    }
}

static void two_ticks_of_one_number_prove_a_lie(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    hear(0, 0);
    struct tick tick = tick_of(0);
    uint8_t bytes[TICK_SIZE_MAX];
    deliver(bytes, sign_tick(0, &tick, bytes), false);
    tick.time.ns += 5;
    size_t size = sign_tick(0, &tick, bytes);
    bytes[size - 1] ^= 1;
    deliver(bytes, size, false); /* anybody can write this: it defames nobody */
    assert_int_equal(world.listener.counts.bad_signature, 1);
    bytes[size - 1] ^= 1;
    deliver(bytes, size, false);
    world.counter[0] = 2;
    hear(0, 0);
    assert_timeline("[   -60.0s] beacon 0000000000000001 lamp is heard\n"
                    "[   -60.0s] a tick with a wrong signature (1 so far): ignored\n"
                    "[   -60.0s] beacon 0000000000000001 lamp signed two different ticks 1 of one "
                    "session: it lies and "
                    "is ignored from now on\n"
                    "[   -60.0s] keeps a proof of 163 and 163 bytes\n");
    assert_int_equal(world.listener.counts.by_liars, 1);
    end_world();
}

static void a_proven_liar_is_ignored_after_a_restart(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) { /* either lie; read before and after the root that names her */
        uint8_t tick[2][TICK_SIZE_MAX];
        size_t size[2];
        begin_world(-60, false, NULL);
        sign_a_lie(0, (i & 1) != 0, tick, size);
        if (i < 2) {
            find_proof(tick, size);
        }
        hear_records();
        if (i >= 2) {
            find_proof(tick, size);
        }
        world.timeline[0] = '\0';
        hear_records(); /* once is enough */
        hear(0, 500 * NS_PER_S);
        assert_int_equal(world.listener.counts.by_liars, 1);
        assert_int_equal(world.listener.counts.heard, 0);
        assert_int_equal(believed()->heard, 0);
        assert_timeline("");
        hear(1, 0);
        assert_int_equal(believed()->heard, 1);
        end_world();
    }
}

static void what_is_said_of_a_proof(void **state)
{
    (void)state;
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    for (int i = 0; i < 3; i++) { /* in either order, where there is one */
        begin_world(-60, true, NULL);
        hear_records();
        hear(0, 0);
        world.timeline[0] = '\0';
        world.session[0]++; /* of another session than is heard */
        world.counter[0] = 0;
        sign_a_lie(0, i > 0, tick, size);
        step((struct listener_event){.kind = LISTENER_PROOF,
                                     .bytes = tick[i == 2],
                                     .size = size[i == 2],
                                     .second = tick[i != 2],
                                     .second_size = size[i != 2],
                                     .where = "a drawer"});
        assert_timeline("[   -60.0s] beacon 0000000000000001 lamp is ignored: its lie is proven in "
                        "a drawer\n");
        assert_int_equal(believed()->heard, 0); /* what it said before counts no more */
        end_world();
    }

    begin_world(-60, true, NULL);
    hear_records();
    sign_a_lie(0, false, tick, size);
    size[1]--;
    find_proof(tick, size); /* cut off */
    size[1]++;
    tick[1][size[1] - 1] ^= 1;
    find_proof(tick, size); /* not her signature */
    memcpy(tick[1], tick[0], size[1]);
    find_proof(tick, size); /* one tick twice */
    struct tick other = tick_of(0);
    other.time.ns += 5;
    size[1] = sign_tick(1, &other, tick[1]);
    find_proof(tick, size); /* two beacons, whose sessions are called the same */
    other.root[0] ^= 1;
    size[1] = sign_tick(0, &other, tick[1]);
    find_proof(tick, size); /* two constellations */
    other = tick_of(0);
    other.time.ns += 5;
    other.session[1]++;
    size[1] = sign_tick(0, &other, tick[1]);
    find_proof(tick, size); /* two sessions */
    size[0] = TICK_SIZE_MAX + 1;
    find_proof(tick, size);
    size[0] = size[1] = 0;
    find_proof(tick, size);
    hear(0, 0);
    assert_int_equal(world.listener.counts.heard, 1);
    static const char no[] = "[   -60.0s] a drawer: these are not two ticks that prove a lie: "
                             "passed over\n";
    char expected[1024];
    snprintf(expected, sizeof expected,
             "%s[   -60.0s] a drawer: not signed by the key that the root names: nothing is "
             "proven, and it is passed over\n%s%s%s%s%s%s"
             "[   -60.0s] beacon 0000000000000001 lamp is heard\n",
             no, no, no, no, no, no, no);
    assert_timeline(expected);
    end_world();
}

/* Sixteen a second of each kind and broker; who was heard before is heard meanwhile. */
static void a_flood_of_forgeries_costs_few_signature_checks(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    hear(0, 0);
    uint8_t bytes[TICK_SIZE_MAX];
    for (unsigned i = 0; i < 5000; i++) {
        struct tick tick = tick_of(1);
        memcpy(tick.session + 2, &i, sizeof i);
        size_t size = sign_tick(1, &tick, bytes);
        bytes[size - 1] ^= 1;
        deliver(bytes, size, false);
    }
    assert_int_equal(world.listener.counts.bad_signature, 16);
    assert_int_equal(world.listener.counts.unjudged, 5000 - 16);
    size_t told = 0; /* of either the first, the tenth, the hundredth… */
    for (const char *at = world.timeline; (at = strchr(at, '\n')) != NULL; at++) {
        told++;
    }
    assert_int_equal(told, 1 + 2 + 4);
    hear(0, 0);
    assert_int_equal(world.listener.counts.heard, 2);
    struct tick stranger = tick_of(1);
    size_t size = sign_tick(1, &stranger, bytes);
    deliver(bytes, size, false); /* it cannot be told from them */
    assert_int_equal(world.listener.counts.heard, 2);
    deliver_over(1, bytes, size); /* but by the broker that brings it */
    assert_int_equal(world.listener.counts.heard, 3);
    world.counter[0] = 1; /* nor is a lie covered by one */
    hear(0, 5);
    assert_true(world.listener.beacon[0].is_liar);
    live_until(-58);
    stranger = tick_of(2);
    deliver(bytes, sign_tick(2, &stranger, bytes), false); /* and when the flood is over */
    assert_int_equal(world.listener.counts.heard, 4);
    end_world();
}

/* A caller's clock goes back by an hour: who forged before is not judged for it. */
static void forgeries_of_an_hour_that_comes_again_mute_nobody(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(1);
    size_t size = sign_tick(1, &tick, bytes);
    bytes[size - 1] ^= 1;
    deliver_over(0, bytes, size);
    world.now.ns -= 3600 * NS_PER_S;
    deliver_over(0, bytes, size);
    assert_int_equal(world.listener.counts.bad_signature, 2);
    bytes[size - 1] ^= 1;
    deliver_over(0, bytes, size);
    assert_int_equal(world.listener.counts.heard, 1);
    end_world();
}

/* What it proves rests on when it was read, whoever says when it came; unless that is later. */
static void a_tick_proves_nothing_of_before_it_was_read(void **state)
{
    (void)state;
    static const int64_t came_s[] = {-3, 0, 3};
    for (size_t i = 0; i < 3; i++) {
        world_beacons = 1;
        begin_world(-60, false, NULL);
        hear_records();
        uint8_t bytes[TICK_SIZE_MAX];
        struct tick tick = tick_of(0);
        mono_raw came = {clocks().raw.ns + came_s[i] * NS_PER_S};
        deliver_at(came, 0, bytes, sign_tick(0, &tick, bytes));
        int64_t off =
            believed()->earliest.tai_ns - leap_from_utc(leap_builtin(), world.now, NULL).tai_ns;
        assert_within((double)off / 1e9, came_s[i] > 0 ? -3 : 0, 0.01);
        end_world();
    }
}

/* How long it waited here says nothing of the beacon's clock: half of a question's way does, which
 * took 200 ms and the answer's none. */
static void what_waited_moves_no_clock(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    uint8_t bytes[TICK_ANSWER_SIZE_MAX];
    static const double moments[] = {-98.55, -98, -97.5};
    for (size_t i = 0; i < 3; i++) {
        live_until(moments[i]);
        struct listener_event event = {.kind = LISTENER_ANSWER, .bytes = bytes, .beacon = {{1}}};
        event.size = sign_answer(0, 0, bytes);
        event.root = world.constellation.record[0]->id;
        struct tick tick = tick_of(0);
        uint8_t beat[TICK_SIZE_MAX];
        size_t size = sign_tick(0, &tick, beat);
        tick_hash(beat, size, world.previous[0]);
        world.counter[0]++;
        mono_raw came = event.arrived = clocks().raw;
        world.now.ns += 300 * NS_PER_MS; /* both are read later */
        step(event);
        deliver_at(came, 0, beat, size);
    }
    assert_within((double)believed()->correction.ns, 100e6, 5e6);
    end_world();
}

/* Java's nanoTime, for one, may be below zero. */
static void a_session_of_a_clock_below_zero_keeps_its_place(void **state)
{
    (void)state;
    begin_world(-60, true, NULL);
    hear_records();
    uint8_t bytes[2][TICK_SIZE_MAX];
    size_t size[2];
    for (uint8_t i = 0; i < 2; i++) {
        struct tick tick = tick_of(0);
        tick.session[1] = i;
        size[i] = sign_tick(0, &tick, bytes[i]);
        deliver_at((mono_raw){i - NS_PER_S}, 0, bytes[i], size[i]);
    }
    assert_int_equal(world.listener.counts.heard, 2);
    deliver_at((mono_raw){2 - NS_PER_S}, 0, bytes[0], size[0]);
    assert_int_equal(world.listener.counts.heard, 2);
    assert_int_equal(world.listener.counts.duplicate, 1);
    end_world();
}

/* A tick that was stamped a day ahead before the beacon's clock was set mutes it no longer: not
 * without an error, nor after it has answered. */
static void a_wrong_stamp_does_not_mute_a_beacon(void **state)
{
    (void)state;
    world_beacons = 1;
    begin_world(-300, false, NULL);
    hear_records();
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    tick.time.ns += NS_PER_DAY;
    tick.has_error = false;
    tick.session[1] = 7;
    deliver(bytes, sign_tick(0, &tick, bytes), false);
    live_until(-299);
    hear(0, 0);
    assert_int_equal(world.listener.counts.heard, 2);
    tick = tick_of(0);
    tick.time.ns += NS_PER_DAY;
    tick.counter = 0;
    tick.has_previous = false;
    tick.session[1] = 8;
    deliver(bytes, sign_tick(0, &tick, bytes), false);
    live_until(-298);
    hear(0, 0);
    assert_int_equal(world.listener.counts.replayed, 1); /* for all that is known */
    link_up(0);
    answer(0, 0);
    live_until(-297);
    hear(0, 0);
    assert_int_equal(world.listener.counts.heard, 4);
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    assert_int_equal(listener_newest_stamps(&world.listener, newest), 0); /* one alone */
    end_world();
}

/* Whoever holds messages back may make it seem so with every tick. */
static void of_one_beacon_s_clock_people_hear_every_ten_seconds(void **state)
{
    (void)state;
    begin_world(-100, false, NULL);
    hear_of_the_minute();
    link_up(0);
    for (size_t i = 0; i < 3; i++) {
        hear(i, 0);
    }
    size_t said = 0;
    for (int i = 0; i < 5; i++) { /* each answer says that the tick before it was ahead */
        live_until(-99.4 + 0.5 * i);
        answer(0, 0);
        hear(0, NS_PER_S);
    }
    static const char *const words[] = {"reads later than it could", "contradicts itself"};
    for (size_t i = 0; i < 2; i++) {
        for (const char *at = world.timeline; (at = strstr(at, words[i])) != NULL; at++) {
            said++;
        }
    }
    assert_int_equal(said, 1);
    end_world();
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_beacon_corrects_a_wrong_clock_and_its_loss_is_only_news),
        cmocka_unit_test(replayed_ticks_move_nothing),
        cmocka_unit_test(an_old_session_of_the_same_key_is_refused),
        cmocka_unit_test(a_counter_that_falls_is_refused_whatever_the_stamp),
        cmocka_unit_test(forged_foreign_and_broken_ticks_are_counted_and_change_nothing),
        cmocka_unit_test(a_beacon_whose_clock_is_wrong_is_named_and_not_followed),
        cmocka_unit_test(a_beacon_called_lost_again_and_again_is_news_once_in_a_while),
        cmocka_unit_test(how_far_a_liar_is_off_is_told_by_the_others),
        cmocka_unit_test(two_ticks_of_one_number_prove_a_lie),
        cmocka_unit_test(a_proven_liar_is_ignored_after_a_restart),
        cmocka_unit_test(what_is_said_of_a_proof),
        cmocka_unit_test(a_flood_of_forgeries_costs_few_signature_checks),
        cmocka_unit_test(forgeries_of_an_hour_that_comes_again_mute_nobody),
        cmocka_unit_test(a_tick_proves_nothing_of_before_it_was_read),
        cmocka_unit_test(what_waited_moves_no_clock),
        cmocka_unit_test(a_session_of_a_clock_below_zero_keeps_its_place),
        cmocka_unit_test(a_wrong_stamp_does_not_mute_a_beacon),
        cmocka_unit_test(of_one_beacon_s_clock_people_hear_every_ten_seconds),
        /* the slow one last */
        cmocka_unit_test(verdicts_that_change_to_and_fro_are_told_every_ten_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
