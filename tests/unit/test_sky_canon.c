/* What does not come from tests/golden: published canons, and the search's own sense. */
#include "sky_moments.h"

#include <erfa.h>
#include <erfam.h>

static struct sky_search search;

static void count_types(sky_kinds kinds, const char *from, const char *to, int counts[5])
{
    struct sky_event event;
    memset(counts, 0, 5 * sizeof *counts);
    assert_int_equal(sky_search_init(&search, kinds, NULL, at(from), at(to)), SKY_OK);
    while (sky_search_next(&search, &event)) {
        counts[event.eclipse.type]++;
    }
}

/* F. Espenak & J. Meeus, Five Millennium Canon of Solar Eclipses (NASA/TP-2006-214141) and of Lunar
 * Eclipses (NASA/TP-2009-214172): eclipses of each type, 20th and 21st century (the statistics at
 * the head of NASA's SE1901-2000, SE2001-2100 and LE2001-2100; for lunar ones of the 20th century,
 * those same numbers in German Wikipedia's list). */
static void two_centuries_have_the_canons_numbers(void **state)
{
    (void)state;
    static const struct {
        sky_kinds kind;
        const char *from, *to;
        int counts[5]; /* penumbral, partial, annular, hybrid, total */
    } rows[] = {
        {SKY_SET(SKY_SOLAR_ECLIPSE),
         "1901-01-01T00:00:00Z",
         "2001-01-01T00:00:00Z",
         {0, 78, 73, 6, 71}},
        {SKY_SET(SKY_SOLAR_ECLIPSE),
         "2001-01-01T00:00:00Z",
         "2101-01-01T00:00:00Z",
         {0, 77, 72, 7, 68}},
        {SKY_SET(SKY_LUNAR_ECLIPSE),
         "1901-01-01T00:00:00Z",
         "2001-01-01T00:00:00Z",
         {83, 65, 0, 0, 81}},
        {SKY_SET(SKY_LUNAR_ECLIPSE),
         "2001-01-01T00:00:00Z",
         "2101-01-01T00:00:00Z",
         {86, 57, 0, 0, 85}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int counts[5];
        count_types(rows[i].kind, rows[i].from, rows[i].to, counts);
        for (int type = 0; type < 5; type++) {
            assert_int_equal(counts[type], rows[i].counts[type]);
        }
    }
}

static void saros_numbers_are_the_canons(void **state)
{
    (void)state;
    static const struct {
        sky_kinds kind;
        const char *day;
        int saros;
    } rows[] = {
        {SKY_SET(SKY_SOLAR_ECLIPSE), "1919-05-29T00:00:00Z", 136},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "1999-08-11T00:00:00Z", 145},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2009-07-22T00:00:00Z", 136},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2010-01-15T00:00:00Z", 141},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2011-07-01T00:00:00Z", 156},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2013-11-03T00:00:00Z", 143},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2017-08-21T00:00:00Z", 145},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2019-12-26T00:00:00Z", 132},
        {SKY_SET(SKY_SOLAR_ECLIPSE), "2054-08-03T00:00:00Z", 117},
        {SKY_SET(SKY_LUNAR_ECLIPSE), "2000-07-16T00:00:00Z", 129},
        {SKY_SET(SKY_LUNAR_ECLIPSE), "2011-06-15T00:00:00Z", 130},
        {SKY_SET(SKY_LUNAR_ECLIPSE), "2018-07-27T00:00:00Z", 129},
        {SKY_SET(SKY_LUNAR_ECLIPSE), "2021-05-26T00:00:00Z", 121},
        {SKY_SET(SKY_LUNAR_ECLIPSE), "2022-11-08T00:00:00Z", 136},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sky_event event;
        instant day = at(rows[i].day);
        assert_true(sky_next(rows[i].kind, day, &event));
        assert_true(instant_since(event.at, day).ns < NS_PER_DAY);
        assert_int_equal(event.eclipse.saros, rows[i].saros);
    }
}

/* NASA's catalogue: longest total and annular eclipses of the 21st century, and the hybrid of
 * 2013. */
