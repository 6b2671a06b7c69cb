/* site/page.h -- inside of the module: the pages of one language. */
#ifndef SITE_PAGE_H
#define SITE_PAGE_H

#include "feeds/book.h"
#include "pages/pages.h"
#include "site/occasion.h"
#include "site/readers.h"
#include "site/site.h"

/* What there is to tell of a constellation, in whatever language. */
struct page_news {
    struct occasions coming, tentative, gone;
};

TOCSIN_MUST_USE bool page_news_build(struct page_news *out, const struct feed_book *book,
                                     const struct record_id *root);
void page_news_free(struct page_news *news);

/* What a page shows of one constellation. */
struct page_root {
    const struct view_root *root;
    const struct page_news *news;
    char root8[17];
    char feed[SITE_PATH_SIZE]; /* without a zone; without ".ics": what feeds of zones lie below */
    char many[SITE_PATH_SIZE]; /* "": none; all languages side by side */
    char bundle[SITE_PATH_SIZE];
    char (*part)[SITE_PATH_SIZE + FEED_NAME_SIZE]; /* owned; further files of the feed */
    size_t part_count;
    bool is_signed;
    struct record_public_key key; /* when signed */
};

struct page {
    const struct site_request *request;
    const struct readers *readers;
    const char *language; /* of the page; "" for the one without: English, titles as declared */
    const char *titles;   /* of the titles and feeds; "": without a tag */
    const struct page_root *root;
    size_t root_count;
    const char *const *tag; /* of all pages, but "" */
    size_t tag_count;
};

enum { PAGE_ROWS = 24 }; /* on the first page; what is more has a page of its own */

/* Files of a site: "index.html", "it/index.html"; "plain/ROOT8/window/UID.html". */
void page_path(const char *language, const char *file, char out[static SITE_PATH_SIZE]);
void page_window_file(const struct page_root *root, const struct view_window *window,
                      char out[static SITE_PATH_SIZE]);
void page_all_file(const struct page_root *root, char out[static SITE_PATH_SIZE]);

/* Whole HTML documents as heap strings; NULL: no memory. */
char *page_index(const struct page *page);
char *page_all(const struct page *page, const struct page_root *root);
char *page_where(const struct page *page);
char *page_window(const struct page *page, const struct page_root *root,
                  const struct view_window *window);

/* The world when a window comes next, or came last; whole days have no such moment, and no map, nor
 * has what is called off. */
bool page_has_map(const struct page_root *root, const struct view_window *window);
char *page_map(const struct site_request *request, const struct page_root *root,
               const struct view_window *window);

/* Whether a window has a page: something of it is in force, or was and was called off. */
bool page_has_window(const struct page_root *root, const struct view_window *window);

/* Whether nothing more of a window is to come because what was left of it was called off. */
bool page_is_called_off(const struct page_root *root, const struct view_window *window);

#endif
