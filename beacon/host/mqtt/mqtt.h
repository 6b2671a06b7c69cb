/* mqtt/mqtt.h -- libmosquitto driven from a libuv loop: one connection to one broker, kept alive
 * with jittered back-off.  Shell; no thread but one that lives while it resolves and connects.
 * Callbacks run on the loop and must be quick.  Ignores SIGPIPE for the whole process: libmosquitto
 * writes to sockets that a broker may have closed. */
#ifndef MQTT_MQTT_H
#define MQTT_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "instants/instant.h"
#include "mqtt/options.h"

struct mqtt;

enum { MQTT_RECEIVE_MAX = 256 * 1024 + 1024 };

struct mqtt_message {
    const char *topic;
    const uint8_t *payload;
    size_t size;
    bool is_retained; /* never a timing sample */
    mono arrived;     /* CLOCK_MONOTONIC, read as soon as the socket turned readable */
};

struct mqtt_handlers {
    void (*connected)(void *context, struct mqtt *mqtt);
    /* A connection that was up, or a try to connect, has failed; it will be retried. */
    void (*lost)(void *context, struct mqtt *mqtt, const char *why);
    void (*message)(void *context, struct mqtt *mqtt, const struct mqtt_message *message);
    void *context;
    /* The broker does not grant a subscription; may be NULL. */
    void (*denied)(void *context, struct mqtt *mqtt, const char *topic);
};

struct mqtt_options {
    const char *url;                /* mqtt://HOST[:PORT], mqtts://HOST[:PORT], or unix:/PATH */
    const struct mqtt_login *login; /* borrowed while the connection lives; NULL: nobody */
    const char *will_topic;         /* NULL: no will; retained, QoS 1 */
    const void *will_payload;
    size_t will_size;
    /* Offer MQTT 5, fall back to 3.1.1.  For trusted brokers only: at a property that it does not
     * know libmosquitto 2.0.11 aborts the process (log__printf(NULL, ...) in property_mosq.c). */
    bool use_v5;
    size_t receive_max; /* larger messages are dropped; 0: MQTT_RECEIVE_MAX */
    int keepalive_s;    /* 0: 10 */
    bool jitter_first_connect;
};

/* Starts connecting at once (a random client id each time) and never gives up.  The options but
 * for login are copied.  NULL with *why for unusable options. */
struct mqtt *mqtt_new(uv_loop_t *loop, const struct mqtt_options *options,
                      const struct mqtt_handlers *handlers, const char **why);

/* Disconnects (the broker then keeps the will to itself) and frees once libuv has closed all
 * handles; done may be NULL. */
void mqtt_close(struct mqtt *mqtt, void (*done)(void *context), void *context);

bool mqtt_is_connected(const struct mqtt *mqtt);
const char *mqtt_url(const struct mqtt *mqtt);

/* Subscribes now and again after every reconnection. */
bool mqtt_subscribe(struct mqtt *mqtt, const char *topic, int qos);

/* Ends a subscription, now and for later connections. */
void mqtt_unsubscribe(struct mqtt *mqtt, const char *topic);

/* Publishes; written to the socket before returning where it can be taken.  expiry_s 0: none
 * (MQTT 5 only).  False when not connected or refused. */
bool mqtt_publish(struct mqtt *mqtt, const char *topic, const void *payload, size_t size, int qos,
                  bool retain, uint32_t expiry_s);

/* Whether something that was published still waits for the socket to take it: whoever sends much
 * looks here first, for nothing else bounds what is held meanwhile. */
bool mqtt_is_backed_up(const struct mqtt *mqtt);

/* Bounds the memory of the whole process (RLIMIT_DATA): libmosquitto takes what a broker announces,
 * up to 256 MiB a message, and this makes it fail as "out of memory" instead, upon which the
 * connection is dropped.  False where the limit cannot be set. */
bool mqtt_bound_memory(size_t bytes);

#endif
