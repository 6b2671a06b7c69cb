/* tzif.c -- time zones from the bytes of a TZif file (RFC 8536). */
#include <stdlib.h>
#include <string.h>

#include "zones/table.h"

/* RFC 8536 section 3.1: magic, version, 15 unused bytes, then six counts of four bytes. */
enum { HEADER_SIZE = 44 };

struct counts {
    uint32_t isut, isstd, leap, time, type, characters;
};

static uint32_t read_u32(const uint8_t *be)
{
    return (uint32_t)be[0] << 24 | (uint32_t)be[1] << 16 | (uint32_t)be[2] << 8 | be[3];
}

static int64_t read_time(const uint8_t *be, size_t width)
{
    if (width == 4) {
        return (int32_t)read_u32(be);
    }
    return (int64_t)((uint64_t)read_u32(be) << 32 | read_u32(be + 4));
}

static enum zone_result read_header(const uint8_t *bytes, size_t len, struct counts *out)
{
    if (len < HEADER_SIZE) {
        return len < 4 || memcmp(bytes, "TZif", 4) != 0 ? ZONE_NOT_TZIF : ZONE_CUT_SHORT;
    }
    if (memcmp(bytes, "TZif", 4) != 0) {
        return ZONE_NOT_TZIF;
    }
    *out = (struct counts){read_u32(bytes + 20), read_u32(bytes + 24), read_u32(bytes + 28),
                           read_u32(bytes + 32), read_u32(bytes + 36), read_u32(bytes + 40)};
    if (out->type == 0 || out->type > ZONE_TYPES_MAX || out->characters == 0 ||
        out->characters > 256 || out->time > ZONE_TRANSITIONS_MAX || out->leap > 4096 ||
        (out->isut != 0 && out->isut != out->type) ||
        (out->isstd != 0 && out->isstd != out->type)) {
        return ZONE_BAD_DATA;
    }
    return ZONE_READ;
}

static size_t block_size(const struct counts *n, size_t width)
{
    return n->time * (width + 1) + n->type * 6 + n->characters + n->leap * (width + 4) + n->isstd +
           n->isut;
}

static bool read_types(struct zone *zone, const struct counts *n, const uint8_t *types,
                       const uint8_t *characters)
{
    if (characters[n->characters - 1] != '\0') {
        return false;
    }
    memcpy(zone->abbreviations, characters, n->characters);
    for (uint32_t i = 0; i < n->type; i++) {
        const uint8_t *at = types + 6 * (size_t)i;
        int32_t offset_s = (int32_t)read_u32(at);
        if (offset_s <= -90000 || offset_s >= 93600 || at[4] > 1 || at[5] >= n->characters) {
            return false;
        }
        zone->type[i] = (struct zone_type){offset_s, at[4] == 1, at[5]};
    }
    return true;
}

static bool read_transitions(struct zone *zone, const struct counts *n, size_t width,
                             const uint8_t *times, const uint8_t *indices)
{
    for (uint32_t i = 0; i < n->time; i++) {
        int64_t from_s = read_time(times + width * i, width);
        if (indices[i] >= n->type || (i > 0 && from_s <= zone->from_s[i - 1])) {
            return false;
        }
        zone->from_s[i] = from_s;
        zone->type_of[i] = indices[i];
    }
    zone->count = n->time;
    return true;
}

static enum zone_result read_block(struct zone *zone, const struct counts *n, size_t width,
                                   const uint8_t *block)
{
    const uint8_t *indices = block + width * n->time;
    const uint8_t *types = indices + n->time;
    const uint8_t *characters = types + 6 * (size_t)n->type;
    if (n->leap != 0) {
        return ZONE_HAS_LEAP_SECONDS;
    }
    return read_types(zone, n, types, characters) &&
                   read_transitions(zone, n, width, block, indices)
               ? ZONE_READ
               : ZONE_BAD_DATA;
}

/* The newline-enclosed TZ string that ends the file. */
static enum zone_result read_footer(struct zone *zone, const uint8_t *at, const uint8_t *end)
{
    if (end - at < 2 || *at != '\n') {
        return ZONE_CUT_SHORT;
    }
    at++;
    const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
    if (newline == NULL) {
        return ZONE_CUT_SHORT;
    }
    size_t len = (size_t)(newline - at);
    if (newline + 1 != end || len >= ZONE_FOOTER_SIZE || memchr(at, '\0', len) != NULL) {
        return ZONE_BAD_FOOTER;
    }
    memcpy(zone->footer, at, len);
    if (len == 0) {
        return ZONE_READ; /* RFC 8536 3.3: nothing is known after the last transition: it holds */
    }
    return zone_play_footer(zone, zone->footer, len) ? ZONE_READ : ZONE_BAD_FOOTER;
}

static enum zone_result read_all(struct zone *zone, const uint8_t *bytes, size_t len)
{
    struct counts n;
    enum zone_result result = read_header(bytes, len, &n);
    if (result != ZONE_READ) {
        return result;
    }
    const uint8_t *end = bytes + len;
    size_t size = block_size(&n, 4);
    if (len - HEADER_SIZE < size) {
        return ZONE_CUT_SHORT;
    }
    if (bytes[4] == '\0') {
        return read_block(zone, &n, 4, bytes + HEADER_SIZE);
    }
    if (bytes[4] < '2') {
        return ZONE_NOT_TZIF;
    }
    bytes += HEADER_SIZE + size; /* versions from 2 on repeat everything with 8-byte times */
    len -= HEADER_SIZE + size;
    result = read_header(bytes, len, &n);
    if (result != ZONE_READ) {
        return result;
    }
    size = block_size(&n, 8);
    if (len - HEADER_SIZE < size) {
        return ZONE_CUT_SHORT;
    }
    result = read_block(zone, &n, 8, bytes + HEADER_SIZE);
    return result == ZONE_READ ? read_footer(zone, bytes + HEADER_SIZE + size, end) : result;
}

/* Most zones have a few hundred transitions. */
static void give_back(struct zone *zone)
{
    size_t keep = zone->count > 0 ? zone->count : 1;
    int64_t *from_s = realloc(zone->from_s, keep * sizeof *from_s);
    zone->from_s = from_s != NULL ? from_s : zone->from_s;
    uint16_t *type_of = realloc(zone->type_of, keep * sizeof *type_of);
    zone->type_of = type_of != NULL ? type_of : zone->type_of;
}

/* Room is taken for the most that a file and its footer may have, and what was not needed given
 * back: then nothing in between can fail for want of memory, and the parser only parses. */
enum zone_result zone_read(const char *name, const uint8_t *bytes, size_t len, struct zone **out)
{
    if (len > ZONE_BYTES_MAX) {
        return ZONE_TOO_LARGE;
    }
    struct zone *zone = zone_fixed(name, 0);
    if (zone == NULL) {
        return ZONE_NO_MEMORY;
    }
    enum zone_result result = ZONE_NO_MEMORY;
    size_t room = ZONE_TRANSITIONS_MAX + 2 * ZONE_FOOTER_YEARS;
    zone->from_s = calloc(room, sizeof *zone->from_s);
    zone->type_of = calloc(room, sizeof *zone->type_of);
    if (zone->from_s == NULL || zone->type_of == NULL) {
        goto undo_zone;
    }
    memset(zone->abbreviations, 0, sizeof zone->abbreviations);
    result = read_all(zone, bytes, len);
    if (result != ZONE_READ) {
        goto undo_zone;
    }
    give_back(zone);
    *out = zone;
    return ZONE_READ;
undo_zone:
    zone_free(zone);
    return result;
}
