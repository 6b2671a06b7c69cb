#include "check.h"

#include "lines/lines.h"
#include "rules/rule.h"

static void assert_writes(const char *text, const char *expected)
{
    struct rule *rule = NULL;
    struct rule_error error;
    if (lines_read(text, strlen(text), &rule, &error) != RULE_OK) {
        print_error("%s\n%zu:%zu: %s; expected %s; nearest \"%s\"\n", text, error.line,
                    error.column, error.message, error.expected, error.nearest);
        fail();
    }
    char out[RULE_TEXT_SIZE], again[RULE_TEXT_SIZE];
    size_t len = rule_write(rule, out);
    rule_free(rule);
    assert_int_equal(len, strlen(out));
    assert_string_equal(out, expected);
    assert_int_equal(lines_read(out, len, &rule, NULL), RULE_OK);
    rule_write(rule, again);
    rule_free(rule);
    assert_string_equal(again, out);
}

static void every_form_has_one_canonical_text(void **state)
{
    (void)state;
    static const char *const same[] = {
        "25 april at 20:00 in Europe/Rome for 15m since 1946",
        "4th saturday of november at 16:00 in Europe/Kyiv",
        "sunday on or after 16 july",
        "2nd sunday of september",
        "last friday of month at 18:00 UTC",
        "12 yekatit ethiopic",
        "27 nisan hebrew if friday then previous thursday if sunday then next monday",
        "16 azar persian",
        "15 month 8 chinese",
        "15 leap month 6 chinese in Asia/Shanghai",
        "27 nisan 5787 hebrew day from sunset at Jerusalem",
        "10 muharram hijri umalqura day from 18:00 in Asia/Riyadh",
        "nearest full moon to 25 april",
        "first full moon on or after 25 april",
        "last full moon before 25 april",
        "3rd full moon after easter",
        "every new moon",
        "13th full moon of year",
        "2nd full moon of august",
        "last full moon of season",
        "2nd full moon of june solstice",
        "blue moon",
        "seasonal blue moon",
        "december solstice",
        "3rd sunday after june solstice",
        "qingming in Asia/Shanghai",
        "solar longitude 17",
        "total solar eclipse",
        "annular or total solar eclipse",
        "solar eclipse visible from Rome with magnitude 0.50 with altitude 10",
        "total lunar eclipse",
        "weekend containing 25 april",
        "nearest weekend to 25 april",
        "weekend after easter",
        "iso week of 8 march",
        "3 days from 25 april",
        "25 april at 20:00 everywhere",
        "25 april at 20:00 at Rome, Lisbon for 15m",
        "25 april at sunset - 30m at all in IT",
        "21 june at sunset at Tromsø else 22:00",
        "1 may at 20:00 at Athens, GR, New York, Springfield, Missouri, US for 15m",
        "21 june at solar noon at Rome else skip",
        "every lunation rotate [Bologna, Lisboa, Athens] by lunation from 1287",
        "every 3 lunations from 1287",
        "lunation 1300",
        "every thursday at 15:30 in America/Argentina/Buenos_Aires since 1977",
        "every 10 days from 2027-01-01",
        "every 2 weeks from 2027-01-01",
        "8 may anniversary of 1945-05-08 round",
        "2 august at the minute it happened in Europe/Rome for 1m anniversary of 1980-08-02 10:25",
        "2 days before easter",
        "1 week after orthodox easter",
        "3 working days after 25 april",
        "2 working days before 1 may skipping friday, saturday with (easter or 1 may)",
        "25 april while (easter or 1 may) then next day",
        "25 april also if sunday then next monday",
        "every day skip saturday, sunday",
        "every day only in leap years only in february, march only on friday",
        "every day only under waxing moon",
        "every friday and every full moon",
        "every friday and 13th day of month minus 2027-08-13",
        "every friday and (13th day of month or last day of month)",
        "29 february every 8 years from 2024",
        "29 february else 28 february at 12:00 in Europe/Rome",
        "2 days before 29 february else 1 march if sunday then next monday",
        "30 kislev hebrew else 1 tevet hebrew",
        "30 month 12 chinese else 29 month 12 chinese",
        "25 april since 2027 until 2030-04-25 for 3 times",
        "2027-08-02 at 08:25 UTC for 1m",
        "2027-08-02T08:25:00.5Z for 1m",
        "25 april except 2028, 2029-04-25 move 2030-04-25 to 2030-04-28 add 2031-05-01",
        "every day at 12:00 at \"New Delhi Annex\" for 90s",
        "25 april at 20:00 at 44.49,-11.34 in Atlantic/Azores",
        "25 april at 20:00 at 44.49,11.34 in Europe/Rome, Rome, -36.85,174.76 in Pacific/Auckland",
        "27 nisan hebrew day from sunset at 34.05,-118.25 in America/Los_Angeles",
        "solar eclipse visible from 34.05,-118.25 in America/Los_Angeles in Europe/Rome",
        "solar eclipse visible from 30,-45",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_writes(same[i], same[i]);
    }
}

