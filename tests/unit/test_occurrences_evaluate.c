/* links: lines zones sky instants */
#include "check.h"

#include <limits.h>
#include <malloc.h>

#include "instants/stamp.h"
#include "lines/lines.h"
#include "occurrences/occurrences.h"
#include "rules/rule.h"

/* A small world: every zone but one is an hour east of UTC. */
static struct zone *zone;

static const struct zone *find_zone(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "Nowhere/City") != 0 ? zone : NULL;
}

static struct rule_world world = {.zone_find = find_zone};

struct answers {
    size_t count;
    struct rule_occurrence at[2000];
};

static bool keep(void *context, const struct rule_occurrence *o)
{
    struct answers *answers = context;
    assert_true(answers->count < 2000);
    answers->at[answers->count++] = *o;
    return true;
}

static utc day(int32_t year, int32_t month, int32_t date)
{
    return civil_to_utc((struct civil){.date = {year, month, date}});
}

static enum rule_result evaluate(const char *text, utc from, utc to, struct answers *answers)
{
    struct rule *rule = NULL;
    struct rule_error error;
    if (lines_read(text, strlen(text), &rule, &error) != RULE_OK) {
        print_error("%s: %s\n", text, error.message);
        fail();
    }
    answers->count = 0;
    enum rule_result result = rule_evaluate(rule, &world, from, to, keep, answers, &error);
    assert_int_equal(result == RULE_OK, *error.message == '\0');
    rule_free(rule);
    return result;
}

static struct answers whole, part;

/* dates: those of the years, joined by blanks */
static void assert_dates(const char *text, int32_t first, int32_t after, const char *dates)
{
    char got[4000] = "";
    assert_int_equal(evaluate(text, day(first, 1, 1), day(after, 1, 1), &whole), RULE_OK);
    for (size_t i = 0; i < whole.count; i++) {
        char date[STAMP_TEXT_SIZE];
        stamp_write_date(whole.at[i].date, date);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i > 0 ? " " : "", date);
    }
    if (strcmp(got, dates) != 0) {
        print_error("%s\n  expected %s\n  got      %s\n", text, dates, got);
        fail();
    }
}

static void each_form_means_what_the_manual_says(void **state)
{
    (void)state;
    assert_dates("sunday after 18 july", 2027, 2028, "2027-07-25");
    assert_dates("sunday on or after 18 july", 2027, 2028, "2027-07-18");
    assert_dates("sunday before 18 july", 2027, 2028, "2027-07-11");
    assert_dates("sunday on or before 18 july", 2027, 2028, "2027-07-18");
    assert_dates("nearest sunday to 25 april", 2028, 2029, "2028-04-23");
    assert_dates("last friday of february", 2027, 2028, "2027-02-26");
    assert_dates("5th monday of month", 2027, 2028, "2027-03-29 2027-05-31 2027-08-30 2027-11-29");
    assert_dates("last day of february", 2027, 2029, "2027-02-28 2028-02-29");
    assert_dates("29 february", 2027, 2033, "2028-02-29 2032-02-29");
    assert_dates("3 working days after 1 april", 2027, 2028, "2027-04-06");
    assert_dates("3 working days after 1 april skipping friday, saturday", 2027, 2028,
                 "2027-04-06");
    assert_dates("2 working days before 27 december skipping weekends with 25 december", 2027, 2028,
                 "2027-12-23");
    assert_dates("25 april if sunday then next monday", 2027, 2029, "2027-04-26 2028-04-25");
    assert_dates("25 april also if sunday then next monday", 2027, 2028, "2027-04-25 2027-04-26");
    assert_dates("25 april if saturday then next sunday if sunday then next monday", 2026, 2028,
                 "2026-04-26 2027-04-26");
    assert_dates("28 march while easter then next day", 2027, 2028, "2027-03-29");
    assert_dates("1 day before 1 january", 2027, 2028, "2027-12-31");
    assert_dates("every 100 days from 2027-03-01", 2027, 2028,
                 "2027-03-01 2027-06-09 2027-09-17 2027-12-26");
    assert_dates("every 2 weeks from 2027-12-01", 2027, 2028, "2027-12-01 2027-12-15 2027-12-29");
    assert_dates("every friday and 13th day of month", 2026, 2028,
                 "2026-02-13 2026-03-13 2026-11-13 2027-08-13");
    assert_dates("1 may or easter", 2027, 2028, "2027-03-28 2027-05-01");
    assert_dates("1st day of month minus 1 may only in april, may, june", 2027, 2028,
                 "2027-04-01 2027-06-01");
    /* several days are taken away whole, also those that began the year before */
    assert_dates("every friday minus 20 days from 1 august only in august", 2027, 2028,
                 "2027-08-27");
    assert_dates("1st friday of january minus 13 days from 25 december", 2027, 2030, "2028-01-07");
    assert_dates("every sunday minus weekend containing 25 april only in april", 2027, 2028,
                 "2027-04-04 2027-04-11 2027-04-18");
    assert_dates("every friday and 20 days from 1 august", 2027, 2028,
                 "2027-08-06 2027-08-13 2027-08-20");
    assert_dates("weekend containing 25 april minus 25 april", 2026, 2028, "");
    assert_dates("25 april while (3 days from 24 april) then next day", 2027, 2028, "2027-04-27");
    assert_dates("1 may only in odd years", 2026, 2029, "2027-05-01");
    assert_dates("1 may only in leap years", 2026, 2033, "2028-05-01 2032-05-01");
    assert_dates("1 may skip saturday, sunday", 2026, 2029, "2026-05-01 2028-05-01");
    assert_dates("1 may only on friday", 2026, 2029, "2026-05-01");
    assert_dates("1 may since 2027 until 2028", 2025, 2031, "2027-05-01 2028-05-01");
    assert_dates("1 may since 2027 for 2 times", 2020, 2040, "2027-05-01 2028-05-01");
    assert_dates("1 may since 2027 for 2 times", 2028, 2040, "2028-05-01");
    assert_dates("1 may every 4 years from 2024", 2025, 2033, "2028-05-01 2032-05-01");
    assert_dates("1 may except 2027 move 2028-05-01 to 2028-05-03 add 2029-06-01", 2027, 2030,
                 "2028-05-03 2029-05-01 2029-06-01");
    assert_dates("30 december move 2027-12-30 to 2028-01-02", 2027, 2029, "2028-01-02 2028-12-30");
    assert_dates("iso week of 1 january", 2027, 2029, "2027-12-27");
}

