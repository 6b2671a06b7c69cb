/* links: records trust */
#include "view_scene.h"

static const struct record *rotate(struct constellation *world, const struct record *from,
                                   struct forge_root to, const unsigned *by)
{
    to.prev = from;
    return put(world, forge_make_root(to), by);
}

static const struct view_root *root_of(struct constellation *world)
{
    return &look(world)->root[0];
}

static void a_successor_needs_m_of_the_old_and_m_of_its_own(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    const struct record *two = rotate(
        world, one, (struct forge_root){.threshold = 3, .organizer = {1, 4, 5, 6}}, BY(1, 4, 5));
    assert_ptr_equal(root_of(world)->newest, one); /* one of the old */
    assert_int_equal(root_of(world)->pending_count, 1);
    sign(world, two, 2);
    assert_ptr_equal(root_of(world)->newest, two);
    const struct record *three = rotate(
        world, two, (struct forge_root){.threshold = 2, .organizer = {7, 8}}, BY(1, 4, 5, 7));
    assert_ptr_equal(root_of(world)->newest, two); /* one of its own */
    sign(world, three, 8);
    assert_ptr_equal(root_of(world)->newest, three);
    assert_fact(root_of(world)->why, FACT_ROOT_VERSION, 0, 3);
}

static void what_wants_signatures_of_organizers_is_pending(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {7}}, BY(7, 8));
    put(world, forge_make_revoke(one, 1, NULL, 0), BY(7, 8)); /* by strangers */
    put(world, forge_make_revoke(one, 2, NULL, 0), BY(1, 3)); /* in force */
    assert_int_equal(root_of(world)->pending_count, 0);
    const struct record *revoke = put(world, forge_make_revoke(one, 3, NULL, 0), BY(1));
    assert_int_equal(root_of(world)->pending_count, 1);
    assert_ptr_equal(root_of(world)->pending[0].record, revoke);
    assert_int_equal(root_of(world)->pending[0].signature_count, 1);
}

/* Of a fork below it, and of what claims to be no older than what names it, nothing is known. */
static void the_ancestors_of_an_anchor_are_those_that_it_names(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    const struct forge_root same = {.threshold = 2, .organizer = {1, 2, 3}};
    const struct record *two = rotate(world, one, same, BY(1, 2));
    rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {7}}, BY(7));
    world->anchor.root = rotate(world, two, same, BY(1, 2));
    assert_int_equal(root_of(world)->effective_count, 3);
    struct record *next = forge_make_root(
        (struct forge_root){.prev = world->anchor.root, .threshold = 1, .organizer = {1}});
    next->is.root.version = 3;
    world->anchor.root = put(world, forge(next), BY(1));
    record_free(next);
    assert_int_equal(root_of(world)->effective_count, 1);
}

static bool misses(const struct view *view, const struct record_id *id, unsigned beacon)
{
    const struct record_key_id by = forge_public(beacon).id;
    for (size_t i = 0; i < view->alert_count; i++) {
        if (view->alert[i].fact.kind == FACT_RECORD_MISSING &&
            record_id_equal(&view->alert[i].record, id) &&
            record_key_id_equal(&view->alert[i].fact.beacon, &by)) {
            return true;
        }
    }
    return false;
}

static void of_each_beacon_the_latest_heartbeat_tells_what_is_missing(void **state)
{
    struct constellation *world = *state;
    const struct record *root = world->anchor.root =
        put(world,
            forge_make_root(
                (struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9, 10}}),
            BY(1, 2));
    put(world, forge_make_revoke(root, 3, NULL, 0), BY(1, 2));
    const struct record *window = declare(world, 5, BY(1, 2));
    const struct record_id gone = {{1}}, lost = {{2}};
    struct record_id held[] = {root->id, window->id, lost};
    qsort(held, 3, sizeof *held, forge_by_id);
    put(world, forge_make_heartbeat(root, 9, "2026-12-30T00:00:00Z", &gone, 1), BY(9));
    put(world, forge_make_heartbeat(root, 9, "2026-12-31T00:00:00Z", held, 3), BY(9));
    put(world, forge_make_heartbeat(root, 10, "2026-12-29T00:00:00Z", held, 3), BY(10));
    put(world, forge_make_heartbeat(root, 10, "2026-12-30T00:00:00Z", &gone, 1), BY(10));
    put(world, forge_make_heartbeat(root, 10, "2026-12-31T00:00:00Z", &lost, 1), BY(1, 9));
    put(world, forge_make_heartbeat(root, 9, "2249-12-01T00:00:00Z", &gone, 1), BY(9)); /* ahead */
    const struct view *view = look(world);
    assert_instant_equal(view->root[0].heartbeat->is.heartbeat.made,
                         forge_instant("2026-12-31T00:00:00Z"));
    assert_true(misses(view, &lost, 9));
    assert_false(misses(view, &gone, 9));
    assert_true(misses(view, &gone, 10));
    assert_false(misses(view, &lost, 10));
    assert_int_equal(view->alert_count, 2); /* of what is here, nothing is missing */
}

