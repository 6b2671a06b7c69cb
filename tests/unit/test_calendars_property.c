/* The calendars against tables that others have made and against the sky: every year, month and
 * day. links: sky instants */
#include "check.h"

#include "calendars/calendar.h"
#include "calendars/lunisolar.h"
#include "sky/sky.h"
#include "sky_next.h"

static struct almanac *almanac;

static bool is_of_the_sky(enum calendar calendar)
{
    return calendar == CALENDAR_CHINESE || calendar == CALENDAR_DANGI;
}

static bool to_day(enum calendar calendar, struct calendar_date date, int32_t *day)
{
    return is_of_the_sky(calendar) ? lunisolar_to_day(almanac, leap_builtin(), calendar, date, day)
                                   : calendar_to_day(calendar, date, day);
}

/* Months that differ, and the first of them. */
struct tally {
    int months, differ;
    char first[40];
};

/* Each month of the table begins on its day and has its length; in the reckoned calendars each of
 * its days survives there and back, and there is no day after the last. */
static void compare(const char *name, enum calendar calendar, struct tally *tally)
{
    char path[200], line[400];
    snprintf(path, sizeof path, TESTS_DIR "/golden/calendars/%s.tsv", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    *tally = (struct tally){0};
    while (fgets(line, sizeof line, file) != NULL) {
        int32_t year;
        struct civil_date first;
        int used;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(
            sscanf(line, "%d %d-%d-%d %n", &year, &first.year, &first.month, &first.day, &used), 4);
        int32_t day = civil_day_number(first), found = 0;
        for (const char *at = line + used; *at > ' ';) {
            int32_t month, days;
            bool is_leap = strchr(at, '+') != NULL && strchr(at, '+') < strchr(at, ':');
            assert_int_equal(sscanf(at, is_leap ? "%d+:%d %n" : "%d:%d %n", &month, &days, &used),
                             2);
            at += used;
            struct calendar_date date = {year, month, 1, is_leap};
            bool is_same = to_day(calendar, date, &found) && found == day;
            date.day = days;
            is_same = is_same && to_day(calendar, date, &found) && found == day + days - 1;
            date.day = days + 1;
            is_same = is_same && !to_day(calendar, date, &found);
            tally->months++;
            if (!is_same && tally->differ++ == 0) {
                snprintf(tally->first, sizeof tally->first, "%d month %s%d", year,
                         is_leap ? "leap " : "", month);
            }
            for (int32_t i = 0; i < days && !is_of_the_sky(calendar); i++) {
                struct calendar_date back;
                bool is_back = calendar_from_day(calendar, day + i, &back) && back.year == year &&
                               back.month == month && back.day == i + 1;
                if (!is_back) {
                    print_error("%s %d-%d-%d comes back as %d-%d-%d\n", name, year, month, i + 1,
                                back.year, back.month, back.day);
                    fail();
                }
            }
            day += days;
        }
    }
    assert_int_equal(fclose(file), 0);
    print_message("%s: %d months, %d differ%s%s\n", name, tally->months, tally->differ,
                  tally->differ > 0 ? ", first " : "", tally->first);
}

static void reckoned_calendars_are_those_of_others(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum calendar calendar;
        int months;
    } of[] = {{"hebrew", CALENDAR_HEBREW, 6790},
              {"hijri-umalqura", CALENDAR_HIJRI_UMALQURA, 1632},
              {"hijri-umalqura-icu", CALENDAR_HIJRI_UMALQURA, 372},
              {"hijri-civil", CALENDAR_HIJRI_CIVIL, 6792},
              {"persian", CALENDAR_PERSIAN, 5400},
              {"ethiopic", CALENDAR_ETHIOPIC, 7137},
              {"coptic", CALENDAR_COPTIC, 7137},
              {"indian", CALENDAR_INDIAN, 6588}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct tally tally;
        compare(of[i].name, of[i].calendar, &tally);
        assert_int_equal(tally.months, of[i].months);
        assert_int_equal(tally.differ, 0);
    }
}

/* But for 2097, when a new moon falls two minutes after midnight and the table reckons with a
 * slower Earth; leap seconds until then are not known. */
static void chinese_and_korean_months_are_the_published_ones(void **state)
{
    (void)state;
    struct tally tally;
    compare("chinese", CALENDAR_CHINESE, &tally);
    assert_int_equal(tally.months, 2474);
    assert_int_equal(tally.differ, 2);
    assert_string_equal(tally.first, "2097 month 6");
    compare("dangi", CALENDAR_DANGI, &tally);
    assert_int_equal(tally.months, 1979);
    assert_int_equal(tally.differ, 0);
}

