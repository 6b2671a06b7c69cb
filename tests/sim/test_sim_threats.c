/* Rows of the threat table that concern beacons and listeners, each a story.  What needs real
 * sockets, files or TLS is tried elsewhere. */
#include "tale.h"

/* Ticks of a beacon as somebody with this secret would make them, for the beacon's next number. */
static void forge_one(size_t broker, struct trust_secret *secret, const struct record_id *root,
                      int64_t off_ns)
{
    static uint8_t session;
    struct tick tick = {
        .session = {0xF0, ++session},
        .time = {sim_utc(&sim).ns + off_ns},
        .has_error = true,
        .error_ns = 1,
        .next_ms = 1000,
    };
    memcpy(tick.root, root->bytes, sizeof tick.root);
    uint8_t bytes[TICK_SIZE_MAX];
    sim_inject(&sim, broker, bytes, tick_write(&tick, secret, bytes), false);
}

static uint64_t heard_of(const struct sim_listener *listener)
{
    return listener->mind.counts.heard;
}

static void row_2_fake_ticks_have_no_effect(void **state)
{
    (void)state;
    begin(102, 120, 1, 1);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 300 * NS_PER_MS, 20e-6);
    sim_run(&sim, -59.7);
    const struct record_id *root = &sim.records.anchor.root->id;
    struct record_id elsewhere = *root;
    elsewhere.bytes[0] ^= 1;
    uint64_t before = heard_of(porto);
    mono target = porto->update.shot[0].target;
    static const int64_t off_ns[] = {-NS_PER_DAY,   -NS_PER_S, -3 * NS_PER_MS,
                                     3 * NS_PER_MS, NS_PER_S,  NS_PER_DAY};
    struct forge_key organizer = forge_key(1), other_beacon = forge_key(12);
    uint8_t seed[32] = {77};
    struct trust_secret *pretender = trust_secret_new(seed, sim.beacon[0].key.public.id.bytes);
    for (size_t i = 0; i < sizeof off_ns / sizeof *off_ns; i++) {
        forge_one(0, organizer.secret, root, off_ns[i]);    /* an organizer is no beacon */
        forge_one(0, other_beacon.secret, root, off_ns[i]); /* a beacon, but not of this root */
        forge_one(0, pretender, root, off_ns[i]);           /* her id, another key */
        forge_one(0, sim.beacon[0].key.secret, &elsewhere, off_ns[i]);
    }
    trust_secret_free(organizer.secret);
    trust_secret_free(other_beacon.secret);
    trust_secret_free(pretender);
    sim_run(&sim, -59.2); /* before the next true one */
    assert_int_equal(heard_of(porto), before);
    assert_within((double)(porto->update.shot[0].target.ns - target.ns), 0, 1000);
    assert_int_equal(porto->mind.counts.unknown_key, 12);
    /* Her id, another key: one of them was too old to be worth a look at its signature. */
    assert_int_equal(porto->mind.counts.bad_signature + porto->mind.counts.replayed, 6);
    assert_int_equal(porto->mind.counts.foreign, 6);
    sim_run(&sim, 70);
    assert_within((double)porto->start[0].error / 1e6, 0, 1.5);
    end(NULL);
}

/* The same story with and without the replay: porto's start. */
static int64_t replay_story(bool is_replayed)
{
    begin(103, 200, 1, 1);
    sim.keeps_heard = true;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[2], 300 * NS_PER_MS, 20e-6);
    sim_run(&sim, -10);
    if (is_replayed) {
        assert_true(sim.heard_count > 100);
        for (size_t i = 0; i < sim.heard_count; i++) {
            const struct sim_message *old = sim.heard[i * 61 % sim.heard_count];
            sim_inject(&sim, 0, old->bytes, old->size, i % 5 == 0);
        }
    }
    sim_run(&sim, 70);
    assert_int_equal(porto->start_count, 1);
    assert_true(!is_replayed || porto->mind.counts.replayed > 50);
    int64_t at = porto->start[0].at;
    end(NULL);
    return at;
}

static void row_3_a_replayed_session_moves_nothing(void **state)
{
    (void)state;
    assert_within((double)(replay_story(true) - replay_story(false)) / 1e6, 0, 1);
}

