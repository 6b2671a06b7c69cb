/* sink/sink.h -- a descriptor written by a thread of its own: a terminal that was stopped (Ctrl-S),
 * a pipe that nobody reads, a disk that hangs holds up that thread, and never who writes.
 *
 * The descriptor stays as it is: O_NONBLOCK would be set for every process that shares it.
 *
 * Shell; its outside thing is that descriptor. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdio.h>

#include "instants/instant.h"

struct sink_options {
    int descriptor; /* the caller's; open until sink_close has returned */
    size_t room;    /* bytes that may wait; taken at once, resident as they are used */
    /* How long, in all since the queue was last empty, writers wait for room before something is
     * lost; 0: never. */
    span patience;
    bool ends_at_loss; /* nothing is written after the first loss: a file that is a beginning */
};

struct sink;

/* Starts the thread; false when there is no memory or no thread. */
TOCSIN_MUST_USE bool sink_open(const struct sink_options *options, struct sink **out);

/* Where to write, with stdio; owned by the sink.  What one flush hands over (of a line-buffered
 * stream: a line) is queued as a whole or lost as a whole.  A loss is no error of the stream unless
 * the sink ends with it. */
FILE *sink_stream(struct sink *sink);

/* How many flushes were lost since it was opened. */
uint64_t sink_lost(struct sink *sink);

/* Whether everything that was handed over is written. */
bool sink_is_drained(struct sink *sink);

/* The first error of the descriptor (errno), 0 if none; what could not be written is gone. */
int sink_failure(struct sink *sink);

/* Flushes, waits at most so long for what is queued, and frees.  Where the descriptor still hangs
 * then, the thread is left to itself, with what it needs.  False when not everything was
 * written. */
bool sink_close(struct sink *sink, span patience);

#endif
