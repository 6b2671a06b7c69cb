/* links: records trust */
/* Within a day of its start nobody with a bare threshold can move or call off a gesture: each way
 * that two of three organizers have been seen to try it, and each that must still be open. */
#include "view_scene.h"

/*   Aug 1, 08:25: the lock begins        Aug 2, 07:25: now   08:25: T-0 */
static const char *const before_lock = "2027-08-01T08:24:59Z";
static const char *const lock_begins = "2027-08-01T08:25:00Z";

/* A root with a lock of a day, an hour before the gesture. */
static const struct record *found_with_lock(struct constellation *world, struct forge_root root)
{
    world->now = forge_instant("2027-08-02T07:25:00Z");
    root.lock_s = root.lock_s != 0 ? root.lock_s : 86400;
    return found_as(world, root);
}

static const struct record *found_locked(struct constellation *world)
{
    return found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11}});
}

static const struct record *found_with_one_beacon(struct constellation *world)
{
    return found_with_lock(world, (struct forge_root){.beacon = {9}});
}

/* The next root, with the same people and three beacons unless it says otherwise. */
static const struct record *follow(struct constellation *world, struct forge_root next,
                                   const unsigned *by)
{
    next.prev = world->anchor.root;
    if (next.beacon[0] == 0) {
        memcpy(next.beacon, (unsigned[]){9, 10, 11}, 3 * sizeof *next.beacon);
    }
    return put(world, make_root_of_three(next), by);
}

/* A beacon's heartbeat that names these. */
static void beat(struct constellation *world, unsigned by, const char *made,
                 const struct record *const *named, size_t count)
{
    struct record_id id[8];
    for (size_t i = 0; i < count; i++) {
        id[i] = named[i]->id;
    }
    qsort(id, count, sizeof *id, forge_by_id);
    put(world, forge_make_heartbeat(world->anchor.root, by, made, id, count), BY(by));
}

/* Two of the three beacons name these, early enough for whatever starts on that day. */
static void vouch(struct constellation *world, const struct record *const *named, size_t count)
{
    beat(world, 9, "2027-07-31T20:00:00Z", named, count);
    beat(world, 10, "2027-07-31T21:00:00Z", named, count);
}

#define VOUCH(world, ...)                                                                          \
    vouch(world, (const struct record *const[]){__VA_ARGS__},                                      \
          sizeof(const struct record *const[]){__VA_ARGS__} / sizeof(const struct record *))

static const struct record *found_and_declare(struct constellation *world)
{
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    VOUCH(world, root, window);
    return window;
}

static size_t count_in_force(const struct view_window *window)
{
    size_t count = 0;
    for (size_t i = 0; i < window->occurrence_count; i++) {
        count += window->occurrence[i].state == OCCURRENCE_IN_FORCE &&
                 text_equal(window->occurrence[i].key, forge_text("2027"));
    }
    return count;
}

/* The gesture of this summer is as it was declared, and whoever looks is told. */
static void assert_stands(struct constellation *world, enum view_fact_kind told)
{
    const struct view_window *window = window_of(world, 5);
    assert_non_null(window);
    assert_non_null(window->record);
    const struct view_occurrence *next = view_next_occurrence(window, world->now);
    assert_non_null(next);
    assert_text_equal(next->key, "2027");
    assert_int_equal(next->state, OCCURRENCE_IN_FORCE);
    assert_instant_equal(next->start, forge_instant("2027-08-02T08:25:00Z"));
    assert_instant_equal(next->end, forge_instant("2027-08-02T08:26:00Z"));
    assert_int_equal(next->lock, LOCK_ON);
    assert_int_equal(count_in_force(window), 1);
    assert_true(window->has_lock);
    assert_fact(window->lock, FACT_LOCK_ON, 0, 3);
    assert_true(window->status == VIEW_CONFIRMED || window->status == VIEW_CONTESTED);
    assert_true(has_alert(world->view, told));
    assert_false(has_alert(world->view, FACT_LOCK_OFF));
}

static void nothing_happens_without_an_attempt(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CONFIRMED);
    assert_int_equal(window->occurrence[0].lock, LOCK_ON);
    assert_int_equal(window->occurrence[1].lock, LOCK_NONE); /* a year off */
    assert_false(window->occurrence[0].alerted);
    assert_int_equal(world->view->alert_count, 0);
}

