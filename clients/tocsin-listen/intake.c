#include "tocsin-listen/intake.h"

#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"

enum { PIECE_SIGNATURES = 4, PIECE_SIZE_MAX = 300 * 1024 };

struct head {
    size_t size, constellation;
};

void intake_open(struct intake *intake, intake_judge judge,
                 void (*done)(void *context, bool is_malformed), void *context)
{
    *intake = (struct intake){.judge = judge, .done = done, .context = context};
}

void intake_close(struct intake *intake)
{
    for (size_t i = 0; i < LISTENER_LINKS_MAX; i++) {
        free(intake->link[i].bytes);
    }
    *intake = (struct intake){0};
}

bool intake_put(struct intake *intake, size_t link, size_t constellation, const uint8_t *bytes,
                size_t size)
{
    struct intake_link *queue = &intake->link[link];
    if (queue->bytes == NULL && (queue->bytes = malloc(INTAKE_ROOM)) == NULL) {
        return false;
    }
    struct head head = {size, constellation};
    if (queue->at == queue->size && queue->had < intake->now) {
        queue->had = intake->now; /* whoever had nothing waiting has saved up no turns by that */
    }
    if (INTAKE_ROOM - (queue->size - queue->at) < sizeof head + size) {
        return false;
    }
    memmove(queue->bytes, queue->bytes + queue->at, queue->size - queue->at);
    queue->size -= queue->at;
    queue->at = 0;
    memcpy(queue->bytes + queue->size, &head, sizeof head);
    memcpy(queue->bytes + queue->size + sizeof head, bytes, size);
    queue->size += sizeof head + size;
    return true;
}

static size_t write_number(size_t value, uint8_t *out)
{
    uint8_t digits[4] = {(uint8_t)('0' + value)};
    return stream_write_netstring(digits, 1, out);
}

/* The item's record with some of its signatures, as a stream of its own. */
static size_t write_piece(const struct stream_item *item, size_t first, size_t count, uint8_t *out)
{
    size_t size = stream_write_netstring(item->record, item->record_size, out);
    size += write_number(count, out + size);
    for (size_t i = first; i < first + count; i++) {
        size +=
            stream_write_netstring(item->signature[i].bytes, item->signature[i].size, out + size);
    }
    return size;
}

/* The message at the front: what is left of it behind its head. */
static struct head read_head(const struct intake_link *queue)
{
    struct head head;
    memcpy(&head, queue->bytes + queue->at, sizeof head);
    return head;
}

static void drop_message(struct intake *intake, struct intake_link *queue, bool is_malformed)
{
    queue->at += sizeof(struct head) + read_head(queue).size;
    queue->signature = 0;
    intake->done(intake->context, is_malformed);
}

/* What has been judged of the message gives way to its head. */
static void drop_item(struct intake *intake, struct intake_link *queue, size_t size)
{
    struct head head = read_head(queue);
    queue->signature = 0;
    queue->at += size;
    head.size -= size;
    memcpy(queue->bytes + queue->at, &head, sizeof head);
    if (head.size == 0) {
        drop_message(intake, queue, false);
    }
}

/* A piece of the first message of a link. */
static void judge_piece(struct intake *intake, struct intake_link *queue)
{
    static uint8_t piece[PIECE_SIZE_MAX];
    struct head head = read_head(queue);
    struct stream stream;
    struct stream_item item;
    bool is_malformed;
    const uint8_t *bytes = queue->bytes + queue->at + sizeof head;
    stream_init(&stream, bytes, head.size);
    if (!stream_next(&stream, &item, &is_malformed)) {
        drop_message(intake, queue, is_malformed);
        return;
    }
    size_t count = item.signature_count - queue->signature;
    count = count < PIECE_SIGNATURES ? count : PIECE_SIGNATURES;
    size_t size = write_piece(&item, queue->signature, count, piece);
    intake->allowed[head.constellation] -= count > 0 ? (double)count : 1;
    queue->good += intake->judge(intake->context, piece, size);
    queue->had += queue->good > 0 ? 1 : 2;
    queue->signature += count;
    if (queue->signature == item.signature_count) {
        drop_item(intake, queue, (size_t)(stream.at - bytes));
    }
}

/* Whose turn it is: who had fewer of them; NULL when nothing may be judged now. */
static struct intake_link *choose(struct intake *intake)
{
    struct intake_link *best = NULL;
    for (size_t i = 0; i < LISTENER_LINKS_MAX; i++) {
        struct intake_link *queue = &intake->link[i];
        if (queue->at == queue->size || intake->allowed[read_head(queue).constellation] < 1) {
            continue;
        }
        bool is_better = best == NULL || queue->had < best->had ||
                         (queue->had == best->had && queue->good > 0 && best->good == 0);
        best = is_better ? queue : best;
    }
    return best;
}

static void refill(struct intake *intake, uint64_t now_ns, bool is_start_near)
{
    double rate = is_start_near ? INTAKE_NEAR_RATE : INTAKE_FAR_RATE;
    double more =
        intake->filled_ns == 0 ? rate : (double)(now_ns - intake->filled_ns) / NS_PER_S * rate;
    intake->filled_ns = now_ns;
    for (size_t i = 0; i < LISTENER_CONSTELLATIONS_MAX; i++) {
        double allowed = intake->allowed[i] + more;
        intake->allowed[i] = allowed < rate ? allowed : rate;
    }
}

bool intake_step(struct intake *intake, uint64_t now_ns, uint64_t turn_ns, bool is_start_near)
{
    struct intake_link *queue;
    uint64_t begun_ns = uv_hrtime();
    refill(intake, now_ns, is_start_near);
    while (uv_hrtime() - begun_ns < turn_ns && (queue = choose(intake)) != NULL) {
        intake->now = queue->had;
        judge_piece(intake, queue);
    }
    uint64_t most = 0;
    for (size_t i = 0; i < LISTENER_LINKS_MAX; i++) {
        if (intake->link[i].at < intake->link[i].size) {
            return true;
        }
        most = intake->link[i].had > most ? intake->link[i].had : most;
    }
    intake->now = most; /* nobody waits, nobody owes */
    return false;
}
