#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/complain.h"

enum { FIRST_ROOM = 32 * 1024 };

static enum files_result fail(struct files_error *error, const char *path, const char *what)
{
    bool is_out = errno == EMFILE || errno == ENFILE;
    (void)files_fail(error, path, what, is_out ? ": raise `ulimit -n`" : "");
    return error->code == ENOENT   ? FILES_GONE
           : error->code == ENOMEM ? FILES_NO_MEMORY
                                   : FILES_FAILED;
}

static enum files_result too_large(struct files_error *error, const char *path, size_t max)
{
    (void)files_refuse(error, EFBIG, "it is too large", path,
                       "is too large: at most %zu bytes are taken", max);
    return FILES_UNFIT;
}

/* Opens for reading; unless FILES_ANY is asked for, a pipe or a device cannot make us wait. */
static enum files_result open_kind(int folder, const char *path, enum files_kind kind, int *out,
                                   struct stat *status, struct files_error *error)
{
    int more = kind == FILES_ANY ? 0 : kind == FILES_ITSELF ? O_NONBLOCK | O_NOFOLLOW : O_NONBLOCK;
    int fd = openat(folder, path, O_RDONLY | O_NOCTTY | O_CLOEXEC | more);
    if (fd < 0 && kind == FILES_ITSELF && errno == ELOOP) {
        (void)files_refuse(error, ELOOP, "it is a symbolic link", path,
                           "is a symbolic link: give the file itself");
        return FILES_UNFIT;
    }
    if (fd < 0 && errno != ENXIO) { /* a socket's */
        return fail(error, path, "cannot open");
    }
    if (fd >= 0 && fstat(fd, status) != 0) {
        enum files_result result = fail(error, path, "cannot look at it");
        close(fd);
        return result;
    }
    if (fd < 0 || (kind == FILES_ANY ? S_ISDIR(status->st_mode) : !S_ISREG(status->st_mode))) {
        (void)files_refuse(error, fd >= 0 && S_ISDIR(status->st_mode) ? EISDIR : ENXIO,
                           "it is not a regular file", path, "is not a regular file");
        if (fd >= 0) {
            close(fd);
        }
        return FILES_UNFIT;
    }
    *out = fd;
    return FILES_OK;
}

/* Reads on until room is full or the file ends; false and errno. */
static bool read_on(int fd, void *out, size_t room, size_t *size)
{
    while (*size < room) {
        ssize_t got = read(fd, (char *)out + *size, room - *size);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            *size += (size_t)got;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Grows as it must: what a file says of its size is no more than a hint (in /proc it says 0). */
static enum files_result take(int fd, const char *path, size_t hint, size_t max, uint8_t **out,
                              size_t *size, struct files_error *error)
{
    size_t room = (hint < max ? hint : max) + 1, got = 0;
    uint8_t *bytes = malloc(room);
    enum files_result result = FILES_OK;
    while (bytes != NULL && result == FILES_OK) {
        if (!read_on(fd, bytes, room, &got)) {
            result = fail(error, path, "cannot read");
        } else if (got < room) {
            bytes[got] = '\0';
            *out = bytes;
            *size = got;
            return FILES_OK;
        } else if (got > max) {
            result = too_large(error, path, max);
        } else {
            room = room < FIRST_ROOM ? FIRST_ROOM : room * 2;
            room = room < max + 1 ? room : max + 1;
            uint8_t *more = realloc(bytes, room);
            if (more == NULL) {
                break;
            }
            bytes = more;
        }
    }
    free(bytes);
    if (result == FILES_OK) {
        errno = ENOMEM;
        result = fail(error, path, "cannot read");
    }
    return result;
}

enum files_result files_load_at(int folder, const char *path, enum files_kind kind, size_t max,
                                uint8_t **out, size_t *size, struct files_error *error)
{
    struct stat status;
    int fd;
    enum files_result result = open_kind(folder, path, kind, &fd, &status, error);
    if (result != FILES_OK) {
        return result;
    }
    size_t claimed = status.st_size > 0 ? (size_t)status.st_size : 0;
    result = claimed > max ? too_large(error, path, max)
                           : take(fd, path, claimed, max, out, size, error);
    close(fd);
    return result;
}

bool files_load(const char *path, size_t max, uint8_t **out, size_t *size,
                struct files_error *error)
{
    return files_load_at(AT_FDCWD, path, FILES_REGULAR, max, out, size, error) == FILES_OK;
}

DIR *files_list(int folder)
{
    DIR *names = folder < 0 ? NULL : fdopendir(folder);
    if (names == NULL && folder >= 0) {
        int code = errno;
        close(folder);
        errno = code;
    }
    return names;
}

enum files_result files_load_into(int folder, const char *name, void *out, size_t max, size_t *size,
                                  struct stat *status, struct files_error *error)
{
    struct stat own;
    int fd;
    enum files_result result =
        open_kind(folder, name, FILES_ITSELF, &fd, status != NULL ? status : &own, error);
    if (result != FILES_OK) {
        return result;
    }
    *size = 0;
    if (!read_on(fd, out, max + 1, size)) {
        result = fail(error, name, "cannot read");
    } else if (*size > max) {
        result = too_large(error, name, max);
    }
    close(fd);
    return result;
}
