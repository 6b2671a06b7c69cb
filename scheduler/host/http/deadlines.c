#include "http/deadlines.h"

#include <stdlib.h>
#include <sys/socket.h>

#include <uv.h>

void deadlines_connection(void *context, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode what)
{
    struct deadlines *deadlines = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct deadline *deadline = calloc(1, sizeof *deadline);
        if (deadline == NULL || info == NULL) {
            /* What cannot be watched is not served. */
            free(deadline);
            if (info != NULL) {
                shutdown(info->connect_fd, SHUT_RDWR);
            }
            *slot = NULL;
            return;
        }
        deadline->fd = info->connect_fd;
        deadline->since.ns = (int64_t)uv_hrtime();
        deadline->next = deadlines->first;
        if (deadlines->first != NULL) {
            deadlines->first->previous = deadline;
        }
        deadlines->first = deadline;
        *slot = deadline;
        return;
    }
    struct deadline *deadline = *slot;
    if (deadline == NULL) {
        return;
    }
    if (deadline->previous != NULL) {
        deadline->previous->next = deadline->next;
    } else {
        deadlines->first = deadline->next;
    }
    if (deadline->next != NULL) {
        deadline->next->previous = deadline->previous;
    }
    free(deadline);
    *slot = NULL;
}

void deadlines_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)slot;
    (void)how;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct deadline *deadline = info == NULL ? NULL : info->socket_context;
    if (deadline != NULL) {
        deadline->since.ns = (int64_t)uv_hrtime();
    }
}

void deadlines_cut(struct deadlines *deadlines, mono now, span limit)
{
    for (struct deadline *at = deadlines->first; at != NULL; at = at->next) {
        if (mono_since(now, at->since).ns >= limit.ns) {
            /* the library sees the end of the stream and closes the descriptor itself */
            shutdown(at->fd, SHUT_RDWR);
        }
    }
}
