/* file.c -- single files named by a person, and single records taken out. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/folder.h"
#include "stream/armour.h"
#include "stream/stream.h"
#include "text/draft.h"

static enum store_result no_memory(struct store_error *error)
{
    return folder_no_memory(error, "no memory to read a file");
}

/* The whole file, a pipe or terminal too; at most STREAM_SIZE_MAX. */
static enum store_result read_whole(const char *path, uint8_t **out, size_t *size,
                                    struct store_error *error)
{
    struct files_error why;
    switch (files_load_at(AT_FDCWD, path, FILES_ANY, STREAM_SIZE_MAX, out, size, &why)) {
    case FILES_OK:
        return STORE_OK;
    case FILES_NO_MEMORY:
        return no_memory(error);
    case FILES_FAILED:
        return folder_fail(error, "%s", why.message);
    case FILES_GONE:
    case FILES_UNFIT:
        break;
    }
    return folder_refuse(error, "%s", why.message);
}

/* The signatures found for one raw record. */
struct beside {
    struct draft netstrings; /* of them, one after the other */
    size_t count;
};

/* Whether name is base.minisig, base.KEYID.minisig or (base = stem.rec) stem.KEYID.minisig. */
static bool is_signature_of(const char *base, const char *name)
{
    size_t length = strlen(name), stem = strlen(base);
    if (length < 8 || strcmp(name + length - 8, ".minisig") != 0) {
        return false;
    }
    if (strncmp(name, base, stem) == 0 && name[stem] == '.') {
        return true;
    }
    return stem > 4 && strcmp(base + stem - 4, ".rec") == 0 && strncmp(name, base, stem - 4) == 0 &&
           name[stem - 4] == '.';
}

/* Any name that could be a signature's is taken in: whether it is one, and whose, is for the reader
 * to judge, who looks at nothing but bytes. */
static enum store_result collect(const char *dir, const char *base, struct beside *out,
                                 struct store_error *error)
{
    DIR *folder = opendir(dir);
    if (folder == NULL) {
        return errno == ENOENT || errno == ENOTDIR
                   ? STORE_OK
                   : folder_fail(error, "cannot list %.150s: %s", dir, strerror(errno));
    }
    enum store_result result = STORE_OK;
    while (result == STORE_OK && out->count < STREAM_SIGNATURES_MAX) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL && errno != 0) {
            result = folder_fail(error, "cannot list %.150s: %s", dir, strerror(errno));
        }
        if (entry == NULL) {
            break;
        }
        if (!is_signature_of(base, entry->d_name)) {
            continue;
        }
        uint8_t text[TRUST_SIGNATURE_TEXT_MAX + 1];
        size_t size;
        struct files_error why;
        enum files_result reading = files_load_into(dirfd(folder), entry->d_name, text,
                                                    TRUST_SIGNATURE_TEXT_MAX, &size, NULL, &why);
        if (reading == FILES_FAILED || reading == FILES_NO_MEMORY) {
            result =
                folder_fail(error, "cannot read %.100s/%.90s: %s", dir, entry->d_name, why.why);
        } else if (reading == FILES_OK) {
            stream_add_netstring(&out->netstrings, text, size);
            out->count++;
        }
    }
    closedir(folder);
    return result;
}

/* Looks beside the record and, when it lies in records/ab/ of a store, in that store's sigs/ab/. */
static enum store_result collect_around(const char *path, struct beside *beside,
                                        struct store_error *error)
{
    char *dir_copy = strdup(path), *base_copy = strdup(path);
    enum store_result result = no_memory(error);
    if (dir_copy != NULL && base_copy != NULL) {
        const char *dir = dirname(dir_copy), *base = basename(base_copy);
        size_t length = strlen(dir);
        result = collect(dir, base, beside, error);
        if (result == STORE_OK && length > 2 && dir[length - 3] == '/') {
            struct draft sigs = {0};
            draft_print(&sigs, "%s/../../sigs/%s", dir, dir + length - 2);
            result =
                sigs.is_short_of_memory ? no_memory(error) : collect(sigs.at, base, beside, error);
            draft_free(&sigs);
        }
    }
    free(dir_copy);
    free(base_copy);
    return result;
}

/* Joins a raw record and its signatures into a stream of one item. */
static uint8_t *join(const uint8_t *record, size_t record_size, const struct beside *beside,
                     size_t *size)
{
    struct draft stream = {.is_short_of_memory = beside->netstrings.is_short_of_memory};
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", beside->count);
    stream_add_netstring(&stream, record, record_size);
    stream_add_netstring(&stream, digits, (size_t)length);
    draft_add_bytes(&stream, beside->netstrings.at, beside->netstrings.len);
    *size = stream.len;
    return (uint8_t *)draft_take(&stream);
}

