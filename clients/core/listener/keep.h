/* listener/keep.h -- what must survive a restart, as text: a line for each mark, and a few for what
 * was learned about time.
 *
 *   firing ROOT UID KEY START BOOT NOT-BEFORE        (armed and fired: up to START)
 *
 *   tocsin listener memory 1
 *   root: ROOT               those that follow, up to the next, are about its constellation
 *   skew_ppb: 20000          skew_doubt_ppb: 300
 *   floor: INSTANT           newest: KEYID INSTANT
 *
 * Nothing of the memory is vital: what cannot be read is learned anew.  Marks are: a line that is
 * none is for a person to see. */
#ifndef LISTENER_KEEP_H
#define LISTENER_KEEP_H

#include "listener/listener.h"

enum {
    KEEP_MARK_SIZE = 256,
    KEEP_SIZE_MAX = 16384, /* more than keep_write ever needs */
};

/* What was learned by an earlier run. */
struct keep {
    struct listener_memory memory[LISTENER_CONSTELLATIONS_MAX];
    size_t memory_count;
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t newest_count;
};

/* With its line end; returns the length. */
size_t keep_write_mark(const struct listener_mark *mark, char out[static KEEP_MARK_SIZE]);

/* A line, without its end. */
TOCSIN_MUST_USE bool keep_read_mark(const char *line, size_t len, struct listener_mark *out);

/* All of it; returns the length that the whole needs, as snprintf does. */
size_t keep_write(const struct keep *keep, char *out, size_t size);

/* One line, without its end, added to what was read; false: none of these. */
bool keep_read_line(struct keep *keep, const char *line, size_t len);

#endif
