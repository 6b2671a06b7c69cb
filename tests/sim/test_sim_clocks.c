/* Clocks and paths that once fooled listeners: hidden relays, hosts that wake up in another
 * century, time daemons that slew, pauses that no clock shows. */
#include "seed.h"
#include "tale.h"

enum {
    LAN_PATH,
    WI_FI_PATH,
    INTERNET_PATH,
    LAN_RELAY = 6,
    WI_FI_RELAY,
    INTERNET_RELAY,
    UNEVEN_PATH = 11,
    LAN_FAN_OUT
};

static double error_ms(const struct sim_listener *listener)
{
    assert_int_equal(listener->start_count, 1);
    return (double)listener->start[0].error / 1e6;
}

/* What it believes now, less the truth. */
static double off_s(const struct sim_listener *listener)
{
    instant now = discipline_at(sim_estimate(listener), sim_clock_mono(&sim, &listener->clock));
    return (double)instant_since(now, sim_tai(&sim)).ns / 1e9;
}

/* 40 to 302 ms, once: half a round trip to the relay was all that was known of the path. */
static void a_relay_does_not_move_a_host_that_is_right(void **state)
{
    (void)state;
    static const size_t paths[] = {LAN_RELAY, WI_FI_RELAY, INTERNET_RELAY, UNEVEN_PATH,
                                   LAN_FAN_OUT};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        for (size_t beacons = 1; beacons <= 4; beacons++) {
            begin(201 + i, 120, beacons, 1);
            struct sim_listener *oslo = listen("oslo", &PROFILES[paths[i]]);
            sim_clock_held(&sim, &oslo->clock, 2 * NS_PER_MS, 0.8);
            sim_run(&sim, 70);
            assert_within(error_ms(oslo), 0, 2);
            assert_int_equal(oslo->asks, 0);
            assert_true(sim.hosts_judged > 100); /* never worse than alone, at any step */
            end(NULL);
        }
    }
}

/* Several beacons behind one path are not several witnesses of it. */
static void a_relay_falls_out_of_what_a_free_host_asks(void **state)
{
    (void)state;
    static const struct {
        size_t path;
        double within_ms;
    } try[] = {
        {LAN_PATH, 1.5}, {LAN_RELAY, 1.5}, {WI_FI_RELAY, 2}, {INTERNET_RELAY, 4}, {LAN_FAN_OUT, 2}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        for (size_t beacons = 1; beacons <= 3; beacons += 2) {
            begin(211 + i, 300, beacons, 1);
            struct sim_listener *porto =
                listen_alone("porto", &PROFILES[try[i].path], 3 * NS_PER_S, 40e-6);
            sim_run(&sim, -1);
            assert_true(sim_estimate(porto)->is_proved);
            sim_run(&sim, 70);
            assert_within(error_ms(porto), 0, try[i].within_ms);
            end(NULL);
        }
    }
}

/* Beacons on the first of a chain of brokers, listeners on the last. */
static struct sim_listener *listen_behind(uint64_t seed, double before_s, size_t beacons,
                                          size_t bridges, const struct profile *profile)
{
    sim_open(&sim, seed, T0, before_s, beacons, bridges + 1);
    sim.told_news = STARTS;
    declared = sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
    for (size_t i = 0; i < bridges; i++) {
        sim_bridge(&sim, i, i + 1, profile);
    }
    for (size_t i = 0; i < beacons; i++) {
        sim_beacon_learn(&sim, i, 3);
        sim_beacon_start(&sim, i);
    }
    size_t which = sim_add_listener(&sim, "porto", &PROFILES[LAN_PATH]);
    struct sim_listener *porto = &sim.listener[which];
    for (size_t i = 0; i < bridges; i++) {
        porto->path[i].is_used = false;
    }
    sim_listener_learn(&sim, which, 3);
    return porto;
}

static void bridge_again(struct sim *world, const struct sim_event *event)
{
    sim_bridge_again(world, event->who);
}

