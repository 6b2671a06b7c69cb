/* session_of.h -- a session of the organizers' program on a little world, with no store behind
 * it. */
#ifndef SESSION_OF_H
#define SESSION_OF_H

#include "view_scene.h"

#include "tocsin/session/session.h"

/* Looks at the world; borrowed from it, as its view is. */
static inline struct session session_of(struct constellation *world)
{
    static const struct options options = {.passphrase_fd = -1};
    struct session session = {.options = &options, .leap = *leap_builtin(), .now = world->now};
    session.now_utc = leap_to_utc(&session.leap, world->now, NULL);
    (void)look(world);
    session.view = world->view;
    session.set = (struct store_set){.entry = world->entry, .entry_count = world->count};
    return session;
}

#endif