static void other_spellings_read_the_same(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"April 25 at 20:00 Europe/Rome", "25 april at 20:00 in Europe/Rome"},
        {"25 April 2027", "2027-04-25"},
        {"25 aprile", "25 april"},
        {"25 de abril", "25 april"},
        {"25 avril", "25 april"},
        {"25. April", "25 april"},
        {"25 kwietnia", "25 april"},
        {"25 квітня", "25 april"},
        {"25 ΑΠΡΙΛΙΟΥ", "25 april"},
        {"25 Nisan hebrew", "25 nisan hebrew"},
        {"2027-08-02T08:25:00Z", "2027-08-02 at 08:25 UTC"},
        {"25 april at 20:00 at Bologna", "25 april at 20:00 in Europe/Rome"},
        {"1 may at noon at Berlin", "1 may at 12:00 in Europe/Berlin"},
        {"25 أبريل", "25 april"},
        {"25 نيسان", "25 april"},
        {"15 August at midnight UTC", NULL},
        {"nearest luna piena to 25 aprile", "nearest full moon to 25 april"},
        {"every dolunay", "every full moon"},
        {"every Vollmond", "every full moon"},
        {"every повня", "every full moon"},
        {"every πανσέληνος", "every full moon"},
        {"first domenica after 1 maggio", "sunday after 1 may"},
        {"każdy", NULL},
        {"25 nisan", NULL},
        {"every środa", "every wednesday"},
        {"every terça-feira", "every tuesday"},
        {"every الجمعة", "every friday"},
        {"every PAZAR at noon UTC", "every sunday at 12:00 UTC"},
        {"25th april for 2 days", "25 april for 2d"},
        {"2 august at 10:25 in Europe/Rome for 60s", "2 august at 10:25 in Europe/Rome for 1m"},
        {"25 april skip 2028", "25 april except 2028"},
        {"every full moon or every new moon", "every full moon or every new moon"},
        {"25 april at sunset at oświęcim", "25 april at sunset at Oświęcim"},
        {"february 29 else february 28", "29 february else 28 february"},
        {"30 kislev hebrew else 1 tevet", "30 kislev hebrew else 1 tevet hebrew"},
        {"29 febbraio else 1 marzo", "29 february else 1 march"},
        {"25 april at sunset at rio de janeiro", "25 april at sunset at Rio de Janeiro"},
        {"25 april at sunset at \"Rio de Janeiro\"", "25 april at sunset at Rio de Janeiro"},
        {"25 april at 20:00 at Roma, Lisboa", "25 april at 20:00 at Rome, Lisbon"},
        {"25 april at 20:00 at london, singapore", "25 april at 20:00 at London, GB, Singapore"},
        {"25 april at 20:00 at Athens, Georgia, Київ", "25 april at 20:00 at Athens, US, Kyiv"},
        {"1 may at 20:00 at springfield, missouri for 1m",
         "1 may at 20:00 in America/Chicago for 1m"},
        {"12 yekatit", "12 yekatit ethiopic"},
        {"every friday at 20:00 local for 10m", "every friday at 20:00 everywhere for 10m"},
        {"1 may at sunset at all in italy", "1 may at sunset at all in IT"},
        {"1 may at 20:00 at all in united states", "1 may at 20:00 at all in US"},
        {"25 april at 20:00 at 44.49,11.34", "25 april at 20:00 at 44.49,11.34 in Europe/Rome"},
        {"25 april at 20:00 at \"44.490, 11.340 in Europe/Rome\"",
         "25 april at 20:00 at 44.49,11.34 in Europe/Rome"},
        {"21 june at sunset - 30m at Rome, 34.05,-118.25 for 15m",
         "21 june at sunset - 30m at Rome, 34.05,-118.25 in America/Los_Angeles for 15m"},
        {"27 nisan hebrew day from sunset at 34.05,-118.25",
         "27 nisan hebrew day from sunset at 34.05,-118.25 in America/Los_Angeles"},
        {"solar eclipse visible from 44.4949,11.34 with altitude 10",
         "solar eclipse visible from 44.4949,11.34 in Europe/Rome with altitude 10"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct rule *rule;
        if (pairs[i][1] == NULL) {
            assert_int_equal(lines_read(pairs[i][0], strlen(pairs[i][0]), &rule, NULL),
                             RULE_BAD_TEXT);
        } else {
            assert_writes(pairs[i][0], pairs[i][1]);
        }
    }
}

