/* keys/durable.h -- files that are wholly on the disk or not there at all. */
#ifndef KEYS_DURABLE_H
#define KEYS_DURABLE_H

#include <stddef.h>
#include <sys/types.h>

#include "keys/keys.h"

/* A file being written: it has no name of its own yet, or a passing one. */
struct durable {
    int fd;                  /* -1: none */
    int folder_fd;           /* where it will appear */
    const char *path, *name; /* name: the last part of path */
    char passing[32];        /* "" where the file system can do without */
};

/* Writes bytes into a nameless file in path's folder and brings them to the disk.  path must
 * outlive *out, which durable_drop closes, whatever happened since. */
TOCSIN_MUST_USE bool durable_write(const char *path, const void *bytes, size_t size, mode_t mode,
                                   struct durable *out, struct keys_error *error);

/* Gives it its name, never over an existing file. */
TOCSIN_MUST_USE bool durable_appear(struct durable *file, struct keys_error *error);

/* Gives it its name in place of whatever has it. */
TOCSIN_MUST_USE bool durable_replace(struct durable *file, struct keys_error *error);

/* Brings the names in the folder to the disk: only then is the work done. */
TOCSIN_MUST_USE bool durable_settle(const struct durable *file, struct keys_error *error);

/* Takes back a name that durable_appear gave. */
void durable_disappear(struct durable *file);

/* Closes; removes a passing name. */
void durable_drop(struct durable *file);

/* Makes the folder of path and those above it, 0700, where they are missing. */
TOCSIN_MUST_USE bool durable_make_folders(const char *path, struct keys_error *error);

/* Fills *error; always false. */
__attribute__((format(printf, 2, 3))) bool keys_complain(struct keys_error *error,
                                                         const char *format, ...);

#endif
