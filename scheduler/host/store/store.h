/* store/store.h -- a folder of immutable, content-addressed records and their signatures.
 *
 *   records/ab/ID.rec   sigs/ab/ID.KEYID.minisig   quarantine/
 *
 * Shell, on top of files; the order of the steps over many files is its own.  Readers take no lock;
 * writers are durable before they report (O_TMPFILE, fsync, linkat, fsync of the directory).  Names
 * that begin with a dot are nobody's: copying programs use them while they work. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "ledger/ledger.h"
#include "records/record.h"
#include "store/note.h"
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

/* From now on reading changes nothing in it: what is unsound is told and left, and what dead
 * writers left behind is not swept.  For a store that somebody else keeps. */
void store_leave_as_is(struct store *store);

/* Adds one record's bytes.  Judged by record_read first; durable when STORE_OK or
 * STORE_ALREADY_THERE.  id may be NULL. */
TOCSIN_MUST_USE enum store_result store_add_record(struct store *store, const uint8_t *bytes,
                                                   size_t size, struct record_id *id,
                                                   struct store_error *error);

/* Adds a signature for a record that is there, after it verified under key. */
TOCSIN_MUST_USE enum store_result store_add_signature(struct store *store,
                                                      const struct record_id *id,
                                                      const struct trust_signature *signature,
                                                      const struct record_public_key *key,
                                                      struct store_error *error);

/* Whose records a store takes from elsewhere, and who hears of what was refused. */
struct store_source {
    const struct record_id *root; /* constellations (ids of version 1); none: any, and a root of any
                                     version may come in as an anchor: for FILE arguments, never for
                                     peers */
    size_t root_count;
    const struct record_id *anchor; /* root records given by hand (their own ids): these may come in
                                       at any version, whoever sends them */
    size_t anchor_count;
    store_note_sink note; /* may be NULL */
    void *context;
};

/* Adds everything of a series of sync streams (bundles) that verifies: what the folder holds is
 * read and verified once, at the first that brings something new.  What is new is durable when
 * STORE_OK, and so is what was known.  The signatures of a large stream are verified by several
 * threads, which have all ended when store_intake_add returns.  source may be NULL: anybody's, and
 * nobody hears; what it points to must outlive the intake. */
struct store_intake;
TOCSIN_MUST_USE enum store_result store_intake_new(struct store *store,
                                                   const struct store_source *source,
                                                   struct store_intake **out,
                                                   struct store_error *error);
TOCSIN_MUST_USE enum store_result store_intake_add(struct store_intake *intake,
                                                   const uint8_t *bytes, size_t size,
                                                   struct ledger_counts *counts,
                                                   struct store_error *error);
void store_intake_free(struct store_intake *intake);

/* What was found in the folder. */
struct store_check_counts {
    size_t records, signatures; /* sound */
    size_t unverified;          /* signatures without their record, or by keys that no root names */
    size_t quarantined; /* files moved (or, where that failed, left) because they are unsound */
    size_t aside;       /* in quarantine, and nothing has taken their place */
    size_t arriving;    /* unsound, but changed in the last seconds */
    size_t closed;      /* files and folders that this user may not read: passed over */
    size_t crowded; /* drafts that a follower leaves unread, where a store is too large for it */
    size_t swept;   /* left over from writers that died, older than an hour: removed */
    size_t came;    /* records and signatures that the ledger did not know before */
};

/* All that is in the folder and verifies, read afresh: entries for view_build.  A file that does
 * not belong (wrong name, bad bytes, bad signature) is moved to quarantine/ when the store is
 * writable, and told through note (may be NULL); one that changed in the last seconds may still be
 * arriving and is only passed over, and so is what this user may not read, which is told once.  A
 * signature whose key no root here names stays and does not count. */
struct store_set {
    const struct view_entry *entry;
    size_t entry_count;
    struct store_check_counts counts;
    void *owned; /* the storage behind it */
};
TOCSIN_MUST_USE enum store_result store_load(struct store *store, store_note_sink note,
                                             void *context, struct store_set *out,
                                             struct store_error *error);
void store_set_free(struct store_set *set);

/* For a program that goes on: a ledger of its own that follows the folder.
 *
 * store_follow puts into it what the folder holds and the ledger does not, judged as by store_load;
 * what the ledger knows already is not read again.  *came counts records and signatures.
 *
 * store_merge merges a stream under the policy, whose sink is the folder.  The ledger
 * has it whatever becomes of the disk: STORE_FAILED says only that some of it is not kept, and
 * STORE_NO_MEMORY that not all of it was taken.  What is new is durable when STORE_OK. */
TOCSIN_MUST_USE enum store_result store_follow(struct store *store, struct ledger *ledger,
                                               store_note_sink note, void *context, size_t *came,
                                               struct store_error *error);
TOCSIN_MUST_USE enum store_result store_merge(struct store *store, struct ledger *ledger,
                                              const uint8_t *bytes, size_t size,
                                              const struct ledger_policy *policy,
                                              struct ledger_counts *counts,
                                              struct store_error *error);

/* Verifies all that is in the folder, as store_load does, and counts; what is arriving or still in
 * quarantine is told too. */
TOCSIN_MUST_USE enum store_result store_check(struct store *store, store_note_sink note,
                                              void *context, struct store_check_counts *counts,
                                              struct store_error *error);

/* The sync stream of the given entries with all signatures held: for each record, ascending by id,
 * netstring(record), netstring(decimal count), that many netstring(.minisig) ascending by key id.
 * A heap block that the caller frees. */
TOCSIN_MUST_USE enum store_result store_write_stream(struct store *store,
                                                     const struct view_entry *entry, size_t count,
                                                     uint8_t **out, size_t *size,
                                                     struct store_error *error);

/* Reads a FILE argument as a sync stream: a bundle (it begins with a digit), or one as text
 * (stream/armour.h), or a raw record with its signatures beside it (NAME.minisig and, for NAME =
 * STEM.rec, STEM.KEYID.minisig; also from sigs/ of a store's folder).  Nothing is verified here.  A
 * heap block that the caller frees. */
TOCSIN_MUST_USE enum store_result store_read_file(const char *path, uint8_t **out, size_t *size,
                                                  struct store_error *error);

/* The same of bytes that were read from PATH, which it takes: from the heap. */
TOCSIN_MUST_USE enum store_result store_read_bytes(const char *path, uint8_t *bytes, size_t length,
                                                   uint8_t **out, size_t *size,
                                                   struct store_error *error);

/* Removes a record and its signatures, durably: for `forget`.  Other copies may bring it back. */
TOCSIN_MUST_USE enum store_result store_remove(struct store *store, const struct record_id *id,
                                               struct store_error *error);

/* The default folder: $TOCSIN_HOME, else $XDG_DATA_HOME/tocsin, else ~/.local/share/tocsin. */
bool store_default_dir(char *out, size_t size);

#endif