/* 103 ms, once, behind the bridge that was recommended: the bridge's delay was nobody's. */
static void a_bridge_moves_no_host_that_is_right_and_no_free_one(void **state)
{
    (void)state;
    static const struct {
        size_t path, bridges;
        double within_ms;
    } try[] = {{LAN_PATH, 1, 1.5},    {LAN_RELAY, 1, 1.5},    {WI_FI_RELAY, 1, 2.5},
               {INTERNET_PATH, 1, 4}, {INTERNET_RELAY, 1, 4}, {LAN_RELAY, 2, 1.5},
               {INTERNET_RELAY, 2, 6}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        for (size_t beacons = 1; beacons <= 3; beacons++) {
            struct sim_listener *porto =
                listen_behind(321 + i, 200, beacons, try[i].bridges, &PROFILES[try[i].path]);
            bool is_free = beacons != 2;
            if (is_free) {
                sim_clock_free(&sim, &porto->clock, 3 * NS_PER_S, 40e-6, 0.1e-6);
            } else {
                sim_clock_held(&sim, &porto->clock, 2 * NS_PER_MS, 0.8);
            }
            sim_listener_start(&sim, 0);
            sim_at(&sim, -30, bridge_again, 0, 0); /* what is retained comes like new */
            sim_run(&sim, -1);
            assert_int_equal(sim_estimate(porto)->is_proved, is_free);
            sim_run(&sim, 70);
            assert_within(error_ms(porto), 0, is_free ? try[i].within_ms : 2);
            assert_true(is_free ? sim.truths_judged > 100 : sim.hosts_judged > 100);
            end(NULL);
        }
    }
}

static void spoil(struct sim *world, const struct sim_event *event)
{
    sim_ear(world, event->who, 0, (int)event->value, 60 * NS_PER_S);
}

/* Neither moves an edge that is proved, or a start by more than it moves the best point. */
static void an_ear_that_hangs_starves_or_lies_moves_no_edge(void **state)
{
    (void)state;
    static const struct {
        int is;
        double within_ms;
    } try[] = {{EAR_HANGS, 1.5}, {EAR_STARVES, 30}, {EAR_LIES, 60}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        for (int is_free = 0; is_free < 2; is_free++) {
            begin(331 + i, 200, 3, 1);
            struct sim_listener *porto =
                is_free ? listen_alone("porto", &PROFILES[LAN_PATH], 3 * NS_PER_S, 40e-6)
                        : listen("porto", &PROFILES[LAN_PATH]);
            sim_at(&sim, -55, spoil, 0, try[i].is);
            sim_run(&sim, 70);
            assert_within(error_ms(porto), 0, is_free ? try[i].within_ms : 5);
            assert_true(sim.truths_judged > 100);
            end(NULL);
        }
    }
}

/* 10 min 30 s early, once, by the beacons of the next constellation. */
static void neighbours_who_lie_move_nobody_elses_time(void **state)
{
    (void)state;
    static const int64_t lies_s[] = {630, -630, 2};
    for (size_t i = 0; i < sizeof lies_s / sizeof *lies_s; i++) {
        for (int is_free = 0; is_free < 2; is_free++) {
            sim_open(&sim, 341 + i, T0, 200, 1, 1);
            sim.told_news = STARTS;
            declared = sim_add_window(&sim, 1, 0, sim.zero, 60, 2);
            sim_add_neighbours(&sim, 2, (utc){sim.zero.ns + 20 * NS_PER_S});
            for (size_t j = 0; j < 3; j++) {
                sim.beacon[j].is_honest = !sim.beacon[j].is_neighbour;
                sim.beacon[j].lie_ns = sim.beacon[j].is_neighbour ? lies_s[i] * NS_PER_S : 0;
                sim_beacon_learn(&sim, j, 3);
                sim_beacon_start(&sim, j);
            }
            struct sim_listener *porto =
                is_free ? listen_alone("porto", &PROFILES[LAN_PATH], NS_PER_S, 40e-6)
                        : listen("porto", &PROFILES[LAN_PATH]);
            sim_run(&sim, 70);
            size_t ours = 0;
            for (size_t j = 0; j < porto->start_count; j++) {
                const struct sim_start *start = &porto->start[j];
                if (record_id_equal(&start->name.root, &porto->root)) {
                    assert_within((double)start->error / 1e6, 0, is_free ? 2 : 5);
                    ours++;
                }
            }
            assert_int_equal(ours, 1);
            assert_true(sim.truths_judged > 100);
            end(NULL);
        }
    }
}

