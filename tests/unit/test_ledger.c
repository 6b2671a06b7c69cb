/* links: records trust stream view */
#include <malloc.h>

#include "ledger_bundle.h"

static void a_bundle_comes_in_whatever_stands_first(void **state)
{
    struct bundle *bundle = *state;
    struct record *root =
        forge_make_root((struct forge_root){.threshold = 1, .organizer = {1, 2, 3}});
    own(bundle, root);
    add(bundle, window(bundle, root, 5), BY(1, 2)); /* before the root that names its keys */
    add(bundle, root, BY(1));
    merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.signatures_new, 3);
    assert_int_equal(bundle->heard, 5);
    size_t count;
    ledger_entries(bundle->ledger, &count);
    assert_int_equal(count, 2);
}

/* Row 1: foreign-signed, unsigned and wrongly signed records. */
static void what_no_organizer_signed_stays_out(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    merge(bundle, (struct ledger_policy){0});
    add(bundle, window(bundle, root, 5), NOBODY);
    add(bundle, window(bundle, root, 6), BY(7));
    add(bundle, window(bundle, root, 7), BY(9)); /* a beacon is no organizer */
    const struct record *one = window(bundle, root, 8), *two = window(bundle, root, 9);
    struct trust_signature signature = forge_sign(one, 1);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t size = trust_signature_write(&signature, text);
    put(bundle, two->bytes, two->size); /* a good signature over something else */
    put(bundle, "1", 1);
    put(bundle, text, size);
    put(bundle, one->bytes, one->size - 1); /* a record without its last byte */
    put(bundle, "1", 1);
    put(bundle, text, size);
    bundle->heard = 0;
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.refused, 5);
    assert_int_equal(bundle->counts.records_new, 0);
    assert_int_equal(bundle->heard, 0);
    assert_int_equal(bundle->notes, 5);
}

static void every_flipped_bit_of_a_signed_record_is_refused(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    merge(bundle, (struct ledger_policy){0});
    struct trust_signature signature = forge_sign(one, 1);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t size = trust_signature_write(&signature, text);
    uint8_t changed[RECORD_SIZE_MAX];
    for (size_t bit = 0; bit < one->size * 8; bit++) {
        memcpy(changed, one->bytes, one->size);
        changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        put(bundle, changed, one->size);
        put(bundle, "1", 1);
        put(bundle, text, size);
        merge(bundle, (struct ledger_policy){0});
        assert_int_equal(bundle->counts.refused, 1);
        assert_int_equal(bundle->counts.records_new, 0);
    }
}

static void a_key_id_selects_and_proves_nothing(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    merge(bundle, (struct ledger_policy){0});
    struct trust_signature signature = forge_sign(one, 11);
    struct record_public_key honest = forge_public(1);
    signature.id = honest.id; /* the thief writes another's id on it */
    char text[TRUST_SIGNATURE_TEXT_MAX];
    put(bundle, one->bytes, one->size);
    put(bundle, "2", 1);
    put(bundle, text, trust_signature_write(&signature, text));
    signature = forge_sign(one, 2);
    put(bundle, text, trust_signature_write(&signature, text));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 1);
    assert_int_equal(bundle->counts.signatures_new, 1);
    assert_int_equal(bundle->counts.refused, 1); /* the signature alone */
    const struct view_entry *entry = ledger_find(bundle->ledger, &one->id);
    assert_int_equal(entry->signer_count, 1);
}

static void an_organizer_of_one_constellation_is_nobody_in_another(void **state)
{
    struct bundle *bundle = *state;
    const struct record *one = found(bundle); /* 1, 2, 3 */
    const struct record *two =
        own(bundle, forge_make_root((struct forge_root){
                        .threshold = 1, .organizer = {4, 1}, .beacon = {10}, .name = "Other"}));
    add(bundle, two, BY(4));
    add(bundle, window(bundle, one, 5), BY(4));
    add(bundle, window(bundle, two, 6), BY(2));
    add(bundle, own(bundle, forge_make_heartbeat(one, 10, "2027-01-01T00:00:00Z", NULL, 0)),
        BY(10));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.refused, 3);
    add(bundle, window(bundle, one, 7), BY(1)); /* who is of both, is so in both */
    add(bundle, window(bundle, two, 8), BY(1));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
}

struct asked {
    size_t count;
    enum trust_result answer;
};

static enum trust_result count_and_say(void *context, const struct trust_signature *signature,
                                       const struct record_public_key *key, const uint8_t *bytes,
                                       size_t size)
{
    (void)signature;
    (void)key;
    (void)bytes;
    (void)size;
    struct asked *asked = context;
    asked->count++;
    return asked->answer;
}

