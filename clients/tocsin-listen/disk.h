/* tocsin-listen/disk.h -- what is to be kept is written by a thread, one thing after another: a
 * disk that hangs holds up that thread and nothing else.
 *
 * One that takes longer than two seconds is told, and marks that wait for it are taken for kept, as
 * they are when a write fails: the gesture starts all the same, and could start again after a
 * restart.  Records come last: what a start waits for goes before them. */
#ifndef LISTEN_DISK_H
#define LISTEN_DISK_H

#include <uv.h>

#include "replica/replica.h"
#include "tocsin-listen/state.h"

struct disk_handlers {
    /* These marks are durable, or nobody waits for them any longer. */
    void (*marked)(void *context, const uint64_t *id, size_t count);
    void (*told)(void *context, const char *text); /* what went wrong, or is well again */
    void *context;
};

struct disk_job;

struct disk {
    uv_loop_t *loop;
    struct state *state; /* this thread's alone from now on, but for its `dir` */
    struct disk_handlers handlers;
    struct store *store;         /* the thread's own; NULL: records are not kept */
    struct store_intake *intake; /* of it */
    struct store_source source;
    uv_work_t work;
    struct disk_job *first; /* owned, a list: the first one is being done */
    uint64_t begun_ns;      /* uv_hrtime */
    bool is_busy, is_hung, is_closing;
};

void disk_open(struct disk *disk, uv_loop_t *loop, struct state *state,
               const struct disk_handlers *handlers);

/* Records go into the store at dir: those of the source, whose lists must outlive the disk.  False
 * with the reason. */
bool disk_open_store(struct disk *disk, const char *dir, const struct leap_table *leap,
                     const struct store_source *source, struct store_error *error);

/* Waits two seconds at most; false: the thread is still at it, which has been told, and the loop
 * cannot be closed. */
bool disk_close(struct disk *disk);

/* `marked` is called once they are durable, from the loop.  False when nobody should wait: the disk
 * hangs, or there is no memory. */
bool disk_keep_marks(struct disk *disk, const struct listener_mark *mark, const uint64_t *id,
                     size_t count);
void disk_keep_memory(struct disk *disk, const struct keep *keep);
void disk_keep_proof(struct disk *disk, const struct record_id *root,
                     const struct record_key_id *beacon, const uint8_t *const tick[2],
                     const size_t size[2]);
/* A stream.  False, and nothing of it is kept, when too much waits already. */
bool disk_keep_records(struct disk *disk, const uint8_t *bytes, size_t size);
void disk_keep_room(struct disk *disk);

/* Once a second. */
void disk_look(struct disk *disk);

#endif
