/* The recipe: a nameless file (O_TMPFILE) written and brought to the disk, then linked under its
 * name, then the folder brought to the disk.  A failed fsync is final: the kernel may have dropped
 * the pages and will not say so twice.  Where there are no nameless files (some network file
 * systems) a file with a passing name and renameat2 does the same. */
#include "keys/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_SIZE = 4096 };

bool keys_complain(struct keys_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

static bool complain_errno(struct keys_error *error, const char *path, const char *what)
{
    int why = errno;
    const char *remedy = why == ENOSPC || why == EDQUOT ? ": make room"
                         : why == EACCES || why == EPERM || why == EROFS
                             ? ": choose a folder that you may write to"
                         : why == ENOENT ? ": make the folder first"
                                         : "";
    return keys_complain(error, "%s: %s: %s%s", path, what, strerror(why), remedy);
}

/* The folder part of path, "." where it has none. */
static bool folder_of(const char *path, char out[static PATH_MAX_SIZE], struct keys_error *error)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (len >= PATH_MAX_SIZE) {
        keys_complain(error, "%.80s...: this path is too long", path);
        return false;
    }
    memcpy(out, slash == NULL ? "." : path, len);
    out[len] = '\0';
    return true;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t wrote = write(fd, at, size);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            errno = wrote == 0 ? EIO : errno;
            return false;
        }
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static int open_nameless(struct durable *file, mode_t mode)
{
    file->passing[0] = '\0';
    int fd = openat(file->folder_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) {
        return fd;
    }
    snprintf(file->passing, sizeof file->passing, ".tocsin-%08lx%08lx",
             (unsigned long)randombytes_random(), (unsigned long)randombytes_random());
    fd = openat(file->folder_fd, file->passing,
                O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        file->passing[0] = '\0';
    }
    return fd;
}

bool durable_write(const char *path, const void *bytes, size_t size, mode_t mode,
                   struct durable *out, struct keys_error *error)
{
    char folder[PATH_MAX_SIZE];
    const char *slash = strrchr(path, '/');
    *out = (struct durable){.fd = -1, .folder_fd = -1, .path = path};
    out->name = slash == NULL ? path : slash + 1;
    if (!folder_of(path, folder, error)) {
        return false;
    }
    out->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out->folder_fd < 0) {
        return complain_errno(error, folder, "cannot open the folder");
    }
    out->fd = open_nameless(out, mode);
    if (out->fd < 0) {
        return complain_errno(error, path, "cannot make the file");
    }
    /* the mode asked for, whatever the umask */
    if (fchmod(out->fd, mode) != 0 || !write_all(out->fd, bytes, size) || fsync(out->fd) != 0) {
        return complain_errno(error, path, "cannot write the file");
    }
    return true;
}

bool durable_appear(struct durable *file, struct keys_error *error)
{
    int done;
    if (file->passing[0] != '\0') {
        done = renameat2(file->folder_fd, file->passing, file->folder_fd, file->name,
                         RENAME_NOREPLACE);
        if (done == 0) {
            file->passing[0] = '\0';
        }
    } else {
        char self[64];
        snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
        done = linkat(AT_FDCWD, self, file->folder_fd, file->name, AT_SYMLINK_FOLLOW);
    }
    if (done != 0 && errno == EEXIST) {
        return keys_complain(error,
                             "%s: is there already and is never overwritten: choose another "
                             "name, or move it away first",
                             file->path);
    }
    return done == 0 || complain_errno(error, file->path, "cannot name the file");
}

bool durable_replace(struct durable *file, struct keys_error *error)
{
    if (file->passing[0] == '\0') { /* rename needs a name to begin with */
        char passing[sizeof file->passing], self[64];
        snprintf(passing, sizeof passing, ".tocsin-%08lx%08lx", (unsigned long)randombytes_random(),
                 (unsigned long)randombytes_random());
        snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
        if (linkat(AT_FDCWD, self, file->folder_fd, passing, AT_SYMLINK_FOLLOW) != 0) {
            return complain_errno(error, file->path, "cannot name the file");
        }
        memcpy(file->passing, passing, sizeof passing);
    }
    if (renameat(file->folder_fd, file->passing, file->folder_fd, file->name) != 0) {
        return complain_errno(error, file->path, "cannot replace the file");
    }
    file->passing[0] = '\0';
    return true;
}

bool durable_settle(const struct durable *file, struct keys_error *error)
{
    return fsync(file->folder_fd) == 0 ||
           complain_errno(error, file->path, "the folder's fsync failed, so it may be lost");
}

void durable_disappear(struct durable *file)
{
    unlinkat(file->folder_fd, file->name, 0);
    if (fsync(file->folder_fd) != 0) {
        return; /* the failure that led here is told already */
    }
}

void durable_drop(struct durable *file)
{
    if (file->passing[0] != '\0') {
        unlinkat(file->folder_fd, file->passing, 0);
        file->passing[0] = '\0';
    }
    if (file->fd >= 0) {
        close(file->fd); /* brought to the disk already, or given up: nothing to learn here */
    }
    if (file->folder_fd >= 0) {
        close(file->folder_fd);
    }
    file->fd = file->folder_fd = -1;
}

/* Makes one folder and brings its name to the disk; one that is there already is fine. */
static bool make_folder(const char *path, struct keys_error *error)
{
    if (mkdir(path, 0700) != 0) {
        return errno == EEXIST || complain_errno(error, path, "cannot make the folder");
    }
    char above[PATH_MAX_SIZE];
    if (!folder_of(path, above, error)) {
        return false;
    }
    int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (!done) {
        complain_errno(error, above, "cannot bring the new folder to the disk");
    }
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

bool durable_make_folders(const char *path, struct keys_error *error)
{
    char folder[PATH_MAX_SIZE];
    if (!folder_of(path, folder, error)) {
        return false;
    }
    for (char *at = folder + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            bool made = make_folder(folder, error);
            *at = '/';
            if (!made) {
                return false;
            }
        }
    }
    return make_folder(folder, error);
}
