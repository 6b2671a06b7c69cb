/* site/days_page.h -- inside of the module: the page of the catalogue of memory in one language:
 * every day with its story, disputes and sources, and the feeds to subscribe to. */
#ifndef SITE_DAYS_PAGE_H
#define SITE_DAYS_PAGE_H

#include "feeds/memory.h"
#include "pages/pages.h"
#include "site/site.h"

struct days_page {
    const struct memory *memory;
    const char *language;
    const char *top;             /* the way up: "" or "../" */
    struct pages_values *values; /* owned */
};

/* "index.html", "it/index.html": English is the first. */
void days_page_path(const char *language, char out[static SITE_PATH_SIZE]);

/* False: no memory. */
TOCSIN_MUST_USE bool days_page_init(struct days_page *out, const struct memory *memory,
                                    const char *language);

/* One more list of feeds, to be filled by days_page_add_feed. */
struct pages_values *days_page_add_group(struct days_page *page, const char *heading);

/* A feed in it; language: of the label; count: of days in it, 0: not told. */
void days_page_add_feed(struct days_page *page, struct pages_values *group, const char *path,
                        const char *label, const char *language, size_t count);

/* The whole HTML document, and the end of the page.  A heap string; NULL: no memory. */
char *days_page_end(struct days_page *page);

#endif