static void a_cancel_by_two_spares_this_start_and_ends_the_next(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    assert_fact(window_of(world, 5)->why, FACT_SIGNATURES, 2, 2);
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
    const struct view_window *seen = window_of(world, 5);
    assert_fact(seen->why, FACT_SPARED_BY_LOCK, 1, 3);
    assert_ptr_equal(seen->cancel, cancel);
    assert_true(record_id_equal(&world->view->alert[0].record, &cancel->id));
    assert_true(seen->occurrence[0].alerted);
    assert_int_equal(seen->occurrence[1].state, OCCURRENCE_CANCELLED);
    beat(world, 9, lock_begins, &cancel, 1); /* at T-0 - lock: not before it */
    beat(world, 10, lock_begins, &cancel, 1);
    assert_stands(world, FACT_SPARED_BY_LOCK);
    beat(world, 9, before_lock, &cancel, 1);
    assert_stands(world, FACT_SPARED_BY_LOCK); /* one beacon of three is not enough */
    beat(world, 10, before_lock, &cancel, 1);
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

/* 720 hours before: a second earlier it is nobody's yet. */
static void the_longest_lock_begins_to_the_second(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.beacon = {9}, .lock_s = 720 * 3600L});
    world->now = forge_instant("2027-07-03T08:24:59Z");
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *named[] = {world->anchor.root, window};
    beat(world, 9, "2027-07-03T08:00:00Z", named, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    world->now = forge_instant("2027-07-03T08:25:00Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
}

/* Before the first instant that we know, nobody can have vouched. */
static void a_lock_that_began_before_all_time_is_off(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    world->now = forge_instant("1700-01-01T00:00:00Z");
    declare_as(world, (struct forge_window){.uid = 6, .at = {"1700 1700-01-01T12:00:00Z"}},
               BY(1, 2));
    const struct view_window *window = window_of(world, 6);
    assert_int_equal(window->status, VIEW_CONFIRMED);
    assert_int_equal(window->occurrence[0].lock, LOCK_OFF);
}

static void three_signatures_call_it_off(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_cancel(window, "storm"), BY(1, 2, 3));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_CANCELLED);
    assert_int_equal(seen->why.kind, FACT_CANCELLED_BY_MORE);
    assert_int_equal(world->view->alert_count, 0);
}

static void an_amendment_moves_nothing_until_a_third_signs(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *moved = amend(world, window, "Moved", BY(1, 2));
    assert_stands(world, FACT_LOCKED);
    assert_ptr_equal(window_of(world, 5)->record, moved); /* its words hold, its times do not */
    assert_int_equal(window_of(world, 5)->occurrence_count, 1); /* 2028 may go */
    sign(world, moved, 3);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 1);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T09:25:00Z"));
    assert_int_equal(world->view->alert_count, 0);
}

static void a_change_into_the_lock_leaves_the_key_where_it_was(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    amend_as(
        world, window,
        (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "2028 2027-08-02T09:00:00Z"}},
        BY(1, 2));
    assert_stands(world, FACT_LOCKED);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 2);
    assert_instant_equal(seen->occurrence[1].start, forge_instant("2028-08-02T08:25:00Z"));
    assert_int_equal(seen->occurrence[1].state, OCCURRENCE_IN_FORCE);
    assert_true(seen->occurrence[1].alerted);
}

/* It stays where no lock has spoken, unless the root that all have would be over by then. */
static void a_key_that_is_moved_into_the_lock_stays_where_it_may(void **state)
{
    static const char *const expires[] = {NULL, "2027-08-04T08:25:01Z", "2027-08-04T08:25:00Z"};
    for (size_t i = 0; i < 3; i++) {
        struct constellation *world;
        set_up((void **)&world);
        found_locked(world);
        const struct record *window = declare_as(
            world,
            (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "b 2027-08-04T08:25:00Z"}},
            BY(1, 2));
        VOUCH(world, window);
        if (expires[i] != NULL) {
            follow(world, (struct forge_root){.lock_s = 86400, .expires = expires[i]}, BY(1, 2));
        }
        amend_as(
            world, window,
            (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "b 2027-08-02T09:00:00Z"}},
            BY(1, 2));
        assert_stands(world, FACT_LOCKED);
        const struct view_window *seen = window_of(world, 5);
        assert_int_equal(seen->occurrence_count, i < 2 ? 2 : 1);
        if (i < 2) {
            assert_instant_equal(seen->occurrence[1].start, forge_instant("2027-08-04T08:25:00Z"));
            assert_true(seen->occurrence[1].alerted);
        }
        tear_down((void **)&world);
    }
    (void)state;
}

static void under_a_root_that_lacks_signatures_there_is_no_lock(void **state)
{
    struct constellation *world = *state;
    world->now = forge_instant("2027-08-02T07:25:00Z");
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}, .lock_s = 86400}),
            BY(1));
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
}

static void an_amendment_named_before_the_lock_moves_everything(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *moved = amend(world, window, "Moved", BY(1, 2));
    VOUCH(world, window, moved);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 1);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T09:25:00Z"));
    assert_int_equal(world->view->alert_count, 0);
}

