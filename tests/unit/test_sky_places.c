#include "sky_moments.h"

static const struct sky_place tromso = {69.65 * 0.017453292519943295, 18.96 * 0.017453292519943295,
                                        0};

static void polar_day_and_polar_night_are_told_apart(void **state)
{
    (void)state;
    struct sky_crossings found;
    instant june = at("2027-06-20T22:00:00Z"), december = at("2027-12-20T23:00:00Z");
    assert_int_equal(
        sky_crossings_find(SKY_SUN, SKY_HORIZON, &tromso, june, plus_hours(june, 24), &found),
        SKY_OK);
    assert_int_equal(found.count, 0);
    assert_true(found.starts_above);
    assert_int_equal(sky_crossings_find(SKY_SUN, SKY_HORIZON, &tromso, december,
                                        plus_hours(december, 24), &found),
                     SKY_OK);
    assert_int_equal(found.count, 0);
    assert_false(found.starts_above);
    /* but there is a civil twilight at noon */
    assert_int_equal(
        sky_crossings_find(SKY_SUN, SKY_CIVIL, &tromso, december, plus_hours(december, 24), &found),
        SKY_OK);
    assert_int_equal(found.count, 2);
    assert_true(found.at[0].is_rising);
    assert_false(found.at[1].is_rising);
}

static void a_day_has_none_one_or_two_moonrises(void **state)
{
    (void)state;
    struct sky_place rome = place(41.9, 12.5), north = place(68, 20);
    int rises[4] = {0}, up_all_day = 0, down_all_day = 0;
    for (int day = 0; day < 365; day++) {
        instant from = plus_hours(at("2025-01-01T00:00:00Z"), 24 * day);
        struct sky_crossings found;
        assert_int_equal(
            sky_crossings_find(SKY_MOON, SKY_HORIZON, &rome, from, plus_hours(from, 24), &found),
            SKY_OK);
        int n = 0;
        for (size_t i = 0; i < found.count; i++) {
            n += found.at[i].is_rising;
        }
        assert_true(n <= 1);
        rises[n]++;
        assert_int_equal(
            sky_crossings_find(SKY_MOON, SKY_HORIZON, &north, from, plus_hours(from, 24), &found),
            SKY_OK);
        up_all_day += found.count == 0 && found.starts_above;
        down_all_day += found.count == 0 && !found.starts_above;
        for (size_t i = 1; i < found.count; i++) {
            assert_true(found.at[i].is_rising != found.at[i - 1].is_rising);
        }
    }
    assert_int_equal(rises[0] + rises[1], 365);
    assert_true(rises[0] >= 12 && rises[0] <= 13); /* as many as lunations */
    assert_true(up_all_day > 20 && down_all_day > 20);
}

/* NASA, F. Espenak, local circumstances and path tables of the eclipse of 8 April 2024, and USNO:
 * Dallas, 32 47' N 96 48' W: totality 18:40:43 to 18:44:35 UT1 to some seconds by the limb. */
static void totality_at_dallas(void **state)
{
    (void)state;
    struct sky_event event;
    struct sky_local_eclipse view;
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2024-01-01T00:00:00Z"), &event));
    assert_int_equal(event.eclipse.type, SKY_TOTAL);
    assert_int_equal(event.eclipse.saros, 139);
    assert_within(event.eclipse.magnitude, 1.0566, 0.0003);
    assert_within(event.eclipse.gamma, 0.3431, 0.0001);
    assert_within(event.eclipse.duration_s, 268.1, 1.5); /* 4 m 28.1 s at greatest eclipse */
    assert_within(event.eclipse.latitude_rad / degree, 25.3, 0.06);
    assert_within(event.eclipse.longitude_rad / degree, -104.1, 0.06);
    struct sky_place dallas = place(32.7767, -96.7970), rome = place(41.9, 12.5);
    assert_true(sky_eclipse_from(&event, &dallas, &view));
    assert_int_equal(view.type, SKY_TOTAL);
    assert_true(view.is_visible);
    assert_true(view.inner_first.happens && view.inner_last.happens);
    assert_within(view.obscuration, 1, 1e-9);
    assert_within((double)instant_since(view.inner_first.at, at("2024-04-08T18:40:43Z")).ns * 1e-9,
                  0, 6);
    assert_within((double)instant_since(view.inner_last.at, at("2024-04-08T18:44:35Z")).ns * 1e-9,
                  0, 6);
    assert_within((double)instant_since(view.first.at, at("2024-04-08T17:23:20Z")).ns * 1e-9, 0,
                  20);
    assert_within((double)instant_since(view.last.at, at("2024-04-08T20:02:40Z")).ns * 1e-9, 0, 20);
    assert_true(!sky_eclipse_from(&event, &rome, &view) || !view.is_visible); /* night in Rome */
}

