/* broker/bound.h -- inside of broker: does a process listen beyond loopback? */
#ifndef BROKER_BOUND_H
#define BROKER_BOUND_H

#include <stdbool.h>
#include <sys/types.h>

/* True when every listening TCP socket of the process is on loopback, and it has at least one.
 * False, with the port of the first that is not in *port (0: could not be found out). */
bool broker_is_on_loopback(pid_t pid, int *port);

#endif
