#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/build.h"
#include "site/parts.h"

static enum site_result add_root(struct building *building, const struct view_root *root,
                                 const char *language, struct page_root *on_page)
{
    struct scope scope = site_scope_of(building, root, language);
    const struct view *view = building->request->source.view;
    *on_page = (struct page_root){
        .root = root, .news = &building->news[root - view->root], .is_signed = scope.is_signed};
    if (building->request->key != NULL) {
        trust_secret_public(building->request->key, &on_page->key);
    }
    snprintf(on_page->root8, sizeof on_page->root8, "%s", scope.name);
    site_root_bundle_path(&root->id, on_page->bundle);
    snprintf(on_page->feed, sizeof on_page->feed, "%s/%s", folder_of(language), scope.name);
    if (building->title_tag_count > 0) {
        snprintf(on_page->many, sizeof on_page->many, "%s/%s.ics", FEED_MANY_LANGUAGES, scope.name);
    }
    return site_add_scope(building, &scope, on_page);
}

/* Every constellation in one language, and its pages; none for all languages side by side. */
static enum site_result add_language(struct building *building, const char *language)
{
    const struct view *view = building->request->source.view;
    struct page_root *on_page = calloc(view->root_count + 1, sizeof *on_page);
    if (on_page == NULL) {
        return SITE_NO_MEMORY;
    }
    bool is_many = strcmp(language, FEED_MANY_LANGUAGES) == 0;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->root_count; i++) {
        result = add_root(building, &view->root[i], language, &on_page[i]);
    }
    if (result == SITE_OK && view->root_count > 1) {
        struct scope all = site_scope_of(building, NULL, language);
        result = site_add_scope(building, &all, NULL);
    }
    if (result == SITE_OK && !is_many) {
        result = site_add_sky(building, language);
    }
    if (result == SITE_OK && !is_many) {
        result = site_add_pages(building, language, language, on_page);
    }
    if (result == SITE_OK && language[0] == '\0') {
        result = site_add_other_pages(building, on_page);
    }
    for (size_t i = 0; result == SITE_OK && language[0] == '\0' && i < view->root_count; i++) {
        result = site_add_maps(building, &on_page[i]);
    }
    for (size_t i = 0; i < view->root_count; i++) {
        free(on_page[i].part);
    }
    free(on_page);
    return result;
}

/* The newest date that a record here gives itself, not after now; at least the day's beginning, at
 * which feeds change by themselves. */
static utc date_of(const struct feed_source *source)
{
    instant newest = source->horizon.now;
    for (size_t i = 0; i < source->entry_count; i++) {
        instant made = record_made(source->entry[i].record);
        if (instant_compare(made, source->now) <= 0 && instant_compare(made, newest) > 0) {
            newest = made;
        }
    }
    return leap_to_utc(source->leap, newest, NULL);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The languages of the pages: those of titles, and those that we speak; ascending. */
static bool list_page_tags(struct building *building)
{
    size_t room = building->title_tag_count + INTERFACE_LANGUAGES;
    building->page_tag = calloc(room, sizeof *building->page_tag);
    if (building->page_tag == NULL) {
        return false;
    }
    for (size_t i = 0; i < building->title_tag_count; i++) {
        building->page_tag[building->page_tag_count++] = building->title_tag[i];
    }
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        const char *code = interface_calendar((enum interface_language)i)->code;
        if (!site_has_titles(building, code)) {
            building->page_tag[building->page_tag_count++] = code;
        }
    }
    qsort(building->page_tag, building->page_tag_count, sizeof *building->page_tag, by_text);
    return true;
}

static enum site_result add_news(struct building *building)
{
    const struct view *view = building->request->source.view;
    building->news = calloc(view->root_count + 1, sizeof *building->news);
    bool done = building->news != NULL;
    for (size_t i = 0; done && i < view->root_count; i++) {
        done = page_news_build(&building->news[i], building->book, &view->root[i].id);
    }
    return done ? SITE_OK : SITE_NO_MEMORY;
}

static enum site_result add_languages(struct building *building)
{
    if (!feed_languages(building->request->source.view, NULL, &building->title_tag,
                        &building->title_tag_count) ||
        !list_page_tags(building)) {
        return SITE_NO_MEMORY;
    }
    enum site_result result = add_language(building, "");
    for (size_t i = 0; result == SITE_OK && i < building->title_tag_count; i++) {
        result = add_language(building, building->title_tag[i]);
    }
    if (result == SITE_OK && building->title_tag_count > 0) {
        result = add_language(building, FEED_MANY_LANGUAGES);
    }
    return result;
}

/* What pages refer to, each with the bytes that it has in pages/look. */
static enum site_result add_look(struct building *building)
{
    static const char *const file[] = {"style.css", "icon.svg", "icon.png", "card.png"};
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < sizeof file / sizeof *file; i++) {
        result = page_take_look(building->site, file[i], building->error);
    }
    return result;
}

enum site_result site_build(const struct site_request *request, struct site *site,
                            size_t *signed_count, struct site_error *error)
{
    struct building building = {.request = request, .site = site, .error = error};
    snprintf(error->message, sizeof error->message, "out of memory");
    building.book = feed_book_new(&request->source);
    enum site_result result = building.book == NULL ? SITE_NO_MEMORY : SITE_OK;
    if (result == SITE_OK) {
        result = readers_build(request, building.book, &building.readers, error);
    }
    if (result == SITE_OK) {
        result = add_news(&building);
    }
    if (result == SITE_OK) {
        result = add_languages(&building);
    }
    if (result == SITE_OK) {
        result = add_look(&building);
    }
    if (result == SITE_OK && request->source.view->root_count > 0) {
        result = site_keep_addresses(&building);
    }
    for (size_t i = 0; building.news != NULL && i < request->source.view->root_count; i++) {
        page_news_free(&building.news[i]);
    }
    free(building.news);
    free(building.title_tag);
    free(building.page_tag);
    readers_free(&building.readers);
    feed_book_free(building.book);
    site->modified = date_of(&request->source);
    *signed_count = building.signed_count;
    return result;
}
