/* The clock as it is built for people, without TOCSIN_TEST_CLOCK: the environment pretends nothing.
 * Compiled from the module's sources here (CMakeLists.txt), whatever this build is. */
#include "check.h"

#include "clock/clock.h"

static void a_released_clock_is_the_host_s_own(void **state)
{
    (void)state;
    static const char *const texts[] = {"offset=3600 unsync", "ppm=100 sync=0.001", "nonsense"};
    struct clock_kernel kernel;
    clock_ask_kernel(&kernel);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct clock clock;
        struct clock_reading reading;
        setenv("TOCSIN_TEST_CLOCK", texts[i], 1);
        assert_true(clock_init(&clock));
        assert_null(clock.pretence);
        int64_t before = clock_utc().ns, mono_before = clock_mono().ns;
        clock_read(&clock, &reading);
        assert_true(reading.host.ns >= before && reading.host.ns <= clock_utc().ns);
        assert_true(reading.now.ns >= mono_before && reading.now.ns <= clock_mono().ns);
        assert_int_equal(reading.kernel.is_synchronised, kernel.is_synchronised);
        assert_int_equal(clock_seen(&clock, reading.now).ns, reading.now.ns);
        assert_int_equal(clock_real(&clock, reading.now).ns, reading.now.ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_released_clock_is_the_host_s_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
