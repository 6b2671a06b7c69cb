/* tocsin/windows/news.h -- what came with the last files: which windows are confirmed now, called
 * off, changed or contested, and which roots have a new version or a key less. */
#ifndef TOCSIN_NEWS_H
#define TOCSIN_NEWS_H

#include "tocsin/session/session.h"

/* How everything stood. */
struct news {
    struct news_window *window; /* owned */
    size_t window_count;
    struct news_root *root; /* owned */
    size_t root_count;
};

/* Notes how everything stands.  After session_load. */
struct news news_begin(const struct session *session);

/* Tells on standard error what is otherwise than then, of the constellations that were trusted
 * then, and by whose signatures: the first few, or all with --full.  Of others what of the dates
 * ahead is called off or contested: whoever joins a thread has read of it.  when: "since", or "now"
 * of what was just signed.  After session_load. */
void news_tell(const struct session *session, const struct news *news, const char *when);
void news_end(struct news *news);

/* After something was signed: loads the session afresh, and tells what is otherwise now. */
int news_reload(struct session *session);

#endif
