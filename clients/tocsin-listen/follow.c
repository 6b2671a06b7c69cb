/* follow.c -- the store's folder, looked at when it changes and every few seconds. */
#include <errno.h>
#include <string.h>

#include "tocsin-listen/internal.h"

/* Each look is followed by a rest this many times as long: files that come without end leave the
 * loop most of its time. */
enum { REST = 4 };

bool follow_look(struct listen *listen)
{
    uint64_t begun = uv_hrtime();
    size_t came; /* what came before it failed is there */
    struct store_error error;
    (void)replica_look(&listen->replica, &came, &error);
    uint64_t ended = uv_hrtime();
    listen->rest_until = ended + REST * (ended - begun);
    return came > 0;
}

static void on_look(uv_timer_t *timer)
{
    struct listen *listen = timer->loop->data;
    if (follow_look(listen)) {
        listen_view(listen);
    }
}

static void on_changed(void *context, bool is_rescan)
{
    struct listen *listen = context;
    if (is_rescan || uv_is_active((uv_handle_t *)&listen->look)) {
        return; /* there is a rescan of our own */
    }
    uint64_t now = uv_hrtime();
    if (now >= listen->rest_until) {
        on_look(&listen->look);
    } else {
        uv_timer_start(&listen->look, on_look, (listen->rest_until - now) / NS_PER_MS + 1, 0);
    }
}

void follow_start(struct listen *listen)
{
    if (listen->replica.store == NULL ||
        watch_start(&listen->loop, listen->options->store, on_changed, listen, &listen->watch)) {
        return;
    }
    listen_note(
        listen, "store",
        "changes are noticed only every ten seconds (%s): raise fs.inotify.max_user_watches "
        "and start again",
        strerror(errno));
}
