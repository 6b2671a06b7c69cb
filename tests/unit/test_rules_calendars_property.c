/* The calendars against tables that others have made: every year, month and day of them.
 * links: sky instants */
#include "check.h"

#include "rules/calendar.h"
#include "rules/lunisolar.h"
#include "sky/sky.h"

static struct rule_almanac *almanac;

static bool is_of_the_sky(enum rule_calendar calendar)
{
    return calendar == RULE_CHINESE || calendar == RULE_DANGI;
}

static bool to_day(enum rule_calendar calendar, struct rule_calendar_date date, int32_t *day)
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
static void compare(const char *name, enum rule_calendar calendar, struct tally *tally)
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
            struct rule_calendar_date date = {year, month, 1, is_leap};
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
                struct rule_calendar_date back;
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
        enum rule_calendar calendar;
        int months;
    } of[] = {{"hebrew", RULE_HEBREW, 6790},
              {"hijri-umalqura", RULE_HIJRI_UMALQURA, 1632},
              {"hijri-umalqura-icu", RULE_HIJRI_UMALQURA, 372},
              {"hijri-civil", RULE_HIJRI_CIVIL, 6792},
              {"persian", RULE_PERSIAN, 5400},
              {"ethiopic", RULE_ETHIOPIC, 7137},
              {"coptic", RULE_COPTIC, 7137},
              {"indian", RULE_INDIAN, 6588}};
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
    compare("chinese", RULE_CHINESE, &tally);
    assert_int_equal(tally.months, 2474);
    assert_int_equal(tally.differ, 2);
    assert_string_equal(tally.first, "2097 month 6");
    compare("dangi", RULE_DANGI, &tally);
    assert_int_equal(tally.months, 1979);
    assert_int_equal(tally.differ, 0);
}

static void each_day_of_every_reckoned_calendar_survives_there_and_back(void **state)
{
    (void)state;
    int32_t first = civil_day_number((struct civil_date){1700, 1, 1});
    int32_t last = civil_day_number((struct civil_date){2250, 1, 1});
    for (int calendar = 0; calendar < RULE_CALENDARS; calendar++) {
        int32_t known = 0;
        for (int32_t day = first; day < last; day++) {
            struct rule_calendar_date date;
            int32_t back;
            if (calendar_from_day((enum rule_calendar)calendar, day, &date)) {
                known++;
                assert_true(calendar_to_day((enum rule_calendar)calendar, date, &back));
                assert_int_equal(back, day);
            }
        }
        assert_int_equal(known, is_of_the_sky((enum rule_calendar)calendar) ? 0
                                : calendar == RULE_HIJRI_UMALQURA           ? 48195
                                                                            : last - first);
    }
}

int main(void)
{
    almanac = rule_almanac_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reckoned_calendars_are_those_of_others),
        cmocka_unit_test(chinese_and_korean_months_are_the_published_ones),
        cmocka_unit_test(each_day_of_every_reckoned_calendar_survives_there_and_back),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rule_almanac_free(almanac);
    return failed;
}
