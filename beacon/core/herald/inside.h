/* herald/inside.h -- the parts of the herald that only the herald sees. */
#ifndef HERALD_INSIDE_H
#define HERALD_INSIDE_H

#include "herald/herald.h"

/* Takes from the view what this key may tick for, the nearest first if there is too much. */
void herald_take_view(struct herald *herald, const struct view *view, utc now);

/* The starts of the moments that are still to be counted, for the cadence; each later by less than
 * the shortest period, by the same for one key: ticks of several beacons that all fall on T-0 would
 * queue behind each other in every broker and connection, and the last would always be late. */
size_t herald_starts(const struct herald *herald, utc out[static HERALD_OCCURRENCES_MAX]);

/* Up to TICK_WINDOWS_MAX windows for a tick: the nearest, and others within two days. */
size_t herald_nearest(const struct herald *herald, utc now,
                      struct tick_window out[static TICK_WINDOWS_MAX]);

/* "20 s left", "begun 3 s ago", "nothing declared". */
void herald_say_left(const struct herald *herald, utc now, char *out, size_t size);

/* "2 windows in force, the next at ..." */
void herald_say_view(const struct herald *herald, utc now, char *out, size_t size);

#endif
