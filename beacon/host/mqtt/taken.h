/* mqtt/taken.h -- how much a peer has sent us, as the kernel counts it. */
#ifndef MQTT_TAKEN_H
#define MQTT_TAKEN_H

#include <stdbool.h>
#include <stdint.h>

/* How many bytes the peer sent and we took from the socket; false for anything but TCP. */
bool taken_bytes(int fd, uint64_t *out);

#endif
