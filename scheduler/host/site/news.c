/* news.c -- what there is to tell, and the files that tell it. */
#include <stdio.h>
#include <string.h>

#include "site/page.h"

bool page_news_build(struct page_news *out, const struct feed_book *book,
                     const struct record_id *root)
{
    *out = (struct page_news){0};
    const struct feed_source *source = book->source;
    return occasions_build(source, &book->items, root, FEED_CONFIRMED, &out->coming) &&
           occasions_build(source, &book->items, root, FEED_TENTATIVE, &out->tentative) &&
           occasions_build(source, &book->items, root, FEED_CANCELLED, &out->gone);
}

void page_news_free(struct page_news *news)
{
    occasions_free(&news->coming);
    occasions_free(&news->tentative);
    occasions_free(&news->gone);
}

void page_path(const char *language, const char *file, char out[static SITE_PATH_SIZE])
{
    bool is_window = strchr(file, '/') != NULL;
    if (language[0] == '\0' && !is_window) {
        snprintf(out, SITE_PATH_SIZE, "%s", file);
    } else {
        snprintf(out, SITE_PATH_SIZE, "%s/%s", language[0] == '\0' ? "plain" : language, file);
    }
}

void page_window_file(const struct page_root *root, const struct view_window *window,
                      char out[static SITE_PATH_SIZE])
{
    char uid[RECORD_UID_TEXT_SIZE];
    record_uid_write(&window->uid, uid);
    snprintf(out, SITE_PATH_SIZE, "%s/window/%s.html", root->root8, uid);
}

void page_all_file(const struct page_root *root, char out[static SITE_PATH_SIZE])
{
    snprintf(out, SITE_PATH_SIZE, "%s.html", root->root8);
}

bool page_has_window(const struct page_root *root, const struct view_window *window)
{
    return occasions_find(&root->news->coming, window) != NULL ||
           occasions_find(&root->news->gone, window) != NULL;
}

bool page_is_called_off(const struct page_root *root, const struct view_window *window)
{
    const struct told *coming = occasions_find(&root->news->coming, window);
    const struct told *gone = occasions_find(&root->news->gone, window);
    if (gone == NULL || (coming != NULL && coming->coming < coming->count)) {
        return false;
    }
    return coming == NULL ||
           coming->occasion[coming->count - 1].start_ns < gone->occasion[gone->count - 1].start_ns;
}
