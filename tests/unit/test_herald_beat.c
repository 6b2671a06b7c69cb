/* links: view records */
/* When a beacon writes its heartbeat, and what it says. */
#include "constellation.h"
#include "herald/herald.h"

struct scene {
    struct constellation constellation;
    struct record_public_key beacon;
    struct herald_beat beat;
};

static int set_up(void **state)
{
    struct scene *scene = test_calloc(1, sizeof *scene);
    memset(&scene->beacon.id, 0x71, sizeof scene->beacon.id);
    memset(scene->beacon.key, 0x72, sizeof scene->beacon.key);
    char base64[RECORD_PUBLIC_KEY_TEXT_SIZE], line[128];
    record_public_key_write(&scene->beacon, base64);
    snprintf(line, sizeof line, "beacon: %s bell\nlock: 24h\n", base64);
    constellation_init(&scene->constellation, "Bell", line);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    constellation_free(&scene->constellation);
    test_free(scene);
    return 0;
}

static void declare(struct scene *scene, unsigned number, const char *expires, size_t signers)
{
    char text[1024];
    snprintf(text, sizeof text,
             "tocsin window 1\nroot: %s\nuid: %032u\nseq: 0\nmade: 2026-11-01T00:00:00Z\n"
             "title: One\ngesture: silence\ntone: vigil\nrule: 2027-06-01 at 10:00 UTC for 1m\n"
             "at: a 2027-06-01T10:00:00Z\nfor: 1m\nexpires: %s\n",
             scene->constellation.root_id, number, expires);
    constellation_add(&scene->constellation, text, signers);
}

static bool is_due(struct scene *scene, const char *now)
{
    struct view *view = constellation_view(&scene->constellation, now);
    bool is =
        herald_beat_is_due(&scene->beat, scene->constellation.entry, scene->constellation.count,
                           &view->root[0], &scene->beacon, at_instant(now));
    view_free(view);
    return is;
}

/* Writes the heartbeat of now into the set; how many it names. */
static size_t beat(struct scene *scene, const char *now)
{
    struct constellation *of = &scene->constellation;
    struct view *view = constellation_view(of, now);
    static struct record_id name[CONSTELLATION_RECORDS_MAX];
    static char text[RECORD_SIZE_MAX + 1];
    size_t names = herald_beat_names(of->entry, of->count, &view->root[0], at_instant(now), name),
           size;
    struct record value =
        herald_beat_record(&view->root[0], &scene->beacon, at_instant(now), (span){NS_PER_DAY},
                           name, names < HERALD_BEAT_NAMES ? names : HERALD_BEAT_NAMES);
    struct record_error error;
    assert_true(record_write(&value, leap_builtin(), text, &size, &error));
    text[size] = '\0';
    constellation_add(of, text, 0);
    of->entry[of->count - 1].signer = &scene->beacon;
    of->entry[of->count - 1].signer_count = 1;
    view_free(view);
    return names;
}

static void the_first_is_due_at_once_and_then_one_each_day(void **state)
{
    struct scene *scene = *state;
    declare(scene, 1, "2028-01-01T00:00:00Z", 2);
    assert_true(is_due(scene, "2027-01-01T10:00:00Z"));
    assert_int_equal(beat(scene, "2027-01-01T10:00:00Z"), 2);
    assert_false(is_due(scene, "2027-01-01T10:00:00Z"));
    assert_false(is_due(scene, "2027-01-02T09:59:59Z"));
    assert_true(is_due(scene, "2027-01-02T10:00:00Z"));
}

static void a_change_is_told_ten_minutes_later(void **state)
{
    struct scene *scene = *state;
    beat(scene, "2027-01-01T10:00:00Z");
    assert_false(is_due(scene, "2027-01-01T11:00:00Z"));
    declare(scene, 1, "2028-01-01T00:00:00Z", 1); /* tentative: nothing has changed */
    assert_false(is_due(scene, "2027-01-01T11:30:00Z"));
    declare(scene, 2, "2028-01-01T00:00:00Z", 2);
    assert_false(is_due(scene, "2027-01-01T12:00:00Z"));
    assert_false(is_due(scene, "2027-01-01T12:09:59Z"));
    declare(scene, 3, "2028-01-01T00:00:00Z", 2); /* once more: ten minutes from here */
    assert_false(is_due(scene, "2027-01-01T12:10:00Z"));
    assert_true(is_due(scene, "2027-01-01T12:20:00Z"));
    assert_int_equal(beat(scene, "2027-01-01T12:20:00Z"), 3);
    assert_false(is_due(scene, "2027-01-01T13:00:00Z"));
}

/* The date of one that a wrong clock made, and another's, keep none back. */
static void only_its_own_and_past_ones_count(void **state)
{
    struct scene *scene = *state;
    beat(scene, "2035-01-01T00:00:00Z");
    assert_true(is_due(scene, "2027-01-01T10:00:00Z"));
    beat(scene, "2027-01-01T10:00:00Z");
    assert_false(is_due(scene, "2027-01-01T10:00:00Z"));
    struct record_public_key other = forge_public(1);
    scene->constellation.entry[scene->constellation.count - 1].signer = &other;
    assert_true(is_due(scene, "2027-01-01T10:00:00Z"));
}

static void windows_that_are_over_are_not_named(void **state)
{
    struct scene *scene = *state;
    declare(scene, 1, "2027-06-02T00:00:00Z", 2);
    declare(scene, 2, "2028-01-01T00:00:00Z", 2);
    assert_int_equal(beat(scene, "2027-06-02T00:00:00Z"), 3);
    assert_int_equal(beat(scene, "2027-06-02T00:00:01Z"), 2);
}

static void what_does_not_fit_into_one_is_cut_where_it_can_be_read(void **state)
{
    struct scene *scene = *state;
    for (unsigned i = 0; i < 2 * HERALD_BEAT_NAMES; i++) {
        declare(scene, i, "2028-01-01T00:00:00Z", 2);
    }
    assert_int_equal(beat(scene, "2027-01-01T10:00:00Z"), 2 * HERALD_BEAT_NAMES + 1);
}

/* The heartbeats that a lock may go by are passed on with the records, and no older ones. */
static void listeners_get_those_that_a_lock_may_go_by(void **state)
{
    struct scene *scene = *state;
    beat(scene, "2026-12-29T10:00:00Z");
    beat(scene, "2026-12-29T10:00:01Z"); /* lock and 48 h before now */
    beat(scene, "2026-12-31T10:00:00Z");
    const struct constellation *of = &scene->constellation;
    struct view *view = constellation_view(of, "2027-01-01T10:00:00Z");
    struct herald_ranked ranked[8];
    assert_int_equal(herald_rank_records(of->entry, of->count, view, &view->root[0].id,
                                         at_instant("2027-01-01T10:00:00Z"), ranked),
                     3);
    assert_int_equal(ranked[1].entry, 3);
    assert_int_equal(ranked[2].entry, 2);
    view_free(view);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_is_due_at_once_and_then_one_each_day),
        TEST(a_change_is_told_ten_minutes_later),
        TEST(only_its_own_and_past_ones_count),
        TEST(windows_that_are_over_are_not_named),
        TEST(what_does_not_fit_into_one_is_cut_where_it_can_be_read),
        TEST(listeners_get_those_that_a_lock_may_go_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