static void hold(struct sim *world, const struct sim_event *event)
{
    world->broker[0].hold_ns = event->value;
}

static void row_4_delayed_ticks_and_a_black_hole(void **state)
{
    (void)state;
    begin(104, 300, 1, 1);
    struct sim_listener *oslo = listen("oslo", &PROFILES[2]);
    for (int i = 0; i <= 60; i++) { /* from 0 to 60 s, a second more every 4 s */
        sim_at(&sim, -260 + 4.2 * i, hold, 0, i * NS_PER_S);
    }
    sim_run(&sim, -5);
    sim.broker[0].drop = 1;
    sim_run(&sim, 70);
    assert_int_equal(oslo->start_count, 1);
    assert_within((double)oslo->start[0].error / 1e6, 0, 50);
    end(NULL);
}

static const int64_t LIES[] = {-NS_PER_DAY, -3600 * NS_PER_S, -NS_PER_S,
                               NS_PER_S,    60 * NS_PER_S,    NS_PER_DAY};

static void row_5_one_liar_of_three_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LIES / sizeof *LIES; i++) {
        begin(105 + i, 120, 3, 1);
        sim.beacon[1].is_honest = false;
        sim.beacon[1].lie_ns = LIES[i];
        struct sim_listener *oslo = listen("oslo", &PROFILES[2]);
        struct sim_listener *porto = listen_alone("porto", &PROFILES[2], NS_PER_S, 50e-6);
        sim_run(&sim, 70);
        struct sim_listener *both[] = {oslo, porto};
        for (size_t j = 0; j < 2; j++) {
            assert_int_equal(both[j]->start_count, 1);
            assert_within((double)both[j]->start[0].error / 1e6, 0, 50);
            size_t named = 0;
            for (size_t k = 0; k < LISTENER_BEACONS_MAX; k++) {
                if (sim_estimate(both[j])->verdict[k] == VERDICT_DISAGREES) {
                    named++;
                    assert_true(record_key_id_equal(&both[j]->mind.beacon[k].key.id,
                                                    &sim.beacon[1].key.public.id));
                }
            }
            /* Ticks that are late prove nothing; who asks nothing cannot accuse. */
            assert_int_equal(named, both[j] == porto || LIES[i] > 0);
        }
        end(NULL);
    }
}

static void row_5_two_liars_of_three_move_a_synchronised_host_by_2_s_at_most(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LIES / sizeof *LIES; i++) {
        begin(115 + i, 120, 3, 1);
        for (size_t j = 1; j < 3; j++) {
            sim.beacon[j].is_honest = false;
            sim.beacon[j].lie_ns = LIES[i];
        }
        struct sim_listener *oslo = listen("oslo", &PROFILES[2]);
        sim_run(&sim, 70);
        assert_int_equal(oslo->start_count, 1);
        assert_within((double)oslo->start[0].error / 1e9, 0, 2.01);
        end(NULL);
    }
}

static void row_6_equivocation_is_proved_and_ignored(void **state)
{
    (void)state;
    begin(106, 120, 3, 2);
    sim.beacon[0].is_honest = false;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], 100 * NS_PER_MS, 5e-6);
    sim_run(&sim, -60);
    assert_int_equal(porto->proofs, 0);
    sim.beacon[0].is_equivocating = true;
    sim_run(&sim, 70);
    /* The simulator has verified it with nothing but the beacon's public key (check_proof). */
    assert_int_equal(porto->proofs, 1);
    assert_true(porto->news[NEWS_LIAR] >= 1);
    assert_true(porto->mind.counts.by_liars > 0);
    assert_within((double)porto->start[0].error / 1e6, 0, 1.5);
    end(NULL);
}

static void junk(struct sim *world, const struct sim_event *event)
{
    uint8_t bytes[TICK_SIZE_MAX + 512];
    for (int i = 0; i < 20; i++) {
        for (size_t j = 0; j < sizeof bytes; j++) {
            bytes[j] = (uint8_t)chance_bits(&world->chance);
        }
        bytes[0] = 0xd2; /* it begins well */
        sim_inject(world, event->who, bytes, chance_bits(&world->chance) % sizeof bytes,
                   i % 2 == 0);
    }
}

