/* http/pace.h -- inside of the module: how much of an answer has arrived. */
#ifndef HTTP_PACE_H
#define HTTP_PACE_H

#include <stdint.h>

/* Bytes of a TCP connection that the other side has acknowledged; 0 where the kernel does not
 * say. */
uint64_t pace_taken(int fd);

#endif
