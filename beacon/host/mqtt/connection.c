#include "mqtt/connection.h"
#include "clock/clock.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <openssl/ssl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mqtt/taken.h"

enum {
    CONNECT_DEADLINE_MS = 10 * 1000, /* from the first lookup to the broker's welcome */
    MISC_MS = 1000,
    BACKOFF_MAX_MS =
        30 * 1000,          /* each wait is drawn from [1/8, 1] of the back-off, which doubles */
    SETTLED_MS = 10 * 1000, /* a connection that lasted this long resets the back-off */
    PACKETS_PER_WAKE = 64,
    KEPT_MAX = 256 * 1024, /* what libmosquitto may hold besides one message */
    /* Headers, TLS records, answers to pings, for each message and for each second. */
    OVERHEAD = 128,
};

static void try_to_connect(struct mqtt *mqtt);

/* ---- the end of a connection ---- */

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

/* libmosquitto has closed the socket, or is about to; the next one may get the same number, so the
 * watcher goes first (libuv's uv_poll_init answers EEXIST for a number that is still watched). */
static void stop_watching(struct mqtt *mqtt)
{
    if (mqtt->poll != NULL) {
        uv_poll_stop(mqtt->poll);
        uv_close((uv_handle_t *)mqtt->poll, on_poll_closed);
        mqtt->poll = NULL;
        mqtt->poll_events = 0;
    }
}

void connection_drop(struct mqtt *mqtt)
{
    stop_watching(mqtt);
    uv_timer_stop(&mqtt->misc);
    if (mqtt->attempt != NULL) {
        attempt_give_up(mqtt->attempt);
        mqtt->attempt = NULL;
    }
    if (mqtt->mosq != NULL) {
        mosquitto_destroy(mqtt->mosq);
        mqtt->mosq = NULL;
    }
    SSL_CTX_free(mqtt->tls);
    mqtt->tls = NULL;
}

static void on_retry(uv_timer_t *timer)
{
    try_to_connect(timer->data);
}

static void wait_before_retry(struct mqtt *mqtt)
{
    /* Wide jitter: when a broker restarts, its listen queue is a hundred long and its listeners
     * are thousands. */
    uint64_t least = mqtt->backoff_ms / 8;
    uint64_t wait = least + randombytes_uniform((uint32_t)(mqtt->backoff_ms - least));
    mqtt->backoff_ms =
        2 * mqtt->backoff_ms < BACKOFF_MAX_MS ? 2 * mqtt->backoff_ms : BACKOFF_MAX_MS;
    mqtt->phase = WAITING;
    uv_timer_start(&mqtt->timer, on_retry, wait, 0);
}

/* A connection, or a try for one, has failed: mqtt->why says how. */
static void fail(struct mqtt *mqtt)
{
    bool was_up = mqtt->phase == UP;
    bool was_greeting = mqtt->phase == GREETING;
    connection_drop(mqtt);
    if (was_up && uv_now(mqtt->loop) - mqtt->up_since_ms >= SETTLED_MS) {
        mqtt->backoff_ms = CONNECTION_BACKOFF_FIRST_MS;
    }
    if (was_greeting && mqtt->may_use_v5) {
        /* Some brokers answer MQTT 5 with a refusal, some hang up: speak the other one next. */
        mqtt->use_v5 = !mqtt->use_v5;
    }
    wait_before_retry(mqtt);
    if (mqtt->handlers.lost != NULL) {
        mqtt->handlers.lost(mqtt->handlers.context, mqtt, mqtt->why);
    }
}

/* A broker that wants a certificate says so and closes at once: what we say meanwhile resets the
 * connection, and its word may be lost with it (TLS 1.3 has no turns here). */
static void tell_hung_up(struct mqtt *mqtt)
{
    snprintf(mqtt->why, sizeof mqtt->why, "TLS failed: the broker hung up%s",
             mqtt->login->cert_file == NULL ? ": does it ask for --cert and --cert-key?" : "");
}

static bool is_hung_up(const struct mqtt *mqtt, int result, int error_number)
{
    bool is_cut = result == MOSQ_ERR_CONN_LOST || result == MOSQ_ERR_TLS ||
                  (result == MOSQ_ERR_ERRNO &&
                   (error_number == EPROTO || error_number == EPIPE || error_number == ECONNRESET));
    bool is_early =
        mqtt->phase == CONNECTING || mqtt->phase == GREETING; /* the attempt shakes hands */
    return mqtt->tls != NULL && is_early && is_cut;
}

