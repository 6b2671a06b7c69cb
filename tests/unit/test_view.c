/* links: records trust */
#include "view_scene.h"

static void a_window_takes_effect_with_the_threshold(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *window = declare(world, 5, BY(1));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_TENTATIVE);
    assert_fact(seen->why, FACT_SIGNATURES, 1, 2);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_NOT_YET);
    assert_int_equal(seen->pending_count, 1);
    sign(world, window, 1); /* the same key again counts once */
    assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
    sign(world, window, 2);
    seen = window_of(world, 5);
    assert_int_equal(seen->status, VIEW_CONFIRMED);
    assert_int_equal(seen->signature_count, 2);
    assert_int_equal(seen->pending_count, 0);
    assert_int_equal(seen->occurrence_count, 2);
    assert_int_equal(seen->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_instant_equal(seen->occurrence[0].start, forge_instant("2027-08-02T08:25:00Z"));
    assert_instant_equal(seen->occurrence[0].end, forge_instant("2027-08-02T08:26:00Z"));
    const struct view_occurrence *next =
        view_next_occurrence(seen, forge_instant("2027-08-02T08:26:00Z"));
    assert_text_equal(next->key, "2028");
}

/* Copies of one record, each with its signatures, and a signature again. */
static void signatures_are_joined_and_each_key_counts_once(void **state)
{
    struct constellation *world = *state;
    found(world);
    declare(world, 5, BY(1, 7, 1));
    assert_int_equal(window_of(world, 5)->signature_count, 1);
    declare(world, 6, BY(1));
    struct view_entry *copy = &world->entry[world->count];
    *copy = (struct view_entry){world->record[world->count - 1], &world->signer[0][1], 1};
    world->count++;
    assert_true(view_is_signed_by(copy, &world->signer[0][1]));
    assert_false(view_is_signed_by(copy, &world->signer[0][0]));
    assert_int_equal(window_of(world, 6)->status, VIEW_CONFIRMED);
    assert_int_equal(window_of(world, 6)->signature_count, 2);
    assert_int_equal(world->view->window_count, 2);
}

static void strangers_and_beacons_do_not_count(void **state)
{
    struct constellation *world = *state;
    found(world);
    declare(world, 5, BY(7, 8, 9));
    assert_null(window_of(world, 5));
    declare(world, 6, BY(1, 8, 9));
    assert_int_equal(window_of(world, 6)->status, VIEW_TENTATIVE);
}

static void a_root_wants_m_of_its_own_signatures(void **state)
{
    struct constellation *world = *state;
    world->anchor.root = put(
        world, forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}}), BY(1));
    declare(world, 5, BY(1, 2));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_TENTATIVE);
    assert_true(world->view->root[0].is_tentative);
    assert_int_equal(world->view->root[0].pending_count, 1);
    sign(world, world->anchor.root, 3);
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    assert_false(world->view->root[0].is_tentative);
}

static void the_highest_effective_seq_wins_even_without_its_ancestors(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    struct record *lost =
        forge_make_window((struct forge_window){.root = world->anchor.root,
                                                .uid = 5,
                                                .seq = 1,
                                                .prev = {first},
                                                .at = {"2027 2027-08-02T09:00:00Z"}});
    const struct record *third = amend(world, lost, "Later", BY(2, 3));
    assert_ptr_equal(window_of(world, 5)->record, third);
    const struct record *weak = amend(world, third, "Weak", BY(3));
    const struct view_window *window = window_of(world, 5);
    assert_ptr_equal(window->record, third);
    assert_int_equal(window->pending_count, 1);
    assert_ptr_equal(window->pending[0].record, weak);
    record_free(lost);
}

