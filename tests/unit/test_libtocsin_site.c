/* The C library as a lamp's maker would use it: bytes and clock readings in, advice out. */
/* links: stream */
#include "site_world.h"

#include "ticks/tick.h"

static void a_confirmed_window_is_advised_to_the_nanosecond_of_a_good_clock(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.has_next);
    assert_false(advice.is_late);
    assert_string_equal(advice.title, "A minute");
    assert_string_equal(advice.gesture, "silence");
    assert_int_equal(advice.t0_utc_ns, utc_of("2027-05-01T12:01:00Z"));
    assert_int_equal(advice.end_utc_ns - advice.t0_utc_ns, 60 * NS_PER_S);
    assert_true(advice.is_bounded);
    assert_true(advice.earliest_utc_ns <= clocks.utc_ns && clocks.utc_ns <= advice.latest_utc_ns);
    assert_in_range(advice.begin_mono_ns, boot_ns + 60 * NS_PER_S - 1000,
                    boot_ns + 60 * NS_PER_S + 5 * NS_PER_MS);
    tocsin_free(site);
    world_free(&world);
}

static void one_signature_of_two_is_never_advised(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_false(advice.has_next);
    tocsin_free(site);
    world_free(&world);
}

static void what_began_is_not_advised_again_nor_after_a_restart(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    clocks = clocks_at(60.01, 0, true);
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.has_next);
    assert_true(clocks.mono_ns >= advice.begin_mono_ns);
    char mark[TOCSIN_MARK_SIZE];
    memcpy(mark, advice.mark, sizeof mark);
    assert_true(tocsin_began(site, mark));
    tocsin_think(site, &clocks, &advice);
    assert_false(advice.has_next);
    tocsin_free(site);

    site = site_in(&world);
    assert_true(tocsin_began(site, mark));
    clocks = clocks_at(0, 0, true); /* even on a clock set back */
    tocsin_think(site, &clocks, &advice);
    assert_false(advice.has_next);
    assert_false(tocsin_began(site, "not a mark"));
    tocsin_free(site);
    world_free(&world);
}

static void a_late_comer_is_told_to_join_quietly(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(75, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.has_next);
    assert_true(advice.is_late);
    tocsin_free(site);
    world_free(&world);
}

static void ticks_of_the_roots_beacon_mend_a_clock_and_no_others_do(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = site_in(&world);
    const int64_t wrong = -800 * NS_PER_MS; /* the host is slow, and does not claim to know */
    struct forge_key beacon = forge_key(9), stranger = forge_key(4);
    uint8_t before[TICK_SIZE_MAX];
    size_t before_size = 0;
    for (uint32_t n = 0; n < 20; n++) {
        struct tocsin_clocks clocks = clocks_at(n, wrong, false);
        struct tick tick = {.session = {7},
                            .counter = n,
                            .time = {clocks.utc_ns - wrong - NS_PER_MS},
                            .has_error = true,
                            .error_ns = NS_PER_MS,
                            .has_tai = true,
                            .tai_minus_utc_s = 37,
                            .next_ms = 1000};
        memcpy(tick.root, record_root_of(world.root)->bytes, sizeof tick.root);
        if (n > 0) {
            tick.has_previous = true;
            tick_hash(before, before_size, tick.previous);
        }
        uint8_t bytes[TICK_SIZE_MAX];
        struct tocsin_topic topic;
        assert_true(tocsin_topic(site, 2, &topic));
        assert_non_null(strstr(topic.name, "/tick/"));
        struct tocsin_message message = {
            .topic = topic.name, .bytes = bytes, .mono_ns = clocks.mono_ns};
        message.size = tick_write(&tick, stranger.secret, bytes);
        assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_REFUSED);
        message.size = tick_write(&tick, beacon.secret, bytes);
        assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_OK);
        assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_REFUSED);
        memcpy(before, bytes, message.size);
        before_size = message.size;
    }
    struct tocsin_clocks clocks = clocks_at(20, wrong, false);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_true(advice.has_next);
    assert_in_range(advice.begin_mono_ns, boot_ns + 60 * NS_PER_S - 20 * NS_PER_MS,
                    boot_ns + 60 * NS_PER_S + 20 * NS_PER_MS);
    trust_secret_free(beacon.secret);
    trust_secret_free(stranger.secret);
    tocsin_free(site);
    world_free(&world);
}