static void mistakes_are_told_where_they_are_with_a_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *nearest;
        size_t column;
    } bad[] = {
        {"30 february", "30 february never exists: the month has at most 29 days", "", 1},
        {"31 april at 20:00 UTC", "31 april never exists: the month has at most 30 days", "", 1},
        {"2027-02-30", "\"2027-02-30\" is no word, number, date or time", "", 1},
        {"29 february 2027", "2027 has no 29 february", "", 1},
        {"25 apil", "\"apil\" does not fit here", "25 april", 4},
        {"every ful moon", NULL, "every full moon", 7},
        {"neerest full moon to 25 april", NULL, "nearest full moon to 25 april", 1},
        {"12 yekatit hebrew", "\"yekatit\" is not a month of the hebrew calendar", NULL, 4},
        {"6th monday of may", "a month has at most 5 of these", "", 1},
        {"annular lunar eclipse", "a lunar eclipse is never annular", NULL, 1},
        {"25 april for 15m", NULL, "", 17},
        {"25 april at 25:00 UTC", NULL, NULL, 13},
        {"25 april at sunset at 91,0",
         "\"91,0\": latitudes reach 90, longitudes 180 degrees, heights 9000 m", "", 23},
        {"25 april at 20:00 at 30,-45 for 15m",
         "30,-45 lies at sea, and no clock is known there: write its zone after it, as in "
         "\"30,-45 in Etc/GMT+3\"",
         "", 22},
        {"21 june at sunset - 30m at Rome, 30,-45 for 15m", NULL, "", 34},
        {"27 nisan hebrew day from sunset at 30,-45", NULL, "", 36},
        {"27 nisan hebrew day from 18:00 at \"30,-45\"", NULL, "", 35},
        {"25 april else 26 april", "this date is in every year: no other is needed", "", 1},
        {"29 february else 28 february 2027",
         "a day and a month of the same calendar are needed here", NULL, 18},
        {"30 kislev hebrew else 1 may julian",
         "a day and a month of the same calendar are needed here", NULL, 23},
        {"25 april since 1600", "years run from 1700 to 2249", NULL, 16},
        {"25 april since 2030 until 2020", NULL, NULL, 31},
        {"", "the rule ends too early", NULL, 1},
        {"(25 april", "the rule ends too early", NULL, 10},
        {"first full moon or", NULL, NULL, 17},
        {"25 квітень і", NULL, NULL, 12},
        /* 64 bits of nanoseconds end before these do */
        {"25 april for 213504d", "durations run from 1s to 720h", NULL, 14},
        {"25 april for 213504 days", "durations run from 1s to 720h", NULL, 14},
        {"25 april at sunset + 5124096h at Rome", "at most 12 hours from the sunset", NULL, 22},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rule *rule;
        struct rule_error error;
        assert_int_equal(lines_read(bad[i].text, strlen(bad[i].text), &rule, &error),
                         RULE_BAD_TEXT);
        print_message("%s\n    %zu: %s; expected: %s; nearest: %s\n", bad[i].text, error.column,
                      error.message, error.expected, error.nearest);
        assert_int_equal(error.line, 1);
        assert_int_equal(error.column, bad[i].column);
        if (bad[i].message != NULL) {
            assert_string_equal(error.message, bad[i].message);
        }
        if (bad[i].nearest != NULL) {
            assert_string_equal(error.nearest, bad[i].nearest);
        }
    }
}

static void what_is_told_in_a_record_follows_from_the_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum rule_shape shape;
        int64_t seconds;
    } rules[] = {
        {"25 april at 20:00 in Europe/Rome for 15m", RULE_MOMENT, 900},
        {"25 april at 20:00 everywhere for 15m", RULE_WAVE_BY_CLOCK, 900},
        {"25 april at 20:00 at Rome, Lisboa for 15m", RULE_WAVE_BY_PLACE, 900},
        {"25 april at sunset at Rome", RULE_MOMENT, 0},
        {"weekend containing 25 april", RULE_WAVE_OF_DAYS, 172800},
        {"25 april", RULE_WAVE_OF_DAYS, 86400},
        {"iso week of 25 april for 3d", RULE_WAVE_OF_DAYS, 259200},
        {"every full moon", RULE_MOMENT, 0},
        {"27 nisan hebrew day from sunset at Jerusalem", RULE_MOMENT, 86400},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct rule *rule;
        span duration = {0};
        assert_int_equal(lines_read(rules[i].text, strlen(rules[i].text), &rule, NULL), RULE_OK);
        assert_int_equal(rule_shape(rule), rules[i].shape);
        assert_int_equal(rule_duration(rule, &duration), rules[i].seconds != 0);
        assert_int_equal(duration.ns, rules[i].seconds * NS_PER_S);
        rule_free(rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_has_one_canonical_text),
        cmocka_unit_test(other_spellings_read_the_same),
        cmocka_unit_test(mistakes_are_told_where_they_are_with_a_remedy),
        cmocka_unit_test(what_is_told_in_a_record_follows_from_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
