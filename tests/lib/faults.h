/* faults.h -- makes the n-th call to the outside fail.  Include it in one file of a test program:
 * its functions stand before the C library's and libsodium's own.  While nothing is armed all calls
 * pass.
 *
 *   FAULT_MEMORY  malloc, calloc, realloc (not under ASan, which has its own), sodium_malloc,
 *                 sodium_mlock, sodium_init
 *   FAULT_FILES   open, openat, fstat, read, write, fsync, fchmod, linkat, renameat, renameat2,
 *                 mkdirat
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fault {
    bool armed;
    int calls;          /* seen since arming */
    int at;             /* the call that fails, from 1; 0: none */
    bool from_then_on;  /* and all after it */
    int error;          /* errno for files */
    bool is_short;      /* a write does one byte, a read too: no error at all */
    bool no_nameless;   /* O_TMPFILE is not supported */
    const char *failed; /* the name of the call that failed */
} fault;

/* Arms: call number `at` fails from now on. */
static inline void fault_arm(int at, bool from_then_on, int error)
{
    fault.calls = 0;
    fault.at = at;
    fault.from_then_on = from_then_on;
    fault.error = error;
    fault.is_short = false;
    fault.failed = NULL;
    fault.armed = true;
}

/* Disarms; whether any call was made to fail. */
static inline bool fault_disarm(void)
{
    fault.armed = false;
    return fault.failed != NULL;
}

static inline bool fault_strikes(const char *name)
{
    if (!fault.armed) {
        return false;
    }
    fault.calls++;
    if (fault.at == 0 || fault.calls < fault.at ||
        (fault.calls > fault.at && !fault.from_then_on)) {
        return false;
    }
    fault.failed = name;
    return true;
}

/* The function of this name behind ours. */
static inline void *fault_behind(const char *name)
{
    bool armed = fault.armed;
    fault.armed = false; /* dlsym may allocate */
    void *found = dlsym(RTLD_NEXT, name);
    fault.armed = armed;
    return found;
}

/* Declares `real`, the function behind ours: C has no cast from void * to a function's pointer. */
#define FAULT_BEHIND(name)                                                                         \
    static __typeof__(name) *real;                                                                 \
    if (real == NULL) {                                                                            \
        void *found = fault_behind(#name);                                                         \
        memcpy(&real, &found, sizeof real);                                                        \
    }

#ifdef FAULT_MEMORY
void *sodium_malloc(size_t size);
int sodium_mlock(void *const at, const size_t size);
int sodium_init(void);

int sodium_init(void)
{
    FAULT_BEHIND(sodium_init)
    return fault_strikes("sodium_init") ? -1 : real();
}

void *sodium_malloc(size_t size)
{
    FAULT_BEHIND(sodium_malloc)
    return fault_strikes("sodium_malloc") ? NULL : real(size);
}

int sodium_mlock(void *const at, const size_t size)
{
    FAULT_BEHIND(sodium_mlock)
    return fault_strikes("sodium_mlock") ? -1 : real(at, size);
}

#ifndef __SANITIZE_ADDRESS__
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);

void *malloc(size_t size)
{
    return fault_strikes("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fault_strikes("calloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
    return fault_strikes("realloc") ? NULL : __libc_realloc(at, size);
}
#endif
#endif

#ifdef FAULT_FILES
static inline int fault_fails(void)
{
    errno = fault.error;
    return -1;
}

static inline bool fault_file_strikes(const char *name)
{
    return fault_strikes(name) && !fault.is_short;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    FAULT_BEHIND(open)
    return fault_file_strikes("open") ? fault_fails() : real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    bool is_nameless = (flags & O_TMPFILE) == O_TMPFILE;
    mode_t mode = flags & O_CREAT || is_nameless ? va_arg(more, mode_t) : 0;
    va_end(more);
    FAULT_BEHIND(openat)
    if (is_nameless && fault.no_nameless) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return fault_file_strikes("openat") ? fault_fails() : real(folder, path, flags, mode);
}

/* What a call without a mode becomes where libc checks calls (_FORTIFY_SOURCE). */
int __openat_2(int folder, const char *path, int flags);
int __openat_2(int folder, const char *path, int flags)
{
    return openat(folder, path, flags, 0);
}

int fstat(int fd, struct stat *out)
{
    FAULT_BEHIND(fstat)
    return fault_file_strikes("fstat") ? fault_fails() : real(fd, out);
}

ssize_t read(int fd, void *out, size_t size)
{
    FAULT_BEHIND(read)
    bool strikes = fault_strikes("read");
    return strikes && !fault.is_short ? fault_fails()
                                      : real(fd, out, strikes && size > 1 ? 1 : size);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    FAULT_BEHIND(write)
    bool strikes = fault_strikes("write");
    return strikes && !fault.is_short ? fault_fails()
                                      : real(fd, bytes, strikes && size > 1 ? 1 : size);
}

/* Does nothing else: what is on the disk is not these tests' question, and waiting for it is
 * slow. */
int fsync(int fd)
{
    (void)fd;
    return fault_file_strikes("fsync") ? fault_fails() : 0;
}

int fchmod(int fd, mode_t mode)
{
    FAULT_BEHIND(fchmod)
    return fault_file_strikes("fchmod") ? fault_fails() : real(fd, mode);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    FAULT_BEHIND(linkat)
    return fault_file_strikes("linkat") ? fault_fails()
                                        : real(from_folder, from, to_folder, to, flags);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    FAULT_BEHIND(renameat)
    return fault_file_strikes("renameat") ? fault_fails() : real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    FAULT_BEHIND(renameat2)
    return fault_file_strikes("renameat2") ? fault_fails()
                                           : real(from_folder, from, to_folder, to, flags);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    FAULT_BEHIND(mkdirat)
    return fault_file_strikes("mkdirat") ? fault_fails() : real(folder, path, mode);
}

/* How a call is made to fail, over all of them. */
struct fault_way {
    int error;
    bool from_then_on, is_short, no_nameless;
};

static inline bool fault_next(struct fault_way *way, int *number)
{
    static const int errors[] = {ENOSPC, EIO, EINTR, EMFILE, EACCES, EDQUOT, EROFS};
    enum { ERRORS = sizeof errors / sizeof *errors };
    int n = (*number)++;
    *way = (struct fault_way){.no_nameless = n % 2, .from_then_on = n / 2 % 2};
    n /= 4;
    if (n > ERRORS) {
        return false;
    }
    way->is_short = n == ERRORS;
    way->error = way->is_short ? 0 : errors[n];
    return true;
}

static inline void fault_arm_way(const struct fault_way *way, int at)
{
    fault_arm(at, way->from_then_on, way->error);
    fault.is_short = way->is_short;
    fault.no_nameless = way->no_nameless;
}

/* EINTR at every read and write for ever would never end; no kernel does that. */
static inline bool fault_is_endless(const struct fault_way *way)
{
    return way->error == EINTR && way->from_then_on;
}
#endif

#ifdef FAULT_FILES
#include <dirent.h>
#include <string.h>

/* Whether no passing name was left in a folder (or it is not there). */
static inline bool fault_left_nothing(const char *folder, const char *below)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, below);
    DIR *dir = opendir(path);
    bool is_tidy = true;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        is_tidy = is_tidy && strncmp(entry->d_name, ".tocsin-", 8) != 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return is_tidy;
}
#endif

#endif
