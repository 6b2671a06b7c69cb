#include "check.h"

#include <errno.h>
#include <limits.h>
#include <sys/timex.h>

#include "clock/kernel.h"

/* In place of the C library's. */
static struct {
    int answer, slewing_answer;
    struct timex kernel;
    long slewing_us;
} pretended;

int adjtimex(struct timex *out)
{
    bool is_slewing = out->modes == ADJ_OFFSET_SS_READ;
    assert_true(is_slewing || out->modes == 0); /* it only asks */
    int answer = is_slewing ? pretended.slewing_answer : pretended.answer;
    if (answer < 0) {
        errno = EPERM;
        return -1;
    }
    *out = pretended.kernel;
    out->offset = is_slewing ? pretended.slewing_us : pretended.kernel.offset;
    return answer;
}

static struct clock_kernel asked(void)
{
    struct clock_kernel out;
    memset(&out, 0xa5, sizeof out);
    clock_ask_kernel(&out);
    return out;
}

static int keep_good_time(void **state)
{
    (void)state;
    memset(&pretended, 0, sizeof pretended);
    pretended.kernel =
        (struct timex){.status = STA_PLL | STA_NANO, .maxerror = 3000, .esterror = 40, .tai = 37};
    return 0;
}

static void a_kernel_that_keeps_time_is_believed(void **state)
{
    (void)state;
    struct clock_kernel clock = asked();
    assert_true(clock.is_synchronised);
    assert_int_equal(clock.error.ns, 3 * NS_PER_MS);
    assert_true(clock.has_tai);
    assert_int_equal(clock.tai_minus_utc_s, 37);
}

/* What it had not filled in was once read as a bound of zero. */
static void a_kernel_that_refuses_knows_nothing(void **state)
{
    (void)state;
    pretended.answer = -1;
    struct clock_kernel clock = asked();
    assert_false(clock.is_synchronised);
    assert_false(clock.has_tai);
    pretended.answer = TIME_OK;
    pretended.slewing_answer = -1;
    assert_false(asked().is_synchronised);
}

static void a_clock_that_nobody_keeps_is_not_synchronised(void **state)
{
    (void)state;
    pretended.answer = TIME_ERROR;
    assert_false(asked().is_synchronised);
    assert_true(asked().has_tai);
    pretended.answer = TIME_OK;
    pretended.kernel.status |= STA_UNSYNC;
    assert_false(asked().is_synchronised);
    pretended.kernel.tai = 0;
    assert_false(asked().has_tai);
}

static void what_is_still_slewed_away_is_part_of_the_error(void **state)
{
    (void)state;
    static const struct {
        int status;
        long maxerror_us, offset, slewing_us;
        int64_t error_us; /* -1: unknown */
    } table[] = {
        {STA_NANO, 1, 0, 0, 1},
        {STA_NANO, 0, 400000000, 0, 400000},
        {STA_NANO, 0, -400000001, 0, 400001}, /* outwards */
        {0, 5, -400000, 0, 400005},
        {0, 5, 0, -300000, 300005},
        {0, 5, -1, 2, 8},
        {0, 2000000, 0, 0, 2000000},
        {0, 2000000, 1, 0, -1},
        {0, 2000000, 0, -1, -1},
        {0, 2000001, 0, 0, -1},
        {0, 16000000, 0, 0, -1},
        {0, -1, 0, 0, -1},
        {0, 0, 0, LONG_MIN, -1},
        {0, 0, 0, LONG_MAX, -1},
        {0, LONG_MAX, 500000, 2000000, -1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        pretended.kernel.status = table[i].status;
        pretended.kernel.maxerror = table[i].maxerror_us;
        pretended.kernel.esterror = table[i].maxerror_us; /* measured */
        pretended.kernel.offset = table[i].offset;
        pretended.slewing_us = table[i].slewing_us;
        struct clock_kernel clock = asked();
        assert_int_equal(clock.is_synchronised, table[i].error_us >= 0);
        if (clock.is_synchronised) {
            assert_int_equal(clock.error.ns, table[i].error_us * NS_PER_US);
        }
    }
}

/* systemd-timesyncd writes 0 and 0, phc2sys 0 beside the kernel's first 16 s. */
static void who_gives_no_figures_is_believed_to_ten_milliseconds(void **state)
{
    (void)state;
    static const struct {
        long maxerror_us, esterror_us, offset_ns;
        int64_t error_us;
    } table[] = {{0, 0, 0, 10000},        {9999, 0, 0, 10000},       {0, 16000000, 0, 10000},
                 {12000, 0, 0, 12000},    {9000, 0, 3000000, 12000}, {3000, 3000, 0, 3000},
                 {3000, 3001, 0, 10000},  {3000, 1, 0, 3000},        {0, 0, 400000000, 400000},
                 {3000, 40, 200000, 3200}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        pretended.kernel.maxerror = table[i].maxerror_us;
        pretended.kernel.esterror = table[i].esterror_us;
        pretended.kernel.offset = table[i].offset_ns;
        assert_int_equal(asked().error.ns, table[i].error_us * NS_PER_US);
    }
}

static void a_leap_second_is_near_for_two_seconds_on_both_sides(void **state)
{
    (void)state;
    static const struct {
        int state;
        time_t second;
        bool is_near;
    } table[] = {
        {TIME_OK, 0, false},       {TIME_OOP, 86399, true},  {TIME_INS, 86398, true},
        {TIME_INS, 86397, false},  {TIME_INS, 43200, false}, {TIME_DEL, 86398, true},
        {TIME_WAIT, 0, true},      {TIME_WAIT, 1, true},     {TIME_WAIT, 2, false},
        {TIME_WAIT, 43200, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        pretended.answer = table[i].state;
        pretended.kernel.time.tv_sec = 86400 * 21000 + table[i].second;
        assert_int_equal(asked().is_leap_near, table[i].is_near);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_kernel_that_keeps_time_is_believed, keep_good_time),
        cmocka_unit_test_setup(a_kernel_that_refuses_knows_nothing, keep_good_time),
        cmocka_unit_test_setup(a_clock_that_nobody_keeps_is_not_synchronised, keep_good_time),
        cmocka_unit_test_setup(who_gives_no_figures_is_believed_to_ten_milliseconds,
                               keep_good_time),
        cmocka_unit_test_setup(a_leap_second_is_near_for_two_seconds_on_both_sides, keep_good_time),
        cmocka_unit_test_setup(what_is_still_slewed_away_is_part_of_the_error, keep_good_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
