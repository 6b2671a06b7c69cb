#include "site/site.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/machine.h"
#include "feeds/sky_feed.h"
#include "pages/look.h"
#include "site/page.h"
#include "site/readers.h"
#include "site/sign.h"

/* Five letters, which no language tag's first part has. */
static const char *const PLAIN_FOLDER = "plain";

/* Several constellations in one feed; a constellation's own name has digits. */
static const char *const ALL_NAME = "all";

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

static const char *folder_of(const char *language)
{
    return language[0] == '\0' ? PLAIN_FOLDER : language;
}

/* Whether the root names the site key as one of its feed keys. */
static bool names_key(const struct view_root *root, const struct record_public_key *key)
{
    assert(root != NULL);
    const struct record_root *named = &root->newest->is.root;
    return record_key_find(named->feed, named->feed_count, key->key) != NULL;
}

/* What is of all constellations is signed where all of them name the key. */
static struct scope scope_of(const struct building *building, const struct view_root *root,
                             const char *language)
{
    const struct view *view = building->request->source.view;
    struct scope scope = {.root = root, .language = language};
    if (root != NULL) {
        char id[RECORD_ID_TEXT_SIZE];
        record_id_write(&root->id, id);
        snprintf(scope.name, sizeof scope.name, "%.16s", id);
    } else {
        snprintf(scope.name, sizeof scope.name, "%s", ALL_NAME);
    }
    if (building->request->key != NULL) {
        struct record_public_key key;
        trust_secret_public(building->request->key, &key);
        scope.is_signed = true;
        for (size_t i = 0; i < view->root_count; i++) {
            bool is_in = root == NULL || root == &view->root[i];
            scope.is_signed = scope.is_signed && (!is_in || names_key(&view->root[i], &key));
        }
    }
    return scope;
}

static enum site_result take_text(struct building *building, const char *path, char *text)
{
    return site_take(building->site, path, (uint8_t *)text, text == NULL ? 0 : strlen(text),
                     building->error);
}

/* Puts content number `content` under one more path, with its signature. */
static enum site_result publish(struct building *building, const struct scope *scope,
                                const char *path, size_t content)
{
    enum site_result result = site_share(building->site, path, content, building->error);
    if (result != SITE_OK || !scope->is_signed) {
        return result;
    }
    building->signed_count++;
    return sign_beside(building->site, path, content, building->request->key, building->error);
}

/* Where the files of one request went: their contents follow one another. */
struct written {
    size_t first, count;
    char (*name)[FEED_NAME_SIZE]; /* owned */
};

/* Writes the feeds of a request as contents that have no path yet. */
static enum site_result write_feeds(struct building *building, const struct feed_request *request,
                                    const char *base, struct written *out)
{
    struct feed_list list;
    char why[FEED_ERROR_SIZE];
    switch (feed_write(building->book, request, &list, why)) {
    case FEED_OK:
        break;
    case FEED_UNSOUND:
        snprintf(building->error->message, sizeof building->error->message, "%.80s.ics: %.160s",
                 base, why);
        return SITE_UNSOUND;
    case FEED_NO_MEMORY:
    default:
        return SITE_NO_MEMORY;
    }
    *out = (struct written){.first = building->site->content_count,
                            .name = calloc(list.count, sizeof *out->name)};
    enum site_result result = out->name == NULL ? SITE_NO_MEMORY : SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < list.count; i++) {
        memcpy(out->name[i], list.feed[i].name, sizeof out->name[i]);
        result = site_hold(building->site, list.feed[i].bytes, list.feed[i].size);
        list.feed[i].bytes = NULL;
        out->count++;
    }
    feed_list_free(&list);
    return result;
}

/* Gives what was written the paths base.ics, base-2027.ics...  Those beyond the first are told to
 * the page, when given. */
static enum site_result publish_all(struct building *building, const struct scope *scope,
                                    const struct written *written, const char *base,
                                    struct page_root *on_page)
{
    enum site_result result = SITE_OK;
    if (on_page != NULL) {
        on_page->part = calloc(written->count, sizeof *on_page->part);
        result = on_page->part == NULL ? SITE_NO_MEMORY : SITE_OK;
    }
    for (size_t i = 0; result == SITE_OK && i < written->count; i++) {
        char path[SITE_PATH_SIZE + FEED_NAME_SIZE];
        snprintf(path, sizeof path, "%s%s.ics", base, written->name[i]);
        result = publish(building, scope, path, written->first + i);
        if (i > 0 && on_page != NULL) {
            memcpy(on_page->part[on_page->part_count++], path, sizeof path);
        }
    }
    return result;
}