static void moons_follow_their_forms(void **state)
{
    (void)state;
    assert_dates("blue moon", 2026, 2032, "2026-05-31 2028-12-31 2031-09-30");
    assert_dates("seasonal blue moon", 2024, 2030, "2024-08-19 2027-05-20 2029-08-24");
    assert_dates("2nd full moon of june solstice", 2027, 2028, "2027-08-17");
    assert_dates("last full moon of season", 2027, 2028,
                 "2027-02-20 2027-06-19 2027-09-15 2027-12-13");
    assert_dates("every 6 lunations from 1287", 2027, 2028, "2027-01-07 2027-07-04 2027-12-27");
    assert_dates("1st day of month only under waxing moon", 2027, 2028,
                 "2027-09-01 2027-10-01 2027-11-01 2027-12-01");
}

static void an_answer_does_not_depend_on_where_the_span_begins(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "every thursday at 15:30 in Test/Zone",
        "nearest full moon to 25 april",
        "1 may or last friday of month or 3rd sunday after june solstice",
        "3 working days before 1 january skipping weekends with easter",
        "every day at sunset - 20m at Rome",
        "every new moon rotate [a, b, c] by lunation from 1287",
        "5 days before easter at 23:30 at Rome, Lisboa",
        "31 december at 23:00 at Honolulu, Kiritimati, Rome",
        "1 may since 1990 for 60 times every 2 years from 1990",
        "1 january day from 18:00 in Test/Zone",
    };
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        assert_int_equal(evaluate(rules[r], day(2025, 1, 1), day(2029, 1, 1), &whole), RULE_OK);
        assert_true(whole.count > 0);
        size_t seen = 0;
        utc from = day(2025, 1, 1);
        for (int32_t step = 0; from.ns < day(2029, 1, 1).ns; step++) {
            utc to = {from.ns + (step % 7 + 1) * 23 * NS_PER_DAY + 12345 * NS_PER_S};
            to = to.ns > day(2029, 1, 1).ns ? day(2029, 1, 1) : to;
            assert_int_equal(evaluate(rules[r], from, to, &part), RULE_OK);
            for (size_t i = 0; i < part.count; i++, seen++) {
                size_t k = 0; /* the same occurrence, with the same key and note */
                while (k < whole.count && (whole.at[k].start.ns != part.at[i].start.ns ||
                                           strcmp(whole.at[k].place, part.at[i].place) != 0)) {
                    k++;
                }
                assert_true(k < whole.count);
                assert_string_equal(part.at[i].key, whole.at[k].key);
                assert_string_equal(part.at[i].note, whole.at[k].note);
                assert_true(part.at[i].end.ns == whole.at[k].end.ns);
            }
            from = to;
        }
        assert_int_equal(seen, whole.count);
    }
}

