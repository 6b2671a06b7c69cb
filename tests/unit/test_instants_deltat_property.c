/* There and back between the clocks, at instants all through the centuries. */
#include "check.h"

#include "instants/leap.h"

static void before_1972_microseconds_survive_the_round_trip(void **state)
{
    (void)state;
    const struct leap_table *table = leap_builtin();
    unsigned seed = 20261123;
    print_message("seed %u\n", seed);
    int64_t end = table->entry[0].from_utc_s;
    for (int64_t s = UTC_EARLIEST_S; s < end; s += 86399 * 3 + rand_r(&seed) % 1000) {
        utc at = {s * NS_PER_S + rand_r(&seed) % 1000000 * NS_PER_US};
        enum certainty there, back;
        instant tai = leap_from_utc(table, at, &there);
        assert_int_equal(leap_to_utc(table, tai, &back).ns, at.ns);
        assert_int_equal(there, BEFORE_UTC);
        assert_int_equal(back, BEFORE_UTC);
        instant odd = {tai.tai_ns + rand_r(&seed) % 1000};
        assert_within(
            (double)(leap_from_utc(table, leap_to_utc(table, odd, NULL), NULL).tai_ns - odd.tai_ns),
            0, 1);
    }
}

static void neither_clock_runs_backwards(void **state)
{
    (void)state;
    const struct leap_table *table = leap_builtin();
    for (int64_t s = UTC_EARLIEST_S; s < INT64_C(1600000000); s += 40000) {
        utc a = {s * NS_PER_S}, b = {a.ns + 1}, c = {a.ns + NS_PER_MS};
        assert_true(leap_from_utc(table, b, NULL).tai_ns >= leap_from_utc(table, a, NULL).tai_ns);
        assert_true(leap_from_utc(table, c, NULL).tai_ns > leap_from_utc(table, b, NULL).tai_ns);
        assert_true(leap_to_utc(table, (instant){b.ns}, NULL).ns >=
                    leap_to_utc(table, (instant){a.ns}, NULL).ns);
        assert_true(leap_to_utc(table, (instant){c.ns}, NULL).ns >
                    leap_to_utc(table, (instant){b.ns}, NULL).ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_1972_microseconds_survive_the_round_trip),
        cmocka_unit_test(neither_clock_runs_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
