/* links: zones view trust records */
/* Which occurrences of a view a site rings, and when they are there. */
#include "constellation.h"
#include "listener/gather.h"

static struct constellation of;
static struct listener_occurrence found[8], left_out;

static int set_up(void **state)
{
    (void)state;
    constellation_init(&of, "Test", "");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    constellation_free(&of);
    return 0;
}

/* Lines after `made`, up to the duration and the rest. */
static void add_window(unsigned uid, const char *lines)
{
    char text[2048];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032x\nseq: 0\nmade: 2027-01-01T00:00:00Z\n%s",
             of.root_id, uid, lines);
    constellation_add(&of, text, 2);
}

#define LIKE(title)                                                                                \
    "title: " title "\ngesture: candles\ntone: celebration\nrule: written in another way\n"

static size_t gather_at(const struct listener_site *site, const char *now, size_t max)
{
    struct view *view = constellation_view(&of, "2027-01-02T00:00:00Z");
    memset(found, 0xEE, sizeof found);
    memset(&left_out, 0, sizeof left_out);
    size_t count = listener_gather(view, &of.record[0]->id, site, leap_builtin(),
                                   forge_instant(now), found, max, &left_out);
    view_free(view);
    return count;
}

static size_t gather(const struct listener_site *site)
{
    return gather_at(site, "2027-01-02T00:00:00Z", 8);
}

static void assert_starts(const struct listener_occurrence *one, const char *start, int64_t for_s)
{
    assert_int_equal(one->start.ns, forge_utc(start).ns);
    assert_int_equal(one->starts.tai_ns, forge_instant(start).tai_ns);
    assert_int_equal(one->end.ns - one->start.ns, for_s * NS_PER_S);
    assert_int_equal(one->ends.tai_ns - one->starts.tai_ns, for_s * NS_PER_S);
}

static void what_is_rung_is_told_whole(void **state)
{
    (void)state;
    add_window(5, "title: A \\\\ minute\ntitle.it: Un minuto\ngesture: candles\ntone: celebration\n"
                  "rule: 2 august at 10:25 in Europe/Rome for 1m\nat: 2027-a 2027-08-02T08:25:00Z\n"
                  "for: 1m\nexpires: 2028-01-01T00:00:00Z\n");
    assert_int_equal(gather(&(struct listener_site){0}), 1);
    assert_starts(found, "2027-08-02T08:25:00Z", 60);
    assert_string_equal(found->title, "A \\ minute");
    assert_string_equal(found->gesture, "candles");
    assert_string_equal(found->name.key, "2027-a");
    assert_true(record_id_equal(&found->name.root, &of.record[0]->id));
    assert_int_equal(found->name.uid.bytes[15], 5);
    assert_int_equal(found->tone, TONE_CELEBRATION);
    assert_int_equal(found->state, LISTENER_WAITING);
    assert_false(found->is_wave || found->is_alerted || found->is_marked);
    assert_int_equal(gather(&(struct listener_site){.languages = "de,it"}), 1);
    assert_string_equal(found->title, "Un minuto");
    struct view *view = constellation_view(&of, "2027-01-02T00:00:00Z");
    struct view_occurrence alerted = view->window[0].occurrence[0];
    struct view_window window = view->window[0];
    struct view shown = {.window = &window, .window_count = 1};
    alerted.alerted = true;
    window.occurrence = &alerted;
    struct listener_site any = {0};
    assert_int_equal(listener_gather(&shown, &of.record[0]->id, &any, leap_builtin(), of.now, found,
                                     8, &left_out),
                     1);
    assert_true(found->is_alerted);
    struct record_id other = of.record[0]->id;
    other.bytes[0] ^= 1;
    assert_int_equal(
        listener_gather(view, &other, &any, leap_builtin(), of.now, found, 8, &left_out), 0);
    view_free(view);
    of.entry[1].signer_count = 1; /* which nobody should ring yet */
    assert_int_equal(gather(&any), 0);
}

static void a_site_may_ring_some_windows_only(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 4; i++) {
        add_window(i, LIKE("One") "at: a 2027-08-02T08:25:00Z\nfor: 1m\n"
                                  "expires: 2028-01-01T00:00:00Z\n");
    }
    struct listener_site site = {0};
    assert_int_equal(gather(&site), 4);
    site.wanted[0].uid.bytes[15] = 9;
    site.wanted_count = 1;
    assert_int_equal(gather(&site), 0);
    site.wanted[0].uid.bytes[15] = 3;
    assert_int_equal(gather(&site), 1);
    site.wanted[1].uid.bytes[15] = 9;
    site.wanted[2].uid.bytes[15] = 1;
    site.wanted[3].uid.bytes[15] = 2; /* beyond its list */
    site.wanted_count = 3;
    assert_int_equal(gather(&site), 2);
    assert_int_equal(found[0].name.uid.bytes[15] + found[1].name.uid.bytes[15], 4);
    memcpy(site.wanted[0].root, found[0].name.root.bytes, sizeof site.wanted[0].root);
    assert_int_equal(gather(&site), 2);
    site.wanted[0].root[7] ^= 1; /* another constellation's, with the same uid */
    assert_int_equal(gather(&site), 1);
    assert_int_equal(found[0].name.uid.bytes[15], 1);
}

