/* mqtt/rtt.h -- what the kernel knows of a TCP connection's path. */
#ifndef MQTT_RTT_H
#define MQTT_RTT_H

#include <stdbool.h>
#include <stdint.h>

/* tcpi_min_rtt of a connected TCP socket; false for any other, or before the first sample. */
bool rtt_of_socket(int fd, uint32_t *out_us);

/* How many bytes the peer sent and we took from the socket; false for anything but TCP. */
bool rtt_bytes_taken(int fd, uint64_t *out);

#endif
