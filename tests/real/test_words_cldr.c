/* The words of months and weekdays against CLDR's, as the host's ICU has them. */
#include "check.h"

#include <unicode/udat.h>
#include <unicode/ustring.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_words_are_cldr_s)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
