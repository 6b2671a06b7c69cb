#include "store/write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void write_batch_init(struct write_batch *batch, struct store *store)
{
    batch->store = store;
    batch->count = batch->touched = batch->known = 0;
    memset(batch->folder, -1, sizeof batch->folder);
    memset(batch->is_touched, 0, sizeof batch->is_touched);
}

static void drop_items(struct write_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        files_unnamed_drop(&batch->item[i].file);
    }
    batch->count = 0;
}

void write_batch_close(struct write_batch *batch)
{
    drop_items(batch);
    for (size_t i = 0; i < (size_t)PARTS * 256; i++) {
        int *folder = &batch->folder[i / 256][i % 256];
        if (*folder >= 0) {
            close(*folder);
            *folder = -1;
        }
    }
}

static bool is_out_of_files(void)
{
    return errno == EMFILE || errno == ENFILE;
}

static enum store_result fail_to(const struct write_batch *batch, const char *what,
                                 const char *name, struct store_error *error)
{
    int code = errno;
    const char *remedy = "";
    if (code == ENOSPC || code == EDQUOT) {
        remedy = ": make room and try again";
    } else if (code == EACCES || code == EPERM || code == EROFS) {
        remedy = ": let this user write there, or choose another --store";
    } else if (is_out_of_files()) {
        remedy = ": raise `ulimit -n`";
    }
    return folder_fail(error, "cannot %s %.70s in %.70s: %s%s", what, name, batch->store->path,
                       strerror(code), remedy);
}

/* The folder of a prefix, opened once a batch. */
static int folder_for(struct write_batch *batch, enum folder_part part, uint8_t prefix)
{
    int *folder = &batch->folder[part][prefix];
    if (*folder < 0) {
        *folder = folder_open(batch->store, part, prefix, true);
    }
    return *folder;
}

static void touch(struct write_batch *batch, enum folder_part part, uint8_t prefix)
{
    batch->touched += !batch->is_touched[part][prefix];
    batch->is_touched[part][prefix] = true;
}

bool write_is_known(struct write_batch *batch, enum folder_part part, uint8_t prefix,
                    const char *name, const void *bytes, size_t size)
{
    uint8_t held[RECORD_SIZE_MAX + 1];
    size_t held_size;
    struct files_error error;
    int *folder = &batch->folder[part][prefix];
    if (*folder < 0) {
        *folder = folder_open(batch->store, part, prefix, false);
    }
    if (*folder < 0 ||
        files_load_into(*folder, name, held, RECORD_SIZE_MAX, &held_size, NULL, &error) !=
            FILES_OK ||
        held_size != size || memcmp(held, bytes, size) != 0) {
        return false;
    }
    touch(batch, part, prefix);
    return true;
}

static bool open_item(struct write_batch *batch, enum folder_part part, uint8_t prefix,
                      struct write_item *item)
{
    int folder = folder_for(batch, part, prefix);
    return folder >= 0 && files_unnamed_open(&item->file, folder, 0644);
}

/* Stages one file.  When files run out, what is staged is committed first. */
static enum store_result stage(struct write_batch *batch, enum folder_part part, uint8_t prefix,
                               const struct write_item *names, const uint8_t *bytes, size_t size,
                               struct store_error *error)
{
    if (batch->count == WRITE_BATCH) {
        enum store_result result = write_commit(batch, error);
        if (result != STORE_OK) {
            return result;
        }
    }
    struct write_item item = *names;
    bool is_open = open_item(batch, part, prefix, &item);
    if (!is_open && is_out_of_files() && batch->count > 0) {
        enum store_result result = write_commit(batch, error);
        if (result != STORE_OK) {
            return result;
        }
        write_batch_close(batch);
        is_open = open_item(batch, part, prefix, &item);
    }
    if (!is_open) {
        return fail_to(batch, "create", item.name, error);
    }
    bool is_written = files_write_all(item.file.fd, bytes, size);
    int code = errno;
    batch->item[batch->count++] = item; /* from here on the batch closes it */
    errno = code;
    touch(batch, part, prefix);
    return is_written ? STORE_OK : fail_to(batch, "write", item.name, error);
}

