/* The pages of a site, in every language that has titles or that we speak. */
#include <string.h>

#include "site/build.h"

static enum site_result add_window_pages(struct building *building, const struct page *page,
                                         const struct page_root *root)
{
    const struct view *view = building->request->source.view;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        char file[SITE_PATH_SIZE];
        char path[SITE_PATH_SIZE];
        if (!record_id_equal(&window->root, &root->root->id) || !page_has_window(root, window)) {
            continue;
        }
        page_window_file(root, window, file);
        page_path(page->language, file, path);
        result = take_text(building, path, page_window(page, root, window));
    }
    return result;
}

enum site_result site_add_maps(struct building *building, const struct page_root *root)
{
    const struct view *view = building->request->source.view;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (record_id_equal(&window->root, &root->root->id) && page_has_map(root, window)) {
            char path[SITE_PATH_SIZE];
            site_window_path(&root->root->id, &window->uid, "svg", path);
            result = take_text(building, path, page_map(building->request, root, window));
        }
    }
    return result;
}

enum site_result site_add_pages(struct building *building, const char *language, const char *titles,
                                const struct page_root *root)
{
    const struct page page = {
        .request = building->request,
        .readers = &building->readers,
        .language = language,
        .titles = titles,
        .root = root,
        .root_count = building->request->source.view->root_count,
        .tag = building->page_tag,
        .tag_count = building->page_tag_count,
    };
    char path[SITE_PATH_SIZE];
    page_path(language, "index.html", path);
    enum site_result result = take_text(building, path, page_index(&page));
    if (result == SITE_OK) {
        page_path(language, "where.html", path);
        result = take_text(building, path, page_where(&page));
    }
    for (size_t i = 0; result == SITE_OK && i < page.root_count; i++) {
        if (root[i].news->coming.coming_count > PAGE_ROWS) {
            char file[SITE_PATH_SIZE];
            page_all_file(&root[i], file);
            page_path(language, file, path);
            result = take_text(building, path, page_all(&page, &root[i]));
        }
        if (result == SITE_OK) {
            result = add_window_pages(building, &page, &root[i]);
        }
    }
    return result;
}

bool site_has_titles(const struct building *building, const char *tag)
{
    for (size_t i = 0; i < building->title_tag_count; i++) {
        if (strcmp(building->title_tag[i], tag) == 0) {
            return true;
        }
    }
    return false;
}

enum site_result site_add_other_pages(struct building *building, const struct page_root *root)
{
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < building->page_tag_count; i++) {
        if (!site_has_titles(building, building->page_tag[i])) {
            result = site_add_pages(building, building->page_tag[i], "", root);
        }
    }
    return result;
}
