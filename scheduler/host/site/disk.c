/* disk.c -- a site as a folder: saved without a moment in which it is half, opened, read. */
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

#include "files/files.h"
#include "text/draft.h"

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

/* What is on disk under a path, as far as replacing it needs. */
struct found {
    bool is_there; /* a regular file */
    struct stat status;
};

static struct found look_at(int dir_fd, const char *path)
{
    struct found found = {0};
    found.is_there = fstatat(dir_fd, path, &found.status, AT_SYMLINK_NOFOLLOW) == 0 &&
                     S_ISREG(found.status.st_mode);
    return found;
}

/* The site's date; where readers have been told as late a one for other bytes, the present. */
static void set_date(int fd, utc modified, const struct found *old)
{
    struct timespec date = {.tv_sec = modified.ns / NS_PER_S};
    if (old->is_there && old->status.st_mtim.tv_sec >= date.tv_sec) {
        date = (struct timespec){.tv_nsec = UTIME_NOW};
    }
    const struct timespec both[2] = {{.tv_nsec = UTIME_OMIT}, date};
    (void)futimens(fd, both); /* else it is the present anyway */
}

/* A file on its way: in the site's own folder whatever its path, so that what a killed export has
 * left is found by the next one. */
enum { PASSING_SIZE = 32 };

static const char *const PASSING = ".passing-";

static void passing_name(char out[static PASSING_SIZE])
{
    snprintf(out, PASSING_SIZE, "%s%d", PASSING, (int)getpid());
}

static bool give_name(int dir_fd, const char *passing, const char *path, struct files_error *why)
{
    if (strchr(path, '/') != NULL && !files_make_folder_of(dir_fd, path, 0755, why)) {
        return false;
    }
    if (renameat(dir_fd, passing, dir_fd, path) != 0) {
        why->why = strerror(errno);
        return false;
    }
    return true;
}

/* Written under another name and renamed, so that a web server never hands out half of one.  Not
 * synced: after a power cut the files disagree, and are written again from the store. */
static bool replace(int dir_fd, const char *path, const struct site_content *content, utc modified,
                    const struct found *old, struct files_error *why)
{
    char passing[PASSING_SIZE];
    passing_name(passing);
    int fd = openat(dir_fd, passing, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool done =
        fd >= 0 && files_write_all(fd, content->bytes, content->size) && fchmod(fd, 0644) == 0;
    if (done) {
        set_date(fd, modified, old);
    }
    why->why = strerror(errno);
    done = (fd < 0 || close(fd) == 0) && done;
    done = done && give_name(dir_fd, passing, path, why);
    if (!done && fd >= 0) {
        unlinkat(dir_fd, passing, 0);
    }
    return done;
}

/* A second name for a file. */
static bool replace_by_link(int dir_fd, const char *from, const char *path, struct files_error *why)
{
    char passing[PASSING_SIZE];
    passing_name(passing);
    unlinkat(dir_fd, passing, 0);
    if (linkat(dir_fd, from, dir_fd, passing, 0) != 0) {
        why->why = errno == EMLINK ? "too many links to one file; --copy writes copies"
                   : errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS
                       ? "this folder takes no hard links; --copy writes copies"
                       : strerror(errno);
        return false;
    }
    bool done = give_name(dir_fd, passing, path, why);
    unlinkat(dir_fd, passing, 0); /* what is the file's own name already is not renamed, but left */
    return done;
}

/* Removes what killed exports have left. */
static void remove_passing(int dir_fd)
{
    DIR *folder = files_list(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strncmp(entry->d_name, PASSING, strlen(PASSING)) == 0) {
            unlinkat(dir_fd, entry->d_name, 0);
        }
    }
    closedir(folder);
}

static bool is_same(int dir_fd, const char *path, const struct site_content *content)
{
    uint8_t *bytes;
    size_t size;
    struct files_error why;
    if (!load(dir_fd, path, SITE_FILE_SIZE_MAX, &bytes, &size, &why)) {
        return false;
    }
    bool same = size == content->size && memcmp(bytes, content->bytes, size) == 0;
    free(bytes);
    return same;
}

/* Takes one line "PATH TAB SIZE TAB HASH LF" off *at. */
static bool take_line(const char **at, struct site_listed *out)
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
    struct site_content index = {.bytes = (uint8_t *)index_header, .size = sizeof index_header - 1};
    const struct found none = {0};
    return replace(dir_fd, SITE_INDEX, &index, (utc){0}, &none, why);
}

