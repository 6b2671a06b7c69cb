/* tocsin/session/outgoing.h -- whether a file that --out names may be written, and the writing. */
#ifndef TOCSIN_OUTGOING_H
#define TOCSIN_OUTGOING_H

#include <stddef.h>
#include <sys/types.h>

/* What a command writes to --out, and replaces there: nothing else that is somebody's. */
enum outgoing_kind { OUTGOING_BUNDLE, OUTGOING_PICTURE };

/* Before anybody is asked or anything signed: the file's folder must be there, and the file empty,
 * of this kind, or not there yet.  An exit code; what is wrong has been said. */
int outgoing_check(const char *path, enum outgoing_kind kind);

/* Writes it, with this mode: a file is wholly there or as it was; to a pipe or a terminal it goes
 * as it is.  A link stays one (/dev/stdout is such): what it leads to is replaced.  An exit code;
 * what failed has been said. */
int outgoing_write(const char *path, mode_t mode, const void *bytes, size_t size);

#endif
