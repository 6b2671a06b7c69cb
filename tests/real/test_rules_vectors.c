/* The worked vectors of the rule language, from independent engines (libical with ICU, hebcal,
 * astronomy-engine), and what follows from them, in the system's own zones.
 * links: lines zoneinfo zones instants */
#include "check.h"

#include "calendars/almanac.h"
#include "instants/stamp.h"
#include "lines/lines.h"
#include "occurrences/occurrences.h"
#include "rules/rule.h"
#include "zoneinfo/zoneinfo.h"

static struct zoneinfo *info;
static struct rule_world world;

static const struct zone *find_zone(void *context, const char *name)
{
    return zoneinfo_find(context, name);
}

static const char *list_zones(void *context, size_t index)
{
    return index < zoneinfo_count(context) ? zoneinfo_entry(context, index).name : NULL;
}

struct answers {
    size_t count;
    struct rule_occurrence at[600];
};

static bool keep(void *context, const struct rule_occurrence *o)
{
    struct answers *answers = context;
    assert_true(answers->count < 600);
    answers->at[answers->count++] = *o;
    return true;
}

static struct answers answers;

static void evaluate(const char *text, int32_t first, int32_t after)
{
    struct rule *rule = NULL;
    struct rule_error error;
    if (lines_read(text, strlen(text), &rule, &error) != RULE_OK) {
        print_error("%s: %s\n", text, error.message);
        fail();
    }
    answers.count = 0;
    enum rule_result result =
        rule_evaluate(rule, &world, civil_to_utc((struct civil){.date = {first, 1, 1}}),
                      civil_to_utc((struct civil){.date = {after, 1, 1}}), keep, &answers, &error);
    rule_free(rule);
    if (result != RULE_OK) {
        print_error("%s: %s\n", text, error.message);
        fail();
    }
}

/* What the engine of the sky vectors (astronomy-engine) takes for TT - UTC in these years, Espenak
 * and Meeus' polynomial, less the 69.184 s that the leap-second table says: its UTC reads that much
 * less. */
static double vector_shift_s(int32_t year)
{
    double t = year + 0.5 - 2000;
    return 62.92 + 0.32217 * t + 0.005589 * t * t - 69.184;
}

/* expected: stamps to the day (of the date), to the minute or, of eclipses, to the second; those
 * are DE431's by the Swiss Ephemeris 2.10.03, for the vectors' engine is itself off by up to 4
 * s. */
static void assert_starts(const char *text, int32_t year, const char *expected)
{
    evaluate(text, year, year + 1);
    const char *next = expected;
    for (size_t i = 0; i < answers.count; i++) {
        size_t len = strcspn(next, " ");
        char stamp[STAMP_TEXT_SIZE], full[32];
        stamp_write(answers.at[i].start, stamp);
        utc at;
        snprintf(full, sizeof full, "%.*s%s", (int)(len < 17 ? len : len - 1), next,
                 len == 10   ? "T00:00:00Z"
                 : len == 17 ? ":00Z"
                             : "Z");
        if (!stamp_read(full, strlen(full), &at)) {
            print_error("%s: %s is not expected\n", text, stamp);
            fail();
        }
        double off_s = (double)(answers.at[i].start.ns - at.ns) / 1e9;
        bool is_sky = answers.at[i].error_s > 0;
        off_s -= is_sky && len == 17 ? vector_shift_s(year) : 0;
        /* minutes may have been cut or rounded */
        double early_s = !is_sky ? 0.001 : len == 17 ? 31 : 1;
        double late_s = !is_sky ? 0.001 : len == 17 ? 61 : 1;
        if (!(off_s >= -early_s && off_s <= late_s)) {
            print_error("%s: expected %.*s, got %s\n", text, (int)len, next, stamp);
            fail();
        }
        next += len + (next[len] == ' ');
    }
    assert_string_equal(next, "");
}