/* A folder of a person's is not ours to fill: only an empty one, or one that we filled before. */
static bool is_empty(int dir_fd)
{
    DIR *folder = files_list(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder == NULL) {
        return false;
    }
    bool empty = true;
    for (struct dirent *entry; empty && (entry = readdir(folder)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                strncmp(entry->d_name, PASSING, strlen(PASSING)) == 0;
    }
    closedir(folder);
    return empty;
}

/* Removes what the old index names and the site does not hold, and folders that this leaves
 * empty. */
static void remove_old(int dir_fd, const uint8_t *old, size_t old_size, const struct site *site)
{
    const char *at = skip_header(old, old_size);
    struct site_listed line;
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

/* What writing a site comes to: for each file whether it must be written, for each content a path
 * that has it on disk. */
struct saving {
    const struct site *site;
    int dir_fd;
    bool *differs;      /* owned */
    size_t *home;       /* owned: of a content, the index of such a file; SIZE_MAX: none */
    struct found *seen; /* owned: of a content, that file's inode */
    bool *is_counted;   /* owned: of a content */
};

static bool saving_begin(struct saving *saving, const struct site *site, int dir_fd)
{
    *saving = (struct saving){
        .site = site,
        .dir_fd = dir_fd,
        .differs = calloc(site->count + 1, sizeof *saving->differs),
        .home = malloc((site->content_count + 1) * sizeof *saving->home),
        .seen = calloc(site->content_count + 1, sizeof *saving->seen),
        .is_counted = calloc(site->content_count + 1, sizeof *saving->is_counted),
    };
    if (saving->differs == NULL || saving->home == NULL || saving->seen == NULL ||
        saving->is_counted == NULL) {
        return false;
    }
    for (size_t i = 0; i < site->content_count; i++) {
        saving->home[i] = SIZE_MAX;
    }
    return true;
}

static void saving_end(struct saving *saving)
{
    free(saving->differs);
    free(saving->home);
    free(saving->seen);
    free(saving->is_counted);
}

/* Compares every file, each inode once. */
static void saving_compare(struct saving *saving)
{
    const struct site *site = saving->site;
    for (size_t i = 0; i < site->count; i++) {
        size_t c = site->file[i].content;
        struct found found = look_at(saving->dir_fd, site->file[i].path);
        bool is_known = found.is_there && saving->seen[c].is_there &&
                        found.status.st_ino == saving->seen[c].status.st_ino;
        bool same =
            is_known || (found.is_there && (size_t)found.status.st_size == site->content[c].size &&
                         is_same(saving->dir_fd, site->file[i].path, &site->content[c]));
        saving->differs[i] = !same;
        if (same && !is_known) {
            saving->home[c] = i;
            saving->seen[c] = found;
        }
    }
}

static void saving_tell(const struct saving *saving, const struct site_saving *how)
{
    const struct site *site = saving->site;
    size_t files = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < site->count; i++) {
        size_t c = site->file[i].content;
        bool is_linked = !how->is_copied && (saving->home[c] != SIZE_MAX || saving->is_counted[c]);
        if (saving->differs[i]) {
            files++;
            bytes += is_linked ? 0 : site->content[c].size;
            saving->is_counted[c] = true;
        }
    }
    if (how->tell != NULL && files > 0) {
        how->tell(how->context, files, bytes);
    }
}

static bool saving_write(struct saving *saving, const struct site_saving *how, size_t i,
                         struct files_error *why)
{
    const struct site *site = saving->site;
    const struct site_file *file = &site->file[i];
    size_t *home = &saving->home[file->content];
    if (*home != SIZE_MAX && !how->is_copied) {
        return replace_by_link(saving->dir_fd, site->file[*home].path, file->path, why);
    }
    struct found old = look_at(saving->dir_fd, file->path);
    *home = i;
    return replace(saving->dir_fd, file->path, &site->content[file->content], site->modified, &old,
                   why);
}

/* Readers come at any moment.  Each file is replaced whole, the index last, and old files go after
 * that: whoever has read the index finds all that it names.  A folder without our index is
 * somebody's, and nothing in it is touched. */
enum site_result site_save(const struct site *site, const char *dir, const struct site_saving *how,
                           struct site_error *error)
{
    struct files_error why;
    if (!files_make_folder(AT_FDCWD, dir, 0755, &why)) {
        snprintf(error->message, sizeof error->message, "%s", why.message);
        return SITE_FAILED;
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
    struct saving saving;
    if (!has_old && !is_empty(dir_fd)) {
        snprintf(error->message, sizeof error->message,
                 "%.160s holds other things and no site: give an empty or a new folder", dir);
        result = SITE_UNSOUND;
    } else if (!has_old && !write_empty_index(dir_fd, &why)) {
        result = fail(error, dir, SITE_INDEX, why.why);
    }
    if (!saving_begin(&saving, site, dir_fd)) {
        result = SITE_NO_MEMORY;
    }
    size_t index = SIZE_MAX;
    if (result == SITE_OK) {
        remove_passing(dir_fd);
        saving_compare(&saving);
        saving_tell(&saving, how);
    }
    for (size_t i = 0; result == SITE_OK && i < site->count; i++) {
        if (strcmp(site->file[i].path, SITE_INDEX) == 0) {
            index = i; /* the last to be written */
        } else if (saving.differs[i] && !saving_write(&saving, how, i, &why)) {
            result = fail(error, dir, site->file[i].path, why.why);
        }
    }
    if (result == SITE_OK && index != SIZE_MAX && saving.differs[index]) {
        if (!saving_write(&saving, how, index, &why)) {
            result = fail(error, dir, SITE_INDEX, why.why);
        } else if (has_old) {
            remove_old(dir_fd, old, old_size, site);
        }
    }
    saving_end(&saving);
    free(old);
    close(dir_fd);
    return result;
}

struct site_listing {
    int dir_fd;
    char dir[128];              /* for messages: its beginning */
    struct site_listed *listed; /* owned */
    size_t count;
};

static bool read_lines(struct site_listing *listing, const uint8_t *index, size_t size)
{
    const char *at = skip_header(index, size);
    size_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += index[i] == '\n';
    }
    listing->listed = malloc((lines + 1) * sizeof *listing->listed);
    while (at != NULL && listing->listed != NULL && *at != '\0') {
        if (!take_line(&at, &listing->listed[listing->count])) {
            return false;
        }
        listing->count++;
    }
    if (at != NULL && listing->listed != NULL) {
        struct site_listed *itself = &listing->listed[listing->count++];
        snprintf(itself->path, sizeof itself->path, "%s", SITE_INDEX);
        itself->size = size;
        crypto_generichash(itself->hash, sizeof itself->hash, index, size, NULL, 0);
    }
    return at != NULL && listing->listed != NULL;
}

/* Of a damaged index, is_lenient takes what comes before the damage. */
static enum site_result open_listing(const char *dir, bool is_lenient, struct site_listing **out,
                                     struct site_error *error)
{
    struct site_listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL) {
        return SITE_NO_MEMORY;
    }
    snprintf(listing->dir, sizeof listing->dir, "%s", dir);
    listing->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (listing->dir_fd < 0) {
        free(listing);
        return fail(error, dir, "", strerror(errno));
    }
    lock(listing->dir_fd, LOCK_SH);
    struct files_error why;
    uint8_t *index = NULL;
    size_t size = 0;
    enum site_result result = SITE_OK;
    if (!load(listing->dir_fd, SITE_INDEX, INDEX_SIZE_MAX, &index, &size, &why)) {
        result = fail(error, dir, SITE_INDEX, why.why);
    } else if (!read_lines(listing, index, size) && !is_lenient) {
        snprintf(error->message, sizeof error->message, "%.160s/%s is damaged: export again", dir,
                 SITE_INDEX);
        result = SITE_UNSOUND;
    }
    free(index);
    if (result != SITE_OK) {
        site_close(listing);
        return result;
    }
    *out = listing;
    return SITE_OK;
}