static void bytes_that_are_not_records_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    char why[TOCSIN_WHY_SIZE] = "";
    assert_int_equal(tocsin_records(site, world.records.bytes, world.records.size, NULL),
                     TOCSIN_REFUSED); /* nobody is believed yet */
    assert_int_equal(tocsin_anchor(site, "junk", 4, why), TOCSIN_REFUSED);
    assert_true(strlen(why) > 0);
    assert_int_equal(tocsin_anchor(site, world.records.bytes, world.records.size, why),
                     TOCSIN_REFUSED); /* a window is no anchor */
    for (size_t size = 0; size < world.anchor.size; size += 7) {
        assert_int_equal(tocsin_anchor(site, world.anchor.bytes, size, why), TOCSIN_REFUSED);
    }
    assert_null(tocsin_new(&(struct tocsin_options){.zone_tzif = "TZif?", .zone_size = 5}));
    tocsin_free(site);
    world_free(&world);
}

/* Whoever copies the file on its way may add to it, but not who is believed. */
static void a_root_appended_to_the_file_is_not_believed(void **state)
{
    (void)state;
    struct constellation world;
    world_make(&world, (unsigned[]){1, 2, 0});
    struct record *forged =
        forge_make_root((struct forge_root){.prev = world.root, .threshold = 1, .organizer = {11}});
    struct record *early = forge_make_window(
        (struct forge_window){.root = world.root, .uid = 6, .at = {"2027 2027-05-01T12:00:30Z"}});
    bundle_add(&world.anchor, forged, (unsigned[]){11, 0});
    bundle_add(&world.anchor, early, (unsigned[]){11, 0});
    struct tocsin *site = site_in(&world);
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    assert_int_equal(advice.t0_utc_ns, utc_of("2027-05-01T12:01:00Z"));
    char id[RECORD_ID_TEXT_SIZE];
    struct tocsin_root text;
    record_id_write(&world.root->id, id);
    assert_true(tocsin_root(site, 0, &text));
    assert_non_null(strstr(text.line, id));
    assert_non_null(strstr(text.line, "version 1, 2 of 3 organizers: Bell"));
    assert_false(tocsin_root(site, 1, &text));
    /* given by hand, alone, it is believed, and has an id of its own */
    char why[TOCSIN_WHY_SIZE];
    assert_int_equal(tocsin_anchor(site, forged->bytes, forged->size, why), TOCSIN_OK);
    assert_true(tocsin_root(site, 0, &text));
    assert_null(strstr(text.line, id));
    tocsin_free(site);
    record_free(forged);
    record_free(early);
    world_free(&world);
}

static void give_heartbeat(struct tocsin *site, const struct record *root, unsigned by,
                           const char *made)
{
    struct record *beat = forge_make_heartbeat(root, by, made, &root->id, 1);
    struct bundle *bundle = calloc(1, sizeof *bundle);
    struct tocsin_counts counts;
    assert_non_null(bundle);
    bundle_add(bundle, beat, (unsigned[]){by, 0});
    assert_int_equal(tocsin_records(site, bundle->bytes, bundle->size, &counts), TOCSIN_OK);
    assert_int_equal(counts.records_new, 1);
    free(bundle);
    record_free(beat);
}

/* As it is `s` seconds after 12:00:00. */
static struct tocsin_freshness freshness_at(struct tocsin *site, double s)
{
    struct tocsin_clocks clocks = clocks_at(s, 0, true);
    struct tocsin_advice advice;
    struct tocsin_freshness is;
    tocsin_think(site, &clocks, &advice);
    assert_true(tocsin_freshness(site, 0, &is));
    assert_int_equal(is.beacons, 3);
    assert_int_equal(is.needed, 2);
    return is;
}