/* Whoever keeps records away, and has one beacon's key, writes its heartbeats as he likes. */
static void one_beacon_alone_vouches_for_no_freshness(void **state)
{
    struct constellation *world = *state;
    const struct record *root = world->anchor.root =
        put(world,
            forge_make_root(
                (struct forge_root){.threshold = 1, .organizer = {1, 2}, .beacon = {9, 10, 11}}),
            BY(1));
    struct view_freshness is = view_freshness(look(world)->root, world->now);
    assert_false(is.is_stale); /* nobody has ever told: nothing to miss */
    put(world, forge_make_heartbeat(root, 9, "2026-12-31T12:00:00Z", &root->id, 1), BY(9));
    is = view_freshness(look(world)->root, world->now);
    assert_true(is.is_stale);
    assert_int_equal(is.told, 1);
    assert_int_equal(is.needed, 2);
    assert_instant_equal(is.until, forge_instant("2026-12-31T12:00:00Z"));
    put(world, forge_make_heartbeat(root, 10, "2026-12-31T10:00:00Z", &root->id, 1), BY(10));
    put(world, forge_make_heartbeat(root, 11, "2026-12-29T10:00:00Z", &root->id, 1), BY(11));
    const instant due = forge_instant("2027-01-01T10:00:00Z"); /* a day after the second's */
    is = view_freshness(look(world)->root, due);
    assert_false(is.is_stale);
    assert_int_equal(is.told, 2);
    assert_instant_equal(is.until, due);
    assert_int_equal(world->view->root->beating_count, 3);
    is = view_freshness(world->view->root, forge_later(due, 1));
    assert_true(is.is_stale);
    assert_int_equal(is.told, 1);
    assert_instant_equal(is.until, due);
    put(world, forge_make_heartbeat(root, 9, "2027-01-01T11:00:00Z", &root->id, 1), BY(9));
    world->now = forge_instant("2027-01-01T12:00:00Z");
    is = view_freshness(look(world)->root, world->now); /* the thief goes on */
    assert_true(is.is_stale);
    assert_instant_equal(is.until, due);
    put(world, forge_make_revoke(root, 9, NULL, 0), BY(1));
    char sentence[VIEW_SENTENCE_SIZE];
    view_freshness_write(look(world)->root, world->now, sentence);
    assert_string_equal(sentence, "0 of 3 beacons have told in time what is in force, 2 must: this "
                                  "copy may be stale");
    put(world, forge_make_heartbeat(root, 11, "2027-01-01T11:00:00Z", &root->id, 1), BY(11));
    put(world, forge_make_heartbeat(root, 10, "2027-01-01T11:30:00Z", &root->id, 1), BY(10));
    view_freshness_write(look(world)->root, world->now, sentence);
    assert_string_equal(sentence, "2 of 3 beacons have told in time what is in force, 2 must");
}

