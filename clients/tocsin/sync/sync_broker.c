/* What beacons have left on a broker: the retained records topics of every trusted root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "mqtt/mqtt.h"
#include "say/say.h"
#include "ticks/topic.h"
#include "tocsin/session/bundle.h"
#include "tocsin/sync/sync.h"

/* Retained messages come at once after a subscription: this long a silence means that was all. */
enum { QUIET_MS = 1500 };

struct listening {
    struct session *session;
    struct sync_counts *counts;
    uv_loop_t loop;
    uv_timer_t timer;
    struct mqtt *mqtt;
    size_t expected, heard;
    bool was_connected, was_told, is_over;
    const char *source;
    long timeout_s;
    uint64_t until_ms; /* by the loop's clock: whatever comes, and however often it connects */
    int code;
    char why[256];
};

static void finish(struct listening *listening)
{
    if (!listening->is_over) {
        listening->is_over = true;
        uv_timer_stop(&listening->timer);
        uv_close((uv_handle_t *)&listening->timer, NULL);
        mqtt_close(listening->mqtt, NULL, NULL);
    }
}

static void time_is_up(uv_timer_t *timer)
{
    finish(timer->data);
}

static void wait_for_more(struct listening *listening)
{
    uint64_t now_ms = uv_now(&listening->loop);
    uint64_t left_ms = listening->until_ms > now_ms ? listening->until_ms - now_ms : 0;
    uv_timer_start(&listening->timer, time_is_up, left_ms < QUIET_MS ? left_ms : QUIET_MS, 0);
}

static void connected(void *context, struct mqtt *mqtt)
{
    struct listening *listening = context;
    (void)mqtt;
    listening->was_connected = true;
    wait_for_more(listening);
}

static void lost(void *context, struct mqtt *mqtt, const char *why)
{
    struct listening *listening = context;
    (void)mqtt;
    if (!listening->was_connected && !listening->was_told) {
        listening->was_told = true;
        say_note("%s: %s; trying again for %ld s (see --timeout)", listening->source, why,
                 listening->timeout_s);
    }
    snprintf(listening->why, sizeof listening->why, "%s", why);
}

static void message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    struct listening *listening = context;
    (void)mqtt;
    if (listening->is_over || !message->is_retained || message->size == 0) {
        return;
    }
    int code =
        bundle_add(listening->session, message->payload, message->size, &listening->counts->came);
    listening->code = code > listening->code ? code : listening->code;
    if (++listening->heard == listening->expected) {
        finish(listening);
    } else {
        wait_for_more(listening);
    }
}

static void subscribe(struct listening *listening)
{
    for (size_t r = 0; r < listening->session->view->root_count; r++) {
        const struct view_root *root = &listening->session->view->root[r];
        const struct record_root *is = &root->newest->is.root;
        for (size_t b = 0; b < is->beacon_count; b++) {
            char topic[TICK_TOPIC_SIZE];
            tick_topic_write(TICK_TOPIC_RECORDS, &root->id, &is->beacon[b].public.id, topic);
            if (!mqtt_subscribe(listening->mqtt, topic, 1)) {
                say_no_memory();
            }
            listening->expected++;
        }
    }
}

int sync_broker(struct session *session, const struct sync_request *request,
                struct sync_counts *counts)
{
    static struct listening listening;
    listening = (struct listening){.session = session,
                                   .counts = counts,
                                   .source = request->source,
                                   .timeout_s = request->timeout_s,
                                   .why = "no answer in time"};
    const struct mqtt_options options = {.url = request->source, .login = &request->login};
    const struct mqtt_handlers handlers = {
        .connected = connected, .lost = lost, .message = message, .context = &listening};
    const char *why;
    if (uv_loop_init(&listening.loop) != 0) {
        say_no_memory();
    }
    listening.mqtt = mqtt_new(&listening.loop, &options, &handlers, &why);
    if (listening.mqtt == NULL) {
        uv_loop_close(&listening.loop);
        return say_usage("%s: %s", request->source, why);
    }
    uv_timer_init(&listening.loop, &listening.timer);
    listening.timer.data = &listening;
    uint64_t timeout_ms = (uint64_t)request->timeout_s * 1000;
    listening.until_ms = uv_now(&listening.loop) + 2 * timeout_ms;
    uv_timer_start(&listening.timer, time_is_up, timeout_ms, 0);
    subscribe(&listening);
    if (listening.expected == 0) {
        listening.code =
            say_no("no trusted root names a beacon: nobody leaves records on a broker");
        finish(&listening);
    }
    uv_run(&listening.loop, UV_RUN_DEFAULT);
    uv_loop_close(&listening.loop);
    if (listening.code == EXIT_DONE && !listening.was_connected) {
        return say_outside("%s: %s", request->source, listening.why);
    }
    if (listening.code == EXIT_DONE && listening.heard == 0) {
        return say_no("%s: no beacon of a trusted root has left records there", request->source);
    }
    return listening.code;
}
