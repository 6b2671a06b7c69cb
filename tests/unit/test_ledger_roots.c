/* links: records trust stream view */
/* Roots and their keys as they come in: in which order, by whose hand, and whose they are. */
#include "ledger_bundle.h"

/* A root may bring its own keys, so that nothing but its signature stands against a changed one. */
static void every_flipped_bit_and_truncation_of_a_signed_root_is_refused(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = own(
        bundle,
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}, .beacon = {9}}));
    struct trust_signature signature = forge_sign(root, 1);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t size = trust_signature_write(&signature, text);
    uint8_t changed[RECORD_SIZE_MAX];
    for (size_t way = 0; way < root->size * 9; way++) {
        memcpy(changed, root->bytes, root->size);
        size_t length = root->size;
        if (way < root->size * 8) {
            changed[way / 8] ^= (uint8_t)(1 << way % 8);
        } else {
            length = way - root->size * 8;
        }
        put(bundle, changed, length);
        put(bundle, "1", 1);
        put(bundle, text, size);
        merge(bundle, (struct ledger_policy){.is_by_hand = true});
        assert_int_equal(bundle->counts.records_new, 0);
        assert_int_equal(bundle->counts.refused, 1);
    }
    size_t count;
    ledger_entries(bundle->ledger, &count);
    assert_int_equal(count, 0);
    add(bundle, root, BY(1));
    merge(bundle, (struct ledger_policy){.is_by_hand = true});
    assert_int_equal(bundle->counts.records_new, 1);
}

static void a_later_root_needs_a_known_key_unless_given_by_hand(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    merge(bundle, (struct ledger_policy){0});
    const struct record *bold = own(
        bundle,
        forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {11, 12}}));
    add(bundle, bold, BY(11, 12));
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(bundle->last.why.fault, LEDGER_ROOT_OF_STRANGERS);
    add(bundle, bold, BY(11, 3)); /* a known key brings it in, as a proposal; the view judges */
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.signatures_new, 2);
}

static void an_anchor_of_a_later_version_comes_by_hand(void **state)
{
    struct bundle *bundle = *state;
    struct record *one = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    own(bundle, one);
    const struct record *two =
        own(bundle,
            forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {2}}));
    add(bundle, two, BY(2));
    merge(bundle, (struct ledger_policy){.root = &one->id, .root_count = 1});
    assert_int_equal(bundle->counts.refused, 1);
    add(bundle, two, BY(2));
    merge(bundle, (struct ledger_policy){.is_by_hand = true});
    assert_int_equal(bundle->counts.records_new, 1);
}

/* Given by hand before, it may come from anybody: its id is a hash of it. */
static void an_anchor_of_a_later_version_comes_from_a_peer(void **state)
{
    struct bundle *bundle = *state;
    const struct record *one =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}}));
    const struct record *two =
        own(bundle,
            forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {2}}));
    const struct record *rival =
        own(bundle,
            forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {4}}));
    struct ledger_policy policy = {
        .root = &one->id, .root_count = 1, .anchor = &two->id, .anchor_count = 1};
    add(bundle, rival, BY(4));
    add(bundle, two, BY(2));
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.refused, 1);
    assert_non_null(ledger_find(bundle->ledger, &two->id));
    add(bundle, two, NOBODY); /* and it needs a signature as all others do */
    ledger_free(bundle->ledger);
    bundle->ledger = ledger_new(leap_builtin());
    merge(bundle, policy);
    assert_int_equal(bundle->counts.records_new, 0);
}

/* Who signs as 1 does not hide the new organizer whose key has the id of 1, in whichever order. */
static void a_new_key_with_an_old_ones_id_is_heard_beside_it(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    struct record_key both[2];
    (void)forge_keys(BY(1, 11), 2, both);
    both[1].public.id = both[0].public.id;
    struct record value = *root;
    value.is.root.has_root = value.is.root.has_prev = true;
    value.is.root.root = value.is.root.prev = root->id;
    value.is.root.version = 2;
    value.is.root.organizer = &both[1];
    value.is.root.organizer_count = value.is.root.threshold = 1;
    value.is.root.beacon_count = 0;
    const struct record *second = own(bundle, forge(&value));
    struct trust_signature late = forge_sign(second, 11);
    late.id = both[1].public.id;
    char text[TRUST_SIGNATURE_TEXT_MAX];
    put(bundle, second->bytes, second->size);
    put(bundle, "2", 1);
    struct trust_signature early = forge_sign(second, 1);
    put(bundle, text, trust_signature_write(&early, text));
    put(bundle, text, trust_signature_write(&late, text));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(ledger_find(bundle->ledger, &second->id)->signer_count, 2);
    for (unsigned i = 0; i < 2; i++) { /* whichever of them comes first */
        const struct record *two = window(bundle, root, 6 + i);
        for (unsigned k = 0; k < 2; k++) {
            struct trust_signature signature = forge_sign(two, i == k ? 1 : 11);
            signature.id = both[0].public.id;
            put(bundle, two->bytes, two->size);
            put(bundle, "1", 1);
            put(bundle, text, trust_signature_write(&signature, text));
            merge(bundle, (struct ledger_policy){0});
            assert_int_equal(bundle->counts.signatures_new, 1);
        }
    }
    const struct record *one = window(bundle, root, 5);
    for (size_t again = 0; again < 2; again++) { /* nor does he sign twice for that */
        bundle->heard = 0;
        add(bundle, one, BY(1));
        merge(bundle, (struct ledger_policy){0});
        assert_int_equal(bundle->counts.signatures_new, 1 - again);
        assert_int_equal(bundle->counts.signatures_known, again);
        assert_int_equal(bundle->heard, 2 - 2 * again);
    }
}

