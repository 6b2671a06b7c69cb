/* process.c -- the ear itself: what its socket says goes to the broker, what the broker says to the
 * socket. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ear/ear.h"
#include "ear/frame.h"
#include "ear/login.h"
#include "mqtt/mqtt.h"
#include "sandbox/sandbox.h"

enum { SOCKET = 3, BEAT_MS = 1000, MEMORY_MAX = 16 * 1024 * 1024, NICENESS = 5, DESCRIPTORS = 64 };

static struct process {
    uv_loop_t loop;
    uv_poll_t poll;
    uv_timer_t beat;
    struct mqtt *mqtt;
    uint8_t login_bytes[LOGIN_SIZE_MAX];
    struct mqtt_login login;
    char will_topic[FRAME_TOPIC_MAX + 1]; /* "": none */
    uint8_t will[EAR_WILL_SIZE_MAX];
    size_t will_size;
    size_t used;
    uint8_t bytes[FRAME_ROOM];
} ear;

/* Waits where the listener does not keep up: then the broker waits, too. */
static void say(const struct frame *frame)
{
    static uint8_t bytes[FRAME_ROOM];
    size_t size = frame_write(frame, bytes);
    for (size_t at = 0; at < size;) {
        ssize_t sent = send(SOCKET, bytes + at, size - at, MSG_NOSIGNAL);
        if (sent > 0) {
            at += (size_t)sent;
        } else if (errno != EINTR) {
            _exit(0); /* the listener has gone */
        }
    }
}

static void say_text(enum frame_kind kind, const char *text)
{
    say(&(struct frame){.kind = kind, .payload = (const uint8_t *)text, .size = strlen(text)});
}

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)context;
    (void)mqtt;
    say(&(struct frame){.kind = FRAME_UP});
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    (void)context;
    (void)mqtt;
    say_text(FRAME_DOWN, why);
}

static void on_denied(void *context, struct mqtt *mqtt, const char *topic)
{
    (void)context;
    (void)mqtt;
    say(&(struct frame){.kind = FRAME_DENIED, .topic = topic, .topic_size = strlen(topic)});
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)context;
    (void)mqtt;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now); /* it has been read */
    size_t topic_size = strlen(message->topic);
    if (topic_size <= FRAME_TOPIC_MAX && message->size <= FRAME_PAYLOAD_MAX) {
        say(&(struct frame){.kind = FRAME_MESSAGE,
                            .flag = message->is_retained,
                            .arrived_ns = now.tv_sec * NS_PER_S + now.tv_nsec,
                            .topic = message->topic,
                            .topic_size = topic_size,
                            .payload = message->payload,
                            .size = message->size});
    }
}

/* The first frame: a broker, and who we are to it.  From then on nothing else can be reached. */
static bool open_broker(const struct frame *frame, const char *url)
{
    static const struct mqtt_handlers handlers = {
        .connected = on_connected, .lost = on_lost, .message = on_message, .denied = on_denied};
    const char *why;
    if (ear.mqtt != NULL || frame->size > sizeof ear.login_bytes) {
        return false;
    }
    memcpy(ear.login_bytes, frame->payload, frame->size);
    if (!login_read(ear.login_bytes, frame->size, &ear.login)) {
        return false;
    }
    (void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){DESCRIPTORS, DESCRIPTORS});
    (void)sandbox_enter(
        &(struct sandbox){.read = {ear.login.ca_file, ear.login.cert_file, ear.login.key_file}});
    ear.mqtt = mqtt_new(
        &ear.loop,
        &(struct mqtt_options){.url = url,
                               .login = &ear.login,
                               .will_topic = ear.will_topic[0] != '\0' ? ear.will_topic : NULL,
                               .will_payload = ear.will,
                               .will_size = ear.will_size,
                               /* brokers are nobody's friends: mqtt.h says why */
                               .use_v5 = false,
                               .jitter_first_connect = true},
        &handlers, &why);
    return ear.mqtt != NULL;
}

/* False ends this process: who sends what cannot be meant is no listener of ours. */
static bool obey(const struct frame *frame)
{
    char topic[FRAME_TOPIC_MAX + 1];
    memcpy(topic, frame->topic, frame->topic_size);
    topic[frame->topic_size] = '\0';
    if (frame->kind == FRAME_OPEN) {
        return open_broker(frame, topic);
    }
    if (frame->kind == FRAME_WILL && frame->size <= sizeof ear.will) {
        memcpy(ear.will_topic, topic, sizeof ear.will_topic);
        memcpy(ear.will, frame->payload, frame->size);
        ear.will_size = frame->size;
        return ear.mqtt == NULL;
    }
    if (ear.mqtt == NULL) {
        return false;
    }
    if (frame->kind == FRAME_SUBSCRIBE) {
        (void)mqtt_subscribe(ear.mqtt, topic, frame->flag);
    } else if (frame->kind == FRAME_UNSUBSCRIBE) {
        mqtt_unsubscribe(ear.mqtt, topic);
    } else if (frame->kind == FRAME_PUBLISH) {
        bool is_retained = frame->flag == 1;
        (void)mqtt_publish(ear.mqtt, topic, frame->payload, frame->size, is_retained, is_retained,
                           0);
    } else {
        return false;
    }
    return true;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
    ssize_t got = recv(SOCKET, ear.bytes + ear.used, sizeof ear.bytes - ear.used, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        _exit(0); /* the listener has gone */
    }
    ear.used += (size_t)got;
    size_t at = 0, used;
    struct frame frame;
    enum frame_result result;
    while ((result = frame_read(ear.bytes + at, ear.used - at, &frame, &used)) == FRAME_WHOLE) {
        if (!obey(&frame)) {
            _exit(2);
        }
        at += used;
    }
    if (result == FRAME_BAD) {
        _exit(2);
    }
    memmove(ear.bytes, ear.bytes + at, ear.used - at);
    ear.used -= at;
}

static void on_beat(uv_timer_t *timer)
{
    (void)timer;
    say(&(struct frame){.kind = FRAME_BEAT});
}

int ear_main(void)
{
    (void)setpriority(PRIO_PROCESS, 0, NICENESS); /* a start comes first */
#ifndef __SANITIZE_ADDRESS__                      /* its shadow alone is terabytes */
    (void)mqtt_bound_memory(MEMORY_MAX);
#endif
    if (uv_loop_init(&ear.loop) != 0 || uv_poll_init(&ear.loop, &ear.poll, SOCKET) != 0) {
        return 3;
    }
    uv_timer_init(&ear.loop, &ear.beat);
    uv_poll_start(&ear.poll, UV_READABLE, on_readable);
    uv_timer_start(&ear.beat, on_beat, 0, BEAT_MS);
    uv_run(&ear.loop, UV_RUN_DEFAULT);
    return 0;
}