enum site_result site_open(const char *dir, struct site_listing **out, struct site_error *error)
{
    return open_listing(dir, false, out, error);
}

void site_close(struct site_listing *listing)
{
    if (listing != NULL) {
        close(listing->dir_fd);
        free(listing->listed);
        free(listing);
    }
}

size_t site_listed_count(const struct site_listing *listing)
{
    return listing->count;
}

const struct site_listed *site_listed(const struct site_listing *listing, size_t index)
{
    return &listing->listed[index];
}

enum site_result site_read(const struct site_listing *listing, size_t index, uint8_t **bytes,
                           utc *modified, struct site_error *error)
{
    const struct site_listed *line = &listing->listed[index];
    struct found found = look_at(listing->dir_fd, line->path);
    size_t size;
    struct files_error why;
    if (!load(listing->dir_fd, line->path, SITE_FILE_SIZE_MAX, bytes, &size, &why)) {
        return fail(error, listing->dir, line->path, why.why);
    }
    uint8_t hash[SITE_HASH_SIZE];
    crypto_generichash(hash, sizeof hash, *bytes, size, NULL, 0);
    if (size != line->size || memcmp(hash, line->hash, sizeof hash) != 0) {
        snprintf(error->message, sizeof error->message,
                 "%.120s/%.80s is not what the index says: export again", listing->dir, line->path);
        free(*bytes);
        return SITE_UNSOUND;
    }
    modified->ns = found.status.st_mtim.tv_sec * NS_PER_S;
    return SITE_OK;
}

static bool is_feed(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, ".ics") == 0;
}

enum site_result site_addresses(const char *dir, struct site_addresses *out,
                                struct site_error *error)
{
    *out = (struct site_addresses){0};
    struct site_listing *listing;
    enum site_result result = open_listing(dir, true, &listing, error);
    if (result == SITE_FAILED) {
        return SITE_OK; /* no site there; whether one can be written is told then */
    }
    if (result != SITE_OK) {
        return result;
    }
    out->text = malloc(listing->count * SITE_PATH_SIZE + 1);
    out->path = malloc((listing->count + 1) * sizeof *out->path);
    for (size_t i = 0; out->text != NULL && out->path != NULL && i < listing->count; i++) {
        if (is_feed(listing->listed[i].path)) {
            char *path = out->text + out->count * SITE_PATH_SIZE;
            strcpy(path, listing->listed[i].path);
            out->path[out->count++] = path;
        }
    }
    site_close(listing);
    if (out->text == NULL || out->path == NULL) {
        site_addresses_free(out);
        return SITE_NO_MEMORY;
    }
    return SITE_OK;
}

void site_addresses_free(struct site_addresses *addresses)
{
    free(addresses->text);
    free(addresses->path);
    *addresses = (struct site_addresses){0};
}
