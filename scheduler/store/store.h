/* store/store.h -- a folder of immutable, content-addressed records and their signatures.
 *
 *   records/ab/ID.rec   sigs/ab/ID.KEYID.minisig   quarantine/
 *
 * Shell: this and the vault are the only parts that write a person's files.  Readers take no lock;
 * writers are durable before they report (O_TMPFILE, fsync, linkat, fsync of the directory). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "records/record.h"
#include "trust/trust.h"
#include "view/view.h"

struct store;

enum store_result {
    STORE_OK = 0,
    STORE_ALREADY_THERE,
    STORE_REFUSED, /* the bytes are not an acceptable record or signature: see the message */
    STORE_FAILED,  /* the outside failed: disk full, permission, I/O error */
    STORE_NO_MEMORY,
};

struct store_error {
    char message[256]; /* names the file and the remedy */
};

/* Opens DIR, making it and its folders (0700) when create is set. */
TOCSIN_MUST_USE enum store_result store_open(const char *dir, bool create,
                                             const struct leap_table *leap, struct store **out,
                                             struct store_error *error);
void store_close(struct store *store);

/* Adds one record's bytes.  Judged by record_read first; durable when STORE_OK. */
TOCSIN_MUST_USE enum store_result store_add_record(struct store *store, const uint8_t *bytes,
                                                   size_t size, struct record_id *id,
                                                   struct store_error *error);

/* Adds a signature for a record that is there, after it verified under key. */
TOCSIN_MUST_USE enum store_result store_add_signature(struct store *store,
                                                      const struct record_id *id,
                                                      const struct trust_signature *signature,
                                                      const struct trust_public_key *key,
                                                      struct store_error *error);

/* Adds everything of a sync stream (bundle) that verifies, for constellations in `roots` (ids of
 * version 1; none given: any).  Says what came and what was refused and why through note. */
struct store_sync_counts {
    size_t records_new, records_known, signatures_new, signatures_known, refused;
};
TOCSIN_MUST_USE enum store_result store_add_stream(struct store *store, const uint8_t *bytes,
                                                   size_t size, const struct record_id *root,
                                                   size_t root_count,
                                                   void (*note)(void *context, const char *line),
                                                   void *context, struct store_sync_counts *counts,
                                                   struct store_error *error);

/* All that is in the folder and verifies, read afresh: entries for view_build.  A file that does not
 * belong (wrong name, bad bytes, bad signature) is moved to quarantine/ when the store is writable,
 * and told through note (may be NULL). */
struct store_set {
    struct view_entry *entry;
    size_t entry_count;
    void *owned; /* the storage behind it */
};
TOCSIN_MUST_USE enum store_result store_load(struct store *store,
                                             void (*note)(void *context, const char *line),
                                             void *context, struct store_set *out,
                                             struct store_error *error);
void store_set_free(struct store_set *set);

/* The sync stream of the given entries with all signatures held: for each record, ascending by id,
 * netstring(record), netstring(decimal count), that many netstring(.minisig) ascending by key id.
 * A heap block that the caller frees. */
TOCSIN_MUST_USE enum store_result store_write_stream(struct store *store,
                                                     const struct view_entry *entry, size_t count,
                                                     uint8_t **out, size_t *size,
                                                     struct store_error *error);

/* The default folder: $TOCSIN_HOME, else $XDG_DATA_HOME/tocsin, else ~/.local/share/tocsin. */
bool store_default_dir(char *out, size_t size);

#endif
