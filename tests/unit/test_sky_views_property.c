/* An eclipse from places all over the Earth. */
#include "sky_moments.h"

static void what_is_below_the_horizon_is_not_seen(void **state)
{
    (void)state;
    /* 2 August 2027: every place either sees some of it above the horizon, or is told that it does
     * not; what is best seen stands above the horizon, or on it, where the maximum is below. */
    struct sky_event event;
    int seen = 0, hidden = 0, cut = 0, missed = 0;
    assert_true(sky_next(SKY_SET(SKY_SOLAR_ECLIPSE), at("2027-07-01T00:00:00Z"), &event));
    for (int latitude = -85; latitude <= 85; latitude += 5) {
        for (int longitude = -180; longitude < 180; longitude += 5) {
            struct sky_place place = {latitude * degree, longitude * degree, 0};
            struct sky_local_eclipse view;
            if (!sky_eclipse_from(&event, &place, &view)) {
                missed++;
                continue;
            }
            const double edge = -(34.0 / 60 + 959.63 / 3600 / 1.0149) * degree;
            bool any_up = false;
            for (int k = 0; k <= 200; k++) {
                double altitude, azimuth;
                int64_t length = instant_since(view.last.at, view.first.at).ns;
                instant then = {view.first.at.tai_ns + length / 200 * k};
                assert_true(sky_altitude_at(SKY_SUN, &place, then, &altitude, &azimuth));
                any_up = any_up || altitude > edge + 1e-5;
            }
            assert_true(!any_up || view.is_visible);
            hidden += !view.is_visible;
            if (!view.is_visible) {
                continue;
            }
            seen++;
            assert_true(view.best.altitude_rad > edge - 2e-5);
            assert_true(view.magnitude > -0.001 && view.magnitude < 1.09);
            assert_true(view.obscuration >= 0 && view.obscuration <= 1);
            bool is_cut = instant_compare(view.best.at, view.maximum.at) != 0;
            cut += is_cut;
            if (is_cut) {
                assert_within(view.best.altitude_rad, edge, 2e-4);
                assert_true(view.maximum.altitude_rad < edge + 2e-5);
            }
        }
    }
    print_message(
        "%d places see it, %d of them at sunrise or sunset; %d have night, %d no eclipse\n", seen,
        cut, hidden, missed);
    assert_true(seen > 400 && cut > 10 && hidden > 20 && missed > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_below_the_horizon_is_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
