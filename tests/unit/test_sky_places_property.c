/* Where the Sun and the Moon rise and set, over many places and days. */
#include "deep.h"
#include "sky_moments.h"

static void a_short_visit_of_the_sun_is_not_overlooked(void **state)
{
    (void)state;
    /* Day by day through the return of the Sun at many latitudes: each day it is up at noon, two
     * crossings are found, however short the visit. */
    int shortest_s = 100000;
    for (double latitude = 67; latitude < 80; latitude += is_deep() ? 0.173 : 1.73) {
        struct sky_place here = place(latitude, 0);
        for (int day = 0; day < 90; day++) {
            instant from = plus_hours(at("2027-01-01T00:00:00Z"), 24 * day),
                    noon = plus_hours(from, 12);
            struct sky_crossings found;
            assert_int_equal(
                sky_crossings_find(SKY_SUN, SKY_HORIZON, &here, from, plus_hours(from, 24), &found),
                SKY_OK);
            double highest = -1;
            for (int minute = -40; minute <= 40; minute++) {
                double altitude, azimuth;
                instant then = {noon.tai_ns + minute * 60 * NS_PER_S};
                assert_true(sky_altitude_at(SKY_SUN, &here, then, &altitude, &azimuth));
                highest = fmax(highest, altitude);
            }
            double edge = -(34.0 / 60 + 16.27 / 60) * degree; /* semidiameter of January */
            if (highest > edge + 1e-4) {
                assert_int_equal(found.count, 2);
                int64_t length = instant_since(found.at[1].at, found.at[0].at).ns / NS_PER_S;
                shortest_s = length < shortest_s ? (int)length : shortest_s;
            }
        }
    }
    print_message("shortest day seen: %d s\n", shortest_s);
    assert_true(shortest_s < 3600);
}

static void what_the_search_says_the_altitude_confirms(void **state)
{
    (void)state;
    unsigned seed = 42;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 40; i++) {
        struct sky_place here =
            place(rand_r(&seed) % 1300 / 10.0 - 65, rand_r(&seed) % 3600 / 10.0 - 180);
        instant from = plus_hours(at("1800-01-01T00:00:00Z"), rand_r(&seed) % 3900000);
        static struct sky_search search;
        assert_int_equal(sky_search_init(&search, SKY_ALL_KINDS & ~SKY_GLOBAL_KINDS, &here, from,
                                         plus_hours(from, 24 * 30)),
                         SKY_OK);
        struct sky_event event;
        int64_t before = from.tai_ns;
        int noons = 0;
        while (sky_search_next(&search, &event)) {
            static const double expected[SKY_KINDS] = {
                [SKY_CIVIL_DAWN] = -6,         [SKY_CIVIL_DUSK] = -6,
                [SKY_NAUTICAL_DAWN] = -12,     [SKY_NAUTICAL_DUSK] = -12,
                [SKY_ASTRONOMICAL_DAWN] = -18, [SKY_ASTRONOMICAL_DUSK] = -18,
                [SKY_SUNRISE] = -0.8333,       [SKY_SUNSET] = -0.8333,
                [SKY_MOONRISE] = -0.8258,      [SKY_MOONSET] = -0.8258,
            };
            assert_true(event.at.tai_ns >= before);
            before = event.at.tai_ns;
            double altitude, azimuth;
            enum sky_body body = event.kind >= SKY_MOONRISE ? SKY_MOON : SKY_SUN;
            assert_true(sky_altitude_at(body, &here, event.at, &altitude, &azimuth));
            if (event.kind == SKY_NOON) {
                noons++;
                assert_within(fabs(sin(azimuth)), 0, 1e-3 / fmax(0.01, cos(altitude)));
            } else {
                /* semidiameters vary by 0.005 degrees (Sun) and 0.02 (Moon) */
                double slack = event.kind >= SKY_MOONRISE ? 0.025
                               : event.kind < SKY_NOON    ? 0.006
                                                          : 1e-4;
                assert_within(altitude / degree, expected[event.kind], slack);
                assert_within(event.place.azimuth_rad, azimuth, 1e-4);
            }
        }
        assert_true(noons == 30 || noons == 29 || noons == 31);
    }
}

static void a_walk_in_steps_of_minutes_finds_no_other_twilight(void **state)
{
    (void)state;
    unsigned seed = 7;
    print_message("seed %u\n", seed);
    int grazes = 0;
    for (int i = 0; i < 150; i++) {
        /* latitudes and days at which the Sun turns close to the edge are frequent in june */
        enum sky_horizon horizon = (enum sky_horizon)(SKY_CIVIL + i % 3);
        double depth = 6.0 * (i % 3 + 1);
        double turn = 90 - depth - 23.44, latitude = turn + rand_r(&seed) % 200 / 100.0 - 1;
        struct sky_place here = place(i % 2 == 0 ? latitude : -latitude, rand_r(&seed) % 360 - 180);
        instant from = plus_hours(at("2024-06-01T00:00:00Z"),
                                  24 * (rand_r(&seed) % 40) + (i % 2 == 0 ? 0 : 24 * 183));
        struct sky_crossings found;
        assert_int_equal(
            sky_crossings_find(SKY_SUN, horizon, &here, from, plus_hours(from, 24), &found),
            SKY_OK);
        size_t walked = 0;
        double before = 0, nearest = 1;
        for (int minute = 0; minute <= 1440; minute += 3) {
            double altitude, azimuth;
            instant then = {from.tai_ns + minute * 60 * NS_PER_S};
            assert_true(sky_altitude_at(SKY_SUN, &here, then, &altitude, &azimuth));
            double here_above = altitude + depth * degree;
            walked += minute > 0 && (here_above > 0) != (before > 0);
            nearest = fmin(nearest, fabs(here_above));
            before = here_above;
        }
        grazes += nearest < 1e-3;
        if (found.count != walked) {
            /* only a visit shorter than the steps may differ, and only by two */
            assert_true(nearest < 3e-5);
            assert_int_equal(found.count % 2, walked % 2);
        }
    }
    assert_true(grazes > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_visit_of_the_sun_is_not_overlooked),
        cmocka_unit_test(what_the_search_says_the_altitude_confirms),
        cmocka_unit_test(a_walk_in_steps_of_minutes_finds_no_other_twilight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