static void two_at_one_seq_are_contested_until_one_names_both(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *one = amend(world, first, "One", BY(1, 2));
    const struct record *two = amend(world, first, "Two", BY(2, 3));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CONTESTED);
    assert_ptr_equal(window->record, first);
    assert_int_equal(window->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_true(has_alert(world->view, FACT_CONTESTED));
    assert_int_equal(window->pending_count, 0);
    assert_int_equal(window->held_count, 3);
    assert_true(record_id_equal(&world->view->alert[0].record, &window->held[2]->id));
    const struct record *partial = amend(world, one, "Partial", BY(1, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONTESTED); /* it does not name both */
    assert_ptr_equal(window_of(world, 5)->record, first);
    (void)partial;
    const struct record *both = amend(world, partial, "Both", BY(1, 2));
    assert_ptr_equal(window_of(world, 5)->record, both);
    (void)two;
}

/* Two seqs above the first, of which it names the first alone. */
static const struct record *amend_above_a_gap(struct constellation *world,
                                              const struct record *first, const unsigned *by)
{
    return declare_as(
        world,
        (struct forge_window){.seq = 2, .prev = {first}, .at = {"2027 2027-08-02T10:25:00Z"}}, by);
}

/* Of what stands alone at the seq below nothing need be named: it may be one that is not here. */
static void an_amendment_of_a_lost_one_wins(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    struct record *lost = forge_make_window((struct forge_window){
        .root = world->anchor.root, .uid = 5, .at = {"2027 2027-08-02T09:00:00Z"}});
    const struct record *next = amend(world, lost, "Later", BY(2, 3));
    assert_ptr_equal(window_of(world, 5)->record, next);
    const struct record *third = amend_above_a_gap(world, first, BY(1, 2));
    assert_ptr_equal(window_of(world, 5)->record, third);
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    record_free(lost);
}

/* Of a quarrel two steps below, what stands between has settled it, wherever that is. */
static void an_amendment_above_a_gap_wins_over_a_quarrel(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    quarrel(world, BY(2, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CONTESTED);
    const struct record *third = amend_above_a_gap(world, first, BY(1, 2));
    assert_ptr_equal(window_of(world, 5)->record, third);
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
}

/* As many windows in the second as in the first, and no anchor but its own. */
static void each_constellation_has_its_own(void **state)
{
    struct constellation *world = *state;
    const struct forge_root same = {.threshold = 1, .organizer = {1}};
    struct forge_root other = same;
    other.name = "Other";
    const struct record *one[2] = {put(world, forge_make_root(same), BY(1))};
    const struct record *two[2] = {put(world, forge_make_root(other), BY(1))};
    struct forge_root next = same;
    next.prev = one[0];
    one[1] = put(world, forge_make_root(next), BY(1));
    next.prev = two[0];
    two[1] = put(world, forge_make_root(next), BY(1));
    for (unsigned uid = 1; uid <= 16; uid++) {
        world->anchor.root = uid % 2 == 0 ? one[0] : two[0];
        declare(world, uid, BY(1));
    }
    const struct view_anchor anchors[] = {{one[0]}, {two[0]}, {two[1]}, {one[1]}};
    struct view *view;
    assert_true(view_build(world->entry, world->count, anchors, 4, world->now, &view));
    assert_int_equal(view->root_count, 2);
    assert_int_equal(view->window_count, 16);
    for (size_t r = 0; r < 2; r++) {
        const struct record *const *root = r == 0 ? one : two;
        const struct view_root *seen = view_find_root(view, &root[0]->id);
        assert_ptr_equal(seen->anchor, root[1]);
        assert_int_equal(seen->effective_count, 10);
        for (size_t i = 0; i < world->count; i++) {
            assert_int_equal(
                record_id_is_among(seen->effective, seen->effective_count, &world->record[i]->id),
                record_id_equal(record_root_of(world->record[i]), &root[0]->id));
        }
    }
    view_free(view);
}

static void of_cancels_the_one_of_most_signatures_counts(void **state)
{
    static const char *const reason[] = {"a", "b", "c"};
    struct constellation *world = *state;
    found(world);
    for (unsigned most = 0; most < 4; most++) {
        const struct record *window = declare(world, most + 1, BY(1, 2)), *cancel[3];
        for (unsigned i = 0; i < 3; i++) {
            cancel[i] = put(world, forge_make_cancel(window, reason[i]),
                            i == most ? BY(1, 2, 3) : BY(1, 2));
        }
        const struct record *expected = cancel[most % 3];
        for (unsigned i = 0; i < 3 && most == 3; i++) { /* of equals the lowest id */
            expected = record_id_compare(&cancel[i]->id, &expected->id) < 0 ? cancel[i] : expected;
        }
        assert_ptr_equal(window_of(world, most + 1)->cancel, expected);
    }
}

/* Of those that lack signatures: the highest seq, then the most signatures, then the lowest id;
 * what nobody of the organizers signed is none of them. */
static void the_best_tentative_window_is_shown(void **state)
{
    struct constellation *world = *state;
    world->anchor.root =
        put(world, forge_make_root((struct forge_root){.threshold = 3, .organizer = {1, 2, 3, 4}}),
            BY(1, 2, 3));
    const struct record *first = declare(world, 5, BY(1, 2));
    assert_ptr_equal(window_of(world, 5)->record, first);
    const struct record *next[] = {amend(world, first, "A", BY(7)), amend(world, first, "B", BY(1)),
                                   amend(world, first, "C", BY(2)),
                                   amend(world, first, "D", BY(3))};
    const struct record *lowest = next[1];
    for (size_t i = 2; i < 4; i++) {
        lowest = record_id_compare(&next[i]->id, &lowest->id) < 0 ? next[i] : lowest;
    }
    assert_ptr_equal(window_of(world, 5)->record, lowest);
    assert_int_equal(window_of(world, 5)->signature_count, 1);
    assert_int_equal(window_of(world, 5)->pending_count, 4); /* the first, and three */
    for (size_t i = 1; i < 4; i++) {
        unsigned also = i == 1 ? 4 : (unsigned)i - 1;
        sign(world, next[i], also);
        assert_ptr_equal(window_of(world, 5)->record, next[i]);
        assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
        world->entry[world->count - 4 + i].signer_count--;
    }
}

/* What stands above the one in force, and cancels; not what has been overtaken. */
static void pending_is_what_would_change_something(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    declare_as(world, (struct forge_window){.title = "Beside", .at = {"2027 2027-08-02T08:25:00Z"}},
               BY(3));
    const struct record *second = amend(world, first, "One", BY(1, 2));
    amend(world, first, "Beside", BY(1));
    assert_int_equal(window_of(world, 5)->pending_count, 0);
    amend(world, second, "Stranger's", BY(7));
    assert_int_equal(window_of(world, 5)->pending_count, 0);
    const struct record *third = amend(world, second, "Two", BY(3));
    const struct record *cancel = put(world, forge_make_cancel(first, "rain"), BY(2));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->pending_count, 2);
    assert_ptr_equal(seen->pending[0].record, third);
    assert_ptr_equal(seen->pending[1].record, cancel);
    assert_int_equal(seen->held_count, 2);
    assert_ptr_equal(seen->held[0], first);
    assert_ptr_equal(seen->held[1], second);
    sign(world, cancel, 1);
    seen = window_of(world, 5);
    assert_int_equal(seen->pending_count, 0); /* nothing comes after that */
    assert_fact(seen->why, FACT_CANCELLED, 0, 0);
    sign(world, cancel, 3);
    assert_fact(window_of(world, 5)->why, FACT_CANCELLED_BY_MORE, 0, 0);
}

static void a_settlement_names_both(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *one = amend(world, first, "One", BY(1, 2));
    const struct record *two = amend(world, first, "Two", BY(2, 3));
    const struct record *settled = declare_as(
        world,
        (struct forge_window){.seq = 2, .prev = {one, two}, .at = {"2027 2027-08-02T10:25:00Z"}},
        BY(1, 2));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CONFIRMED);
    assert_ptr_equal(window->record, settled);
}

