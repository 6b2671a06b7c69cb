#include "tocsin/kit/zip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "say/say.h"

/* APPNOTE.TXT 6.3.10: signatures, and what version 2.0 of the format has: deflate. */
enum {
    LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    END = 0x06054b50,
    VERSION = 20,
    DEFLATED = 8,
    FIRST_DAY = 0x0021, /* 1980-01-01 */
    RAW_WINDOW = -15,
    MEMORY_LEVEL = 6, /* short blocks: the page is text and base64 by turns, 2 kB less than by 9 */
};

static void put(struct draft *draft, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        draft_add_bytes(draft, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
    }
}

/* Heap bytes. */
static uint8_t *deflate_whole(const void *bytes, size_t size, size_t *out_size)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        say_no_memory();
    }
    size_t room = deflateBound(&stream, (uLong)size);
    uint8_t *out = say_memory(malloc(room));
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    assert(result == Z_STREAM_END); /* there is room */
    (void)result;
    *out_size = stream.total_out;
    deflateEnd(&stream);
    return out;
}

void zip_add(struct zip *zip, const char *name, const void *bytes, size_t size)
{
    assert(zip->count < ZIP_FILES_MAX && size <= UINT32_MAX / 2);
    size_t packed_size, name_len = strlen(name);
    uint8_t *packed = deflate_whole(bytes, size, &packed_size);
    struct draft both = {0}; /* what the file's own header and the directory both say */
    put(&both, VERSION, 2);
    put(&both, 0, 2);
    put(&both, DEFLATED, 2);
    put(&both, 0, 2);
    put(&both, FIRST_DAY, 2);
    put(&both, (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)size), 4);
    put(&both, (uint32_t)packed_size, 4);
    put(&both, (uint32_t)size, 4);
    put(&both, (uint32_t)name_len, 2);
    put(&both, 0, 2);
    uint32_t at = (uint32_t)zip->out.len;
    put(&zip->directory, CENTRAL, 4);
    put(&zip->directory, VERSION, 2);
    draft_add_bytes(&zip->directory, both.at, both.len);
    put(&zip->directory, 0, 2); /* no comment; the first disk; no attributes */
    put(&zip->directory, 0, 4);
    put(&zip->directory, 0, 4);
    put(&zip->directory, at, 4);
    draft_add(&zip->directory, name);
    put(&zip->out, LOCAL, 4);
    draft_add_bytes(&zip->out, both.at, both.len);
    draft_add(&zip->out, name);
    draft_add_bytes(&zip->out, packed, packed_size);
    if (both.is_short_of_memory) {
        say_no_memory();
    }
    zip->count++;
    draft_free(&both);
    free(packed);
}

void zip_end(struct zip *zip, struct draft *out)
{
    uint32_t at = (uint32_t)zip->out.len;
    draft_add_bytes(&zip->out, zip->directory.at, zip->directory.len);
    put(&zip->out, END, 4);
    put(&zip->out, 0, 4);
    put(&zip->out, zip->count, 2);
    put(&zip->out, zip->count, 2);
    put(&zip->out, (uint32_t)zip->directory.len, 4);
    put(&zip->out, at, 4);
    put(&zip->out, 0, 2);
    if (zip->out.is_short_of_memory || zip->directory.is_short_of_memory) {
        say_no_memory();
    }
    draft_free(&zip->directory);
    *out = zip->out;
}
