/* tocsin/session/session.h -- what lies before a person who runs a command: the hour, the store,
 * the roots they trust, and the view that follows.  Next to it: load.h fills it, roots.h reads the
 * trusted roots, signer.h signs, bundle.h stores what came from elsewhere.
 *
 * Every int function returns an exit code, and has said on standard error what went wrong unless it
 * is EXIT_DONE. */
#ifndef TOCSIN_SESSION_H
#define TOCSIN_SESSION_H

#include <limits.h>
#include <stdint.h>

#include "anchors/anchors.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "store/store.h"
#include "tocsin/options.h"
#include "trust/trust.h"
#include "view/view.h"

/* Of a folder behind whose path any file's name has room: PATH_MAX is enough for both. */
enum { SESSION_DIR_SIZE = PATH_MAX - NAME_MAX - 1 };

struct session {
    const struct options *options;
    struct leap_table leap;
    utc now_utc;
    instant now;
    char keys_dir[SESSION_DIR_SIZE];
    char roots_dir[SESSION_DIR_SIZE]; /* trusted roots, one file each: ID.rec */
    char store_dir[PATH_MAX];
    struct store *store;    /* owned; NULL: there is none yet */
    struct store_set set;   /* what is looked at: the store's records, and those laid over it */
    struct ledger *overlay; /* owned; NULL: nothing is laid over the store */
    struct anchors anchors; /* the trusted roots */
    struct view *view;      /* owned; NULL until session_load */
    const struct view_root *root;     /* the view's; NULL until one is chosen */
    const struct view_window *window; /* the view's; NULL until one is chosen */
    char key_name[256]; /* of the keys folder, where signer_choose chose one; else "" */
    bool has_signer;
    struct record_public_key signer;
    struct trust_secret *secret; /* owned; NULL until something is signed */
};

/* What is said where no root is trusted yet, and what to do. */
#define SESSION_NO_ROOT                                                                            \
    "no root is trusted here: \"tocsin join FILE\" takes what an organizer sent you; \"tocsin "    \
    "root "                                                                                        \
    "new NAME\" begins one of your own"

/* Sets the hour; opens nothing.  options is borrowed until session_close. */
int session_open(struct session *session, const struct options *options);
void session_close(struct session *session);

/* Sets the names of folders, and looks into none. */
int session_find_folders(struct session *session);

/* Opens the store; without `create` a store that is not there is an empty one. */
int session_open_store(struct session *session, bool create);

/* Frees what session_load has brought, before it brings it afresh. */
void session_unload(struct session *session);

/* Builds the view of the set and the anchors, as of now. */
void session_build_view(struct session *session);

/* Looks at the records of a sync stream together with the store's, without storing them, and builds
 * the view anew.  What is refused is told.  After session_load. */
void session_lay_over(struct session *session, const uint8_t *bytes, size_t size);

/* Chooses session->root: the constellation that --root names, or the only one trusted; several:
 * EXIT_USAGE, listing them.  After session_load. */
int session_choose_root(struct session *session);

/* Whether these may be the first digits, or all, of an id or a uid: 8 or more. */
bool session_may_be_id(const char *text);

/* Whether a record id begins with these hex digits (at least 8). */
bool session_id_matches(const struct record_id *id, const char *digits);

/* Whether a window is what [ROOT8/]DIGITS names: the first digits of its uid, 4 or more, and before
 * the slash those of its constellation, 8 or more. */
bool session_uid_matches(const struct record_id *root, const struct record_uid *uid,
                         const char *name);

/* Whether it has that form with a slash, which looks like a path. */
bool session_is_full_name(const char *word);

/* The shortest of these that no other window here goes by, of 8 digits or more: what people are
 * told to type. */
enum { SESSION_WINDOW_NAME_SIZE = 17 + RECORD_UID_TEXT_SIZE };
struct session_name_window {
    char text[SESSION_WINDOW_NAME_SIZE];
} session_name_window(const struct session *session, const struct record_id *root,
                      const struct record_uid *uid);

/* The windows of the view in the order of `tocsin list`: by their next start, then by uid and
 * constellation; last those with nothing to come.  On the heap. */
const struct view_window **session_order_windows(const struct session *session);

/* The window that a person names: by its uid or the first digits (4 or more) of it, with ROOT8/
 * before where another constellation has one with the same, by the id of one of its records (8 or
 * more), by the four words of its uid, by its number in `tocsin list`, or
 * by a part of its title, in any language, that no other has.  After session_load. */
int session_find_window(struct session *session, const char *name, const struct view_window **out);

/* Whether some window goes by a name, but for its number in the list. */
bool session_names_window(const struct session *session, const char *name);

/* The record with this id among those looked at, or NULL. */
const struct view_entry *session_entry_of(const struct session *session,
                                          const struct record_id *id);

/* The record of the store that a person names by the first digits (8 or more) of its id. */
const struct view_entry *session_find_record(const struct session *session, const char *digits);

/* Makes DIR and its parents (0700). */
int session_make_dir(const char *dir);

/* Whether a record of a trusted constellation is in effect. */
bool session_is_effective(const struct session *session, const struct record *record);

/* The revocation in force of a key, or NULL: signed by m organizers other than that key. */
const struct record_revoke *session_find_revoke(const struct session *session,
                                                const struct view_root *root,
                                                const struct record_public_key *key);

/* A store_note_sink: tells it; context unused. */
void session_note(void *context, const struct store_note *note);

/* Text of an instant in UTC: RFC 3339. */
struct stamp_text session_stamp(const struct session *session, instant at);

#endif
