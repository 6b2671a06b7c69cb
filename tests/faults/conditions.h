/* conditions.h -- one condition at a time under which a store works, for as long as it is meant to
 * last: a call that fails, a file system that lacks things, someone who is quicker.  The file that
 * includes it names the calls after "wraps:". */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "store_scene.h"

#include <dirent.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sys/random.h>
#include <sys/vfs.h>

/* One call and what becomes of it. */
static struct {
    const char *call; /* NULL: nothing is wrong */
    int code;
    long at;      /* the first of these calls that is struck, from 1 */
    bool goes_on; /* and all after it */
    bool is_gone; /* unlinkat: done by someone else a moment before */
    long count;   /* calls of this name so far */
    int other;    /* fsync and syncfs fail too, with this code, once it has struck */
    bool has_struck;
} plan;

/* File systems that lack things. */
static int tmpfile_code;     /* why there is no O_TMPFILE; 0: there is */
static long file_system;     /* what fstatfs says; 0: the truth */
static long syncs, syncs_fs; /* how many were made */

static inline bool strikes(const char *call)
{
    if (plan.call == NULL || strcmp(plan.call, call) != 0) {
        return false;
    }
    plan.count++;
    if (plan.count != plan.at && !(plan.goes_on && plan.count > plan.at)) {
        return false;
    }
    plan.has_struck = true;
    errno = plan.code;
    return true;
}

static inline bool fails_to_sync(const char *call)
{
    if (plan.has_struck && plan.other != 0) {
        errno = plan.other;
        return true;
    }
    return strikes(call);
}

static char struck_path[256]; /* of the last openat that was struck */

int __real_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode)
{
    if ((flags & O_TMPFILE) == O_TMPFILE && tmpfile_code != 0) {
        errno = tmpfile_code;
        return -1;
    }
    if (((flags & O_TMPFILE) == O_TMPFILE && strikes("O_TMPFILE")) || strikes("openat")) {
        int code = errno;
        snprintf(struck_path, sizeof struck_path, "%s", path);
        errno = code;
        return -1;
    }
    return __real_openat(at, path, flags, mode);
}

/* What a call without a mode becomes where libc checks calls (_FORTIFY_SOURCE). */
int __wrap___openat_2(int at, const char *path, int flags);
int __wrap___openat_2(int at, const char *path, int flags)
{
    return __wrap_openat(at, path, flags, 0);
}

/* Someone else is quicker each time, and what he puts there is damaged. */
static bool is_outrun;

int __real_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e)
{
    if (is_outrun) {
        int fd = __real_openat(c, d, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (fd >= 0) {
            assert_int_equal(write(fd, "x", 1), 1);
            close(fd);
        }
    }
    return strikes("linkat") ? -1 : __real_linkat(a, b, c, d, e);
}

int __real_unlinkat(int a, const char *b, int c);
int __wrap_unlinkat(int a, const char *b, int c);
int __wrap_unlinkat(int a, const char *b, int c)
{
    if (strikes("unlinkat")) {
        int code = errno;
        if (plan.is_gone) {
            assert_int_equal(__real_unlinkat(a, b, c), 0);
        }
        errno = code;
        return -1;
    }
    return __real_unlinkat(a, b, c);
}

int __real_fsync(int a);
int __wrap_fsync(int a);
int __wrap_fsync(int a)
{
    syncs++;
    return fails_to_sync("fsync") ? -1 : __real_fsync(a);
}

int __real_syncfs(int a);
int __wrap_syncfs(int a);
int __wrap_syncfs(int a)
{
    syncs_fs++;
    return fails_to_sync("syncfs") ? -1 : __real_syncfs(a);
}

int __real_fstatfs(int a, struct statfs *b);
int __wrap_fstatfs(int a, struct statfs *b);
int __wrap_fstatfs(int a, struct statfs *b)
{
    int result = strikes("fstatfs") ? -1 : __real_fstatfs(a, b);
    if (file_system != 0) {
        b->f_type = file_system;
    }
    return result;
}

#define WRAP(type, name, parameters, arguments, failure)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return strikes(#name) ? (failure) : __real_##name arguments;                               \
    }

/* "mkdir" on the way to the store, "mkdirat" in it. */
int __real_mkdirat(int a, const char *b, mode_t c);
int __wrap_mkdirat(int a, const char *b, mode_t c);
int __wrap_mkdirat(int a, const char *b, mode_t c)
{
    return strikes(a == AT_FDCWD ? "mkdir" : "mkdirat") ? -1 : __real_mkdirat(a, b, c);
}
WRAP(int, renameat2, (int a, const char *b, int c, const char *d, unsigned e), (a, b, c, d, e), -1)
WRAP(ssize_t, getrandom, (void *a, size_t b, unsigned c), (a, b, c), -1)
WRAP(DIR *, fdopendir, (int a), (a), NULL)
WRAP(int, pthread_create, (pthread_t * a, const pthread_attr_t *b, void *(*c)(void *), void *d),
     (a, b, c, d), EAGAIN)

static inline bool is_refused(void)
{
    return strikes("memory");
}

#include "wrap_memory.h"

static inline void nothing_is_wrong(void)
{
    memset(&plan, 0, sizeof plan);
    tmpfile_code = 0;
    file_system = 0;
    is_outrun = false;
}

static inline int begin(void **state)
{
    nothing_is_wrong();
    return set_up(state);
}

static inline int end(void **state)
{
    nothing_is_wrong();
    return tear_down(state);
}

/* The scene's store opened afresh: nothing is known of what is durable in it. */
static inline struct store *reopen(struct scene *scene)
{
    store_close(scene->store);
    assert_int_equal(store_open(scene->dir, true, leap_builtin(), &scene->store, &scene->error),
                     STORE_OK);
    return scene->store;
}

/* A bundle of the root and of so many windows, each signed by one. */
static inline uint8_t *bundle_of(const struct scene *scene, unsigned windows, size_t *size)
{
    uint8_t *bytes = test_malloc((windows + 1) * 2000);
    *size = 0;
    for (unsigned i = 0; i <= windows; i++) {
        struct record *window = forge_make_window((struct forge_window){
            .root = scene->root, .uid = 100 + i, .at = {"a 2027-08-02T08:25:00Z"}});
        const struct record *one = i == 0 ? scene->root : window;
        struct trust_signature signature = forge_sign(one, 1);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t length = trust_signature_write(&signature, text);
        *size += stream_write_netstring(one->bytes, one->size, bytes + *size);
        *size += stream_write_netstring((const uint8_t *)"1", 1, bytes + *size);
        *size += stream_write_netstring((const uint8_t *)text, length, bytes + *size);
        record_free(window);
    }
    return bytes;
}

static inline enum store_result import(struct scene *scene, const uint8_t *bytes, size_t size,
                                       struct ledger_counts *counts)
{
    return add_stream(scene->store, bytes, size, &scene->anybody, counts, &scene->error);
}

#endif
