/* tocsin/sync/sync.h -- the kinds of sources that tocsin sync knows; each adds to the store what
 * comes and to *counts what that was. */
#ifndef TOCSIN_SYNC_H
#define TOCSIN_SYNC_H

#include "mqtt/options.h"
#include "tocsin/session/session.h"

struct sync_request {
    const char *source;
    struct mqtt_login login; /* of it, the web takes ca_file */
    long timeout_s;
    bool pulls_only;
    bool creates; /* a store in a folder that is none yet, or not there */
};

struct sync_counts {
    struct ledger_counts came;
    size_t records_sent, signatures_sent;
};

/* All after session_load with create. */
int sync_folder(struct session *session, const struct sync_request *request,
                struct sync_counts *counts);
int sync_file(struct session *session, const struct sync_request *request,
              struct sync_counts *counts);
int sync_web(struct session *session, const struct sync_request *request,
             struct sync_counts *counts);
/* One file of the web as it is; *out is on the heap.  It needs no session. */
int sync_fetch(const char *url, uint8_t **out, size_t *size);
int sync_broker(struct session *session, const struct sync_request *request,
                struct sync_counts *counts);

#endif