/* Of too few it is told since when they were, whoever stands first; and of one beacon as of one. */
static void too_few_beacons_vouch_since_the_first_of_them_did(void **state)
{
    struct constellation *world = *state;
    for (unsigned first = 0; first < 2; first++) {
        const struct record *root = world->anchor.root = put(
            world,
            forge_make_root((struct forge_root){
                .threshold = 1, .organizer = {1, 2}, .beacon = {9, 10, 11, 12}, .lock_s = first}),
            BY(1));
        for (unsigned i = 0; i < 2; i++) {
            put(world,
                forge_make_heartbeat(root, 9 + i,
                                     i == first ? "2026-12-31T10:00:00Z" : "2026-12-31T12:00:00Z",
                                     &root->id, 1),
                BY(9 + i));
        }
        struct view_freshness is = view_freshness(look(world)->root, world->now);
        assert_int_equal(is.needed, 3);
        assert_instant_equal(is.until, forge_instant("2026-12-31T10:00:00Z"));
    }
    const struct record *root = world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}, .beacon = {9}}),
        BY(1));
    put(world, forge_make_heartbeat(root, 9, "2026-12-31T12:00:00Z", &root->id, 1), BY(9));
    char sentence[VIEW_SENTENCE_SIZE];
    view_freshness_write(look(world)->root, world->now, sentence);
    assert_string_equal(sentence, "1 of 1 beacon has told in time what is in force, 1 must");
}

static void a_heartbeat_may_be_a_day_ahead_and_no_more(void **state)
{
    struct constellation *world = *state;
    const struct record *root = world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}, .beacon = {9}}),
        BY(1));
    put(world, forge_make_heartbeat(root, 9, "2027-01-01T00:00:00Z", &root->id, 1), BY(9));
    for (int i = 0; i < 2; i++) {
        world->now = forge_later(forge_instant("2026-12-31T00:00:00Z"), -i);
        assert_int_equal(look(world)->root->beating_count, 1 - i);
    }
}

static void a_version_may_not_be_skipped(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    struct record *two =
        forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {1, 2}});
    rotate(world, two, (struct forge_root){.threshold = 1, .organizer = {1, 2}}, BY(1, 2));
    assert_ptr_equal(root_of(world)->newest, one);
    put(world, two, BY(1, 2));
    assert_int_equal(root_of(world)->newest->is.root.version, 3); /* the gap is closed */
}

/* Enough have signed it, and still it is not the next one. */
static void a_successor_names_the_one_before_and_counts_one_up(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    struct record *next =
        forge_make_root((struct forge_root){.prev = one, .threshold = 2, .organizer = {1, 2, 4}});
    struct record other = *next, third = *next;
    other.is.root.prev.bytes[0] ^= 1;
    third.is.root.version = 3;
    put(world, forge(&other), BY(1, 2, 3));
    put(world, forge(&third), BY(1, 2, 3));
    assert_ptr_equal(look(world)->root[0].newest, one);
    put(world, next, BY(1, 2));
    assert_ptr_equal(look(world)->root[0].newest, next);
    assert_false(world->view->root[0].is_frozen);
}

static void two_successors_freeze_the_root(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    declare(world, 5, BY(1, 2));
    rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {1}}, BY(1, 2));
    const struct record *two =
        rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {2}}, BY(1, 2));
    assert_ptr_equal(root_of(world)->newest, one);
    assert_true(root_of(world)->is_frozen);
    assert_fact(root_of(world)->why, FACT_ROOT_FORKED, 2, 2);
    assert_true(has_alert(world->view, FACT_ROOT_FORKED));
    assert_int_equal(root_of(world)->pending_count, 0); /* no signature more would settle it */
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED); /* under version 1, as before */
    world->anchor.root = two;                                      /* a person decides */
    assert_false(root_of(world)->is_frozen);
    assert_ptr_equal(root_of(world)->newest, two);
}

static void an_anchor_stands_at_any_version(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    const struct record *kept = declare(world, 5, BY(2, 3));
    const struct record *two =
        rotate(world, one,
               (struct forge_root){
                   .threshold = 2, .organizer = {1, 4, 5}, .keep = &kept->id, .keep_count = 1},
               BY(1, 2, 4));
    world->anchor.root = two;
    assert_ptr_equal(root_of(world)->newest, two);
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED); /* 2 and 3 by the keep */
    uint8_t digest[32];
    memcpy(digest, look(world)->digest, 32);
    world->anchor.root = one; /* from below the same is seen */
    assert_memory_equal(look(world)->digest, digest, 32);
    rotate(world, two, (struct forge_root){.threshold = 1, .organizer = {4}}, BY(4, 5));
    world->anchor.root = two;
    assert_int_equal(root_of(world)->newest->is.root.version, 3);
}