static void an_amendment_of_words_alone_needs_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *words = amend_as(
        world, window,
        (struct forge_window){.title = "Better",
                              .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z",
                                     "2029 2029-08-02T08:25:00Z"}},
        BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_ptr_equal(seen->record, words);
    assert_int_equal(seen->occurrence_count, 3);
    assert_false(seen->occurrence[0].alerted);
    assert_int_equal(world->view->alert_count, 0);
}

static void no_line_of_an_amendment_reaches_the_start(void **state)
{
    static const struct forge_window attempt[] = {
        {.at = {"2027 2027-08-02T08:25:00Z"}, .expires = "2027-08-02T08:00:00Z"},
        {.at = {"2027 2027-08-02T08:25:00Z"}, .off = {"2027"}},
        {.at = {"2027 2027-08-02T08:25:00Z"}, .for_s = 1},
        {.at = {"2027 2027-08-02T08:25:00Z", "soon 2027-08-02T07:30:00Z"}},
        {.at = {"2027 2027-08-02T08:25:00Z", "soon 2027-08-02T09:30:00Z"}},
        {.at = {"other 2027-08-02T08:25:00Z"}},
        {.at = {"2027 2029-08-02T08:25:00Z"}},
    };
    for (size_t i = 0; i < sizeof attempt / sizeof *attempt; i++) {
        struct constellation *world;
        set_up((void **)&world);
        const struct record *window = found_and_declare(world);
        amend_as(world, window, attempt[i], BY(1, 2));
        assert_stands(world, FACT_LOCKED);
        tear_down((void **)&world);
    }
    (void)state;
}

static void a_quarrel_from_the_start_leaves_it(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    quarrel(world, BY(2, 3));
    assert_stands(world, FACT_LOCKED);
    assert_int_equal(window_of(world, 5)->status, VIEW_CONTESTED);
}

static void a_root_without_a_lock_opens_none(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    follow(world, (struct forge_root){.lock_s = 0}, BY(1, 2));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void a_root_of_new_people_opens_none(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *root = follow(
        world,
        (struct forge_root){.threshold = 1, .organizer = {1, 2, 5}, .beacon = {8}, .lock_s = 86400},
        BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2, 5));
    beat(world, 8, before_lock, (const struct record *const[]){root, cancel}, 2);
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void a_root_that_has_expired_ends_none(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    follow(world, (struct forge_root){.lock_s = 86400, .expires = "2027-08-02T07:00:00Z"},
           BY(1, 2));
    assert_stands(world, FACT_LOCKED);
}

/* Anna signed the window; without her signature it has one. */
static void a_revoke_that_keeps_nothing_takes_none(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    put(world, forge_make_revoke(world->anchor.root, 1, NULL, 0), BY(2, 3));
    assert_stands(world, FACT_LOCKED);
    assert_int_equal(window_of(world, 5)->signature_count, 2); /* by whom it was declared */
}

static void revokes_of_both_who_declared_take_none(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    put(world, forge_make_revoke(world->anchor.root, 1, NULL, 0), BY(2, 3));
    put(world, forge_make_revoke(world->anchor.root, 2, NULL, 0), BY(1, 3));
    assert_stands(world, FACT_LOCKED);
}

static void a_revoke_makes_no_bare_threshold_enough(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(2, 3));
    const struct record_id keep[] = {window->id};
    put(world, forge_make_revoke(world->anchor.root, 1, keep, 1), BY(2, 3));
    assert_stands(world, FACT_SPARED_BY_LOCK);
    assert_ptr_equal(window_of(world, 5)->cancel, cancel);
}

static void a_revoke_of_beacons_does_not_open_the_lock(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_revoke(world->anchor.root, 9, NULL, 0), BY(1, 2));
    put(world, forge_make_revoke(world->anchor.root, 10, NULL, 0), BY(1, 2));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* A revoke that beacons told of before the lock is as strong as any record. */
static void a_revoke_named_before_the_lock_holds(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *revoke =
        put(world, forge_make_revoke(world->anchor.root, 1, NULL, 0), BY(2, 3));
    VOUCH(world, window, revoke);
    assert_int_equal(count_in_force(window_of(world, 5)), 0);
}

/* A beacon that three signatures revoke vouches no more, and so the lock is off, and that is
 * said. */
static void a_revoked_beacon_vouches_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_revoke(world->anchor.root, 9, NULL, 0), BY(1, 2, 3));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

