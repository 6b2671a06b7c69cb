/* tocsin/commands/root_trust.h -- taking a root to be trusted, which is also how one joins. */
#ifndef TOCSIN_ROOT_TRUST_H
#define TOCSIN_ROOT_TRUST_H

#include "tocsin/session/session.h"

/* Shows each root of a file as it will be in force, asks, and keeps it and the records that came
 * with it.  What is trusted here already is not asked about again. */
int root_trust_take(struct session *session, const char *path);

#endif