static void a_wave_by_the_clock_begins_by_the_sites_own(void **state)
{
    (void)state;
    add_window(1, LIKE("Wave") "on: a 2027-06-21\non: b 2027-12-31\nwave: 23:00\nfor: 10m\n"
                               "expires: 2028-01-01T00:00:00Z\n");
    for (int i = 0; i < 2; i++) { /* it does not know its zone, whenever it thinks that it lives */
        struct listener_site lost = {0};
        assert_int_equal(gather_at(&lost, i ? "1970-01-01T00:00:00Z" : "2027-01-02T00:00:00Z", 8),
                         0);
    }
    static const struct {
        int32_t offset_s;
        size_t count;
    } zones[] = {{7200, 2}, {0, 2}, {-3599, 2}, {-3600, 1}, {-7200, 1}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct zone *zone = zone_fixed("Here", zones[i].offset_s);
        struct listener_site site = {.zone = zone};
        assert_int_equal(gather(&site), zones[i].count); /* what begins once it is void is not */
        assert_int_equal(found->start.ns,
                         forge_utc("2027-06-21T23:00:00Z").ns - zones[i].offset_s * NS_PER_S);
        assert_int_equal(found->end.ns - found->start.ns, 600 * NS_PER_S);
        assert_true(found->is_wave);
        zone_free(zone);
    }
}

static void a_wave_by_places_begins_where_the_site_is(void **state)
{
    (void)state;
    add_window(1, LIKE("Wave") "on: a 2027-06-21\nwave: place\nat: a 2027-06-21T19:00:00Z Oslo\n"
                               "at: a 2027-06-21T18:00:00Z Rome\nfor: 10m\n"
                               "expires: 2028-01-01T00:00:00Z\n");
    add_window(2, LIKE("Days") "on: a 2027-06-21\nwave: day\nfor: 1d\n"
                               "expires: 2028-01-01T00:00:00Z\n");
    struct zone *zone = zone_fixed("Here", 7200);
    struct listener_site site = {.zone = zone, .place = "rome"};
    assert_int_equal(gather(&site), 1);
    assert_starts(found, "2027-06-21T18:00:00Z", 600);
    assert_true(found->is_wave);
    site.place = "Oslo";
    assert_int_equal(gather(&site), 1);
    assert_starts(found, "2027-06-21T19:00:00Z", 600);
    static const char *const elsewhere[] = {"Bergen", "Osl", "Oslo ", "", NULL};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        site.place = elsewhere[i];
        assert_int_equal(gather(&site), 0);
        assert_int_equal(gather_at(&site, "1970-01-01T00:00:00Z", 8), 0);
    }
    zone_free(zone);
}

static void what_ended_an_hour_ago_is_forgotten(void **state)
{
    (void)state;
    add_window(1, LIKE("One") "at: a 2027-08-02T08:25:00Z\nfor: 1m\n"
                              "expires: 2028-01-01T00:00:00Z\n");
    struct listener_site site = {0};
    assert_int_equal(gather_at(&site, "2027-08-02T09:26:00Z", 8), 1);
    assert_int_equal(gather_at(&site, "2027-08-02T09:26:01Z", 8), 0);
}

/* In whatever order the records have them. */
static void the_nearest_ones_are_kept_and_the_next_is_told(void **state)
{
    (void)state;
    add_window(1, LIKE("One") "at: d 2027-08-04T08:00:00Z\nat: b 2027-08-02T08:00:00Z\n"
                              "at: f 2027-08-06T08:00:00Z\nfor: 1m\n"
                              "expires: 2028-01-01T00:00:00Z\n");
    add_window(2, LIKE("Two") "at: e 2027-08-05T08:00:00Z\nat: a 2027-08-01T08:00:00Z\n"
                              "at: c 2027-08-03T08:00:00Z\nfor: 1m\n"
                              "expires: 2028-01-01T00:00:00Z\n");
    struct listener_site site = {0};
    for (size_t max = 0; max <= 7; max++) {
        size_t count = gather_at(&site, "2027-01-02T00:00:00Z", max);
        assert_int_equal(count, max < 6 ? max : 6);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(found[i].name.key[0], 'a' + (char)i);
        }
        assert_int_equal((unsigned char)found[count].name.key[0], 0xEE); /* nothing beyond them */
        assert_int_equal(left_out.name.key[0], max < 6 ? 'a' + (char)max : '\0');
    }
}

/* Of one instant: the first of the view before the next, so that equal views give equal lists. */
static void of_one_instant_the_first_are_kept(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        add_window(i, LIKE("One") "at: a 2027-08-02T08:25:00Z\nfor: 1m\n"
                                  "expires: 2028-01-01T00:00:00Z\n");
    }
    struct listener_site site = {0};
    assert_int_equal(gather_at(&site, "2027-01-02T00:00:00Z", 8), 3);
    uint8_t third = found[2].name.uid.bytes[15], first = found[0].name.uid.bytes[15];
    assert_int_equal(gather_at(&site, "2027-01-02T00:00:00Z", 2), 2);
    assert_int_equal(found[0].name.uid.bytes[15], first);
    assert_int_equal(left_out.name.uid.bytes[15], third);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_rung_is_told_whole),
        TEST(a_site_may_ring_some_windows_only),
        TEST(a_wave_by_the_clock_begins_by_the_sites_own),
        TEST(a_wave_by_places_begins_where_the_site_is),
        TEST(what_ended_an_hour_ago_is_forgotten),
        TEST(the_nearest_ones_are_kept_and_the_next_is_told),
        TEST(of_one_instant_the_first_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
