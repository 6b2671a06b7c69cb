/* What a merge says of what it does not take, and to whom it goes on. */
/* links: records trust stream view */
#include "ledger_bundle.h"

/* A signature by one key over this record; a false one, or made by another than it says. */
static const char *signature_of(const struct record *record, unsigned by, bool is_false,
                                char out[static TRUST_SIGNATURE_TEXT_MAX])
{
    struct trust_signature signature = forge_sign(record, by);
    signature.signature[0] ^= is_false;
    out[trust_signature_write(&signature, out)] = '\0';
    return out;
}

static void assert_told(const struct bundle *bundle, size_t which, const struct record *record,
                        enum ledger_fault fault)
{
    assert_true(which < bundle->notes);
    assert_int_equal(bundle->told[which].kind, LEDGER_NOTE_REFUSED);
    assert_true(record_id_equal(&bundle->told[which].record, &record->id));
    assert_int_equal(bundle->told[which].why.fault, fault);
}

static void of_a_record_without_a_good_signature_it_says_why(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    char good[TRUST_SIGNATURE_TEXT_MAX], bad[TRUST_SIGNATURE_TEXT_MAX];
    merge(bundle, (struct ledger_policy){0});
    add(bundle, one, NOBODY);
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 0, one, LEDGER_UNSIGNED);
    const char *texts[] = {signature_of(one, 1, false, good), signature_of(one, 2, true, bad),
                           "not a signature", "nor this"};
    add_texts(bundle, one, 4, texts);
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.refused, 1); /* the first of what is wrong is told */
    assert_told(bundle, 1, one, LEDGER_SIGNATURE_FALSE);
    assert_int_equal(bundle->last.why.verdict, TRUST_BAD_SIGNATURE);
    texts[1] = "not a signature either";
    add_texts(bundle, one, 4, texts);
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 2, one, LEDGER_SIGNATURE_FORM);
    assert_int_equal(bundle->last.why.count, 2);
    assert_int_equal(bundle->last.why.verdict, TRUST_MALFORMED);
    assert_int_equal(bundle->notes, 3);
}

/* Its own keys prove a new root, and of those that are known beside them the more telling word
 * counts. */
static void of_a_root_it_says_what_is_wrong_with_it(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2}}));
    const struct record *next = own(
        bundle,
        forge_make_root((struct forge_root){.prev = root, .threshold = 1, .organizer = {2, 3}}));
    char text[TRUST_SIGNATURE_TEXT_MAX];
    const char *texts[] = {signature_of(root, 1, true, text)};
    add_texts(bundle, root, 1, texts); /* nobody is known yet */
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 0, root, LEDGER_SIGNATURE_FALSE);
    add(bundle, root, BY(1));
    merge(bundle, (struct ledger_policy){0});
    texts[0] = signature_of(next, 1, true, text); /* whom the new root does not name */
    add_texts(bundle, next, 1, texts);
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 1, next, LEDGER_SIGNATURE_FALSE);
    add(bundle, next, BY(3)); /* whom it alone names */
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 2, next, LEDGER_ROOT_OF_STRANGERS);
    add(bundle, next, BY(1, 1, 3)); /* who has signed has signed, twice or not */
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.signatures_new, 2);
    assert_int_equal(bundle->counts.refused, 0);
    assert_int_equal(bundle->notes, 3);
    add(bundle, next, BY(7)); /* no version is missing that could name him */
    merge(bundle, (struct ledger_policy){0});
    assert_told(bundle, 3, next, LEDGER_NO_SUCH_ORGANIZER);
}

static void what_is_of_another_constellation_is_told_as_such(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    const struct record *other =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {4}}));
    add(bundle, other, BY(4));
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_told(bundle, 0, other, LEDGER_OTHER_ROOT);
}

static void twenty_are_told_and_how_many_more(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    for (unsigned more = 0; more < 3; more++) {
        bundle->notes = 0;
        for (unsigned i = 0; i < 20 + more; i++) {
            add(bundle, window(bundle, root, 100 * more + i), NOBODY);
        }
        merge(bundle, (struct ledger_policy){0});
        assert_int_equal(bundle->counts.refused, 20 + more);
        assert_int_equal(bundle->notes, 20 + (more > 0));
        assert_int_equal(bundle->last.kind, more > 0 ? LEDGER_NOTE_MORE : LEDGER_NOTE_REFUSED);
        assert_int_equal(bundle->last.count, more);
    }
}

static void a_stream_that_breaks_off_is_told(void **state)
{
    struct bundle *bundle = *state;
    found(bundle);
    put(bundle, "cut off", 7);
    bundle->size--;
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->notes, 1);
    assert_int_equal(bundle->last.kind, LEDGER_NOTE_CUT_OFF);
    found(bundle);
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->notes, 1); /* of a whole one there is nothing to say */
}

static bool refuse_records(void *context, const struct record *record,
                           const struct trust_signature *signature,
                           const struct record_public_key *key)
{
    (void)record;
    (void)key;
    ++*(size_t *)context;
    return signature != NULL;
}

static void who_hears_may_stop_at_a_record(void **state)
{
    struct bundle *bundle = *state;
    size_t heard = 0;
    found(bundle);
    put(bundle, "cut off", 7); /* after it has stopped, no more is said */
    bundle->size--;
    struct ledger_policy policy = {
        .sink = refuse_records, .sink_context = &heard, .note = note, .note_context = bundle};
    assert_int_equal(
        ledger_merge(bundle->ledger, bundle->bytes, bundle->size, &policy, &bundle->counts),
        LEDGER_STOPPED);
    assert_int_equal(heard, 1);
    assert_int_equal(bundle->counts.records_new, 0);
    assert_int_equal(bundle->notes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_a_record_without_a_good_signature_it_says_why),
        TEST(of_a_root_it_says_what_is_wrong_with_it),
        TEST(what_is_of_another_constellation_is_told_as_such),
        TEST(twenty_are_told_and_how_many_more),
        TEST(a_stream_that_breaks_off_is_told),
        TEST(who_hears_may_stop_at_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
