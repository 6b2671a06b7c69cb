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
int news_begin(const struct session *session, struct news *out);

/* Tells on standard error what is otherwise since, of the constellations that were trusted then:
 * the first few, or all with --full.  After session_load. */
void news_tell(const struct session *session, const struct news *news);
void news_end(struct news *news);

#endif
