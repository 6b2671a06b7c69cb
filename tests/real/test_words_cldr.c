/* The words of months and weekdays against CLDR's, as the host's ICU has them. */
#include "check.h"

#include <unicode/udat.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "words/sayings.h"
#include "words/words.h"

static void the_words_are_cldr_s(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "it", "es", "pt", "fr", "de",
                                            "pl", "uk", "el", "tr", "ar"};
    static const struct {
        UDateFormatSymbolType type;
        enum word_kind kind;
        int first, count;
    } of[] = {{UDAT_MONTHS, WORD_MONTH, 0, 12},
              {UDAT_STANDALONE_MONTHS, WORD_MONTH, 0, 12},
              {UDAT_WEEKDAYS, WORD_WEEKDAY, 1, 7},
              {UDAT_STANDALONE_WEEKDAYS, WORD_WEEKDAY, 1, 7}};
    for (size_t language = 0; language < 11; language++) {
        UErrorCode code = U_ZERO_ERROR;
        UDateFormat *format =
            udat_open(UDAT_FULL, UDAT_FULL, languages[language], u"GMT", 3, NULL, 0, &code);
        assert_true(U_SUCCESS(code));
        for (size_t t = 0; t < 4; t++) {
            for (int i = 0; i < of[t].count; i++) {
                UChar wide[64];
                char text[128];
                udat_getSymbols(format, of[t].type, of[t].first + i, wide, 64, &code);
                u_strToUTF8(text, sizeof text, NULL, wide, -1, &code);
                assert_true(U_SUCCESS(code));
                const struct word *word = words_find(of[t].kind, text, strlen(text), NULL);
                int32_t value = of[t].kind == WORD_MONTH ? i + 1 : i == 0 ? 7 : i;
                if (word == NULL || word->value != value) {
                    print_error("%s: %s is not %d\n", languages[language], text, value);
                    fail();
                }
            }
        }
        udat_close(format);
    }
}

static const char *const said_in[LANGUAGES] = {"en", "it", "es", "fr", "de",
                                               "pt", "pl", "uk", "ar", "el"};

static void the_days_that_are_said_are_cldr_s(void **state)
{
    (void)state;
    for (size_t language = 0; language < LANGUAGES; language++) {
        const struct language_names *names = &language_names[language];
        UErrorCode code = U_ZERO_ERROR;
        UDateFormat *format =
            udat_open(UDAT_FULL, UDAT_FULL, said_in[language], u"GMT", 3, NULL, 0, &code);
        assert_true(U_SUCCESS(code));
        for (int i = 0; i < 12 + 12 + 7; i++) {
            UChar wide[64];
            char text[128];
            const char *is = i < 12   ? names->month_of[i]
                             : i < 24 ? names->month[i - 12]
                                      : names->weekday[i - 23];
            udat_getSymbols(format,
                            i < 12   ? UDAT_MONTHS
                            : i < 24 ? UDAT_STANDALONE_MONTHS
                                     : UDAT_STANDALONE_WEEKDAYS,
                            i < 12   ? i
                            : i < 24 ? i - 12
                                     : (i - 24 + 1) % 7 + 1,
                            wide, 64, &code);
            u_strToUTF8(text, sizeof text, NULL, wide, -1, &code);
            assert_true(U_SUCCESS(code));
            /* Arabic names its days with the article, after a number without */
            const char *bare = language == LANGUAGE_AR && i >= 24 ? text + strlen("ال") : text;
            if (!words_equal(is, strlen(is), bare, strlen(bare))) {
                print_error("%s: %s is not %s\n", said_in[language], is, text);
                fail();
            }
        }
        udat_close(format);
    }
}

static void plurals_are_cldr_s(void **state)
{
    (void)state;
    for (size_t language = 0; language < LANGUAGES; language++) {
        UErrorCode code = U_ZERO_ERROR;
        UPluralRules *rules = uplrules_open(said_in[language], &code);
        UChar form[8][16] = {0};
        assert_true(U_SUCCESS(code));
        for (int n = 1; n < 1000; n++) {
            UChar keyword[16];
            uplrules_select(rules, n, keyword, 16, &code);
            assert_true(U_SUCCESS(code));
            size_t is = sayings_plural((enum language)language, n);
            assert_true(is < 8);
            if (form[is][0] == 0) { /* a form is one of CLDR's, and each of CLDR's is one */
                for (size_t other = 0; other < 8; other++) {
                    assert_int_not_equal(u_strcmp(form[other], keyword), 0);
                }
                u_strcpy(form[is], keyword);
            }
            assert_int_equal(u_strcmp(form[is], keyword), 0);
        }
        uplrules_close(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_words_are_cldr_s),
                                       cmocka_unit_test(the_days_that_are_said_are_cldr_s),
                                       cmocka_unit_test(plurals_are_cldr_s)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
