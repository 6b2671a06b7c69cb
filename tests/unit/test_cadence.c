#include "check.h"

#include "cadence/cadence.h"

static const utc t0 = {INT64_C(1800000000) * NS_PER_S};

static utc after(double seconds)
{
    return (utc){t0.ns + (int64_t)(seconds * 1e9)};
}

static void the_period_follows_the_table(void **state)
{
    (void)state;
    static const struct {
        enum cadence which;
        double at_s, period_s;
    } table[] = {
        {CADENCE_LIVELY, -86400, 60},   {CADENCE_LIVELY, -600.001, 60}, {CADENCE_LIVELY, -600, 10},
        {CADENCE_LIVELY, -120.001, 10}, {CADENCE_LIVELY, -120, 1},      {CADENCE_LIVELY, -5.001, 1},
        {CADENCE_LIVELY, -5, 0.2},      {CADENCE_LIVELY, -0.001, 0.2},  {CADENCE_LIVELY, 0, 1},
        {CADENCE_LIVELY, 9.999, 1},     {CADENCE_LIVELY, 10, 60},       {CADENCE_LIVELY, 3600, 60},
        {CADENCE_CALM, -86400, 60},     {CADENCE_CALM, -600.001, 60},   {CADENCE_CALM, -600, 10},
        {CADENCE_CALM, -30.001, 10},    {CADENCE_CALM, -30, 1},         {CADENCE_CALM, -0.001, 1},
        {CADENCE_CALM, 0, 1},           {CADENCE_CALM, 9.999, 1},       {CADENCE_CALM, 10, 60},
        {CADENCE_CALM, 3600, 60},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_within((double)cadence_period(table[i].which, after(table[i].at_s), &t0, 1).ns / 1e9,
                      table[i].period_s, 0);
    }
    assert_int_equal(cadence_period(CADENCE_CALM, t0, NULL, 0).ns, 60 * NS_PER_S);
    assert_int_equal(cadence_expiry_s((span){NS_PER_S / 5}), 1);
    assert_int_equal(cadence_expiry_s((span){60 * NS_PER_S}), 180);
}

static int count_between(enum cadence which, double from_s, double to_s, const utc *start,
                         size_t count)
{
    int ticks = 0;
    for (utc at = after(from_s - 100); at.ns < after(to_s).ns;) {
        utc next = cadence_next(which, at, start, count);
        assert_true(next.ns > at.ns);
        assert_true(next.ns - at.ns <= cadence_period(which, at, start, count).ns);
        at = next;
        ticks += at.ns >= after(from_s).ns && at.ns < after(to_s).ns;
    }
    return ticks;
}

static void ticks_fall_on_whole_periods_around_the_start(void **state)
{
    (void)state;
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(-630), &t0, 1).ns, after(-600).ns);
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(-123.4), &t0, 1).ns, after(-120).ns);
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(-5.3), &t0, 1).ns, after(-5).ns);
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(-0.1), &t0, 1).ns, t0.ns);
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(9.5), &t0, 1).ns, after(10).ns);
    assert_int_equal(cadence_next(CADENCE_LIVELY, after(10), &t0, 1).ns, after(70).ns);
    assert_int_equal(count_between(CADENCE_LIVELY, -600, -120, &t0, 1), 48);
    assert_int_equal(count_between(CADENCE_LIVELY, -120, -5, &t0, 1), 115);
    assert_int_equal(count_between(CADENCE_LIVELY, -5, 0, &t0, 1), 25);
    assert_int_equal(count_between(CADENCE_LIVELY, 0, 10.5, &t0, 1), 11);
    /* and about a hundred a listener */
    assert_int_equal(cadence_next(CADENCE_CALM, after(-630), &t0, 1).ns, after(-600).ns);
    assert_int_equal(cadence_next(CADENCE_CALM, after(-33.4), &t0, 1).ns, after(-30).ns);
    assert_int_equal(cadence_next(CADENCE_CALM, after(-0.1), &t0, 1).ns, t0.ns);
    assert_int_equal(count_between(CADENCE_CALM, -600, -30, &t0, 1), 57);
    assert_int_equal(count_between(CADENCE_CALM, -30, 0, &t0, 1), 30);
    assert_int_equal(count_between(CADENCE_CALM, 0, 10.5, &t0, 1), 11);
}

static void a_second_window_never_slows_and_never_doubles_the_first(void **state)
{
    (void)state;
    const utc starts[2] = {t0, after(300)};
    assert_int_equal(count_between(CADENCE_LIVELY, -120, -5, starts, 2), 115);
    assert_int_equal(count_between(CADENCE_LIVELY, 295, 300, starts, 2), 25);
    const utc many[8] = {t0, t0, t0, t0, t0, t0, t0, t0};
    assert_int_equal(count_between(CADENCE_LIVELY, -5, 0, many, 8), 25);
}

static void any_set_of_starts_is_served(void **state)
{
    (void)state;
    uint64_t seed = 20261123;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 200; round++) {
        enum cadence which = round % 2 == 0 ? CADENCE_CALM : CADENCE_LIVELY;
        int64_t shortest_ns = which == CADENCE_CALM ? NS_PER_S : NS_PER_S / 5;
        utc start[5];
        for (size_t i = 0; i < 5; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            start[i] = (utc){t0.ns + (int64_t)(seed >> 24) % (1000 * NS_PER_S)};
        }
        utc at = after(-1000);
        bool touched[5] = {false};
        int ticks = 0;
        while (at.ns < after(1100).ns) {
            utc next = cadence_next(which, at, start, 5);
            assert_true(next.ns > at.ns && next.ns - at.ns <= 60 * NS_PER_S);
            for (size_t i = 0; i < 5;
                 i++) { /* some tick within the last shortest period before each */
                touched[i] =
                    touched[i] || (next.ns > start[i].ns - shortest_ns && next.ns <= start[i].ns);
            }
            at = next;
            ticks++;
        }
        for (size_t i = 0; i < 5; i++) {
            assert_true(touched[i]);
        }
        assert_true(ticks < 5 * 25 * 5 + 2 * 5 * 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_period_follows_the_table),
        cmocka_unit_test(ticks_fall_on_whole_periods_around_the_start),
        cmocka_unit_test(a_second_window_never_slows_and_never_doubles_the_first),
        cmocka_unit_test(any_set_of_starts_is_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
