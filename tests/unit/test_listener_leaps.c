/* links: ticks view trust records */
/* Which instant a clock's reading means where a leap second makes two of them possible. */
#include "listener_world.h"

/* The host's clock reads so many seconds after T-0, and so much time has passed since the first
 * look: which instant that is taken for, in seconds of TAI after T-0's reading. */
static double host_reads(double passed, double reading)
{
    world.now.ns = world.t0.ns + (int64_t)(passed * 1e9);
    world.host_off_ns = (int64_t)((reading - passed) * 1e9);
    step((struct listener_event){.kind = LISTENER_CLOCKS});
    return (double)(world.listener.host.tai_ns - world.t0.ns) / 1e9;
}

/* T-0 is where the offset changes from 37 s to this. */
static void begin_at_leap(int32_t offset_s)
{
    begin_world(-60, true, NULL);
    struct leap_table *table = &world.listener.options.leap;
    table->entry[table->count].from_utc_s = world.t0.ns / NS_PER_S;
    table->entry[table->count++].tai_minus_utc_s = offset_s;
}

static void a_second_put_in_is_counted_as_it_passes(void **state)
{
    (void)state;
    static const double steps[][3] = {
        {-10, -10, 27},    {-1, -1, 36},     {-0.2, -0.2, 36.8}, /* 23:59:59.8 */
        {0.3, -0.7, 37.3}, /* 23:59:59.3 for the second time */
        {0.9, -0.1, 37.9}, {1.1, 0.1, 38.1}, {2.4, 1.4, 39.4},   {9, 8, 46},
    };
    begin_at_leap(38);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_within(host_reads(steps[i][0], steps[i][1]), steps[i][2], 1e-6);
    }
    end_world();
    begin_at_leap(38); /* and by a clock that puts it in too late, or is put on without it */
    assert_within(host_reads(-1, -1), 36, 1e-6);
    assert_within(host_reads(1.2, 1.2), 38.2, 1e-6);
    assert_within(host_reads(1.8, 0.8), 38.8, 1e-6);
    end_world();
}

static void a_second_left_out_is_not_counted(void **state)
{
    (void)state;
    begin_at_leap(36);
    assert_within(host_reads(-1.2, -1.2), 35.8, 1e-6);
    assert_within(host_reads(-1.05, -0.05), 35.95, 1e-6); /* 23:59:58.95, and then 0:00:00 */
    assert_within(host_reads(-0.5, 0.5), 36.5, 1e-6);
    assert_within(host_reads(0.5, 1.5), 37.5, 1e-6);
    end_world();
}

/* Of the two readings of one stamp the nearer, on either side of their middle, and from either. */
static void between_two_seconds_the_nearer_is_meant(void **state)
{
    (void)state;
    static const double steps[][3] = {{0.2, -0.2, 36.8}, {0.4, -0.2, 37.8}, {0.6, -0.2, 37.8}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        begin_at_leap(38);
        assert_within(host_reads(-1, -1), 36, 1e-6);
        assert_within(host_reads(steps[i][0], steps[i][1]), steps[i][2], 1e-6);
        end_world();
    }
    static const double left_out[][3] = {{-0.4, 0.2, 36.2}, {-0.2, 0.2, 37.2}, {-0.6, 0.2, 36.2}};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        begin_at_leap(36);
        assert_within(host_reads(-1.2, -1.2), 35.8, 1e-6);
        assert_within(host_reads(left_out[i][0], left_out[i][1]), left_out[i][2], 1e-6);
        end_world();
    }
}

/* What is not near is what the table says, whatever was expected. */
static void a_clock_that_jumps_is_believed_away_from_a_leap_second(void **state)
{
    (void)state;
    static const double steps[][3] = {
        /* from, to, what that is */
        {-100, 1.5, 39.5}, {-100, 1.4, 38.4}, {100, -1.5, 35.5}, {100, -1.4, 36.6}, {100, 50, 88},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        begin_at_leap(38);
        host_reads(0, steps[i][0]);
        assert_within(host_reads(0.1, steps[i][1]), steps[i][2], 1e-6);
        end_world();
    }
    /* the first reading is taken as it is */
    begin_at_leap(38);
    assert_within(host_reads(0, -0.5), 36.5, 1e-6);
    end_world();
    /* where the table begins, and where a clock without a battery does */
    static const char *const firsts[] = {"1972-01-01T00:00:00Z", "1970-01-01T00:00:00Z"};
    for (size_t i = 0; i < 2; i++) {
        utc at = forge_utc(firsts[i]);
        begin_at_leap(38);
        host_reads(0, 0);
        host_reads(0.1, (double)(at.ns - world.t0.ns) / 1e9);
        assert_int_equal(world.listener.host.tai_ns,
                         leap_from_utc(leap_builtin(), at, NULL).tai_ns);
        end_world();
    }
}

/* A tick stamped so many seconds after T-0, heard so many after it. */
static double tick_reads(double heard, double stamp, int32_t offset_s)
{
    begin_at_leap(38);
    hear_records();
    host_reads(heard, heard > 0 ? heard - 1 : heard);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    tick.time.ns = world.t0.ns + (int64_t)(stamp * 1e9);
    tick.has_tai = offset_s != 0;
    tick.tai_minus_utc_s = offset_s;
    deliver(bytes, sign_tick(0, &tick, bytes), false);
    assert_int_equal(world.listener.counts.heard, 1);
    double at = (double)(world.listener.beacon[0].session[0].time.tai_ns - world.t0.ns) / 1e9;
    end_world();
    return at;
}

/* It is expected from when it came, not from when it was read. */
static void a_tick_that_waited_over_a_leap_second_is_of_before_it(void **state)
{
    (void)state;
    begin_at_leap(38);
    hear_records();
    host_reads(0.5, -0.5);
    uint8_t bytes[TICK_SIZE_MAX];
    struct tick tick = tick_of(0);
    tick.time.ns = world.t0.ns - 300 * NS_PER_MS;
    deliver_at((mono_raw){clocks().raw.ns - 800 * NS_PER_MS}, 0, bytes, sign_tick(0, &tick, bytes));
    double at = (double)(world.listener.beacon[0].session[0].time.tai_ns - world.t0.ns) / 1e9;
    assert_within(at, 36.7, 1e-6);
    end_world();
}

static void a_tick_says_which_second_it_means(void **state)
{
    (void)state;
    static const double ticks[][4] = {
        /* heard, stamp, offset said, what it means */
        {-0.5, -0.5, 37, 36.5}, {-0.5, -0.5, 38, 37.5}, {0.5, -0.5, 38, 37.5},
        {0.5, -0.5, 37, 36.5},  {-0.5, -0.5, 0, 36.5},  {0.5, -0.5, 0, 37.5},
        {0.5, -0.5, 36, 37.5},  {0.5, -0.5, 39, 37.5},  {-9, -9, 38, 28},
        {9, 8, 37, 46},
    };
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        assert_within(tick_reads(ticks[i][0], ticks[i][1], (int32_t)ticks[i][2]), ticks[i][3],
                      1e-6);
    }
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_put_in_is_counted_as_it_passes),
        cmocka_unit_test(a_second_left_out_is_not_counted),
        cmocka_unit_test(between_two_seconds_the_nearer_is_meant),
        cmocka_unit_test(a_clock_that_jumps_is_believed_away_from_a_leap_second),
        cmocka_unit_test(a_tick_says_which_second_it_means),
        cmocka_unit_test(a_tick_that_waited_over_a_leap_second_is_of_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