static void fixed_and_counted_dates(void **state)
{
    (void)state;
    static const char rule_1[] = "25 april at 20:00 in Europe/Rome for 15m since 1946";
    assert_starts(rule_1, 2027, "2027-04-25T18:00Z");
    assert_int_equal(answers.at[0].end.ns - answers.at[0].start.ns, 900 * NS_PER_S);
    assert_string_equal(answers.at[0].key, "2027");
    assert_string_equal(answers.at[0].zone, "Europe/Rome");
    assert_starts(rule_1, 2028, "2028-04-25T18:00Z");
    assert_starts(rule_1, 1945, "");
    static const char rule_2[] = "4th saturday of november at 16:00 in Europe/Kyiv";
    assert_starts(rule_2, 2027, "2027-11-27T14:00Z");
    assert_starts(rule_2, 2028, "2028-11-25T14:00Z");
    assert_starts("sunday on or after 16 july", 2027, "2027-07-18");
    assert_starts("sunday on or after 16 july", 2028, "2028-07-16");
    assert_starts("2nd sunday of september", 2027, "2027-09-12");
    assert_starts("2nd sunday of september", 2028, "2028-09-10");
    assert_starts("2nd sunday of january", 2027, "2027-01-10");
    assert_starts("2nd sunday of january", 2028, "2028-01-09");
    assert_starts("4 may at 20:00 in Europe/Amsterdam for 2m", 2027, "2027-05-04T18:00Z");
    assert_starts("4 may at 20:00 in Europe/Amsterdam for 2m", 2028, "2028-05-04T18:00Z");
    evaluate("every thursday at 15:30 in America/Argentina/Buenos_Aires since 1977", 2027, 2029);
    assert_int_equal(answers.count, 104);
    assert_string_equal(answers.at[0].key, "2027-01-07");
    assert_starts("2 days before easter", 2027, "2027-03-26");
    assert_starts("2 days before easter", 2028, "2028-04-14");
    assert_starts("orthodox easter", 2027, "2027-05-02");
    assert_starts("orthodox easter", 2028, "2028-04-16");
    assert_starts("40 days after easter", 2027, "2027-05-07");
    assert_starts("40 days after easter", 2028, "2028-05-26");
    assert_starts("8 may anniversary of 1945-05-08 round", 2027, "");
    assert_starts("8 may anniversary of 1945-05-08 round", 2028, "");
    assert_starts("8 may anniversary of 1945-05-08 round", 2030, "2030-05-08");
    assert_string_equal(answers.at[0].note, "85th anniversary");
    assert_starts("12 yekatit ethiopic", 2027, "2027-02-19");
    assert_starts("12 yekatit ethiopic", 2028, "2028-02-20");
}

static void other_calendars(void **state)
{
    (void)state;
    static const char shoah[] =
        "27 nisan hebrew if friday then previous thursday if sunday then next monday";
    assert_starts(shoah, 2027, "2027-05-04");
    assert_starts(shoah, 2028, "2028-04-24");
    assert_starts("16 azar persian", 2027, "2027-12-07");
    assert_starts("16 azar persian", 2028, "2028-12-06");
    /* the new moon of 6 February 2027, 15:56 UTC, is before midnight in Beijing and after it in
     * Seoul */
    assert_starts("1 month 1 chinese", 2027, "2027-02-06");
    assert_starts("1 month 1 dangi", 2027, "2027-02-07");
    assert_starts("1 leap month 11 chinese", 2033,
                  "2033-12-22"); /* the year that ICU once got wrong */
    assert_starts("1 leap month 6 chinese", 2025, "2025-07-25");
    assert_starts("15 month 8 chinese", 2025, "2025-10-06");
    assert_starts("1 month 1 chinese", 2028, "2028-01-26");
    assert_starts("15 month 8 dangi", 2027, "2027-09-15");
    assert_starts("1 chaitra indian", 2028, "2028-03-21");
    assert_starts("1 boishakh bengali", 2027, "2027-04-14");
    assert_starts("21 falgun bengali", 2028, "2028-03-05");
    assert_starts("1 ramadan hijri umalqura", 2030, "2030-01-05 2030-12-26");
    assert_string_equal(answers.at[1].key, "2030-12-26");
    assert_starts("7 january julian", 2027, "2027-01-20");
    /* days that begin the evening before */
    assert_starts("27 nisan hebrew day from 18:00 in Asia/Jerusalem", 2027, "2027-05-03T15:00Z");
    assert_int_equal(answers.at[0].end.ns - answers.at[0].start.ns, NS_PER_DAY);
    evaluate("27 nisan hebrew day from sunset at Jerusalem", 2027, 2028);
    assert_int_equal(answers.count, 1);
    assert_int_equal(answers.at[0].date.day, 4);
    assert_within((double)(answers.at[0].end.ns - answers.at[0].start.ns) / 1e9, 86400, 120);
}

static void weekends(void **state)
{
    (void)state;
    assert_starts("weekend containing 25 april", 2027, "2027-04-24");
    assert_int_equal(answers.at[0].days, 2);
    assert_int_equal(answers.at[0].end.ns - answers.at[0].start.ns, 2 * NS_PER_DAY);
    assert_starts("weekend containing 25 april", 2028, "2028-04-29");
    assert_starts("nearest weekend to 25 april", 2028, "2028-04-22");
    assert_starts("nearest weekend to 27 april", 2028, "2028-04-29");
    assert_starts("nearest weekend to 26 april", 2028, "2028-04-22"); /* a tie: the earlier */
    assert_starts("weekend after 29 april", 2028, "2028-05-06");
    assert_starts("weekend before 29 april", 2028, "2028-04-22");
    assert_starts("iso week of 25 april", 2028, "2028-04-24");
}

