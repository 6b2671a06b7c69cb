/* link.c -- the beacon's part of one broker: what is sent there, and what comes of it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt/url.h"
#include "say/say.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

enum { RECEIVE_MAX = 4096, UNSERVED_MS = 10 * 1000 };

static void on_connected(void *context, struct mqtt *mqtt)
{
    struct link *link = context;
    struct beacon *beacon = link->beacon;
    say_news("link %zu up: %s", link->number, mqtt_url(mqtt));
    link->was_told_lost = false;
    link->lost_ms = 0;
    link->is_unheard = false;
    struct herald_event event = {.kind = HERALD_LINK_UP, .link = link->number};
    randombytes_buf(event.session, sizeof event.session);
    beacon->step(beacon, &event);
    link_send_status(link, TICK_STATUS_UP);
    link_send_records(link);
}

/* A broker of our own that runs and does not let us in, as strangers took all the memory that it
 * may have or it hangs, is started anew: it has nothing that we do not tell it again. */
static void mend_broker(struct link *link)
{
    struct beacon *beacon = link->beacon;
    uint64_t now_ms = uv_now(&beacon->loop);
    if (link->lost_ms == 0) {
        link->lost_ms = now_ms;
    } else if (link->number == 0 && beacon->broker != NULL &&
               now_ms - link->lost_ms > UNSERVED_MS) {
        link->lost_ms = now_ms;
        broker_restart(beacon->broker);
    }
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    struct link *link = context;
    if (!link->was_told_lost) { /* once an outage, however many tries it takes */
        say_news("link %zu down: %s: %s; trying again", link->number, mqtt_url(mqtt), why);
        link->was_told_lost = true;
    }
    mend_broker(link);
    link->beacon->step(link->beacon,
                       &(struct herald_event){.kind = HERALD_LINK_DOWN, .link = link->number});
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct link *link = context;
    struct tick_status status;
    /* On our own status topic: the will of a connection that the broker gave up late says that we
     * are lost, after we had said that we are up again. */
    if (tick_status_read((const char *)message->payload, message->size, &status) &&
        status.state != TICK_STATUS_UP && !link->beacon->is_stopping) {
        link_send_status(link, TICK_STATUS_UP);
    }
}

bool link_open(struct link *link, const char *url, const struct mqtt_login *login)
{
    struct beacon *beacon = link->beacon;
    char will[TICK_STATUS_SIZE];
    size_t will_size = tick_status_write(&(struct tick_status){.state = TICK_STATUS_LOST}, will);
    struct mqtt_url where;
    const char *why;
    struct mqtt_options options = {
        .url = url,
        .login = login,
        .will_topic = beacon->topic[TICK_TOPIC_STATUS],
        .will_payload = will,
        .will_size = will_size,
        /* For the expiry of kept ticks; what is lost elsewhere is a nicety (mqtt.h says why). */
        .use_v5 = mqtt_url_read(url, &where, &why) && mqtt_url_is_local(&where),
        .receive_max = RECEIVE_MAX,
    };
    link->voice = mqtt_new(
        &beacon->loop, &options,
        &(struct mqtt_handlers){
            .connected = on_connected, .lost = on_lost, .message = on_message, .context = link},
        &why);
    if (link->voice == NULL) {
        say_error("--broker %s: %s", url, why);
        return false;
    }
    mqtt_subscribe(link->voice, beacon->topic[TICK_TOPIC_STATUS], 0);
    options.will_topic = NULL;
    ear_open(link, &options);
    return true;
}

void link_close(struct link *link, void (*done)(void *context), void *context)
{
    uv_timer_stop(&link->turn);
    if (link->voice != NULL) {
        link_send_status(link, TICK_STATUS_STOPPED);
        mqtt_close(link->voice, done, context);
        link->voice = NULL;
    }
    if (link->ear != NULL) {
        mqtt_close(link->ear, done, context);
        link->ear = NULL;
    }
}

void link_send_status(struct link *link, enum tick_status_state state)
{
    const struct beacon *beacon = link->beacon;
    struct tick_status status = {
        .state = state,
        .is_synchronised = beacon->is_synchronised,
        .windows = beacon->herald.in_force,
        .omitted = beacon->omitted,
    };
    char text[TICK_STATUS_SIZE];
    size_t size = tick_status_write(&status, text);
    if (link->voice != NULL) {
        (void)mqtt_publish(link->voice, beacon->topic[TICK_TOPIC_STATUS], text, size, 1, true, 0);
    }
}

void link_send_records(struct link *link)
{
    const struct beacon *beacon = link->beacon;
    if (link->voice != NULL && beacon->stream != NULL) {
        (void)mqtt_publish(link->voice, beacon->topic[TICK_TOPIC_RECORDS], beacon->stream,
                           beacon->stream_size, 1, true, 0);
    }
}

void link_send_tick(struct link *link)
{
    struct beacon *beacon = link->beacon;
    if (link->voice == NULL) {
        return;
    }
    struct herald_event event = {.kind = HERALD_STAMP, .link = link->number};
    struct herald_update update;
    /* The last thing before the write, but for the signature itself. */
    event.clocks = clocks_read(beacon->leap);
    herald_step(&beacon->herald, &event, &update);
    if (update.tick_size > 0) {
        (void)mqtt_publish(link->voice, beacon->topic[TICK_TOPIC_TICK], update.tick,
                           update.tick_size, 0, true, update.expiry_s);
        ear_expect_tick(link);
        beacon_record(beacon, &event, &update);
    }
    beacon_tell(&update.news);
}