static void row_10_a_hostile_broker_stops_nothing(void **state)
{
    (void)state;
    begin(110, 200, 2, 1);
    struct sim_listener *oslo = listen("oslo", &PROFILES[2]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[2], 400 * NS_PER_MS, -60e-6);
    sim.broker[0].drop = 0.3;
    sim.broker[0].duplicate = 0.5;
    sim.broker[0].reorder = 0.5;
    for (int i = 0; i < 190; i++) {
        sim_at(&sim, -195 + i, junk, 0, 0);
    }
    for (int i = 0; i < 20; i++) { /* it also throws everybody out, again and again */
        sim_run(&sim, -190 + 9 * i);
        sim_broker_down(&sim, 0);
        sim_run(&sim, -190 + 9 * i + 1);
        sim_broker_up(&sim, 0);
    }
    sim_run(&sim, 70);
    assert_int_equal(oslo->start_count, 1);
    assert_int_equal(porto->start_count, 1);
    assert_true(porto->mind.counts.malformed > 1000);
    assert_true(porto->mind.counts.heard > 50);
    assert_within((double)oslo->start[0].error / 1e6, 0, 50);
    assert_within((double)porto->start[0].error / 1e6, 0, 50);
    end(NULL);
}

static void row_14_a_listener_says_nothing_but_its_questions(void **state)
{
    (void)state;
    begin(114, 700, 2, 1);
    struct sim_listener *oslo = listen("oslo", &PROFILES[0]);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], NS_PER_S, 20e-6);
    struct sim_listener *quito = listen_alone("quito", &PROFILES[0], NS_PER_S, 20e-6);
    quito->options.no_ask = quito->mind.options.no_ask = true;
    sim_run(&sim, 70);
    assert_int_equal(oslo->asks, 0); /* its clock is good */
    /* Eight at once, eight in the minute after, then by the time left: some forty to each. */
    assert_in_range(porto->asks, 2 * 35, 2 * 45);
    assert_int_equal(quito->asks, 0);
    assert_memory_not_equal(porto->options.nonce_seed, quito->options.nonce_seed, 32);
    end(NULL);
}

static int64_t flood_story(bool is_flooded)
{
    begin(121, 100, 1, 1);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[0], NS_PER_S, 20e-6);
    sim_run(&sim, -4);
    uint8_t seed[32] = {78};
    struct trust_secret *pretender = trust_secret_new(seed, sim.beacon[0].key.public.id.bytes);
    struct tick tick = {.session = {0xF1}, .next_ms = 1000, .has_error = true};
    memcpy(tick.root, sim.records.anchor.root->id.bytes, sizeof tick.root);
    uint8_t bytes[TICK_SIZE_MAX];
    for (int i = 0; i < 20000; i++) { /* in one second; each of its own */
        sim_run(&sim, -4 + i / 20000.0);
        if (is_flooded) {
            tick.time.ns = sim_utc(&sim).ns + i * NS_PER_US;
            memcpy(tick.session + 2, &i, sizeof i);
            size_t size = tick_write(&tick, pretender, bytes);
            bytes[size - 1] ^= (uint8_t)i;
            sim_inject(&sim, 0, bytes, size, false);
        }
    }
    trust_secret_free(pretender);
    sim_run(&sim, 70);
    assert_int_equal(porto->start_count, 1);
    uint64_t judged = porto->mind.counts.bad_signature, unjudged = porto->mind.counts.unjudged;
    assert_true(!is_flooded || (judged + unjudged == 20000 && judged <= 33));
    /* Not one honest tick is lost but the first, which was sent before it had connected. */
    assert_int_equal(porto->mind.counts.heard, sim.ticks - 1);
    int64_t at = porto->start[0].at;
    end(NULL);
    return at;
}

static void row_21_20000_forged_ticks_in_a_second_move_no_start(void **state)
{
    (void)state;
    assert_within((double)(flood_story(true) - flood_story(false)) / 1e6, 0, 1);
}

