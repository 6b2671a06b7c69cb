/* mqtt/connection.h -- inside of mqtt: the life of one connection after another. */
#ifndef MQTT_CONNECTION_H
#define MQTT_CONNECTION_H

#include <mosquitto.h>

#include "mqtt/attempt.h"
#include "mqtt/mqtt.h"
#include "mqtt/tls.h"
#include "mqtt/url.h"

enum { CONNECTION_BACKOFF_FIRST_MS = 1000 };

enum phase { WAITING, CONNECTING, GREETING, UP, CLOSING };

struct subscription {
    char *topic; /* owned */
    int qos;
    int asked; /* libmosquitto's number of the question; 0: none */
};

struct mqtt {
    uv_loop_t *loop;
    struct mqtt_handlers handlers;
    struct mqtt_url url;
    /* owned copies of the options */
    char *url_text, *will_topic;
    const struct mqtt_login *login; /* borrowed */
    uint8_t *will_payload;
    size_t will_size;
    size_t receive_max;
    int keepalive_s;
    bool may_use_v5, use_v5;

    enum phase phase;
    SSL_CTX *tls;                /* of mqtts */
    struct attempt *attempt;     /* CONNECTING */
    struct mosquitto *mosq;      /* GREETING, UP */
    uv_poll_t *poll;             /* a fresh one per connection; freed in its close callback */
    int poll_events;             /* what it watches */
    uint64_t accounted;          /* bytes taken from the socket that became something */
    mono arrived;                /* when the socket last turned readable */
    bool was_welcomed, was_lost; /* told by libmosquitto in a callback, acted on after it */
    char why[160];
    uint64_t backoff_ms;
    uint64_t up_since_ms;
    uv_timer_t timer; /* WAITING: next try; CONNECTING, GREETING: deadline */
    uv_timer_t misc;
    uv_async_t attempt_done;
    int open_handles;

    struct subscription *subscription;
    size_t subscription_count;
    void (*closed)(void *context);
    void *closed_context;
};

/* Asks the broker for a subscription. */
void connection_subscribe(struct mqtt *mqtt, struct subscription *one);

/* Connects after this wait, and from then on again and again. */
void connection_begin(struct mqtt *mqtt, uint64_t wait_ms);

/* The callback of attempt_done. */
void connection_on_attempt_done(uv_async_t *async);

/* Watches the socket for what libmosquitto now wants; to be called after each call into it. */
void connection_watch(struct mqtt *mqtt);

/* Ends whatever there is: the watcher, the attempt, libmosquitto's client. */
void connection_drop(struct mqtt *mqtt);

#endif
