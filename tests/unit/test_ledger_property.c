/* links: records trust stream view */
#include "deep.h"
#include "ledger_bundle.h"
#include "seed.h"

/* Of a hundred thousand records that somebody changed, or that were signed by someone else, none
 * comes in.  Changes are single bits, so that most are still records.  TOCSIN_SEED repeats a
 * run. */
static void of_a_hundred_thousand_forged_records_none_comes_in(void **state)
{
    enum { FORGED = 100000, AT_ONCE = 250 };
    struct bundle *bundle = *state;
    const struct record *root = found(bundle), *one = window(bundle, root, 5);
    merge(bundle, (struct ledger_policy){0});
    char own_text[TRUST_SIGNATURE_TEXT_MAX], foreign_text[TRUST_SIGNATURE_TEXT_MAX];
    struct trust_signature signature = forge_sign(one, 1);
    size_t own_size = trust_signature_write(&signature, own_text);
    signature = forge_sign(one, 9);
    signature.id = forge_public(1).id; /* a stranger who says he is the first organizer */
    size_t foreign_size = trust_signature_write(&signature, foreign_text);
    struct seed dice = seed_take("forged records");
    uint8_t changed[RECORD_SIZE_MAX];
    for (int done = 0; done < (is_deep() ? FORGED : FORGED / 5); done += AT_ONCE) {
        for (int i = 0; i < AT_ONCE; i++) {
            bool is_foreign = i % 5 == 0;
            memcpy(changed, one->bytes, one->size);
            for (int bits = is_foreign ? 0 : 1 + (int)seed_below(&dice, 3); bits > 0; bits--) {
                changed[seed_below(&dice, (uint32_t)one->size)] ^=
                    (uint8_t)(1 << seed_below(&dice, 8));
            }
            bool is_same = memcmp(changed, one->bytes, one->size) == 0;
            put(bundle, changed, one->size);
            put(bundle, "1", 1);
            put(bundle, is_foreign || is_same ? foreign_text : own_text,
                is_foreign || is_same ? foreign_size : own_size);
        }
        merge(bundle, (struct ledger_policy){0});
        assert_int_equal(bundle->counts.refused, AT_ONCE);
        assert_int_equal(bundle->counts.records_new, 0);
    }
    size_t count;
    ledger_entries(bundle->ledger, &count);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_a_hundred_thousand_forged_records_none_comes_in, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