static void row_22_steps_and_sleep_in_the_countdown(void **state)
{
    (void)state;
    static const int64_t by_s[] = {-366 * 86400, -3600, 3600, 366 * 86400, 0};
    for (size_t i = 0; i < sizeof by_s / sizeof *by_s; i++) {
        begin(122 + i, 200, 2, 1);
        struct sim_listener *porto = listen_alone("porto", &PROFILES[0], NS_PER_S, 20e-6);
        struct sim_listener *oslo = listen_alone("oslo", &PROFILES[0], NS_PER_S, 20e-6);
        sim_run(&sim, -20);
        if (by_s[i] == 0) { /* stopped for two seconds, and asleep for forty */
            porto->asleep_until = sim.now + 2 * NS_PER_S;
            sim_listener_sleep(&sim, 1, 40 * NS_PER_S);
        } else {
            sim_listener_step_clock(&sim, 0, by_s[i] * NS_PER_S);
        }
        sim_run(&sim, 5);
        if (by_s[i] != 0) {
            sim_listener_step_clock(&sim, 0, -by_s[i] * NS_PER_S);
            sim_listener_step_clock(&sim, 1, by_s[i] * NS_PER_S); /* after the start */
        }
        sim_run(&sim, 70);
        assert_int_equal(porto->start_count, 1);
        assert_within((double)porto->start[0].error / 1e6, 0, 1.5);
        assert_int_equal(oslo->start_count, by_s[i] != 0);
        assert_int_equal(oslo->news[NEWS_MISSED], by_s[i] == 0); /* said to be late, not rung */
        end(NULL);
    }
}

/* Declares, amends and cancels with these dates in the records; what was started, and when. */
static uint64_t dated_story(const char *made, const char *later)
{
    sim_open(&sim, 129, T0, 100, 1, 1);
    const struct record *root = sim.records.anchor.root;
    char at[64] = "one ";
    stamp_write(sim.zero, at + 4);
    struct forge_window window = {.root = root, .uid = 1, .at = {at}, .made = made};
    sim_put(&sim, forge_make_window(window), BY(1, 2),
            (struct sim_truth){.is_true = true, .uid = 1, .start = sim.zero});
    utc moved = {sim.zero.ns + 5 * NS_PER_S};
    stamp_write(moved, at + 4);
    window.seq = 1;
    window.prev[0] = sim.records.record[1];
    window.made = later;
    sim_put(&sim, forge_make_window(window), BY(2, 3),
            (struct sim_truth){.is_true = true, .uid = 1, .seq = 1, .start = moved});
    sim_beacon_learn(&sim, 0, 7);
    sim_beacon_start(&sim, 0);
    size_t which = sim_add_listener(&sim, "oslo", &PROFILES[0]);
    sim_listener_learn(&sim, which, 7);
    sim_listener_start(&sim, which);
    sim_run(&sim, 70);
    assert_int_equal(sim.listener[0].start_count, 1);
    uint64_t at_ns = (uint64_t)sim.listener[0].start[0].at;
    end(NULL);
    return at_ns;
}

static void row_29_dates_in_records_decide_nothing(void **state)
{
    (void)state;
    uint64_t plain = dated_story("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z");
    assert_true(dated_story("1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z") == plain);
    assert_true(dated_story("2100-01-01T00:00:00Z", "1970-01-01T00:00:00Z") == plain);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_2_fake_ticks_have_no_effect),
        cmocka_unit_test(row_3_a_replayed_session_moves_nothing),
        cmocka_unit_test(row_4_delayed_ticks_and_a_black_hole),
        cmocka_unit_test(row_5_one_liar_of_three_is_named),
        cmocka_unit_test(row_5_two_liars_of_three_move_a_synchronised_host_by_2_s_at_most),
        cmocka_unit_test(row_6_equivocation_is_proved_and_ignored),
        cmocka_unit_test(row_10_a_hostile_broker_stops_nothing),
        cmocka_unit_test(row_14_a_listener_says_nothing_but_its_questions),
        cmocka_unit_test(row_21_20000_forged_ticks_in_a_second_move_no_start),
        cmocka_unit_test(row_22_steps_and_sleep_in_the_countdown),
        cmocka_unit_test(row_29_dates_in_records_decide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
