/* tocsin/windows/review.h -- what the second person should know before they sign: whether the
 * signed dates are what the rule says, what differs from what is in force, and what their signature
 * would bring about.  All of it on standard error. */
#ifndef TOCSIN_REVIEW_H
#define TOCSIN_REVIEW_H

#include "plan/plan.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"
#include "tocsin/windows/window.h"

/* Tells every difference between what is signed and what the rule says here, the two side by side,
 * and what could not be checked. */
void review_tell_dates(const struct session *session, const struct environment *environment,
                       const struct record_window *is, const struct plan_review *review);

/* Warns of a window whose signed dates contradict its rule, in a line; another record is silence.
 */
void review_warn_of_rule(const struct session *session, const struct environment *environment,
                         const struct record *record);

/* What differs between the version before and a draft: each field as it was and is, and the dates
 * as window_preview_changes tells and judges them.  Whether any of it is what a lock protects. */
bool review_tell_change(const struct session *session, const struct environment *environment,
                        const struct record_window *before, const struct window_draft *draft);

/* Warns of a change that does not follow on what is in force: of a step between that is not here,
 * or of another past than ours. */
void review_tell_step(const struct session *session, const struct record *record);

/* What a cancellation calls off: the title, why, and the occurrences still to come. */
void review_tell_cancel(const struct session *session, const struct environment *environment,
                        const struct record *record);

/* Whose key a revocation voids, and which records keep or lose its signature, by their titles. */
void review_tell_revoke(const struct session *session, const struct record_revoke *is);

/* Who joins and who leaves with a root, and what else differs from the version in force. */
void review_tell_root(const struct session *session, const struct record_root *is);

/* What the view would be if this key signed this entry too: each window and root that would stand
 * otherwise, the unwelcome ones as warnings. */
void review_tell_outcome(const struct session *session, const struct view_entry *entry,
                         const struct record_public_key *key);

#endif