static void a_lock_that_few_vouch_for_is_off_and_said_to_be(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, before_lock, named, 2);
    beat(world, 10, "2027-07-30T08:24:59Z", named, 2); /* a second too old */
    beat(world, 11, lock_begins, named, 2);            /* and one too late */
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[0].lock, LOCK_OFF);
    assert_fact(seen->lock, FACT_LOCK_OFF, 1, 2);
    assert_true(has_alert(world->view, FACT_LOCK_OFF));
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    beat(world, 10, "2027-07-30T08:25:00Z", named, 2); /* 48 h before it */
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void only_beacons_of_the_root_vouch(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_locked(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, before_lock, named, 2);
    beat(world, 8, before_lock, named, 2); /* a stranger */
    struct record_id id[] = {window->id};
    put(world, forge_make_heartbeat(root, 10, before_lock, id, 1), BY(1, 2, 3)); /* organizers */
    put(world, forge_make_heartbeat(root, 1, lock_begins, id, 1), BY(1));
    assert_true(record_key_id_equal(&look(world)->root[0].heartbeat->is.heartbeat.by,
                                    &root->is.root.beacon[0].public.id));
    put(world, forge_make_heartbeat(root, 1, before_lock, id, 1), BY(1));
    put(world, forge_make_heartbeat(root, 11, before_lock, id, 1), BY(9)); /* another beacon */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF);
    beat(world, 11, before_lock, named, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
}

static void a_window_that_nobody_named_may_still_change(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    const struct record *fresh = declare(world, 6, BY(1, 2));
    const struct view_window *seen = window_of(world, 6);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(seen->occurrence[0].lock, LOCK_NEW);
    assert_fact(seen->lock, FACT_LOCK_NEW, 0, 3);
    put(world, forge_make_cancel(fresh, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 6)->status, VIEW_CANCELLED);
    assert_int_equal(world->view->alert_count, 0);
}

static void before_it_and_after_the_end_there_is_no_lock(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    world->now = forge_instant(before_lock);
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    world->now = forge_instant(lock_begins);
    assert_stands(world, FACT_SPARED_BY_LOCK);
    world->now = forge_instant("2027-08-02T08:25:59Z");
    assert_stands(world, FACT_SPARED_BY_LOCK);
    world->now = forge_instant("2027-08-02T08:26:00Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    assert_int_equal(window_of(world, 5)->occurrence[0].state, OCCURRENCE_CANCELLED);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
}

/* A longer one of before, which would still go on, is no lock of the shorter that three made of it.
 */
static void what_is_over_has_no_lock(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *window = declare_as(
        world, (struct forge_window){.for_s = 7200, .at = {"2027 2027-08-02T08:25:00Z"}}, BY(1, 2));
    VOUCH(world, window);
    amend_as(world, window, (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z"}},
             BY(1, 2, 3));
    world->now = forge_instant("2027-08-02T08:25:59Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
    world->now = forge_instant("2027-08-02T08:26:00Z");
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    const struct record *shorter = declare(world, 6, BY(1, 2)); /* nor is one that one would make */
    VOUCH(world, shorter);
    declare_as(world,
               (struct forge_window){.uid = 6,
                                     .seq = 1,
                                     .prev = {shorter},
                                     .for_s = 7200,
                                     .at = {"2027 2027-08-02T08:25:00Z"}},
               BY(1));
    assert_int_equal(window_of(world, 6)->occurrence[0].lock, LOCK_NONE);
    put(world, forge_make_cancel(shorter, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 6)->occurrence[0].state, OCCURRENCE_CANCELLED);
    assert_int_equal(world->view->alert_count, 0);
}

static void what_was_off_before_the_lock_stays_off(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *window =
        declare_as(world,
                   (struct forge_window){
                       .at = {"2027 2027-08-02T08:25:00Z", "x 2027-08-02T09:25:00Z"}, .off = {"x"}},
                   BY(1, 2));
    VOUCH(world, window);
    amend_as(world, window,
             (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "x 2027-08-02T09:25:00Z"}},
             BY(1, 2));
    assert_stands(world, FACT_LOCKED);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 2);
    assert_int_equal(seen->occurrence[1].state, OCCURRENCE_OFF);
    assert_false(seen->occurrence[1].alerted);
    assert_fact(world->view->alert[0].fact, FACT_LOCKED, 1, 3);
}

/* Each is a change that was refused, and the alert is about what would have made it. */
static void as_many_as_are_kept_are_told(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *window = declare_as(
        world,
        (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "second 2027-08-02T09:25:00Z"}},
        BY(1, 2));
    VOUCH(world, window);
    const struct record *later = amend_as(
        world, window,
        (struct forge_window){.at = {"2027 2027-08-02T08:26:00Z", "second 2027-08-02T09:26:00Z"}},
        BY(1, 2));
    assert_stands(world, FACT_LOCKED);
    assert_int_equal(world->view->alert_count, 1);
    assert_fact(world->view->alert[0].fact, FACT_LOCKED, 2, 3);
    assert_true(record_id_equal(&world->view->alert[0].record, &later->id));
    assert_fact(window_of(world, 5)->why, FACT_SIGNATURES, 2, 2);
    const struct record *cancel = put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
    assert_fact(world->view->alert[0].fact, FACT_SPARED_BY_LOCK, 2, 3);
    assert_fact(window_of(world, 5)->why, FACT_SPARED_BY_LOCK, 2, 3);
    assert_true(record_id_equal(&world->view->alert[0].record, &cancel->id));
}

