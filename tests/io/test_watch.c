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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_files_are_heard_even_in_new_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
