#include "site/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <sodium.h>

#include "feeds/draft.h"
#include "files/files.h"

enum { INDEX_SIZE_MAX = SITE_FILE_SIZE_MAX };

static enum site_result fail(struct site_error *error, const char *dir, const char *path,
                             const char *why)
{
    snprintf(error->message, sizeof error->message, "%.120s/%.80s: %s", dir, path, why);
    return SITE_FAILED;
}

/* A regular file below dir_fd, and no link. */
static bool load(int dir_fd, const char *path, size_t max, uint8_t **out, size_t *size,
                 struct files_error *why)
{
    return files_load_at(dir_fd, path, FILES_ITSELF, max, out, size, why) == FILES_OK;
}

/* Written beside the file and renamed, so that a web server never hands out half of one.  Not
 * synced: after a power cut the index disagrees, and the site is exported again from the store. */
static bool replace(int dir_fd, const struct site_file *file, struct files_error *why)
{
    struct files_new new;
    bool is_inner = strchr(file->path, '/') != NULL;
    if (is_inner && !files_make_folder_of(dir_fd, file->path, 0755, why)) {
        return false;
    }
    bool done = files_new_write(&new, dir_fd, file->path, 0644, file->bytes, file->size, why) &&
                files_new_replace(&new, why);
    files_new_drop(&new);
    return done;
}

static bool is_same(int dir_fd, const struct site_file *file)
{
    uint8_t *bytes;
    size_t size;
    struct files_error why;
    if (!load(dir_fd, file->path, SITE_FILE_SIZE_MAX, &bytes, &size, &why)) {
        return false;
    }
    bool same = size == file->size && (size == 0 || memcmp(bytes, file->bytes, size) == 0);
    free(bytes);
    return same;
}

struct index_line {
    char path[SITE_PATH_SIZE];
    size_t size;
    uint8_t hash[crypto_generichash_BYTES];
};

/* Takes one line "PATH TAB SIZE TAB HASH LF" off *at. */
static bool take_line(const char **at, struct index_line *out)
{
    const char *end = strchr(*at, '\n');
    const char *tab = strchr(*at, '\t');
    if (end == NULL || tab == NULL || tab > end || tab - *at >= SITE_PATH_SIZE) {
        return false;
    }
    memset(out->path, 0, sizeof out->path);
    memcpy(out->path, *at, (size_t)(tab - *at));
    char *after;
    errno = 0;
    unsigned long long size = strtoull(tab + 1, &after, 10);
    size_t hex = 0;
    if (tab[1] < '0' || tab[1] > '9' || errno != 0 || *after != '\t' || size > SITE_FILE_SIZE_MAX ||
        end - (after + 1) != 64 ||
        sodium_hex2bin(out->hash, sizeof out->hash, after + 1, 64, NULL, &hex, NULL) != 0 ||
        hex != sizeof out->hash || !site_path_is_sound(out->path)) {
        return false;
    }
    out->size = (size_t)size;
    *at = end + 1;
    return true;
}

static char index_header[] = "path\tsize\tblake2b\n";

static const char *skip_header(const uint8_t *bytes, size_t size)
{
    const size_t len = sizeof index_header - 1;
    return size >= len && memcmp(bytes, index_header, len) == 0 ? (const char *)bytes + len : NULL;
}

/* One export at a time, and none while a site is read; where the file system has no locks it goes
 * without.  Freed with the descriptor, also of a program that was killed. */
static void lock(int dir_fd, int how)
{
    while (flock(dir_fd, how) != 0 && errno == EINTR) {
    }
}

/* Marks an empty folder as ours before anything else is written, so that an export that was killed
 * half-way can be made again. */
static bool write_empty_index(int dir_fd, struct files_error *why)
{
    struct site_file index = {.bytes = (uint8_t *)index_header, .size = sizeof index_header - 1};
    snprintf(index.path, sizeof index.path, "%s", SITE_INDEX);
    return replace(dir_fd, &index, why);
}

