/* files/files.h -- files read whole, files that are wholly on the disk or not there at all, and the
 * folders that they are in.
 *
 * Shell; its outside thing is the file system.  A folder is a descriptor, or AT_FDCWD for paths as
 * they are. */
#ifndef FILES_FILES_H
#define FILES_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "files/unnamed.h"

enum files_result {
    FILES_OK,
    FILES_GONE,  /* there is no such file, or no longer */
    FILES_UNFIT, /* a folder, a device, a link where none is wanted, or too large */
    FILES_NO_MEMORY,
    FILES_FAILED, /* anything else: code says */
};

struct files_error {
    int code;          /* errno; of FILES_UNFIT what an open would have said */
    const char *why;   /* what is wrong, for a sentence that names the file otherwise; static */
    char message[256]; /* names the file and, where there is one, the remedy */
};

enum files_kind {
    FILES_REGULAR, /* a regular file, or what a symbolic link to one leads to; never waits */
    FILES_ITSELF,  /* the same, but no link */
    FILES_ANY,     /* what can be read to its end, a pipe or a terminal too: may wait */
};

/* Reads a whole file of at most max bytes into a heap block that the caller frees.  The block is
 * never NULL and has a NUL after the last byte. */
TOCSIN_MUST_USE enum files_result files_load_at(int folder, const char *path, enum files_kind kind,
                                                size_t max, uint8_t **out, size_t *size,
                                                struct files_error *error);

/* The same of FILES_REGULAR at a path; false for whatever reason. */
TOCSIN_MUST_USE bool files_load(const char *path, size_t max, uint8_t **out, size_t *size,
                                struct files_error *error);

/* Reads FILES_ITSELF into memory of the caller's, which has max + 1 bytes and is not ended by a
 * NUL; *status (may be NULL) is of the file that was read. */
TOCSIN_MUST_USE enum files_result files_load_into(int folder, const char *name, void *out,
                                                  size_t max, size_t *size, struct stat *status,
                                                  struct files_error *error);

/* Replaces PATH by these bytes, with exactly this mode: an unnamed file, fsync, rename, fsync of
 * the folder.  True only when they are on the disk; false leaves the old file or, when it was the
 * folder's fsync that failed, perhaps the new one, but never a part. */
TOCSIN_MUST_USE bool files_replace(const char *path, mode_t mode, const void *bytes, size_t size,
                                   struct files_error *error);

/* Makes a folder and those above it where they are missing, and brings their names to the disk.
 * What is a folder already is fine, whoever may write there. */
TOCSIN_MUST_USE bool files_make_folder(int at, const char *path, mode_t mode,
                                       struct files_error *error);

/* The same for the folder that a path is in. */
TOCSIN_MUST_USE bool files_make_folder_of(int at, const char *path, mode_t mode,
                                          struct files_error *error);

/* The names in a folder, whose descriptor it takes over, also where it fails: NULL and errno.  That
 * of an open that failed, -1, is NULL too. */
DIR *files_list(int folder);

/* --- one file in steps, where more has to happen between them --------------------------------- */

struct files_new {
    struct files_unnamed file; /* in the folder of path, which this owns */
    const char *path, *name;   /* borrowed; name: the last part of path */
};

/* Writes bytes into an unnamed file in path's folder, with exactly this mode.  *out is closed by
 * files_new_drop, whatever happened since. */
TOCSIN_MUST_USE bool files_new_write(struct files_new *out, const char *path, mode_t mode,
                                     const void *bytes, size_t size, struct files_error *error);

/* Brings the bytes to the disk.  A failure is final: the kernel may have dropped the pages and will
 * not say so twice. */
TOCSIN_MUST_USE bool files_new_sync(const struct files_new *file, struct files_error *error);

/* Gives it its name: never over an existing file; in place of whatever has it. */
TOCSIN_MUST_USE bool files_new_appear(struct files_new *file, struct files_error *error);
TOCSIN_MUST_USE bool files_new_replace(struct files_new *file, struct files_error *error);

/* Brings the names in the folder to the disk: only then is the work done. */
TOCSIN_MUST_USE bool files_new_settle(const struct files_new *file, struct files_error *error);

/* Takes back a name that files_new_appear gave. */
void files_new_disappear(struct files_new *file);

void files_new_drop(struct files_new *file);

#endif
