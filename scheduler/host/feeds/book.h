/* feeds/book.h -- inside of the module: what all feeds of a source share. */
#ifndef FEEDS_BOOK_H
#define FEEDS_BOOK_H

#include "feeds/event.h"

/* One VEVENT as text, read back as meant. */
struct feed_rendered {
    const char *bytes;
    size_t size;
};

struct feed_page; /* what is rendered in one language */

struct feed_book {
    const struct feed_source *source; /* owned copy */
    struct feed_tallies tallies;
    struct feed_items items;
    struct feed_page *page;        /* owned; of the last language asked for */
    struct feed_words_read *words; /* owned; what was read back */
};

/* The text of an entry: rendered and read back the first time, found again from then on.  *out
 * lives until another language is asked for. */
TOCSIN_MUST_USE enum feed_result feed_book_render(struct feed_book *book,
                                                  const struct feed_request *request,
                                                  const struct feed_entry *entry,
                                                  const struct feed_rendered **out,
                                                  char error[static FEED_ERROR_SIZE]);

#endif