static void a_removed_key_counts_only_for_what_is_kept(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    declare(world, 4, BY(2, 3));
    const struct record_id keep[] = {declare(world, 5, BY(2, 3))->id,
                                     declare(world, 6, BY(2, 3))->id};
    const struct record_id late = declare(world, 7, BY(2, 3))->id;
    const struct record *two = rotate(
        world, one,
        (struct forge_root){.threshold = 2, .organizer = {1, 4, 5}, .keep = keep, .keep_count = 2},
        BY(1, 2, 4));
    rotate(world, two,
           (struct forge_root){.threshold = 2, .organizer = {4, 5}, .keep = &late, .keep_count = 1},
           BY(4, 5));
    assert_int_equal(root_of(world)->newest->is.root.version, 3);
    assert_null(window_of(world, 4));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    assert_int_equal(window_of(world, 6)->status, VIEW_CONFIRMED);
    assert_null(window_of(world, 7)); /* what keeps it is not the root that removed them */
}

/* Whatever a revoke of its key would keep. */
static void a_key_that_never_was_an_organizers_counts_for_nothing(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *window = declare(world, 5, BY(1, 7));
    put(world, forge_make_revoke(root, 7, &window->id, 1), BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
    assert_int_equal(window_of(world, 5)->signature_count, 1);
}

/* Row 7: theft of one key of three. */
static void a_thief_with_one_key_changes_nothing(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    uint8_t effective[32];
    memcpy(effective, look(world)->root[0].effective_digest, 32);
    put(world, forge_make_cancel(window, "ha"), BY(3));
    amend(world, window, "ha", BY(3));
    declare(world, 6, BY(3));
    put(world, forge_make_revoke(root, 1, NULL, 0), BY(3));
    rotate(world, root, (struct forge_root){.threshold = 1, .organizer = {3}}, BY(3));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_CONFIRMED);
    assert_ptr_equal(seen->record, window);
    assert_memory_equal(world->view->root[0].effective_digest, effective, 32);
    assert_int_equal(window_of(world, 6)->status, VIEW_TENTATIVE);
}

static void after_revocation_everything_of_the_thief_is_void(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    declare(world, 5, BY(1, 3));
    const struct record *kept = declare(world, 6, BY(2, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    const struct record *revoke = put(world, forge_make_revoke(root, 3, &kept->id, 1), BY(1, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED); /* nobody revokes himself */
    assert_int_equal(root_of(world)->pending_count, 1);
    sign(world, revoke, 2);
    assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
    assert_int_equal(window_of(world, 6)->status, VIEW_CONFIRMED);
    declare(world, 7, BY(3));
    assert_null(window_of(world, 7));
}

static void crossed_revokes_are_all_in_force_and_freeze(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    put(world, forge_make_revoke(root, 1, NULL, 0), BY(2, 3));
    put(world, forge_make_revoke(root, 2, NULL, 0), BY(1, 3));
    assert_true(root_of(world)->is_frozen);
    assert_fact(root_of(world)->why, FACT_ROOT_KEYS_LEFT, 1, 2);
    rotate(world, root, (struct forge_root){.threshold = 1, .organizer = {1}}, BY(1, 2, 3));
    assert_int_equal(root_of(world)->newest->is.root.version, 1);
}

static void crossed_revokes_hold_under_the_next_root(void **state)
{
    struct constellation *world = *state;
    const struct record *one = world->anchor.root =
        put(world, forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3, 4}}),
            BY(1, 2));
    declare(world, 5, BY(1, 2));
    put(world, forge_make_revoke(one, 1, NULL, 0), BY(2, 3));
    put(world, forge_make_revoke(one, 2, NULL, 0), BY(1, 3));
    const struct record *two = rotate(
        world, one, (struct forge_root){.threshold = 2, .organizer = {1, 2, 3, 4}}, BY(3, 4));
    assert_ptr_equal(root_of(world)->newest, two);
    assert_int_equal(root_of(world)->effective_count, 4);
    assert_int_equal(root_of(world)->pending_count, 0);
    assert_null(window_of(world, 5));
}

