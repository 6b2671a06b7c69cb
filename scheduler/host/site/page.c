/* page.c -- the first page, and that of all that is to come. */
#include <stdio.h>
#include <string.h>

#include "feeds/prose.h"
#include "site/addresses.h"
#include "site/parts.h"
#include "site/tell.h"

enum {
    HEROES = 3, /* of what comes next: the script shows the first that is not over */
    CALLED_OFF_ROWS = 24,
};

/* What comes next of all windows, in the order in which it does. */
static void add_heroes(struct pages_values *in, const struct page *page,
                       const struct page_root *root, const char *top)
{
    const struct occasions *of = &root->news->coming;
    size_t used[HEROES] = {0};
    const struct told *taken[HEROES] = {NULL};
    for (size_t n = 0; n < HEROES; n++) {
        const struct told *best = NULL;
        size_t best_at = 0;
        for (size_t i = 0; i < of->coming_count; i++) {
            const struct told *told = &of->told[i];
            size_t at = told->coming;
            for (size_t k = 0; k < n; k++) {
                at = taken[k] == told && used[k] >= at ? used[k] + 1 : at;
            }
            if (at < told->count &&
                (best == NULL || told->occasion[at].start_ns < best->occasion[best_at].start_ns)) {
                best = told;
                best_at = at;
            }
        }
        if (best == NULL) {
            break;
        }
        taken[n] = best;
        used[n] = best_at;
        page_add_hero(in, page, root, best, best_at, n, top);
    }
}

static void set_subscribe(struct pages_values *in, const struct page *page,
                          const struct page_root *root, const char *top)
{
    char feed[SITE_PATH_SIZE + 8];
    snprintf(feed, sizeof feed, "%s.ics", root->feed);
    pages_set(in, "feed", feed);
    pages_set(in, "many", root->many);
    pages_set(in, "root8", root->root8);
    page_set_address(in, page, "feed_folder", top, root->feed);
    page_set_address(in, page, "address", top, feed);
    char alarms[SITE_PATH_SIZE];
    snprintf(alarms, sizeof alarms, "plain/%s", root->root8); /* those alone have reminders */
    page_set_address(in, page, "alarm_folder", top, alarms);
    addresses_set_all(in, page->request->url, top, feed);
    char where[SITE_PATH_SIZE];
    page_path(page->language, "where.html", where);
    pages_print(in, "where", "%s%s", top, where);
    pages_set(in, "has_parts", root->part_count > 0 ? "1" : "");
    for (size_t i = 0; i < root->part_count; i++) {
        struct pages_values *part = pages_add(in, "part");
        const char *slash = strrchr(root->part[i], '/');
        pages_set(part, "part_file", root->part[i]);
        pages_set(part, "part_name", slash == NULL ? root->part[i] : slash + 1);
    }
}

static void set_root(struct pages_values *in, const struct page_root *root)
{
    tell_text(in, "root_name", root->root->newest->is.root.name, false);
}

/* "What comes next, when": of the first constellation that has something to come. */
static void set_description(struct pages_values *in, const struct page *page)
{
    for (size_t i = 0; i < page->root_count; i++) {
        const struct occasions *of = &page->root[i].news->coming;
        if (of->coming_count == 0) {
            continue;
        }
        const struct told *told = &of->told[0];
        const struct occasion *next = &told->occasion[told->coming];
        const struct record_window *window = &next->at[0]->record->is.window;
        const struct record_prose *title =
            record_prose_find(window->title, window->title_count, page->titles);
        struct draft line = {0};
        if (title != NULL) {
            draft_add_prose(&line, title->value, false);
            draft_add(&line, " · ");
        }
        tell_line(&line, page, next);
        pages_set_draft(in, "description", &line);
        return;
    }
}

/* build_pages.c makes the page that "all" leads to on the same condition; no page lists more of
 * what is tentative or called off.  The address in the code goes without "index.html": the shorter
 * it is, the larger are the squares for a camera. */
static void add_root(struct pages_values *in, const struct page *page, const struct page_root *root,
                     const char *top)
{
    const struct page_news *news = root->news;
    struct pages_values *section = pages_add(in, "root");
    set_root(section, root);
    pages_set(section, "several", page->root_count > 1 ? "1" : "");
    add_heroes(section, page, root, top);
    set_subscribe(section, page, root, top);
    if (page->request->url != NULL) {
        char address[ADDRESS_SIZE];
        char path[SITE_PATH_SIZE];
        page_path(page->language, "index.html", path);
        snprintf(address, sizeof address, "%s%.*s", page->request->url,
                 (int)(strlen(path) - strlen("index.html")), path);
        page_set_code(section, address);
    }
    size_t rows = news->coming.coming_count;
    page_add_rows(section, "coming", page, root, &news->coming, rows < PAGE_ROWS ? rows : PAGE_ROWS,
                  top);
    pages_set(section, "has_coming", rows > 0 ? "1" : "");
    if (rows > PAGE_ROWS) {
        char file[SITE_PATH_SIZE];
        char path[SITE_PATH_SIZE];
        page_all_file(root, file);
        page_path(page->language, file, path);
        pages_print(section, "all", "%s%s", top, path);
        pages_print(section, "all_count", "%zu", rows);
    }
    size_t tentative = news->tentative.coming_count;
    page_add_rows(section, "tentative", page, root, &news->tentative,
                  tentative < PAGE_ROWS ? tentative : PAGE_ROWS, top);
    pages_set(section, "has_tentative", tentative > 0 ? "1" : "");
    pages_print(section, "tentative_count", "%zu", tentative);
    page_add_rows(section, "gone", page, root, &news->gone, CALLED_OFF_ROWS, top);
    pages_set(section, "has_gone", news->gone.count > 0 ? "1" : "");
    pages_print(section, "gone_count", "%zu", news->gone.count);
    page_set_true(section, root);
}

char *page_index(const struct page *page)
{
    char top[SITE_PATH_SIZE];
    struct pages_values *in = page_begin(page, "index.html", top);
    if (in == NULL) {
        return NULL;
    }
    set_description(in, page);
    for (size_t i = 0; i < page->root_count; i++) {
        struct pages_values *alternate = pages_add(in, "alternate");
        pages_print(alternate, "feed", "%s.ics", page->root[i].feed);
        tell_text(alternate, "feed_title", page->root[i].root->newest->is.root.name, false);
        add_root(in, page, &page->root[i], top);
    }
    page_set_zones(in, page, false);
    return page_end(in, "constellation.html");
}

char *page_all(const struct page *page, const struct page_root *root)
{
    char file[SITE_PATH_SIZE];
    page_all_file(root, file);
    char top[SITE_PATH_SIZE];
    struct pages_values *in = page_begin(page, file, top);
    if (in == NULL) {
        return NULL;
    }
    page_set_home(in, page, top);
    pages_set(in, "kind", "all");
    struct pages_values *section = pages_add(in, "root");
    page_add_rows(section, "coming", page, root, &root->news->coming,
                  root->news->coming.coming_count, top);
    return page_end(in, "all.html");
}