static enum site_result add_feed(struct building *building, const struct scope *scope,
                                 const struct feed_request *request, const char *base,
                                 struct page_root *on_page)
{
    struct written written = {0};
    enum site_result result = write_feeds(building, request, base, &written);
    if (result == SITE_OK) {
        result = publish_all(building, scope, &written, base, on_page);
    }
    free(written.name);
    return result;
}

/* One feed for one person: every name's, those that are equal as one content. */
static enum site_result add_zones(struct building *building, const struct scope *scope,
                                  bool has_alarms)
{
    const struct readers *readers = &building->readers;
    struct written *written = calloc(readers->count + 1, sizeof *written);
    enum site_result result = written == NULL ? SITE_NO_MEMORY : SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < readers->count; i++) {
        const struct reader *reader = &readers->list[i];
        char base[SITE_PATH_SIZE];
        snprintf(base, sizeof base, "%s/%s/%s%s", folder_of(scope->language), scope->name,
                 reader->name, has_alarms ? "-alarm" : "");
        struct feed_request request = readers_request(readers, i);
        request.root = scope->root;
        request.language = scope->language;
        request.has_alarms = has_alarms;
        struct written *of = &written[reader->same_as];
        if (reader->same_as == i) {
            result = write_feeds(building, &request, base, of);
        }
        if (result == SITE_OK) {
            result = publish_all(building, scope, of, base, NULL);
        }
    }
    for (size_t i = 0; written != NULL && i < readers->count; i++) {
        free(written[i].name);
    }
    free(written);
    return result;
}

/* A name that a path may hold, of a word that is plain already; else its hash. */
static void word_slug(struct text word, char out[static 64])
{
    struct record_id hash;
    record_id_of((const uint8_t *)word.at, word.len, &hash);
    bool is_plain = word.len > 0 && word.len <= 40;
    for (size_t i = 0; is_plain && i < word.len; i++) {
        char c = word.at[i];
        is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
    }
    if (is_plain) {
        snprintf(out, 64, "%.*s", (int)word.len, word.at);
    } else {
        char hex[RECORD_ID_TEXT_SIZE];
        record_id_write(&hash, hex);
        snprintf(out, 64, "%.16s", hex);
    }
}

static enum site_result add_gestures(struct building *building, const struct scope *scope)
{
    struct text *gesture;
    size_t count;
    if (!feed_gestures(building->request->source.view, &scope->root->id, &gesture, &count)) {
        return SITE_NO_MEMORY;
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        char slug[64];
        char base[SITE_PATH_SIZE];
        word_slug(gesture[i], slug);
        snprintf(base, sizeof base, "%s/%s/gesture/%s", folder_of(scope->language), scope->name,
                 slug);
        struct feed_request request = {
            .root = scope->root, .language = scope->language, .gesture = gesture[i]};
        result = gesture[i].len == 0 ? SITE_OK : add_feed(building, scope, &request, base, NULL);
    }
    free(gesture);
    return result;
}

static enum site_result add_windows(struct building *building, const struct scope *scope)
{
    const struct view *view = building->request->source.view;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (window->record == NULL || !record_id_equal(&window->root, &scope->root->id)) {
            continue;
        }
        char uid[RECORD_UID_TEXT_SIZE];
        char base[SITE_PATH_SIZE];
        record_uid_write(&window->uid, uid);
        snprintf(base, sizeof base, "%s/%s/window/%s", folder_of(scope->language), scope->name,
                 uid);
        struct feed_request request = {
            .root = scope->root, .language = scope->language, .window = window};
        result = add_feed(building, scope, &request, base, NULL);
    }
    return result;
}

/* "it/0123456789abcdef.atom"; and once, "0123456789abcdef/events.json". */
static enum site_result add_machine_faces(struct building *building, const struct scope *scope)
{
    char path[SITE_PATH_SIZE];
    char self[2 * SITE_PATH_SIZE + 1024];
    const char *url = building->request->url;
    snprintf(path, sizeof path, "%s/%s.atom", folder_of(scope->language), scope->name);
    snprintf(self, sizeof self, "%s%s", url != NULL ? url : "", path);
    struct feed_request request = {.root = scope->root, .language = scope->language};
    enum site_result result = take_text(
        building, path, machine_atom(building->book, &request, url != NULL ? self : NULL));
    if (result == SITE_OK && scope->language[0] == '\0') {
        snprintf(path, sizeof path, "%s/events.json", scope->name);
        result = take_text(building, path, machine_json(building->book, scope->root));
    }
    return result;
}

