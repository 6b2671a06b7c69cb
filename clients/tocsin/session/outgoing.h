/* tocsin/session/outgoing.h -- whether a file that --out names may be written. */
#ifndef TOCSIN_OUTGOING_H
#define TOCSIN_OUTGOING_H

#include <stdbool.h>

/* What a command writes to --out, and replaces there: nothing else that is somebody's. */
enum outgoing_kind { OUTGOING_BUNDLE, OUTGOING_PICTURE };

/* Before anybody is asked or anything signed: the file's folder must be there, and the file empty,
 * of this kind, or not there yet.  An exit code; what is wrong has been said. */
int outgoing_check(const char *path, enum outgoing_kind kind);

#endif
