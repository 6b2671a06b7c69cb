/* supervision.c -- a beacon as a service: its inbox, its watchdog, its line in systemctl status. */
#include <stdio.h>

#include "instants/stamp.h"
#include "say/say.h"
#include "service/service.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

enum { TITLE_SIZE = 120 };

static void on_look(uv_timer_t *timer)
{
    struct beacon *beacon = timer->loop->data;
    if (inbox_look(beacon->inbox) > 0) {
        beacon->take_up(beacon);
    }
}

static void on_alive(uv_timer_t *timer)
{
    struct beacon *beacon = timer->loop->data;
    struct herald_clocks clocks = clocks_read(beacon->leap);
    service_alive(clocks.mono);
    supervision_tell(beacon, &clocks);
}

bool supervision_begin(struct beacon *beacon)
{
    if (beacon->options->inbox != NULL) {
        const struct inbox_handlers handlers = {
            .replica = &beacon->records->replica, .tell = say_line, .context = beacon};
        beacon->inbox = inbox_new(beacon->options->inbox, &handlers);
        if (beacon->inbox == NULL) {
            say_error("no memory for the inbox");
            return false;
        }
        uv_timer_start(&beacon->inbox_look, on_look, 0, INBOX_EVERY_MS);
    }
    if (service_patience().ns > 0) {
        uint64_t third = (uint64_t)(service_patience().ns / NS_PER_MS / 3);
        uv_timer_start(&beacon->alive, on_alive, 0, third);
    }
    service_ready();
    return true;
}

/* The title of what comes next, and when; false when nothing does. */
static bool find_next(const struct beacon *beacon, utc now, char title[static TITLE_SIZE], utc *at)
{
    const struct herald *herald = &beacon->herald;
    for (size_t i = 0; i < herald->occurrence_count; i++) {
        const struct herald_occurrence *one = &herald->occurrence[i];
        if (one->is_cancelled || one->t0.ns <= now.ns) {
            continue;
        }
        const struct view_window *window =
            beacon->records->view != NULL
                ? view_find_window(beacon->records->view, &herald->root, &one->uid)
                : NULL;
        title[0] = '\0';
        if (window != NULL && window->record != NULL) {
            const struct record_window *is = &window->record->is.window;
            record_unescape(record_prose_in(is->title, is->title_count, NULL), title, TITLE_SIZE);
        }
        *at = one->t0;
        return true;
    }
    return false;
}

void supervision_tell(struct beacon *beacon, const struct herald_clocks *clocks)
{
    char title[TITLE_SIZE], next[TITLE_SIZE + STAMP_TEXT_SIZE + 20] = "nothing declared to come";
    char clock[60] = "clock unsynchronised";
    utc at;
    size_t up = 0;
    if (find_next(beacon, clocks->utc, title, &at)) {
        snprintf(next, sizeof next, "next: %s, %s", title, stamp_text(at).text);
    }
    for (size_t i = 0; i < beacon->link_count; i++) {
        up += beacon->herald.link[i].is_up;
    }
    if (clocks->has_error) {
        snprintf(clock, sizeof clock, "clock within %lld ms",
                 (long long)((clocks->error_ns + NS_PER_MS - 1) / NS_PER_MS));
    }
    service_status("%s; %zu of %zu brokers; %s", next, up, beacon->link_count, clock);
}
