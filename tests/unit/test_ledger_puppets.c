/* links: records trust stream view */
/* Roots that nobody accepted, and what they can do beside those that somebody did. */
#include "ledger_bundle.h"

/* Row 26: a peer offers records of roots that nobody here knows. */
static void a_flood_of_unknown_roots_leaves_nothing(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    const struct record *stranger =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {11}}));
    add(bundle, stranger, BY(11));
    for (unsigned i = 0; i < 300; i++) {
        add(bundle, window(bundle, stranger, i), BY(11));
    }
    bundle->heard = bundle->notes = 0;
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    assert_int_equal(bundle->counts.refused, 301);
    assert_int_equal(bundle->heard, 0);
    assert_int_equal(bundle->notes, 21); /* twenty, and how many more */
    assert_int_equal(bundle->last.kind, LEDGER_NOTE_MORE);
    assert_int_equal(bundle->last.count, 281);
    size_t count;
    ledger_entries(bundle->ledger, &count);
    assert_int_equal(count, 1);
    for (unsigned i = 0; i < 30; i++) { /* nor where nobody hears of it */
        add(bundle, window(bundle, stranger, i), BY(11));
    }
    assert_int_equal(ledger_merge(bundle->ledger, bundle->bytes, bundle->size - 1,
                                  &(struct ledger_policy){.root = &root->id, .root_count = 1},
                                  &bundle->counts),
                     LEDGER_NEW);
    assert_int_equal(bundle->counts.refused, 29);
    assert_true(bundle->counts.is_cut_off);
}

/* F7: a root that nobody but the thief signed makes nobody of his an organizer. */
static void puppets_have_one_quota_for_all(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 4};
    const struct record *theirs =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {3, 11, 12, 13}}));
    add(bundle, theirs, BY(3, 11, 12, 13));
    for (unsigned i = 0; i < 6; i++) {
        add(bundle, window(bundle, root, i), BY(11, 12, 13));
        add(bundle, window(bundle, root, 100 + i), BY(11));
        add(bundle, window(bundle, root, 200 + i), BY(12));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 2 + 4);
    /* once those who may have signed it, its organizers have quotas of their own */
    add(bundle, theirs, BY(1, 2));
    add(bundle, window(bundle, root, 300), BY(13));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1);
}

/* Nor does one that follows on an accepted root and is no newer, whoever signed it. */
static void a_root_beside_the_chain_makes_no_organizers(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 1};
    struct record_key organizer[2];
    (void)forge_keys(BY(11, 12), 2, organizer);
    const struct record *second =
        own(bundle,
            forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {1}}));
    add(bundle, second, BY(1, 2));
    struct record beside = *second;
    beside.is.root.prev = second->id;
    beside.is.root.organizer = organizer;
    beside.is.root.organizer_count = 2;
    add(bundle, own(bundle, forge(&beside)), BY(1, 2));
    add(bundle, window(bundle, root, 1), BY(11));
    add(bundle, window(bundle, root, 2), BY(12));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 3 + 1);
}

/* The one that stands first, where a second is too many. */
static void proposals_for_one_version_come_in_as_they_stand(void **state)
{
    struct bundle *bundle = *state;
    for (size_t first = 0; first < 2; first++) {
        ledger_free(bundle->ledger);
        bundle->ledger = ledger_new(leap_builtin());
        const struct record *root = found(bundle), *next[2];
        for (size_t i = 0; i < 2; i++) {
            next[i] =
                own(bundle, forge_make_root((struct forge_root){
                                .prev = root, .threshold = 1, .organizer = {10 + (unsigned)i}}));
        }
        add(bundle, next[first], BY(3));
        add(bundle, next[1 - first], BY(3));
        merge(bundle, (struct ledger_policy){.quota = 1});
        assert_int_equal(bundle->counts.refused, 1);
        assert_non_null(ledger_find(bundle->ledger, &next[first]->id));
    }
}

/* Whoever helps him, and in whatever order: his own is what is used up. */
static void a_thief_s_quota_is_his_beside_puppets_too(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = own(
        bundle, forge_make_root((struct forge_root){.threshold = 2, .organizer = {11, 12, 13}}));
    add(bundle, root, BY(11, 12));
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 4};
    const struct record *theirs =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {1, 2, 3, 13}}));
    add(bundle, theirs, BY(13));
    for (unsigned i = 0; i < 6; i++) {
        add(bundle, window(bundle, root, i), BY(1, 3, 13));
        add(bundle, window(bundle, root, 100 + i), BY(2, 13));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 2 + 4);
}

static enum trust_result count_and_verify(void *context, const struct trust_signature *signature,
                                          const struct record_public_key *key, const uint8_t *bytes,
                                          size_t size)
{
    ++*(size_t *)context;
    return trust_verify(signature, key, bytes, size);
}

/* A thief's next roots name keys of his own with the id of an honest one, whom the true next root
 * will name: what she signs then costs no more by that, and what is false is soon found to be. */
