#include "check.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fire/fire.h"

/* In place of the C library's: the host has slept. */
static _Atomic int64_t slept_s;

int clock_gettime(clockid_t which, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, which, out);
    out->tv_sec += which == CLOCK_BOOTTIME ? slept_s : 0;
    return result;
}

static mono now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (mono){t.tv_sec * NS_PER_S + t.tv_nsec};
}

static int released_count;
static uint64_t released_ids[FIRE_SHOTS_MAX];

static void note_release(void *context, const uint64_t *id, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        released_ids[released_count++] = id[i];
    }
}

/* So wide that no busy machine makes a shot late that is not meant to be. */
static const int64_t LATE_MAX_NS = 3600 * NS_PER_S;

static struct fire *started(void)
{
    released_count = 0;
    struct fire *fire;
    const char *why = "";
    struct fire_options options = {.release = note_release, .late_max = {LATE_MAX_NS}};
    assert_true(fire_start(&options, &fire, &why));
    return fire;
}

/* What hangs fails; nothing that works waits for it. */
enum { PATIENCE_MS = 60 * 1000 };

static bool wait_report(struct fire *fire, int deadline_ms, struct fire_report *out)
{
    struct pollfd ready = {.fd = fire_descriptor(fire), .events = POLLIN};
    while (!fire_take_report(fire, out)) {
        if (poll(&ready, 1, deadline_ms) == 0) {
            return false;
        }
    }
    return true;
}

static void wait_report_of(struct fire *fire, uint64_t id, struct fire_report *out)
{
    do {
        assert_true(wait_report(fire, PATIENCE_MS, out));
    } while (out->id != id);
}

static void a_shot_is_released_once_and_never_early(void **state)
{
    (void)state;
    struct fire *fire = started();
    unsigned seed = 7;
    for (uint64_t id = 1; id <= 40; id++) {
        struct fire_shot shot = {id, {now().ns + 2 * NS_PER_MS + rand_r(&seed) % 1000000}};
        fire_set(fire, &shot, 1);
        fire_set(fire, &shot, 1); /* saying it twice changes nothing */
        struct fire_report report;
        assert_true(wait_report(fire, PATIENCE_MS, &report));
        assert_int_equal(report.id, id);
        assert_int_equal(report.target.ns, shot.target.ns);
        assert_true(report.released.ns >= shot.target.ns);
        fire_set(fire, &shot, 1); /* released: the same set does not release it again */
        assert_false(wait_report(fire, 2, &report));
    }
    assert_int_equal(released_count, 40);
    fire_stop(fire);
}

static void a_shot_taken_back_is_never_released(void **state)
{
    (void)state;
    struct fire *fire = started();
    mono at;
    do { /* what a busy machine takes back too late tries again */
        released_count = 0;
        at = (mono){now().ns + 20 * NS_PER_MS};
        fire_set(fire, &(struct fire_shot){1, at}, 1);
        fire_set(fire, NULL, 0);
    } while (now().ns >= at.ns);
    poll(NULL, 0, 60);
    assert_int_equal(released_count, 0);
    fire_stop(fire);
}

static void a_moved_shot_keeps_to_its_new_instant(void **state)
{
    (void)state;
    struct fire *fire = started();
    uint64_t id = 0;
    mono first, later;
    do { /* what a busy machine moves too late tries again */
        id++;
        first = (mono){now().ns + 10 * NS_PER_MS};
        later = (mono){first.ns + 30 * NS_PER_MS};
        fire_set(fire, &(struct fire_shot){id, first}, 1);
        fire_set(fire, &(struct fire_shot){id, later}, 1);
    } while (now().ns >= first.ns);
    struct fire_report report;
    wait_report_of(fire, id, &report);
    assert_true(report.released.ns >= later.ns);
    /* moved into the past: at once */
    id++;
    fire_set(fire, &(struct fire_shot){id, {now().ns + 3600 * NS_PER_S}}, 1);
    fire_set(fire, &(struct fire_shot){id, {now().ns - NS_PER_S}}, 1);
    wait_report_of(fire, id, &report);
    fire_stop(fire);
}

