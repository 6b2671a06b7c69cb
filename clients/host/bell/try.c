/* try.c -- whether it would ring. */
#include <stdio.h>

#include "bell/bell.h"

struct attempt {
    bool is_over;
    struct bell_news news;
    uv_timer_t patience;
};

static void hear(void *context, const struct bell_news *news)
{
    struct attempt *attempt = context;
    attempt->news = *news;
    attempt->is_over = true;
}

static void on_patience(uv_timer_t *timer)
{
    struct attempt *attempt = timer->data;
    attempt->is_over = true;
}

struct bell_news bell_try(const struct bell_options *options, span patience)
{
    uv_loop_t loop;
    struct attempt attempt = {.news = {.kind = BELL_WANTING}};
    snprintf(attempt.news.text, sizeof attempt.news.text, "it does not get ready");
    if (uv_loop_init(&loop) != 0) {
        return attempt.news;
    }
    uv_timer_init(&loop, &attempt.patience);
    attempt.patience.data = &attempt;
    uv_timer_start(&attempt.patience, on_patience, (uint64_t)(patience.ns / NS_PER_MS), 0);
    struct bell *bell = bell_new(&loop, options, hear, &attempt);
    if (bell != NULL) {
        bell_prepare(bell);
        while (!attempt.is_over) {
            uv_run(&loop, UV_RUN_ONCE);
        }
        bell_close(bell);
    }
    uv_close((uv_handle_t *)&attempt.patience, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return attempt.news;
}