static void puppets_with_an_honest_id_make_no_signature_dear(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    size_t verified = 0;
    for (unsigned i = 0; i < 30; i++) {
        struct record_key puppet = {.public = forge_public(11 + i), .name = {"puppet", 6}};
        puppet.public.id = forge_public(60).id;
        struct record value = *root;
        value.is.root.has_root = value.is.root.has_prev = true;
        value.is.root.root = value.is.root.prev = root->id;
        value.is.root.version = 2;
        value.is.root.organizer = &puppet;
        value.is.root.organizer_count = value.is.root.threshold = 1;
        value.is.root.beacon_count = 0;
        add(bundle, own(bundle, forge(&value)), BY(3));
    }
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 1 + LEDGER_QUOTA_ROOTS);
    assert_int_equal(bundle->last.why.fault, LEDGER_OVER_QUOTA);
    add(bundle, own(bundle, forge_make_revoke(root, 2, NULL, 0)), BY(3)); /* apart from roots */
    add(bundle,
        own(bundle, forge_make_root(
                        (struct forge_root){.prev = root, .threshold = 2, .organizer = {1, 60}})),
        BY(1, 2));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
    for (unsigned i = 0; i < 50; i++) {
        add(bundle, window(bundle, root, i), BY(1, 60));
    }
    ledger_verify_with(bundle->ledger, count_and_verify, &verified);
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 50);
    assert_int_equal(verified, 100 + LEDGER_QUOTA_ROOTS); /* the first is looked for among all */
    struct trust_signature false_one = forge_sign(window(bundle, root, 60), 60);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    const struct record *other = window(bundle, root, 61);
    put(bundle, other->bytes, other->size);
    put(bundle, "1", 1);
    put(bundle, text, trust_signature_write(&false_one, text));
    verified = 0;
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(verified, 1 + LEDGER_QUOTA_ROOTS);
}

/* A signature that makes a root accepted counts for what comes after it, though the roots were
 * looked at before. */
static void a_root_is_accepted_in_the_midst_of_a_stream(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    const struct record *next =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {3, 11, 12}, .name = "Heirs"}));
    const struct record *other =
        own(bundle,
            forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {20}}));
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 1};
    add(bundle, next, BY(3));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 2);
    add(bundle, other, BY(21)); /* a stranger's: whether one is missing is asked */
    add(bundle, next, BY(1, 2));
    add(bundle, window(bundle, root, 1), BY(11));
    add(bundle, window(bundle, root, 2), BY(12));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.signatures_new, 4);
    assert_int_equal(bundle->counts.records_new, 2);
}

/* An anchor by its own threshold comes in past whatever nobody's keys have left; with fewer it is
 * one more of them. */
static void an_anchor_comes_in_past_a_flood(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    const struct record *puppets =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {3, 11}, .name = "Puppets"}));
    const struct record *filler =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {11}, .name = "Filler"}));
    const struct record *late[2];
    for (size_t i = 0; i < 2; i++) {
        late[i] = own(bundle, forge_make_root((struct forge_root){.prev = puppets,
                                                                  .threshold = 2,
                                                                  .organizer = {21, 22, 23},
                                                                  .name = i == 0 ? "One" : "Two"}));
    }
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 1};
    add(bundle, puppets, BY(3));
    merge(bundle, policy);
    add(bundle, filler, BY(11));
    merge(bundle, policy);
    assert_non_null(ledger_find(bundle->ledger, &filler->id));
    const struct record_id given[] = {late[0]->id, late[1]->id};
    policy.anchor = given;
    policy.anchor_count = 2;
    add(bundle, late[1], BY(22, 23));
    add(bundle, late[0], BY(11));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(bundle->last.why.fault, LEDGER_OVER_QUOTA);
    assert_non_null(ledger_find(bundle->ledger, &late[1]->id));
}

/* Nor do those that puppets bring in after themselves. */
static void what_follows_on_a_puppet_is_accepted_by_nobody(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    const struct record *first = own(
        bundle,
        forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {3, 11}}));
    const struct record *second =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = first, .threshold = 1, .organizer = {11, 12, 13}}));
    add(bundle, first, BY(3));
    add(bundle, second, BY(11));
    add(bundle, window(bundle, root, 1), BY(12));
    add(bundle, window(bundle, root, 2), BY(13));
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1, .quota = 1});
    assert_int_equal(bundle->counts.records_new, 3 + 1);
}

/* The last version may have come before the one that it follows on. */
static void a_chain_is_accepted_in_whatever_order_it_came(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    const struct record *second =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {1, 2, 11}}));
    const struct record *third =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = second, .threshold = 1, .organizer = {1, 12, 13}}));
    struct ledger_policy policy = {.root = &root->id, .root_count = 1, .quota = 1};
    add(bundle, third, BY(1));
    merge(bundle, policy);
    add(bundle, second, BY(1, 2));
    add(bundle, window(bundle, root, 1), BY(12));
    add(bundle, window(bundle, root, 2), BY(13));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 2);
}

/* Of two of one version the first is what was given: a rival lowers no threshold. */
static void a_rival_of_the_anchor_does_not_lower_the_threshold(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root =
        own(bundle, forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}}));
    const struct record *anchor =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 2, .organizer = {1, 2, 3}, .name = "Anchor"}));
    const struct record *rival =
        own(bundle, forge_make_root((struct forge_root){
                        .prev = root, .threshold = 1, .organizer = {3}, .name = "Rival"}));
    struct ledger_policy policy = {
        .root = &root->id, .root_count = 1, .quota = 1, .anchor = &anchor->id, .anchor_count = 1};
    add(bundle, anchor, BY(1, 2));
    merge(bundle, policy);
    add(bundle, rival, BY(3));
    for (unsigned i = 0; i < 4; i++) {
        add(bundle, window(bundle, root, i), BY(3));
    }
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1 + 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(puppets_have_one_quota_for_all),
        TEST(a_root_beside_the_chain_makes_no_organizers),
        TEST(proposals_for_one_version_come_in_as_they_stand),
        TEST(a_thief_s_quota_is_his_beside_puppets_too),
        TEST(puppets_with_an_honest_id_make_no_signature_dear),
        TEST(a_root_is_accepted_in_the_midst_of_a_stream),
        TEST(an_anchor_comes_in_past_a_flood),
        TEST(what_follows_on_a_puppet_is_accepted_by_nobody),
        TEST(a_chain_is_accepted_in_whatever_order_it_came),
        TEST(a_rival_of_the_anchor_does_not_lower_the_threshold),
        /* the slow one last */
        TEST(a_flood_of_unknown_roots_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
