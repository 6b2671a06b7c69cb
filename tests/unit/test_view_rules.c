/* links: records trust */
#include "world.h"

static const struct record *found_locked(struct world *world)
{
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}, .lock_s = 86400}),
            BY(1, 2));
    return world->anchor.root;
}

static void hold(struct world *world, const struct record *record, const char *made)
{
    put(world, forge_make_heartbeat(world->anchor.root, 9, made, &record->id, 1), BY(9));
}

/* Row 8: a coerced organizer. */
static void within_the_lock_a_cancel_needs_one_more(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_CONFIRMED);
    assert_ptr_equal(seen->cancel, cancel);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_true(seen->occurrence[0].alerted);
    assert_true(has_alert(world->view, FACT_SPARED_BY_LOCK));
    hold(world, cancel, "2027-08-01T08:25:00Z"); /* at T-0 - lock: not before it */
    seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[1].state, OCCURRENCE_CANCELLED); /* a year early */
    hold(world, cancel, "2027-08-01T08:24:59Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

static void m_plus_one_cancel_within_the_lock(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    put(world, forge_make_cancel(window, "storm"), BY(1, 2, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

static void within_the_lock_an_amendment_moves_nothing(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *moved = amend(world, window, "Moved", BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_ptr_equal(seen->record, moved); /* its words hold, its times do not */
    assert_int_equal(seen->occurrence_count, 2);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T08:25:00Z"));
    assert_true(seen->occurrence[0].alerted);
    assert_text_equal(seen->occurrence[1].key, "2028"); /* it is not dropped either */
    assert_true(has_alert(world->view, FACT_LOCKED));
    sign(world, moved, 3);
    seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 1);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T09:25:00Z"));
}

static void an_amendment_held_before_the_lock_moves_everything(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *moved = amend(world, window, "Moved", BY(1, 2));
    hold(world, moved, "2027-07-01T00:00:00Z");
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 1);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T09:25:00Z"));
}

static void an_amendment_of_words_alone_needs_no_more(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *words =
        put(world,
            forge_make_window((struct forge_window){.root = world->anchor.root,
                                                    .uid = 5,
                                                    .seq = 1,
                                                    .prev = {window},
                                                    .title = "Better",
                                                    .at = {"2027 2027-08-02T08:25:00Z",
                                                           "2028 2028-08-02T08:25:00Z",
                                                           "2029 2029-08-02T08:25:00Z"}}),
            BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_ptr_equal(seen->record, words);
    assert_int_equal(seen->occurrence_count, 3);
    assert_false(seen->occurrence[0].alerted);
    assert_int_equal(world->view->alert_count, 0);
}

static void a_heartbeat_by_anyone_but_a_beacon_holds_nothing(void **state)
{
    struct world *world = *state;
    found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    put(world, forge_make_heartbeat(world->anchor.root, 9, "2026-12-01T00:00:00Z", &cancel->id, 1),
        BY(1, 2, 3));
    put(world, forge_make_heartbeat(world->anchor.root, 8, "2026-12-01T00:00:00Z", &cancel->id, 1),
        BY(8));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    assert_null(world->view->root[0].heartbeat);
}

static void there_is_no_lock_where_all_must_sign(void **state)
{
    struct world *world = *state;
    world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2}, .lock_s = 86400}),
        BY(1, 2));
    const struct record *window = declare(world, 5, BY(1, 2));
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

/* Row 9: mass cancellation with m keys. */
static void fifty_cancels_by_two_keys_silence_nothing(void **state)
{
    struct world *world = *state;
    found(world);
    for (unsigned i = 1; i <= 50; i++) {
        put(world, forge_make_cancel(declare(world, i, BY(1, 2)), "ha"), BY(1, 2));
    }
    size_t in_force = 0;
    look(world);
    for (size_t i = 0; i < world->view->window_count; i++) {
        const struct view_window *window = &world->view->window[i];
        assert_int_equal(window->status, VIEW_CONFIRMED);
        for (size_t k = 0; k < window->occurrence_count; k++) {
            in_force +=
                window->occurrence[k].state == OCCURRENCE_IN_FORCE && window->occurrence[k].alerted;
        }
    }
    assert_int_equal(in_force, 100);
    assert_int_equal(world->view->alert_count, 50);
    sign(world, world->owned[world->count - 1], 3); /* one is confirmed by the third key */
    assert_int_equal(window_of(world, 50)->status, VIEW_CANCELLED);
    assert_int_equal(window_of(world, 49)->status, VIEW_CONFIRMED);
}

static void five_cancels_are_obeyed(void **state)
{
    struct world *world = *state;
    found(world);
    const struct record *last = NULL;
    for (unsigned i = 1; i <= 6; i++) {
        last = declare(world, i, BY(1, 2));
        if (i < 6) {
            put(world, forge_make_cancel(last, "rain"), BY(1, 2));
        }
    }
    assert_int_equal(window_of(world, 1)->status, VIEW_CANCELLED);
    put(world, forge_make_cancel(last, "rain"), BY(1, 2)); /* the sixth */
    assert_int_equal(window_of(world, 1)->status, VIEW_CONFIRMED);
    for (unsigned i = 7; i <= 12; i++) {
        declare(world, i, BY(1, 2)); /* six of twelve are no majority */
    }
    assert_int_equal(window_of(world, 1)->status, VIEW_CANCELLED);
}

static void old_cancels_do_not_protect_the_next_window(void **state)
{
    struct world *world = *state;
    found(world);
    for (unsigned i = 1; i <= 10; i++) {
        put(world,
            forge_make_cancel(
                put(world,
                    forge_make_window((struct forge_window){
                        .root = world->anchor.root, .uid = i, .at = {"a 2026-12-01T00:00:00Z"}}),
                    BY(1, 2)),
                "rain"),
            BY(1, 2));
    }
    put(world, forge_make_cancel(declare(world, 20, BY(1, 2)), "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 20)->status, VIEW_CANCELLED);
}

/* Row 29: a date that a record gives itself decides nothing. */
static void the_date_of_making_changes_no_decision(void **state)
{
    static const char *const made[] = {"1970-01-01T00:00:00Z", "2026-11-02T00:00:00Z",
                                       "2100-01-01T00:00:00Z"};
    struct world *world = *state;
    found_locked(world);
    for (unsigned i = 0; i < 3; i++) {
        const struct record *window =
            put(world,
                forge_make_window((struct forge_window){.root = world->anchor.root,
                                                        .uid = i + 1,
                                                        .made = made[i],
                                                        .at = {"a 2027-08-02T08:25:00Z"}}),
                BY(1, 2));
        put(world,
            forge_make_window((struct forge_window){.root = world->anchor.root,
                                                    .uid = i + 1,
                                                    .seq = 1,
                                                    .prev = {window},
                                                    .made = made[2 - i],
                                                    .at = {"a 2027-08-02T09:25:00Z"}}),
            BY(1, 2));
        put(world, forge_make_cancel(window, "x"), BY(1));
    }
    look(world);
    for (size_t i = 0; i < 3; i++) {
        const struct view_window *one = &world->view->window[i];
        assert_int_equal(one->status, VIEW_CONFIRMED);
        assert_int_equal(one->record->is.window.seq, 1);
        assert_instant_equal(one->occurrence[0].start, forge_instant("2027-08-02T08:25:00Z"));
        assert_true(one->occurrence[0].alerted);
    }
}

/* A wave has no instants of its own, but dates that order and expire it. */
static void a_wave_keeps_its_dates(void **state)
{
    struct world *world = *state;
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 1, .organizer = {1}, .expires = "2027-06-02T00:00:00Z"}),
            BY(1));
    struct record value = {.type = RECORD_WINDOW};
    struct record_on on[] = {{forge_text("b"), {2027, 6, 2}}, {forge_text("a"), {2027, 6, 1}}};
    struct record_prose title = {.value = forge_text("Candles")};
    value.is.window = (struct record_window){.root = world->anchor.root->id,
                                             .uid = forge_uid(5),
                                             .made = forge_instant("2026-11-02T00:00:00Z"),
                                             .title = &title,
                                             .title_count = 1,
                                             .gesture = forge_text("candles"),
                                             .tone = TONE_VIGIL,
                                             .rule = forge_text("daily at 20:00 local for 1h"),
                                             .wave = WAVE_CLOCK,
                                             .wave_time = {20, 0, 0, 0},
                                             .on = on,
                                             .on_count = 2,
                                             .duration = {3600 * NS_PER_S},
                                             .expires = forge_instant("2028-01-01T00:00:00Z")};
    put(world, forge(&value), BY(1));
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
        TEST(within_the_lock_a_cancel_needs_one_more),
        TEST(m_plus_one_cancel_within_the_lock),
        TEST(within_the_lock_an_amendment_moves_nothing),
        TEST(an_amendment_held_before_the_lock_moves_everything),
        TEST(an_amendment_of_words_alone_needs_no_more),
        TEST(a_heartbeat_by_anyone_but_a_beacon_holds_nothing),
        TEST(there_is_no_lock_where_all_must_sign),
        TEST(fifty_cancels_by_two_keys_silence_nothing),
        TEST(five_cancels_are_obeyed),
        TEST(old_cancels_do_not_protect_the_next_window),
        TEST(the_date_of_making_changes_no_decision),
        TEST(a_wave_keeps_its_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
