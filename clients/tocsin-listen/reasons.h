/* tocsin-listen/reasons.h -- why what is declared does not ring at this site.  Pure. */
#ifndef LISTEN_REASONS_H
#define LISTEN_REASONS_H

#include "listener/gather.h"

enum { REASON_SIZE = 300 };

/* Why an occurrence of a window does not start here; false when it does, as far as the records
 * say. */
bool reason_of(const struct view *view, const struct view_window *window,
               const struct view_occurrence *occurrence, const struct listener_site *site,
               char out[static REASON_SIZE]);

/* Of a wave by place with something ahead, where none of its places is the site's: says so, with
 * the nearest.  False: nothing is to be said. */
bool reason_no_place(const struct view_window *window, const struct listener_site *site,
                     instant now, char out[static REASON_SIZE]);

#endif