/* What a change adds off within a lock is no occurrence in force: it stands in its place, by start
 * and key. */
static void what_stands_beside_a_kept_start_is_in_order(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    amend_as(world, window,
             (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "1999 2027-08-02T08:25:00Z",
                                          "early 2027-08-02T08:00:00Z"},
                                   .off = {"1999", "early"}},
             BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 3);
    assert_text_equal(seen->occurrence[0].key, "early");
    assert_text_equal(seen->occurrence[1].key, "1999");
    assert_text_equal(seen->occurrence[2].key, "2027");
    assert_int_equal(seen->status, VIEW_CONFIRMED);
}

/* Two starts, and a record that came between the locks of the one and of the other. */
static void each_start_is_decided_by_what_was_strong_before_its_own_lock(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    const struct record *first = declare_as(
        world, (struct forge_window){.at = {"a 2027-08-02T08:00:00Z", "b 2027-08-03T07:00:00Z"}},
        BY(1, 2));
    const struct record *longer =
        amend_as(world, first,
                 (struct forge_window){.for_s = 120,
                                       .at = {"a 2027-08-02T08:00:00Z", "b 2027-08-03T07:00:00Z"}},
                 BY(1, 2));
    beat(world, 9, "2027-08-01T07:00:00Z", &first, 1);
    beat(world, 9, "2027-08-01T09:00:00Z", &longer, 1);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].lock, LOCK_ON);
    assert_instant_equal(seen->occurrence[0].end, forge_instant("2027-08-02T08:01:00Z"));
    assert_true(seen->occurrence[0].alerted);
    world->now = forge_instant("2027-08-02T07:30:00Z"); /* and now the second's */
    seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[1].lock, LOCK_ON);
    assert_instant_equal(seen->occurrence[1].end, forge_instant("2027-08-03T07:02:00Z"));
    assert_instant_equal(seen->occurrence[0].end, forge_instant("2027-08-02T08:01:00Z"));
    assert_false(seen->occurrence[1].alerted);
    const char *const elsewhere = "2027 2027-08-09T08:00:00Z";
    declare_as(world, (struct forge_window){.title = "Other", .at = {elsewhere}}, BY(1, 2));
    amend_as(world, first, (struct forge_window){.title = "Other", .at = {elsewhere}}, BY(1, 2));
    seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_CONTESTED);
    assert_ptr_equal(seen->record, first); /* of the first that is kept */
    assert_int_equal(seen->occurrence_count, 2);
}

/* A wave begins in UTC+14, and is over in UTC-12: so is its lock. */
static void a_wave_is_locked_from_its_first_hour_to_its_last(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    struct record_on on[] = {{forge_text("eve"), {2027, 8, 3}}};
    const struct record *window =
        declare_wave(world,
                     (struct record_window){.rule = forge_text("3 august at 20:00 everywhere"),
                                            .wave = WAVE_CLOCK,
                                            .wave_time = {20, 0, 0, 0},
                                            .on = on,
                                            .on_count = 1,
                                            .duration = {60 * NS_PER_S}},
                     BY(1, 2));
    beat(world, 9, "2027-08-02T05:00:00Z", &window, 1);
    static const struct {
        const char *now;
        enum view_lock lock;
    } at[] = {{"2027-08-02T05:59:59Z", LOCK_AHEAD},
              {"2027-08-02T06:00:00Z", LOCK_ON},
              {"2027-08-04T08:00:59Z", LOCK_ON},
              {"2027-08-04T08:01:00Z", LOCK_NONE}};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        world->now = forge_instant(at[i].now);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, at[i].lock);
        assert_int_equal(view_next_occurrence(window_of(world, 5), world->now) != NULL, i < 3);
    }
}

static void there_is_no_lock_where_all_must_sign(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.organizer = {1, 2}, .beacon = {9}});
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NONE);
    assert_false(window_of(world, 5)->has_lock);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

