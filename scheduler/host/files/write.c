/* The recipe: an unnamed file written and brought to the disk, then its name, then the folder
 * brought to the disk. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files/complain.h"

static const char *text_of(int code)
{
    const char *text = strerrordesc_np(code);
    return text != NULL ? text : "an unknown error";
}

bool files_refuse(struct files_error *error, int code, const char *why, const char *path,
                  const char *format, ...)
{
    enum { SHOWN = 120 };
    size_t len = strlen(path);
    error->code = code;
    error->why = why;
    int used = snprintf(error->message, sizeof error->message, "%s%s: ", len > SHOWN ? "..." : "",
                        len > SHOWN ? path + len - SHOWN : path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message + used, sizeof error->message - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

bool files_fail(struct files_error *error, const char *path, const char *what, const char *remedy)
{
    int code = errno;
    return files_refuse(error, code, text_of(code), path, "%s: %s%s", what, text_of(code), remedy);
}

static const char *remedy_of(int code)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return ": make room";
    case EACCES:
    case EPERM:
    case EROFS:
        return ": choose a folder that you may write to";
    case ENOENT:
        return ": make the folder first";
    case EMFILE:
    case ENFILE:
        return ": raise `ulimit -n`";
    default:
        return "";
    }
}

static bool fail(struct files_error *error, const char *path, const char *what)
{
    return files_fail(error, path, what, remedy_of(errno));
}

/* The folder part of path, "." where it has none. */
static bool folder_of(const char *path, char out[static PATH_MAX], struct files_error *error)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (len >= PATH_MAX) {
        return files_refuse(error, ENAMETOOLONG, text_of(ENAMETOOLONG), path,
                            "this path is too long");
    }
    memcpy(out, slash == NULL ? "." : path, len);
    out[len] = '\0';
    return true;
}

bool files_new_write(struct files_new *out, const char *path, mode_t mode, const void *bytes,
                     size_t size, struct files_error *error)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    *out = (struct files_new){.file = {.folder = -1, .fd = -1}, .path = path};
    out->name = slash == NULL ? path : slash + 1;
    if (!folder_of(path, folder, error)) {
        return false;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail(error, folder, "cannot open the folder");
    }
    bool is_open = files_unnamed_open(&out->file, fd, mode);
    out->file.folder = fd;
    if (!is_open) {
        return fail(error, path, "cannot make the file");
    }
    /* the mode asked for, whatever the umask */
    return (fchmod(out->file.fd, mode) == 0 && files_write_all(out->file.fd, bytes, size)) ||
           fail(error, path, "cannot write the file");
}

bool files_new_sync(const struct files_new *file, struct files_error *error)
{
    return files_sync(file->file.fd) || fail(error, file->path, "cannot write the file");
}

bool files_new_appear(struct files_new *file, struct files_error *error)
{
    if (files_unnamed_appear(&file->file, file->name)) {
        return true;
    }
    if (errno != EEXIST) {
        return fail(error, file->path, "cannot name the file");
    }
    return files_refuse(error, EEXIST, text_of(EEXIST), file->path,
                        "is there already and is never overwritten: choose another name, or move "
                        "it away first");
}

bool files_new_replace(struct files_new *file, struct files_error *error)
{
    return files_unnamed_replace(&file->file, file->name) ||
           fail(error, file->path, "cannot replace the file");
}

bool files_new_settle(const struct files_new *file, struct files_error *error)
{
    return files_sync(file->file.folder) ||
           fail(error, file->path, "the folder's fsync failed, so it may be lost");
}

void files_new_disappear(struct files_new *file)
{
    unlinkat(file->file.folder, file->name, 0);
    if (!files_sync(file->file.folder)) {
        return; /* the failure that led here is told already */
    }
}

void files_new_drop(struct files_new *file)
{
    files_unnamed_drop(&file->file);
    if (file->file.folder >= 0) {
        close(file->file.folder);
    }
    file->file.folder = -1;
}

bool files_replace(const char *path, mode_t mode, const void *bytes, size_t size,
                   struct files_error *error)
{
    struct files_new file;
    bool done = files_new_write(&file, path, mode, bytes, size, error) &&
                files_new_sync(&file, error) && files_new_replace(&file, error) &&
                files_new_settle(&file, error);
    files_new_drop(&file);
    return done;
}

/* Brings the name of a new folder to the disk. */
static bool settle_folder(int at, const char *path, struct files_error *error)
{
    char above[PATH_MAX];
    if (!folder_of(path, above, error)) {
        return false;
    }
    int fd = openat(at, above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = (fd >= 0 && files_sync(fd)) ||
                fail(error, above, "cannot bring the new folder to the disk");
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

static bool make_one(int at, const char *path, mode_t mode, struct files_error *error)
{
    struct stat status;
    if (mkdirat(at, path, mode) == 0) {
        return settle_folder(at, path, error);
    }
    int code = errno; /* a file system that is read only may say that first */
    if (fstatat(at, path, &status, 0) == 0) {
        if (S_ISDIR(status.st_mode)) {
            return true;
        }
        code = code == EEXIST ? ENOTDIR : code;
    }
    errno = code; /* ENOENT though what is above it is there: as in /proc, where nobody makes any */
    return files_fail(error, path, "cannot make the folder",
                      remedy_of(code == ENOENT ? EACCES : code));
}

bool files_make_folder(int at, const char *path, mode_t mode, struct files_error *error)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part) {
        const char *why = len == 0 ? "no folder is named" : "this path is too long";
        return files_refuse(error, len == 0 ? ENOENT : ENAMETOOLONG, why, path, "%s", why);
    }
    memcpy(part, path, len + 1);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = make_one(at, part, mode, error);
        *slash = '/';
        if (!made) {
            return false;
        }
    }
    return make_one(at, part, mode, error);
}

bool files_make_folder_of(int at, const char *path, mode_t mode, struct files_error *error)
{
    char folder[PATH_MAX];
    return folder_of(path, folder, error) && files_make_folder(at, folder, mode, error);
}
