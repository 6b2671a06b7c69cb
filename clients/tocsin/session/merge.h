/* tocsin/session/merge.h -- what a store takes in from elsewhere: records of the trusted
 * constellations, and the trusted roots themselves at whatever version they were given by hand. */
#ifndef TOCSIN_MERGE_H
#define TOCSIN_MERGE_H

#include "tocsin/session/session.h"

struct merge {
    struct store_intake *stream; /* owned */
};

/* Opens a merge into `to`; refusals are told.  After session_load, and until the next; close it
 * whatever comes of it. */
int merge_open(struct merge *merge, const struct session *session, struct store *to);
void merge_close(struct merge *merge);

/* Takes in a sync stream, and adds to *counts. */
int merge_add(struct merge *merge, const uint8_t *bytes, size_t size, struct ledger_counts *counts);

/* The exit code of what a store said; told unless it went well. */
int merge_exit(enum store_result result, const struct store_error *error);

#endif
