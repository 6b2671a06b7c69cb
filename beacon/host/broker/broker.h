/* broker/broker.h -- a mosquitto of our own: configured so that only the beacon publishes, and
 * everyone else to one topic alone, on loopback only; started, watched, restarted and stopped.
 * Shell; runs on a libuv loop.
 *
 * What mosquitto 2.0's configuration cannot say, that a question has 32 bytes and is not kept, is
 * said by a plugin (guard/).  Where that is not at hand, the beacon judges for itself: whoever asks
 * can then leave one message of 264 KiB at the most lying there, which is not answered.  So does a
 * mosquitto that cannot load it. */
#ifndef BROKER_BROKER_H
#define BROKER_BROKER_H

#include <stdbool.h>

#include <uv.h>

struct broker;

struct broker_options {
    const char *ask_topic;    /* where everyone may publish; borrowed while it runs */
    int port;                 /* 0: a free one */
    bool has_websockets;      /* a second listener, for browsers */
    int websockets_port;      /* 0: a free one */
    bool websockets_anywhere; /* accept a WebSockets listener that is open to every interface: the
                                 owner says that a firewall or a namespace guards it */
};

struct broker_handlers {
    /* It listens (also after a restart, on the same ports). */
    void (*ready)(void *context, struct broker *broker);
    /* It ended by itself.  is_final: it will not be started again, *why says what to do; otherwise
     * it is started again in a moment. */
    void (*ended)(void *context, struct broker *broker, const char *why, bool is_final);
    void *context;
};

enum { BROKER_PATH_MAX = 256 };

/* The plugin's path, where it is and mosquitto's user comes to it; false, and empty, elsewhere. Who
 * shuts itself in before it starts a broker keeps this readable. */
bool broker_guard(char path[static BROKER_PATH_MAX]);

/* Starts it.  NULL with one sentence and remedy in error when that is already impossible. */
struct broker *broker_start(uv_loop_t *loop, const struct broker_options *options,
                            const struct broker_handlers *handlers, char error[static 256]);

/* mqtt://127.0.0.1:PORT, and the name and password under which alone one may publish. */
const char *broker_url(const struct broker *broker);
#define BROKER_USER "beacon"
const char *broker_password(const struct broker *broker);

/* Whether mosquitto has the plugin; certain once it is ready. */
bool broker_is_guarded(const struct broker *broker);

/* 0 when there is no WebSockets listener. */
int broker_websockets_port(const struct broker *broker);

/* Ends it, to be started again as when it ends by itself: it runs, and serves nobody. */
void broker_restart(struct broker *broker);

/* No callback any more, and no start again: it is about to be stopped, and may have been asked to
 * end by the same signal as we. */
void broker_let_go(struct broker *broker);

/* Stops the process (SIGTERM, SIGKILL after two seconds), removes its files, frees. */
void broker_stop(struct broker *broker, void (*done)(void *context), void *context);

#endif
