/* What ICU knows of languages and of Unicode's composed form. */
#include "check.h"

#include "tocsin/print/unicode.h"

static void languages_that_exist_are_known(void **state)
{
    (void)state;
    static const char *const known[] = {"it", "pcm", "lkt", "mi", "ckb", "zh-hant", "pt-br", "se"};
    static const char *const unknown[] = {
        "", "xx", "qzz", "italian-of-rome-and-elsewhere", "it-", "-it", "it_IT", "1t", "zh--hant"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        print_message("%s\n", known[i]);
        assert_true(unicode_is_language(known[i], strlen(known[i])));
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        print_message("%s\n", unknown[i]);
        assert_false(unicode_is_language(unknown[i], strlen(unknown[i])));
    }
    assert_true(unicode_is_language("itxx", 2));
}

static void the_composed_form_is_told_from_others(void **state)
{
    (void)state;
    static const char composed[] = "S\xc3\xa9tif", apart[] = "Se\xcc\x81tif";
    assert_true(unicode_is_nfc("", 0));
    assert_true(unicode_is_nfc(composed, sizeof composed - 1));
    assert_false(unicode_is_nfc(apart, sizeof apart - 1));
    assert_true(unicode_is_nfc("\xe1\x84\x92", 3)); /* a jamo alone */
    assert_false(unicode_is_nfc("\xe1\x84\x92\xe1\x85\xa1", 6));
    char *text = calloc(1 << 16, 1);
    assert_non_null(text);
    memset(text, 'x', 1 << 16);
    assert_true(unicode_is_nfc(text, (1 << 16) - 1));
    assert_false(unicode_is_nfc(text, 1 << 16));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_that_exist_are_known),
        cmocka_unit_test(the_composed_form_is_told_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