/* The vector of RULES: 2 August 2027 from Rome, 74.4 % obscured at an altitude of 54 degrees. */
static void the_eclipse_of_2027_from_rome(void **state)
{
    (void)state;
    struct sky_event event;
    struct sky_local_eclipse view;
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2027-07-01T00:00:00Z"), &event));
    struct sky_place rome = place(41.9028, 12.4964);
    assert_true(sky_eclipse_from(&event, &rome, &view));
    assert_int_equal(view.type, SKY_PARTIAL);
    assert_within(view.obscuration, 0.744, 0.003);
    assert_within(view.maximum.altitude_rad / degree, 54, 0.6);
    /* That engine's deltaT is 6.4 s larger than ours: it calls the same TT an earlier UT, and has
     * Rome farther west in it, where the eclipse comes earlier too.  PyEphem at our deltaT:
     * 09:12:47.5. */
    assert_within((double)instant_since(view.maximum.at, at("2027-08-02T09:12:39Z")).ns * 1e-9, 8.6,
                  1);
    assert_within((double)instant_since(view.maximum.at, at("2027-08-02T09:12:47.5Z")).ns * 1e-9, 0,
                  0.5 + view.maximum.error_s);
}

/* NASA, F. Espenak: total lunar eclipse of 7 September 2025, TD of greatest 18:12:58, U2 17:30:48
 * UT, U3 18:52:51 UT, umbral magnitude 1.3619, penumbral 2.3440, gamma -0.2752, saros 128. */
static void the_blood_moon_of_2025(void **state)
{
    (void)state;
    struct sky_event event;
    struct sky_local_eclipse view;
    assert_true(sky_next(SKY_SET(SKY_LUNAR_ECLIPSE), at("2025-08-01T00:00:00Z"), &event));
    assert_int_equal(event.eclipse.type, SKY_TOTAL);
    assert_int_equal(event.eclipse.saros, 128);
    assert_within(event.eclipse.gamma, -0.2752, 0.0001);
    assert_within(event.eclipse.magnitude, 1.3619, 0.002);
    assert_within(event.eclipse.penumbral, 2.3440, 0.003);
    struct sky_place bologna = place(44.49, 11.34), lima = place(-12.05, -77.05);
    assert_true(sky_eclipse_from(&event, &bologna, &view));
    assert_true(view.is_visible);
    assert_within((double)instant_since(view.inner_first.at, at("2025-09-07T17:30:48Z")).ns * 1e-9,
                  0, 15);
    assert_within((double)instant_since(view.inner_last.at, at("2025-09-07T18:52:51Z")).ns * 1e-9,
                  0, 15);
    assert_true(sky_eclipse_from(&event, &lima, &view));
    assert_false(view.is_visible);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    static struct sky_search search;
    struct sky_crossings found;
    struct sky_event event;
    instant from = at("2027-01-01T00:00:00Z"), to = at("2028-01-01T00:00:00Z");
    struct sky_place bad[] = {
        place(90.001, 0), place(0, 180.1), {nan(""), 0, 0}, {0, HUGE_VAL, 0}, {0, 0, 9001}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(sky_search_init(&search, SKY_SET(SKY_NOON), &bad[i], from, to),
                         SKY_BAD_PLACE);
        assert_int_equal(
            sky_crossings_find(SKY_SUN, SKY_HORIZON, &bad[i], from, plus_hours(from, 24), &found),
            SKY_BAD_PLACE);
    }
    struct sky_place pole = place(90, 180);
    assert_int_equal(sky_search_init(&search, SKY_SET(SKY_NOON), NULL, from, to), SKY_NEEDS_PLACE);
    assert_int_equal(sky_search_init(&search, SKY_SET(SKY_NOON), &pole, to, from), SKY_BAD_SPAN);
    instant early = plus_hours(at("1700-01-01T00:00:00Z"), -1),
            late = plus_hours(at("2249-12-31T23:59:59Z"), 1);
    assert_int_equal(sky_search_init(&search, SKY_PHASE_KINDS, NULL, early, from),
                     SKY_OUT_OF_RANGE);
    assert_int_equal(sky_search_init(&search, SKY_PHASE_KINDS, NULL, from, late), SKY_OUT_OF_RANGE);
    assert_int_equal(
        sky_crossings_find(SKY_SUN, SKY_CIVIL, &pole, from, plus_hours(from, 50), &found),
        SKY_BAD_SPAN);
    assert_int_equal(
        sky_crossings_find(SKY_SUN, SKY_CIVIL, &pole, from, plus_hours(from, 49), &found), SKY_OK);
    assert_false(sky_next(SKY_SET(SKY_SUNRISE), from, &event));
    assert_false(sky_next(0, from, &event));
    assert_false(sky_next(SKY_PHASE_KINDS, late, &event));
    assert_false(sky_previous(SKY_PHASE_KINDS, early, &event));
    struct sky_position position;
    assert_false(sky_position_at(SKY_SUN, late, &position));
    assert_null(sky_shower_get(-1));
    assert_null(sky_shower_get(1000));
    for (enum sky_status s = SKY_OK; s <= SKY_BAD_SPAN; s++) {
        assert_true(strlen(sky_status_text(s)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polar_day_and_polar_night_are_told_apart),
        cmocka_unit_test(a_day_has_none_one_or_two_moonrises),
        cmocka_unit_test(totality_at_dallas),
        cmocka_unit_test(the_eclipse_of_2027_from_rome),
        cmocka_unit_test(the_blood_moon_of_2025),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests_name("sky for a place", tests, NULL, NULL);
}
