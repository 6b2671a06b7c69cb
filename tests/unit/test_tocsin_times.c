/* links: zones instants */
#include "check.h"

#include "tocsin/print/times.h"

static void assert_until(int64_t seconds, const char *expected)
{
    char out[TIMES_UNTIL_SIZE];
    assert_string_equal(times_until((span){seconds * NS_PER_S}, out), expected);
}

static void how_far_off_it_is_has_two_units_at_most(void **state)
{
    (void)state;
    assert_until(3 * 86400 + 4 * 3600 + 59, "in 3 d 4 h");
    assert_until(146 * 86400 + 7 * 3600, "in 146 d");
    assert_until(2 * 3600, "in 2 h");
    assert_until(45, "in 45 s");
    assert_until(61, "in 1 min 1 s");
    assert_until(0, "now");
    assert_until(-5 * 60, "5 min ago");
    assert_until(INT64_C(86400) * 90000, "in 90000 d");
}

static void a_clock_is_told_with_its_weekday_and_zone(void **state)
{
    (void)state;
    struct zone *zone = zone_fixed("Europe/Rome", 7200);
    char out[TIMES_LOCAL_SIZE];
    utc at = civil_to_utc((struct civil){{2027, 8, 2}, {8, 25, 0, 0}});
    assert_string_equal(times_local(zone, "Europe/Rome", at, out),
                        "Mon 2027-08-02 10:25:00 Europe/Rome");
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_far_off_it_is_has_two_units_at_most),
        cmocka_unit_test(a_clock_is_told_with_its_weekday_and_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
