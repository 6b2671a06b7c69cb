/* tocsin/windows/history.h -- the records that a window has had, and what comes next. */
#ifndef TOCSIN_HISTORY_H
#define TOCSIN_HISTORY_H

#include "tocsin/session/session.h"

enum { HISTORY_HEADS_MAX = 8, HISTORY_SIGNERS_SIZE = 512 };

struct history {
    const struct record *content; /* the window record that an amendment starts from */
    uint32_t next_seq;
    struct record_id prev[HISTORY_HEADS_MAX]; /* every effective record at next_seq - 1, and what
                                                 waits there, ascending */
    size_t prev_count;
    struct record_id outvoted[HISTORY_HEADS_MAX]; /* of prev: those that wait beside the one in
                                                     force, and will not count after this */
    size_t outvoted_count;
};

/* The heads of a window: effective records of the highest seq; where none is effective, the
 * tentative ones, and it says so.  A window whose cancel is held has no next record. */
int history_find(const struct session *session, const struct view_window *window,
                 struct history *out);

/* Has the next version start from the version with this id, or its first digits. */
int history_take(const struct session *session, const struct view_window *window,
                 const char *digits, struct history *out);

/* Tells, of a next version that was signed, what it outvotes once it has enough signatures. */
void history_tell_outvoted(const struct session *session, const struct view_root *root,
                           const struct history *history);

/* Tells whose signatures a record wants after its first one.  is_locked: it changes what the lock
 * of the root, if it has one, protects. */
void history_tell_next(const struct session *session, const struct view_root *root, bool is_locked,
                       const struct record *record);

/* Whether it is confirmed, and all that lies ahead of it comes after the end of the root: nothing
 * will happen until somebody renews that. */
bool history_waits_for_root(const struct session *session, const struct view_window *window);

/* The cancel that waits for signatures and is nearest to them, or NULL; of equals one that the
 * session's signer has not signed. */
const struct record *history_waiting_cancel(const struct session *session,
                                            const struct view_window *window);

/* The cancel that people should know of: the one that is held, else the waiting one; or NULL. */
const struct record *history_cancel(const struct session *session,
                                    const struct view_window *window);

/* Whether the session's signer has signed a record of the view; false while there is no signer. */
bool history_is_mine(const struct session *session, const struct record *record);

/* Whether a record revokes this very key: its own signature does not count then. */
bool history_revokes(const struct record *record, const struct record_public_key *key);

/* Whether a signature by key could count for a record: an organizer, not revoked, of the root in
 * force, or, for a root, of either generation. */
bool history_may_sign(const struct session *session, const struct record *record,
                      const struct record_public_key *key);

/* The names of those whose signature on a record could count and is not there: "bela, chidi". */
struct history_names {
    char text[HISTORY_SIGNERS_SIZE];
} history_others(const struct session *session, const struct record *record);

/* How one more signature comes to a record: the command here where one of the keys of this machine
 * could sign it, else what to send, and what the others type. */
struct history_advice {
    char text[160];
} history_advice(const struct session *session, const struct record *record);

/* What the root calls the owner of a key; empty where it names no such organizer now. */
struct text history_organizer(const struct view_root *root, const struct record_public_key *key);

/* What an older version of it, in effect once, called the owner of a key; empty where none did. */
struct text history_organizer_once(const struct session *session, const struct view_root *root,
                                   const struct record_public_key *key);

/* ": did you mean \"bela\"?" of a name that no organizer has; "" where none is near. */
enum { HISTORY_NEAR_SIZE = 1100 };
void history_near(const struct record_root *is, const char *name,
                  char out[static HISTORY_NEAR_SIZE]);

/* The names of a root's organizers whose keys are revoked, or of those whose are not: "anna, bela";
 * but for these keys. */
struct history_names history_organizers(const struct session *session, const struct view_root *root,
                                        bool is_revoked, const struct record_public_key *but,
                                        size_t but_count);

/* The names of an entry's signers: "anna, bela (revoked), chidi (has left)". */
struct history_names history_signers_of(const struct session *session,
                                        const struct view_entry *entry);

/* The same of a record's signers in the store; "" where it is not there. */
struct history_names history_signers(const struct session *session, const struct record *record);

#endif
