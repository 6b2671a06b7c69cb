/* ticks/status.h -- the text on a beacon's status topic: news for people and programs, unsigned,
 * deciding nothing.
 *
 *   tocsin status 1
 *   state: up              (up, stopped, or lost: the last will)
 *   clock: synchronised    (or unsynchronised)
 *   windows: 3             (in force, coming or under way)
 *   omitted: 0             (records that did not fit into the records topic)
 */
#ifndef TICKS_STATUS_H
#define TICKS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instants/must_use.h"

enum { TICK_STATUS_SIZE = 256 };

enum tick_status_state { TICK_STATUS_UP, TICK_STATUS_STOPPED, TICK_STATUS_LOST };

struct tick_status {
    enum tick_status_state state;
    bool is_synchronised; /* this and the following: meaningful when up */
    uint32_t windows;
    uint32_t omitted;
};

/* Returns the length. */
size_t tick_status_write(const struct tick_status *status, char out[static TICK_STATUS_SIZE]);

/* Accepts what tick_status_write writes, and further `key: value` lines after it. */
TOCSIN_MUST_USE bool tick_status_read(const char *text, size_t size, struct tick_status *out);

#endif
