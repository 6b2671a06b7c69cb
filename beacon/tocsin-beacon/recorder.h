/* tocsin-beacon/recorder.h -- the flight log: every event that reaches the herald and every tick it
 * made, so that a countdown in the field can be gone through again at a desk. */
#ifndef BEACON_RECORDER_H
#define BEACON_RECORDER_H

#include "flight/flight.h"
#include "tocsin-beacon/records.h"

/* As whose the log is opened (flight_open). */
#define RECORDER_PROGRAM "tocsin-beacon"

/* What the herald begins with, once the records have come in. */
void recorder_begin(struct flight *flight, const struct record_id *root, enum cadence cadence);

void recorder_step(struct flight *flight, const struct herald_event *event,
                   const struct herald_update *update);

/* Goes through a log: prints what was said, and compares every tick with the recorded one.
 * EXIT_DONE when all are the same, byte for byte. */
int recorder_replay(const char *path, const struct leap_table *leap, struct records *records,
                    const struct trust_secret *secret);

#endif
