/* tocsin/bundle.h -- sync streams in and out of the command line. */
#ifndef CLI_BUNDLE_H
#define CLI_BUNDLE_H

#include "tocsin/desk.h"

/* Writes to standard output the bundle of a constellation's roots and revokes and, when uid is not
 * NULL, of that window's records.  After desk_load. */
int bundle_print(struct desk *desk, const struct record_id *root, const struct record_uid *uid);

/* Adds to the store what a bundle, or a raw record with the .minisig files beside it, brings for
 * the trusted roots. */
int bundle_import(struct desk *desk, const char *path);

/* The same for bytes of a sync stream; adds to *counts.  After desk_load with create. */
int bundle_add(struct desk *desk, const uint8_t *bytes, size_t size,
               struct store_sync_counts *counts);

#endif
