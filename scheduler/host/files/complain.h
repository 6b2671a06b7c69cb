/* files/complain.h -- the module's sentences.  Private to the module. */
#ifndef FILES_COMPLAIN_H
#define FILES_COMPLAIN_H

#include <stdbool.h>

#include "files/files.h"

/* Fills *error; always false.  Of a long path its end is shown, so that the reason fits.  From
 * errno, "PATH: WHAT: reason" and the remedy, which may be ""; or a sentence, and why in short. */
bool files_fail(struct files_error *error, const char *path, const char *what, const char *remedy);
__attribute__((format(printf, 5, 6))) bool files_refuse(struct files_error *error, int code,
                                                        const char *why, const char *path,
                                                        const char *format, ...);

#endif