/* "it/sky.ics" */
static enum site_result add_sky(struct building *building, const char *language)
{
    struct scope scope = scope_of(building, NULL, language);
    struct feed sky = {.name = ""};
    char why[FEED_ERROR_SIZE];
    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "%s/sky.ics", folder_of(language));
    switch (sky_feed_write(&building->request->source, language, SKY_FEED_WHOLE, &sky, why)) {
    case FEED_OK:
        break;
    case FEED_UNSOUND:
        snprintf(building->error->message, sizeof building->error->message, "%.80s: %.160s", path,
                 why);
        return SITE_UNSOUND;
    case FEED_NO_MEMORY:
    default:
        return SITE_NO_MEMORY;
    }
    enum site_result result = site_hold(building->site, sky.bytes, sky.size);
    return result == SITE_OK ? publish(building, &scope, path, building->site->content_count - 1)
                             : result;
}

/* All feeds of one scope; on_page: what the page says of them, NULL for none. */
static enum site_result add_scope(struct building *building, const struct scope *scope,
                                  struct page_root *on_page)
{
    struct feed_request request = {.root = scope->root, .language = scope->language};
    char base[SITE_PATH_SIZE];
    snprintf(base, sizeof base, "%s/%s", folder_of(scope->language), scope->name);
    enum site_result result = add_feed(building, scope, &request, base, on_page);
    if (result == SITE_OK) {
        result = add_zones(building, scope, false);
    }
    if (result == SITE_OK && scope->language[0] == '\0') {
        result = add_zones(building, scope, true);
    }
    if (result == SITE_OK && scope->root != NULL) {
        result = add_gestures(building, scope);
    }
    if (result == SITE_OK && scope->root != NULL) {
        result = add_windows(building, scope);
    }
    if (result == SITE_OK && scope->root != NULL) {
        result = add_machine_faces(building, scope);
    }
    if (result == SITE_OK && scope->root != NULL && scope->language[0] == '\0') {
        request.is_tentative = true;
        snprintf(base, sizeof base, "%s/%s-tentative", PLAIN_FOLDER, scope->name);
        result = add_feed(building, scope, &request, base, NULL);
    }
    return result;
}

static enum site_result add_root(struct building *building, const struct view_root *root,
                                 const char *language, struct page_root *on_page)
{
    struct scope scope = scope_of(building, root, language);
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
    return add_scope(building, &scope, on_page);
}

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

/* One map of a window, for all languages. */
static enum site_result add_maps(struct building *building, const struct page_root *root)
{
    const struct view *view = building->request->source.view;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (record_id_equal(&window->root, &root->root->id) && page_has_map(root, window)) {
            char path[SITE_PATH_SIZE];
            page_map_file(root, window, path);
            result = take_text(building, path, page_map(building->request, root, window));
        }
    }
    return result;
}

/* The pages of a language; titles and feeds are those of `titles`. */
static enum site_result add_pages(struct building *building, const char *language,
                                  const char *titles, const struct page_root *root)
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

static bool has_titles(const struct building *building, const char *tag)
{
    for (size_t i = 0; i < building->title_tag_count; i++) {
        if (strcmp(building->title_tag[i], tag) == 0) {
            return true;
        }
    }
    return false;
}

/* The languages that have pages, but no titles and so no feeds of their own. */
static enum site_result add_other_pages(struct building *building, const struct page_root *root)
{
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < building->page_tag_count; i++) {
        if (!has_titles(building, building->page_tag[i])) {
            result = add_pages(building, building->page_tag[i], "", root);
        }
    }
    return result;
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
        struct scope all = scope_of(building, NULL, language);
        result = add_scope(building, &all, NULL);
    }
    if (result == SITE_OK && !is_many) {
        result = add_sky(building, language);
    }
    if (result == SITE_OK && !is_many) {
        result = add_pages(building, language, language, on_page);
    }
    if (result == SITE_OK && language[0] == '\0') {
        result = add_other_pages(building, on_page);
    }
    for (size_t i = 0; result == SITE_OK && language[0] == '\0' && i < view->root_count; i++) {
        result = add_maps(building, &on_page[i]);
    }
    for (size_t i = 0; i < view->root_count; i++) {
        free(on_page[i].part);
    }
    free(on_page);
    return result;
}