/* Half of what the two ways differ by cannot be seen, and is within the bound that is shown. */
static void an_uneven_path_is_within_the_bound_shown(void **state)
{
    (void)state;
    begin(221, 300, 1, 1);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[UNEVEN_PATH], NS_PER_S, 40e-6);
    sim_run(&sim, -1);
    const struct discipline_estimate *estimate = sim_estimate(porto);
    assert_true(estimate->is_proved);
    assert_in_range(instant_since(estimate->latest, estimate->earliest).ns, 200 * NS_PER_MS,
                    300 * NS_PER_MS);
    sim_run(&sim, 70);
    assert_within(error_ms(porto), -90, 10);
    end(NULL);
}

/* 36.9 s late for 1970, once: what had passed was taken for leap seconds that happened now. */
static void a_host_of_any_date_starts_on_time(void **state)
{
    (void)state;
    static const char *const dates[] = {
        "1970-01-01T00:00:00Z", "1970-01-01T00:00:42Z", "1973-01-01T00:00:00Z",
        "1980-01-06T00:00:00Z", "2000-01-01T00:00:00Z", "2016-06-01T00:00:00Z",
        "2016-12-31T23:59:59Z", "2017-06-01T00:00:00Z", "2027-08-01T08:00:00Z",
        "2027-08-03T00:00:00Z", "2040-01-01T00:00:00Z"};
    struct seed seed = seed_take("host dates");
    enum { NAMED = sizeof dates / sizeof *dates, RANDOM = 20 };
    for (size_t i = 0; i < NAMED + RANDOM; i++) {
        for (size_t beacons = 1; beacons <= 3; beacons += 2) {
            begin(231 + i, 90, beacons, 2);
            utc born = {0};
            if (i < NAMED) {
                assert_true(stamp_read(dates[i], strlen(dates[i]), &born));
            } else {
                born.ns = (int64_t)(seed_next(&seed) % (80 * 366)) * NS_PER_DAY;
            }
            struct sim_listener *porto =
                listen_alone("porto", &PROFILES[WI_FI_PATH], born.ns - sim_utc(&sim).ns, 40e-6);
            sim_run(&sim, 70);
            if (porto->start_count != 1) {
                fail_msg("a host of %lld s since 1970 did not start",
                         (long long)(born.ns / NS_PER_S));
            }
            assert_within(error_ms(porto), 0, 2);
            end(NULL);
        }
    }
}

static void slew(struct sim *world, const struct sim_event *event)
{
    sim_clock_slew(world, &world->listener[event->who].clock, (double)event->value * 1e-6);
}

/* CLOCK_MONOTONIC follows each of them; the edges age on the other one. */
static void a_time_daemon_that_slews_moves_no_edge_and_no_start(void **state)
{
    (void)state;
    static const int64_t ppm[] = {500, -500, 50000, -50000, 83333, -83333};
    for (size_t i = 0; i < sizeof ppm / sizeof *ppm; i++) {
        begin(251 + i, 200, 3, 1);
        for (size_t j = 0; j < 3; j++) {
            sim.beacon[j].herald.cadence = CADENCE_CALM; /* nothing is heard between */
        }
        struct sim_listener *porto =
            listen_alone("porto", &PROFILES[WI_FI_PATH], 2 * NS_PER_S, 40e-6);
        sim_at(&sim, -60, slew, 0, ppm[i]);
        sim_at(&sim, -31.3, slew, 0, 0);
        sim_at(&sim, -9.7, slew, 0, -ppm[i]);
        sim_at(&sim, -0.45, slew, 0, ppm[i]); /* and the other way over the start */
        sim_run(&sim, 70);
        assert_within(error_ms(porto), 0, 2.5);
        assert_true(sim.truths_judged > 100);
        end(NULL);
    }
}

