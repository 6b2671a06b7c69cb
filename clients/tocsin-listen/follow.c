/* follow.c -- the store's folder, looked at when it changes and every few seconds. */
#include <errno.h>
#include <string.h>

#include "tocsin-listen/house.h"

/* Each look is followed by a rest this many times as long: files that come without end leave the
 * loop most of its time. */
enum { REST = 4 };

bool follow_look(struct house *house)
{
    uint64_t begun = uv_hrtime();
    bool is_new = replica_look(&house->replica);
    uint64_t ended = uv_hrtime();
    house->rest_until = ended + REST * (ended - begun);
    return is_new;
}

static void on_look(uv_timer_t *timer)
{
    struct house *house = timer->data;
    if (follow_look(house)) {
        house_view(house);
    }
}

static void on_changed(void *context, bool is_rescan)
{
    struct house *house = context;
    if (is_rescan || uv_is_active((uv_handle_t *)&house->look)) {
        return; /* there is a rescan of our own */
    }
    uint64_t now = uv_hrtime();
    if (now >= house->rest_until) {
        on_look(&house->look);
    } else {
        uv_timer_start(&house->look, on_look, (house->rest_until - now) / NS_PER_MS + 1, 0);
    }
}

void follow_start(struct house *house)
{
    if (house->replica.store == NULL ||
        watch_start(&house->loop, house->options->store, on_changed, house, &house->watch)) {
        return;
    }
    char text[200];
    snprintf(text, sizeof text,
             "changes are noticed only every ten seconds (%s): raise fs.inotify.max_user_watches "
             "and start again",
             strerror(errno));
    house_note(house, "store", text);
}
