#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum store_result folder_say(enum store_result result, struct store_error *error,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return result;
}

const char *folder_part_name(enum folder_part part)
{
    return part == PART_RECORDS ? "records" : "sigs";
}

void folder_record_name(const struct record_id *id, char out[static FOLDER_NAME_SIZE])
{
    record_id_write(id, out);
    strcat(out, ".rec");
}

void folder_signature_name(const struct record_id *id, const struct record_public_key *key,
                           bool is_second, char out[static FOLDER_NAME_SIZE])
{
    char digits[RECORD_ID_TEXT_SIZE], key_id[RECORD_KEY_ID_TEXT_SIZE];
    record_id_write(id, digits);
    record_key_id_write(&key->id, key_id);
    int length = snprintf(out, FOLDER_NAME_SIZE, "%s.%s", digits, key_id);
    if (is_second) {
        length += snprintf(out + length, FOLDER_NAME_SIZE - (size_t)length, ".%02x%02x%02x%02x",
                           key->key[0], key->key[1], key->key[2], key->key[3]);
    }
    snprintf(out + length, FOLDER_NAME_SIZE - (size_t)length, ".minisig");
}

bool folder_read_prefix(const char *name, uint8_t *prefix)
{
    if (strlen(name) != 2 || !text_is_hex((struct text){name, 2})) {
        return false;
    }
    *prefix = (uint8_t)strtoul(name, NULL, 16);
    return true;
}

bool folder_read_record_name(const char *name, struct record_id *id)
{
    return strlen(name) == 64 + 4 && record_id_read(name, 64, id) && strcmp(name + 64, ".rec") == 0;
}

bool folder_read_signature_name(const char *name, struct record_id *id, struct record_key_id *key)
{
    size_t length = strlen(name);
    if (length < 64 + 1 + 16 + 8 || !record_id_read(name, 64, id) || name[64] != '.' ||
        !record_key_id_read(name + 65, 16, key)) {
        return false;
    }
    const char *rest = name + 81;
    return strcmp(rest, ".minisig") == 0 ||
           (length == 81 + 9 + 8 && rest[0] == '.' && strspn(rest + 1, "0123456789abcdef") == 8 &&
            strcmp(rest + 9, ".minisig") == 0);
}

/* Whether syncfs writes everything and reports errors on this file system: elsewhere (FUSE, say) it
 * may do nothing and say that all is well. */
static bool is_syncfs_sound(int fd)
{
    static const long known[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                                 F2FS_SUPER_MAGIC, TMPFS_MAGIC};
    struct statfs status;
    if (fstatfs(fd, &status) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if ((long)status.f_type == known[i]) {
            return true;
        }
    }
    return false;
}

int folder_top(struct store *store, enum folder_part part, bool make)
{
    if (store->part[part] < 0) {
        const char *name = folder_part_name(part);
        if (make && ((mkdirat(store->dir, name, 0700) != 0 && errno != EEXIST) ||
                     !files_sync(store->dir))) {
            return -1;
        }
        store->part[part] =
            openat(store->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat status = {0};
        store->is_syncfs_sound = store->is_syncfs_sound && store->part[part] >= 0 &&
                                 is_syncfs_sound(store->part[part]) &&
                                 fstat(store->part[part], &status) == 0;
        store->device[part] = store->is_syncfs_sound ? status.st_dev : 0;
    }
    return store->part[part];
}

int folder_open(struct store *store, enum folder_part part, uint8_t prefix, bool make)
{
    char name[3];
    snprintf(name, sizeof name, "%02x", prefix);
    int top = folder_top(store, part, make);
    if (top < 0) {
        return -1;
    }
    if (make && mkdirat(top, name, 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    return openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool folder_quarantine(struct store *store, int folder, const char *name)
{
    struct files_error why;
    if (!files_make_folder(store->dir, "quarantine", 0700, &why)) {
        errno = why.code;
        return false;
    }
    int aside = openat(store->dir, "quarantine", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (aside < 0) {
        return false;
    }
    int moved = -1;
    for (int i = 0; i < 1000 && moved != 0; i++) {
        char other[300];
        snprintf(other, sizeof other, i == 0 ? "%.240s" : "%.240s.%d", name, i);
        moved = renameat2(folder, name, aside, other, RENAME_NOREPLACE);
        if (moved != 0 && errno != EEXIST) {
            break;
        }
    }
    int saved = errno;
    close(aside);
    errno = saved;
    return moved == 0;
}