static void a_chain_of_roots_comes_in_from_any_order(void **state)
{
    struct bundle *bundle = *state;
    struct record *one = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    struct record *two =
        forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {2}});
    struct record *three =
        forge_make_root((struct forge_root){.prev = two, .threshold = 1, .organizer = {3}});
    own(bundle, one);
    own(bundle, two);
    own(bundle, three);
    add(bundle, window(bundle, one, 5), BY(3)); /* by a key that only the last one names */
    add(bundle, three, BY(2, 3));
    put(bundle, "tocsin root 1\nnonsense\n", 23);
    put(bundle, "0", 1);
    add(bundle, two, BY(1, 2));
    add(bundle, one, BY(1));
    merge(bundle, (struct ledger_policy){.root = &one->id, .root_count = 1});
    assert_int_equal(bundle->counts.records_new, 4);
    assert_int_equal(bundle->counts.signatures_new, 6);
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(bundle->last.why.fault, LEDGER_UNREADABLE);
    assert_int_equal(bundle->last.why.error.line, 2);
    assert_int_equal(bundle->last.why.error.column, 1);
}

/* Under an anchor whose ancestors are not here, those who left are strangers: no fault of
 * theirs. */
static void who_left_before_the_anchor_is_told_and_not_refused(void **state)
{
    struct bundle *bundle = *state;
    const struct record *one =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}}));
    const struct record *two =
        own(bundle,
            forge_make_root((struct forge_root){.prev = one, .threshold = 1, .organizer = {1, 3}}));
    add(bundle, two, BY(1, 2, 3));
    add(bundle, window(bundle, one, 5), BY(1, 2));
    merge(bundle, (struct ledger_policy){.is_by_hand = true});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.signatures_new, 3);
    assert_int_equal(bundle->counts.refused, 0);
    assert_int_equal(bundle->notes, 2);
    assert_int_equal(bundle->last.kind, LEDGER_NOTE_LEFT_OUT);
    add(bundle, one, BY(1, 2)); /* the ancestor comes: now he is known */
    add(bundle, window(bundle, one, 6), BY(1, 2));
    add(bundle, window(bundle, one, 7), BY(1, 4)); /* and a stranger is one */
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.signatures_new, 5);
    assert_int_equal(bundle->counts.refused, 1);
}

/* Two proposals for one version and more roots than one reading of a stream expects. */
static void many_roots_come_in_by_version_and_then_as_they_stand(void **state)
{
    struct bundle *bundle = *state;
    struct record *root[21];
    root[0] = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    own(bundle, root[0]);
    for (unsigned i = 1; i < 21; i++) { /* each names its own keys and the next root's */
        root[i] = forge_make_root((struct forge_root){
            .prev = root[i - 1], .threshold = 1, .organizer = {i, i + 1}, .beacon = {30 + i}});
        own(bundle, root[i]);
    }
    struct record *rival = forge_make_root(
        (struct forge_root){.prev = root[0], .threshold = 1, .organizer = {1}, .name = "Rival"});
    own(bundle, rival);
    add(bundle, rival, BY(1));
    for (unsigned i = 20; i > 0; i--) { /* the last first */
        add(bundle, root[i], i == 1 ? BY(1) : (const unsigned[]){i, i + 1, 0});
    }
    add(bundle, root[0], BY(1));
    merge(bundle, (struct ledger_policy){.root = &root[0]->id, .root_count = 1});
    assert_int_equal(bundle->counts.records_new, 22);
    assert_int_equal(bundle->counts.refused, 0);
}

/* A root in which two lines share a key is kept as a record, and its keys are nobody's. */
static void an_unsound_root_brings_no_keys(void **state)
{
    struct bundle *bundle = *state;
    struct record *root = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 1}});
    own(bundle, root);
    add(bundle, root, BY(1));
    merge(bundle, (struct ledger_policy){.is_by_hand = true});
    assert_int_equal(bundle->counts.records_new, 0);
    assert_int_equal(bundle->counts.refused, 1);
    struct ledger_refusal why;
    struct trust_signature signature = forge_sign(root, 1);
    assert_int_equal(ledger_put_record(bundle->ledger, root->bytes, root->size, NULL, &why),
                     LEDGER_NEW);
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, NULL, &why),
                     LEDGER_UNKNOWN_KEY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_later_root_needs_a_known_key_unless_given_by_hand),
        TEST(an_anchor_of_a_later_version_comes_by_hand),
        TEST(an_anchor_of_a_later_version_comes_from_a_peer),
        TEST(a_new_key_with_an_old_ones_id_is_heard_beside_it),
        TEST(a_chain_of_roots_comes_in_from_any_order),
        TEST(who_left_before_the_anchor_is_told_and_not_refused),
        TEST(many_roots_come_in_by_version_and_then_as_they_stand),
        TEST(an_unsound_root_brings_no_keys),
        /* the slow one last */
        TEST(every_flipped_bit_and_truncation_of_a_signed_root_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
