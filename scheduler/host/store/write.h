/* store/write.h -- new files that are on the disk before anyone hears of them.  Private to the
 * module.
 *
 *   O_TMPFILE -> write -> fsync -> linkat -> fsync the folder (and its parent, when it is new)
 *
 * A batch takes each of these steps for all its files before the next: one journal commit then
 * serves many, and each file is as durable as if it had been written alone. */
#ifndef STORE_WRITE_H
#define STORE_WRITE_H

#include "store/folder.h"

enum {
    WRITE_BATCH = 256,
    WRITE_SMALL_BATCH = 8, /* up to here each file and folder is synced by itself */
};

struct write_item {
    struct files_unnamed file; /* its folder is the batch's */
    char name[FOLDER_NAME_SIZE];
    char second[FOLDER_NAME_SIZE]; /* when the name is taken by other bytes; empty: records */
};

struct write_batch {
    struct store *store;
    struct write_item item[WRITE_BATCH];
    size_t count;
    int folder[PARTS][256];      /* -1: not open */
    bool is_touched[PARTS][256]; /* since the last commit */
    size_t touched;              /* how many */
    size_t known;                /* committed items that were there already */
};

void write_batch_init(struct write_batch *batch, struct store *store);

/* Stages a record or signature, committing what is staged when the batch is full. */
TOCSIN_MUST_USE enum store_result write_record(struct write_batch *batch,
                                               const struct record_id *id, const uint8_t *bytes,
                                               size_t size, struct store_error *error);
TOCSIN_MUST_USE enum store_result write_signature(struct write_batch *batch,
                                                  const struct record_id *id,
                                                  const struct trust_signature *signature,
                                                  const struct record_public_key *key,
                                                  struct store_error *error);

/* Whether the file of this name holds these bytes already: a name alone proves nothing, since key
 * ids collide and files rot.  Then its name is made durable with the batch: who gave it may have
 * died before he came to that.  False also when it cannot be told. */
bool write_is_known(struct write_batch *batch, enum folder_part part, uint8_t prefix,
                    const char *name, const void *bytes, size_t size);

/* Every name that the store has becomes the batch's to make durable. */
TOCSIN_MUST_USE enum store_result write_touch_all(struct write_batch *batch,
                                                  struct store_error *error);

/* Makes everything staged durable, and every name that is known.  Not STORE_OK: some of it may be
 * there, none of it is promised. */
TOCSIN_MUST_USE enum store_result write_commit(struct write_batch *batch,
                                               struct store_error *error);

/* Drops what is staged. */
void write_batch_close(struct write_batch *batch);

/* Commits if all went well so far, and closes. */
TOCSIN_MUST_USE enum store_result write_end(struct write_batch *batch, enum store_result result,
                                            struct store_error *error);

#endif