static void contested_from_the_start_nothing_rings(void **state)
{
    struct constellation *world = *state;
    found(world);
    declare(world, 5, BY(1, 2));
    quarrel(world, BY(2, 3));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CONTESTED);
    assert_null(window->record);
    assert_int_equal(window->signature_count, 0);
    assert_int_equal(window->occurrence_count, 0);
}

static void a_cancel_ends_whatever_is_amended(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *cancel = put(world, forge_make_cancel(first, "rain"), BY(1));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CONFIRMED);
    assert_int_equal(window->pending_count, 1);
    sign(world, cancel, 3);
    window = window_of(world, 5);
    assert_int_equal(window->status, VIEW_CANCELLED);
    assert_ptr_equal(window->cancel, cancel);
    assert_int_equal(window->occurrence[0].state, OCCURRENCE_CANCELLED);
    amend(world, first, "Come back", BY(1, 2, 3));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    assert_null(view_next_occurrence(window_of(world, 5), world->now));
}

static void one_occurrence_goes_off_by_amendment(void **state)
{
    struct constellation *world = *state;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    amend_as(world, first,
             (struct forge_window){
                 .off = {"2027"}, .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z"}},
             BY(1, 2));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->occurrence[0].state, OCCURRENCE_OFF);
    assert_int_equal(window->occurrence[1].state, OCCURRENCE_IN_FORCE);
    assert_text_equal(view_next_occurrence(window, world->now)->key, "2028");
}

