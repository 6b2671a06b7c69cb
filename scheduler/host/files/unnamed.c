/* A nameless file (O_TMPFILE) is linked under its name once it is whole.  Where there are none
 * (some network file systems) a file with a passing name, begun with a dot, and renameat2 do the
 * same. */
#include "files/unnamed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const char PASSING[] = ".tocsin-";
enum { DIGITS = 16 };

/* By chance: a process number would meet its own debris again. */
static bool choose_passing(char out[static 32])
{
    uint64_t chance;
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) {
        return false;
    }
    snprintf(out, 32, "%s%0*llx", PASSING, DIGITS, (unsigned long long)chance);
    return true;
}

bool files_is_passing(const char *name)
{
    size_t begin = sizeof PASSING - 1;
    return strlen(name) == begin + DIGITS && strncmp(name, PASSING, begin) == 0 &&
           strspn(name + begin, "0123456789abcdef") == DIGITS;
}

bool files_unnamed_open(struct files_unnamed *out, int folder, mode_t mode)
{
    *out = (struct files_unnamed){.folder = folder};
    out->fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (out->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) {
        return out->fd >= 0;
    }
    char passing[sizeof out->passing];
    if (!choose_passing(passing)) {
        return false;
    }
    out->fd = openat(folder, passing, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode);
    if (out->fd >= 0) {
        memcpy(out->passing, passing, sizeof passing);
    }
    return out->fd >= 0;
}

static bool link_as(const struct files_unnamed *file, const char *name)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file->fd);
    return linkat(AT_FDCWD, self, file->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

bool files_unnamed_appear(struct files_unnamed *file, const char *name)
{
    if (file->passing[0] == '\0') {
        return link_as(file, name);
    }
    if (renameat2(file->folder, file->passing, file->folder, name, RENAME_NOREPLACE) != 0) {
        if (errno != EINVAL || linkat(file->folder, file->passing, file->folder, name, 0) != 0) {
            return false;
        }
        unlinkat(file->folder, file->passing, 0); /* a file system without that flag */
    }
    file->passing[0] = '\0';
    return true;
}

bool files_unnamed_replace(struct files_unnamed *file, const char *name)
{
    if (file->passing[0] == '\0') { /* rename needs a name to begin with */
        char passing[sizeof file->passing];
        if (!choose_passing(passing) || !link_as(file, passing)) {
            return false;
        }
        memcpy(file->passing, passing, sizeof passing);
    }
    if (renameat(file->folder, file->passing, file->folder, name) != 0) {
        return false;
    }
    file->passing[0] = '\0';
    return true;
}

void files_unnamed_drop(struct files_unnamed *file)
{
    if (file->passing[0] != '\0') {
        unlinkat(file->folder, file->passing, 0);
        file->passing[0] = '\0';
    }
    if (file->fd >= 0) {
        close(file->fd);
    }
    file->fd = -1;
}

bool files_write_all(int fd, const void *bytes, size_t size)
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

bool files_sync(int fd)
{
    int result;
    do {
        result = fsync(fd);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}
