/* files/unnamed.h -- a file that is written before anyone can see it: the pieces of a durable
 * write, for whoever orders them himself (a store takes each step for many files at once).  All
 * false and errno. */
#ifndef FILES_UNNAMED_H
#define FILES_UNNAMED_H

#include <stdbool.h>
#include <sys/types.h>

#include "instants/must_use.h"

struct files_unnamed {
    int folder;       /* borrowed */
    int fd;           /* owned, for reading and writing; -1: none */
    char passing[32]; /* its name for now; "" where the file system can do without (O_TMPFILE) */
};

/* The umask applies to the mode. */
TOCSIN_MUST_USE bool files_unnamed_open(struct files_unnamed *out, int folder, mode_t mode);

/* Gives it its name: never over what has it (EEXIST); in place of that. */
TOCSIN_MUST_USE bool files_unnamed_appear(struct files_unnamed *file, const char *name);
TOCSIN_MUST_USE bool files_unnamed_replace(struct files_unnamed *file, const char *name);

/* Removes a passing name, and closes: whether the bytes are on the disk was asked before. */
void files_unnamed_drop(struct files_unnamed *file);

/* Whether a writer that died may have left a file of this name. */
bool files_is_passing(const char *name);

/* write and fsync that do not give up for a signal, nor half-way. */
TOCSIN_MUST_USE bool files_write_all(int fd, const void *bytes, size_t size);
TOCSIN_MUST_USE bool files_sync(int fd);

#endif
