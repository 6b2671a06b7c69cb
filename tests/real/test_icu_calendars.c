/* Our own calendars against ICU's, every day from 1700 to 2250; ICU's against themselves there and
 * back; the Persian new year against the equinox; the words against CLDR.
 * links: rules sky zones instants */
#include "check.h"

#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "icu/calendars.h"
#include "rules/calendar.h"
#include "rules/lunisolar.h"
#include "sky/sky.h"
#include "words/words.h"

static int32_t first_day, last_day;

static void ours_agree_with_icu_every_day(void **state)
{
    (void)state;
    static const struct {
        enum rule_calendar calendar;
        const char *locale;
    } of[] = {{RULE_COPTIC, "en@calendar=coptic"},
              {RULE_ETHIOPIC, "en@calendar=ethiopic"},
              {RULE_HIJRI_CIVIL, "en@calendar=islamic-civil"},
              {RULE_JULIAN, "en@calendar=gregorian"}};
    for (size_t i = 0; i < 4; i++) {
        UErrorCode code = U_ZERO_ERROR;
        UCalendar *icu = ucal_open(u"GMT", 3, of[i].locale, UCAL_GREGORIAN * (i == 3), &code);
        assert_true(U_SUCCESS(code));
        if (i == 3) {
            ucal_setGregorianChange(icu, 1e15, &code);
        }
        for (int32_t day = first_day; day < last_day; day++) {
            struct rule_calendar_date date;
            int32_t back;
            assert_true(calendar_from_day(of[i].calendar, day, &date));
            assert_true(calendar_to_day(of[i].calendar, date, &back));
            assert_int_equal(back, day);
            ucal_setMillis(icu, day * 86400000.0, &code);
            assert_int_equal(date.year, ucal_get(icu, UCAL_EXTENDED_YEAR, &code));
            assert_int_equal(date.month, ucal_get(icu, UCAL_MONTH, &code) + 1);
            assert_int_equal(date.day, ucal_get(icu, UCAL_DAY_OF_MONTH, &code));
        }
        ucal_close(icu);
    }
}

static void every_day_survives_there_and_back(void **state)
{
    (void)state;
    struct icu_calendars *icu = icu_calendars_new();
    const struct rule_calendars *calendars = icu_calendars_for_rules(icu);
    static const enum rule_calendar of[] = {RULE_HEBREW,         RULE_PERSIAN, RULE_INDIAN,
                                            RULE_HIJRI_UMALQURA, RULE_CHINESE, RULE_DANGI};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        bool is_chinese = of[i] == RULE_CHINESE || of[i] == RULE_DANGI;
        size_t known = 0;
        for (int32_t day = first_day; day < last_day; day += is_chinese ? 97 : 7) {
            struct rule_calendar_date date;
            int32_t back = 0;
            if (!calendars->from_day(calendars->context, of[i], day, &date)) {
                assert_int_equal(of[i], RULE_HIJRI_UMALQURA);
                continue;
            }
            known++;
            if (!calendars->to_day(calendars->context, of[i], date, &back)) {
                print_error("%d: %d-%d-%d of day %d\n", (int)of[i], date.year, date.month, date.day,
                            day);
                fail();
            }
            assert_int_equal(back, day);
            assert_true(date.day <= calendar_longest_month(of[i], date.month));
        }
        assert_true(known > 1000);
    }
    int32_t day;
    struct rule_calendar_date adar_i = {5787, 6, 1, false}, never = {5787, 7, 30, false};
    assert_true(calendars->to_day(calendars->context, RULE_HEBREW, adar_i, &day)); /* a leap year */
    assert_false(calendars->to_day(calendars->context, RULE_HEBREW, never, &day));
    adar_i.year = 5788;
    assert_false(calendars->to_day(calendars->context, RULE_HEBREW, adar_i, &day));
    icu_calendars_free(icu);
}

/* By law the year begins on the day whose noon (Tehran, 52.5 degrees east) first follows the
 * equinox. */
static void the_persian_year_begins_at_the_equinox(void **state)
{
    (void)state;
    struct icu_calendars *icu = icu_calendars_new();
    const struct rule_calendars *calendars = icu_calendars_for_rules(icu);
    int32_t differ = 0, first_that_differs = 0;
    for (int32_t year = 1900; year < 2200; year++) {
        struct sky_event equinox;
        utc january = civil_to_utc((struct civil){.date = {year, 1, 1}});
        assert_true(sky_next(SKY_SET(SKY_MARCH_EQUINOX),
                             leap_from_utc(leap_builtin(), january, NULL), &equinox));
        int64_t tehran = leap_to_utc(leap_builtin(), equinox.at, NULL).ns + 12600 * NS_PER_S;
        int32_t by_the_sky = (int32_t)((tehran + NS_PER_DAY / 2) / NS_PER_DAY) - (tehran < 0),
                by_icu;
        struct rule_calendar_date nowruz = {year - 621, 1, 1, false};
        assert_true(calendars->to_day(calendars->context, RULE_PERSIAN, nowruz, &by_icu));
        if (by_icu != by_the_sky) {
            first_that_differs = differ++ == 0 ? year : first_that_differs;
        }
    }
    print_message("Nowruz differs from the equinox's in %d of 300 years, first in %d\n", differ,
                  first_that_differs);
    assert_true(first_that_differs == 0 || first_that_differs >= 2025);
    icu_calendars_free(icu);
}