static void fail_for(struct mqtt *mqtt, int result, int error_number)
{
    if (mqtt->tls != NULL && tls_why(mqtt->tls, mqtt->why, sizeof mqtt->why)) {
        fail(mqtt);
        return;
    }
    if (is_hung_up(mqtt, result, error_number)) {
        tell_hung_up(mqtt);
    } else if (result == MOSQ_ERR_ERRNO && error_number != 0) {
        snprintf(mqtt->why, sizeof mqtt->why, "%s", strerror(error_number));
    } else if (result == MOSQ_ERR_EAI) {
        snprintf(mqtt->why, sizeof mqtt->why, "cannot find the host %.100s", mqtt->url.host);
    } else {
        snprintf(mqtt->why, sizeof mqtt->why, "%s", mosquitto_strerror(result));
    }
    fail(mqtt);
}

/* ---- a living connection ---- */

static void on_poll(uv_poll_t *poll, int status, int events);

/* Level-triggered, writable only while there is something to write: libmosquitto wants it so,
 * during the TLS handshake too. */
void connection_watch(struct mqtt *mqtt)
{
    if (mqtt->poll == NULL) {
        return;
    }
    int events = UV_READABLE | (mosquitto_want_write(mqtt->mosq) ? UV_WRITABLE : 0);
    if (events != mqtt->poll_events) {
        mqtt->poll_events = events;
        uv_poll_start(mqtt->poll, events, on_poll);
    }
}

void connection_subscribe(struct mqtt *mqtt, struct subscription *one)
{
    one->asked = 0;
    mosquitto_subscribe(mqtt->mosq, &one->asked, one->topic, one->qos);
}

static void announce(struct mqtt *mqtt)
{
    mqtt->phase = UP;
    mqtt->up_since_ms = uv_now(mqtt->loop);
    uv_timer_stop(&mqtt->timer);
    for (size_t i = 0; i < mqtt->subscription_count; i++) {
        connection_subscribe(mqtt, &mqtt->subscription[i]);
    }
    if (mqtt->handlers.connected != NULL) {
        mqtt->handlers.connected(mqtt->handlers.context, mqtt);
    }
}

/* After any call into libmosquitto that may have run callbacks.  False when there is no connection
 * any more. */
static bool settle(struct mqtt *mqtt, int result, int error_number)
{
    if (mqtt->was_lost) {
        if (mqtt->tls != NULL) {
            (void)tls_why(mqtt->tls, mqtt->why, sizeof mqtt->why);
        }
        fail(mqtt); /* its callback has said why */
        return false;
    }
    if (result != MOSQ_ERR_SUCCESS) {
        fail_for(mqtt, result, error_number);
        return false;
    }
    if (mqtt->was_welcomed && mqtt->phase == GREETING) {
        announce(mqtt);
    }
    if (mqtt->phase != UP && mqtt->phase != GREETING) {
        return false; /* closed by the handler */
    }
    connection_watch(mqtt);
    return true;
}

/* libmosquitto keeps whatever a broker sends: a message of 256 MiB until it is whole, a message of
 * QoS 2 until it is released, which may be never.  What came and became nothing is counted. */
static bool is_hoarding(const struct mqtt *mqtt)
{
    uint64_t taken;
    return taken_bytes(mosquitto_socket(mqtt->mosq), &taken) &&
           taken > mqtt->accounted + mqtt->receive_max + KEPT_MAX;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct mqtt *mqtt = poll->data;
    if (status < 0) {
        events = UV_READABLE; /* let libmosquitto find out */
    }
    if (events & UV_READABLE) {
        /* One packet a call; TLS may hold more than the socket shows, so read until it is dry. */
        for (int i = 0; i < PACKETS_PER_WAKE; i++) {
            mqtt->arrived = clock_mono();
            errno = 0;
            int result = mosquitto_loop_read(mqtt->mosq, 1);
            int error_number = errno;
            if (!settle(mqtt, result, error_number)) {
                return;
            }
            if (is_hoarding(mqtt)) {
                snprintf(mqtt->why, sizeof mqtt->why, "the broker sends what nobody can use");
                fail(mqtt);
                return;
            }
            if (error_number == EAGAIN) {
                break;
            }
        }
    }
    if (events & UV_WRITABLE) {
        errno = 0;
        int result = mosquitto_loop_write(mqtt->mosq, 1);
        settle(mqtt, result, errno);
    }
}