static void durations_are_the_canons(void **state)
{
    (void)state;
    struct sky_event event;
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2009-07-21T00:00:00Z"), &event));
    assert_within(event.eclipse.duration_s, 6 * 60 + 39, 1.5);
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2010-01-14T00:00:00Z"), &event));
    assert_within(event.eclipse.duration_s, 11 * 60 + 8, 2);
    assert_int_equal(event.eclipse.type, SKY_ANNULAR);
    assert_within(event.eclipse.magnitude, 0.9190, 0.0003);
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2013-11-01T00:00:00Z"), &event));
    assert_int_equal(event.eclipse.type, SKY_HYBRID);
    assert_within(event.eclipse.duration_s, 100, 2);
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2098-10-24T00:00:00Z"), &event));
    assert_within(event.eclipse.magnitude, 0.0056, 0.002); /* the smallest partial one */
}

/* NASA's catalogue of solar eclipses (Espenak & Meeus): greatest eclipse, Terrestrial Dynamical
 * Time to the second.  Read in SE1901-2000 and SE2001-2100 as cosinekitty/astronomy keeps them
 * (generate/eclipse/se1901.html, se2001.html). */
static void greatest_eclipses_are_the_canons(void **state)
{
    (void)state;
    static const struct {
        int year, month, day, hour, minute, second;
    } rows[] = {
        {1901, 5, 18, 5, 33, 48},  {1905, 8, 30, 13, 7, 26},  {1912, 4, 17, 11, 34, 22},
        {1914, 8, 21, 12, 34, 27}, {1999, 8, 11, 11, 4, 9},   {2009, 7, 22, 2, 36, 25},
        {2010, 1, 15, 7, 7, 39},   {2013, 11, 3, 12, 47, 36}, {2017, 8, 21, 18, 26, 40},
        {2019, 7, 2, 19, 24, 8},   {2019, 12, 26, 5, 18, 53}, {2020, 12, 14, 16, 14, 39},
        {2021, 12, 4, 7, 34, 38},  {2024, 4, 8, 18, 18, 29},  {2026, 8, 12, 17, 47, 6},
        {2027, 8, 2, 10, 7, 50},
    };
    double worst = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day =
            civil_day_number((struct civil_date){rows[i].year, rows[i].month, rows[i].day});
        double seconds = rows[i].hour * 3600 + rows[i].minute * 60 + rows[i].second;
        struct sky_event event = {0};
        assert_true(sky_nearest(SKY_SET(SKY_SOLAR_ECLIPSE),
                                (instant){(int64_t)day * NS_PER_DAY + (int64_t)seconds * NS_PER_S},
                                &event));
        double off = (event.tt_jd - 2440587.5 - day) * 86400 - seconds;
        worst = fmax(worst, fabs(off));
    }
    print_message("16 eclipses of the canon: at most %.2f s\n", worst);
    assert_within(worst, 0, 0.8);
}

static void lunations_have_browns_numbers(void **state)
{
    (void)state;
    struct sky_event event;
    /* RULES: the new moon of 7 January 2027 is Brown 1287. */
    assert_true(sky_next(SKY_SET(SKY_NEW_MOON), at("2027-01-01T00:00:00Z"), &event));
    assert_within((double)instant_since(event.at, at("2027-01-07T20:24:30Z")).ns * 1e-9, 0, 60);
    assert_int_equal(event.lunation, 1287);
    assert_true(sky_next(SKY_SET(SKY_NEW_MOON), at("2000-01-01T00:00:00Z"), &event));
    assert_int_equal(event.lunation, 953);
    assert_within((double)instant_since(event.at, at("2000-01-06T18:13:38Z")).ns * 1e-9, 0, 1);
    assert_true(sky_next(SKY_SET(SKY_FULL_MOON), event.at, &event));
    assert_int_equal(event.lunation, 953);
}