/* A false signature costs one look for each key, however many versions of the root name it. */
static void a_key_that_many_roots_name_is_asked_once(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    const struct record *last = root;
    for (unsigned i = 0; i < 5; i++) {
        last = own(bundle, forge_make_root((struct forge_root){.prev = last,
                                                               .threshold = 2,
                                                               .organizer = {1, 2, 3, 20 + i},
                                                               .beacon = {30 + i, 9}}));
        add(bundle, last, BY(1, 2));
    }
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 6);
    struct asked asked = {0, TRUST_BAD_SIGNATURE};
    ledger_verify_with(bundle->ledger, count_and_say, &asked);
    add(bundle, one, BY(1));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(asked.count, 1);
    add(bundle, root, BY(1)); /* and what all have signed who may, none */
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.signatures_known, 1);
    assert_int_equal(asked.count, 1);
}

static void the_same_key_twice_counts_once(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    add(bundle, one, BY(1, 1, 1));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 1);
    add(bundle, one, BY(1, 2));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_known, 1);
    assert_int_equal(bundle->counts.signatures_known, 1);
    assert_int_equal(bundle->counts.signatures_new, 1);
    assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 2);
}

static void a_stream_that_breaks_off_gives_what_came_before(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    add(bundle, window(bundle, root, 5), BY(1));
    add(bundle, window(bundle, root, 6), BY(1));
    bundle->size -= 7;
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_true(bundle->counts.is_cut_off);
}

static bool refuse_all(void *context, const struct record *record,
                       const struct trust_signature *signature, const struct record_public_key *key)
{
    (void)context;
    (void)record;
    (void)key;
    return signature == NULL;
}

static void a_sink_may_stop_the_merge(void **state)
{
    struct bundle *bundle = *state;
    found(bundle);
    struct ledger_policy policy = {.sink = refuse_all};
    assert_int_equal(
        ledger_merge(bundle->ledger, bundle->bytes, bundle->size, &policy, &bundle->counts),
        LEDGER_STOPPED);
}

static void counts_of_several_merges_add_up(void **state)
{
    (void)state;
    struct ledger_counts sum = {1, 2, 3, 4, 5, false};
    ledger_counts_add(&sum, &(struct ledger_counts){10, 20, 30, 40, 50, true});
    ledger_counts_add(&sum, &(struct ledger_counts){0});
    assert_int_equal(sum.records_new, 11);
    assert_int_equal(sum.records_known, 22);
    assert_int_equal(sum.signatures_new, 33);
    assert_int_equal(sum.signatures_known, 44);
    assert_int_equal(sum.refused, 55);
    assert_true(sum.is_cut_off);
}

static void records_and_signatures_may_come_one_by_one(void **state)
{
    struct bundle *bundle = *state;
    struct ledger_refusal why;
    const struct record *root =
        own(bundle, forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}}));
    const struct record *held;
    struct trust_signature signature = forge_sign(root, 1);
    struct record_public_key by, honest = forge_public(1);
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, NULL, &why),
                     LEDGER_REFUSED); /* of what? */
    assert_int_equal(why.fault, LEDGER_NOTHING_TO_SIGN);
    assert_false(ledger_has_signed(bundle->ledger, &root->id, &honest.id)); /* what? */
    for (int again = 0; again < 2; again++) {
        held = NULL;
        assert_int_equal(ledger_put_record(bundle->ledger, root->bytes, root->size, &held, &why),
                         again ? LEDGER_KNOWN : LEDGER_NEW);
        assert_non_null(held);
        assert_true(record_id_equal(&held->id, &root->id));
        assert_false(ledger_has_signed(bundle->ledger, &root->id, &honest.id));
    }
    signature.signature[0] ^= 1;
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, NULL, &why),
                     LEDGER_REFUSED);
    assert_int_equal(why.fault, LEDGER_SIGNATURE_FALSE);
    assert_int_equal(why.verdict, TRUST_BAD_SIGNATURE);
    assert_true(record_key_id_equal(&why.key, &honest.id));
    signature.signature[0] ^= 1;
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, &by, &why),
                     LEDGER_NEW);
    assert_true(trust_public_key_equal(&by, &honest));
    assert_true(ledger_has_signed(bundle->ledger, &root->id, &honest.id));
    assert_false(ledger_has_signed(bundle->ledger, &root->id, &(struct record_key_id){{7}}));
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, &by, &why),
                     LEDGER_KNOWN);
    signature = forge_sign(root, 7);
    assert_int_equal(ledger_put_signature(bundle->ledger, &root->id, &signature, NULL, &why),
                     LEDGER_UNKNOWN_KEY);
    for (unsigned i = 0; i < 500; i++) { /* past every growth of its table */
        const struct record *one = window(bundle, root, i);
        assert_int_equal(ledger_put_record(bundle->ledger, one->bytes, one->size, NULL, &why),
                         LEDGER_NEW);
    }
    for (size_t i = 0; i < bundle->owned_count; i++) {
        assert_non_null(ledger_find(bundle->ledger, &bundle->owned[i]->id));
    }
    struct record_public_key other = forge_public(2); /* verified elsewhere */
    assert_int_equal(ledger_put_signer(bundle->ledger, &root->id, &other), LEDGER_NEW);
    assert_int_equal(ledger_put_signer(bundle->ledger, &root->id, &other), LEDGER_KNOWN);
    const uint8_t junk[] = "junk";
    assert_int_equal(ledger_put_record(bundle->ledger, junk, 4, NULL, &why), LEDGER_REFUSED);
    assert_int_equal(why.fault, LEDGER_UNREADABLE);
}

