#include "folder.h"

#include "watch/watch.h"

struct ear {
    int changes;
    uv_timer_t deadline;
    uv_loop_t loop;
    bool is_late;
};

static void on_changed(void *context, bool is_rescan)
{
    struct ear *ear = context;
    ear->changes += !is_rescan;
    uv_stop(&ear->loop);
}

static void on_deadline(uv_timer_t *timer)
{
    struct ear *ear = timer->data;
    ear->is_late = true;
    uv_stop(&ear->loop);
}

/* Runs the loop until a change is heard. */
static void hear(struct ear *ear, int changes)
{
    uv_timer_start(&ear->deadline, on_deadline, 20000, 0);
    uv_run(&ear->loop, UV_RUN_DEFAULT);
    assert_false(ear->is_late);
    assert_int_equal(ear->changes, changes);
}

static void new_files_are_heard_even_in_new_folders(void **state)
{
    (void)state;
    const char *dir = folder_new();
    struct ear ear = {0};
    char path[800];
    assert_int_equal(uv_loop_init(&ear.loop), 0);
    uv_timer_init(&ear.loop, &ear.deadline);
    ear.deadline.data = &ear;
    struct watch *watch;
    assert_true(watch_start(&ear.loop, dir, on_changed, &ear, &watch));
    snprintf(path, sizeof path, "%s/records", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    hear(&ear, 1);
    snprintf(path, sizeof path, "%s/records/ab", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    hear(&ear, 2);
    snprintf(path, sizeof path, "%s/records/ab/file", dir);
    folder_put(path, "x", 1);
    hear(&ear, 3);
    watch_stop(watch);
    uv_close((uv_handle_t *)&ear.deadline, NULL);
    uv_run(&ear.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&ear.loop), 0);
    folder_remove(dir);
}

struct flood {
    uv_timer_t timer;
    const char *dir;
    int files;
};

static void on_flood(uv_timer_t *timer)
{
    struct flood *flood = timer->data;
    char path[800];
    snprintf(path, sizeof path, "%s/records/%d", flood->dir, flood->files++);
    folder_put(path, "x", 1);
}

/* Changes that follow each other more closely than they are gathered put nothing off: what stands
 * among them is heard while they go on. */
static void a_flood_of_changes_is_heard_while_it_lasts(void **state)
{
    (void)state;
    struct flood flood = {.dir = folder_new()};
    struct ear ear = {0};
    char path[800];
    snprintf(path, sizeof path, "%s/records", flood.dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(uv_loop_init(&ear.loop), 0);
    uv_timer_init(&ear.loop, &ear.deadline);
    uv_timer_init(&ear.loop, &flood.timer);
    ear.deadline.data = &ear;
    flood.timer.data = &flood;
    struct watch *watch;
    assert_true(watch_start(&ear.loop, flood.dir, on_changed, &ear, &watch));
    uv_timer_start(&flood.timer, on_flood, 0, WATCH_GATHER_MS / 20);
    for (int i = 1; i <= 3; i++) {
        hear(&ear, i);
    }
    assert_true(flood.files > 3);
    watch_stop(watch);
    uv_close((uv_handle_t *)&flood.timer, NULL);
    uv_close((uv_handle_t *)&ear.deadline, NULL);
    uv_run(&ear.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&ear.loop), 0);
    folder_remove(flood.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_files_are_heard_even_in_new_folders),
        cmocka_unit_test(a_flood_of_changes_is_heard_while_it_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
