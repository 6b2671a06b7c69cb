#include "tocsin/session/incoming.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/files.h"
#include "say/say.h"
#include "store/store.h"
#include "stream/armour.h"
#include "stream/stream.h"

static bool is_well_formed(const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed = false;
    while (stream_next(&stream, &item, &malformed)) {
    }
    return !malformed;
}

bool incoming_is_bundle(const uint8_t *bytes, size_t size)
{
    uint8_t *stream = NULL;
    size_t stream_size;
    if (size > 0 && stream_is_one(bytes, size)) {
        return is_well_formed(bytes, size);
    }
    bool is_one = armour_read((const char *)bytes, size, &stream, &stream_size) == ARMOUR_OK;
    free(stream);
    return is_one;
}

/* What is there once only: pasted, by a pipe, or fetched; kept for who asks again. */
static struct kept {
    const char *name;
    uint8_t *bytes;
    size_t size;
} kept[8];
static size_t kept_count;

static const struct kept *find_kept(const char *name)
{
    for (size_t i = 0; i < kept_count; i++) {
        if (strcmp(kept[i].name, name) == 0) {
            return &kept[i];
        }
    }
    return NULL;
}

/* Takes the bytes. */
static int keep(const char *name, uint8_t *bytes, size_t size)
{
    if (kept_count == sizeof kept / sizeof *kept) {
        free(bytes);
        return say_usage("%s: more than %zu of these at once", name, kept_count);
    }
    kept[kept_count++] = (struct kept){name, bytes, size};
    return EXIT_DONE;
}

int incoming_keep(const char *name, const uint8_t *bytes, size_t size)
{
    uint8_t *stream = NULL;
    if (size > 0 && stream_is_one(bytes, size)) {
        stream = say_memory(malloc(size));
        memcpy(stream, bytes, size);
    } else if (armour_read((const char *)bytes, size, &stream, &size) != ARMOUR_OK) {
        return say_usage("%s: no bundle is there; of a site it is SITE#ROOT, with the root's id",
                         name);
    }
    if (!is_well_formed(stream, size)) {
        free(stream);
        return say_usage("%s: this bundle is damaged or cut short; fetch it again", name);
    }
    return keep(name, stream, size);
}

bool incoming_is_file(const char *path)
{
    struct stat about;
    return strcmp(path, "-") == 0 || (stat(path, &about) == 0 && !S_ISDIR(about.st_mode));
}

static bool comes_once(const char *path)
{
    struct stat about;
    return incoming_is_file(path) && (stat(path, &about) != 0 || !S_ISREG(about.st_mode));
}

static int copy(const struct kept *from, uint8_t **out, size_t *size)
{
    *out = say_memory(malloc(from->size + 1));
    memcpy(*out, from->bytes, from->size);
    (*out)[from->size] = '\0';
    *size = from->size;
    return EXIT_DONE;
}

static const char *file_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "/dev/stdin" : path;
}

int incoming_bytes(const char *path, uint8_t **out, size_t *size)
{
    const struct kept *found = find_kept(path);
    if (found != NULL) {
        return copy(found, out, size);
    }
    struct files_error error;
    switch (files_load_at(AT_FDCWD, file_of(path), FILES_ANY, STREAM_SIZE_MAX, out, size, &error)) {
    case FILES_OK:
        break;
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        return say_outside("%s", error.message);
    case FILES_GONE:
    case FILES_UNFIT:
        return say_usage("%s", error.message);
    }
    if (!comes_once(path)) {
        return EXIT_DONE;
    }
    int code = keep(path, *out, *size);
    return code == EXIT_DONE ? copy(find_kept(path), out, size) : code;
}

int incoming_load(const char *path, uint8_t **out, size_t *size)
{
    uint8_t *bytes = NULL;
    size_t length = 0;
    int code = incoming_bytes(path, &bytes, &length);
    if (code != EXIT_DONE) {
        return code;
    }
    struct store_error error;
    enum store_result result = store_read_bytes(file_of(path), bytes, length, out, size, &error);
    if (result != STORE_OK) {
        return result == STORE_REFUSED ? say_usage("%s", error.message)
                                       : say_outside("%s", error.message);
    }
    if (!is_well_formed(*out, *size)) {
        free(*out);
        *out = NULL;
        return say_usage("%s: this bundle is damaged or cut short; fetch it again", path);
    }
    return EXIT_DONE;
}
