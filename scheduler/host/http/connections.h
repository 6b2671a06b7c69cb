/* http/connections.h -- inside of the module: who is connected, how long a request may take, and
 * who makes room when there are too many.
 *
 * A request has a deadline as a whole, since one byte a second would hold a connection for ever; an
 * answer has none, as long as the reader takes it in at a lowest rate.  Where more are connected
 * than there is room for, the address that holds the most gives up a connection that is waiting, so
 * that nobody is kept out by one who only sits there; a proxy's hundred are no less welcome than a
 * hundred readers'. */
#ifndef HTTP_CONNECTIONS_H
#define HTTP_CONNECTIONS_H

#include <microhttpd.h>

#include "instants/instant.h"

/* One open connection.  Its address is compared with others' while it lasts, and never told. */
struct connection {
    struct connection *next, *previous;
    int fd;
    uint8_t address[16]; /* of IPv6 the first half: a host has as many as it likes of the rest */
    bool is_answering;
    bool is_cut;
    bool is_beyond; /* there was no room when it came: all others were being answered */
    mono since; /* when it was opened, its last request ended, or its answer was last measured */
    uint64_t taken; /* bytes that the reader had acknowledged then */
};

struct connections {
    struct connection *first; /* owned; the newest first */
    size_t count, most;       /* not counting those that were cut; and how many there shall be */
};

/* For MHD_OPTION_NOTIFY_CONNECTION and MHD_OPTION_NOTIFY_COMPLETED; context is a struct
 * connections.
 */
void connections_changed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode what);
void connections_completed(void *context, struct MHD_Connection *connection, void **slot,
                           enum MHD_RequestTerminationCode how);

/* The request is here whole: from now on the reader's pace counts.  False: it came when there was
 * no room, and there still is none. */
TOCSIN_MUST_USE bool connections_answers(struct connections *connections,
                                         struct MHD_Connection *connection);

/* Shuts down what is too slow. */
void connections_cut(struct connections *connections, mono now);

#endif
