/* tocsin/windows/review.h -- what the second person should know before they sign: whether the
 * signed dates are what the rule says, what differs from what is in force, and what their signature
 * would bring about. */
#ifndef TOCSIN_REVIEW_H
#define TOCSIN_REVIEW_H

#include "plan/plan.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

/* Tells every difference between what is signed and what the rule says here, the two side by side,
 * and what could not be checked. */
void review_tell_dates(const struct session *session, const struct environment *environment,
                       const struct record_window *is, const struct plan_review *review);

#endif