static int by_tag(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* The language tags of all constellations, ascending, once each. */
static bool collect_tags(const struct view *view, char (**out)[FEED_LANGUAGE_SIZE], size_t *count)
{
    char(*all)[FEED_LANGUAGE_SIZE] = NULL;
    size_t used = 0;
    for (size_t i = 0; i < view->root_count; i++) {
        char(*tag)[FEED_LANGUAGE_SIZE];
        size_t more;
        if (!feed_languages(view, &view->root[i].id, &tag, &more)) {
            free(all);
            return false;
        }
        char(*grown)[FEED_LANGUAGE_SIZE] = realloc(all, (used + more + 1) * sizeof *grown);
        if (grown == NULL) {
            free(tag);
            free(all);
            return false;
        }
        all = grown;
        memcpy(all + used, tag, more * sizeof *tag);
        used += more;
        free(tag);
    }
    size_t kept = 0;
    if (used > 0) {
        qsort(all, used, sizeof *all, by_tag);
    }
    for (size_t i = 0; i < used; i++) {
        if (kept == 0 || strcmp(all[kept - 1], all[i]) != 0) {
            memmove(all[kept++], all[i], sizeof *all);
        }
    }
    *out = all;
    *count = kept;
    return true;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Of "it/0123456789abcdef/Europe/Rome.ics" the language and the constellation, as far as they are
 * here; else plain, and the first. */
static struct scope scope_of_path(const struct building *building, const char *path,
                                  char language[static FEED_LANGUAGE_SIZE])
{
    const struct view *view = building->request->source.view;
    size_t len = strcspn(path, "/");
    bool is_plain = len >= FEED_LANGUAGE_SIZE || path[len] == '\0' ||
                    (len == strlen(PLAIN_FOLDER) && memcmp(path, PLAIN_FOLDER, len) == 0);
    snprintf(language, FEED_LANGUAGE_SIZE, "%.*s", is_plain ? 0 : (int)len, path);
    for (size_t i = 0; i < view->root_count; i++) {
        struct scope scope = scope_of(building, &view->root[i], language);
        if (strncmp(path + len + (path[len] == '/'), scope.name, strlen(scope.name)) == 0) {
            return scope;
        }
    }
    return scope_of(building, &view->root[0], language);
}

/* Whoever keeps an address keeps a feed, if one without events. */
static enum site_result keep_addresses(struct building *building)
{
    const struct site_request *request = building->request;
    struct site *site = building->site;
    const char **there = malloc((site->count + 1) * sizeof *there);
    if (there == NULL) {
        return SITE_NO_MEMORY;
    }
    size_t count = site->count;
    char(*copy)[SITE_PATH_SIZE] = malloc((count + 1) * sizeof *copy);
    for (size_t i = 0; copy != NULL && i < count; i++) {
        memcpy(copy[i], site->file[i].path, sizeof *copy); /* the list of files grows, and moves */
        there[i] = copy[i];
    }
    enum site_result result = copy == NULL ? SITE_NO_MEMORY : SITE_OK;
    if (copy != NULL && count > 0) {
        qsort(there, count, sizeof *there, by_text);
    }
    for (size_t i = 0; result == SITE_OK && i < request->keep_count; i++) {
        const char *path = request->keep[i];
        if (bsearch(&path, there, count, sizeof *there, by_text) != NULL) {
            continue;
        }
        char language[FEED_LANGUAGE_SIZE];
        struct scope scope = scope_of_path(building, path, language);
        struct feed_request nothing = {.root = scope.root, .language = language, .is_empty = true};
        struct written written = {0};
        result = write_feeds(building, &nothing, path, &written);
        if (result == SITE_OK) {
            result = publish(building, &scope, path, written.first);
        }
        free(written.name);
    }
    free(copy);
    free(there);
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
        if (!has_titles(building, code)) {
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
    if (!collect_tags(building->request->source.view, &building->title_tag,
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
        const struct look_file *look = look_find(file[i]);
        assert(look != NULL);
        uint8_t *bytes = malloc(look->size + 1);
        if (bytes != NULL) {
            memcpy(bytes, look->bytes, look->size);
        }
        result = site_take(building->site, file[i], bytes, look->size, building->error);
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
        result = keep_addresses(&building);
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