static void on_misc(uv_timer_t *timer)
{
    struct mqtt *mqtt = timer->data;
    mqtt->accounted += OVERHEAD;
    errno = 0;
    int result = mosquitto_loop_misc(mqtt->mosq);
    settle(mqtt, result, errno);
}

/* ---- what libmosquitto tells, always from within a call above ---- */

static void on_connect(struct mosquitto *mosq, void *context, int code, int flags,
                       const mosquitto_property *properties)
{
    (void)mosq;
    (void)flags;
    (void)properties;
    struct mqtt *mqtt = context;
    if (code == 0) {
        mqtt->was_welcomed = true;
        return;
    }
    snprintf(mqtt->why, sizeof mqtt->why, "the broker refused: %s",
             mqtt->use_v5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code));
}

static void tell_no_answer(struct mqtt *mqtt)
{
    snprintf(mqtt->why, sizeof mqtt->why, "no answer within %d s", CONNECT_DEADLINE_MS / 1000);
}

static void on_disconnect(struct mosquitto *mosq, void *context, int code,
                          const mosquitto_property *properties)
{
    (void)mosq;
    (void)properties;
    struct mqtt *mqtt = context;
    stop_watching(mqtt);
    mqtt->was_lost = true;
    if (mqtt->why[0] != '\0') {
        return; /* who gave it up has said why */
    }
    if (is_hung_up(mqtt, code, 0)) {
        tell_hung_up(mqtt);
    } else if (code == MOSQ_ERR_KEEPALIVE && mqtt->phase == GREETING) {
        tell_no_answer(mqtt); /* libmosquitto's deadline came round before ours */
    } else {
        snprintf(mqtt->why, sizeof mqtt->why, "%s",
                 code == MOSQ_ERR_KEEPALIVE ? "the broker has fallen silent"
                 : code == MOSQ_ERR_CONN_LOST && mqtt->phase == GREETING && !mqtt->url.is_tls &&
                         mqtt->url.port != 0
                     ? "it hung up before any welcome: is it TLS there, mqtts://?"
                 : code == MOSQ_ERR_CONN_LOST    ? "the connection was lost"
                 : code == MOSQ_ERR_CONN_REFUSED ? "the broker refused the connection"
                                                 : mosquitto_strerror(code));
    }
}

/* 128 and above: not granted (3.1.1, 3.9.3; 5, 3.9.3). */
static void on_subscribe(struct mosquitto *mosq, void *context, int number, int count,
                         const int *granted)
{
    (void)mosq;
    struct mqtt *mqtt = context;
    for (size_t i = 0; i < mqtt->subscription_count && count == 1; i++) {
        if (mqtt->subscription[i].asked == number && granted[0] >= 128 &&
            mqtt->handlers.denied != NULL && mqtt->phase == UP) {
            mqtt->handlers.denied(mqtt->handlers.context, mqtt, mqtt->subscription[i].topic);
        }
    }
}

static void on_message(struct mosquitto *mosq, void *context,
                       const struct mosquitto_message *message)
{
    (void)mosq;
    struct mqtt *mqtt = context;
    mqtt->accounted += (uint64_t)message->payloadlen + strlen(message->topic) + OVERHEAD;
    if (mqtt->handlers.message == NULL || message->payloadlen < 0 ||
        (size_t)message->payloadlen > mqtt->receive_max || mqtt->phase != UP) {
        return;
    }
    mqtt->handlers.message(mqtt->handlers.context, mqtt,
                           &(struct mqtt_message){
                               .topic = message->topic,
                               .payload = message->payload,
                               .size = (size_t)message->payloadlen,
                               .is_retained = message->retain,
                               .arrived = mqtt->arrived,
                           });
}

/* ---- the beginning ---- */

/* The context of tls_new is all there is to TLS: with defaults libmosquitto would put its own
 * options over it (mosquitto.h).  A socket in the file system has no port, and no TCP.  What is
 * left when it fails connection_drop frees. */
