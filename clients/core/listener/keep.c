#include "listener/keep.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"

static const char *const KINDS[] = {
    [MARK_ARMED] = "armed", [MARK_FIRING] = "firing", [MARK_FIRED] = "fired"};

/* Of a skew that was kept without it; none that is known worse is learned. */
static const double SKEW_DOUBT_UNTOLD = 15e-6;

size_t keep_write_mark(const struct listener_mark *mark, char out[static KEEP_MARK_SIZE])
{
    int length =
        snprintf(out, KEEP_MARK_SIZE, "%s %s %s %s %s", KINDS[mark->kind],
                 record_id_text(&mark->name.root).text, record_uid_text(&mark->name.uid).text,
                 mark->name.key, stamp_text(mark->start).text);
    if (mark->kind == MARK_FIRING) {
        struct record_uid bytes; /* 16 in hexadecimal, too */
        memcpy(bytes.bytes, mark->boot.bytes, sizeof bytes.bytes);
        length += snprintf(out + length, KEEP_MARK_SIZE - (size_t)length, " %s %" PRId64,
                           record_uid_text(&bytes).text, mark->not_before.ns);
    }
    out[length] = '\n';
    return (size_t)length + 1;
}

static bool read_kind(const char *word, enum listener_mark_kind *out)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(word, KINDS[i]) == 0) {
            *out = (enum listener_mark_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_boot(const char *hex, struct listener_boot *out)
{
    struct record_uid uid; /* 16 bytes in hexadecimal, too */
    if (!record_uid_read(hex, strlen(hex), &uid)) {
        return false;
    }
    _Static_assert(sizeof uid.bytes == sizeof out->bytes, "a boot is written as a uid is");
    memcpy(out->bytes, uid.bytes, sizeof out->bytes);
    return true;
}

bool keep_read_mark(const char *line, size_t len, struct listener_mark *out)
{
    enum { FIELDS_MAX = 7 };
    char text[KEEP_MARK_SIZE], *field[FIELDS_MAX], *end;
    size_t count = 0;
    bool is_all = false;
    if (len >= sizeof text || memchr(line, '\0', len) != NULL) {
        return false;
    }
    memcpy(text, line, len);
    text[len] = '\0';
    memset(out, 0, sizeof *out);
    for (char *rest = text; rest != NULL && count < FIELDS_MAX;) {
        field[count++] = rest;
        rest = strchr(rest, ' ');
        if (rest != NULL) {
            *rest++ = '\0';
        }
        is_all = rest == NULL;
    }
    if (!is_all || !read_kind(field[0], &out->kind) ||
        count != (out->kind == MARK_FIRING ? FIELDS_MAX : FIELDS_MAX - 2) ||
        strlen(field[3]) >= sizeof out->name.key) {
        return false;
    }
    if (out->kind == MARK_FIRING) {
        out->not_before.ns = strtoll(field[6], &end, 10);
        if (end == field[6] || *end != '\0' || !read_boot(field[5], &out->boot)) {
            return false;
        }
    }
    strcpy(out->name.key, field[3]);
    return record_id_read(field[1], strlen(field[1]), &out->name.root) &&
           record_uid_read(field[2], strlen(field[2]), &out->name.uid) &&
           stamp_read(field[4], strlen(field[4]), &out->start);
}

/* A text that grows, its length counted on where there is no room. */
struct lines {
    char *out;
    size_t size, used;
};

static void put(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct lines *lines, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool has_room = lines->used < lines->size;
    int length = vsnprintf(has_room ? lines->out + lines->used : NULL,
                           has_room ? lines->size - lines->used : 0, format, arguments);
    va_end(arguments);
    lines->used += (size_t)length;
}

static void put_memory(struct lines *lines, const struct listener_memory *memory)
{
    put(lines, "root: %s\n", record_id_text(&memory->root).text);
    if (memory->has_skew) {
        put(lines, "skew_ppb: %" PRId64 "\nskew_doubt_ppb: %" PRId64 "\n",
            (int64_t)(memory->skew * 1e9),
            (int64_t)(fmin(memory->skew_doubt, SKEW_DOUBT_UNTOLD) * 1e9));
    }
    if (utc_is_in_range(memory->floor)) {
        put(lines, "floor: %s\n", stamp_text(memory->floor).text);
    }
}

size_t keep_write(const struct keep *keep, char *out, size_t size)
{
    struct lines lines = {.out = out, .size = size};
    put(&lines, "tocsin listener memory 1\n");
    for (size_t i = 0; i < keep->memory_count; i++) {
        put_memory(&lines, &keep->memory[i]);
        for (size_t j = 0; j < keep->newest_count; j++) {
            if (record_id_equal(&keep->newest[j].root, &keep->memory[i].root)) {
                put(&lines, "newest: %s %s\n", record_key_id_text(&keep->newest[j].key).text,
                    stamp_text(keep->newest[j].time).text);
            }
        }
    }
    return lines.used;
}

/* What stands after a name and its colon; NULL: it is another line. */
static const char *value_of(const char *line, const char *name)
{
    size_t len = strlen(name);
    return strncmp(line, name, len) == 0 && strncmp(line + len, ": ", 2) == 0 ? line + len + 2
                                                                              : NULL;
}

/* Parts in a thousand million, as a number. */
static bool read_ppb(const char *text, int64_t least, double *out)
{
    char *end;
    int64_t ppb = strtoll(text, &end, 10);
    bool is_good = end != text && *end == '\0' && ppb >= least && ppb < 500000;
    if (is_good) {
        *out = (double)ppb * 1e-9;
    }
    return is_good;
}

static bool read_root(struct keep *keep, const char *text)
{
    struct listener_memory memory = {0};
    if (!record_id_read(text, strlen(text), &memory.root)) {
        return false;
    }
    keep->memory_count += keep->memory_count < LISTENER_CONSTELLATIONS_MAX;
    keep->memory[keep->memory_count - 1] = memory; /* the lines that follow are about this one */
    return true;
}

static bool read_newest(struct keep *keep, const struct record_id *root, const char *text)
{
    struct listener_newest newest = {.root = *root};
    const char *time = strchr(text, ' ');
    if (time == NULL || !record_key_id_read(text, (size_t)(time - text), &newest.key) ||
        !stamp_read(time + 1, strlen(time + 1), &newest.time)) {
        return false;
    }
    if (keep->newest_count < LISTENER_BEACONS_MAX) {
        keep->newest[keep->newest_count++] = newest;
    }
    return true;
}

/* Lines before the first root are about none that is known, and are passed over. */
bool keep_read_line(struct keep *keep, const char *line, size_t len)
{
    char whole[128];
    const char *value;
    if (len >= sizeof whole || memchr(line, '\0', len) != NULL) {
        return false;
    }
    memcpy(whole, line, len);
    whole[len] = '\0';
    struct listener_memory *memory =
        keep->memory_count > 0 ? &keep->memory[keep->memory_count - 1] : NULL;
    if (strcmp(whole, "tocsin listener memory 1") == 0) {
        return true;
    }
    if ((value = value_of(whole, "root")) != NULL) {
        return read_root(keep, value);
    }
    if (memory == NULL) {
        return false;
    }
    if ((value = value_of(whole, "skew_ppb")) != NULL) {
        if (!read_ppb(value, -499999, &memory->skew)) {
            return false;
        }
        memory->has_skew = true;
        memory->skew_doubt = SKEW_DOUBT_UNTOLD;
        return true;
    }
    if ((value = value_of(whole, "skew_doubt_ppb")) != NULL) {
        return read_ppb(value, 0, &memory->skew_doubt);
    }
    if ((value = value_of(whole, "floor")) != NULL) {
        return stamp_read(value, strlen(value), &memory->floor);
    }
    value = value_of(whole, "newest");
    return value != NULL && read_newest(keep, &memory->root, value);
}
