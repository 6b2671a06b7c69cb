#include "tocsin-listen/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t PATIENCE_NS = UINT64_C(2) * NS_PER_S;
enum { JOBS_MAX = 64 }; /* while it hangs */

struct disk_job {
    struct disk_job *next;
    enum kept { KEEP_MARKS, KEEP_MEMORY, KEEP_PROOF, KEEP_ROOM } kind;
    bool is_done;
    char why[300];
    struct keep keep;
    struct record_key_id beacon;
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    uint64_t *id; /* owned; those that somebody waits for */
    size_t waiting, count;
    struct listener_mark mark[];
};

void disk_open(struct disk *disk, uv_loop_t *loop, struct state *state,
               const struct disk_handlers *handlers)
{
    *disk = (struct disk){.loop = loop, .state = state, .handlers = *handlers};
    disk->work.data = disk;
    (void)setenv("UV_THREADPOOL_SIZE", "1", 1); /* nobody else here uses libuv's threads */
    disk_keep_room(disk);                       /* and it is there before anything matters */
}

/* --- the thread ------------------------------------------------------------------------------ */

static void do_first(uv_work_t *work)
{
    struct disk *disk = work->data;
    struct disk_job *job = disk->first;
    const uint8_t *const tick[2] = {job->tick[0], job->tick[1]};
    switch (job->kind) {
    case KEEP_MARKS:
        job->is_done = state_add_marks(disk->state, job->mark, job->count, job->why);
        break;
    case KEEP_MEMORY:
        job->is_done = state_save_memory(disk->state, &job->keep, job->why);
        break;
    case KEEP_PROOF:
        job->is_done = state_save_proof(disk->state, &job->beacon, tick, job->size, job->why);
        break;
    case KEEP_ROOM:
        job->is_done = state_keep_room(disk->state, job->why);
        break;
    }
}

/* --- the loop -------------------------------------------------------------------------------- */

static void begin_first(struct disk *disk);

static void free_job(struct disk_job *job)
{
    if (job != NULL) {
        free(job->id);
        free(job);
    }
}

static void after_first(uv_work_t *work, int status)
{
    (void)status;
    struct disk *disk = work->data;
    struct disk_job *job = disk->first;
    disk->first = job->next;
    disk->is_busy = false;
    if (disk->is_hung) {
        disk->is_hung = false;
        disk->handlers.told(disk->handlers.context, "the disk writes again");
    }
    if (!job->is_done) {
        disk->handlers.told(disk->handlers.context, job->why);
    }
    if (job->waiting > 0 && !disk->is_closing) {
        disk->handlers.marked(disk->handlers.context, job->id, job->waiting);
    }
    free_job(job);
    begin_first(disk);
}

static void begin_first(struct disk *disk)
{
    if (disk->first != NULL && !disk->is_busy) {
        disk->is_busy = true;
        disk->begun_ns = uv_hrtime();
        (void)uv_queue_work(disk->loop, &disk->work, do_first, after_first); /* cannot fail */
    }
}

/* False when there is no room for it. */
static bool put(struct disk *disk, struct disk_job *job)
{
    struct disk_job **end = &disk->first;
    size_t count = 0;
    for (; *end != NULL; end = &(*end)->next) {
        count++;
    }
    if (job == NULL || count >= JOBS_MAX) {
        free_job(job);
        return false;
    }
    *end = job;
    begin_first(disk);
    return true;
}

static struct disk_job *job_new(enum kept kind, size_t marks)
{
    struct disk_job *job = calloc(1, sizeof *job + marks * sizeof(struct listener_mark));
    if (job != NULL) {
        job->kind = kind;
    }
    return job;
}

bool disk_keep_marks(struct disk *disk, const struct listener_mark *mark, const uint64_t *id,
                     size_t count)
{
    struct disk_job *job = job_new(KEEP_MARKS, count);
    if (job != NULL) {
        memcpy(job->mark, mark, count * sizeof *mark);
        job->count = count;
        job->id = malloc(count * sizeof *id);
        for (size_t i = 0; job->id != NULL && !disk->is_hung && i < count; i++) {
            if (id[i] != 0) {
                job->id[job->waiting++] = id[i];
            }
        }
    }
    bool is_awaited = job != NULL && job->id != NULL && !disk->is_hung;
    return put(disk, job) && is_awaited;
}

void disk_keep_memory(struct disk *disk, const struct keep *keep)
{
    struct disk_job *job = disk->is_hung ? NULL : job_new(KEEP_MEMORY, 0);
    if (job != NULL) {
        job->keep = *keep;
        (void)put(disk, job);
    }
}

void disk_keep_proof(struct disk *disk, const struct record_key_id *beacon,
                     const uint8_t *const tick[2], const size_t size[2])
{
    struct disk_job *job = job_new(KEEP_PROOF, 0);
    for (size_t i = 0; job != NULL && i < 2; i++) {
        memcpy(job->tick[i], tick[i], size[i]);
        job->size[i] = size[i];
        job->beacon = *beacon;
    }
    (void)put(disk, job);
}

void disk_keep_room(struct disk *disk)
{
    if (disk->first == NULL) { /* else it is not idle, and will be looked at again */
        (void)put(disk, job_new(KEEP_ROOM, 0));
    }
}

/* Nobody waits any longer. */
static void give_up_waiting(struct disk *disk)
{
    for (struct disk_job *job = disk->first; job != NULL;) {
        size_t waiting = job->waiting;
        job->waiting = 0;
        if (waiting > 0) {
            disk->handlers.marked(disk->handlers.context, job->id, waiting);
            job = disk->first; /* what follows from that may have put more */
        } else {
            job = job->next;
        }
    }
}

void disk_look(struct disk *disk)
{
    if (!disk->is_busy || disk->is_hung || uv_hrtime() - disk->begun_ns < PATIENCE_NS) {
        return;
    }
    char text[sizeof disk->state->dir + 200];
    disk->is_hung = true;
    snprintf(text, sizeof text,
             "%.200s: this disk hangs: the gesture starts all the same, but see to it: after a "
             "restart it could start again",
             disk->state->dir);
    disk->handlers.told(disk->handlers.context, text);
    give_up_waiting(disk);
}

bool disk_close(struct disk *disk)
{
    uint64_t until_ns = uv_hrtime() + PATIENCE_NS;
    disk->is_closing = true;
    while (disk->is_busy && uv_hrtime() < until_ns) {
        uv_run(disk->loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    return !disk->is_busy;
}
