/* tocsin/session/session.h -- what lies before a person who runs a command: the hour, the store,
 * the roots they trust, the view that follows, and their keys.
 *
 * Every int function returns an exit code, and has said on standard error what went wrong unless it
 * is EXIT_DONE. */
#ifndef TOCSIN_SESSION_H
#define TOCSIN_SESSION_H

#include <limits.h>
#include <stdint.h>

#include "store/store.h"
#include "tocsin/commands/command.h"
#include "tocsin/options.h"
#include "trust/trust.h"
#include "view/view.h"

struct session {
    const struct options *options;
    struct leap_table leap;
    utc now_utc;
    instant now;
    char keys_dir[PATH_MAX];
    char roots_dir[PATH_MAX]; /* trusted roots, one file each: ID.rec */
    char store_dir[PATH_MAX];
    struct store *store;    /* owned; NULL: there is none yet */
    struct store_set set;   /* what is looked at: the store's records, and those laid over it */
    struct ledger *overlay; /* owned; NULL: nothing is laid over the store */
    struct record **anchor_record; /* owned, each and all */
    struct view_anchor *anchor;    /* owned */
    size_t anchor_count;
    struct view *view; /* owned; NULL until session_load */
    bool has_signer;
    struct trust_public_key signer;
    struct trust_secret *secret; /* owned; NULL until something is signed */
};

/* Sets the hour and the names of folders; opens nothing.  options is borrowed until session_close.
 */
int session_open(struct session *session, const struct options *options);
void session_close(struct session *session);

/* Opens the store; without `create` a store that is not there is an empty one. */
int session_open_store(struct session *session, bool create);

/* Opens the store as above, loads it and the trusted roots (those of --root, else those of the
 * config folder), and builds the view.  Again after something was added: reads it all afresh. */
int session_load(struct session *session, bool create);

/* Looks at the records of a sync stream together with the store's, without storing them, and builds
 * the view anew.  What is refused is told.  After session_load. */
int session_lay_over(struct session *session, const uint8_t *bytes, size_t size);

/* Stores the trusted roots that the store lacks, and what came with --root FILE, so that what is
 * signed under a root has it beside it.  The view stays as it is.  After session_load with create.
 */
int session_store_root(struct session *session);

/* The constellation that --root names, or the only one trusted; several: EXIT_USAGE, listing them.
 * After session_load. */
int session_choose_root(struct session *session, const struct view_root **out);

/* Whether a record id begins with these hex digits (at least 8). */
bool session_id_matches(const struct record_id *id, const char *digits);

/* The window that a person names by uid or by the first digits (8 or more) of it, or by the id of
 * one of its records.  After session_load. */
int session_find_window(struct session *session, const char *name, const struct view_window **out);

/* The record with this id among those looked at, or NULL. */
const struct view_entry *session_entry_of(const struct session *session,
                                          const struct record_id *id);

/* The record of the store that a person names by the first digits (8 or more) of its id. */
const struct view_entry *session_find_record(const struct session *session, const char *digits);

/* The secret key of --key, or the only one in the keys folder; asks for its passphrase.  One unseal
 * however many signatures follow. */
int session_load_secret(struct session *session, struct trust_secret **out);

/* A public key from a .pub file, the name of a key in the keys folder, or its bare base64.  name
 * (of size bytes) becomes what to call its owner: the file's or key's name, else empty. */
int session_load_public(const struct session *session, const char *which,
                        struct trust_public_key *out, char *name, size_t size);

/* Who signs: the public half of the key that session_sign_and_store will use, from the .pub file
 * beside it where there is one, so that a preview comes before the question for a passphrase. */
int session_signer(struct session *session, struct trust_public_key *out);

/* Opens the signer's secret key, once, asking for its passphrase. */
int session_unseal(struct session *session);

/* The names of the secret keys in the keys folder, ascending. */
int session_list_keys(const struct session *session, char ***names, size_t *count);
void session_free_keys(char **names, size_t count);

/* Signs bytes with the key of session_signer, adds the record and the signature to the store.  Fine
 * for a record that is there already: then only the signature is new. */
int session_sign_and_store(struct session *session, enum record_type type, const uint8_t *bytes,
                           size_t size, struct record_id *id);

/* The trusted roots, for session_load. */
int session_load_anchors(struct session *session);
/* Reads the root of a file, raw or a bundle (of whose roots the oldest is taken), and gives it to
 * `take`, which owns it. */
int session_read_roots(struct session *session, const char *path,
                       int (*take)(struct session *session, struct record *root));

/* Whether --root names a file. */
bool session_root_is_file(const struct session *session);

/* Keeps a root record as an anchor in the config folder. */
int session_trust_root(struct session *session, const struct record *root);
/* Keeps beside the anchors of the config folder the signatures that a file has of them. */
int session_keep_signatures(struct session *session, const char *path);

/* Whether a trusted root is not among the records looked at.  After session_load. */
bool session_lacks_anchor(const struct session *session);
/* Stores those roots, for session_store_root. */
int session_store_anchors(struct session *session);

/* Makes DIR and its parents (0700). */
int session_make_dir(const char *dir);

/* Whether key is one of the organizers of a root. */
bool session_is_organizer(const struct record_root *root, const struct trust_public_key *key);

/* The revocation in force of a key, or NULL: signed by m organizers other than that key. */
const struct record_revoke *session_find_revoke(const struct session *session,
                                                const struct view_root *root,
                                                const struct trust_public_key *key);

/* Whether the signer's signature can count for records of this constellation; says so if not. */
int session_may_sign(struct session *session, const struct view_root *root);

/* Tells what a person should know of the copy before them: roots frozen or not yet signed, records
 * that a heartbeat names and the store lacks, a heartbeat overdue, and the view's alerts. */
void session_warn(const struct session *session);

/* The view's alerts about one record. */
void session_warn_of(const struct session *session, const struct record_id *record);

/* Text of an instant in UTC: RFC 3339. */
const char *session_stamp(const struct session *session, instant at,
                          char *out /* STAMP_TEXT_SIZE */);

#endif
