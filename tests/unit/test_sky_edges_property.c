/* Where a search could lose or double an event, and where an error bar could lie. */
#include "deep.h"
#include "sky_moments.h"

static instant later(instant from, int64_t ns)
{
    return (instant){from.tai_ns + ns};
}

enum { MAX = 6000 };
static struct sky_event whole[MAX], again;
static struct sky_search search;

static size_t find_all(const struct sky_place *place, instant from, instant to)
{
    size_t count = 0;
    assert_int_equal(sky_search_init(&search, SKY_ALL_KINDS, place, from, to), SKY_OK);
    while (sky_search_next(&search, &again)) {
        assert_true(count < MAX);
        whole[count++] = again;
    }
    return count;
}

static void parts_of_a_span_have_what_the_whole_has(void **state)
{
    (void)state;
    unsigned seed = 5;
    print_message("seed %u\n", seed);
    static const double latitudes[] = {-90, -75, -66.6, -33, 0, 44.49, 59.9, 65.72, 69.65, 80, 90};
    for (size_t i = 0; i < sizeof latitudes / sizeof *latitudes; i++) {
        struct sky_place place = {latitudes[i] * degree, 11.34 * degree, i % 2 == 0 ? 0 : 800};
        instant from = at("2027-01-01T00:00:00Z"), to = at("2028-01-01T00:00:00Z");
        size_t count = find_all(&place, from, to), next = 0;
        assert_true(count > 400);
        /* cut at random, at the events themselves, and just after them */
        for (instant start = from; instant_compare(start, to) < 0;) {
            instant end = later(start, rand_r(&seed) % 2000000 * (NS_PER_S / 2));
            if (next < count && rand_r(&seed) % 2 == 0) {
                size_t ahead = next + (size_t)(rand_r(&seed) % 40);
                end = later(whole[ahead < count ? ahead : count - 1].at, rand_r(&seed) % 2);
            }
            end = instant_compare(end, to) > 0 ? to : end;
            assert_int_equal(sky_search_init(&search, SKY_ALL_KINDS, &place, start, end), SKY_OK);
            while (sky_search_next(&search, &again)) {
                assert_true(next < count);
                assert_int_equal(again.kind, whole[next].kind);
                assert_instant_equal(again.at, whole[next].at);
                next++;
            }
            assert_true(next == count || instant_compare(whole[next].at, end) >= 0);
            start = end;
        }
        assert_int_equal(next, count);
        /* an empty span has nothing, even where an event is */
        assert_int_equal(sky_search_init(&search, SKY_ALL_KINDS, &place, whole[7].at, whole[7].at),
                         SKY_OK);
        assert_false(sky_search_next(&search, &again));
    }
}

static void risings_and_settings_alternate_through_the_years(void **state)
{
    (void)state;
    static const enum sky_kind pairs[][2] = {
        {SKY_SUNRISE, SKY_SUNSET},
        {SKY_CIVIL_DAWN, SKY_CIVIL_DUSK},
        {SKY_NAUTICAL_DAWN, SKY_NAUTICAL_DUSK},
        {SKY_ASTRONOMICAL_DAWN, SKY_ASTRONOMICAL_DUSK},
        {SKY_MOONRISE, SKY_MOONSET},
    };
    for (double latitude = -90; latitude <= 90; latitude += is_deep() ? 4.5 : 22.5) {
        struct sky_place place = {latitude * degree, -latitude * degree, 0};
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
            sky_kinds kinds = SKY_SET(pairs[k][0]) | SKY_SET(pairs[k][1]);
            assert_int_equal(sky_search_init(&search, kinds, &place, at("2026-01-01T00:00:00Z"),
                                             at("2029-01-01T00:00:00Z")),
                             SKY_OK);
            int last = -1, count = 0;
            while (sky_search_next(&search, &again)) {
                assert_true((int)again.kind != last);
                last = (int)again.kind;
                count++;
            }
            assert_true(count > 0 || fabs(latitude) < 5 || k < 4);
        }
    }
}

