/* Two centuries of events: against ERFA's own Sun, and one way of asking against the other. */
#include "sky_moments.h"

#include <erfa.h>
#include <erfam.h>

static struct sky_search search;

/* ERFA's Epv00 is another fit (VSOP2000 to DE405; documented to 4.6 km rms, 13.4 km max, in the
 * 20th and 21st centuries: 0.02" or 0.45 s), with stellar aberration, IAU 2006 precession, 2000A
 * nutation. */
static double erfa_longitude(double tt_jd)
{
    double helio[2][3], bary[2][3], m[3][3], sun[3], unit[3], seen[3], date[3], longitude, latitude;
    double psi, eps, r, light = 0;
    assert_true(eraEpv00(2451545.0, tt_jd - 2451545.0, helio, bary) >= 0);
    /* the Sun where it was when the light left it: its own motion is 13 m/s */
    r = eraPm(helio[0]);
    light = r * ERFA_AULT / ERFA_DAYSEC;
    for (int i = 0; i < 3; i++) {
        double sun_speed = bary[1][i] - helio[1][i];
        sun[i] = -helio[0][i] - light * sun_speed;
    }
    eraPn(sun, &r, unit);
    double speed[3];
    eraSxp(ERFA_AULT / ERFA_DAYSEC, bary[1], speed);
    eraAb(unit, speed, r, sqrt(1 - eraPdp(speed, speed)), seen);
    eraEcm06(2451545.0, tt_jd - 2451545.0, m);
    eraRxp(m, seen, date);
    eraC2s(date, &longitude, &latitude);
    eraNut06a(2451545.0, tt_jd - 2451545.0, &psi, &eps);
    return longitude + psi;
}

static void erfa_agrees_on_every_season_of_two_centuries(void **state)
{
    (void)state;
    struct sky_event event;
    double worst = 0;
    int count = 0;
    assert_int_equal(sky_search_init(&search, SKY_SEASON_KINDS, NULL, at("1900-01-01T00:00:00Z"),
                                     at("2101-01-01T00:00:00Z")),
                     SKY_OK);
    while (sky_search_next(&search, &event)) {
        double target = (double)(event.kind - SKY_MARCH_EQUINOX) * ERFA_DPI / 2;
        double error = eraAnpm(erfa_longitude(event.tt_jd) - target);
        double rate = eraAnpm(erfa_longitude(event.tt_jd + 0.01) - target - error) / 0.01;
        worst = fmax(worst, fabs(error / rate * 86400));
        count++;
    }
    print_message("%d seasons, ERFA's Sun differs by at most %.3f s\n", count, worst);
    assert_int_equal(count, 804);
    assert_within(worst, 0, 0.45);
}

static void next_previous_and_nearest_agree_with_the_search(void **state)
{
    (void)state;
    enum { MAX = 3000 };
    static struct sky_event list[MAX];
    size_t count = 0;
    sky_kinds kinds = SKY_PHASE_KINDS | SKY_ECLIPSE_KINDS | SKY_SET(SKY_JUNE_SOLSTICE);
    assert_int_equal(sky_search_init(&search, kinds, NULL, at("1990-01-01T00:00:00Z"),
                                     at("2010-01-01T00:00:00Z")),
                     SKY_OK);
    while (count < MAX && sky_search_next(&search, &list[count])) {
        assert_true(count == 0 || instant_compare(list[count - 1].at, list[count].at) <= 0);
        count++;
    }
    assert_true(count > 1000 && count < MAX);
    for (size_t i = 20; i + 20 < count; i += 17) {
        struct sky_event event;
        assert_true(sky_next(kinds, list[i - 1].at, &event));
        assert_instant_equal(event.at, list[i].at);
        assert_true(sky_previous(kinds, list[i + 1].at, &event));
        assert_instant_equal(event.at, list[i].at);
        assert_true(sky_nearest(kinds, list[i].at, &event));
        assert_instant_equal(event.at, list[i].at);
        int64_t gap = instant_since(list[i + 1].at, list[i].at).ns;
        instant nearer = {list[i].at.tai_ns + gap / 2 - 1000}, farther = {nearer.tai_ns + 3000};
        assert_true(sky_nearest(kinds, nearer, &event));
        assert_instant_equal(event.at, list[i].at);
        assert_true(sky_nearest(kinds, farther, &event));
        assert_instant_equal(event.at, list[i + 1].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erfa_agrees_on_every_season_of_two_centuries),
        cmocka_unit_test(next_previous_and_nearest_agree_with_the_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