/* A folder of a person's is not ours to fill: only an empty one, or one that we filled before. */
static bool is_empty(int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    bool empty = true;
    for (struct dirent *entry; empty && (entry = readdir(folder)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    closedir(folder);
    return empty;
}

/* Removes what the old index names and the site does not hold, and folders that this leaves empty.
 */
static void remove_old(int dir_fd, const uint8_t *old, size_t old_size, const struct site *site)
{
    const char *at = skip_header(old, old_size);
    struct index_line line;
    while (at != NULL && *at != '\0' && take_line(&at, &line)) {
        if (site_find(site, line.path) != NULL || unlinkat(dir_fd, line.path, 0) != 0) {
            continue;
        }
        for (char *slash; (slash = strrchr(line.path, '/')) != NULL;) {
            *slash = '\0';
            if (unlinkat(dir_fd, line.path, AT_REMOVEDIR) != 0) {
                break;
            }
        }
    }
}

enum site_result site_save(const struct site *site, const char *dir, struct site_error *error)
{
    struct files_error why;
    if (!files_make_folder(AT_FDCWD, dir, 0755, &why)) {
        return fail(error, dir, "", why.why);
    }
    int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0) {
        return fail(error, dir, "", strerror(errno));
    }
    lock(dir_fd, LOCK_EX);
    enum site_result result = SITE_OK;
    uint8_t *old = NULL;
    size_t old_size = 0;
    bool has_old = load(dir_fd, SITE_INDEX, INDEX_SIZE_MAX, &old, &old_size, &why) &&
                   skip_header(old, old_size) != NULL;
    if (!has_old && !is_empty(dir_fd)) {
        snprintf(error->message, sizeof error->message,
                 "%.160s holds other things and no site: give an empty or a new folder", dir);
        result = SITE_UNSOUND;
    } else if (!has_old && !write_empty_index(dir_fd, &why)) {
        result = fail(error, dir, SITE_INDEX, why.why);
    }
    const struct site_file *index = site_find(site, SITE_INDEX);
    for (size_t i = 0; result == SITE_OK && i < site->count; i++) {
        const struct site_file *file = &site->file[i];
        if (file != index && !is_same(dir_fd, file) && !replace(dir_fd, file, &why)) {
            result = fail(error, dir, file->path, why.why);
        }
    }
    if (result == SITE_OK && index != NULL && !is_same(dir_fd, index)) {
        if (!replace(dir_fd, index, &why)) {
            result = fail(error, dir, SITE_INDEX, why.why);
        } else if (has_old) {
            remove_old(dir_fd, old, old_size, site);
        }
    }
    free(old);
    close(dir_fd);
    return result;
}

static enum site_result load_line(int dir_fd, const char *dir, const struct index_line *line,
                                  struct site *site, struct site_error *error)
{
    uint8_t *bytes;
    size_t size;
    struct files_error why;
    if (!load(dir_fd, line->path, SITE_FILE_SIZE_MAX, &bytes, &size, &why)) {
        return fail(error, dir, line->path, why.why);
    }
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
    if (size != line->size || memcmp(hash, line->hash, sizeof hash) != 0) {
        snprintf(error->message, sizeof error->message,
                 "%.120s/%.80s is not what the index says: export again", dir, line->path);
        free(bytes);
        return SITE_UNSOUND;
    }
    return site_take(site, line->path, bytes, size, error);
}

enum site_result site_load(const char *dir, struct site *out, struct site_error *error)
{
    int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0) {
        return fail(error, dir, "", strerror(errno));
    }
    lock(dir_fd, LOCK_SH);
    struct files_error why;
    struct site site = {0};
    uint8_t *index = NULL;
    size_t size = 0;
    enum site_result result = SITE_OK;
    if (!load(dir_fd, SITE_INDEX, INDEX_SIZE_MAX, &index, &size, &why)) {
        result = fail(error, dir, SITE_INDEX, why.why);
        close(dir_fd);
        return result;
    }
    const char *at = skip_header(index, size);
    while (result == SITE_OK && at != NULL && *at != '\0') {
        struct index_line line;
        if (!take_line(&at, &line)) {
            at = NULL;
        } else {
            result = load_line(dir_fd, dir, &line, &site, error);
        }
    }
    if (result == SITE_OK && at == NULL) {
        snprintf(error->message, sizeof error->message, "%.160s/%s is damaged: export again", dir,
                 SITE_INDEX);
        result = SITE_UNSOUND;
    }
    close(dir_fd);
    free(index);
    if (result == SITE_OK) {
        result = site_finish(&site, error);
    }
    if (result != SITE_OK) {
        site_free(&site);
        return result;
    }
    *out = site;
    return SITE_OK;
}
