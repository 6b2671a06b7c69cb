/* tocsin/session/bundle.h -- sync streams in and out of the command line. */
#ifndef TOCSIN_BUNDLE_H
#define TOCSIN_BUNDLE_H

#include "tocsin/session/session.h"

/* What a bundle is about: a constellation's roots and revokes and, with a uid, a window of it.
 * What is sent without a uid, where a root adds an organizer, has every window that is not over. */
struct bundle_about {
    struct record_id root;
    bool has_uid;
    struct record_uid uid;
    const struct record_id *only; /* this record of them alone; NULL: all */
};

/* Of a record's constellation, or its window. */
struct bundle_about bundle_about_of(const struct record *record);

/* The bundle in *bytes, on the heap.  After session_load. */
int bundle_make(struct session *session, const struct bundle_about *about, uint8_t **bytes,
                size_t *size);

/* Writes to standard output the bundle.  After session_load. */
int bundle_print(struct session *session, const struct bundle_about *about);

/* Writes what the store has of these to the file of --out, as text that survives a chat, and tells
 * to whom to send it and what they do with it; without --out it tells how to write it.  whom:
 * names, or "the others".  After session_load. */
int bundle_send(struct session *session, const struct bundle_about *about, size_t count,
                const char *whom);

/* Writes the same file, where --out names one, and says nothing: what is signed is in it, whatever
 * becomes of the next question. */
int bundle_save(struct session *session, const struct bundle_about *about, size_t count);

/* Adds to the store what a bundle, or a raw record with the .minisig files beside it, brings for
 * the trusted roots. */
int bundle_import(struct session *session, const char *path);

/* The same for bytes of a sync stream; adds to *counts.  After session_load with create. */
int bundle_add(struct session *session, const uint8_t *bytes, size_t size,
               struct ledger_counts *counts);

/* The same for a file, which incoming_load reads. */
int bundle_add_file(struct session *session, const char *path, struct ledger_counts *counts);

/* Whether a trusted root is not among the records looked at.  After session_load. */
bool bundle_lacks_root(const struct session *session);

/* Stores the trusted roots that the store lacks, and what came with --root FILE, so that what is
 * signed under a root has it beside it.  The view stays as it is.  After session_load with
 * create. */
int bundle_store_roots(struct session *session);

#endif
