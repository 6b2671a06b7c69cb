/* store/load.h -- everything in the folder, verified, as a ledger.  Private to the module. */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "store/folder.h"

/* Fills the ledger; what is unsound is put aside, told and counted. */
enum store_result load_ledger(struct store *store, struct ledger *ledger, store_note_sink note,
                              void *context, struct store_check_counts *counts,
                              struct store_error *error);

#endif