/* Who beats often is one beacon all the same. */
static void a_beacon_that_names_it_twice_is_one(void **state)
{
    struct constellation *world = *state;
    const struct record *root =
        found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11, 12}});
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *const named[] = {root, window};
    beat(world, 9, "2027-07-31T20:00:00Z", named, 2);
    beat(world, 10, "2027-07-31T21:00:00Z", named, 2);
    beat(world, 9, "2027-07-31T22:00:00Z", named, 2);
    beat(world, 10, "2027-07-31T22:30:00Z", named, 2);
    beat(world, 11, "2027-07-31T23:00:00Z", named, 1); /* the root alone */
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    beat(world, 12, "2027-07-31T23:30:00Z", named, 2);
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void one_heartbeat_that_names_one_record_is_enough_where_one_beacon_is(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, before_lock, &window, 1);
    put(world, forge_make_cancel(window, "rain"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* A heartbeat that is old enough, or young enough, for one start and not for the next. */
static void a_heartbeat_vouches_for_starts_of_two_days(void **state)
{
    struct constellation *world = *state;
    found_with_one_beacon(world);
    const struct record *window = declare_as(
        world, (struct forge_window){.at = {"a 2027-08-02T08:00:00Z", "b 2027-08-02T08:00:01Z"}},
        BY(1, 2));
    beat(world, 9, "2027-07-30T08:00:00Z", &window, 1); /* too old for the second */
    beat(world, 9, "2027-08-01T08:00:01Z", &window, 1); /* and this one too young */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
    assert_int_equal(window_of(world, 5)->occurrence[1].lock, LOCK_OFF);
}

/* The latest 64 of a beacon, so that a thief of its key cannot have more of them weighed. */
static void of_each_beacon_64_heartbeats_are_heard(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_with_one_beacon(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    beat(world, 9, "2027-07-31T19:00:00Z", &window, 1);
    for (int i = 1; i <= 64; i++) {
        char made[64];
        snprintf(made, sizeof made, "2027-07-31T20:%02d:%02dZ", i / 60, i % 60);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_ON);
        beat(world, 9, made, &root, 1);
    }
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
}

static void many_heartbeats_that_name_much_are_all_weighed(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    const struct record *named[8];
    for (unsigned i = 0; i < 8; i++) {
        named[i] = declare(world, i + 1, BY(1, 2));
    }
    for (unsigned i = 0; i < 60; i++) {
        char made[64];
        snprintf(made, sizeof made, "2027-07-31T20:%02u:00Z", i);
        beat(world, 9 + i % 2, made, named, 8);
    }
    for (unsigned i = 0; i < 8; i++) {
        put(world, forge_make_cancel(named[i], "rain"), BY(1, 2));
    }
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(window_of(world, i + 1)->occurrence[0].lock, LOCK_ON);
        assert_int_equal(window_of(world, i + 1)->status, VIEW_CONFIRMED);
    }
}

/* A root, the next and the third, each named in time: what holds is the lock of the third. */
static void the_lock_of_the_third_root_holds(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *one = world->anchor.root;
    const struct record *two = follow(world, (struct forge_root){.lock_s = 86400}, BY(1, 2));
    world->anchor.root = two;
    const struct record *three = follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    world->anchor.root = one;
    VOUCH(world, window, two, three);
    world->now = forge_instant("2027-07-31T20:25:00Z");
    for (unsigned by = 9; by < 11; by++) {
        beat(world, by, "2027-07-31T01:00:00Z", (const struct record *const[]){two, three, window},
             3);
    }
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void a_lock_that_is_ahead_is_told(void **state)
{
    struct constellation *world = *state;
    found_and_declare(world);
    world->now = forge_instant(before_lock);
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].lock, LOCK_AHEAD);
    assert_true(seen->has_lock);
    assert_fact(seen->lock, FACT_LOCK_AHEAD, 86400, 3);
}

/* Two of four are no majority, and no record makes them more. */
static void half_of_the_beacons_lock_nothing(void **state)
{
    struct constellation *world = *state;
    const struct record *root =
        found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11, 12}});
    const struct record *window = declare(world, 5, BY(1, 2));
    VOUCH(world, window);
    put(world, forge_make_revoke(root, 7, NULL, 0), BY(1, 2, 3));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence[0].lock, LOCK_OFF);
    assert_fact(seen->lock, FACT_LOCK_OFF, 2, 3);
}

