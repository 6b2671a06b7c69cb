#include "sink/sink.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock/clock.h"

enum { SINK_STACK_SIZE = 64 * 1024, CHUNK_MAX = 16 * 1024 };

struct sink {
    struct sink_options options;
    FILE *stream;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t filled, taken;
    /* under lock; what waits is [first, first + count) of a ring */
    char *ring;
    size_t first, count;
    uint64_t lost;
    int64_t waited_ns; /* by writers, since it was last empty */
    int failure;
    bool is_closing, is_done; /* the thread is asked to end, has ended */
    bool is_abandoned;        /* nobody waits for it any more: it frees the sink when it ends */
};

/* Writes at least a byte; false with errno. */
static bool write_some(int descriptor, const char *at, size_t size, size_t *written)
{
    for (;;) {
        ssize_t got = write(descriptor, at, size);
        if (got >= 0) {
            *written = (size_t)got;
            return true;
        }
        if (errno == EAGAIN) { /* somebody else has made it so */
            struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
}

static void free_sink(struct sink *sink)
{
    pthread_mutex_destroy(&sink->lock);
    pthread_cond_destroy(&sink->filled);
    pthread_cond_destroy(&sink->taken);
    free(sink->ring);
    free(sink);
}

/* The thread that may hang, so that nobody else does: it writes without the lock, from a copy, and
 * what a reader that has gone will never take is thrown away as if it were written.  Who closes may
 * have left us behind; then the last of us frees what is left. */
static void *run(void *context)
{
    struct sink *sink = context;
    prctl(PR_SET_NAME, "tocsin-sink");
    char chunk[CHUNK_MAX];
    pthread_mutex_lock(&sink->lock);
    for (;;) {
        while (sink->count == 0 && !sink->is_closing) {
            pthread_cond_wait(&sink->filled, &sink->lock);
        }
        if (sink->count == 0) {
            break;
        }
        size_t size = sink->options.room - sink->first;
        size = sink->count < size ? sink->count : size;
        size = size < sizeof chunk ? size : sizeof chunk;
        memcpy(chunk, sink->ring + sink->first, size);
        pthread_mutex_unlock(&sink->lock);
        size_t written = 0;
        int failure = write_some(sink->options.descriptor, chunk, size, &written) ? 0 : errno;
        pthread_mutex_lock(&sink->lock);
        if (failure != 0) {
            sink->failure = sink->failure != 0 ? sink->failure : failure;
            written = size; /* a reader that has gone, a full disk: it is lost */
        }
        sink->first = (sink->first + written) % sink->options.room;
        sink->count -= written;
        if (sink->count == 0) {
            sink->waited_ns = 0;
        }
        pthread_cond_broadcast(&sink->taken);
    }
    sink->is_done = true;
    bool is_abandoned = sink->is_abandoned;
    pthread_cond_broadcast(&sink->taken);
    pthread_mutex_unlock(&sink->lock);
    if (is_abandoned) {
        free_sink(sink);
    }
    return NULL;
}

/* Waits for the thread to have taken or ended; called with the lock held. */
static void wait_taken(struct sink *sink, int64_t until_ns)
{
    struct timespec until = {until_ns / NS_PER_S, until_ns % NS_PER_S};
    pthread_cond_timedwait(&sink->taken, &sink->lock, &until);
}

/* Called with the lock held. */
static bool has_room(struct sink *sink, size_t size)
{
    int64_t begun_ns = 0, now_ns = 0;
    int64_t left_ns = sink->options.patience.ns - sink->waited_ns;
    while (size <= sink->options.room && sink->options.room - sink->count < size &&
           now_ns - begun_ns < left_ns) {
        begun_ns = begun_ns != 0 ? begun_ns : clock_mono().ns;
        wait_taken(sink, begun_ns + left_ns);
        now_ns = clock_mono().ns;
    }
    sink->waited_ns += now_ns - begun_ns;
    return sink->options.room - sink->count >= size;
}

static void put(struct sink *sink, const char *bytes, size_t size)
{
    size_t end = (sink->first + sink->count) % sink->options.room;
    size_t straight = sink->options.room - end < size ? sink->options.room - end : size;
    memcpy(sink->ring + end, bytes, straight);
    memcpy(sink->ring, bytes + straight, size - straight);
    sink->count += size;
}

/* A cookie_write_function_t: 0 is an error. */
static ssize_t take(void *cookie, const char *bytes, size_t size)
{
    struct sink *sink = cookie;
    pthread_mutex_lock(&sink->lock);
    bool has_ended = sink->options.ends_at_loss && sink->lost > 0;
    bool is_taken = !has_ended && has_room(sink, size);
    if (is_taken) {
        put(sink, bytes, size);
        pthread_cond_signal(&sink->filled);
    } else {
        sink->lost++;
    }
    pthread_mutex_unlock(&sink->lock);
    return is_taken || !sink->options.ends_at_loss ? (ssize_t)size : 0;
}

static bool start_thread(struct sink *sink)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    pthread_attr_setstacksize(&attributes, SINK_STACK_SIZE);
    sigset_t all, before; /* signals are the loop's business */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&sink->thread, &attributes, run, sink) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

bool sink_open(const struct sink_options *options, struct sink **out)
{
    struct sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL) {
        return false;
    }
    sink->options = *options;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&sink->lock, NULL);
    pthread_cond_init(&sink->filled, &monotonic);
    pthread_cond_init(&sink->taken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sink->ring = malloc(options->room);
    if (sink->ring != NULL) {
        sink->stream = fopencookie(sink, "w", (cookie_io_functions_t){.write = take});
    }
    if (sink->stream == NULL || !start_thread(sink)) {
        if (sink->stream != NULL) {
            fclose(sink->stream);
        }
        free_sink(sink);
        return false;
    }
    *out = sink;
    return true;
}

FILE *sink_stream(struct sink *sink)
{
    return sink->stream;
}

uint64_t sink_lost(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    uint64_t lost = sink->lost;
    pthread_mutex_unlock(&sink->lock);
    return lost;
}

bool sink_is_drained(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    bool is_drained = sink->count == 0;
    pthread_mutex_unlock(&sink->lock);
    return is_drained;
}

int sink_failure(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    int failure = sink->failure;
    pthread_mutex_unlock(&sink->lock);
    return failure;
}

bool sink_close(struct sink *sink, span patience)
{
    fclose(sink->stream);
    int64_t until_ns = clock_mono().ns + patience.ns;
    pthread_mutex_lock(&sink->lock);
    sink->is_closing = true;
    pthread_cond_signal(&sink->filled);
    while (!sink->is_done && clock_mono().ns < until_ns) {
        wait_taken(sink, until_ns);
    }
    bool is_done = sink->is_done;
    bool is_whole = is_done && sink->lost == 0 && sink->failure == 0;
    if (!is_done) {
        sink->is_abandoned = true;
        pthread_detach(sink->thread);
    }
    pthread_mutex_unlock(&sink->lock); /* an abandoned sink may be gone from here on */
    if (is_done) {
        pthread_join(sink->thread, NULL);
        free_sink(sink);
    }
    return is_whole;
}
