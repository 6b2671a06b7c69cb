/* tocsin-listen/recorder.h -- the flight recorder: everything the mind hears, as text, and living
 * through it again.  The same records and the same events give the same steps, so a log from the
 * field shows on a desk what happened there.
 *
 *   tocsin listen log 1
 *   set NAME VALUE                      options, memory, marks: what the mind began with
 *   anchor HEX | records HEX            bytes that came in
 *   step KIND NOW RAW HOST SYNC BOUND SLEPT LINK FLAGS ARRIVED ID RELEASED VIEW ROOT BEACON HEX
 *                                       a proof: then the second tick's HEX, and where it was kept
 *
 * Numbers are decimal nanoseconds; absent bytes are "-". */
#ifndef LISTEN_RECORDER_H
#define LISTEN_RECORDER_H

#include <stdio.h>

#include "listener/listener.h"
#include "sink/sink.h"
#include "tocsin-listen/replica.h"

struct recorder {
    FILE *file; /* NULL: nothing is recorded */
    struct sink *sink;
    int descriptor;
    bool failed;
};

/* False with errno set. */
bool recorder_open(struct recorder *recorder, const char *path);
void recorder_begin(struct recorder *recorder, const struct listener_options *options,
                    const char *zone, const struct listener_mark *mark, size_t mark_count,
                    const struct listener_newest *newest, size_t newest_count);
void recorder_note_bytes(struct recorder *recorder, const char *kind, const uint8_t *bytes,
                         size_t size);
/* view_at: for LISTENER_RECORDS, the time for which the view was made. */
void recorder_note_step(struct recorder *recorder, const struct listener_event *event, utc view_at);

/* Nothing here waits for the disk.  False, once, when something could not be written, or not as
 * fast as it came: the log ends there. */
bool recorder_flush(struct recorder *recorder);
bool recorder_close(struct recorder *recorder);

/* What a log begins with. */
struct recorder_beginning {
    struct listener_options options;
    char zone[64], place[256], languages[256];
    struct listener_mark mark[LISTENER_MARKS_MAX];
    size_t mark_count;
    struct listener_newest newest[LISTENER_BEACONS_MAX];
    size_t newest_count;
};

/* Reads a log line by line.  begin is called once, before the first step, and returns whether to go
 * on; step after each event was told to the mind.  False with the line and the reason in why. */
struct recorder_player {
    struct replica *replica;
    const struct leap_table *leap;
    struct listener *listener;
    struct listener_update *update;
    bool (*begin)(void *context, struct recorder_beginning *beginning);
    void (*stepped)(void *context, const struct listener_event *event);
    void *context;
};
bool recorder_replay(FILE *file, struct recorder_player *player, char why[static 300]);

#endif
