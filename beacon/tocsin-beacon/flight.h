/* tocsin-beacon/flight.h -- the flight recorder: every event that reaches the herald and every tick
 * it made, one line each, so that a countdown in the field can be gone through again at a desk.
 *
 *   KIND UTC_NS ERROR_NS TAI LINK SESSION DATA     separated by tabs, `-` for what is absent
 *
 * KIND is view (DATA: the view's digest), up, down, wake or stamp (DATA: the tick).  Each run
 * starts with the line `begin`; a line before it that the power cut off ends in `~`.  Questions and
 * answers leave no line: strangers could fill the disk with them. */
#ifndef DAEMON_FLIGHT_H
#define DAEMON_FLIGHT_H

#include <stdio.h>

#include "tocsin-beacon/options.h"
#include "tocsin-beacon/records.h"

enum { FLIGHT_DATA_MAX = TICK_SIZE_MAX, FLIGHT_LINE_MAX = 2 * FLIGHT_DATA_MAX + 200 };

/* Opens a log to append to it, and begins a run there; NULL and errno. */
FILE *flight_open(const char *path);

/* Appends one line; false when it could not be written. */
TOCSIN_MUST_USE bool flight_write(FILE *file, const struct herald_event *event, const uint8_t *data,
                                  size_t size);

/* Reads one line (without its LF).  The event's view stays NULL; data has room for FLIGHT_DATA_MAX.
 */
TOCSIN_MUST_USE bool flight_read(const char *line, struct herald_event *event, uint8_t *data,
                                 size_t *size);

/* Goes through options->replay with the store as it is now: prints what was said, and compares
 * every tick with the recorded one.  EXIT_DONE when all are the same, byte for byte. */
int flight_replay(const struct options *options, const struct leap_table *leap,
                  struct records *records, const struct trust_secret *secret);

#endif