static void moons(void **state)
{
    (void)state;
    assert_starts("nearest full moon to 25 april", 2027, "2027-04-20T22:27Z");
    assert_starts("nearest full moon to 25 april", 2028, "2028-05-08T19:49Z");
    assert_starts("first full moon on or after 25 april", 2027, "2027-05-20T10:59Z");
    assert_starts("first full moon on or after 25 april", 2028, "2028-05-08T19:49Z");
    assert_starts("last full moon before 25 april", 2027, "2027-04-20T22:27Z");
    assert_starts("last full moon before 25 april", 2028, "2028-04-09T10:27Z");
    evaluate("every new moon", 2027, 2028);
    assert_int_equal(answers.count, 13);
    assert_string_equal(answers.at[0].key, "2027-01-07");
    evaluate("every new moon", 2028, 2029);
    assert_int_equal(answers.count, 12);
    assert_starts("13th full moon of year", 2027, "");
    assert_starts("13th full moon of year", 2028, "2028-12-31T16:48Z");
    assert_starts("december solstice", 2027, "2027-12-22T02:42Z");
    assert_starts("december solstice", 2028, "2028-12-21T08:20Z");
    assert_starts("3rd sunday after june solstice", 2027, "2027-07-11");
    assert_starts("3rd sunday after june solstice", 2028, "2028-07-09");
    evaluate("every lunation rotate [Bologna, Lisboa, Athens] by lunation from 1287", 2027, 2028);
    assert_string_equal(answers.at[0].note, "lunation 1287; turn of Bologna");
    assert_string_equal(answers.at[1].note, "lunation 1288; turn of Lisboa");
    assert_string_equal(answers.at[3].note, "lunation 1290; turn of Bologna");
    assert_starts("lunation 1287", 2027, "2027-01-07T20:24Z");
}

static void eclipses(void **state)
{
    (void)state;
    assert_starts("total solar eclipse", 2027, "2027-08-02T10:06:41Z");
    assert_starts("total solar eclipse", 2028, "2028-07-22T02:55:30Z");
    assert_starts("solar eclipse visible from Rome", 2027, "2027-08-02T09:12Z");
    double obscured, altitude;
    assert_int_equal(sscanf(answers.at[0].note, "partial, %lf%% obscured, altitude %lf degrees",
                            &obscured, &altitude),
                     2);
    assert_within(obscured, 74.4, 0.3); /* the vector's Moon is a little smaller */
    assert_within(altitude, 54, 1);
    assert_starts("total lunar eclipse", 2027, "");
    assert_starts("total lunar eclipse", 2028, "2028-12-31T16:52:06Z");
    assert_starts("total solar eclipse visible from Rome", 2027, "");
    assert_starts("solar eclipse visible from Rome with magnitude 0.9", 2027, "");
}

static void waves_and_the_sun(void **state)
{
    (void)state;
    world.zone_list = list_zones;
    evaluate("25 april at 20:00 everywhere", 2027, 2028);
    world.zone_list = NULL;
    assert_int_equal(answers.count, 37);
    assert_int_equal(answers.at[36].start.ns - answers.at[0].start.ns, 25 * 3600 * NS_PER_S);
    evaluate("25 april at 20:00 everywhere", 2027, 2028);
    assert_int_equal(answers.count, 1);
    assert_starts("21 june at sunset at Tromso else 22:00", 2027, "2027-06-21T20:00:00Z");
    assert_string_equal(answers.at[0].note,
                        "at Tromsø there is no sunset on this day: 22:00 instead");
    assert_starts("21 june at sunset at Tromso else 22:00", 2028, "2028-06-21T20:00:00Z");
    assert_starts("21 june at sunset at Tromso", 2028, "");
    evaluate("25 april at 20:00 at Rome, Lisboa", 2027, 2028);
    assert_int_equal(answers.count, 2);
    assert_string_equal(answers.at[0].place, "Rome");
    assert_string_equal(answers.at[0].key, "2027");
    assert_string_equal(answers.at[1].key, "2027");
    evaluate("25 april at 20:00 at all in IT", 2027, 2028);
    assert_true(answers.count > 5);
}

int main(void)
{
    info = zoneinfo_open(NULL);
    if (info == NULL) {
        return EXIT_FAILURE;
    }
    world = (struct rule_world){.zone_find = find_zone, .zones = info, .almanac = almanac_new()};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_and_counted_dates),
        cmocka_unit_test(other_calendars),
        cmocka_unit_test(weekends),
        cmocka_unit_test(moons),
        cmocka_unit_test(eclipses),
        cmocka_unit_test(waves_and_the_sun),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    almanac_free(world.almanac);
    zoneinfo_close(info);
    return failed;
}