static void move_machine(struct sim *world, const struct sim_event *event)
{
    struct sim_listener *listener = &world->listener[event->who];
    sim_clock_pause(world, &listener->clock, event->value);
    listener->asleep_until = world->now + event->value;
    listener->disturbed_at = listener->asleep_until;
}

/* A virtual machine that is moved: the beacons' ticks lie beyond what they themselves answered. */
static void a_pause_that_no_clock_shows_is_found_out(void **state)
{
    (void)state;
    for (size_t beacons = 1; beacons <= 3; beacons++) {
        begin(261 + beacons, 200, beacons, 1);
        sim.told_news |= 1 << NEWS_CLOCK | 1 << NEWS_BEACON;
        struct sim_listener *porto =
            listen_alone("porto", &PROFILES[INTERNET_PATH], 2 * NS_PER_S, 40e-6);
        sim_at(&sim, -50, move_machine, 0, 12 * NS_PER_S);
        sim_run(&sim, -20);
        assert_non_null(strstr(sim.timeline, "stood still and no clock shows it"));
        assert_within(off_s(porto), 0, 0.01);
        sim_run(&sim, 70);
        assert_within(error_ms(porto), 0, 4);
        end(NULL);
    }
}

static void lie(struct sim *world, const struct sim_event *event)
{
    world->beacon[event->who].is_honest = false;
    world->beacon[event->who].lie_ns = event->value;
}

/* One of three that leaps ahead, again and again, may void what it said itself, and no more. */
static void a_liar_who_leaps_ahead_voids_nobody_else(void **state)
{
    (void)state;
    begin(271, 200, 3, 1);
    struct sim_listener *porto = listen_alone("porto", &PROFILES[LAN_PATH], 2 * NS_PER_S, 40e-6);
    sim_run(&sim, -100);
    for (int i = 0; i < 90; i++) {
        sim_at(&sim, -90 + i, lie, 2, (i + 1) * NS_PER_S);
    }
    for (int i = -95; i < 0; i += 5) {
        sim_run(&sim, i);
        const struct discipline_estimate *estimate = sim_estimate(porto);
        assert_true(estimate->is_proved);
        assert_true(instant_since(estimate->latest, estimate->earliest).ns < 50 * NS_PER_MS);
    }
    sim_run(&sim, 70);
    assert_within(error_ms(porto), 0, 1.5);
    end(NULL);
}

/* Its time service lies: it asks, and is brought back by two seconds, which is all. */
static void a_synchronised_host_that_is_ahead_asks_and_is_moved(void **state)
{
    (void)state;
    static const struct {
        int64_t ahead_ns;
        double error_ms;
    } try[] = {{1500 * NS_PER_MS, 0}, {7 * NS_PER_S, -5000}, {-7 * NS_PER_S, 5000}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        begin(281 + i, 120, 3, 1);
        struct sim_listener *oslo = listen("oslo", &PROFILES[LAN_PATH]);
        oslo->clock.is_honest = false;
        sim_clock_step(&sim, &oslo->clock, try[i].ahead_ns);
        sim_run(&sim, 70);
        assert_within(error_ms(oslo), try[i].error_ms, 60);
        assert_true((oslo->asks > 0) == (try[i].ahead_ns > 0));
        end(NULL);
    }
}

/* Two of five cannot. */
static void a_minority_of_the_root_moves_no_synchronised_host(void **state)
{
    (void)state;
    begin(291, 120, 4, 1);
    struct sim_listener *oslo = listen("oslo", &PROFILES[LAN_PATH]);
    oslo->deaf = 3; /* the honest ones are kept from it */
    for (size_t i = 2; i < 4; i++) {
        sim.beacon[i].is_honest = false;
        sim.beacon[i].lie_ns = 2 * NS_PER_S;
    }
    sim.judges_truth = false;
    sim_run(&sim, 70);
    assert_within(error_ms(oslo), 0, 5);
    end(NULL);
}

