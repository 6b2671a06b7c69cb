/* tocsin/sync.h -- the kinds of sources that tocsin sync knows; each adds to the store what comes and
 * to *counts what that was. */
#ifndef CLI_SYNC_H
#define CLI_SYNC_H

#include "tocsin/desk.h"

struct sync_request {
    const char *source;
    const char *ca_file; /* NULL: the system's */
    long timeout_s;
    bool pulls_only;
    bool creates; /* a store in a folder that is none yet, or not there */
};

struct sync_counts {
    struct store_sync_counts came;
    size_t records_sent, signatures_sent;
};

/* All after desk_load with create. */
int sync_folder(struct desk *desk, const struct sync_request *request, struct sync_counts *counts);
int sync_file(struct desk *desk, const struct sync_request *request, struct sync_counts *counts);
int sync_web(struct desk *desk, const struct sync_request *request, struct sync_counts *counts);
int sync_broker(struct desk *desk, const struct sync_request *request, struct sync_counts *counts);

#endif