/* Whoever keeps records away keeps heartbeats away too, and may have stolen one beacon's key. */
static void too_few_beacons_that_told_in_time_make_a_copy_stale(void **state)
{
    (void)state;
    struct constellation world = {.root = forge_make_root((struct forge_root){
                                      .threshold = 1, .organizer = {1}, .beacon = {9, 10, 11}})};
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    char why[TOCSIN_WHY_SIZE];
    struct tocsin_freshness is;
    assert_false(tocsin_freshness(site, 0, &is));
    bundle_add(&world.anchor, world.root, (unsigned[]){1, 0});
    assert_int_equal(tocsin_anchor(site, world.anchor.bytes, world.anchor.size, why), TOCSIN_OK);
    assert_true(tocsin_freshness(site, 0, &is)); /* nothing was thought yet */
    assert_false(is.is_stale || is.has_until || is.beacons > 0);
    assert_false(tocsin_freshness(site, 1, &is));

    is = freshness_at(site, 0); /* nobody has ever told: nothing to miss */
    assert_false(is.is_stale || is.has_until || is.told > 0);
    give_heartbeat(site, world.root, 9, "2027-05-01T11:00:00Z");
    is = freshness_at(site, 1);
    assert_true(is.is_stale && is.has_until && is.told == 1);
    assert_int_equal(is.until_utc_ns, utc_of("2027-05-01T11:00:00Z"));
    give_heartbeat(site, world.root, 11, "2027-05-01T10:00:00Z");
    is = freshness_at(site, 2);
    assert_true(!is.is_stale && is.has_until && is.told == 2);
    assert_int_equal(is.until_utc_ns, utc_of("2027-05-02T10:00:00Z")); /* both are due by then */
    is = freshness_at(site, 22 * 3600 + 1);                            /* with time alone */
    assert_true(is.is_stale && is.has_until && is.told == 1);
    assert_int_equal(is.until_utc_ns, utc_of("2027-05-02T10:00:00Z"));
    give_heartbeat(site, world.root, 10, "2027-05-02T09:00:00Z");
    is = freshness_at(site, 22 * 3600 + 2);
    assert_true(!is.is_stale && is.has_until && is.told == 2);
    tocsin_free(site);
    world_free(&world);
}

static void a_site_without_a_root_knows_nobody(void **state)
{
    (void)state;
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    struct tocsin_clocks clocks = clocks_at(0, 0, true);
    struct tocsin_advice advice;
    tocsin_think(site, &clocks, &advice);
    struct tocsin_beacon beacon;
    struct tocsin_topic topic;
    struct tocsin_window window;
    struct tocsin_question question;
    char url[TOCSIN_URL_SIZE], text[64], mark[TOCSIN_MARK_SIZE];
    int64_t begin_mono_ns;
    bool may_begin;
    assert_false(advice.has_next);
    assert_false(tocsin_beacon(site, 0, &beacon));
    assert_false(tocsin_topic(site, 0, &topic));
    assert_false(tocsin_broker(site, 0, url));
    assert_false(tocsin_window(site, 0, &window));
    assert_int_equal(tocsin_window_text(site, 0, TOCSIN_TEXT_ABOUT, text, sizeof text), 0);
    assert_false(tocsin_question(site, &question));
    assert_false(tocsin_shot(site, 0, mark, &begin_mono_ns, &may_begin));
    struct tocsin_message message = {.topic = "tocsin/1/00/tick/00", .bytes = "x", .size = 1};
    assert_int_equal(tocsin_heard(site, &clocks, &message), TOCSIN_REFUSED);
    tocsin_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_confirmed_window_is_advised_to_the_nanosecond_of_a_good_clock),
        cmocka_unit_test(one_signature_of_two_is_never_advised),
        cmocka_unit_test(what_began_is_not_advised_again_nor_after_a_restart),
        cmocka_unit_test(a_late_comer_is_told_to_join_quietly),
        cmocka_unit_test(ticks_of_the_roots_beacon_mend_a_clock_and_no_others_do),
        cmocka_unit_test(bytes_that_are_not_records_are_refused_with_a_reason),
        cmocka_unit_test(a_root_appended_to_the_file_is_not_believed),
        cmocka_unit_test(too_few_beacons_that_told_in_time_make_a_copy_stale),
        cmocka_unit_test(a_site_without_a_root_knows_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