static void expiry_of_window_and_root_bounds_the_start(void **state)
{
    struct constellation *world = *state;
    world->anchor.root =
        put(world,
            forge_make_root((struct forge_root){
                .threshold = 1, .organizer = {1}, .expires = "2028-08-02T08:25:00Z"}),
            BY(1));
    declare(world, 5, BY(1));
    const struct view_window *window = window_of(world, 5);
    assert_int_equal(window->occurrence[0].state, OCCURRENCE_IN_FORCE);
    assert_int_equal(window->occurrence[1].state, OCCURRENCE_EXPIRED); /* starts at the expiry */
    world->now = forge_instant("2028-08-02T08:25:00Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_EXPIRED);
    assert_fact(window_of(world, 5)->why, FACT_EXPIRED_WITH_ROOT, 0, 0);
    declare_as(world,
               (struct forge_window){.uid = 6,
                                     .at = {"2027 2027-08-02T08:25:00Z"},
                                     .expires = "2028-08-02T08:25:00Z"},
               BY(1));
    assert_int_equal(window_of(world, 6)->status, VIEW_EXPIRED);
    assert_fact(window_of(world, 6)->why, FACT_WINDOW_EXPIRED, 0, 0);
    world->now = forge_instant("2028-08-02T08:24:59Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
}

/* What began before the expiry goes on. */
static void a_window_is_not_over_before_its_last_occurrence(void **state)
{
    struct constellation *world = *state;
    found(world);
    declare_as(world,
               (struct forge_window){.for_s = 3600,
                                     .at = {"a 2027-08-02T08:00:00Z", "b 2027-08-02T10:00:00Z"},
                                     .expires = "2027-08-02T10:30:00Z"},
               BY(1, 2));
    world->now = forge_instant("2027-08-02T10:59:59Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_CONFIRMED);
    world->now = forge_instant("2027-08-02T11:00:00Z");
    assert_int_equal(window_of(world, 5)->status, VIEW_EXPIRED);
}

static void a_heartbeat_speaks_of_the_effective_records(void **state)
{
    struct constellation *world = *state;
    found(world);
    declare(world, 5, BY(1, 2));
    look(world);
    const struct view_root *root = &world->view->root[0];
    assert_int_equal(root->effective_count, 2);
    assert_ptr_equal(root->heartbeat, NULL);
    uint8_t before[32], meaning[32];
    memcpy(before, root->effective_digest, 32);
    memcpy(meaning, world->view->digest, 32);
    declare(world, 6, BY(1)); /* tentative: nothing effective is new */
    assert_memory_equal(look(world)->root[0].effective_digest, before, 32);
    assert_memory_not_equal(world->view->digest, meaning, 32); /* but it means something */
    sign(world, world->record[world->count - 1], 3);
    assert_memory_not_equal(look(world)->root[0].effective_digest, before, 32);
    assert_null(world->view->root[0].heartbeat);
    struct record_id absent = world->record[0]->id;
    absent.bytes[0] ^= 1;
    const struct record *beat =
        put(world, forge_make_heartbeat(world->anchor.root, 9, "2027-01-01T00:00:00Z", &absent, 1),
            BY(9));
    assert_ptr_equal(look(world)->root[0].heartbeat, beat);
    assert_true(
        has_alert(world->view, FACT_RECORD_MISSING)); /* row 12: a store that hides a record */
}

/* Of every kind, ascending; those that are tentative or over are not among them. */
static void the_effective_records_are_listed_with_their_digest(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct record *two = put(world,
                                   forge_make_root((struct forge_root){
                                       .prev = root, .threshold = 1, .organizer = {1, 2, 3, 4}}),
                                   BY(1, 2));
    struct record_id id[] = {root->id,
                             two->id,
                             put(world, forge_make_revoke(root, 3, NULL, 0), BY(1))->id,
                             put(world, forge_make_revoke(root, 4, NULL, 0), BY(2))->id,
                             declare(world, 5, BY(1))->id,
                             declare(world, 6, BY(2))->id};
    put(world, forge_make_revoke(root, 2, NULL, 0), BY(2));
    declare(world, 7, BY(3));
    qsort(id, 6, sizeof *id, forge_by_id);
    const struct view_root *seen = look(world)->root;
    assert_int_equal(seen->effective_count, 6);
    assert_memory_equal(seen->effective, id, sizeof id);
    uint8_t digest[32];
    crypto_generichash(digest, 32, id->bytes, sizeof id, NULL, 0);
    assert_memory_equal(seen->effective_digest, digest, 32);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    const struct view *view = look(world);
    struct record_uid uid = forge_uid(77);
    struct record_id other = root->id;
    other.bytes[31] ^= 1;
    assert_null(view_find_window(view, &root->id, &uid));
    assert_null(view_find_root(view, &other));
    assert_ptr_equal(view_find_root(view, &root->id), &view->root[0]);
    assert_int_equal(
        view_depending_on(view, &other, root->is.root.organizer[0].public.key, &other, 1), 0);
    struct view *empty;
    assert_true(view_build(NULL, 0, NULL, 0, world->now, &empty));
    assert_int_equal(empty->root_count + empty->window_count + empty->alert_count, 0);
    view_free(empty);
}

/* Two constellations side by side, and an anchor that is given at two versions. */
static void constellations_do_not_mix(void **state)
{
    struct constellation *world = *state;
    const struct record *one = found(world);
    const struct record *two = put(
        world,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 5}, .name = "Other"}),
        BY(1));
    const struct record *later = put(
        world, forge_make_root((struct forge_root){.prev = two, .threshold = 1, .organizer = {5}}),
        BY(1, 5));
    declare(world, 5, BY(1)); /* under the first: one signature of two */
    put(world,
        forge_make_window(
            (struct forge_window){.root = two, .uid = 5, .at = {"a 2027-01-02T00:00:00Z"}}),
        BY(5));
    struct view_anchor anchors[] = {{two}, {one}, {later}, {two}};
    struct view *view;
    assert_true(view_build(world->entry, world->count, anchors, 4, world->now, &view));
    assert_int_equal(view->root_count, 2);
    assert_int_equal(view->window_count, 2);
    assert_ptr_equal(view_find_root(view, &one->id)->newest, one);
    assert_ptr_equal(view_find_root(view, &two->id)->newest, later);
    assert_int_equal(view_find_root(view, &one->id)->effective_count, 1);
    assert_int_equal(view_find_root(view, &two->id)->effective_count, 3);
    struct record_id id;
    struct record_public_key five = forge_public(5), first = forge_public(1);
    assert_int_equal(view_depending_on(view, &two->id, five.key, &id, 1), 2);
    assert_int_equal(view_depending_on(view, &one->id, first.key, &id, 0), 1);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(view->window[i].status, record_id_equal(&view->window[i].root, &one->id)
                                                     ? VIEW_TENTATIVE
                                                     : VIEW_CONFIRMED);
    }
    view_free(view);
}

