/* folder.h -- a folder of one's own for tests that touch a disk: made empty, removed with all that
 * is in it. */
#ifndef FOLDER_H
#define FOLDER_H

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static inline char *folder_new(void)
{
    const char *base = getenv("TMPDIR");
    static char path[400];
    snprintf(path, sizeof path, "%s/tocsin-test-XXXXXX",
             base != NULL && *base != '\0' ? base : "/tmp");
    assert_non_null(mkdtemp(path));
    return path;
}

static inline int folder_drop(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

static inline void folder_remove(const char *path)
{
    assert_int_equal(nftw(path, folder_drop, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Writes a file as a copying program would, old enough to be judged. */
static inline void folder_put(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    struct timespec old[2] = {{.tv_sec = time(NULL) - 7200}, {.tv_sec = time(NULL) - 7200}};
    assert_int_equal(futimens(fd, old), 0);
    close(fd);
}

static inline bool folder_has(const char *dir, const char *name)
{
    char path[4200];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return lstat(path, &status) == 0;
}

#endif
