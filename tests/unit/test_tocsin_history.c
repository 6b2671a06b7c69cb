/* links: view records trust instants */
#include "session_of.h"

#include "tocsin/windows/history.h"

static int history_of(struct constellation *world, struct history *out)
{
    struct record_uid uid = forge_uid(5);
    struct session session = session_of(world);
    return history_find(&session, view_find_window(world->view, &world->view->root[0].id, &uid),
                        out);
}

static void an_amendment_follows_the_highest_in_effect(void **state)
{
    struct constellation *world = *state;
    struct history history;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *second = amend(world, first, "Second", BY(2, 3));
    amend(world, second, "Weak", BY(1));
    assert_int_equal(history_of(world, &history), EXIT_DONE);
    assert_int_equal(history.next_seq, 2);
    assert_int_equal(history.prev_count, 1);
    assert_true(record_id_equal(&history.prev[0], &second->id));
    assert_ptr_equal(history.content, second);
}

static void an_amendment_of_two_that_contest_names_both(void **state)
{
    struct constellation *world = *state;
    struct history history;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    const struct record *one = amend(world, first, "One", BY(1, 2));
    const struct record *two = amend(world, first, "Two", BY(2, 3));
    assert_int_equal(history_of(world, &history), EXIT_DONE);
    assert_int_equal(history.next_seq, 2);
    assert_int_equal(history.prev_count, 2);
    assert_true(record_id_compare(&history.prev[0], &history.prev[1]) < 0);
    bool is_one_first = record_id_compare(&one->id, &two->id) < 0;
    assert_true(record_id_equal(&history.prev[is_one_first ? 0 : 1], &one->id));
    assert_ptr_equal(history.content, first); /* what stays in force meanwhile */
}

static void a_declaration_that_lacks_signatures_can_be_amended(void **state)
{
    struct constellation *world = *state;
    struct history history;
    found(world);
    const struct record *first = declare(world, 5, BY(1));
    assert_int_equal(history_of(world, &history), EXIT_DONE);
    assert_int_equal(history.next_seq, 1);
    assert_true(record_id_equal(&history.prev[0], &first->id));
    assert_ptr_equal(history.content, first);
}

static void after_a_cancel_nothing_follows(void **state)
{
    struct constellation *world = *state;
    struct history history;
    found(world);
    const struct record *first = declare(world, 5, BY(1, 2));
    put(world, forge_make_cancel(first, "rain"), BY(1, 2));
    assert_int_equal(history_of(world, &history), EXIT_NO);
}

static void the_waiting_cancel_is_the_one_nearest_to_its_signatures(void **state)
{
    struct constellation *world = *state;
    world->anchor.root =
        put(world, forge_make_root((struct forge_root){.threshold = 3, .organizer = {1, 2, 3, 4}}),
            BY(1, 2, 3));
    const struct record *first = declare(world, 5, BY(1, 2, 3));
    const struct record *rain = put(world, forge_make_cancel(first, "rain"), BY(1));
    const struct record *snow = put(world, forge_make_cancel(first, "snow"), BY(2));
    struct session session = session_of(world);
    session.has_signer = true;
    session.signer = forge_public(1);
    const struct view_window *window = view_window_of(world->view, first);
    assert_ptr_equal(history_waiting_cancel(&session, window), snow); /* not signed by key 1 */
    session.signer = forge_public(2);
    assert_ptr_equal(history_waiting_cancel(&session, window), rain);
    assert_true(history_is_mine(&session, snow));
    session.has_signer = false;
    assert_false(history_is_mine(&session, snow));
    sign(world, snow, 3);
    session = session_of(world);
    window = view_window_of(world->view, first);
    assert_ptr_equal(history_waiting_cancel(&session, window), snow);
    assert_ptr_equal(history_cancel(&session, window), snow);
}

static void signers_are_named_as_the_root_names_them(void **state)
{
    struct constellation *world = *state;
    char id[RECORD_KEY_ID_TEXT_SIZE], expected[64];
    found(world);
    const struct record *first = declare(world, 5, BY(1, 7));
    struct session session = session_of(world);
    const struct history_names names = history_signers(&session, first);
    struct record_public_key stranger = forge_public(7);
    record_key_id_write(&stranger.id, id);
    snprintf(expected, sizeof expected, "someone, %s", id);
    assert_string_equal(names.text, expected);
}

static void a_revocation_in_effect_is_found(void **state)
{
    struct constellation *world = *state;
    const struct record *root = found(world);
    struct record_public_key lost = forge_public(1);
    const struct record *revoke = put(world, forge_make_revoke(root, 1, NULL, 0), BY(2));
    struct session session = session_of(world);
    assert_null(session_find_revoke(&session, &world->view->root[0], &lost));
    assert_false(session_is_effective(&session, revoke));
    sign(world, revoke, 3);
    session = session_of(world);
    assert_ptr_equal(session_find_revoke(&session, &world->view->root[0], &lost),
                     &revoke->is.revoke);
    assert_true(session_is_effective(&session, revoke));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_amendment_follows_the_highest_in_effect, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_amendment_of_two_that_contest_names_both, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_declaration_that_lacks_signatures_can_be_amended, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(after_a_cancel_nothing_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_waiting_cancel_is_the_one_nearest_to_its_signatures,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(signers_are_named_as_the_root_names_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_revocation_in_effect_is_found, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
