/* links: view trust records */
/* The beacon's mind, told as timelines: a pretend clock, real records, real ticks. */
#include "herald_story.h"

static void a_start_is_counted_down_faster_and_faster(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:48:30Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, -589);
    assert_told(&story,
                "[  -690.0s] beacon > 1 window in force, the next moment at 2026-11-23T12:00:00Z\n"
                "[  -690.0s] beacon > tick 0, 11 min 30 s left\n"
                "[  -630.0s] beacon > tick 1, 10 min 30 s left\n"
                "[  -599.8s] beacon > tick 2, 10 min left\n"
                "[  -589.8s] beacon > tick 3, 9 min 50 s left\n");
    assert_int_equal(story.last_expiry_s, 30);
    assert_int_equal(story.last[0].next_ms, 10000);
    assert_int_equal(story.last[0].window_count, 1);
    assert_int_equal(story.last[0].window[0].state, TICK_COMING);
    assert_true(story.last[0].window[0].t0.ns == story.zero.ns);
    assert_int_equal(story.last[0].window[0].duration_ms, 60000);
    assert_memory_equal(story.last[0].window[0].record, story.constellation.record[1]->id.bytes, 8);
    live_until(&story, -6.5);
    story.told_len = 0;
    story.ticks[0] = 0;
    live_until(&story, -4.1);
    assert_told(&story, "[    -5.8s] beacon > tick 164, 6 s left\n"
                        "[    -4.8s] beacon > tick 165, 4.8 s left\n"
                        "[    -4.6s] beacon > tick 166, 4.6 s left\n"
                        "[    -4.4s] beacon > tick 167, 4.4 s left\n"
                        "[    -4.2s] beacon > tick 168, 4.2 s left\n");
    live_until(&story, -0.3);
    story.told_len = 0;
    live_until(&story, 2.5);
    assert_told(&story, "[    -0.2s] beacon > tick 188, 0.2 s left\n"
                        "[    -0.0s] beacon > tick 189, now\n"
                        "[     0.2s] beacon > tick 190, begun 0.2 s ago\n"
                        "[     1.2s] beacon > tick 191, begun 1.2 s ago\n"
                        "[     2.2s] beacon > tick 192, begun 2.2 s ago\n");
    assert_int_equal(story.last[0].window[0].state, TICK_BEGUN);
    live_until(&story, 11);
    assert_int_equal(story.last_expiry_s, 180);
    live_until(&story, 75);
    assert_int_equal(story.last[0].window[0].state, TICK_ENDED);
    live_until(&story, 135);
    assert_int_equal(story.last[0].window_count, 0); /* a minute after its end it is not shown */
    story_close(&story);
}

static void the_calm_cadence_is_about_a_hundred_ticks(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:45:00Z", "2026-11-23T12:00:00Z");
    story.herald.cadence = CADENCE_CALM;
    declare(&story, 'a', silence_at_noon, 2);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, -32);
    story.told_len = 0;
    live_until(&story, -28.5);
    assert_told(&story, "[   -29.8s] beacon > tick 63, 30 s left\n"
                        "[   -28.8s] beacon > tick 64, 29 s left\n");
    assert_int_equal(story.last[0].next_ms, 1000);
    assert_int_equal(story.last_expiry_s, 3);
    live_until(&story, 60);
    assert_int_equal(story.ticks[0], 105);
    story_close(&story);
}

static void a_lost_link_is_said_and_a_new_one_is_a_new_session(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:59:38Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    link_up(&story, 0, 1); /* before the records are read: nothing to say yet */
    assert_int_equal(story.ticks[0], 0);
    tell_view(&story);
    live_until(&story, -20.5);
    link_down(&story, 0);
    live_until(&story, -18.5);
    link_up(&story, 0, 2);
    assert_int_equal(story.last[0].counter, 0);
    assert_false(story.last[0].has_previous);
    assert_int_equal(story.last[0].next_ms, 698);
    live_until(&story, -17.5);
    assert_int_equal(story.last[0].counter, 1);
    assert_true(story.last[0].has_previous);
    assert_told(&story,
                "[   -22.0s] beacon > 1 window in force, the next moment at 2026-11-23T12:00:00Z\n"
                "[   -22.0s] beacon > tick 0, 22 s left\n"
                "[   -21.8s] beacon > tick 1, 22 s left\n"
                "[   -20.8s] beacon > tick 2, 21 s left\n"
                "[   -19.8s] beacon > 20 s left, no link: nothing sent\n"
                "[   -18.8s] beacon > 19 s left, no link: nothing sent\n"
                "[   -17.8s] beacon > tick 3, 18 s left\n");
    story_close(&story);
}

