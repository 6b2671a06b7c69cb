#include "site/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "site/page.h"

/* Five letters, which no language tag's first part has. */
static const char *const PLAIN_FOLDER = "plain";

enum { ROOT8_SIZE = 17 };

struct building {
    const struct site_request *request;
    struct site *site;
    struct site_error *error;
    size_t signed_count;
};

static const char *folder_of(const char *language)
{
    return language[0] == '\0' ? PLAIN_FOLDER : language;
}

static void root8(const struct record_id *root, char out[static ROOT8_SIZE])
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(root, id);
    snprintf(out, ROOT8_SIZE, "%.16s", id);
}

/* Whether the root names the site key as one of its feed keys. */
static bool names_key(const struct view_root *root, const struct record_public_key *key)
{
    const struct record_root *named = &root->newest->is.root;
    return record_key_find(named->feed, named->feed_count, key->key) != NULL;
}

static enum site_result take_text(struct building *building, const char *path, char *text)
{
    return site_take(building->site, path, (uint8_t *)text, text == NULL ? 0 : strlen(text),
                     building->error);
}

static enum site_result sign(struct building *building, const char *path, const uint8_t *bytes,
                             size_t size)
{
    char comment[2 * SITE_PATH_SIZE];
    struct trust_signature signature;
    snprintf(comment, sizeof comment, "tocsin feed %s", path);
    enum trust_result signing =
        trust_sign(building->request->key, bytes, size, comment, &signature);
    if (signing != TRUST_OK) {
        snprintf(building->error->message, sizeof building->error->message, "%s: %s", path,
                 trust_result_text(signing));
        return signing == TRUST_NO_MEMORY ? SITE_NO_MEMORY : SITE_UNSOUND;
    }
    char *text = malloc(TRUST_SIGNATURE_TEXT_MAX);
    if (text == NULL) {
        return SITE_NO_MEMORY;
    }
    size_t len = trust_signature_write(&signature, text);
    char beside[2 * SITE_PATH_SIZE];
    snprintf(beside, sizeof beside, "%s.minisig", path);
    building->signed_count++;
    return site_take(building->site, beside, (uint8_t *)text, len, building->error);
}

/* Writes one request as base.ics and its parts.  Parts beyond the first are added to parts, when
 * given. */
static enum site_result add_feed(struct building *building, const struct feed_request *request,
                                 const char *base, bool is_signed, struct page_links *parts)
{
    struct feed_list list;
    char why[FEED_ERROR_SIZE];
    switch (feed_write(request, &list, why)) {
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
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < list.count; i++) {
        char path[SITE_PATH_SIZE + FEED_NAME_SIZE];
        snprintf(path, sizeof path, "%s%s.ics", base, list.feed[i].name);
        if (is_signed) {
            result = sign(building, path, list.feed[i].bytes, list.feed[i].size);
        }
        if (result == SITE_OK && i > 0 && parts != NULL &&
            !page_links_add(parts, path, list.feed[i].name + 1)) {
            result = SITE_NO_MEMORY;
        }
        if (result == SITE_OK) {
            result = site_take(building->site, path, list.feed[i].bytes, list.feed[i].size,
                               building->error);
            list.feed[i].bytes = NULL;
        }
    }
    feed_list_free(&list);
    return result;
}

/* "Sao-Paulo-1f3a9c2e": readable where it can be, and different for every place. */
static void place_slug(struct text place, char out[static 64])
{
    size_t len = 0;
    for (size_t i = 0; i < place.len && len < 40; i++) {
        char c = place.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain) {
            out[len++] = c;
        } else if (len > 0 && out[len - 1] != '-') {
            out[len++] = '-';
        }
    }
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const uint8_t *)place.at, place.len, NULL, 0);
    snprintf(out + len, 64 - len, "%s%02x%02x%02x%02x", len > 0 && out[len - 1] != '-' ? "-" : "",
             hash[0], hash[1], hash[2], hash[3]);
}

static enum site_result add_zones(struct building *building, struct feed_request request,
                                  struct page_root *on_page, const char *language)
{
    const struct site_request *site = building->request;
    size_t count = site->zone_count > 0 ? site->zone_count : zoneinfo_count(site->zoneinfo);
    char root[ROOT8_SIZE];
    root8(&request.root->id, root);
    request.part = FEED_ZONE;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        const char *name =
            site->zone_count > 0 ? site->zone[i] : zoneinfo_entry(site->zoneinfo, i).name;
        request.zone = zoneinfo_find(site->zoneinfo, name);
        if (request.zone == NULL) {
            snprintf(building->error->message, sizeof building->error->message,
                     "zone %.80s: %.120s", name, zoneinfo_why(site->zoneinfo));
            return SITE_UNSOUND;
        }
        char base[SITE_PATH_SIZE];
        snprintf(base, sizeof base, "%s/%s/%s", folder_of(language), root, zone_name(request.zone));
        result = add_feed(building, &request, base, on_page->is_signed, NULL);
        snprintf(base + strlen(base), sizeof base - strlen(base), ".ics");
        if (result == SITE_OK && !page_links_add(&on_page->zone, base, zone_name(request.zone))) {
            result = SITE_NO_MEMORY;
        }
    }
    return result;
}

