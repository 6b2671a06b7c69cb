/* links: records trust stream view */
/* What a flood can leave behind: thresholds and quotas. */
#include "ledger_bundle.h"

#define LARGE_TITLE                                                                                \
    "A minute of silence, of candles, of pots and pans, of songs, of names that are read aloud"

static void a_thief_fills_his_quota_and_the_threshold_still_gets_in(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 20};
    for (unsigned i = 0; i < 30; i++) {
        add(bundle, window(bundle, root, i), BY(3));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 21);
    assert_int_equal(bundle->counts.refused, 10);
    assert_int_equal(bundle->last.why.fault, LEDGER_OVER_QUOTA);
    add(bundle, window(bundle, root, 100), BY(1, 2)); /* an honest pair */
    add(bundle, window(bundle, root, 101), BY(1));    /* one alone, who has signed little */
    add(bundle, window(bundle, root, 102), BY(3, 1)); /* the thief's, whom another helps */
    add(bundle, window(bundle, root, 103), BY(3));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 3);
    assert_int_equal(bundle->counts.refused, 1);
}

/* A few large ones are as many as many small ones; changes of keys are counted, not weighed. */
static void drafts_are_weighed_too(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 0);
    struct ledger_policy policy = {
        .root = &root->id, .root_count = 1, .quota_bytes = 7 * one->size / 2};
    for (unsigned i = 0; i < 9; i++) {
        struct record_id keep = root->id;
        keep.bytes[0] ^= (uint8_t)(i + 1);
        add(bundle, i == 0 ? one : window(bundle, root, i), BY(3));
        add(bundle, own(bundle, forge_make_revoke(root, 1, &keep, 1)), BY(3));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 3 + 9);
    assert_int_equal(bundle->last.why.fault, LEDGER_OVER_QUOTA);
    add(bundle, window(bundle, root, 20), BY(1)); /* by another */
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1);
}

/* F8: his flood keeps out neither the revocation that another drafts nor a new root. */
static void a_thief_cannot_keep_out_his_own_revocation(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 5};
    for (unsigned i = 0; i < 8; i++) {
        add(bundle, window(bundle, root, i), BY(3));
        add(bundle, window(bundle, root, 100 + i), BY(1));
        struct record_id keep = root->id;
        keep.bytes[0] ^= (uint8_t)(i + 1);
        add(bundle, own(bundle, forge_make_revoke(root, 1, &keep, 1)), BY(3));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 3 * 5);
    add(bundle, own(bundle, forge_make_revoke(root, 3, NULL, 0)), BY(1)); /* her drafts are many */
    add(bundle,
        own(bundle, forge_make_root(
                        (struct forge_root){.prev = root, .threshold = 2, .organizer = {1, 2}})),
        BY(2));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.refused, 0);
}

static void heartbeats_have_a_quota_for_each_beacon(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = own(
        bundle,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}, .beacon = {9, 10}}));
    add(bundle, root, BY(1));
    for (unsigned i = 0; i < 6; i++) {
        char made[32];
        snprintf(made, sizeof made, "2027-01-0%uT00:00:00Z", i + 1);
        add(bundle, own(bundle, forge_make_heartbeat(root, 9, made, NULL, 0)), BY(9));
    }
    add(bundle, own(bundle, forge_make_heartbeat(root, 10, "2027-01-01T00:00:00Z", NULL, 0)),
        BY(10));
    add(bundle, own(bundle, forge_make_heartbeat(root, 10, "2027-01-02T00:00:00Z", NULL, 0)),
        BY(1)); /* an organizer does not beat */
    merge(bundle, (struct ledger_policy){.quota = 4});
    assert_int_equal(bundle->counts.records_new, 1 + 4 + 1);
    assert_int_equal(bundle->counts.refused, 3);
}

/* Two constellations, each with its own threshold and its own quota; the one told of first is asked
 * for again after the other. */
