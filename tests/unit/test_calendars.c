/* The calendars against what others have published of them.
 * links: sky instants */
#include "check.h"

#include "calendars/calendar.h"
#include "calendars/lunisolar.h"

static struct almanac *almanac;

/* ICU 72 had it, and one host in two, a day late. */
static void the_hebrew_year_5806_begins_when_it_does(void **state)
{
    (void)state;
    static const struct {
        struct calendar_date date;
        struct civil_date day;
    } of[] = {{{5806, 1, 1, false}, {2045, 9, 12}},
              {{5806, 8, 15, false}, {2046, 4, 21}},
              {{5806, 12, 9, false}, {2046, 8, 11}},
              {{5807, 1, 1, false}, {2046, 10, 1}},
              {{5807, 1, 10, false}, {2046, 10, 10}}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        int32_t day;
        assert_true(calendar_to_day(CALENDAR_HEBREW, of[i].date, &day));
        assert_int_equal(day, civil_day_number(of[i].day));
    }
    int32_t day;
    struct calendar_date adar_i = {5787, 6, 1, false}, never = {5787, 7, 30, false};
    assert_true(calendar_to_day(CALENDAR_HEBREW, adar_i, &day)); /* a leap year */
    assert_false(calendar_to_day(CALENDAR_HEBREW, never, &day));
    adar_i.year = 5788;
    assert_false(calendar_to_day(CALENDAR_HEBREW, adar_i, &day));
}

/* As the Hong Kong Observatory's conversion tables have them. */
static void new_years_and_leap_months_are_hong_kong_s(void **state)
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
    int32_t day;
    for (size_t i = 0; i < sizeof new_year / sizeof *new_year; i++) {
        struct calendar_date first = {new_year[i].year, 1, 1, false};
        assert_true(lunisolar_to_day(almanac, leap_builtin(), CALENDAR_CHINESE, first, &day));
        assert_int_equal(day, civil_day_number(new_year[i]));
    }
    for (size_t i = 0; i < sizeof leap / sizeof *leap; i++) {
        for (int32_t month = 1; month <= 12; month++) {
            struct calendar_date date = {leap[i][0], month, 1, true};
            assert_int_equal(
                lunisolar_to_day(almanac, leap_builtin(), CALENDAR_CHINESE, date, &day),
                month == leap[i][1]);
        }
    }
}

/* The revision of 2019 was made for these days of Bangladesh to stay where they are. */
static void bengali_days_of_memory_stay_where_they_are(void **state)
{
    (void)state;
    static const struct {
        int32_t month, day;
        struct civil_date civil;
    } of[] = {{11, 8, {2020, 2, 21}}, {11, 8, {2021, 2, 21}}, {12, 12, {2024, 3, 26}},
              {9, 1, {2023, 12, 16}}, {1, 1, {2024, 4, 14}},  {12, 30, {2024, 4, 13}}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct calendar_date date;
        assert_true(calendar_from_day(CALENDAR_BENGALI, civil_day_number(of[i].civil), &date));
        assert_int_equal(date.month, of[i].month);
        assert_int_equal(date.day, of[i].day);
    }
}

int main(void)
{
    almanac = almanac_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hebrew_year_5806_begins_when_it_does),
        cmocka_unit_test(new_years_and_leap_months_are_hong_kong_s),
        cmocka_unit_test(bengali_days_of_memory_stay_where_they_are),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    almanac_free(almanac);
    return failed;
}
