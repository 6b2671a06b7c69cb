#include "tocsin-listen/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "instants/stamp.h"

/* For a store's records as hexadecimal digits; a disk takes them while they are written. */
enum { LOG_ROOM = 4 * 1024 * 1024 };
static const int64_t LOG_PATIENCE_NS = 200 * NS_PER_MS;

static void put_hex(FILE *file, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        putc(digits[bytes[i] >> 4], file);
        putc(digits[bytes[i] & 15], file);
    }
    if (size == 0) {
        putc('-', file);
    }
}

bool recorder_open(struct recorder *recorder, const char *path)
{
    *recorder = (struct recorder){0};
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return false;
    }
    struct sink_options options = {.descriptor = descriptor,
                                   .room = LOG_ROOM,
                                   .patience = {LOG_PATIENCE_NS},
                                   .ends_at_loss = true};
    if (!sink_open(&options, &recorder->sink)) {
        close(descriptor);
        errno = ENOMEM;
        return false;
    }
    recorder->descriptor = descriptor;
    recorder->file = sink_stream(recorder->sink);
    fputs("tocsin listen log 1\n", recorder->file);
    return true;
}

static void put_mark(FILE *file, const struct listener_mark *mark)
{
    char root[RECORD_ID_TEXT_SIZE], uid[RECORD_UID_TEXT_SIZE];
    record_id_write(&mark->name.root, root);
    record_uid_write(&mark->name.uid, uid);
    fprintf(file, "set mark %d %s %s %s %" PRId64 " %" PRId64 " ", (int)mark->kind, root, uid,
            mark->name.key, mark->start.ns, mark->not_before.ns);
    put_hex(file, mark->boot.bytes, sizeof mark->boot.bytes);
    putc('\n', file);
}

void recorder_begin(struct recorder *recorder, const struct listener_options *options,
                    const char *zone, const struct listener_mark *mark, size_t mark_count,
                    const struct listener_newest *newest, size_t newest_count)
{
    FILE *file = recorder->file;
    if (file == NULL) {
        return;
    }
    fprintf(file, "set no_ask %d\nset trust_replay %d\n", options->no_ask, options->trust_replay);
    fprintf(file, "set latency %" PRId64 "\n", options->site.latency.ns);
    fprintf(file, "set floor %" PRId64 "\n", options->floor.ns);
    for (size_t i = 0; i < options->memory_count; i++) {
        const struct listener_memory *memory = &options->memory[i];
        char root[RECORD_ID_TEXT_SIZE];
        record_id_write(&memory->root, root);
        fprintf(file, "set memory %s %" PRId64 " %d %a %a\n", root, memory->floor.ns,
                memory->has_skew, memory->skew, memory->skew_doubt);
    }
    if (zone != NULL) {
        fprintf(file, "set zone %s\n", zone);
    }
    if (options->site.place != NULL) {
        fprintf(file, "set place %s\n", options->site.place);
    }
    if (options->site.languages != NULL) {
        fprintf(file, "set languages %s\n", options->site.languages);
    }
    for (size_t i = 0; i < options->site.uid_count; i++) {
        char uid[RECORD_UID_TEXT_SIZE];
        record_uid_write(&options->site.uid[i], uid);
        fprintf(file, "set uid %s\n", uid);
    }
    fputs("set seed ", file);
    put_hex(file, options->nonce_seed, sizeof options->nonce_seed);
    fputs("\nset boot ", file);
    put_hex(file, options->boot.bytes, sizeof options->boot.bytes);
    putc('\n', file);
    for (size_t i = 0; i < mark_count; i++) {
        put_mark(file, &mark[i]);
    }
    for (size_t i = 0; i < newest_count; i++) {
        char key[RECORD_KEY_ID_TEXT_SIZE], root[RECORD_ID_TEXT_SIZE];
        record_key_id_write(&newest[i].key, key);
        record_id_write(&newest[i].root, root);
        fprintf(file, "set newest %s %s %" PRId64 "\n", root, key, newest[i].time.ns);
    }
}

void recorder_note_bytes(struct recorder *recorder, const char *kind, const uint8_t *bytes,
                         size_t size)
{
    if (recorder->file == NULL) {
        return;
    }
    fprintf(recorder->file, "%s ", kind);
    put_hex(recorder->file, bytes, size);
    putc('\n', recorder->file);
}

enum { FLAG_UP = 1, FLAG_RETAINED = 2, FLAG_ROOT = 4 };

void recorder_note_step(struct recorder *recorder, const struct listener_event *event, utc view_at)
{
    if (recorder->file == NULL) {
        return;
    }
    const struct discipline_clocks *clocks = &event->clocks;
    char beacon[RECORD_KEY_ID_TEXT_SIZE], root[RECORD_ID_TEXT_SIZE];
    record_key_id_write(&event->beacon, beacon);
    record_id_write(&event->root, root);
    int flags = (event->is_up ? FLAG_UP : 0) | (event->is_retained ? FLAG_RETAINED : 0) |
                (event->has_root ? FLAG_ROOT : 0);
    fprintf(recorder->file,
            "step %d %" PRId64 " %" PRId64 " %" PRId64 " %d %" PRId64 " %" PRId64 " %zu %d %" PRId64
            " %" PRIu64 " %" PRId64 " %" PRId64 " %s %s ",
            (int)event->kind, clocks->now.ns, clocks->raw.ns, clocks->host.ns,
            clocks->is_synchronised, clocks->bound.ns, clocks->slept.ns, event->link, flags,
            event->arrived.ns, event->id, event->released.ns, view_at.ns, root, beacon);
    bool has_bytes = event->kind == LISTENER_TICK || event->kind == LISTENER_ANSWER ||
                     event->kind == LISTENER_PROOF;
    put_hex(recorder->file, event->bytes, has_bytes ? event->size : 0);
    if (event->kind == LISTENER_PROOF) {
        putc(' ', recorder->file);
        put_hex(recorder->file, event->second, event->second_size);
        fprintf(recorder->file, " %s", event->where);
    }
    putc('\n', recorder->file);
}

bool recorder_flush(struct recorder *recorder)
{
    if (recorder->file == NULL || recorder->failed) {
        return true;
    }
    recorder->failed = fflush(recorder->file) != 0 || ferror(recorder->file) != 0 ||
                       sink_failure(recorder->sink) != 0;
    return !recorder->failed;
}

bool recorder_close(struct recorder *recorder)
{
    if (recorder->file == NULL) {
        return true;
    }
    bool was_told = recorder->failed;
    bool done = sink_close(recorder->sink, (span){2 * NS_PER_S});
    if (done && close(recorder->descriptor) != 0) {
        done = false;
    }
    recorder->file = NULL;
    return done || was_told;
}