static void each_link_has_its_own_session_and_chain(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:59:50Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, -8.5);
    link_up(&story, 7, 2);
    live_until(&story, -3.9);
    assert_int_equal(story.last[0].counter, story.ticks[0] - 1);
    assert_int_equal(story.last[7].counter, story.ticks[7] - 1);
    assert_true(story.ticks[0] > story.ticks[7]);
    assert_memory_not_equal(story.last[0].session, story.last[7].session, 8);
    assert_memory_not_equal(story.last[0].previous, story.last[7].previous, TICK_PREVIOUS_SIZE);
    story_close(&story);
}

static void only_what_is_in_force_for_this_key_is_ticked(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:59:30Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 1); /* one signature of two: tentative */
    declare(&story, 'b',
            "at: 2026 2026-11-23T12:00:01Z\nfor: 1m\nbeacon: 0123456789abcdef\n"
            "expires: 2027-01-01T00:00:00Z\n",
            2); /* for another beacon alone */
    char ours[RECORD_KEY_ID_TEXT_SIZE], lines[300];
    record_key_id_write(&story.key.id, ours);
    snprintf(lines, sizeof lines,
             "at: 2026 2026-11-23T12:00:02Z\nfor: 1m\nbeacon: 0123456789abcdef\nbeacon: %s\n"
             "expires: 2027-01-01T00:00:00Z\n",
             ours);
    declare(&story, 'c', lines, 2);
    declare(&story, 'd', silence_at_noon, 2);
    char cancel[600];
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&story.constellation.record[4]->id, id);
    snprintf(cancel, sizeof cancel,
             "tocsin cancel 1\nroot: %s\nuid: dddddddddddddddddddddddddddddddd\nseq: 1\nprev: %s\n"
             "made: 2026-11-02T00:00:00Z\nreason: rain\n",
             story.constellation.root_id, id);
    constellation_add(&story.constellation, cancel, 3);
    tell_view(&story);
    link_up(&story, 0, 1);
    assert_int_equal(story.last[0].window_count, 2);
    assert_int_equal(story.last[0].window[0].uid.bytes[0], 0xdd);
    assert_int_equal(story.last[0].window[0].state, TICK_CANCELLED);
    assert_int_equal(story.last[0].window[1].uid.bytes[0], 0xcc);
    assert_int_equal(story.last[0].window[1].state, TICK_COMING);
    assert_told(
        &story,
        "[   -30.0s] beacon > 1 window in force, the next moment at 2026-11-23T12:00:02Z\n");
    story_close(&story);
}

static void a_key_that_is_not_the_root_s_ticks_nothing(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:59:30Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    static const uint8_t seed[32] = {8}, id[8] = {0xbe, 0xac, 0x07}; /* the same id, another key */
    struct trust_secret *other = trust_secret_new(seed, id);
    herald_init(&story.herald, &story.constellation.record[0]->id, other, leap_builtin(),
                CADENCE_LIVELY);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, 5);
    assert_int_equal(story.ticks[0], 0);
    assert_told(&story,
                "[   -30.0s] beacon > this key is not among the root's beacons: nothing will "
                "be ticked\n");
    trust_secret_free(other);
    story_close(&story);
}

static void waves_are_shown_but_do_not_hurry(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T17:55:00Z", "2026-11-23T18:00:00Z");
    declare(&story, 'a',
            "on: 2026 2026-11-23\nwave: 18:00\nfor: 10m\nexpires: 2027-01-01T00:00:00Z\n", 2);
    declare(&story, 'b',
            "on: 2026 2026-11-23\nwave: place\nat: 2026 2026-11-23T17:10:00Z Oslo\n"
            "at: 2026 2026-11-23T19:10:00Z Porto\nfor: 10m\nexpires: 2027-01-01T00:00:00Z\n",
            2);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, 301);
    assert_int_equal(story.ticks[0], 12); /* one a minute, ends included, and one for the link */
    assert_int_equal(story.last[0].window_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_false(story.last[0].window[i].has_t0);
        assert_int_equal(story.last[0].window[i].state, TICK_BEGUN);
    }
    assert_non_null(strstr(story.told, "no moment to come"));
    story_close(&story);
}

