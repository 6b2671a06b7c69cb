/* links: instants */
/* The dates and lengths of the pages against CLDR's, as the host's ICU has them. */
#include "check.h"

#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "instants/civil.h"
#include "words/interface.h"

/* What ICU formats with a skeleton, in UTF-8, on 2027-MONTH-DAY. */
static void icu_date(const char *language, const UChar *skeleton, int month, int day, char out[128])
{
    UErrorCode code = U_ZERO_ERROR;
    UChar pattern[64];
    UChar text[128];
    UDateTimePatternGenerator *patterns = udatpg_open(language, &code);
    udatpg_getBestPattern(patterns, skeleton, -1, pattern, 64, &code);
    UDateFormat *format =
        udat_open(UDAT_PATTERN, UDAT_PATTERN, language, u"GMT", 3, pattern, -1, &code);
    UNumberFormat *figures = unum_open(UNUM_DECIMAL, NULL, 0, "en", NULL, &code);
    unum_setAttribute(figures, UNUM_GROUPING_USED, 0);
    udat_setNumberFormat(format, figures);
    UCalendar *calendar = ucal_open(u"GMT", 3, language, UCAL_GREGORIAN, &code);
    ucal_setDateTime(calendar, 2027, month - 1, day, 12, 0, 0, &code);
    udat_formatCalendar(format, calendar, text, 128, NULL, &code);
    u_strToUTF8(out, 128, NULL, text, -1, &code);
    assert_true(U_SUCCESS(code));
    ucal_close(calendar);
    unum_close(figures);
    udat_close(format);
    udatpg_close(patterns);
}

/* Full dates of the pages are CLDR's, letter for letter. */
static void the_dates_of_the_pages_are_cldr_s(void **state)
{
    (void)state;
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        const struct interface_calendar *of = interface_calendar((enum interface_language)i);
        /* of English the order of most of the world, and no comma after the weekday */
        const char *locale = i == INTERFACE_EN ? "en_GB" : of->code;
        for (int month = 1; month <= 12; month++) {
            char theirs[128];
            char ours[INTERFACE_DATE_SIZE];
            int day = 1 + month * 2;
            icu_date(locale, u"yMMMMEEEEd", month, day, theirs);
            char *comma = i == INTERFACE_EN ? strchr(theirs, ',') : NULL;
            if (comma != NULL) {
                memmove(comma, comma + 1, strlen(comma));
            }
            int32_t number =
                civil_day_number((struct civil_date){2027, (int8_t)month, (int8_t)day});
            interface_write_date((enum interface_language)i, DATE_FULL, 2027, month, day,
                                 (int)civil_weekday(number) - 1, ours);
            if (strcmp(ours, theirs) != 0) {
                print_error("%s: %s, CLDR: %s\n", of->code, ours, theirs);
                fail();
            }
        }
    }
}

/* Lengths of the pages are CLDR's, in every plural form that there is. */
static void the_lengths_of_the_pages_are_cldr_s(void **state)
{
    (void)state;
    static const struct {
        const UChar *skeleton;
        uint64_t seconds;
    } unit[] = {{u"measure-unit/duration-second unit-width-full-name numbering-system/latn", 1},
                {u"measure-unit/duration-minute unit-width-full-name numbering-system/latn", 60},
                {u"measure-unit/duration-hour unit-width-full-name numbering-system/latn", 3600},
                {u"measure-unit/duration-day unit-width-full-name numbering-system/latn", 86400}};
    static const int limit[] = {60, 60, 24, 130}; /* after which the next unit begins */
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        const char *language = interface_calendar((enum interface_language)i)->code;
        for (size_t u = 0; u < 4; u++) {
            UErrorCode code = U_ZERO_ERROR;
            UNumberFormatter *format =
                unumf_openForSkeletonAndLocale(unit[u].skeleton, -1, language, &code);
            UFormattedNumber *number = unumf_openResult(&code);
            /* of days CLDR 42 says "doba", 24 hours, in Polish and Ukrainian, and counts one in
             * Hebrew */
            bool is_other = unit[u].seconds == 86400 &&
                            (i == INTERFACE_PL || i == INTERFACE_UK || i == INTERFACE_HE);
            for (int n = is_other ? limit[u] : 1; n < limit[u]; n++) {
                UChar text[128];
                char theirs[128];
                char ours[INTERFACE_LENGTH_SIZE];
                unumf_formatInt(format, n, number, &code);
                unumf_resultToString(number, text, 128, &code);
                u_strToUTF8(theirs, sizeof theirs, NULL, text, -1, &code);
                assert_true(U_SUCCESS(code));
                interface_write_length((enum interface_language)i, (uint64_t)n * unit[u].seconds,
                                       ours);
                if (strcmp(ours, theirs) != 0) {
                    print_error("%s: %s, CLDR: %s\n", language, ours, theirs);
                    fail();
                }
            }
            unumf_closeResult(number);
            unumf_close(format);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_dates_of_the_pages_are_cldr_s),
                                       cmocka_unit_test(the_lengths_of_the_pages_are_cldr_s)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