enum store_result write_record(struct write_batch *batch, const struct record_id *id,
                               const uint8_t *bytes, size_t size, struct store_error *error)
{
    struct write_item item = {0};
    folder_record_name(id, item.name);
    return stage(batch, PART_RECORDS, id->bytes[0], &item, bytes, size, error);
}

enum store_result write_signature(struct write_batch *batch, const struct record_id *id,
                                  const struct trust_signature *signature,
                                  const struct record_public_key *key, struct store_error *error)
{
    struct write_item item = {0};
    folder_signature_name(id, key, false, item.name);
    folder_signature_name(id, key, true, item.second);
    char text[TRUST_SIGNATURE_TEXT_MAX];
    size_t size = trust_signature_write(signature, text);
    return stage(batch, PART_SIGS, id->bytes[0], &item, (const uint8_t *)text, size, error);
}

enum comparison { SAME, DIFFERENT, CANNOT_TELL };

/* Reads a file from its beginning, as far as a record may go and a byte more; false and errno. */
static bool read_again(int fd, uint8_t out[static RECORD_SIZE_MAX + 1], size_t *size)
{
    ssize_t got = 1;
    for (*size = 0; got != 0 && *size <= RECORD_SIZE_MAX;) {
        got = pread(fd, out + *size, RECORD_SIZE_MAX + 1 - *size, (off_t)*size);
        if (got < 0 && errno != EINTR) {
            return false;
        }
        *size += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* Whether the file that has the name already holds the bytes of ours; then it is made durable
 * too. */
static enum comparison compare(const struct write_item *item, const char *name)
{
    uint8_t ours[RECORD_SIZE_MAX + 1], theirs[RECORD_SIZE_MAX + 1];
    size_t size, other;
    if (!read_again(item->file.fd, ours, &size)) {
        return CANNOT_TELL;
    }
    int fd = openat(item->file.folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno == ELOOP || errno == ENXIO ? DIFFERENT : CANNOT_TELL;
    }
    enum comparison result = SAME;
    if (!read_again(fd, theirs, &other)) { /* a folder, or a pipe: no file of ours */
        result = errno == EISDIR || errno == ESPIPE ? DIFFERENT : CANNOT_TELL;
    } else if (other != size || memcmp(ours, theirs, size) != 0) {
        result = DIFFERENT;
    } else if (!files_sync(fd)) {
        result = CANNOT_TELL;
    }
    int code = errno;
    close(fd);
    errno = code;
    return result;
}

/* Names one item, whoever was there before. */
static enum store_result publish(struct write_batch *batch, struct write_item *item,
                                 struct store_error *error)
{
    const char *name = item->name;
    for (int attempt = 0; attempt < 3; attempt++) {
        if (files_unnamed_appear(&item->file, name)) {
            return STORE_OK;
        }
        if (errno != EEXIST) {
            return fail_to(batch, "name", name, error);
        }
        enum comparison is = compare(item, name);
        if (is == SAME) {
            batch->known++;
            return STORE_OK;
        }
        if (is == CANNOT_TELL) {
            return fail_to(batch, "compare", name, error);
        }
        if (item->second[0] != '\0' && name == item->name) {
            name = item->second; /* another key has the same id */
        } else if (!folder_quarantine(batch->store, item->file.folder, name)) {
            return fail_to(batch, "put aside the damaged", name, error);
        }
    }
    return folder_fail(error, "%.70s in %.70s is changed by someone else: try again", name,
                       batch->store->path);
}

/* Everything that the file systems of the parts still hold back: one sync when they have one. */
static enum store_result sync_all(struct write_batch *batch, struct store_error *error)
{
    const struct store *store = batch->store;
    for (int part = 0; part < PARTS; part++) {
        if (store->part[part] < 0 || (part > 0 && store->device[part] == store->device[part - 1])) {
            continue;
        }
        int result;
        do {
            result = syncfs(store->part[part]);
        } while (result != 0 && errno == EINTR);
        if (result != 0) {
            return fail_to(batch, "make durable", folder_part_name((enum folder_part)part), error);
        }
    }
    return STORE_OK;
}

/* Which folders ab/ a part has now; false and errno. */
static bool list_prefixes(int top, bool out[static 256])
{
    memset(out, 0, 256 * sizeof *out);
    DIR *dir = files_list(openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir == NULL) {
        return false;
    }
    errno = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        uint8_t prefix;
        if (folder_read_prefix(entry->d_name, &prefix)) {
            out[prefix] = true;
        }
    }
    int code = errno;
    closedir(dir);
    errno = code;
    return code == 0;
}

enum store_result write_touch_all(struct write_batch *batch, struct store_error *error)
{
    for (int part = 0; part < PARTS; part++) {
        bool is_there[256];
        int top = folder_top(batch->store, (enum folder_part)part, true);
        if (top < 0 || !list_prefixes(top, is_there)) {
            return fail_to(batch, "list", folder_part_name((enum folder_part)part), error);
        }
        for (int prefix = 0; prefix < 256; prefix++) {
            if (!is_there[prefix]) {
                continue;
            }
            if (folder_for(batch, (enum folder_part)part, (uint8_t)prefix) < 0) {
                return fail_to(batch, "open", folder_part_name((enum folder_part)part), error);
            }
            touch(batch, (enum folder_part)part, (uint8_t)prefix);
        }
    }
    return STORE_OK;
}

/* Makes the folders of a part durable in it: one sync serves all that are there. */
static bool sync_top(struct store *store, int part)
{
    bool is_there[256]; /* when they cannot be listed, each is synced in its turn */
    bool is_listed = list_prefixes(store->part[part], is_there);
    if (!files_sync(store->part[part])) {
        return false;
    }
    for (int prefix = 0; prefix < 256; prefix++) {
        store->is_durable[part][prefix] |= is_listed && is_there[prefix];
    }
    return true;
}

/* Makes the names durable: each folder touched, and above it whatever is not known to be. */
static enum store_result sync_folders(struct write_batch *batch, struct store_error *error)
{
    struct store *store = batch->store;
    for (int part = 0; part < PARTS; part++) {
        bool is_top_dirty = false;
        for (int prefix = 0; prefix < 256; prefix++) {
            if (!batch->is_touched[part][prefix]) {
                continue;
            }
            if (!files_sync(batch->folder[part][prefix])) {
                return fail_to(batch, "make durable", folder_part_name((enum folder_part)part),
                               error);
            }
            is_top_dirty = is_top_dirty || !store->is_durable[part][prefix];
        }
        if (is_top_dirty && !sync_top(store, part)) {
            return fail_to(batch, "make durable", folder_part_name((enum folder_part)part), error);
        }
    }
    return STORE_OK;
}

/* All names are on the disk: so are the folders that they are in. */
static void note_durable(struct write_batch *batch)
{
    for (int part = 0; part < PARTS; part++) {
        for (int prefix = 0; prefix < 256; prefix++) {
            batch->store->is_durable[part][prefix] |= batch->is_touched[part][prefix];
            batch->is_touched[part][prefix] = false;
        }
    }
    batch->touched = 0;
}

/* The staged files' bytes, one by one. */
static enum store_result sync_items(struct write_batch *batch, struct store_error *error)
{
    for (size_t i = 0; i < batch->count && batch->count > 1; i++) {
        /* a hint, so that the first fsync's commit carries them all */
        sync_file_range(batch->item[i].file.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (!files_sync(
                batch->item[i].file.fd)) { /* final: what it wrote is never believed again */
            return fail_to(batch, "make durable", batch->item[i].name, error);
        }
    }
    return STORE_OK;
}

enum store_result write_commit(struct write_batch *batch, struct store_error *error)
{
    bool is_sound = batch->store->is_syncfs_sound;
    enum store_result result = batch->count > WRITE_SMALL_BATCH && is_sound
                                   ? sync_all(batch, error)
                                   : sync_items(batch, error);
    for (size_t i = 0; i < batch->count && result == STORE_OK; i++) {
        result = publish(batch, &batch->item[i], error);
    }
    if (result == STORE_OK) {
        result = batch->touched > WRITE_SMALL_BATCH && is_sound ? sync_all(batch, error)
                                                                : sync_folders(batch, error);
    }
    if (result == STORE_OK) {
        note_durable(batch);
    }
    drop_items(batch);
    return result;
}

enum store_result write_end(struct write_batch *batch, enum store_result result,
                            struct store_error *error)
{
    if (result == STORE_OK) {
        result = write_commit(batch, error);
    }
    write_batch_close(batch);
    return result;
}