/* It runs all the same; every tick says that nothing is known of its clock. */
static void an_unsynchronised_clock_is_owned_up_to_in_every_tick(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:58:30Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    story.is_unsynchronised = true;
    tell_view(&story);
    link_up(&story, 0, 1);
    for (int second = -80; second <= 0; second++) {
        live_until(&story, second);
        assert_false(story.last[0].has_error);
        assert_false(story.last[0].has_tai);
    }
    assert_true(story.ticks[0] > 80);
    story.is_unsynchronised = false; /* chrony has come up */
    live_until(&story, 3);
    assert_true(story.last[0].has_error);
    assert_int_equal(story.last[0].error_ns, 500000);
    story_close(&story);
}

static void clock_steps_are_noticed_and_ridden_out(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:40:00Z", "2026-11-23T12:00:00Z");
    declare(&story, 'a', silence_at_noon, 2);
    tell_view(&story);
    link_up(&story, 0, 1);
    live_until(&story, -1100);
    story.now.ns -=
        3600 * NS_PER_S; /* back by an hour: the next tick within a minute all the same */
    int before = story.ticks[0];
    story.told_len = 0;
    live_until(&story, -1100 - 3600 + 61);
    assert_int_equal(story.ticks[0], before + 1);
    assert_non_null(strstr(story.told, "the clock went back 3"));
    story.now.ns = story.zero.ns - 3 * NS_PER_S; /* forward, into the last seconds */
    before = story.ticks[0];
    live_until(&story, -1.9);
    assert_true(story.ticks[0] >= before + 5);
    story_close(&story);
}

static void more_windows_than_fit_are_taken_nearest_first_and_again_later(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z");
    story.herald.cadence = CADENCE_CALM; /* ticks are not what it is about */
    enum { WINDOWS = HERALD_OCCURRENCES_MAX + 6 };
    char lines[16384] = "";
    size_t len = 0;
    for (int i = 0; i < WINDOWS; i++) { /* every ten minutes */
        char at[STAMP_TEXT_SIZE];
        stamp_write((utc){story.now.ns + (int64_t)(i + 1) * 600 * NS_PER_S}, at);
        len += (size_t)snprintf(lines + len, sizeof lines - len, "at: %d %s\n", i, at);
    }
    snprintf(lines + len, sizeof lines - len, "for: 1m\nexpires: 2027-01-01T00:00:00Z\n");
    declare(&story, 'a', lines, 2);
    tell_view(&story);
    link_up(&story, 0, 1);
    assert_int_equal(story.last[0].window_count, TICK_WINDOWS_MAX);
    int answered = 0;
    for (int i = 0; i < WINDOWS; i++) {
        live_until(&story, i * 600 + 605);
        story.told_len = 0;
        if (story.view_requests > answered) { /* as the daemon does */
            tell_view(&story);
            answered = story.view_requests;
        }
        assert_int_equal(story.last[0].window[0].state, TICK_BEGUN);
        assert_true(story.last[0].window[0].t0.ns ==
                    story.zero.ns + (int64_t)(i + 1) * 600 * NS_PER_S);
    }
    assert_true(story.view_requests >= WINDOWS / 2 - 5); /* each is answered up to 10 min later */
    story_close(&story);
}

