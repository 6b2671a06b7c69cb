#include "mqtt/mqtt.h"

#include <mqtt_protocol.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "list/list.h"
#include "mqtt/connection.h"

enum { KEEPALIVE_S = 10 };

static char *copy(const char *text, bool *failed)
{
    if (text == NULL) {
        return NULL;
    }
    char *out = strdup(text);
    *failed = *failed || out == NULL;
    return out;
}

static void free_mqtt(struct mqtt *mqtt)
{
    for (size_t i = 0; i < mqtt->subscription_count; i++) {
        free(mqtt->subscription[i].topic);
    }
    free(mqtt->subscription);
    free(mqtt->url_text);
    free(mqtt->will_topic);
    free(mqtt->will_payload);
    free(mqtt);
}

/* Everything is copied, as the caller's options may be gone before the next attempt to connect. The
 * first one may be put off by chance: a site full of listeners that wakes after a power cut should
 * not knock at its broker in one instant. */
struct mqtt *mqtt_new(uv_loop_t *loop, const struct mqtt_options *options,
                      const struct mqtt_handlers *handlers, const char **why)
{
    struct mqtt_url url;
    if (!mqtt_url_read(options->url, &url, why)) {
        return NULL;
    }
    if (options->will_topic != NULL && options->will_size > 4096) {
        *why = "the last will is longer than 4096 bytes";
        return NULL;
    }
    struct mqtt *mqtt = calloc(1, sizeof *mqtt);
    *why = "out of memory";
    if (mqtt == NULL || sodium_init() < 0 || mosquitto_lib_init() != MOSQ_ERR_SUCCESS) {
        free(mqtt);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    bool failed = false;
    mqtt->loop = loop;
    mqtt->handlers = *handlers;
    mqtt->url = url;
    static const struct mqtt_login nobody;
    mqtt->login = options->login != NULL ? options->login : &nobody;
    mqtt->url_text = copy(options->url, &failed);
    mqtt->will_topic = copy(options->will_topic, &failed);
    if (options->will_topic != NULL && options->will_size > 0) {
        mqtt->will_payload = malloc(options->will_size);
        failed = failed || mqtt->will_payload == NULL;
        if (mqtt->will_payload != NULL) {
            memcpy(mqtt->will_payload, options->will_payload, options->will_size);
            mqtt->will_size = options->will_size;
        }
    }
    mqtt->receive_max = options->receive_max > 0 ? options->receive_max : MQTT_RECEIVE_MAX;
    mqtt->keepalive_s = options->keepalive_s > 0 ? options->keepalive_s : KEEPALIVE_S;
    mqtt->may_use_v5 = mqtt->use_v5 = options->use_v5;
    if (failed || uv_async_init(loop, &mqtt->attempt_done, connection_on_attempt_done) != 0) {
        free_mqtt(mqtt);
        return NULL;
    }
    uv_timer_init(loop, &mqtt->timer);
    uv_timer_init(loop, &mqtt->misc);
    mqtt->open_handles = 3;
    mqtt->timer.data = mqtt->misc.data = mqtt->attempt_done.data = mqtt;
    connection_begin(
        mqtt, options->jitter_first_connect ? randombytes_uniform(CONNECTION_BACKOFF_FIRST_MS) : 0);
    return mqtt;
}

static void on_closed(uv_handle_t *handle)
{
    struct mqtt *mqtt = handle->data;
    if (--mqtt->open_handles > 0) {
        return;
    }
    void (*closed)(void *context) = mqtt->closed;
    void *context = mqtt->closed_context;
    free_mqtt(mqtt);
    mosquitto_lib_cleanup(); /* counted by libmosquitto */
    if (closed != NULL) {
        closed(context);
    }
}

static void on_close_now(uv_timer_t *timer)
{
    struct mqtt *mqtt = timer->data;
    if (mqtt->mosq != NULL) {
        mosquitto_disconnect(mqtt->mosq);
    }
    connection_drop(mqtt);
    uv_close((uv_handle_t *)&mqtt->timer, on_closed);
    uv_close((uv_handle_t *)&mqtt->misc, on_closed);
    uv_close((uv_handle_t *)&mqtt->attempt_done, on_closed);
}

void mqtt_close(struct mqtt *mqtt, void (*done)(void *context), void *context)
{
    mqtt->closed = done;
    mqtt->closed_context = context;
    mqtt->handlers = (struct mqtt_handlers){0};
    mqtt->phase = CLOSING;
    /* From the loop, not from here: the caller may be inside a callback of libmosquitto's. */
    uv_timer_start(&mqtt->timer, on_close_now, 0, 0);
}

bool mqtt_is_connected(const struct mqtt *mqtt)
{
    return mqtt->phase == UP;
}

const char *mqtt_url(const struct mqtt *mqtt)
{
    return mqtt->url_text;
}

bool mqtt_subscribe(struct mqtt *mqtt, const char *topic, int qos)
{
    if (!LIST_EXACTLY(mqtt->subscription, mqtt->subscription_count + 1)) {
        return false;
    }
    char *kept = strdup(topic);
    if (kept == NULL) {
        return false;
    }
    struct subscription *one = &mqtt->subscription[mqtt->subscription_count++];
    *one = (struct subscription){.topic = kept, .qos = qos};
    if (mqtt->phase == UP) {
        connection_subscribe(mqtt, one);
        connection_watch(mqtt);
    }
    return true;
}

void mqtt_unsubscribe(struct mqtt *mqtt, const char *topic)
{
    for (size_t i = 0; i < mqtt->subscription_count; i++) {
        if (strcmp(mqtt->subscription[i].topic, topic) == 0) {
            if (mqtt->phase == UP) {
                mosquitto_unsubscribe(mqtt->mosq, NULL, topic);
                connection_watch(mqtt);
            }
            free(mqtt->subscription[i].topic);
            mqtt->subscription[i] = mqtt->subscription[--mqtt->subscription_count];
            return;
        }
    }
}

bool mqtt_publish(struct mqtt *mqtt, const char *topic, const void *payload, size_t size, int qos,
                  bool retain, uint32_t expiry_s)
{
    if (mqtt->phase != UP || mqtt->was_lost || size > INT32_MAX) {
        return false;
    }
    mosquitto_property *properties = NULL;
    if (expiry_s > 0 && mqtt->use_v5) {
        mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, expiry_s);
    }
    int result =
        mosquitto_publish_v5(mqtt->mosq, NULL, topic, (int)size, payload, qos, retain, properties);
    mosquitto_property_free_all(&properties);
    if (mqtt->poll != NULL) {
        connection_watch(mqtt);
    }
    return result == MOSQ_ERR_SUCCESS;
}

bool mqtt_is_backed_up(const struct mqtt *mqtt)
{
    return mqtt->phase == UP && mosquitto_want_write(mqtt->mosq);
}

bool mqtt_bound_memory(size_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0) {
        return false;
    }
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < bytes) {
        bytes = limit.rlim_max;
    }
    limit.rlim_cur = bytes;
    return setrlimit(RLIMIT_DATA, &limit) == 0;
}
