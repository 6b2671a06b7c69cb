/* tocsin/session/load.h -- what fills a session. */
#ifndef TOCSIN_LOAD_H
#define TOCSIN_LOAD_H

#include "tocsin/session/session.h"

/* Opens the store as session_open_store does, loads it and the trusted roots (those of --root, else
 * those of the config folder), and builds the view.  Again after something was added: reads it all
 * afresh. */
int session_load(struct session *session, bool create);

#endif