static void a_malformed_signature_spoils_only_itself(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    struct trust_signature signature = forge_sign(one, 1);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    put(bundle, one->bytes, one->size);
    put(bundle, "2", 1);
    put(bundle, "not a signature", 15);
    put(bundle, text, trust_signature_write(&signature, text));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_new, 2);
    assert_int_equal(bundle->counts.refused, 1);
    assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 1);
}

/* A changed key id makes a signature a stranger's: it is missed, so it is told. */
static void a_signature_by_a_key_that_no_root_names_is_told(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    merge(bundle, (struct ledger_policy){0});
    for (int round = 0; round < 2; round++) { /* over a new record, and over a known one */
        struct trust_signature signature = forge_sign(one, 2);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        put(bundle, one->bytes, one->size);
        put(bundle, "2", 1);
        signature.id.bytes[0] ^= 0x10;
        put(bundle, text, trust_signature_write(&signature, text));
        signature = forge_sign(one, 1);
        put(bundle, text, trust_signature_write(&signature, text));
        merge(bundle, (struct ledger_policy){.root = &root->id, .root_count = 1});
        assert_int_equal(bundle->counts.refused, 1);
        assert_int_equal(bundle->counts.records_new, 1 - round);
        assert_int_equal(bundle->last.why.fault, LEDGER_NO_SUCH_ORGANIZER);
        assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 1);
    }
}

static void a_new_key_twice_on_a_known_record_counts_once(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    add(bundle, one, BY(1));
    merge(bundle, (struct ledger_policy){0});
    bundle->heard = 0;
    add(bundle, one, BY(2, 3, 2, 3));
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.signatures_new, 2);
    assert_int_equal(bundle->heard, 2);
    assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 3);
}

static void a_bad_signature_on_a_known_record_is_told(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    add(bundle, one, BY(1));
    merge(bundle, (struct ledger_policy){0});
    put(bundle, one->bytes, one->size);
    put(bundle, "1", 1);
    put(bundle, "not a signature", 15);
    put(bundle, "x", 1); /* and something too short to say what it is */
    put(bundle, "0", 1);
    merge(bundle, (struct ledger_policy){0});
    assert_int_equal(bundle->counts.records_known, 1);
    assert_int_equal(bundle->counts.refused, 2);
    assert_int_equal(bundle->last.why.error.line, 1);
    assert_int_equal(ledger_find(bundle->ledger, &one->id)->signer_count, 1);
}

/* By what the C library has given out and not got back, but for what it keeps at hand; under a
 * sanitizer, which has its own and tells of what is lost, that is always the same. */
static void a_ledger_gives_back_what_it_took(void **state)
{
    struct bundle *bundle = *state;
    const struct record *root = found(bundle);
    for (unsigned i = 0; i < 9; i++) {
        add(bundle, window(bundle, root, i), BY(1, 2, 3));
    }
    size_t before = 0;
    struct asked asked = {0, TRUST_OK};
    for (int round = 0; round < 30; round++) {
        if (round == 2) {
            before = mallinfo2().uordblks;
        }
        size_t size = bundle->size;
        struct ledger *kept = bundle->ledger;
        bundle->ledger = ledger_new(leap_builtin());
        ledger_verify_with(bundle->ledger, count_and_say, &asked); /* which needs no memory */
        merge(bundle, (struct ledger_policy){0});
        bundle->size = size;
        assert_int_equal(bundle->counts.records_new, 10);
        ledger_free(bundle->ledger);
        ledger_free(NULL);
        bundle->ledger = kept;
    }
    assert_in_range(mallinfo2().uordblks, 0, before + 8192);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_bundle_comes_in_whatever_stands_first),
        TEST(what_no_organizer_signed_stays_out),
        TEST(a_key_id_selects_and_proves_nothing),
        TEST(an_organizer_of_one_constellation_is_nobody_in_another),
        TEST(a_key_that_many_roots_name_is_asked_once),
        TEST(the_same_key_twice_counts_once),
        TEST(a_stream_that_breaks_off_gives_what_came_before),
        TEST(a_sink_may_stop_the_merge),
        TEST(counts_of_several_merges_add_up),
        TEST(records_and_signatures_may_come_one_by_one),
        TEST(a_malformed_signature_spoils_only_itself),
        TEST(a_signature_by_a_key_that_no_root_names_is_told),
        TEST(a_new_key_twice_on_a_known_record_counts_once),
        TEST(a_bad_signature_on_a_known_record_is_told),
        TEST(a_ledger_gives_back_what_it_took),
        /* the slow one last */
        TEST(every_flipped_bit_of_a_signed_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
