/* http/deadlines.h -- inside of the module: a total deadline for each request.  libmicrohttpd's own
 * timeout counts silence only, and one byte a second would hold a connection for ever. */
#ifndef HTTP_DEADLINES_H
#define HTTP_DEADLINES_H

#include <microhttpd.h>

#include "instants/instant.h"

/* One open connection; knows a descriptor and a time, no address. */
struct deadline {
    struct deadline *next, *previous;
    int fd;
    mono since; /* when it was opened, or its last request ended */
};

struct deadlines {
    struct deadline *first; /* owned */
};

/* For MHD_OPTION_NOTIFY_CONNECTION and MHD_OPTION_NOTIFY_COMPLETED; context is a struct deadlines.
 */
void deadlines_connection(void *context, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode what);
void deadlines_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode how);

/* Shuts down every connection whose request is older than the limit. */
void deadlines_cut(struct deadlines *deadlines, mono now, span limit);

#endif
