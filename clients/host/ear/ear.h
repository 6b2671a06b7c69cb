/* ear/ear.h -- a broker, spoken to by a process of its own: MQTT, TLS and DNS happen there, without
 * authority; here arrive bytes and when they came.
 *
 * The process is this program, executed anew, sandboxed (seccomp, Landlock, limits) as far as the
 * kernel can.  One that hangs, grows, dies or talks nonsense is ended and started again; nothing
 * here waits for it.  Its messages are read in turns, so that a flood takes no more than its share.
 *
 * Shell; its outside thing is that process. */
#ifndef EAR_EAR_H
#define EAR_EAR_H

#include <uv.h>

#include "instants/instant.h"
#include "mqtt/options.h"

struct ear;

struct ear_message {
    const char *topic;
    const uint8_t *payload;
    size_t size;
    bool is_retained; /* never a timing sample */
    /* The host's own CLOCK_MONOTONIC_RAW, read after the message was.  What the ear claims is held
     * within what can be: not before its socket was last seen empty, nor much before now.  Good for
     * a best point; what is proved rests on when the message was handed over here. */
    mono_raw arrived;
};

struct ear_handlers {
    void (*connected)(void *context, struct ear *ear);
    /* A connection that was up, a try to connect, or the ear itself has failed; it is tried
     * again. */
    void (*lost)(void *context, struct ear *ear, const char *why);
    void (*message)(void *context, struct ear *ear, const struct ear_message *message);
    void *context;
    /* The broker does not grant a subscription; may be NULL. */
    void (*denied)(void *context, struct ear *ear, const char *topic);
};

/* The first argument of an ear: main calls ear_main when argv[0] is it. */
#define EAR_PROGRAM "tocsin-ear"
int ear_main(void);

/* Starts an ear for a broker; url and login are as for mqtt_new.  NULL with *why for unusable
 * options or for want of memory. */
struct ear *ear_new(uv_loop_t *loop, const char *url, const struct mqtt_login *login,
                    const struct ear_handlers *handlers, const char **why);

/* Gives what was published a fifth of a second to be sent, and then ends as ear_close. */
void ear_finish(struct ear *ear);

/* Ends the process; frees once libuv has closed all handles. */
void ear_close(struct ear *ear);

bool ear_is_connected(const struct ear *ear);
const char *ear_url(const struct ear *ear);

/* Subscribes now and again whenever the ear or its connection is there again; false when there are
 * too many. */
bool ear_subscribe(struct ear *ear, const char *topic, int qos);
void ear_unsubscribe(struct ear *ear, const char *topic);

/* What the broker tells others, retained, when the connection is lost.  To be called before the
 * loop runs. */
enum { EAR_WILL_SIZE_MAX = 1024 };
bool ear_set_will(struct ear *ear, const char *topic, const void *payload, size_t size);

/* At QoS 1 if retained, at QoS 0 otherwise; lost when not connected. */
void ear_publish(struct ear *ear, const char *topic, const void *payload, size_t size,
                 bool is_retained);

#endif
