/* tocsin-beacon/records.h -- the store as the beacon sees it: one constellation's view, and the
 * stream for the records topic. */
#ifndef DAEMON_RECORDS_H
#define DAEMON_RECORDS_H

#include "herald/herald.h"
#include "replica/replica.h"

enum { RECORDS_STREAM_MAX = 256 * 1024 };

struct records {
    const struct leap_table *leap;
    struct replica replica;
    char dir[512];
    struct record_id root; /* the constellation that is served, after records_choose */
    struct view *view;     /* as of the last records_view */
};

/* Without any yet; leap must outlive them.  False for want of memory. */
TOCSIN_MUST_USE bool records_init(struct records *records, const struct leap_table *leap);
void records_close(struct records *records);

/* Reads the root file's anchors, opens the store and brings the root into it.  The exit code,
 * having said why. */
int records_open(struct records *records, const char *root_file, const char *dir);

/* Whether something new has come into the store; what is wrong with it is said. */
bool records_look(struct records *records);

/* Chooses the constellation that is served: of several the one that has this key as a beacon.  On
 * failure says why and gives the exit code.  After records_open. */
TOCSIN_MUST_USE bool records_choose(struct records *records, const char *root_file,
                                    const struct record_public_key *key, utc now, int *exit_code);

/* Says whom this beacon believes: each anchor by its own content. */
void records_introduce(const struct records *records);

/* The view as of now, valid until the next call; NULL for want of memory. */
const struct view *records_view(struct records *records, utc now);

/* The stream for the records topic, what is needed most first as far as it fits, ascending by id.
 * A heap block that the caller frees; *omitted counts what did not fit. */
TOCSIN_MUST_USE bool records_stream(struct records *records, utc now, uint8_t **out, size_t *size,
                                    uint32_t *omitted);

#endif