/* A box without an uplink: its beacon does not know the time, and those around it begin
 * together. */
static void where_nobody_knows_the_time_they_begin_together(void **state)
{
    (void)state;
    begin(301, 120, 1, 1);
    sim.beacon[0].has_error = false;
    sim.beacon[0].lie_ns = 40 * NS_PER_S;
    sim.told_news |= 1 << NEWS_CLOCK;
    struct sim_listener *porto = listen_alone("porto", &PROFILES[LAN_PATH], -50 * NS_PER_S, 40e-6);
    struct sim_listener *quito = listen_alone("quito", &PROFILES[LAN_PATH], 3 * NS_PER_S, -40e-6);
    sim_run(&sim, 70);
    assert_within(error_ms(porto), error_ms(quito), 2);
    assert_within(error_ms(porto), -40000, 2);
    assert_int_equal(sim_estimate(porto)->doubt, DOUBT_TOGETHER);
    assert_false(sim_estimate(porto)->is_bounded);
    assert_non_null(strstr(sim.timeline, "together with beacon someone, UTC unknown"));
    end(NULL);
}

/* Unasked: what is proved is that it is late, and up to there it is moved. */
static void whoever_asks_nobody_is_moved_up_and_never_down(void **state)
{
    (void)state;
    static const struct {
        int64_t off_ns;
        bool trust_replay, is_moved;
    } try[] = {{-3 * NS_PER_S, false, true},         {-1800 * NS_PER_S, false, true},
               {-2 * 3600 * NS_PER_S, false, false}, {-2 * 3600 * NS_PER_S, true, true},
               {3 * NS_PER_S, false, false},         {3 * NS_PER_S, true, false}};
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        begin(311 + i, 120, 2, 1);
        sim.told_news |= 1 << NEWS_CLOCK;
        size_t which = sim_add_listener(&sim, "porto", &PROFILES[WI_FI_PATH]);
        struct sim_listener *porto = &sim.listener[which];
        sim_clock_free(&sim, &porto->clock, try[i].off_ns, 20e-6, 0.1e-6);
        porto->options.no_ask = true;
        porto->options.trust_replay = try[i].trust_replay;
        sim_listener_learn(&sim, which, 3);
        sim_listener_start(&sim, which);
        sim_run(&sim, -1);
        assert_within(off_s(porto), try[i].is_moved ? 0 : (double)try[i].off_ns / 1e9, 0.03);
        assert_false(sim_estimate(porto)->is_bounded);
        assert_int_equal(porto->asks, 0);
        assert_non_null(strstr(sim.timeline, try[i].is_moved || try[i].off_ns > 0
                                                 ? "nothing vouches that it is not ahead"
                                                 : "more than an hour ahead"));
        end(NULL);
    }
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relay_does_not_move_a_host_that_is_right),
        cmocka_unit_test(a_relay_falls_out_of_what_a_free_host_asks),
        cmocka_unit_test(a_bridge_moves_no_host_that_is_right_and_no_free_one),
        cmocka_unit_test(an_ear_that_hangs_starves_or_lies_moves_no_edge),
        cmocka_unit_test(neighbours_who_lie_move_nobody_elses_time),
        cmocka_unit_test(an_uneven_path_is_within_the_bound_shown),
        cmocka_unit_test(a_host_of_any_date_starts_on_time),
        cmocka_unit_test(a_time_daemon_that_slews_moves_no_edge_and_no_start),
        cmocka_unit_test(a_pause_that_no_clock_shows_is_found_out),
        cmocka_unit_test(a_liar_who_leaps_ahead_voids_nobody_else),
        cmocka_unit_test(a_synchronised_host_that_is_ahead_asks_and_is_moved),
        cmocka_unit_test(a_minority_of_the_root_moves_no_synchronised_host),
        cmocka_unit_test(where_nobody_knows_the_time_they_begin_together),
        cmocka_unit_test(whoever_asks_nobody_is_moved_up_and_never_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
