/* links: records trust */
#include "view_scene.h"

/* Row 29: a date that a record gives itself decides nothing. */
static void the_date_of_making_changes_no_decision(void **state)
{
    static const char *const made[] = {"1970-01-01T00:00:00Z", "2026-11-02T00:00:00Z",
                                       "2100-01-01T00:00:00Z"};
    struct constellation *world = *state;
    found(world);
    for (unsigned i = 0; i < 3; i++) {
        const struct record *window = declare_as(
            world,
            (struct forge_window){.uid = i + 1, .made = made[i], .at = {"a 2027-08-02T08:25:00Z"}},
            BY(1, 2));
        amend_as(world, window,
                 (struct forge_window){
                     .uid = i + 1, .made = made[2 - i], .at = {"a 2027-08-02T09:25:00Z"}},
                 BY(1, 2));
        put(world, forge_make_cancel(window, "x"), BY(1));
    }
    look(world);
    for (size_t i = 0; i < 3; i++) {
        const struct view_window *one = &world->view->window[i];
        assert_int_equal(one->status, VIEW_CONFIRMED);
        assert_int_equal(one->record->is.window.seq, 1);
        assert_instant_equal(one->occurrence[0].start, forge_instant("2027-08-02T09:25:00Z"));
    }
}

/* Row 9: many cancels are obeyed as one is; what nears its start, the lock keeps. */
static void a_cancel_is_a_cancel_however_many_there_are(void **state)
{
    struct constellation *world = *state;
    found(world);
    for (unsigned i = 1; i <= 50; i++) {
        put(world, forge_make_cancel(declare(world, i, BY(1, 2)), "rain"), BY(1, 2));
    }
    look(world);
    for (size_t i = 0; i < world->view->window_count; i++) {
        assert_int_equal(world->view->window[i].status, VIEW_CANCELLED);
    }
}

/* A wave has no instants of its own, but dates that order and expire it. */
static void a_wave_keeps_its_dates(void **state)
{
    struct constellation *world = *state;
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 1, .organizer = {1}, .expires = "2027-06-02T00:00:00Z"}),
            BY(1));
    struct record_on on[] = {{forge_text("b"), {2027, 6, 2}}, {forge_text("a"), {2027, 6, 1}}};
    declare_wave(world,
                 (struct record_window){.rule = forge_text("daily at 20:00 local for 1h"),
                                        .wave = WAVE_CLOCK,
                                        .wave_time = {20, 0, 0, 0},
                                        .on = on,
                                        .on_count = 2,
                                        .duration = {3600 * NS_PER_S}},
                 BY(1));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 2);
    assert_text_equal(seen->occurrence[0].key, "a");
    assert_false(seen->occurrence[0].has_start);
    assert_int_equal(seen->occurrence[0].date.day, 1);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[1].state, OCCURRENCE_EXPIRED);
    /* over at 21:00 in UTC-12, which is 09:00 the next day in UTC */
    assert_non_null(view_next_occurrence(seen, forge_instant("2027-06-02T08:59:59Z")));
    assert_null(view_next_occurrence(seen, forge_instant("2027-06-02T09:00:00Z")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_date_of_making_changes_no_decision),
        TEST(a_cancel_is_a_cancel_however_many_there_are),
        TEST(a_wave_keeps_its_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
