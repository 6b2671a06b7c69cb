/* tocsin/kit/zip.h -- a ZIP archive in memory: a few small files, deflated, without times, so that
 * the same files are the same bytes. */
#ifndef TOCSIN_ZIP_H
#define TOCSIN_ZIP_H

#include "text/draft.h"

enum { ZIP_FILES_MAX = 256 };

struct zip {
    struct draft out, directory;
    unsigned count;
};

/* At most ZIP_FILES_MAX, each of less than 4 GiB; the name in ASCII. */
void zip_add(struct zip *zip, const char *name, const void *bytes, size_t size);

/* Ends it, and gives the archive away. */
void zip_end(struct zip *zip, struct draft *out);

#endif
