/* broker/bound.h -- inside of broker: who listens where. */
#ifndef BROKER_BOUND_H
#define BROKER_BOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { BOUND_MAX = 32 };

/* A TCP socket that listens. */
struct bound_socket {
    int port;
    bool is_on_loopback;
};

/* The listening TCP sockets of a process, as the kernel tells them; 0 also when they cannot be
 * seen. */
size_t bound_sockets(pid_t pid, struct bound_socket out[static BOUND_MAX]);

/* Whether somebody else listens on this port, so that nothing of ours can. */
bool bound_is_taken(int port);

#endif
