/* memory.c -- what survives a restart: marks, and what was learned about time. */
#include <stdlib.h>
#include <string.h>

#include "libtocsin/site.h"
#include "list/list.h"

/* What began here, elsewhere or before is not advised again. */
static bool add_mark(struct tocsin *site, const struct listener_mark *mark)
{
    if (site->has_started) {
        if (!site_make_room_for_marks(site, site->mind->mark_count + 1) &&
            site->mind->room.marks == 0) {
            return false; /* with some room the oldest goes */
        }
        listener_forgo(site->mind, mark);
        site->is_unsaved = true;
        return true;
    }
    if (!LIST_ROOM(site->mark, site->mark_count, site->mark_room)) {
        return false;
    }
    site->mark[site->mark_count++] = *mark;
    return true;
}

bool tocsin_began(struct tocsin *site, const char *mark)
{
    struct listener_mark fired = {.kind = MARK_FIRED};
    if (!site_read_mark(mark, &fired.name)) {
        return false;
    }
    const struct listener_occurrence *here =
        site->has_started ? site_find(site, &fired.name) : NULL;
    if (here != NULL && here->state == LISTENER_ARMED) {
        uint64_t id = here->id; /* it may move with the room */
        (void)!site_make_room_for_marks(site, site->mind->mark_count + 1);
        site_step(site, &(struct listener_event){
                            .kind = LISTENER_FIRED, .id = id, .released = site->clocks.now});
        site->is_unsaved = true;
        return true;
    }
    fired.start = here != NULL ? here->start : site->clocks.host;
    return add_mark(site, &fired);
}

/* The text of all marks and of what was learned. */
struct text_out {
    char *out;
    size_t size, used;
};

static void put_bytes(struct text_out *text, const char *bytes, size_t length)
{
    if (text->used + length < text->size) {
        memcpy(text->out + text->used, bytes, length);
        text->out[text->used + length] = '\0';
    }
    text->used += length;
}

static void put_mark(struct text_out *text, const struct listener_mark *mark)
{
    char line[KEEP_MARK_SIZE];
    put_bytes(text, line, keep_write_mark(mark, line));
}

static void put_hex(struct text_out *text, char before, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < 2 * size + 1; i++) {
        char digit = i == 0 ? before : "0123456789abcdef"[bytes[(i - 1) / 2] >> (i % 2 * 4) & 15];
        if (text->used + 1 < text->size) {
            text->out[text->used] = digit;
            text->out[text->used + 1] = '\0';
        }
        text->used++;
    }
}

/* What proves that a beacon lies: the two ticks themselves, which prove it to anybody. */
static void put_lies(struct text_out *text, const struct listener *mind)
{
    for (size_t i = 0; i < mind->proof_count && i < mind->room.beacons; i++) {
        const struct listener_proof *proof = &mind->room.proof[i];
        put_bytes(text, SITE_LIE, strlen(SITE_LIE) - 1); /* its space comes with the digits */
        put_hex(text, ' ', proof->tick[0], proof->size[0]);
        put_hex(text, ' ', proof->tick[1], proof->size[1]);
        put_bytes(text, "\n", 1);
    }
}

size_t tocsin_memory(struct tocsin *site, char *out, size_t size)
{
    struct text_out text = {out, size, 0};
    if (size > 0) {
        out[0] = '\0';
    }
    if (!site->has_started) {
        text.used = keep_write(site->keep, out, size);
        for (size_t i = 0; i < site->mark_count; i++) {
            put_mark(&text, &site->mark[i]);
        }
        return text.used;
    }
    const struct listener *mind = site->mind;
    struct keep *keep = calloc(1, sizeof *keep);
    if (keep != NULL) { /* else the clock is learned anew */
        keep->memory_count = listener_memories(mind, keep->memory);
        keep->newest_count = listener_newest_stamps(mind, keep->newest);
        text.used = keep_write(keep, out, size);
        free(keep);
    }
    put_lies(&text, mind);
    if (site->lies.len > 0) {
        put_bytes(&text, site->lies.at, site->lies.len);
    }
    for (size_t i = 0; i < mind->mark_count; i++) {
        put_mark(&text, &mind->mark[i]);
    }
    for (size_t i = 0; i < mind->occurrence_count; i++) {
        const struct listener_occurrence *one = &mind->occurrence[i];
        if (one->state != LISTENER_BEFORE && one->state != LISTENER_RELEASED &&
            (one->asked_id != 0 || one->is_marked)) {
            put_mark(&text, one->asked_id != 0 ? &one->asked : &one->marked);
        }
    }
    if (text.used < size) { /* it is whole */
        site->written_upto = mind->next_id;
        site->is_unsaved = false;
    }
    return text.used;
}

static bool remember_line(struct tocsin *site, const char *line, size_t len)
{
    struct listener_mark mark;
    if (len > strlen(SITE_LIE) && memcmp(line, SITE_LIE, strlen(SITE_LIE)) == 0) {
        return site->has_started ? true : site_keep_lie(site, line, len);
    }
    if (!keep_read_mark(line, len, &mark)) {
        return site->has_started ? true : keep_read_line(site->keep, line, len);
    }
    if (site->has_started &&
        !listener_mark_is_rung(&mark, &site->mind->options.boot, site->clocks.now)) {
        return true;
    }
    return add_mark(site, &mark);
}

enum tocsin_result tocsin_remember(struct tocsin *site, const char *text, size_t size)
{
    bool is_whole = true;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t len = end != NULL ? (size_t)(end - text) - at : size - at;
        is_whole = end != NULL && remember_line(site, text + at, len) && is_whole;
        at += len + 1;
    }
    return is_whole ? TOCSIN_OK : TOCSIN_REFUSED;
}
