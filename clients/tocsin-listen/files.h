/* tocsin-listen/files.h -- records from files given by hand: a bundle, or a raw record with its
 * .minisig files beside it. */
#ifndef LISTEN_FILES_H
#define LISTEN_FILES_H

#include "tocsin-listen/shelf.h"

/* Reads a root file and whatever else it holds.  False with a sentence naming the file. */
bool files_load_root(struct shelf *shelf, const char *path, char why[static 400]);

/* Reads a bundle (or a raw record with its signatures beside it) of at most 16 MiB. */
bool files_load_bundle(struct shelf *shelf, const char *path, struct shelf_counts *counts,
                       char why[static 400]);

#endif