/* Thirty metres north lift or sink the horizon by 1" at most: less than a bar claims to cover. */
static void a_step_of_a_second_of_arc_stays_within_the_bars(void **state)
{
    (void)state;
    static const double latitudes[] = {0, 44.49, 59.9, -59.9, 65.7, 65.73, -67.2, 75, 89.9};
    int compared = 0, vanished = 0;
    double longest = 0, shortest = 1e9;
    for (size_t i = 0; i < sizeof latitudes / sizeof *latitudes; i++) {
        for (int day = 0; day < 366; day++) {
            instant from = later(at("2027-01-01T00:00:00Z"), day * NS_PER_DAY);
            for (int h = SKY_HORIZON; h <= SKY_ASTRONOMICAL + 1; h++) {
                enum sky_body body = h > SKY_ASTRONOMICAL ? SKY_MOON : SKY_SUN;
                enum sky_horizon horizon = body == SKY_MOON ? SKY_HORIZON : (enum sky_horizon)h;
                struct sky_place here = {latitudes[i] * degree, 0.2, 0}, there = here;
                there.latitude_rad += (latitudes[i] > 0 ? -1 : 1) * degree / 3600;
                struct sky_crossings a, b;
                assert_int_equal(
                    sky_crossings_find(body, horizon, &here, from, later(from, NS_PER_DAY), &a),
                    SKY_OK);
                assert_int_equal(
                    sky_crossings_find(body, horizon, &there, from, later(from, NS_PER_DAY), &b),
                    SKY_OK);
                if (a.count != b.count) {
                    /* a pair that one second of arc takes away: each bar reaches to its middle;
                     * or one that slips over the edge of the day */
                    const struct sky_crossings *more = a.count > b.count ? &a : &b;
                    if (more->count == 2 && (a.count == 0 || b.count == 0)) {
                        double gap =
                            (double)instant_since(more->at[1].at, more->at[0].at).ns * 1e-9;
                        assert_true(more->at[0].error_s >= gap / 2 * 0.98);
                        assert_true(more->at[1].error_s >= gap / 2 * 0.98);
                        vanished++;
                    }
                    continue;
                }
                for (size_t k = 0; k < a.count; k++) {
                    double moved = (double)instant_since(a.at[k].at, b.at[k].at).ns * 1e-9;
                    if (a.at[k].is_rising == b.at[k].is_rising && fabs(moved) < 3600) {
                        assert_true(fabs(moved) <= a.at[k].error_s);
                        longest = fmax(longest, a.at[k].error_s);
                        shortest = fmin(shortest, a.at[k].error_s);
                        compared++;
                    }
                }
            }
        }
    }
    print_message("%d crossings, %d pairs vanish; bars from %.2f to %.0f s\n", compared, vanished,
                  shortest, longest);
    assert_true(compared > 15000);
    assert_true(shortest < 0.6);
    assert_true(longest > 60);
}

/* On the brink: the latitude at which midnight sun begins, to a fraction of a second of arc. */
static void where_the_sun_only_grazes_the_bar_says_minutes(void **state)
{
    (void)state;
    instant from = at("2027-06-21T12:00:00Z");
    double sets = 60, never = 70;
    struct sky_crossings found;
    for (int i = 0; i < 40; i++) {
        double middle = (sets + never) / 2;
        struct sky_place place = {middle * degree, 0, 0};
        assert_int_equal(
            sky_crossings_find(SKY_SUN, SKY_HORIZON, &place, from, later(from, NS_PER_DAY), &found),
            SKY_OK);
        *(found.count > 0 ? &sets : &never) = middle;
    }
    assert_within(sets, 65.73, 0.02); /* 90 - 23.44 - 50' */
    for (double seconds = 0.01; seconds < 1; seconds *= 2) {
        struct sky_place place = {(sets - seconds / 3600) * degree, 0, 0};
        assert_int_equal(
            sky_crossings_find(SKY_SUN, SKY_HORIZON, &place, from, later(from, NS_PER_DAY), &found),
            SKY_OK);
        assert_int_equal(found.count, 2);
        double gap = (double)instant_since(found.at[1].at, found.at[0].at).ns * 1e-9;
        assert_true(found.at[0].error_s > gap / 2 && found.at[1].error_s > gap / 2);
        assert_true(found.at[0].error_s > 60 && found.at[0].error_s < 600);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_span_have_what_the_whole_has),
        cmocka_unit_test(risings_and_settings_alternate_through_the_years),
        cmocka_unit_test(a_step_of_a_second_of_arc_stays_within_the_bars),
        cmocka_unit_test(where_the_sun_only_grazes_the_bar_says_minutes),
    };
    return cmocka_run_group_tests_name("edges of the sky", tests, NULL, NULL);
}