static enum site_result add_places(struct building *building, struct feed_request request,
                                   struct page_root *on_page, const char *language)
{
    struct text *place;
    size_t count;
    if (!feed_places(request.view, &request.root->id, &place, &count)) {
        return SITE_NO_MEMORY;
    }
    char root[ROOT8_SIZE];
    root8(&request.root->id, root);
    request.part = FEED_PLACE;
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        request.place = place[i];
        char slug[64];
        place_slug(place[i], slug);
        char base[SITE_PATH_SIZE];
        snprintf(base, sizeof base, "%s/%s/place/%s", folder_of(language), root, slug);
        result = add_feed(building, &request, base, on_page->is_signed, NULL);
        snprintf(base + strlen(base), sizeof base - strlen(base), ".ics");
        struct draft label = {0};
        struct draft clean = {0};
        draft_add_clean(&clean, place[i].at, place[i].len < 60 ? place[i].len : 60, false);
        page_add_escaped(&label, clean.at == NULL ? "" : clean.at, clean.len);
        if (result == SITE_OK &&
            (label.at == NULL ||
             !page_links_add(&on_page->place, base, label.len < 96 ? label.at : slug))) {
            result = SITE_NO_MEMORY;
        }
        draft_free(&clean);
        draft_free(&label);
    }
    free(place);
    return result;
}

static int by_label(const void *left, const void *right)
{
    return strcmp(((const struct page_link *)left)->label,
                  ((const struct page_link *)right)->label);
}

/* People look for their own zone or place by its name. */
static void sort_links(struct page_links *links)
{
    if (links->count > 0) {
        qsort(links->link, links->count, sizeof *links->link, by_label);
    }
}

/* All feeds of one constellation in one language, and what the page says of them. */
static enum site_result add_root(struct building *building, const struct view_root *root,
                                 const char *language, bool has_many, struct page_root *on_page)
{
    const struct site_request *site = building->request;
    struct feed_request request = {
        .view = site->view,
        .root = root,
        .horizon = site->horizon,
        .leap = site->leap,
        .part = FEED_SHARED,
        .language = language,
    };
    *on_page = (struct page_root){.root = root};
    if (site->key != NULL) {
        trust_secret_public(site->key, &on_page->key);
        on_page->is_signed = names_key(root, &on_page->key);
    }
    char id[ROOT8_SIZE];
    root8(&root->id, id);
    site_root_bundle_path(&root->id, on_page->bundle);
    if (has_many) {
        snprintf(on_page->many, sizeof on_page->many, "%s/%s.ics", FEED_MANY_LANGUAGES, id);
    }
    char base[SITE_PATH_SIZE];
    snprintf(base, sizeof base, "%s/%s", folder_of(language), id);
    snprintf(on_page->feed, sizeof on_page->feed, "%s/%s.ics", folder_of(language), id);
    enum site_result result =
        add_feed(building, &request, base, on_page->is_signed, &on_page->part);
    if (result == SITE_OK && feed_has_rests(site->view, &root->id)) {
        request.part = FEED_REST;
        snprintf(base, sizeof base, "%s/%s-rest", folder_of(language), id);
        snprintf(on_page->rest, sizeof on_page->rest, "%s/%s-rest.ics", folder_of(language), id);
        result = add_feed(building, &request, base, on_page->is_signed, &on_page->part);
    }
    if (result == SITE_OK && feed_has_clock_waves(site->view, &root->id)) {
        result = add_zones(building, request, on_page, language);
    }
    if (result == SITE_OK) {
        result = add_places(building, request, on_page, language);
    }
    sort_links(&on_page->zone);
    sort_links(&on_page->place);
    return result;
}

/* Every constellation in one language, and the page; no page for all languages side by side. */
static enum site_result add_language(struct building *building, const char *language,
                                     const char (*tag)[FEED_LANGUAGE_SIZE], size_t tag_count)
{
    const struct view *view = building->request->view;
    struct page_root *on_page = calloc(view->root_count + 1, sizeof *on_page);
    if (on_page == NULL) {
        return SITE_NO_MEMORY;
    }
    enum site_result result = SITE_OK;
    for (size_t i = 0; result == SITE_OK && i < view->root_count; i++) {
        result = add_root(building, &view->root[i], language, tag_count > 0, &on_page[i]);
    }
    if (result == SITE_OK && strcmp(language, FEED_MANY_LANGUAGES) != 0) {
        struct page page = {
            .request = building->request,
            .language = language,
            .to_top = language[0] == '\0' ? "" : "../",
            .root = on_page,
            .root_count = view->root_count,
            .language_tag = tag,
            .language_count = tag_count,
        };
        char path[SITE_PATH_SIZE];
        snprintf(path, sizeof path, "%s%sindex.html", language, language[0] == '\0' ? "" : "/");
        result = take_text(building, path, page_write(&page));
    }
    for (size_t i = 0; i < view->root_count; i++) {
        page_links_free(&on_page[i].part);
        page_links_free(&on_page[i].zone);
        page_links_free(&on_page[i].place);
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

enum site_result site_build(const struct site_request *request, struct site *site,
                            size_t *signed_count, struct site_error *error)
{
    struct building building = {.request = request, .site = site, .error = error};
    snprintf(error->message, sizeof error->message, "out of memory");
    char(*tag)[FEED_LANGUAGE_SIZE];
    size_t count;
    if (!collect_tags(request->view, &tag, &count)) {
        return SITE_NO_MEMORY;
    }
    const char(*tags)[FEED_LANGUAGE_SIZE] = (const char(*)[FEED_LANGUAGE_SIZE])tag;
    enum site_result result = add_language(&building, "", tags, count);
    for (size_t i = 0; result == SITE_OK && i < count; i++) {
        result = add_language(&building, tag[i], tags, count);
    }
    if (result == SITE_OK && count > 0) {
        result = add_language(&building, FEED_MANY_LANGUAGES, tags, count);
    }
    if (result == SITE_OK) {
        result = take_text(&building, "style.css", strdup(PAGE_STYLE));
    }
    free(tag);
    *signed_count = building.signed_count;
    return result;
}