static void each_day_of_every_reckoned_calendar_survives_there_and_back(void **state)
{
    (void)state;
    int32_t first = civil_day_number((struct civil_date){1700, 1, 1});
    int32_t last = civil_day_number((struct civil_date){2250, 1, 1});
    for (int calendar = 0; calendar < CALENDARS; calendar++) {
        int32_t known = 0;
        for (int32_t day = first; day < last; day++) {
            struct calendar_date date;
            int32_t back;
            if (calendar_from_day((enum calendar)calendar, day, &date)) {
                known++;
                assert_true(calendar_to_day((enum calendar)calendar, date, &back));
                assert_int_equal(back, day);
            }
        }
        assert_int_equal(known, is_of_the_sky((enum calendar)calendar) ? 0
                                : calendar == CALENDAR_HIJRI_UMALQURA  ? 48195
                                                                       : last - first);
    }
}

/* By law the year begins on the day whose noon (52.5 degrees east) first follows the equinox. */
static void the_persian_year_begins_at_the_equinox(void **state)
{
    (void)state;
    for (int32_t year = 1800; year < 2250; year++) {
        struct sky_event equinox;
        utc january = civil_to_utc((struct civil){.date = {year, 1, 1}});
        assert_true(sky_next(SKY_SET(SKY_MARCH_EQUINOX),
                             leap_from_utc(leap_builtin(), january, NULL), &equinox));
        int64_t tehran = leap_to_utc(leap_builtin(), equinox.at, NULL).ns + 12600 * NS_PER_S;
        int64_t noon = tehran + NS_PER_DAY / 2;
        int32_t by_the_sky = (int32_t)(noon / NS_PER_DAY) - (noon % NS_PER_DAY < 0), ours;
        struct calendar_date nowruz = {year - 621, 1, 1, false};
        assert_true(calendar_to_day(CALENDAR_PERSIAN, nowruz, &ours));
        if (ours != by_the_sky) {
            print_error("%d: %d days\n", year, ours - by_the_sky);
            fail();
        }
    }
}

/* The rule since 1423 AH: the month begins after the evening on which, at Mecca, the Moon sets
 * after the Sun, the new moon being past.  KACST's own computation went another way three times. */
static void umm_al_qura_follows_its_rule(void **state)
{
    (void)state;
    static const double degree = 0.017453292519943295;
    static const struct sky_place mecca = {21.4225 * degree, 39.8262 * degree, 0};
    const struct leap_table *leaps = leap_builtin();
    int differ = 0, months = 0;
    struct calendar_date month = {1423, 1, 1, false};
    for (int32_t day; calendar_to_day(CALENDAR_HIJRI_UMALQURA, month, &day); months++) {
        /* of the evenings two days before, one day before and on the first: the first that does */
        int32_t first = INT32_MAX;
        for (int32_t evening = day - 2; evening <= day && first == INT32_MAX; evening++) {
            instant noon =
                leap_from_utc(leaps, (utc){evening * NS_PER_DAY + 9 * 3600 * NS_PER_S}, NULL);
            struct sky_event sunset, moonset, next;
            struct sky_search search;
            instant end = {noon.tai_ns + 30 * NS_PER_DAY};
            assert_int_equal(sky_search_init(&search, SKY_SET(SKY_SUNSET), &mecca, noon, end),
                             SKY_OK);
            assert_true(sky_search_next(&search, &sunset));
            assert_int_equal(sky_search_init(&search, SKY_SET(SKY_MOONSET), &mecca, noon, end),
                             SKY_OK);
            assert_true(sky_search_next(&search, &moonset));
            assert_true(sky_next(SKY_SET(SKY_NEW_MOON), sunset.at, &next));
            bool is_past = next.at.tai_ns - sunset.at.tai_ns > 20 * NS_PER_DAY;
            if (is_past && moonset.at.tai_ns > sunset.at.tai_ns &&
                moonset.at.tai_ns - sunset.at.tai_ns < NS_PER_DAY / 4) {
                first = evening + 1;
            }
        }
        if (first != day) {
            print_message("%d month %d: %d\n", month.year, month.month, first - day);
            differ++;
        }
        month.year += month.month == 12 ? 1 : 0;
        month.month = month.month % 12 + 1;
    }
    assert_int_equal(months, 78 * 12);
    assert_int_equal(differ, 3);
}

int main(void)
{
    almanac = almanac_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reckoned_calendars_are_those_of_others),
        cmocka_unit_test(chinese_and_korean_months_are_the_published_ones),
        cmocka_unit_test(the_persian_year_begins_at_the_equinox),
        cmocka_unit_test(umm_al_qura_follows_its_rule),
        cmocka_unit_test(each_day_of_every_reckoned_calendar_survives_there_and_back),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    almanac_free(almanac);
    return failed;
}
