#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "mqtt/url.h"
#include "say/say.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/run.h"

enum {
    RECEIVE_MAX = 4096,
    /* The contract sends answers before their tick.  A crowd of them would hold the tick back, and
     * whoever asks most could so shift every listener's samples: the rest goes after it. */
    ANSWERS_BEFORE_TICK = 32,
};

/* ---- the second connection: how long until the last subscriber has heard ---- */

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool link_fanout_us(const struct link *link, uint32_t *out)
{
    size_t held = sizeof link->delay_us / sizeof *link->delay_us;
    size_t count = link->delay_count < held ? link->delay_count : held;
    if (count == 0) {
        return false;
    }
    uint32_t sorted[sizeof link->delay_us / sizeof *link->delay_us];
    memcpy(sorted, link->delay_us, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    *out = sorted[count - 1]; /* the allowance has to cover the slow ones, too */
    return true;
}

static void on_ear_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct link *link = context;
    struct tick tick;
    struct record_key_id kid;
    const uint8_t *payload;
    size_t payload_size;
    if (message->is_retained || !link->is_awaited ||
        tick_read(message->payload, message->size, &tick, &kid, &payload, &payload_size) !=
            TICK_OK ||
        memcmp(tick.session, link->beacon->herald.link[link->number].session, 8) != 0 ||
        tick.counter != link->awaited_counter) {
        return;
    }
    link->is_awaited = false;
    int64_t delay_us = mono_since(message->arrived, link->sent).ns / NS_PER_US;
    if (delay_us >= 0 && delay_us <= UINT32_MAX) {
        size_t held = sizeof link->delay_us / sizeof *link->delay_us;
        link->delay_us[link->delay_count++ % held] = (uint32_t)delay_us;
    }
}

/* ---- the first connection ---- */

static void on_connected(void *context, struct mqtt *mqtt)
{
    struct link *link = context;
    struct beacon *beacon = link->beacon;
    say_news("link %zu up: %s", link->number, mqtt_url(mqtt));
    link->was_told_lost = false;
    link->is_awaited = false;
    struct herald_event event = {.kind = HERALD_LINK_UP, .link = link->number};
    randombytes_buf(event.session, sizeof event.session);
    beacon->step(beacon, &event);
    link_send_status(link, TICK_STATUS_UP);
    link_send_records(link);
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    struct link *link = context;
    if (!link->was_told_lost) { /* once an outage, however many tries it takes */
        say_news("link %zu down: %s: %s; trying again", link->number, mqtt_url(mqtt), why);
        link->was_told_lost = true;
    }
    struct herald_event event = {.kind = HERALD_LINK_DOWN, .link = link->number};
    link->beacon->step(link->beacon, &event);
}

static void keep_question(struct link *link, const struct mqtt_message *message)
{
    if (message->size != TICK_NONCE_SIZE || message->is_retained ||
        link->nonce_count == TICK_NONCES_MAX) {
        return;
    }
    if (link->nonce == NULL) { /* pages that no question touches take no memory */
        link->nonce = calloc(TICK_NONCES_MAX, sizeof *link->nonce);
    }
    if (link->nonce != NULL) {
        memcpy(link->nonce[link->nonce_count++], message->payload, TICK_NONCE_SIZE);
    }
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    struct link *link = context;
    struct tick_status status;
    if (strcmp(message->topic, link->beacon->topic[TICK_TOPIC_ASK]) == 0) {
        keep_question(link, message);
        return;
    }
    /* On our own status topic: the will of a connection that the broker gave up late says that we
     * are lost, after we had said that we are up again. */
    if (tick_status_read((const char *)message->payload, message->size, &status) &&
        status.state != TICK_STATUS_UP && !link->beacon->is_stopping) {
        link_send_status(link, TICK_STATUS_UP);
    }
}

bool link_open(struct link *link, struct beacon *beacon, const char *url,
               const struct mqtt_login *login)
{
    *link = (struct link){.beacon = beacon, .number = (size_t)(link - beacon->link)};
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
    link->voice = mqtt_new(&beacon->loop, &options,
                           &(struct mqtt_handlers){on_connected, on_lost, on_message, link}, &why);
    if (link->voice == NULL) {
        say_error("--broker %s: %s", url, why);
        return false;
    }
    mqtt_subscribe(link->voice, beacon->topic[TICK_TOPIC_STATUS], 0);
    mqtt_subscribe(link->voice, beacon->topic[TICK_TOPIC_ASK], 0);
    options.will_topic = NULL;
    options.jitter_first_connect = true;
    link->ear = mqtt_new(&beacon->loop, &options,
                         &(struct mqtt_handlers){NULL, NULL, on_ear_message, link}, &why);
    if (link->ear != NULL) {
        mqtt_subscribe(link->ear, beacon->topic[TICK_TOPIC_TICK], 0);
    }
    return true;
}

void link_close(struct link *link, void (*done)(void *context), void *context)
{
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
    status.has_fanout = link_fanout_us(link, &status.fanout_us);
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

static void send_answers(struct link *link, const struct tick_echo *tree, size_t from, size_t to,
                         const struct herald_update *update)
{
    const struct herald *herald = &link->beacon->herald;
    for (size_t i = from; i < to; i++) {
        uint8_t answer[TICK_ANSWER_SIZE_MAX];
        char topic[TICK_TOPIC_SIZE];
        size_t size = tick_echo_answer(tree, i, update->tick, update->tick_size, answer);
        tick_topic_write_answer(&herald->root, &herald->key, link->nonce[i], topic);
        (void)mqtt_publish(link->voice, topic, answer, size, 0, false, 0);
    }
}

void link_send_tick(struct link *link)
{
    struct beacon *beacon = link->beacon;
    if (link->voice == NULL) {
        return;
    }
    static struct tick_echo tree; /* a megabyte; one tick at a time */
    struct herald_event event = {.kind = HERALD_STAMP, .link = link->number};
    size_t asked = link->nonce_count;
    if (asked > 0) {
        tick_echo_build(&tree, (const uint8_t(*)[TICK_NONCE_SIZE])link->nonce, asked);
        event.echo = tick_echo_root(&tree);
    }
    event.has_path = mqtt_min_rtt_us(link->voice, &event.path_us);
    struct herald_update update;
    /* The last thing before the write, but for the signature itself. */
    event.clocks = clocks_read(beacon->leap);
    herald_step(&beacon->herald, &event, &update);
    if (update.tick_size > 0) {
        size_t first = asked < ANSWERS_BEFORE_TICK ? asked : ANSWERS_BEFORE_TICK;
        send_answers(link, &tree, 0, first, &update);
        link->sent = clock_mono();
        bool done = mqtt_publish(link->voice, beacon->topic[TICK_TOPIC_TICK], update.tick,
                                 update.tick_size, 0, true, update.expiry_s);
        link->is_awaited = done && link->ear != NULL && mqtt_is_connected(link->ear);
        link->awaited_counter = beacon->herald.link[link->number].counter - 1;
        send_answers(link, &tree, first, asked, &update);
        link->nonce_count = 0;
        beacon_record(beacon, &event, update.tick, update.tick_size);
    }
    if (update.line[0] != '\0') {
        say_news("%s", update.line);
    }
}
