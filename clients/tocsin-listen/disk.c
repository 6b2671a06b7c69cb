#include "tocsin-listen/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/draft.h"

static const uint64_t PATIENCE_NS = UINT64_C(2) * NS_PER_S;
enum { JOBS_MAX = 64, RECORDS_MAX = 4 * 1024 * 1024 }; /* that wait, while it hangs */

struct disk_job {
    struct disk_job *next;
    enum kept { KEEP_MARKS, KEEP_MEMORY, KEEP_PROOF, KEEP_ROOM, KEEP_RECORDS } kind;
    bool is_done;
    char why[300];
    struct keep keep;
    struct record_id root;
    struct record_key_id beacon;
    uint8_t tick[2][TICK_SIZE_MAX];
    size_t size[2];
    struct draft bytes; /* the records: a stream */
    uint64_t *id;       /* owned; those that somebody waits for */
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

bool disk_open_store(struct disk *disk, const char *dir, const struct leap_table *leap,
                     const struct store_source *source, struct store_error *error)
{
    disk->source = *source;
    return store_open(dir, true, leap, &disk->store, error) == STORE_OK &&
           store_intake_new(disk->store, &disk->source, &disk->intake, error) == STORE_OK;
}

/* --- the thread ------------------------------------------------------------------------------ */

static bool add_records(struct disk *disk, struct disk_job *job)
{
    struct ledger_counts counts;
    struct store_error error;
    if (store_intake_add(disk->intake, (const uint8_t *)job->bytes.at, job->bytes.len, &counts,
                         &error) == STORE_OK) {
        return true;
    }
    snprintf(job->why, sizeof job->why, "--store %s", error.message);
    return false;
}

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
        job->is_done =
            state_save_proof(disk->state, &job->root, &job->beacon, tick, job->size, job->why);
        break;
    case KEEP_ROOM:
        job->is_done = state_keep_room(disk->state, job->why);
        break;
    case KEEP_RECORDS:
        job->is_done = add_records(disk, job);
        break;
    }
}

/* --- the loop -------------------------------------------------------------------------------- */

static void begin_first(struct disk *disk);

static void free_job(struct disk_job *job)
{
    if (job != NULL) {
        draft_free(&job->bytes);
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

/* The records that wait and are not being written; NULL: none. */
static struct disk_job **waiting_records(struct disk *disk)
{
    struct disk_job **at = &disk->first;
    if (*at != NULL && disk->is_busy) {
        at = &(*at)->next;
    }
    while (*at != NULL && (*at)->kind != KEEP_RECORDS) {
        at = &(*at)->next;
    }
    return at;
}

/* False when there is no room for it. */
static bool put(struct disk *disk, struct disk_job *job)
{
    size_t count = 0;
    for (const struct disk_job *one = disk->first; one != NULL; one = one->next) {
        count++;
    }
    if (job == NULL || count >= JOBS_MAX) {
        free_job(job);
        return false;
    }
    struct disk_job **records = waiting_records(disk); /* at most one, and the last */
    job->next = *records;
    *records = job;
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

void disk_keep_proof(struct disk *disk, const struct record_id *root,
                     const struct record_key_id *beacon, const uint8_t *const tick[2],
                     const size_t size[2])
{
    struct disk_job *job = job_new(KEEP_PROOF, 0);
    for (size_t i = 0; job != NULL && i < 2; i++) {
        memcpy(job->tick[i], tick[i], size[i]);
        job->size[i] = size[i];
        job->beacon = *beacon;
        job->root = *root;
    }
    (void)put(disk, job);
}

bool disk_keep_records(struct disk *disk, const uint8_t *bytes, size_t size)
{
    struct disk_job *job = *waiting_records(disk);
    bool is_waiting = job != NULL;
    if (!is_waiting && (job = job_new(KEEP_RECORDS, 0)) == NULL) {
        return false;
    }
    if (job->bytes.len + size > RECORDS_MAX || !draft_reserve(&job->bytes, size)) {
        if (!is_waiting) {
            free_job(job);
        }
        return false;
    }
    draft_add_bytes(&job->bytes, bytes, size);
    return is_waiting || put(disk, job);
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

static void tell_that_it_hangs(struct disk *disk)
{
    char text[sizeof disk->state->dir + 200];
    disk->is_hung = true;
    if (disk->first->kind == KEEP_RECORDS) {
        snprintf(text, sizeof text,
                 "--store: this disk hangs: records are used all the same, but see to it: they are "
                 "not kept");
    } else {
        snprintf(text, sizeof text,
                 "%.200s: this disk hangs: the gesture starts all the same, but see to it: after a "
                 "restart it could start again",
                 disk->state->dir);
    }
    disk->handlers.told(disk->handlers.context, text);
}

void disk_look(struct disk *disk)
{
    if (disk->is_busy && !disk->is_hung && uv_hrtime() - disk->begun_ns >= PATIENCE_NS) {
        tell_that_it_hangs(disk);
        give_up_waiting(disk);
    }
}

bool disk_close(struct disk *disk)
{
    uint64_t until_ns = uv_hrtime() + PATIENCE_NS;
    disk->is_closing = true;
    while (disk->is_busy && uv_hrtime() < until_ns) {
        uv_run(disk->loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    if (disk->is_busy) {
        if (!disk->is_hung) { /* it may have begun to just before the end */
            tell_that_it_hangs(disk);
        }
        return false;
    }
    store_intake_free(disk->intake);
    store_close(disk->store);
    return true;
}
