/* The feeds of a site: of each constellation and of all, by clock, gesture and window. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/machine.h"
#include "feeds/sky_feed.h"
#include "site/build.h"
#include "site/sign.h"

/* Several constellations in one feed; a constellation's own name has digits. */
static const char *const ALL_NAME = "all";

/* Whether the root names the site key as one of its feed keys. */
static bool names_key(const struct view_root *root, const struct record_public_key *key)
{
    assert(root != NULL);
    const struct record_root *named = &root->newest->is.root;
    return record_key_find(named->feed, named->feed_count, key->key) != NULL;
}

struct scope site_scope_of(const struct building *building, const struct view_root *root,
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
    enum feed_result written = feed_write(building->book, request, &list, why);
    if (written != FEED_OK) {
        return sign_no_feed(written, base, why, building->error);
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
        is_plain = text_is_lower(c) || text_is_digit(c) || (c == '-' && i > 0);
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
        if (!feed_has_window(window) || !record_id_equal(&window->root, &scope->root->id)) {
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

enum site_result site_add_sky(struct building *building, const char *language)
{
    struct scope scope = site_scope_of(building, NULL, language);
    struct feed sky = {.name = ""};
    char why[FEED_ERROR_SIZE];
    char path[SITE_PATH_SIZE];
    snprintf(path, sizeof path, "%s/sky.ics", folder_of(language));
    enum feed_result written =
        sky_feed_write(&building->request->source, language, SKY_FEED_WHOLE, &sky, why);
    if (written != FEED_OK) {
        return sign_no_feed(written, path, why, building->error);
    }
    enum site_result result = site_hold(building->site, sky.bytes, sky.size);
    return result == SITE_OK ? publish(building, &scope, path, building->site->content_count - 1)
                             : result;
}

enum site_result site_add_scope(struct building *building, const struct scope *scope,
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
        struct scope scope = site_scope_of(building, &view->root[i], language);
        if (strncmp(path + len + (path[len] == '/'), scope.name, strlen(scope.name)) == 0) {
            return scope;
        }
    }
    return site_scope_of(building, &view->root[0], language);
}

enum site_result site_keep_addresses(struct building *building)
{
    const struct site_request *request = building->request;
    const char **missing;
    size_t count;
    if (!site_missing(building->site, request->keep, request->keep_count, &missing, &count)) {
        return SITE_NO_MEMORY;
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        char language[FEED_LANGUAGE_SIZE];
        struct scope scope = scope_of_path(building, missing[i], language);
        struct feed_request nothing = {.root = scope.root, .language = language, .is_empty = true};
        struct written written = {0};
        result = write_feeds(building, &nothing, missing[i], &written);
        if (result == SITE_OK) {
            result = publish(building, &scope, missing[i], written.first);
        }
        free(written.name);
    }
    free(missing);
    return result;
}
