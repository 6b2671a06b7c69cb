/* tocsin/print/warnings.h -- what a person should know of the copy of the records before them. */
#ifndef TOCSIN_WARNINGS_H
#define TOCSIN_WARNINGS_H

#include "tocsin/session/session.h"

/* Tells of roots frozen or not yet signed, of records that a heartbeat names and the store lacks,
 * of a heartbeat overdue, and the view's alerts.  After session_load. */
void warnings_tell(const struct session *session);

/* The view's alerts about one record. */
void warnings_tell_of(const struct session *session, const struct record_id *record);

#endif
