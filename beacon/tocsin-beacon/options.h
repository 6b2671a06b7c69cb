/* tocsin-beacon/options.h -- the command line of tocsin-beacon. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "herald/herald.h"
#include "mqtt/options.h"

struct options {
    const char *root, *key;
    const char *broker[HERALD_LINKS_MAX];
    size_t broker_count;
    const char *store;  /* NULL: the default folder */
    const char *state;  /* NULL: none is kept */
    const char *inbox;  /* NULL: none is looked into */
    const char *log;    /* flight log to append to */
    const char *replay; /* flight log to go through */
    struct mqtt_login login;
    bool has_embedded_broker;
    int port; /* 0: a free one */
    bool has_websockets, websockets_anywhere;
    int websockets_port;
    enum cadence cadence;
    bool has_clock_error; /* the owner vouches for this host's clock */
    span clock_error;
    bool is_rehearsal;
    bool has_at;
    utc at;
};

/* Reads argv; exits by itself for --help, --version and errors of usage (2). */
void options_read(int argc, char **argv, struct options *out);

#endif