static void shots_at_one_instant_are_all_released_in_order_of_target(void **state)
{
    (void)state;
    struct fire *fire = started();
    int64_t base = now().ns + 10 * NS_PER_MS;
    struct fire_shot shots[] = {
        {3, {base + 2000}}, {1, {base}}, {2, {base + 1000}}, {4, {base + 2000}}};
    fire_set(fire, shots, 4);
    struct fire_report report;
    for (uint64_t id = 1; id <= 4; id++) {
        assert_true(wait_report(fire, PATIENCE_MS, &report));
        assert_int_equal(report.id, id);
    }
    fire_stop(fire);
}

static void any_number_at_one_instant_are_released_at_one_moment(void **state)
{
    (void)state;
    struct fire *fire = started();
    struct fire_shot shots[FIRE_SHOTS_MAX];
    mono at = {now().ns + 20 * NS_PER_MS};
    for (uint64_t i = 0; i < FIRE_SHOTS_MAX; i++) {
        shots[i] = (struct fire_shot){i + 1, at};
    }
    fire_set(fire, shots, FIRE_SHOTS_MAX);
    struct fire_report first, report;
    assert_true(wait_report(fire, PATIENCE_MS, &first));
    for (size_t i = 1; i < FIRE_SHOTS_MAX; i++) {
        assert_true(wait_report(fire, PATIENCE_MS, &report));
        assert_false(report.is_missed);
        assert_int_equal(report.released.ns, first.released.ns);
    }
    assert_int_equal(released_count, FIRE_SHOTS_MAX);
    fire_stop(fire);
}

static void a_shot_too_late_is_dropped_and_reported_as_missed(void **state)
{
    (void)state;
    struct fire *fire = started();
    struct fire_report report;
    struct fire_shot late = {1, {now().ns - LATE_MAX_NS - NS_PER_S}};
    fire_set(fire, &late, 1);
    assert_true(wait_report(fire, PATIENCE_MS, &report));
    assert_int_equal(report.id, 1);
    assert_true(report.is_missed);
    fire_set(fire, &late, 1); /* the same set brings nothing back */
    assert_false(wait_report(fire, 2, &report));
    assert_int_equal(released_count, 0);
    /* a new plan does; it is late, and not too late */
    fire_set(fire, &(struct fire_shot){1, {now().ns - LATE_MAX_NS / 2}}, 1);
    assert_true(wait_report(fire, PATIENCE_MS, &report));
    assert_false(report.is_missed);
    assert_int_equal(released_count, 1);
    fire_stop(fire);
}

static void a_suspend_over_the_instant_makes_a_shot_late(void **state)
{
    (void)state;
    struct fire *fire = started();
    struct fire_report report;
    slept_s = 7200; /* before the plan was made, it says nothing */
    fire_set(fire, &(struct fire_shot){1, {now().ns + 5 * NS_PER_MS}}, 1);
    assert_true(wait_report(fire, PATIENCE_MS, &report));
    assert_false(report.is_missed);
    uint64_t id = 1;
    mono at;
    do { /* what sleeps too late on a busy machine tries again */
        id++;
        at = (mono){now().ns + 200 * NS_PER_MS};
        fire_set(fire, &(struct fire_shot){id, at}, 1);
        slept_s += 7200; /* the monotonic clock stood still meanwhile */
    } while (now().ns >= at.ns);
    wait_report_of(fire, id, &report);
    assert_true(report.is_missed);
    assert_int_not_equal(released_ids[released_count - 1], id);
    slept_s = 0;
    fire_stop(fire);
}

static void stopping_releases_nothing(void **state)
{
    (void)state;
    struct fire *fire = started();
    fire_set(fire, &(struct fire_shot){1, {now().ns + 5 * NS_PER_MS}}, 1);
    fire_stop(fire);
    assert_true(released_count <= 1);
    int at_stop = released_count;
    struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
    assert_int_equal(released_count, at_stop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shot_is_released_once_and_never_early),
        cmocka_unit_test(a_shot_taken_back_is_never_released),
        cmocka_unit_test(a_moved_shot_keeps_to_its_new_instant),
        cmocka_unit_test(shots_at_one_instant_are_all_released_in_order_of_target),
        cmocka_unit_test(any_number_at_one_instant_are_released_at_one_moment),
        cmocka_unit_test(a_shot_too_late_is_dropped_and_reported_as_missed),
        cmocka_unit_test(a_suspend_over_the_instant_makes_a_shot_late),
        cmocka_unit_test(stopping_releases_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
