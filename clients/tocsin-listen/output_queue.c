#include "tocsin-listen/output_queue.h"

#include <stdio.h>
#include <unistd.h>

#include "sink/sink.h"

enum { ROOM = 128 * 1024 };
static const int64_t PATIENCE_NS = NS_PER_S / 2;

static struct queue {
    FILE **stream, *before;
    struct sink *sink;
} queues[2];

static bool open_queue(struct queue *queue, FILE **stream, int descriptor)
{
    fflush(*stream);
    if (!sink_open(&(struct sink_options){.descriptor = descriptor, .room = ROOM}, &queue->sink)) {
        return false;
    }
    queue->stream = stream;
    queue->before = *stream;
    *stream = sink_stream(queue->sink);
    setvbuf(*stream, NULL, _IOLBF, BUFSIZ); /* a line is queued, or lost, as a whole */
    return true;
}

bool output_open(void)
{
    return open_queue(&queues[0], &stdout, STDOUT_FILENO) &&
           open_queue(&queues[1], &stderr, STDERR_FILENO);
}

void output_close(void)
{
    for (size_t i = 0; i < 2; i++) {
        if (queues[i].sink != NULL) {
            *queues[i].stream = queues[i].before;
            sink_close(queues[i].sink, (span){PATIENCE_NS});
            queues[i].sink = NULL;
        }
    }
}

uint64_t output_take_lost(void)
{
    static uint64_t told;
    if (queues[0].sink == NULL || !sink_is_drained(queues[0].sink)) {
        return 0;
    }
    uint64_t lost = sink_lost(queues[0].sink) - told;
    told += lost;
    return lost;
}
