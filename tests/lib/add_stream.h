/* add_stream.h -- one sync stream into a store. */
#ifndef ADD_STREAM_H
#define ADD_STREAM_H

#include "store/store.h"

static inline enum store_result add_stream(struct store *store, const uint8_t *bytes, size_t size,
                                           const struct store_source *source,
                                           struct ledger_counts *counts, struct store_error *error)
{
    struct store_intake *intake;
    *counts = (struct ledger_counts){0};
    enum store_result result = store_intake_new(store, source, &intake, error);
    if (result == STORE_OK) {
        result = store_intake_add(intake, bytes, size, counts, error);
        store_intake_free(intake);
    }
    return result;
}

#endif
