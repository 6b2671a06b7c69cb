#include "folder.h"

#include <sys/syscall.h>
#include <sys/timex.h>

#include "clock/clock.h"

/* In place of the C library's: the processor is lost for 4 ms after every few readings. */
static unsigned readings, lost_every;

int clock_gettime(clockid_t which, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, which, out);
    if (lost_every > 0 && ++readings % lost_every == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 4000000}, NULL);
    }
    return result;
}

static bool is_kernel_silent;

int adjtimex(struct timex *out)
{
    return is_kernel_silent ? -1 : (int)syscall(SYS_adjtimex, out);
}

/* A clock as the environment has it; NULL: the host's own. */
static bool pretend(struct clock *clock, const char *text)
{
    if (text == NULL) {
        unsetenv("TOCSIN_TEST_CLOCK");
    } else {
        setenv("TOCSIN_TEST_CLOCK", text, 1);
    }
    return clock_init(clock);
}

static void a_pretended_clock_never_makes_a_timer_early(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"offset=-86400 ppm=100 unsync", "ppm=-100 sync=0.01",
                                        "ppm=37.5 step=5:-3"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct clock clock;
        assert_true(pretend(&clock, texts[i]));
        for (int64_t ahead = 0; ahead < 1000000 * NS_PER_S; ahead = ahead * 3 + 12345) {
            mono seen = {clock.begin_mono_ns + ahead};
            assert_true(clock_seen(&clock, clock_real(&clock, seen)).ns >= seen.ns);
            assert_within((double)(clock_seen(&clock, clock_real(&clock, seen)).ns - seen.ns), 0,
                          300);
        }
    }
    struct clock clock;
    static const char *const bad[] = {"offset",  "ppm=5000",   "step=1",     "sync=x",
                                      "sync=-1", "nonsense=1", "offset=1e30"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(pretend(&clock, bad[i]));
    }
}

/* Lost between two readings, the processor once made a host that was awake look as if it had slept:
 * all that had been heard was dropped, two seconds before a start. */
static void clocks_are_read_as_of_one_moment(void **unused)
{
    (void)unused;
    struct clock clock;
    struct clock_reading first, next;
    assert_true(pretend(&clock, NULL));
    clock_read(&clock, &first);
    for (lost_every = 4; lost_every < 14; lost_every++) {
        for (int i = 0; i < 10; i++) {
            clock_read(&clock, &next);
            assert_within((double)(next.slept.ns - first.slept.ns), 0, 1e6);
            assert_within((double)((next.host.ns - next.now.ns) - (first.host.ns - first.now.ns)),
                          0, 1e6);
        }
    }
    lost_every = 0;
}

static void a_kernel_that_does_not_answer_gives_no_bound(void **unused)
{
    (void)unused;
    struct clock clock;
    struct clock_reading clocks;
    assert_true(pretend(&clock, NULL));
    is_kernel_silent = true;
    clock_read(&clock, &clocks);
    is_kernel_silent = false;
    assert_false(clocks.kernel.is_synchronised);
}

static void a_pretended_clock_reads_as_it_is_told(void **unused)
{
    (void)unused;
    struct clock clock;
    struct clock_reading reading;
    static const struct {
        const char *text;
        int64_t off_ns;
        bool is_synchronised;
        int64_t error_ns;
    } table[] = {
        {"offset=3600 sync=0.002", 3600 * NS_PER_S, true, 2 * NS_PER_MS},
        {"offset=-0.5 unsync", -NS_PER_S / 2, false, 0},
        {"unsync step=-1:7 step=1e6:9", 7 * NS_PER_S, false, 0}, /* the second is to come */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_true(pretend(&clock, table[i].text));
        assert_non_null(clock.pretence);
        int64_t before = clock_utc().ns;
        clock_read(&clock, &reading);
        int64_t after = clock_utc().ns, off_ns = table[i].off_ns;
        assert_true(reading.host.ns - off_ns >= before && reading.host.ns - off_ns <= after);
        assert_int_equal(reading.kernel.is_synchronised, table[i].is_synchronised);
        assert_int_equal(reading.kernel.error.ns, table[i].error_ns);
    }
}

/* Of two tables the one that reaches further; nothing else is a table. */
static void leap_seconds_come_from_the_system_where_it_knows_more(void **unused)
{
    (void)unused;
    const char *folder = folder_new();
    char path[500], text[4096];
    snprintf(path, sizeof path, "%s/leap-seconds.list", folder);
    const struct leap_table *own = leap_builtin();
    struct leap_table table;
    clock_leap_from(path, &table); /* none there */
    assert_int_equal(table.expires_utc_s, own->expires_utc_s);
    folder_put(path, "no table\n", 9);
    clock_leap_from(path, &table);
    assert_int_equal(table.expires_utc_s, own->expires_utc_s);
    for (int64_t further = -1000000; further <= 1000000; further += 1000000) {
        int len = snprintf(text, sizeof text, "#@ %lld\n2272060800 10\n3692217600 37\n",
                           (long long)(own->expires_utc_s + further + INT64_C(2208988800)));
        folder_put(path, text, (size_t)len);
        clock_leap_from(path, &table);
        assert_int_equal(table.expires_utc_s, own->expires_utc_s + (further > 0 ? further : 0));
    }
    assert_ptr_equal(clock_leap(), clock_leap());
    assert_true(clock_leap()->expires_utc_s >= own->expires_utc_s);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pretended_clock_never_makes_a_timer_early),
        cmocka_unit_test(clocks_are_read_as_of_one_moment),
        cmocka_unit_test(a_kernel_that_does_not_answer_gives_no_bound),
        cmocka_unit_test(a_pretended_clock_reads_as_it_is_told),
        cmocka_unit_test(leap_seconds_come_from_the_system_where_it_knows_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