static void keys_name_the_year_or_the_date(void **state)
{
    (void)state;
    assert_int_equal(
        evaluate("every full moon or every perigee", day(2027, 1, 1), day(2028, 1, 1), &whole),
        RULE_OK);
    for (size_t i = 0; i < whole.count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(whole.at[i].key, whole.at[k].key);
        }
        assert_true(strspn(whole.at[i].key, "0123456789-") == strlen(whole.at[i].key));
    }
}

static void what_cannot_be_is_refused_with_a_reason(void **state)
{
    (void)state;
    utc from = day(2027, 1, 1), to = day(2028, 1, 1);
    assert_int_equal(evaluate("1 may", (utc){UTC_EARLIEST_S * NS_PER_S - 1}, to, &whole),
                     RULE_OUT_OF_RANGE);
    assert_int_equal(evaluate("1 may", to, from, &whole), RULE_OUT_OF_RANGE);
    assert_int_equal(evaluate("1 may at 20:00 in Nowhere/City", from, to, &whole), RULE_NO_ZONE);
    assert_int_equal(evaluate("1 may at sunset at Avalonia", from, to, &whole), RULE_NO_PLACE);
    assert_int_equal(evaluate("1 ramadan hijri umalqura", day(2079, 1, 1), day(2080, 1, 1), &whole),
                     RULE_NO_CALENDAR);
    (void)mallopt(M_MMAP_MAX, 0); /* large lists come and go: their pages stay */
    (void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
    char heavy[1000] = "6th solar eclipse visible from 1,1 after (every day";
    for (int i = 0; i < 28; i++) {
        strcat(heavy, " or every day");
    }
    strcat(heavy, ")");
    assert_int_equal(evaluate(heavy, from, to, &whole), RULE_TOO_MUCH);
    assert_int_equal(evaluate("nearest full moon to every day", from, to, &whole), RULE_OK);
    assert_int_equal(whole.count, 12); /* each once */
}

static void a_year_without_the_date_takes_the_other(void **state)
{
    (void)state;
    assert_int_equal(
        evaluate("29 february else 28 february", day(2027, 1, 1), day(2030, 1, 1), &whole),
        RULE_OK);
    assert_int_equal(whole.count, 3);
    assert_int_equal(whole.at[0].start.ns, day(2027, 2, 28).ns);
    assert_string_equal(whole.at[0].note, "no 29 february in 2027");
    assert_int_equal(whole.at[1].start.ns, day(2028, 2, 29).ns);
    assert_string_equal(whole.at[1].note, "");
    assert_int_equal(whole.at[2].start.ns, day(2029, 2, 28).ns);
    assert_int_equal(
        evaluate("30 kislev hebrew else 1 tevet", day(2027, 1, 1), day(2031, 1, 1), &whole),
        RULE_OK);
    assert_int_equal(whole.count, 4);
    /* the last day of the year, whether its last month has 30 days or 29 */
    assert_int_equal(
        evaluate("30 month 12 chinese else 29 month 12", day(2027, 1, 1), day(2031, 1, 1), &whole),
        RULE_OK);
    assert_int_equal(
        evaluate("1 day before 1 month 1 chinese", day(2027, 1, 1), day(2031, 1, 1), &part),
        RULE_OK);
    assert_int_equal(whole.count, part.count);
    for (size_t i = 0; i < part.count; i++) {
        assert_int_equal(whole.at[i].start.ns, part.at[i].start.ns);
    }
}

static bool find_here(void *context, const char *name, struct place *out)
{
    *out = *(const struct place *)context;
    return strcmp(name, "here") == 0;
}

/* It was taken for a place in UTC: Auckland's evening twelve hours late, the sunset of Los Angeles
 * a day early. */
static void a_position_has_the_clock_of_the_zone_after_it_and_no_other(void **state)
{
    (void)state;
    struct place here = {.name = "here", .latitude_deg = 44.49, .longitude_deg = 11.34};
    world.place_find = find_here;
    world.places = &here;
    static const char *const at[] = {"1 may at 20:00 at", "1 may at sunset at",
                                     "1 may day from sunset at"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s %s", at[i], "here");
        here.zone[0] = '\0';
        assert_int_equal(evaluate(text, day(2027, 1, 1), day(2028, 1, 1), &whole), RULE_NO_ZONE);
        strcpy(here.zone, "Test/Zone");
        assert_int_equal(evaluate(text, day(2027, 1, 1), day(2028, 1, 1), &whole), RULE_OK);
        assert_string_equal(whole.at[0].zone, "Test/Zone");
        snprintf(text, sizeof text, "%s %s", at[i], "44.49,11.34 in Test/Zone");
        assert_int_equal(evaluate(text, day(2027, 1, 1), day(2028, 1, 1), &part), RULE_OK);
        assert_int_equal(part.count, 1);
        assert_int_equal(part.at[0].start.ns, whole.at[0].start.ns);
        assert_string_equal(part.at[0].zone, "Test/Zone");
        assert_string_equal(part.at[0].place, "44.49,11.34");
        snprintf(text, sizeof text, "%s %s", at[i], "44.49,11.34 in Nowhere/City");
        assert_int_equal(evaluate(text, day(2027, 1, 1), day(2028, 1, 1), &part), RULE_NO_ZONE);
    }
    assert_int_equal(evaluate("1 may at 20:00 at 44.49,11.34 in Test/Zone", day(2027, 1, 1),
                              day(2028, 1, 1), &part),
                     RULE_OK);
    assert_int_equal(part.at[0].start.ns, day(2027, 5, 1).ns + 19 * 3600 * NS_PER_S);
    /* an eclipse is one instant, whatever the clocks there show */
    here.zone[0] = '\0';
    assert_int_equal(
        evaluate("solar eclipse visible from here", day(2027, 1, 1), day(2028, 1, 1), &whole),
        RULE_OK);
    assert_int_equal(whole.count, 1);
    world.place_find = NULL;
}

struct reasons {
    int count;
    char first[RULE_REMARK_SIZE];
};

static void keep_reason(void *context, struct civil_date date, const struct rule_remark *why)
{
    struct reasons *reasons = context;
    (void)date;
    if (reasons->count++ == 0) {
        rule_remark_write(why, LANGUAGE_EN, reasons->first);
        for (int reader = LANGUAGE_EN + 1; reader < LANGUAGES; reader++) {
            char told[RULE_REMARK_SIZE];
            rule_remark_write(why, (enum language)reader, told);
            assert_string_not_equal(told, reasons->first);
        }
    }
}

static void an_empty_answer_says_why(void **state)
{
    (void)state;
    static const char *const rules[][2] = {
        {"13th full moon of year", "2027 has 12 full moons: no 13th"},
        {"29 february", "2027 has no 29 february"},
        {"8 may anniversary of 1945-05-08 round", "the 82nd anniversary is not round"},
        {"5th monday of may except 2027", "excepted by the rule"},
        {"21 june at sunset at Tromso",
         "at Tromsø there is no sunset on this day; say what then: else 22:00"},
        {"21 june at sunset at Tromso else skip", "at Tromsø there is no sunset on this day"},
        {"2 may skip sunday", "a Sunday"},
        {"5th monday of april", "in 2027-04 there is no 5th monday"},
        {"1 may until 1990", "the rule ended in 1990"},
        {"1 may since 2040", "the rule begins in 2040"},
        {"1 may since 2020 for 3 times", "its 3 times are over"},
        {"1 may minus 1st day of month", "taken away by \"minus\""},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct reasons reasons = {0};
        world.skipped = keep_reason;
        world.skipped_context = &reasons;
        assert_int_equal(evaluate(rules[i][0], day(2027, 1, 1), day(2028, 1, 1), &whole), RULE_OK);
        assert_int_equal(whole.count, 0);
        assert_true(reasons.count > 0);
        assert_string_equal(reasons.first, rules[i][1]);
    }
    world.skipped = NULL;
}

int main(void)
{
    zone = zone_fixed("Test/Zone", 3600);
    if (zone == NULL) {
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_means_what_the_manual_says),
        cmocka_unit_test(moons_follow_their_forms),
        cmocka_unit_test(an_answer_does_not_depend_on_where_the_span_begins),
        cmocka_unit_test(keys_name_the_year_or_the_date),
        cmocka_unit_test(what_cannot_be_is_refused_with_a_reason),
        cmocka_unit_test(a_year_without_the_date_takes_the_other),
        cmocka_unit_test(a_position_has_the_clock_of_the_zone_after_it_and_no_other),
        cmocka_unit_test(an_empty_answer_says_why),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    zone_free(zone);
    return failed;
}