static void a_revoked_key_does_not_lift_the_root(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *two =
        rotate(world, root, (struct forge_root){.threshold = 1, .organizer = {1, 3}}, BY(1, 3));
    assert_ptr_equal(root_of(world)->newest, two);
    struct record *void_all = forge_make_revoke(root, 3, NULL, 0);
    struct record *keep_root = forge_make_revoke(root, 3, &two->id, 1);
    put(world, keep_root, BY(1, 2));
    assert_ptr_equal(root_of(world)->newest, two);
    world->count--; /* the other revoke instead */
    record_free(keep_root);
    put(world, void_all, BY(1, 2));
    assert_ptr_equal(root_of(world)->newest, root);
}

static void what_depends_on_a_key_is_what_a_revoke_should_keep(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world); /* signed by 1 and 2 */
    const struct record *needed = declare(world, 5, BY(1, 3));
    const struct record *spare = put(world,
                                     forge_make_window((struct forge_window){
                                         .root = root, .uid = 6, .at = {"a 2027-01-02T00:00:00Z"}}),
                                     BY(1, 2, 3));
    const struct record *later = amend(world, needed, "later", BY(1, 2));
    struct record_id id[8];
    struct record_public_key three = forge_public(3);
    assert_int_equal(view_depending_on(look(world), &root->id, three.key, id, 8), 1);
    assert_true(record_id_equal(&id[0], &needed->id));
    struct record_public_key one = forge_public(1);
    const struct record *revoked[] = {
        put(world, forge_make_revoke(root, 7, NULL, 0), BY(1, 2)),
        put(world, forge_make_revoke(root, 8, NULL, 0), BY(1, 2, 3)),
        put(world, forge_make_revoke(root, 9, NULL, 0), BY(2, 3)),
    };
    struct record_id wanted[] = {root->id, needed->id, later->id, revoked[0]->id, revoked[1]->id};
    qsort(wanted, 5, sizeof *wanted, forge_by_id);
    assert_int_equal(view_depending_on(look(world), &root->id, one.key, id, 8), 5);
    assert_memory_equal(id, wanted, sizeof wanted);
    memset(id, 0, sizeof id);
    assert_int_equal(view_depending_on(look(world), &root->id, one.key, id, 4), 5);
    assert_true(record_id_compare(&id[0], &id[1]) < 0 && record_id_compare(&id[2], &id[3]) < 0);
    assert_memory_equal(&id[4], &(struct record_id){{0}}, sizeof *id); /* no more than max */
    (void)spare;
}

static void an_unsound_root_is_no_successor(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {1, 2, 1}}, BY(1, 2));
    assert_ptr_equal(root_of(world)->newest, one);
}

static void count_line(void *context, const struct view_alert *alert)
{
    assert_int_equal(alert->fact.kind, FACT_CONTESTED);
    ++*(size_t *)context;
}

static void an_alert_is_told_once_for_as_long_as_it_lasts(void **state)
{
    struct constellation *world = *state;
    struct view_seen seen = {0};
    size_t lines = 0;
    found(world);
    const struct record *window = declare(world, 5, BY(1, 2));
    view_tell_new(&seen, look(world), NULL, count_line, &lines);
    assert_int_equal(lines, 0);
    amend(world, window, "One", BY(1, 2));
    amend(world, window, "Two", BY(1, 2));
    for (int again = 0; again < 3; again++) {
        view_tell_new(&seen, look(world), NULL, count_line, &lines);
        assert_int_equal(lines, 1);
    }
    size_t kept = world->entry[world->count - 1].signer_count;
    world->entry[world->count - 1].signer_count = 0; /* over for a while, and then again */
    view_tell_new(&seen, look(world), NULL, count_line, &lines);
    world->entry[world->count - 1].signer_count = kept;
    view_tell_new(&seen, look(world), NULL, count_line, &lines);
    assert_int_equal(lines, 2);
    view_seen_free(&seen);
}

