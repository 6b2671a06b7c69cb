/* watch/watch.h -- tells a daemon when a store may have changed: inotify through libuv, gathered
 * for a moment, and a rescan every minute for file systems that tell nothing.
 *
 * It reads no file: the answer to every call is to load the store again. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <stdbool.h>
#include <uv.h>

#include "instants/must_use.h"

enum {
    WATCH_GATHER_MS = 200,   /* changes this close together are told once */
    WATCH_RESCAN_MS = 60000, /* even when nothing was told */
};

struct watch;

/* is_rescan: nothing was seen to change, a minute has passed. */
typedef void (*watch_changed)(void *context, bool is_rescan);

/* Watches the store in dir (its records/ and sigs/ and the folders in them, now and as they come).
 * False with errno when there is no memory or no inotify watch to be had; a folder that is not
 * there yet is no failure. */
TOCSIN_MUST_USE bool watch_start(uv_loop_t *loop, const char *dir, watch_changed changed,
                                 void *context, struct watch **out);

/* Ends the watch; the memory goes when the loop has run its close callbacks. */
void watch_stop(struct watch *watch);

#endif
