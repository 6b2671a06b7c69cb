#include "watch/watch.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WATCH_PATH_SIZE = 4096 };

/* One watched folder. */
struct spot {
    uv_fs_event_t handle;
    struct watch *watch;
    struct spot *next; /* owned */
    char path[];
};

struct watch {
    uv_loop_t *loop;
    watch_changed changed;
    void *context;
    uv_timer_t gather, rescan;
    struct spot *spot; /* owned */
    size_t open;       /* handles whose close callback is still to come */
    bool is_stopping;
    char dir[];
};

static void free_when_closed(struct watch *watch)
{
    if (watch->open == 0 && watch->is_stopping) {
        free(watch);
    }
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct watch *watch = handle->data;
    watch->open--;
    free_when_closed(watch);
}

static void on_spot_closed(uv_handle_t *handle)
{
    struct spot *spot = handle->data;
    struct watch *watch = spot->watch;
    free(spot);
    watch->open--;
    free_when_closed(watch);
}

static void on_gathered(uv_timer_t *timer);

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status)
{
    (void)name;
    (void)events;
    (void)status; /* a watch that broke is told as a change: the next look mends it */
    struct watch *watch = ((struct spot *)handle->data)->watch;
    if (!watch->is_stopping && !uv_is_active((uv_handle_t *)&watch->gather)) {
        uv_timer_start(&watch->gather, on_gathered, WATCH_GATHER_MS, 0);
    }
}

/* Watches one folder unless it is watched already or is not there. */
static bool add_spot(struct watch *watch, const char *path)
{
    for (struct spot *spot = watch->spot; spot != NULL; spot = spot->next) {
        if (strcmp(spot->path, path) == 0) {
            return true;
        }
    }
    size_t size = strlen(path) + 1;
    struct spot *spot = calloc(1, sizeof *spot + size);
    if (spot == NULL) {
        errno = ENOMEM;
        return false;
    }
    memcpy(spot->path, path, size);
    spot->watch = watch;
    int code = uv_fs_event_init(watch->loop, &spot->handle);
    if (code != 0) {
        free(spot);
        errno = -code;
        return false;
    }
    spot->handle.data = spot;
    watch->open++;
    code = uv_fs_event_start(&spot->handle, on_change, path, 0);
    if (code != 0) {
        uv_close((uv_handle_t *)&spot->handle, on_spot_closed);
        errno = -code;
        return code == UV_ENOENT;
    }
    spot->next = watch->spot;
    watch->spot = spot;
    return true;
}

/* Watches the folders ab/ of a part. */
static bool add_folders(struct watch *watch, const char *part)
{
    DIR *dir = opendir(part);
    if (dir == NULL) {
        return errno == ENOENT;
    }
    bool is_done = true;
    for (struct dirent *entry; is_done && (entry = readdir(dir)) != NULL;) {
        char path[WATCH_PATH_SIZE];
        if (entry->d_name[0] != '.' && strlen(entry->d_name) == 2 &&
            (size_t)snprintf(path, sizeof path, "%s/%s", part, entry->d_name) < sizeof path) {
            is_done = add_spot(watch, path);
        }
    }
    int code = errno;
    closedir(dir);
    errno = code;
    return is_done;
}

static bool add_all(struct watch *watch)
{
    static const char *const parts[] = {"records", "sigs"};
    bool is_done = add_spot(watch, watch->dir);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && is_done; i++) {
        char path[WATCH_PATH_SIZE];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", watch->dir, parts[i]) < sizeof path) {
            is_done = add_spot(watch, path) && add_folders(watch, path);
        }
    }
    return is_done;
}

static void on_gathered(uv_timer_t *timer)
{
    struct watch *watch = timer->data;
    (void)add_all(watch); /* before the caller looks, lest a new folder fill unseen in between */
    watch->changed(watch->context, false);
}

static void on_rescan(uv_timer_t *timer)
{
    struct watch *watch = timer->data;
    (void)add_all(watch);
    watch->changed(watch->context, true);
}

bool watch_start(uv_loop_t *loop, const char *dir, watch_changed changed, void *context,
                 struct watch **out)
{
    size_t size = strlen(dir) + 1;
    struct watch *watch = calloc(1, sizeof *watch + size);
    if (watch == NULL) {
        errno = ENOMEM;
        return false;
    }
    memcpy(watch->dir, dir, size);
    watch->loop = loop;
    watch->changed = changed;
    watch->context = context;
    uv_timer_init(loop, &watch->gather);
    uv_timer_init(loop, &watch->rescan);
    watch->gather.data = watch;
    watch->rescan.data = watch;
    watch->open = 2;
    uv_timer_start(&watch->rescan, on_rescan, WATCH_RESCAN_MS, WATCH_RESCAN_MS);
    if (!add_all(watch)) {
        int code = errno;
        watch_stop(watch);
        errno = code;
        return false;
    }
    *out = watch;
    return true;
}

void watch_stop(struct watch *watch)
{
    if (watch == NULL || watch->is_stopping) {
        return;
    }
    watch->is_stopping = true;
    uv_close((uv_handle_t *)&watch->gather, on_timer_closed);
    uv_close((uv_handle_t *)&watch->rescan, on_timer_closed);
    while (watch->spot != NULL) {
        struct spot *spot = watch->spot;
        watch->spot = spot->next;
        uv_close((uv_handle_t *)&spot->handle, on_spot_closed);
    }
}