/* Whose time may be another: of what it makes of the first one's records nothing is told. */
static void anothers_view_neither_tells_an_alert_nor_ends_it(void **state)
{
    struct constellation *world = *state;
    struct view_seen seen = {0};
    size_t lines = 0;
    const struct record *root = found(world), *window = declare(world, 5, BY(1, 2));
    const struct record_id another = {{7}};
    amend(world, window, "One", BY(1, 2));
    amend(world, window, "Two", BY(1, 2));
    for (size_t again = 0; again < 3; again++) {
        view_tell_new(&seen, look(world), &another, count_line, &lines);
        assert_int_equal(lines, again > 0);
        view_tell_new(&seen, look(world), &root->id, count_line, &lines);
        assert_int_equal(lines, 1);
    }
    view_seen_free(&seen);
}

static void tell_more(void *context, const struct view_alert *alert)
{
    size_t *lines = context;
    assert_int_equal(alert->fact.kind, *lines < 20 ? FACT_CONTESTED : FACT_MORE_ALERTS);
    assert_int_equal(alert->fact.count, *lines < 20 ? 0 : 3);
    ++*lines;
}

static void of_many_alerts_twenty_are_told_and_how_many_more(void **state)
{
    struct constellation *world = *state;
    struct view_seen seen = {0};
    size_t lines = 0;
    found(world);
    for (unsigned uid = 1; uid <= 23; uid++) {
        const struct record *window = declare(world, uid, BY(1, 2));
        for (int twin = 0; twin < 2; twin++) {
            put(world,
                forge_make_window((struct forge_window){.root = world->anchor.root,
                                                        .uid = uid,
                                                        .seq = 1,
                                                        .prev = {window},
                                                        .title = twin == 0 ? "One" : "Two",
                                                        .at = {"2027 2027-08-02T08:25:00Z"}}),
                BY(1, 2));
        }
    }
    view_tell_new(&seen, look(world), NULL, tell_more, &lines);
    assert_int_equal(lines, 21);
    view_tell_new(&seen, look(world), NULL, tell_more, &lines); /* all of them are known now */
    assert_int_equal(lines, 21);
    view_seen_free(&seen);
}

static void count_any(void *context, const struct view_alert *alert)
{
    (void)alert;
    ++*(size_t *)context;
}

static void beside_known_alerts_a_new_one_is_told(void **state)
{
    struct constellation *world = *state;
    struct view_seen seen = {0};
    size_t lines = 0;
    const struct record *root = found(world);
    struct record_id gone[21] = {0};
    for (uint8_t i = 0; i < 21; i++) {
        gone[i].bytes[0] = i + 1;
    }
    put(world, forge_make_heartbeat(root, 9, "2027-01-01T00:00:00Z", gone, 1), BY(9));
    view_tell_new(&seen, look(world), NULL, count_any, &lines);
    assert_int_equal(lines, 1);
    put(world, forge_make_heartbeat(root, 9, "2027-01-01T01:00:00Z", gone, 2), BY(9));
    view_tell_new(&seen, look(world), NULL, count_any, &lines);
    assert_int_equal(lines, 2);
    view_seen_free(&seen);
    put(world, forge_make_heartbeat(root, 9, "2027-01-01T02:00:00Z", gone, 21), BY(9));
    view_tell_new(&seen, look(world), NULL, count_any, &lines);
    assert_int_equal(lines, 2 + 21); /* the last line says that there is one more */
    view_seen_free(&seen);
}

/* The keys that are left are those of the newest version alone. */
static void the_version_before_leaves_no_keys_to_a_frozen_root(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    const struct record *two = rotate(
        world, one, (struct forge_root){.threshold = 2, .organizer = {4, 5, 6}}, BY(1, 2, 4, 5));
    assert_false(root_of(world)->is_frozen);
    put(world, forge_make_revoke(two, 4, NULL, 0), BY(5, 6));
    put(world, forge_make_revoke(two, 5, NULL, 0), BY(4, 6));
    assert_true(root_of(world)->is_frozen);
}

static struct view_standing standing_of(struct constellation *world, const struct record *record)
{
    struct view_standing standing;
    memset(&standing, 0x7F, sizeof standing);
    for (size_t i = 0; i < world->count; i++) {
        if (world->record[i] == record) {
            assert_true(view_standing(look(world), &world->entry[i], &standing));
        }
    }
    return standing;
}