/* Whoever has an anchor by hand needs no beacon for it: no heartbeat names the second root. */
static void an_anchor_above_the_first_is_locked_by_its_own_people(void **state)
{
    struct constellation *world = *state;
    found_locked(world);
    world->anchor.root =
        follow(world, (struct forge_root){.organizer = {1, 4, 5}, .lock_s = 86400}, BY(1, 2, 4));
    const struct record *window = declare(world, 5, BY(4, 5));
    VOUCH(world, window);
    put(world, forge_make_cancel(window, "go home"), BY(4, 5));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* A day and a half before the start, the first root's day has not begun and the second's two
 * have. */
static void the_lock_of_a_successor_that_beacons_named_holds(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *two = follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    world->now = forge_instant("2027-07-31T20:25:00Z");
    beat(world, 9, "2027-07-31T01:00:00Z", (const struct record *const[]){two, window}, 2);
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF); /* by one of three */
    beat(world, 10, "2027-07-31T02:00:00Z", (const struct record *const[]){two, window}, 2);
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* The longer one is tried and does not hold: no beacon named its root. */
static void a_successor_that_nobody_named_lengthens_no_lock(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    follow(world, (struct forge_root){.lock_s = 2 * 86400}, BY(1, 2));
    put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

/* Under each root, what beacons vouch for is heard of all of them before any is revoked. */
static void a_beacons_word_on_revokes_counts_under_the_next_root_too(void **state)
{
    struct constellation *world = *state;
    const struct forge_root same = {
        .organizer = {1, 2, 3, 4}, .beacon = {9, 10, 11}, .lock_s = 86400};
    const struct record *root = found_with_lock(world, same);
    const struct record *window = declare(world, 5, BY(2, 3));
    const struct record *named[] = {window,
                                    put(world, forge_make_revoke(root, 9, NULL, 0), BY(1, 2)),
                                    put(world, forge_make_revoke(root, 3, NULL, 0), BY(1, 2))};
    VOUCH(world, named[0], named[1], named[2]);
    beat(world, 11, "2027-07-31T22:00:00Z", named, 2); /* the third knows one revoke alone */
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
    follow(world, same, BY(1, 2, 4));
    assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_NEW);
}

/* A root with a shorter lock comes too late for the longer one, though before its own begins. */
static void of_two_locks_that_hold_the_longer_decides(void **state)
{
    struct constellation *world = *state;
    found_with_lock(world, (struct forge_root){.beacon = {9, 10, 11}, .lock_s = 172800});
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record *two = follow(world, (struct forge_root){.lock_s = 86400}, BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(window, "go home"), BY(1, 2));
    for (unsigned by = 9; by < 11; by++) {
        beat(world, by, "2027-07-31T08:00:00Z", &window, 1);
        beat(world, by, before_lock, (const struct record *const[]){two, cancel, window}, 3);
    }
    assert_stands(world, FACT_SPARED_BY_LOCK);
}

static void each_start_has_the_heartbeats_before_its_own_lock(void **state)
{
    static const struct {
        const char *beat, *first, *second;
    } try[] = {
        {"2027-07-30T08:00:00Z", "a 2027-08-02T08:00:00.000000001Z", "a 2027-08-02T08:00:00Z"},
        {"2027-08-01T08:00:00Z", "a 2027-08-02T08:00:00Z", "a 2027-08-02T08:00:00.000000001Z"},
    };
    for (size_t i = 0; i < sizeof try / sizeof *try; i++) {
        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct constellation *world = *state;
        const struct record *named[3] = {found_with_one_beacon(world)};
        for (unsigned uid = 5; uid < 7; uid++) {
            named[uid - 4] = declare_as(
                world,
                (struct forge_window){.uid = uid, .at = {uid == 5 ? try[i].first : try[i].second}},
                BY(1, 2));
        }
        beat(world, 9, try[i].beat, named, 3);
        assert_int_equal(window_of(world, 5)->occurrence[0].lock, LOCK_OFF);
        assert_int_equal(window_of(world, 6)->occurrence[0].lock, LOCK_ON);
    }
}

static const struct record_uid *uid_of(const struct constellation *world,
                                       const struct record_id *record)
{
    for (size_t i = 0; i < world->count; i++) {
        if (record_id_equal(&world->record[i]->id, record)) {
            return record_uid_of(world->record[i]);
        }
    }
    return NULL;
}

/* A cancel, a line that is off, an early end, another first record, another hour, in turn. */
static void change(struct constellation *world, const struct record *window, unsigned i)
{
    char key[16], at[64];
    snprintf(key, sizeof key, "%u", i);
    snprintf(at, sizeof at, "%u 2027-08-09T%02u:25:00Z", i, i % 24);
    struct forge_window of = {.root = world->anchor.root,
                              .uid = i + 1,
                              .seq = i % 5 == 3 ? 0 : 1,
                              .prev = {i % 5 == 3 ? NULL : window},
                              .title = "Other"};
    if (i % 5 == 0) {
        put(world, forge_make_cancel(window, "ha"), BY(1, 2));
        return;
    }
    char as_it_was[64];
    snprintf(as_it_was, sizeof as_it_was, "%u 2027-08-%02uT%02u:25:00Z", i, 2 + (i + 8) / 24,
             (i + 8) % 24);
    of.at[0] = i % 5 == 4 || i % 5 == 3 ? at : as_it_was;
    of.off[0] = i % 5 == 1 ? key : NULL;
    of.expires = i % 5 == 2 ? "2027-08-02T07:30:00Z" : NULL;
    put(world, forge_make_window(of), BY(1, 2));
}

/* Row 9: fifty windows an hour apart. */
static void fifty_changes_by_two_silence_nothing_that_is_locked(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found_locked(world);
    const struct record *window[50];
    struct record_id id[51] = {root->id};
    for (unsigned i = 0; i < 50; i++) {
        char at[64];
        snprintf(at, sizeof at, "%u 2027-08-%02uT%02u:25:00Z", i, 2 + (i + 8) / 24, (i + 8) % 24);
        window[i] = declare_as(world, (struct forge_window){.uid = i + 1, .at = {at}}, BY(1, 2));
        id[i + 1] = window[i]->id;
    }
    qsort(id, 51, sizeof *id, forge_by_id);
    put(world, forge_make_heartbeat(root, 9, before_lock, id, 51), BY(9));
    put(world, forge_make_heartbeat(root, 10, before_lock, id, 51), BY(10));
    for (unsigned i = 0; i < 50; i++) {
        change(world, window[i], i);
    }
    look(world);
    for (unsigned i = 0; i < 50; i++) {
        const struct view_window *seen = window_of(world, i + 1);
        bool is_locked = i < 24; /* those of the next day */
        bool is_in_force = false;
        for (size_t k = 0; k < seen->occurrence_count; k++) {
            is_in_force |=
                seen->occurrence[k].state == OCCURRENCE_IN_FORCE &&
                instant_compare(seen->occurrence[k].start, window[i]->is.window.at[0].at) == 0;
        }
        assert_int_equal(is_in_force, is_locked);
        size_t alerts = 0;
        for (size_t k = 0; k < world->view->alert_count; k++) {
            const struct record_uid *uid = uid_of(world, &world->view->alert[k].record);
            alerts += uid != NULL && record_uid_equal(uid, &seen->uid);
        }
        assert_true(alerts > 0 || !is_locked);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_longest_lock_begins_to_the_second),
        TEST(nothing_happens_without_an_attempt),
        TEST(a_cancel_by_two_spares_this_start_and_ends_the_next),
        TEST(a_lock_that_began_before_all_time_is_off),
        TEST(three_signatures_call_it_off),
        TEST(an_amendment_moves_nothing_until_a_third_signs),
        TEST(a_change_into_the_lock_leaves_the_key_where_it_was),
        TEST(a_key_that_is_moved_into_the_lock_stays_where_it_may),
        TEST(under_a_root_that_lacks_signatures_there_is_no_lock),
        TEST(an_amendment_named_before_the_lock_moves_everything),
        TEST(an_amendment_of_words_alone_needs_no_more),
        TEST(no_line_of_an_amendment_reaches_the_start),
        TEST(a_quarrel_from_the_start_leaves_it),
        TEST(a_root_without_a_lock_opens_none),
        TEST(a_root_of_new_people_opens_none),
        TEST(a_root_that_has_expired_ends_none),
        TEST(a_revoke_that_keeps_nothing_takes_none),
        TEST(revokes_of_both_who_declared_take_none),
        TEST(a_revoke_makes_no_bare_threshold_enough),
        TEST(a_revoke_of_beacons_does_not_open_the_lock),
        TEST(a_revoke_named_before_the_lock_holds),
        TEST(a_revoked_beacon_vouches_no_more),
        TEST(a_lock_that_few_vouch_for_is_off_and_said_to_be),
        TEST(only_beacons_of_the_root_vouch),
        TEST(a_window_that_nobody_named_may_still_change),
        TEST(before_it_and_after_the_end_there_is_no_lock),
        TEST(what_is_over_has_no_lock),
        TEST(what_was_off_before_the_lock_stays_off),
        TEST(as_many_as_are_kept_are_told),
        TEST(what_stands_beside_a_kept_start_is_in_order),
        TEST(each_start_is_decided_by_what_was_strong_before_its_own_lock),
        TEST(a_wave_is_locked_from_its_first_hour_to_its_last),
        TEST(there_is_no_lock_where_all_must_sign),
        TEST(a_beacon_that_names_it_twice_is_one),
        TEST(one_heartbeat_that_names_one_record_is_enough_where_one_beacon_is),
        TEST(a_heartbeat_vouches_for_starts_of_two_days),
        TEST(of_each_beacon_64_heartbeats_are_heard),
        TEST(many_heartbeats_that_name_much_are_all_weighed),
        TEST(the_lock_of_the_third_root_holds),
        TEST(a_lock_that_is_ahead_is_told),
        TEST(half_of_the_beacons_lock_nothing),
        TEST(an_anchor_above_the_first_is_locked_by_its_own_people),
        TEST(the_lock_of_a_successor_that_beacons_named_holds),
        TEST(a_successor_that_nobody_named_lengthens_no_lock),
        TEST(a_beacons_word_on_revokes_counts_under_the_next_root_too),
        TEST(of_two_locks_that_hold_the_longer_decides),
        TEST(each_start_has_the_heartbeats_before_its_own_lock),
        TEST(fifty_changes_by_two_silence_nothing_that_is_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
