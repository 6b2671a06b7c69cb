/* site/page.h -- inside of the module: the HTML page of one language. */
#ifndef SITE_PAGE_H
#define SITE_PAGE_H

#include "feeds/prose.h"
#include "site/site.h"

/* A link of the page: a file of the site and what it is called. */
struct page_link {
    char path[SITE_PATH_SIZE];
    char label[96]; /* already safe as HTML */
};

struct page_links {
    struct page_link *link; /* owned */
    size_t count, room;
};

TOCSIN_MUST_USE bool page_links_add(struct page_links *links, const char *path, const char *label);
void page_links_free(struct page_links *links);

/* What a page shows of one constellation. */
struct page_root {
    const struct view_root *root;
    char feed[SITE_PATH_SIZE];
    char many[SITE_PATH_SIZE]; /* "": none; all languages side by side */
    char bundle[SITE_PATH_SIZE];
    struct page_links part, zone;
    bool is_signed;
    struct record_public_key key; /* when signed */
};

struct page {
    const struct site_request *request;
    const char *language; /* "" for the page without one */
    const char *to_top;   /* "" or "../" */
    const struct page_root *root;
    size_t root_count;
    const char (*language_tag)[FEED_LANGUAGE_SIZE]; /* of all pages */
    size_t language_count;
};

/* A whole HTML document as a heap string; NULL: no memory. */
char *page_write(const struct page *page);

extern const char *const PAGE_STYLE;

/* Text made safe for HTML, in elements and in double-quoted attributes. */
void page_add_escaped(struct draft *draft, const char *text, size_t len);

#endif