static void a_standing_tells_what_is_wanting(void **state)
{
    struct constellation *world = *state;
    const struct record *one = put(
        world,
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}}),
        BY(1));
    world->anchor.root = one;
    const struct record *window = declare(world, 5, BY(1, 2));
    struct view_standing standing = standing_of(world, window);
    assert_int_equal(standing.count, 2);
    assert_false(standing.is_enough); /* nothing is, before the root itself */
    assert_int_equal(standing.obstacle, OBSTACLE_ROOT_TENTATIVE);
    sign(world, one, 2);
    assert_true(standing_of(world, window).is_enough);
    assert_int_equal(standing_of(world, window).obstacle, OBSTACLE_NONE);
    const struct record *beat =
        put(world, forge_make_heartbeat(one, 9, "2027-01-01T00:00:00Z", NULL, 0), BY(9));
    standing = standing_of(world, beat);
    assert_true(standing.is_enough && standing.count == 1 && standing.needed == 1);
    const struct record *two =
        rotate(world, one, (struct forge_root){.threshold = 2, .organizer = {4, 5, 6}}, BY(4, 5));
    standing = standing_of(world, two);
    assert_true(standing.follows);
    assert_int_equal(standing.count, 2);
    assert_int_equal(standing.before, 0);
    assert_int_equal(standing.before_needed, 2);
    assert_false(standing.is_enough);
    sign(world, two, 1);
    sign(world, two, 3);
    assert_true(standing_of(world, two).is_enough);
    assert_false(standing_of(world, beat).is_enough); /* the beacon has left with version 1 */
    const struct record *stranger =
        put(world, forge_make_root((struct forge_root){.threshold = 1, .organizer = {7}}), BY(7));
    struct view_entry entry = {.record = stranger};
    assert_false(view_standing(look(world), &entry, &standing));
    const struct view_anchor both[] = {{stranger}, {one}}, twice[] = {{one}, {one}};
    struct view *view;
    assert_true(view_build(world->entry, world->count, twice, 2, world->now, &view));
    assert_false(view_standing(view, &entry, &standing));
    view_free(view);
    assert_true(view_build(world->entry, world->count, both, 2, world->now, &view));
    entry = (struct view_entry){window, world->signer[0], 1};
    assert_true(view_standing(view, &entry, &standing));
    assert_true(view_standing(view, &world->entry[world->count - 1], &standing));
    view_free(view);
}

static void the_standing_of_a_root_is_judged_by_the_one_before(void **state)
{
    struct constellation *world = *state;
    const struct record *one = put(
        world, forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}}), BY(1));
    world->anchor.root = one;
    struct view_standing standing = standing_of(world, one);
    assert_true(!standing.follows && standing.count == 1 && standing.needed == 2);
    assert_int_equal(standing.obstacle, OBSTACLE_NONE); /* what it lacks are signatures */
    assert_false(standing.is_enough);
    sign(world, one, 2);
    assert_true(standing_of(world, one).is_enough);
    const struct record *two = rotate(
        world, one, (struct forge_root){.threshold = 3, .organizer = {1, 4, 5, 6}}, BY(1, 4, 5));
    standing = standing_of(world, two);
    assert_true(standing.follows && standing.count == 3 && standing.needed == 3);
    assert_true(standing.before == 1 && standing.before_needed == 2 && !standing.is_enough);
    assert_int_equal(standing.obstacle, OBSTACLE_NONE);
    sign(world, two, 2);
    standing = standing_of(world, two); /* now that it is in force */
    assert_true(standing.before == 2 && standing.before_needed == 2 && standing.is_enough);
    const struct record *beside =
        rotate(world, one, (struct forge_root){.threshold = 1, .organizer = {1}}, BY(1, 2));
    assert_true(root_of(world)->is_frozen); /* two follow on the first */
    assert_int_equal(standing_of(world, beside).obstacle, OBSTACLE_ROOT_FROZEN);
    assert_false(standing_of(world, beside).is_enough);
    world->anchor.root = two;
    standing = standing_of(world, one); /* before the anchor nobody is asked */
    assert_true(!standing.follows && standing.is_enough);
    assert_false(standing_of(world, two).follows);
    standing = standing_of(world, beside);
    assert_int_equal(standing.obstacle, OBSTACLE_NOT_SUCCESSOR);
    assert_int_equal(standing.before_needed, 3);
}