static void the_records_topic_holds_what_is_needed_first(void **state)
{
    (void)state;
    struct story story;
    story_open(&story, "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z");
    declare(&story, 'c', "at: 2028 2028-11-23T12:00:00Z\nfor: 1m\nexpires: 2029-01-01T00:00:00Z\n",
            1); /* tentative: it has to reach its co-signers */
    declare(&story, 'b', "at: 2027 2027-11-23T12:00:00Z\nfor: 1m\nexpires: 2028-01-01T00:00:00Z\n",
            2);
    declare(&story, 'a', silence_at_noon, 2);
    declare(&story, 'd', "at: 2020 2020-11-23T12:00:00Z\nfor: 1m\nexpires: 2027-01-01T00:00:00Z\n",
            2);                               /* long past */
    declare(&story, 'e', silence_at_noon, 0); /* nobody's */
    char cancel[600];
    snprintf(cancel, sizeof cancel,
             "tocsin cancel 1\nroot: %s\nuid: cccccccccccccccccccccccccccccccc\nseq: 1\n"
             "made: 2026-11-02T00:00:00Z\nreason: rain\n",
             story.constellation.root_id);
    struct record_error error;
    struct record *probe;
    if (!record_read((const uint8_t *)cancel, strlen(cancel), leap_builtin(), &probe, &error)) {
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(&story.constellation.record[1]->id, id);
        snprintf(cancel, sizeof cancel,
                 "tocsin cancel 1\nroot: %s\nuid: cccccccccccccccccccccccccccccccc\nseq: 1\n"
                 "prev: %s\nmade: 2026-11-02T00:00:00Z\nreason: rain\n",
                 story.constellation.root_id, id);
    } else {
        record_free(probe);
    }
    constellation_add(&story.constellation, cancel, 1);
    struct view *view = constellation_view(&story.constellation, "2026-11-23T11:00:00Z");
    struct herald_ranked ranked[16];
    size_t count = herald_rank_records(story.constellation.entry, story.constellation.count, view,
                                       &story.constellation.record[0]->id,
                                       at_instant("2026-11-23T11:00:00Z"), ranked);
    const size_t expected[] = {0, 3, 2, 6, 1}; /* root, a, b; what waits: the cancel, c */
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(ranked[i].entry, expected[i]);
    }
    view_free(view);
    story_close(&story);
}

/* Whoever holds one key of each kind fills the topic with what nobody needs: it comes last. */
static void what_one_key_brings_comes_behind_what_is_in_force(void **state)
{
    (void)state;
    struct constellation of = {.now = at_instant("2027-08-02T07:25:00Z")};
    const struct record *root = of.anchor.root =
        put(&of,
            forge_make_root((struct forge_root){
                .threshold = 2, .organizer = {1, 2, 3}, .beacon = {9, 10, 11}, .lock_s = 86400}),
            BY(1, 2));
    put(&of, forge_make_revoke(root, 2, NULL, 0), BY(1));
    put(&of,
        forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {1, 12}}),
        BY(1, 12));
    const struct record *window =
        put(&of,
            forge_make_window(
                (struct forge_window){.root = root, .uid = 5, .at = {"2027 2027-08-02T08:25:00Z"}}),
            BY(1, 2));
    put(&of, forge_make_cancel(window, "x"), BY(1));
    put(&of,
        forge_make_window(
            (struct forge_window){.root = root, .uid = 6, .at = {"2027 2027-08-02T07:30:00Z"}}),
        BY(1));
    for (int i = 0; i < 3; i++) { /* a thief's, later than all others; one is far ahead */
        static const char *const made[] = {"2027-08-02T07:00:00Z", "2027-08-02T07:10:00Z",
                                           "2249-08-02T07:10:00Z"};
        put(&of, forge_make_heartbeat(root, 11, made[i], &root->id, 1), BY(11));
    }
    put(&of, forge_make_heartbeat(root, 9, "2027-08-01T06:00:00Z", &root->id, 1), BY(9));
    put(&of, forge_make_heartbeat(root, 10, "2027-08-01T07:00:00Z", &root->id, 1), BY(10));
    struct herald_ranked ranked[16];
    const struct view *view = look(&of);
    size_t count = herald_rank_records(of.entry, of.count, view, &root->id, of.now, ranked);
    /* root, window, each beacon's latest, the thief's second; then what one signed */
    const size_t expected[] = {0, 3, 7, 10, 9, 6, 2, 1, 4, 5};
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(ranked[i].entry, expected[i]);
    }
    constellation_free(&of);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_is_counted_down_faster_and_faster),
        cmocka_unit_test(the_calm_cadence_is_about_a_hundred_ticks),
        cmocka_unit_test(a_lost_link_is_said_and_a_new_one_is_a_new_session),
        cmocka_unit_test(each_link_has_its_own_session_and_chain),
        cmocka_unit_test(only_what_is_in_force_for_this_key_is_ticked),
        cmocka_unit_test(a_key_that_is_not_the_root_s_ticks_nothing),
        cmocka_unit_test(waves_are_shown_but_do_not_hurry),
        cmocka_unit_test(an_unsynchronised_clock_is_owned_up_to_in_every_tick),
        cmocka_unit_test(clock_steps_are_noticed_and_ridden_out),
        cmocka_unit_test(more_windows_than_fit_are_taken_nearest_first_and_again_later),
        cmocka_unit_test(the_records_topic_holds_what_is_needed_first),
        cmocka_unit_test(what_one_key_brings_comes_behind_what_is_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