/* ICU 72 computes the Moon more roughly: where a new moon or a term falls within minutes of
 * midnight it may be a day or a month off.  The published tables, below, decide. */
static void the_chinese_months_are_nearly_always_icu_s(void **state)
{
    (void)state;
    struct icu_calendars *icu = icu_calendars_new();
    const struct rule_calendars *calendars = icu_calendars_for_rules(icu);
    struct rule_almanac *almanac = rule_almanac_new();
    for (int k = 0; k < 2; k++) {
        enum rule_calendar calendar = k == 0 ? RULE_CHINESE : RULE_DANGI;
        int32_t differ = 0, same = 0;
        for (int32_t year = 1930; year < 2100; year++) {
            for (int32_t month = 1; month <= 24; month++) {
                struct rule_calendar_date date = {year, 1 + month % 12, 1, month > 12};
                int32_t ours = 0, theirs = 0;
                bool is_ours = lunisolar_to_day(almanac, leap_builtin(), calendar, date, &ours);
                bool is_theirs = calendars->to_day(calendars->context, calendar, date, &theirs);
                bool is_same = is_ours == is_theirs && ours == theirs;
                *(is_same ? &same : &differ) += is_ours || is_theirs ? 1 : 0;
                if (!is_same) {
                    struct civil_date a = civil_from_day_number(ours),
                                      b = civil_from_day_number(theirs);
                    print_message("%s %d %s%d: %04d-%02d-%02d, ICU %04d-%02d-%02d\n",
                                  k == 0 ? "chinese" : "dangi", year, date.is_leap ? "leap " : "",
                                  date.month, a.year, a.month, a.day, b.year, b.month, b.day);
                }
            }
        }
        print_message("%d months alike, %d differ by a day\n", same, differ);
        assert_in_range(differ, 0, same / 100);
    }
    rule_almanac_free(almanac);
    icu_calendars_free(icu);
}

/* As the Hong Kong Observatory's conversion tables have them. */
static void new_years_and_leap_months_are_the_published_ones(void **state)
{
    (void)state;
    static const struct civil_date new_year[] = {
        {2020, 1, 25}, {2021, 2, 12}, {2022, 2, 1},  {2023, 1, 22}, {2024, 2, 10}, {2025, 1, 29},
        {2026, 2, 17}, {2027, 2, 6},  {2028, 1, 26}, {2029, 2, 13}, {2030, 2, 3},  {2031, 1, 23},
        {2032, 2, 11}, {2033, 1, 31}, {2034, 2, 19}, {2035, 2, 8},  {2036, 1, 28}, {2037, 2, 15},
        {2038, 2, 4},  {2039, 1, 24}, {2040, 2, 12}};
    static const int32_t leap[][2] = {{1984, 10}, {1987, 6}, {2001, 4}, {2004, 2}, {2006, 7},
                                      {2009, 5},  {2012, 4}, {2014, 9}, {2017, 6}, {2020, 4},
                                      {2023, 2},  {2025, 6}, {2028, 5}, {2031, 3}, {2033, 11},
                                      {2036, 6},  {2039, 5}};
    struct rule_almanac *almanac = rule_almanac_new();
    int32_t day;
    for (size_t i = 0; i < sizeof new_year / sizeof *new_year; i++) {
        struct rule_calendar_date first = {new_year[i].year, 1, 1, false};
        assert_true(lunisolar_to_day(almanac, leap_builtin(), RULE_CHINESE, first, &day));
        assert_int_equal(day, civil_day_number(new_year[i]));
    }
    for (size_t i = 0; i < sizeof leap / sizeof *leap; i++) {
        for (int32_t month = 1; month <= 12; month++) {
            struct rule_calendar_date date = {leap[i][0], month, 1, true};
            assert_int_equal(lunisolar_to_day(almanac, leap_builtin(), RULE_CHINESE, date, &day),
                             month == leap[i][1]);
        }
    }
    rule_almanac_free(almanac);
}

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
    first_day = civil_day_number((struct civil_date){1700, 1, 1});
    last_day = civil_day_number((struct civil_date){2250, 1, 1});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_agree_with_icu_every_day),
        cmocka_unit_test(every_day_survives_there_and_back),
        cmocka_unit_test(the_persian_year_begins_at_the_equinox),
        cmocka_unit_test(the_chinese_months_are_nearly_always_icu_s),
        cmocka_unit_test(new_years_and_leap_months_are_the_published_ones),
        cmocka_unit_test(the_words_are_cldr_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
