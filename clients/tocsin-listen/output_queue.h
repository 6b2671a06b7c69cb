/* tocsin-listen/output_queue.h -- standard output and error of a listener that goes on: whoever
 * reads them slowly, or not at all, holds nothing up. */
#ifndef LISTEN_OUTPUT_QUEUE_H
#define LISTEN_OUTPUT_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* From now on stdout and stderr are queues of lines.  False for want of memory or threads. */
bool output_open(void);

/* Gives what is queued half a second to be read; stdout and stderr are what they were. */
void output_close(void);

/* How many lines were lost since this was last asked and answered; 0 as long as nobody reads. */
uint64_t output_take_lost(void);

#endif
