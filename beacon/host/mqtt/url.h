/* mqtt/url.h -- broker URLs: mqtt://HOST[:PORT], mqtts://HOST[:PORT], unix:/PATH.  Pure. */
#ifndef MQTT_URL_H
#define MQTT_URL_H

#include <stdbool.h>

#include "instants/must_use.h"

enum { MQTT_HOST_MAX = 256, MQTT_PORT = 1883, MQTT_TLS_PORT = 8883 };

struct mqtt_url {
    char host[MQTT_HOST_MAX]; /* the path, for a unix socket; an IPv6 address without brackets */
    int port;                 /* 0: a unix socket */
    bool is_tls;
};

/* False, with one sentence in *why, for anything else: user info, a path, a port out of range. */
TOCSIN_MUST_USE bool mqtt_url_read(const char *text, struct mqtt_url *out, const char **why);

/* Whether the broker is on this machine: a unix socket or a loopback address, by its text. */
bool mqtt_url_is_local(const struct mqtt_url *url);

#endif
