#include "http/connections.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock/clock.h"
#include "http/http.h"
#include "http/mhd.h"
#include "http/pace.h"

static void take_address(const struct sockaddr *from, uint8_t out[static 16])
{
    memset(out, 0, 16);
    if (from == NULL) {
        return;
    }
    if (from->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        memcpy(out, &v4.sin_addr, sizeof v4.sin_addr);
    } else if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, from, sizeof v6);
        bool is_v4 = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
        memcpy(out, is_v4 ? &v6.sin6_addr.s6_addr[12] : v6.sin6_addr.s6_addr, is_v4 ? 4 : 8);
    }
}

/* The library sees the end of the stream and closes the descriptor itself. */
static void cut(struct connections *connections, struct connection *one)
{
    one->is_cut = true;
    connections->count--;
    shutdown(one->fd, SHUT_RDWR);
}

static size_t held_by(const struct connections *connections, const struct connection *one)
{
    size_t held = 0;
    for (const struct connection *at = connections->first; at != NULL; at = at->next) {
        held += !at->is_cut && memcmp(at->address, one->address, sizeof at->address) == 0;
    }
    return held;
}

/* The oldest that waits, of those of the address that holds the most; NULL: all others than one are
 * answering. */
static struct connection *least_welcome(const struct connections *connections,
                                        const struct connection *one)
{
    struct connection *chosen = NULL;
    size_t most = 0;
    for (struct connection *at = connections->first; at != NULL; at = at->next) {
        if (at == one || at->is_cut || at->is_answering) {
            continue;
        }
        bool is_his = chosen != NULL && memcmp(at->address, chosen->address, 16) == 0;
        size_t held = is_his ? most : held_by(connections, at);
        if (held > most || (held == most && (chosen == NULL || at->since.ns < chosen->since.ns))) {
            chosen = at;
            most = held;
        }
    }
    return chosen;
}

/* One itself stays: where there is no room for it, it is told so. */
static void make_room(struct connections *connections, struct connection *one)
{
    struct connection *other = one;
    while (connections->count > connections->most && other != NULL) {
        other = least_welcome(connections, one);
        if (other != NULL) {
            cut(connections, other);
        }
    }
    one->is_beyond = connections->count > connections->most;
}

static void open_connection(struct connections *connections, struct MHD_Connection *connection,
                            void **slot)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *one = calloc(1, sizeof *one);
    *slot = one;
    if (one == NULL || info == NULL) {
        /* What cannot be watched is not served. */
        free(one);
        *slot = NULL;
        if (info != NULL) {
            shutdown(info->connect_fd, SHUT_RDWR);
        }
        return;
    }
    one->fd = info->connect_fd;
    one->since = clock_mono();
    info = mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    take_address(info == NULL ? NULL : info->client_addr, one->address);
    one->next = connections->first;
    if (connections->first != NULL) {
        connections->first->previous = one;
    }
    connections->first = one;
    connections->count++;
    make_room(connections, one);
}

void connections_changed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode what)
{
    struct connections *connections = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        open_connection(connections, connection, slot);
        return;
    }
    struct connection *one = *slot;
    if (one == NULL) {
        return;
    }
    if (one->previous != NULL) {
        one->previous->next = one->next;
    } else {
        connections->first = one->next;
    }
    if (one->next != NULL) {
        one->next->previous = one->previous;
    }
    connections->count -= one->is_cut ? 0 : 1;
    free(one);
    *slot = NULL;
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

bool connections_answers(struct connections *connections, struct MHD_Connection *connection)
{
    struct connection *one = connection_of(connection);
    if (one != NULL) {
        one->is_answering = true;
        one->since = clock_mono();
        one->taken = pace_taken(one->fd);
        if (one->is_beyond) {
            make_room(connections, one);
        }
    }
    return one != NULL && !one->is_beyond;
}

void connections_completed(void *context, struct MHD_Connection *connection, void **slot,
                           enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)slot;
    (void)how;
    struct connection *one = connection_of(connection);
    if (one != NULL) {
        one->is_answering = false;
        one->since = clock_mono();
    }
}

void connections_cut(struct connections *connections, mono now)
{
    for (struct connection *at = connections->first; at != NULL; at = at->next) {
        int64_t for_ns = mono_since(now, at->since).ns;
        if (at->is_cut) {
            continue;
        }
        if (!at->is_answering && for_ns >= HTTP_DEADLINE_S * NS_PER_S) {
            cut(connections, at);
        } else if (at->is_answering && for_ns >= HTTP_MEASURE_S * NS_PER_S) {
            uint64_t by_now = pace_taken(at->fd);
            if (by_now - at->taken < HTTP_MEASURE_S * HTTP_SLOWEST) {
                cut(connections, at);
            } else {
                at->since = now;
                at->taken = by_now;
            }
        }
    }
}