static void the_standing_of_a_revoke_leaves_the_revoked_key_out(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *revoke = put(world, forge_make_revoke(root, 3, NULL, 0), BY(1, 3));
    struct view_standing standing = standing_of(world, revoke);
    assert_true(standing.count == 1 && standing.needed == 2 && !standing.is_enough);
    sign(world, revoke, 2);
    assert_true(standing_of(world, revoke).is_enough);
}

/* Whoever else signed it, and in whatever order. */
static void a_heartbeat_stands_by_its_own_beacons_signature(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *beat =
        put(world, forge_make_heartbeat(root, 9, "2027-01-01T00:00:00Z", NULL, 0), NOBODY);
    const struct record_public_key by[] = {forge_public(7), forge_public(9)};
    struct view_standing standing;
    assert_true(view_standing(look(world), &(struct view_entry){beat, by, 2}, &standing));
    assert_true(standing.is_enough);
    assert_true(view_standing(look(world), &(struct view_entry){beat, by, 1}, &standing));
    assert_false(standing.is_enough);
}

/* Whatever stands behind the last of the signers. */
static void only_signers_are_counted(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *of[] = {
        root, declare(world, 5, BY(1)), put(world, forge_make_revoke(root, 3, NULL, 0), BY(1)),
        rotate(world, root, (struct forge_root){.threshold = 2, .organizer = {1, 2}}, BY(1))};
    const struct record_public_key by[] = {forge_public(1), forge_public(2)};
    for (size_t i = 0; i < 4; i++) {
        struct view_standing standing;
        assert_true(view_standing(look(world), &(struct view_entry){of[i], by, 1}, &standing));
        assert_int_equal(standing.count, 1);
        assert_int_equal(standing.before, i == 3);
    }
}

static void an_anchor_that_is_not_among_the_records_is_tentative(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    declare(world, 5, BY(1, 2));
    world->entry[0] = world->entry[1]; /* the root's entry is lost; its record stays owned */
    assert_true(root_of(world)->is_tentative);
    assert_true(has_alert(look(world), FACT_ROOT_UNSIGNED));
    assert_ptr_equal(root_of(world)->newest, root);
    assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_successor_needs_m_of_the_old_and_m_of_its_own),
        TEST(what_wants_signatures_of_organizers_is_pending),
        TEST(the_ancestors_of_an_anchor_are_those_that_it_names),
        TEST(of_each_beacon_the_latest_heartbeat_tells_what_is_missing),
        TEST(one_beacon_alone_vouches_for_no_freshness),
        TEST(a_heartbeat_may_be_a_day_ahead_and_no_more),
        TEST(too_few_beacons_vouch_since_the_first_of_them_did),
        TEST(a_version_may_not_be_skipped),
        TEST(a_successor_names_the_one_before_and_counts_one_up),
        TEST(two_successors_freeze_the_root),
        TEST(an_anchor_stands_at_any_version),
        TEST(a_removed_key_counts_only_for_what_is_kept),
        TEST(a_key_that_never_was_an_organizers_counts_for_nothing),
        TEST(a_thief_with_one_key_changes_nothing),
        TEST(after_revocation_everything_of_the_thief_is_void),
        TEST(crossed_revokes_are_all_in_force_and_freeze),
        TEST(crossed_revokes_hold_under_the_next_root),
        TEST(a_revoked_key_does_not_lift_the_root),
        TEST(what_depends_on_a_key_is_what_a_revoke_should_keep),
        TEST(an_unsound_root_is_no_successor),
        TEST(an_alert_is_told_once_for_as_long_as_it_lasts),
        TEST(anothers_view_neither_tells_an_alert_nor_ends_it),
        TEST(of_many_alerts_twenty_are_told_and_how_many_more),
        TEST(the_version_before_leaves_no_keys_to_a_frozen_root),
        TEST(beside_known_alerts_a_new_one_is_told),
        TEST(a_standing_tells_what_is_wanting),
        TEST(the_standing_of_a_root_is_judged_by_the_one_before),
        TEST(the_standing_of_a_revoke_leaves_the_revoked_key_out),
        TEST(a_heartbeat_stands_by_its_own_beacons_signature),
        TEST(only_signers_are_counted),
        TEST(an_anchor_that_is_not_among_the_records_is_tentative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
