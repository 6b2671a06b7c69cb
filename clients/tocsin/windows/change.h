/* tocsin/windows/change.h -- what differs between two versions of a window, or of a root, field by
 * field, as it is signed. */
#ifndef TOCSIN_CHANGE_H
#define TOCSIN_CHANGE_H

#include "tocsin/session/session.h"

/* One field that differs; NULL: it has none. */
typedef void change_sink(void *context, const char *what, const char *before, const char *after);

/* Every field of a window that differs, but for its dates. */
void change_of_window(const struct session *session, const struct record_window *before,
                      const struct record_window *after, change_sink *sink, void *context);

/* One field, where it differs. */
void change_of_text(const char *what, struct text before, struct text after, change_sink *sink,
                    void *context);
void change_of_span(const char *what, const span *before, const span *after, change_sink *sink,
                    void *context);
void change_of_instant(const struct session *session, const char *what, instant before,
                       instant after, change_sink *sink, void *context);

/* What a record changes of what is in force, in a few words, as lists can hold them: "rule 2 august
 * at 10:30 in Europe/Rome for 2m; title Another"; of a cancellation its reason; "" where there is
 * nothing to say. */
enum { CHANGE_BRIEF_SIZE = 320 };
void change_brief(const struct session *session, const struct record *record,
                  char out[static CHANGE_BRIEF_SIZE]);

/* What a window's record changes of another; before: NULL tells its rule. */
void change_brief_since(const struct session *session, const struct record *before,
                        const struct record *record, char out[static CHANGE_BRIEF_SIZE]);

/* Another version of a record's step that this key has signed or that is in force, or NULL: a
 * signature on the record could contest it. */
const struct record *change_contested_by(const struct session *session, const struct record *record,
                                         const struct record_public_key *signer);

/* The record that names this window's record among what it replaces, beside the version in force of
 * the same step; or NULL. */
const struct record *change_outvoted_by(const struct session *session, const struct record *record);

/* From *at on the next record that is still open beside one in force: another version of its step,
 * of a root of any step since the one given by hand, that has signatures and not enough of them.
 * Once it has, it contests.  NULL: no more. */
const struct record *change_next_open(const struct session *session, const struct record *in_force,
                                      size_t *at);

/* What is to be done about it: "with enough signatures it ...". */
const char *change_open_advice(const struct record *open);

/* Prints a line of each. */
void change_print_open(const struct session *session, const struct record *in_force);

/* Warns of the other versions of a record's step, a window's or a root's, which are signed by some:
 * once two of them have enough signatures, none counts.  record is one of the view, or a draft.
 * signer: whose own signatures are told as such. */
void change_warn_of_rivals(const struct session *session, const struct record *record,
                           const struct record_public_key *signer);

#endif
