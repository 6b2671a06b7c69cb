/* links: records trust */
/* Within a day of its start nobody with a bare threshold can move or call off a gesture: each way
 * that two of three organizers have been seen to try it, and each that must still be open. */
#include "lock_scene.h"

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
    assert_ptr_equal(window_of(world, 5)->record, window); /* what is shown is what will ring */
    assert_true(record_id_equal(&world->view->alert[0].record, &moved->id));
    assert_int_equal(window_of(world, 5)->occurrence_count, 1); /* 2028 may go */
    sign(world, moved, 3);
    const struct view_window *seen = window_of(world, 5);
    assert_ptr_equal(seen->record, moved);
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

static void an_amendment_of_later_dates_alone_needs_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    const struct record *longer = amend_as(
        world, window,
        (struct forge_window){.at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z",
                                     "2029 2029-08-02T08:25:00Z"}},
        BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_ptr_equal(seen->record, longer);
    assert_int_equal(seen->occurrence_count, 3);
    assert_false(seen->occurrence[0].alerted);
    assert_int_equal(world->view->alert_count, 0);
}

/* Whoever comes for a silence and finds a march by its hour has been led there all the same. */
/* Whatever people are asked to do, and where, when, how long and with whom they rest. */
static void one_word_that_is_another_is_not_the_same(void **state)
{
    (void)state;
    enum { WAYS = 12 };
    const struct record_prose title[] = {{.value = forge_text("A minute")},
                                         {.tag = forge_text("it"),
                                          .value = forge_text("Un minuto")}},
                              other[] = {{.value = forge_text("An hour")}};
    const struct record_key_id beacon[] = {{{1}}, {{2}}}, stranger[] = {{{1}}, {{3}}};
    const struct record_window one = {.title = title,
                                      .title_count = 2,
                                      .about = title,
                                      .about_count = 1,
                                      .gesture = forge_text("silence"),
                                      .tone = TONE_VIGIL,
                                      .has_rest = true,
                                      .rest = {NS_PER_S},
                                      .url = forge_text("https://a.example"),
                                      .beacon = beacon,
                                      .beacon_count = 2};
    struct record_window way[WAYS];
    for (size_t i = 0; i < WAYS; i++) {
        way[i] = one;
    }
    way[0].title = other;
    way[0].title_count = 1;
    way[1].title_count = 1;
    way[2].about = other;
    way[3].about_count = 0;
    way[4].gesture = forge_text("light");
    way[5].tone = TONE_CELEBRATION;
    way[6].wave = WAVE_DAY;
    way[7].has_rest = false;
    way[8].rest.ns++;
    way[9].url = forge_text("https://b.example");
    way[10].beacon = stranger;
    way[11].beacon_count = 1;
    assert_true(view_says_same(&one, &one));
    for (size_t i = 0; i < WAYS; i++) {
        assert_false(view_says_same(&one, &way[i]));
        assert_false(view_says_same(&way[i], &one));
        assert_true(view_says_same(&way[i], &way[i]));
    }
    struct record_window rests = way[7]; /* what is not there is not looked at */
    rests.rest.ns++;
    assert_true(view_says_same(&rests, &way[7]));
}

static void what_is_asked_of_people_stays_until_a_third_signs(void **state)
{
    static const struct forge_window attempt[] = {
        {.title = "Bring sticks"},
        {.title_it = "Portate bastoni"},
        {.about = "At the other square"},
        {.gesture = "march"},
        {.tone = TONE_CELEBRATION},
        {.rest_s = 3600},
        {.url = "https://elsewhere.example"},
        {.beacon = 11},
    };
    for (size_t i = 0; i < sizeof attempt / sizeof *attempt; i++) {
        struct constellation *world;
        set_up((void **)&world);
        const struct record *window = found_and_declare(world);
        struct forge_window of = attempt[i];
        of.at[0] = "2027 2027-08-02T08:25:00Z";
        of.at[1] = "2028 2028-08-02T08:25:00Z";
        const struct record *other = amend_as(world, window, of, BY(1, 2));
        assert_stands(world, FACT_LOCKED);
        const struct view_window *seen = window_of(world, 5);
        assert_true(record_id_equal(&world->view->alert[0].record, &other->id));
        assert_true(seen->occurrence[0].alerted);
        assert_ptr_equal(seen->occurrence[0].record, window);
        assert_ptr_equal(seen->record, window); /* what is shown is what will ring */
        assert_ptr_equal(seen->occurrence[1].record, other);
        assert_false(seen->occurrence[1].alerted);
        sign(world, other, 3);
        seen = window_of(world, 5);
        assert_ptr_equal(seen->occurrence[0].record, other);
        assert_ptr_equal(seen->record, other);
        assert_int_equal(world->view->alert_count, 0);
        tear_down((void **)&world);
    }
    (void)state;
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

static void count_refused(void *context, const struct view_alert *alert)
{
    *(size_t *)context += alert->fact.kind == FACT_LOCKED;
}

/* Who has one beacon's key besides names records that never were; who has m, quarrels with himself:
 * twenty lines are told at once, and what they refused is among them. */
static void no_noise_hides_an_attempt(void **state)
{
    struct constellation *world = *state;
    const struct record *window = found_and_declare(world);
    struct record_id gone[100] = {0};
    for (uint8_t i = 0; i < 100; i++) {
        gone[i].bytes[1] = i;
    }
    put(world, forge_make_heartbeat(world->anchor.root, 11, "2027-08-02T07:00:00Z", gone, 100),
        BY(11));
    for (unsigned uid = 100; uid < 130; uid++) {
        const struct record *decoy = declare(world, uid, BY(1, 2));
        for (unsigned twin = 0; twin < 2; twin++) {
            put(world,
                forge_make_window((struct forge_window){.root = world->anchor.root,
                                                        .uid = uid,
                                                        .seq = 1,
                                                        .prev = {decoy},
                                                        .title = twin == 0 ? "One" : "Two",
                                                        .at = {"2028 2028-08-02T08:25:00Z"}}),
                BY(1, 2));
        }
    }
    amend(world, window, "Moved", BY(1, 2));
    size_t refused = 0;
    struct view_seen seen = {0};
    view_tell_new(&seen, look(world), NULL, count_refused, &refused);
    assert_int_equal(refused, 1);
    view_seen_free(&seen);
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
        TEST(nothing_happens_without_an_attempt),
        TEST(a_cancel_by_two_spares_this_start_and_ends_the_next),
        TEST(three_signatures_call_it_off),
        TEST(an_amendment_moves_nothing_until_a_third_signs),
        TEST(a_change_into_the_lock_leaves_the_key_where_it_was),
        TEST(a_key_that_is_moved_into_the_lock_stays_where_it_may),
        TEST(an_amendment_named_before_the_lock_moves_everything),
        TEST(an_amendment_of_later_dates_alone_needs_no_more),
        cmocka_unit_test(one_word_that_is_another_is_not_the_same),
        TEST(what_is_asked_of_people_stays_until_a_third_signs),
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
        TEST(what_was_off_before_the_lock_stays_off),
        TEST(no_noise_hides_an_attempt),
        TEST(as_many_as_are_kept_are_told),
        TEST(what_stands_beside_a_kept_start_is_in_order),
        TEST(each_start_is_decided_by_what_was_strong_before_its_own_lock),
        TEST(fifty_changes_by_two_silence_nothing_that_is_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
