#include "check.h"

#include <math.h>

#include "instants/civil.h"
#include "instants/deltat.h"
#include "instants/leap.h"
#include "instants/stamp.h"

static double days_of(double year)
{
    return (year - 2000) * 365.2425 - 0.5;
}

/* Espenak & Meeus, "Five Millennium Canon of Solar Eclipses", NASA/TP-2006-214141, section 2.3: an
 * older fit to older data, so a rough witness only. */
static double espenak_meeus(double y)
{
    double t;
    if (y < 1800) {
        t = y - 1700;
        return 8.83 + 0.1603 * t - 0.0059285 * t * t + 0.00013336 * t * t * t -
               t * t * t * t / 1174000;
    }
    if (y < 1860) {
        t = y - 1800;
        return 13.72 - 0.332447 * t + 0.0068612 * t * t + 0.0041116 * pow(t, 3) -
               0.00037436 * pow(t, 4) + 0.0000121272 * pow(t, 5) - 0.0000001699 * pow(t, 6) +
               0.000000000875 * pow(t, 7);
    }
    if (y < 1900) {
        t = y - 1860;
        return 7.62 + 0.5737 * t - 0.251754 * t * t + 0.01680668 * pow(t, 3) -
               0.0004473624 * pow(t, 4) + pow(t, 5) / 233174;
    }
    if (y < 1920) {
        t = y - 1900;
        return -2.79 + 1.494119 * t - 0.0598939 * t * t + 0.0061966 * pow(t, 3) -
               0.000197 * pow(t, 4);
    }
    if (y < 1941) {
        t = y - 1920;
        return 21.20 + 0.84493 * t - 0.076100 * t * t + 0.0020936 * pow(t, 3);
    }
    if (y < 1961) {
        t = y - 1950;
        return 29.07 + 0.407 * t - t * t / 233 + pow(t, 3) / 2547;
    }
    t = y - 1975;
    return 45.45 + 1.067 * t - t * t / 260 - pow(t, 3) / 718;
}

static void deltat_agrees_with_an_older_fit(void **state)
{
    (void)state;
    for (double year = 1700; year < 1986; year += 0.1) {
        double near = year < 1870 ? 6 : year < 1920 ? 2.5 : 1;
        assert_within(deltat_s(days_of(year)), espenak_meeus(year), near);
    }
}

static void deltat_meets_what_was_observed(void **state)
{
    (void)state;
    /* IERS EOP C04, 1 July: TT - UT1 from its UT1 - UTC; not knots of the table. */
    static const struct {
        double year, seconds;
    } rows[] = {
        {1972.5, 42.824}, {1985.5, 54.635}, {1999.5, 63.664}, {2010.5, 66.239}, {2020.5, 69.406}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_within(deltat_s(days_of(rows[i].year)), rows[i].seconds, 0.06);
    }
}

static void deltat_never_jumps(void **state)
{
    (void)state;
    double before = deltat_s(days_of(1690));
    for (double day = days_of(1690); day < days_of(2260); day += 1) {
        double here = deltat_s(day);
        assert_within(here, before, 0.012);
        before = here;
        assert_true(deltat_error_s(day) > 0 && deltat_error_s(day) < 100);
    }
}

static void utc_begins_without_a_jump(void **state)
{
    (void)state;
    const struct leap_table *table = leap_builtin();
    int64_t begin = table->entry[0].from_utc_s * NS_PER_S;
    int64_t before = INT64_MIN, utc_before = INT64_MIN;
    for (int64_t ns = begin - 3000 * NS_PER_US; ns < begin + 3000 * NS_PER_US; ns += 997) {
        instant tai = leap_from_utc(table, (utc){ns}, NULL);
        assert_true(tai.tai_ns > before);
        assert_within((double)(tai.tai_ns - ns), 10e9, 2);
        before = tai.tai_ns;
        utc back = leap_to_utc(table, (instant){ns + 10 * NS_PER_S}, NULL);
        assert_true(back.ns > utc_before);
        utc_before = back.ns;
    }
}

static void a_text_of_1900_comes_back(void **state)
{
    (void)state;
    utc at;
    assert_true(stamp_read("1900-01-01T00:00:00Z", 20, &at));
    instant tai = leap_from_utc(leap_builtin(), at, NULL);
    /* deltaT of S15.2020 at 1900 is -1.977 s */
    assert_within((double)(tai.tai_ns - at.ns) * 1e-9, -1.977 - 32.184, 0.01);
    char text[STAMP_TEXT_SIZE];
    stamp_write(leap_to_utc(leap_builtin(), tai, NULL), text);
    assert_string_equal(text, "1900-01-01T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deltat_agrees_with_an_older_fit),
        cmocka_unit_test(deltat_meets_what_was_observed),
        cmocka_unit_test(deltat_never_jumps),
        cmocka_unit_test(utc_begins_without_a_jump),
        cmocka_unit_test(a_text_of_1900_comes_back),
    };
    return cmocka_run_group_tests_name("deltaT and UT1", tests, NULL, NULL);
}