static bool configure(struct mqtt *mqtt, struct mosquitto *mosq)
{
    mosquitto_int_option(mosq, MOSQ_OPT_PROTOCOL_VERSION,
                         mqtt->use_v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    if (mqtt->url.port != 0) {
        mosquitto_int_option(mosq, MOSQ_OPT_TCP_NODELAY, 1);
    }
    mosquitto_connect_v5_callback_set(mosq, on_connect);
    mosquitto_disconnect_v5_callback_set(mosq, on_disconnect);
    mosquitto_message_callback_set(mosq, on_message);
    mosquitto_subscribe_callback_set(mosq, on_subscribe);
    const struct mqtt_login *login = mqtt->login;
    if (login->user != NULL &&
        mosquitto_username_pw_set(mosq, login->user, login->password) != MOSQ_ERR_SUCCESS) {
        return false;
    }
    if (mqtt->will_topic != NULL &&
        mosquitto_will_set_v5(mosq, mqtt->will_topic, (int)mqtt->will_size, mqtt->will_payload, 1,
                              true, NULL) != MOSQ_ERR_SUCCESS) {
        return false;
    }
    if (!mqtt->url.is_tls) {
        return true;
    }
    mqtt->tls = tls_new(login, mqtt->url.host);
    return mqtt->tls != NULL &&
           mosquitto_int_option(mosq, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS &&
           mosquitto_void_option(mosq, MOSQ_OPT_SSL_CTX, mqtt->tls) == MOSQ_ERR_SUCCESS;
}

void connection_on_attempt_done(uv_async_t *async)
{
    struct mqtt *mqtt = async->data;
    if (mqtt->phase != CONNECTING) {
        return; /* a wake-up of an attempt that was given up since */
    }
    int result, error_number;
    struct mosquitto *mosq;
    if (!attempt_take(mqtt->attempt, &result, &error_number, &mosq)) {
        return;
    }
    mqtt->attempt = NULL;
    mqtt->mosq = mosq;
    if (result != MOSQ_ERR_SUCCESS) {
        fail_for(mqtt, result, error_number);
        return;
    }
    mqtt->phase = GREETING;
    uv_poll_t *poll = calloc(1, sizeof *poll);
    if (poll == NULL || uv_poll_init(mqtt->loop, poll, mosquitto_socket(mosq)) != 0) {
        free(poll); /* uv_poll_init has not registered it */
        fail_for(mqtt, MOSQ_ERR_NOMEM, 0);
        return;
    }
    poll->data = mqtt;
    mqtt->poll = poll;
    mqtt->poll_events = 0;
    connection_watch(mqtt);
    uv_timer_start(&mqtt->misc, on_misc, MISC_MS, MISC_MS);
}

static void on_deadline(uv_timer_t *timer)
{
    struct mqtt *mqtt = timer->data;
    tell_no_answer(mqtt);
    fail(mqtt);
}

static void try_to_connect(struct mqtt *mqtt)
{
    mqtt->was_lost = false;
    mqtt->accounted = 0;
    mqtt->was_welcomed = false;
    mqtt->why[0] = '\0';
    mqtt->phase = CONNECTING;
    /* Random each time: a broker learns nothing of a listener from one day to the next. */
    char id[2 * 9 + 3] = "t-";
    uint8_t random[9];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id + 2, sizeof id - 2, random, sizeof random);
    struct mosquitto *mosq = mosquitto_new(id, true, mqtt);
    mosquitto_property *properties = NULL;
    if (mosq == NULL) {
        fail_for(mqtt, MOSQ_ERR_NOMEM, 0);
        return;
    }
    if (!configure(mqtt, mosq)) {
        mosquitto_destroy(mosq);
        snprintf(mqtt->why, sizeof mqtt->why, "the TLS files cannot be used: check --ca, --cert");
        fail(mqtt);
        return;
    }
    if (mqtt->use_v5) {
        mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                                     (uint32_t)(mqtt->receive_max + 1024));
    }
    mqtt->attempt =
        attempt_start(mosq, &mqtt->url, mqtt->keepalive_s, properties, &mqtt->attempt_done);
    if (mqtt->attempt == NULL) {
        mosquitto_property_free_all(&properties);
        mosquitto_destroy(mosq);
        fail_for(mqtt, MOSQ_ERR_NOMEM, 0);
        return;
    }
    uv_timer_start(&mqtt->timer, on_deadline, CONNECT_DEADLINE_MS, 0);
}

void connection_begin(struct mqtt *mqtt, uint64_t wait_ms)
{
    mqtt->backoff_ms = CONNECTION_BACKOFF_FIRST_MS;
    mqtt->phase = WAITING;
    uv_timer_start(&mqtt->timer, on_retry, wait_ms, 0);
}