static void solar_terms_meet_the_seasons(void **state)
{
    (void)state;
    struct sky_event event;
    instant from = at("2026-01-01T00:00:00Z"), term;
    double error_s;
    for (int i = 0; i < 40; i++) {
        assert_true(sky_next(SKY_SEASON_KINDS, from, &event));
        double longitude = (double)(event.kind - SKY_MARCH_EQUINOX) * ERFA_DPI / 2;
        assert_true(sky_next_solar_longitude(longitude, from, &term, &error_s));
        assert_within((double)instant_since(term, event.at).ns * 1e-9, 0, 1e-3);
        /* from the crossing itself the next is a year on; just before it, at once */
        assert_true(sky_next_solar_longitude(longitude, term, &from, &error_s));
        assert_within((double)instant_since(from, term).ns * 1e-9 / 86400, 365.24, 0.02);
        assert_true(
            sky_next_solar_longitude(longitude, (instant){term.tai_ns - 1}, &from, &error_s));
        assert_instant_equal(from, term);
        from = event.at;
    }
}

static void places_in_the_sky_agree_with_the_events(void **state)
{
    (void)state;
    struct sky_event event;
    struct sky_position sun, moon;
    double lit;
    assert_int_equal(sky_search_init(&search, SKY_PHASE_KINDS | SKY_SEASON_KINDS, NULL,
                                     at("2026-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z")),
                     SKY_OK);
    while (sky_search_next(&search, &event)) {
        assert_true(sky_position_at(SKY_SUN, event.at, &sun));
        assert_true(sky_position_at(SKY_MOON, event.at, &moon));
        assert_true(sky_moon_lit(event.at, &lit));
        if (event.kind <= SKY_LAST_QUARTER) {
            double target = (double)(event.kind - SKY_NEW_MOON) * ERFA_DPI / 2;
            assert_within(eraAnpm(moon.longitude_rad - sun.longitude_rad - target), 0, 1e-6);
            assert_within(lit, (1 - cos(target)) / 2, 0.004);
        } else {
            double target = (double)(event.kind - SKY_MARCH_EQUINOX) * ERFA_DPI / 2;
            assert_within(eraAnpm(sun.longitude_rad - target), 0, 1e-7);
            assert_within(sun.declination_rad, asin(sin(target) * sin(0.40904)), 6e-5);
        }
        /* where a body is overhead, it stands in the zenith */
        const struct sky_position *const body[] = {&sun, &moon};
        for (int b = 0; b < 2; b++) {
            struct sky_place under = {body[b]->overhead_latitude_rad,
                                      body[b]->overhead_longitude_rad, 0};
            double altitude;
            double azimuth;
            assert_true(sky_altitude_at(b == 0 ? SKY_SUN : SKY_MOON, &under, event.at, &altitude,
                                        &azimuth));
            assert_within(altitude, ERFA_DPI / 2, 5e-5);
        }
        assert_within(moon.distance_km, 382000, 26000);
    }
}

static void showers_come_once_a_year(void **state)
{
    (void)state;
    struct sky_event event;
    int perseids = 0;
    assert_int_equal(sky_search_init(&search, SKY_SET(SKY_METEOR_SHOWER), NULL,
                                     at("2000-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z")),
                     SKY_OK);
    int count = 0;
    while (sky_search_next(&search, &event)) {
        count++;
        const struct sky_shower *shower = sky_shower_get(event.shower);
        assert_non_null(shower);
        if (strcmp(shower->code, "PER") == 0) {
            struct civil day = civil_from_utc(leap_to_utc(leap_builtin(), event.at, NULL));
            assert_int_equal(day.date.month, 8);
            assert_true(day.date.day == 12 || day.date.day == 13);
            perseids++;
        }
    }
    assert_int_equal(perseids, 30);
    assert_int_equal(count % 30, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_centuries_have_the_canons_numbers),
        cmocka_unit_test(saros_numbers_are_the_canons),
        cmocka_unit_test(durations_are_the_canons),
        cmocka_unit_test(greatest_eclipses_are_the_canons),
        cmocka_unit_test(lunations_have_browns_numbers),
        cmocka_unit_test(solar_terms_meet_the_seasons),
        cmocka_unit_test(places_in_the_sky_agree_with_the_events),
        cmocka_unit_test(showers_come_once_a_year),
    };
    return cmocka_run_group_tests_name("sky canon", tests, NULL, NULL);
}