static void constellations_have_thresholds_and_quotas_of_their_own(void **state)
{
    struct bundle *bundle = *state;
    const struct record *two = found(bundle); /* 2 of 3 */
    const struct record *one =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {4, 5}}));
    add(bundle, one, BY(4));
    for (unsigned i = 0; i < 3; i++) {
        add(bundle, window(bundle, two, i), BY(1)); /* unconfirmed: one of them over the quota */
        add(bundle, window(bundle, one, i), BY(5)); /* confirmed by one key: no quota */
    }
    merge(bundle, (struct ledger_policy){.quota = 2});
    assert_int_equal(bundle->counts.records_new, 2 + 2 + 3);
    assert_int_equal(bundle->counts.refused, 1);
    /* what is there counts: nothing unconfirmed fits, of this constellation */
    add(bundle, window(bundle, two, 7), BY(1));
    add(bundle, window(bundle, one, 7), BY(4));
    merge(bundle, (struct ledger_policy){.quota = 2});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.refused, 1);
    /* the other constellation's, which are counted meanwhile, do not hide whose key it is */
    add(bundle, window(bundle, two, 8), BY(1));
    merge(bundle, (struct ledger_policy){.quota = 3});
    assert_int_equal(bundle->counts.records_new, 1);
}

static void twelve_constellations_are_counted_apart(void **state)
{
    struct bundle *bundle = *state;
    for (unsigned i = 0; i < 12; i++) { /* roots 2 of 2, each with one window by one key */
        char name[16];
        snprintf(name, sizeof name, "Bell %u", i);
        const struct record *root =
            own(bundle, forge_make_root((struct forge_root){
                            .threshold = 2, .organizer = {2 * i + 1, 2 * i + 2}, .name = name}));
        const unsigned by[] = {2 * i + 1, 2 * i + 2, 0}, alone[] = {2 * i + 1, 0};
        add(bundle, root, by);
        add(bundle, window(bundle, root, 1), alone);
        add(bundle, window(bundle, root, 2), alone);
    }
    merge(bundle, (struct ledger_policy){.quota = 1});
    assert_int_equal(bundle->counts.records_new, 12 + 12);
    assert_int_equal(bundle->counts.refused, 12);
}

/* A record that came before its root, by a way that asks no questions: nothing is known of its
 * threshold, so that it counts as unconfirmed. */
static void a_record_without_its_root_counts_as_unconfirmed(void **state)
{
    struct bundle *bundle = *state;
    struct ledger_refusal why;
    struct record *absent =
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {4, 5}});
    own(bundle, absent);
    const struct record *early = window(bundle, absent, 1);
    assert_int_equal(ledger_put_record(bundle->ledger, early->bytes, early->size, NULL, &why),
                     LEDGER_NEW);
    assert_int_equal(ledger_put_record(bundle->ledger, early->bytes, early->size, NULL, &why),
                     LEDGER_KNOWN);
    struct record_public_key key = forge_public(4);
    assert_int_equal(ledger_put_signer(bundle->ledger, &absent->id, &key), LEDGER_REFUSED);
    add(bundle, window(bundle, absent, 2), BY(4));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(bundle->last.why.fault, LEDGER_NO_SUCH_ORGANIZER);
    /* its root comes, and with it whose record it is */
    add(bundle, absent, BY(4, 5));
    add(bundle, early, BY(4));
    merge(bundle, (struct ledger_policy){.quota = 1});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.records_known, 1);
    assert_int_equal(bundle->counts.signatures_new, 3);
    add(bundle, window(bundle, absent, 3), BY(4));
    add(bundle, window(bundle, absent, 4), BY(5));
    merge(bundle, (struct ledger_policy){.quota = 1});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(bundle->last.why.fault, LEDGER_OVER_QUOTA);
}

static void a_later_version_does_not_lower_the_threshold_of_the_quota(void **state)
{
    struct bundle *bundle = *state;
    struct record *one = forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2}});
    struct record *two =
        forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {1, 2, 3}});
    own(bundle, one);
    own(bundle, two);
    add(bundle, two, BY(1)); /* given by hand before the first is known */
    merge(bundle, (struct ledger_policy){.is_by_hand = true});
    add(bundle, one, BY(1, 2));
    merge(bundle, (struct ledger_policy){.root = &one->id, .root_count = 1});
    add(bundle, window(bundle, one, 1), BY(1));
    add(bundle, window(bundle, one, 2), BY(1));
    add(bundle, window(bundle, one, 3), BY(1));
    merge(bundle, (struct ledger_policy){.root = &one->id, .root_count = 1, .quota = 2});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.refused, 1);
}