/* Given in any order and more than once: the highest version, and of one version the lowest id. */
static void of_several_anchors_the_highest_version_counts(void **state)
{
    struct constellation *world = *state;
    const struct record *root[5] = {found(world)};
    const struct forge_root same = {.threshold = 2, .organizer = {1, 2, 3}};
    for (size_t i = 1; i < 4; i++) {
        struct forge_root next = same;
        next.prev = root[i - 1];
        root[i] = put(world, forge_make_root(next), BY(1, 2));
    }
    struct forge_root beside = {.prev = root[2], .threshold = 1, .organizer = {1}};
    root[4] = put(world, forge_make_root(beside), BY(1, 2));
    const struct record *expected =
        record_id_compare(&root[3]->id, &root[4]->id) < 0 ? root[3] : root[4];
    for (size_t turn = 0; turn < 10; turn++) {
        struct view_anchor anchors[5];
        for (size_t i = 0; i < 5; i++) {
            anchors[turn < 5 ? i : 4 - i].root = root[(i + turn) % 5];
        }
        struct view *view;
        assert_true(view_build(world->entry, world->count, anchors, 5, world->now, &view));
        assert_int_equal(view->root_count, 1);
        assert_ptr_equal(view->root[0].anchor, expected);
        assert_int_equal(view->root[0].effective_count, 4); /* with its ancestors */
        view_free(view);
    }
}

static void alerts_are_ordered_by_what_they_are_about(void **state)
{
    struct constellation *world = *state;
    const struct record *root = world->anchor.root = put(
        world,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}, .beacon = {9, 10}}),
        BY(1));
    const struct record_id lost[] = {{{1}}, {{2}}};
    for (unsigned by = 9; by < 11; by++) {
        put(world, forge_make_heartbeat(root, by, "2027-01-01T00:00:00Z", lost, 2), BY(by));
    }
    const struct view *view = look(world);
    assert_int_equal(view->alert_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_memory_equal(&view->alert[i].record, &lost[i / 2], sizeof *lost);
        assert_true(i % 2 == 0 ||
                    view_fact_compare(&view->alert[i - 1].fact, &view->alert[i].fact) < 0);
    }
    /* but one beacon's key makes any number of records missing, and a contest takes organizers */
    const struct record *first = declare(world, 5, BY(1));
    amend(world, first, "One", BY(1));
    amend(world, first, "Two", BY(1));
    view = look(world);
    assert_true(view->alert_count > 4);
    assert_int_equal(view->alert[0].fact.kind, FACT_CONTESTED);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(view->alert[view->alert_count - 1 - i].fact.kind, FACT_RECORD_MISSING);
    }
}

