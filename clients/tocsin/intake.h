/* tocsin/intake.h -- what a store takes in from elsewhere: records of the trusted constellations, and
 * the trusted roots themselves at whatever version they were given by hand. */
#ifndef CLI_INTAKE_H
#define CLI_INTAKE_H

#include "tocsin/desk.h"

struct intake {
    struct store_intake *stream; /* owned */
    struct record_id *id;        /* owned: the constellations, then the anchors */
};

/* Opens an intake into `to`; refusals are told.  After desk_load; close it whatever comes of it. */
int intake_open(struct intake *intake, const struct desk *desk, struct store *to);
void intake_close(struct intake *intake);

/* Takes in a sync stream, and adds to *counts. */
int intake_add(struct intake *intake, const uint8_t *bytes, size_t size,
               struct store_sync_counts *counts);

/* The exit code of what a store said; told unless it went well. */
int intake_exit(enum store_result result, const struct store_error *error);

#endif
