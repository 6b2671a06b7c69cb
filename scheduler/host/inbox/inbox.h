/* inbox/inbox.h -- a folder into which people drop bundles for a service.
 *
 * Nothing in it is changed, so that several services may share one that they can only read: what is
 * good is kept elsewhere, what is not is told and stays.  A file counts when it is as it was at the
 * look before: one that is still being copied waits.
 *
 * Shell, on top of the store's reader of files; its outside thing is the folder. */
#ifndef INBOX_INBOX_H
#define INBOX_INBOX_H

#include <stddef.h>

#include "replica/replica.h"

enum {
    INBOX_EVERY_MS = 2000, /* a good time between two looks */
    INBOX_FILES_MAX = 500,
    INBOX_SENTENCE_SIZE = 500,
};

struct inbox;

struct inbox_handlers {
    /* A daemon's: a file is brought into it, and so into its store.  NULL: take says where to. */
    struct replica *replica;
    /* A file's records as a stream, borrowed: false when it does not count as seen, as for want of
     * memory or a full disk, and is to be brought again. */
    bool (*take)(void *context, const char *name, const uint8_t *bytes, size_t size);
    /* What cannot be read, once, and what became of what the replica was given: a sentence without
     * a full stop. */
    void (*tell)(void *context, const char *sentence);
    void *context;
};

/* NULL for want of memory; a folder that is not there (yet) is no failure. */
struct inbox *inbox_new(const char *dir, const struct inbox_handlers *handlers);
void inbox_free(struct inbox *inbox);

/* Brings every file that has come or changed; the first look brings all.  Returns how many records
 * and signatures were new to the replica. */
size_t inbox_look(struct inbox *inbox);

#endif