/* A record that is too large for what is left uses nothing up. */
static void what_did_not_come_in_leaves_its_room(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 1);
    const struct record *large = own(
        bundle,
        forge_make_window((struct forge_window){
            .root = root, .uid = 2, .at = {"2027 2027-08-02T08:25:00Z"}, .title = LARGE_TITLE}));
    struct ledger_policy policy = {
        .root = &root->id, .root_count = 1, .quota_bytes = one->size + large->size - 1};
    assert_true(large->size > one->size);
    add(bundle, one, BY(3));
    add(bundle, large, BY(3));
    add(bundle, window(bundle, root, 3), BY(3));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 2);
    assert_null(ledger_find(bundle->ledger, &large->id));
}

/* Bytes are counted to the last one, and what came in when there was room for more counts. */
static void what_is_there_is_weighed_to_the_byte(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 1);
    struct ledger_policy policy = {
        .root = &root->id, .root_count = 1, .quota_bytes = 2 * one->size};
    add(bundle, one, BY(3));
    add(bundle, window(bundle, root, 2), BY(3)); /* full to the byte */
    add(bundle, window(bundle, root, 3), BY(3));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 2);
    for (unsigned i = 4; i < 8; i++) {
        add(bundle, window(bundle, root, i), BY(2));
    }
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 4);
    policy.quota_bytes = 5 * one->size - 1; /* four are there */
    add(bundle, window(bundle, root, 8), BY(2));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 0);
    const struct record *large = own(
        bundle,
        forge_make_window((struct forge_window){
            .root = root, .uid = 9, .at = {"2027 2027-08-02T08:25:00Z"}, .title = LARGE_TITLE}));
    add(bundle, large, BY(1));
    merge(bundle, (struct ledger_policy){0});
    policy.quota_bytes = large->size - 1; /* it came when it fitted, and uses up all now */
    add(bundle, window(bundle, root, 10), BY(1));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 0);
}

/* Drafts of roots and of revocations are counted apart. */
static void a_draft_of_a_root_keeps_out_no_revocation(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    add(bundle,
        own(bundle,
            forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {3}})),
        BY(3));
    add(bundle, own(bundle, forge_make_revoke(root, 1, &root->id, 1)), BY(3));
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1, .quota = 1});
    assert_int_equal(bundle->counts.records_new, 3);
}

/* Who is an organizer of one constellation and a puppet's in another is nobody there, also after
 * his own was looked at. */
static void an_organizer_elsewhere_has_no_quota_here(void **state)
{
    struct bundle *bundle = *state;
    const struct record *here = found(bundle);
    const struct record *elsewhere =
        own(bundle, forge_make_root((struct forge_root){.threshold = 2, .organizer = {4, 5}}));
    const struct record *puppets =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = here, .threshold = 1, .organizer = {3, 4, 12}}));
    add(bundle, elsewhere, BY(4, 5));
    add(bundle, puppets, BY(3));
    add(bundle, window(bundle, elsewhere, 1), BY(4));
    add(bundle, window(bundle, here, 1), BY(12));
    add(bundle, window(bundle, here, 2), BY(4));
    merge(bundle, (struct ledger_policy){.quota = 1});
    assert_int_equal(bundle->counts.records_new, 3 + 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_thief_fills_his_quota_and_the_threshold_still_gets_in),
        TEST(drafts_are_weighed_too),
        TEST(a_thief_cannot_keep_out_his_own_revocation),
        TEST(heartbeats_have_a_quota_for_each_beacon),
        TEST(constellations_have_thresholds_and_quotas_of_their_own),
        TEST(twelve_constellations_are_counted_apart),
        TEST(a_record_without_its_root_counts_as_unconfirmed),
        TEST(a_later_version_does_not_lower_the_threshold_of_the_quota),
        TEST(what_did_not_come_in_leaves_its_room),
        TEST(what_is_there_is_weighed_to_the_byte),
        TEST(a_draft_of_a_root_keeps_out_no_revocation),
        TEST(an_organizer_elsewhere_has_no_quota_here),
        /* the slow one last */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