static void a_wave_by_place_has_an_occurrence_for_each_place(void **state)
{
    struct constellation *world = *state;
    found(world);
    struct record_on on[] = {{forge_text("dawn"), {2027, 7, 1}}, {forge_text("eve"), {2027, 6, 1}}};
    instant sunset = forge_instant("2027-06-01T18:45:00Z");
    struct record_at at[] = {
        {forge_text("dawn"), forge_instant("2027-07-01T03:45:00Z"), forge_text("Roma")},
        {forge_text("eve"), sunset, forge_text("Roma")},
        {forge_text("eve"), sunset, forge_text("Napoli")}};
    declare_wave(world,
                 (struct record_window){.rule = forge_text("sunset"),
                                        .wave = WAVE_PLACE,
                                        .on = on,
                                        .on_count = 2,
                                        .at = at,
                                        .at_count = 3,
                                        .duration = {3600 * NS_PER_S}},
                 BY(1, 2));
    const struct view_window *seen = window_of(world, 5);
    assert_int_equal(seen->occurrence_count, 3);
    assert_text_equal(seen->occurrence[0].place, "Napoli"); /* one order, whatever was written */
    assert_text_equal(seen->occurrence[1].place, "Roma");
    assert_text_equal(seen->occurrence[2].key, "dawn");
    assert_true(seen->occurrence[0].has_start);
    assert_int_equal(seen->occurrence[0].date.month, 6);
    assert_int_equal(seen->occurrence[2].date.month, 7);
}

static void each_status_has_its_name(void **state)
{
    static const char *const name[] = {"tentative", "confirmed", "cancelled", "contested",
                                       "expired"};
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(view_status_name((enum view_status)i), name[i]);
    }
    view_free(NULL);
    (void)state;
}

/* A cancel may come before its window: it waits for it. */
static void a_cancel_may_come_first(void **state)
{
    struct constellation *world = *state;
    found(world);
    struct record *window = forge_make_window((struct forge_window){
        .root = world->anchor.root, .uid = 5, .at = {"a 2027-01-02T00:00:00Z"}});
    const struct record *cancel = put(world, forge_make_cancel(window, "rain"), BY(1));
    assert_int_equal(window_of(world, 5)->status, VIEW_TENTATIVE);
    assert_null(window_of(world, 5)->record);
    sign(world, cancel, 2);
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
    put(world, window, BY(1, 2));
    assert_int_equal(window_of(world, 5)->status, VIEW_CANCELLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_window_takes_effect_with_the_threshold),
        TEST(signatures_are_joined_and_each_key_counts_once),
        TEST(strangers_and_beacons_do_not_count),
        TEST(a_root_wants_m_of_its_own_signatures),
        TEST(the_highest_effective_seq_wins_even_without_its_ancestors),
        TEST(two_at_one_seq_are_contested_until_one_names_both),
        TEST(an_amendment_of_a_lost_one_wins),
        TEST(an_amendment_above_a_gap_wins_over_a_quarrel),
        TEST(each_constellation_has_its_own),
        TEST(of_cancels_the_one_of_most_signatures_counts),
        TEST(the_best_tentative_window_is_shown),
        TEST(pending_is_what_would_change_something),
        TEST(a_settlement_names_both),
        TEST(contested_from_the_start_nothing_rings),
        TEST(a_cancel_ends_whatever_is_amended),
        TEST(one_occurrence_goes_off_by_amendment),
        TEST(expiry_of_window_and_root_bounds_the_start),
        TEST(a_window_is_not_over_before_its_last_occurrence),
        TEST(a_heartbeat_speaks_of_the_effective_records),
        TEST(the_effective_records_are_listed_with_their_digest),
        TEST(what_is_not_there_is_not_found),
        TEST(constellations_do_not_mix),
        TEST(of_several_anchors_the_highest_version_counts),
        TEST(alerts_are_ordered_by_what_they_are_about),
        TEST(a_wave_by_place_has_an_occurrence_for_each_place),
        TEST(each_status_has_its_name),
        TEST(a_cancel_may_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
