/* tocsin/desk.h -- what lies before a person who runs a command: the hour, the store, the roots they
 * trust, the view that follows, and their keys.
 *
 * Every int function returns an exit code, and has said on standard error what went wrong unless it
 * is EXIT_DONE. */
#ifndef CLI_DESK_H
#define CLI_DESK_H

#include <limits.h>
#include <stdint.h>

#include "tocsin/command.h"
#include "tocsin/options.h"
#include "store/store.h"
#include "trust/trust.h"
#include "view/view.h"

struct desk {
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
    struct view *view; /* owned; NULL until desk_load */
    bool has_signer;
    struct trust_public_key signer;
    struct trust_secret *secret; /* owned; NULL until something is signed */
};

/* Sets the hour and the names of folders; opens nothing.  options is borrowed until desk_close. */
int desk_open(struct desk *desk, const struct options *options);
void desk_close(struct desk *desk);

/* Opens the store; without `create` a store that is not there is an empty one. */
int desk_open_store(struct desk *desk, bool create);

/* Opens the store as above, loads it and the trusted roots (those of --root, else those of the
 * config folder), and builds the view.  Again after something was added: reads it all afresh. */
int desk_load(struct desk *desk, bool create);

/* Looks at the records of a sync stream together with the store's, without storing them, and builds
 * the view anew.  What is refused is told.  After desk_load. */
int desk_lay_over(struct desk *desk, const uint8_t *bytes, size_t size);

/* Stores the trusted roots that the store lacks, and what came with --root FILE, so that what is
 * signed under a root has it beside it.  The view stays as it is.  After desk_load with create. */
int desk_store_root(struct desk *desk);

/* The constellation that --root names, or the only one trusted; several: EXIT_USAGE, listing them.
 * After desk_load. */
int desk_choose_root(struct desk *desk, const struct view_root **out);

/* Whether a record id begins with these hex digits (at least 8). */
bool desk_id_matches(const struct record_id *id, const char *digits);

/* The window that a person names by uid or by the first digits (8 or more) of it, or by the id of
 * one of its records.  After desk_load. */
int desk_find_window(struct desk *desk, const char *name, const struct view_window **out);

/* The record with this id among those looked at, or NULL. */
const struct view_entry *desk_entry_of(const struct desk *desk, const struct record_id *id);

/* The record of the store that a person names by the first digits (8 or more) of its id. */
const struct view_entry *desk_find_record(const struct desk *desk, const char *digits);

/* The secret key of --key, or the only one in the keys folder; asks for its passphrase.  One unseal
 * however many signatures follow. */
int desk_load_secret(struct desk *desk, struct trust_secret **out);

/* A public key from a .pub file, the name of a key in the keys folder, or its bare base64.  name
 * (of size bytes) becomes what to call its owner: the file's or key's name, else empty. */
int desk_load_public(const struct desk *desk, const char *which, struct trust_public_key *out,
                     char *name, size_t size);

/* Who signs: the public half of the key that desk_sign_and_store will use, from the .pub file
 * beside it where there is one, so that a preview comes before the question for a passphrase. */
int desk_signer(struct desk *desk, struct trust_public_key *out);

/* Opens the signer's secret key, once, asking for its passphrase. */
int desk_unseal(struct desk *desk);

/* The names of the secret keys in the keys folder, ascending. */
int desk_list_keys(const struct desk *desk, char ***names, size_t *count);
void desk_free_keys(char **names, size_t count);

/* Signs bytes with the key of desk_signer, adds the record and the signature to the store.  Fine
 * for a record that is there already: then only the signature is new. */
int desk_sign_and_store(struct desk *desk, enum record_type type, const uint8_t *bytes, size_t size,
                        struct record_id *id);

/* The trusted roots, for desk_load. */
int desk_load_anchors(struct desk *desk);
/* Reads the root of a file, raw or a bundle (of whose roots the oldest is taken), and gives it to
 * `take`, which owns it. */
int desk_read_roots(struct desk *desk, const char *path,
                    int (*take)(struct desk *desk, struct record *root));

/* Whether --root names a file. */
bool desk_root_is_file(const struct desk *desk);

/* Keeps a root record as an anchor in the config folder. */
int desk_trust_root(struct desk *desk, const struct record *root);
/* Keeps beside the anchors of the config folder the signatures that a file has of them. */
int desk_keep_signatures(struct desk *desk, const char *path);

/* Whether a trusted root is not among the records looked at.  After desk_load. */
bool desk_lacks_anchor(const struct desk *desk);
/* Stores those roots, for desk_store_root. */
int desk_store_anchors(struct desk *desk);

/* Makes DIR and its parents (0700). */
int desk_make_dir(const char *dir);

/* Whether key is one of the organizers of a root. */
bool desk_is_organizer(const struct record_root *root, const struct trust_public_key *key);

/* The revocation in force of a key, or NULL: signed by m organizers other than that key. */
const struct record_revoke *desk_find_revoke(const struct desk *desk, const struct view_root *root,
                                             const struct trust_public_key *key);

/* Whether the signer's signature can count for records of this constellation; says so if not. */
int desk_may_sign(struct desk *desk, const struct view_root *root);

/* Tells what a person should know of the copy before them: roots frozen or not yet signed, records
 * that a heartbeat names and the store lacks, a heartbeat overdue, and the view's alerts. */
void desk_warn(const struct desk *desk);

/* The view's alerts about one record. */
void desk_warn_of(const struct desk *desk, const struct record_id *record);

/* Text of an instant in UTC: RFC 3339. */
const char *desk_stamp(const struct desk *desk, instant at, char *out /* STAMP_TEXT_SIZE */);

#endif
