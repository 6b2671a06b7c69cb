/* tocsin/session/load.h -- what fills a session. */
#ifndef TOCSIN_LOAD_H
#define TOCSIN_LOAD_H

#include "tocsin/session/session.h"

/* How much of a session a command needs: each needs what stands before it. */
enum session_need {
    NEED_CLOCK,         /* the hour */
    NEED_FOLDERS,       /* the names of folders */
    NEED_STORE,         /* the store, if there is one */
    NEED_VIEW,          /* its records, the trusted roots, and the view of them */
    NEED_VIEW_TO_WRITE, /* the same; a store is made where there is none */
    NEED_ROOT,          /* of a view the one constellation: session->root */
    NEED_WINDOW,        /* of a view one window, and its root: session->window */
    NEED_MASK = 0x0f,
};

/* After session_open, and again to get more.  window is what a person names it by, for
 * NEED_WINDOW. */
int session_need(struct session *session, enum session_need need, const char *window);

/* Opens the store as session_open_store does, loads it and the trusted roots (those of --root, else
 * those of the config folder), and builds the view.  Again after something was added: reads it all
 * afresh. */
int session_load(struct session *session, bool create);

#endif