/* A bundle as text, for a chat or a letter: *is_one tells, and then it is judged. */
static enum store_result take_armour(const char *path, const uint8_t *bytes, size_t length,
                                     uint8_t **out, size_t *size, bool *is_one,
                                     struct store_error *error)
{
    enum armour_result result = ARMOUR_NONE;
    if (!text_begins(bytes, length, "tocsin ")) { /* a record's texts may hold any words */
        result = armour_read((const char *)bytes, length, out, size);
    }
    *is_one = result != ARMOUR_NONE;
    if (result == ARMOUR_NO_MEMORY) {
        return no_memory(error);
    }
    if (result == ARMOUR_OK || result == ARMOUR_NONE) {
        return STORE_OK;
    }
    return folder_refuse(error, "%.150s: %s", path, armour_result_text(result));
}

/* A stream is told from a record by its first byte, a digit, which no record begins with; so people
 * may give either without saying which. */
enum store_result store_read_bytes(const char *path, uint8_t *bytes, size_t length, uint8_t **out,
                                   size_t *size, struct store_error *error)
{
    if (stream_is_one(bytes, length)) {
        *out = bytes;
        *size = length;
        return STORE_OK;
    }
    bool is_armour;
    enum store_result result = take_armour(path, bytes, length, out, size, &is_armour, error);
    if (is_armour || result != STORE_OK) {
        free(bytes);
        return result;
    }
    struct beside beside = {.count = 0};
    if (length == 0) {
        result = folder_refuse(error, "%.150s is empty", path);
    } else if (length > RECORD_SIZE_MAX) {
        result = folder_refuse(
            error, "%.150s is neither a record nor a bundle: no record has more than %d bytes",
            path, RECORD_SIZE_MAX);
    } else {
        result = collect_around(path, &beside, error);
    }
    if (result == STORE_OK) {
        *out = join(bytes, length, &beside, size);
        result = *out == NULL ? no_memory(error) : STORE_OK;
    }
    draft_free(&beside.netstrings);
    free(bytes);
    return result;
}

enum store_result store_read_file(const char *path, uint8_t **out, size_t *size,
                                  struct store_error *error)
{
    uint8_t *bytes = NULL;
    size_t length = 0;
    enum store_result result = read_whole(path, &bytes, &length, error);
    return result == STORE_OK ? store_read_bytes(path, bytes, length, out, size, error) : result;
}

/* Removes the signatures of a record from its folder. */
static bool remove_signatures(int folder, const struct record_id *id)
{
    DIR *dir = files_list(dup(folder));
    if (dir == NULL) {
        return false;
    }
    bool is_done = true;
    errno = 0;
    for (struct dirent *entry; is_done && (entry = readdir(dir)) != NULL; errno = 0) {
        struct record_id of;
        struct record_key_id key;
        if (folder_read_signature_name(entry->d_name, &of, &key) && record_id_equal(&of, id)) {
            is_done = unlinkat(folder, entry->d_name, 0) == 0 || errno == ENOENT;
        }
    }
    is_done = is_done && errno == 0;
    int code = errno;
    closedir(dir);
    errno = code;
    return is_done;
}

enum store_result store_remove(struct store *store, const struct record_id *id,
                               struct store_error *error)
{
    char name[FOLDER_NAME_SIZE];
    folder_record_name(id, name);
    bool was_there = false, is_done = true;
    for (int part = PART_SIGS; part >= PART_RECORDS && is_done; part--) { /* never an orphan */
        int folder = folder_open(store, (enum folder_part)part, id->bytes[0], false);
        if (folder < 0) {
            is_done = errno == ENOENT;
            continue;
        }
        if (part == PART_SIGS) {
            is_done = remove_signatures(folder, id);
        } else {
            was_there = unlinkat(folder, name, 0) == 0;
            is_done = was_there || errno == ENOENT;
        }
        is_done = is_done && files_sync(folder);
        int code = errno;
        close(folder);
        errno = code;
    }
    if (!is_done) {
        return folder_fail(error, "cannot remove %.70s from %.100s: %s", name, store->path,
                           strerror(errno));
    }
    if (!was_there) {
        return folder_refuse(error, "record %.12s is not in %.150s", name, store->path);
    }
    return STORE_OK;
}
