/* tocsin/commands/amend.h -- amending, which is also how one occurrence is cancelled. */
#ifndef TOCSIN_AMEND_H
#define TOCSIN_AMEND_H

#include "tocsin/windows/history.h"
#include "tocsin/windows/window.h"

enum { AMEND_KEYS_MAX = 64 };

struct amend_arguments {
    struct window_options window;
    const char *off[AMEND_KEYS_MAX], *back[AMEND_KEYS_MAX];
    size_t off_count, back_count;
    const char *take; /* the id of the version that it starts from; NULL: the one in force */
};

/* The next version of session->window: resolved, shown, signed and stored. */
int amend_window(struct session *session, const struct environment *environment,
                 const struct amend_arguments *arguments);

#endif
