/* site/build.h -- inside of the module: a site that is being built, its feeds and its pages. */
#ifndef SITE_BUILD_H
#define SITE_BUILD_H

#include <string.h>

#include "site/page.h"
#include "site/readers.h"

/* Five letters, which no language tag's first part has. */
#define PLAIN_FOLDER "plain"

enum { SCOPE_NAME_SIZE = 17 };

struct building {
    const struct site_request *request;
    struct feed_book *book;
    struct readers readers;
    struct site *site;
    struct site_error *error;
    size_t signed_count;
    struct page_news *news;                /* owned; of each root */
    char (*title_tag)[FEED_LANGUAGE_SIZE]; /* owned; languages of titles: they have feeds */
    size_t title_tag_count;
    const char **page_tag; /* owned; languages of pages */
    size_t page_tag_count;
};

/* A constellation, or all of them, in one language. */
struct scope {
    const struct view_root *root; /* NULL: all */
    const char *language;
    char name[SCOPE_NAME_SIZE];
    bool is_signed;
};

static inline const char *folder_of(const char *language)
{
    return language[0] == '\0' ? PLAIN_FOLDER : language;
}

static inline enum site_result take_text(struct building *building, const char *path, char *text)
{
    return site_take_text(building->site, path, text, building->error);
}

/* What is of all constellations is signed where all of them name the key. */
struct scope site_scope_of(const struct building *building, const struct view_root *root,
                           const char *language);

/* All feeds of one scope; on_page: what the page says of them, NULL for none. */
enum site_result site_add_scope(struct building *building, const struct scope *scope,
                                struct page_root *on_page);

/* "it/sky.ics" */
enum site_result site_add_sky(struct building *building, const char *language);

/* Whoever keeps an address keeps a feed, if one without events. */
enum site_result site_keep_addresses(struct building *building);

bool site_has_titles(const struct building *building, const char *tag);

/* The pages of a language; titles and feeds are those of `titles`. */
enum site_result site_add_pages(struct building *building, const char *language, const char *titles,
                                const struct page_root *root);

/* The languages that have pages, but no titles and so no feeds of their own. */
enum site_result site_add_other_pages(struct building *building, const struct page_root *root);

/* One map of a window, for all languages. */
enum site_result site_add_maps(struct building *building, const struct page_root *root);

#endif
