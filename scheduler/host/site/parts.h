/* site/parts.h -- inside of the module: what several pages have. */
#ifndef SITE_PARTS_H
#define SITE_PARTS_H

#include "places/places.h"
#include "site/page.h"

/* Begins a page; file: its own in every language; top: the way up from there.  NULL: no memory. */
struct pages_values *page_begin(const struct page *page, const char *file,
                                char top[static SITE_PATH_SIZE]);

/* What pages refer to: a file of pages/look as it is, under its name there. */
TOCSIN_MUST_USE enum site_result page_take_look(struct site *site, const char *file,
                                                struct site_error *error);

/* The page, and the end of its values. */
char *page_end(struct pages_values *in, const char *template);

/* Where the way home from another page leads. */
void page_set_home(struct pages_values *in, const struct page *page, const char *top);

/* A path of the site as a link: whole where it is known where the site stands. */
void page_set_address(struct pages_values *in, const struct page *page, const char *name,
                      const char *top, const char *path);

/* "code": an address for phones. */
void page_set_code(struct pages_values *in, const char *address);
/* For a page that has no address: the happening itself, as the VEVENT that telephones offer to keep
 * when they read it (zxing, "Barcode Contents", on calendar events). */
void page_set_date_code(struct pages_values *in, const struct page *page,
                        const struct occasion *of);

/* A phrase with its two numbers. */
void page_set_signed_by(struct pages_values *in, const char *name, const char *phrase, size_t count,
                        size_t of);

/* The first `most` windows as rows of a list. */
void page_add_rows(struct pages_values *in, const char *list, const struct page *page,
                   const struct page_root *root, const struct occasions *of, size_t most,
                   const char *top);

/* One occasion as what comes next; place: 0 for the very next. */
void page_add_hero(struct pages_values *in, const struct page *page, const struct page_root *root,
                   const struct told *told, size_t which, size_t place, const char *top);

/* Where the page for phones is, and what travels without a server; nothing where they are not. */
void page_set_phones(struct pages_values *in, const struct page *page, const struct page_root *root,
                     const char *top);

/* "zones": every name of a zone that has feeds, by area, and what the page's language calls its
 * city where that is not the same, "Europe/ Amsterdam Rome=Roma": whether the script can offer that
 * of a browser's zone, and what it calls it.  Or of the latter alone. */
void page_set_zones(struct pages_values *in, const struct page *page, bool is_for_names);

/* How to tell whether all of it is true: words, id, keys, bundle. */
void page_set_true(struct pages_values *in, const struct page_root *root);

#endif
