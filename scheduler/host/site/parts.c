/* parts.c -- what several pages have. */
#include "site/parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages/look.h"
#include "places/places.h"
#include "records/proquint.h"
#include "site/addresses.h"
#include "site/code.h"
#include "site/tell.h"

enum site_result page_take_look(struct site *site, const char *file, struct site_error *error)
{
    const struct look_file *look = look_find(file);
    assert(look != NULL);
    uint8_t *bytes = malloc(look->size + 1);
    if (bytes != NULL) {
        memcpy(bytes, look->bytes, look->size);
    }
    return site_take(site, file, bytes, look->size, error);
}

void page_set_address(struct pages_values *in, const struct page *page, const char *name,
                      const char *top, const char *path)
{
    pages_print(in, name, "%s%s", page->request->url != NULL ? page->request->url : top, path);
}

void page_set_code(struct pages_values *in, const char *address)
{
    struct draft svg = {0};
    if (code_add_svg(&svg, address)) {
        pages_set_markup(in, "code", svg.at);
    }
    draft_free(&svg);
}

/* Languages as links to the same file in each of them. */
static void set_languages(struct pages_values *in, const struct page *page, const char *file)
{
    pages_set(in, "has_languages", page->tag_count > 0 ? "1" : "");
    const char *own = interface_own_name(page->language[0] == '\0' ? "en" : page->language);
    pages_set(in, "own_name", own != NULL ? own : page->language);
    for (size_t i = 0; i <= page->tag_count; i++) {
        const char *tag = i == 0 ? "" : page->tag[i - 1];
        const char *name = interface_own_name(tag);
        char path[SITE_PATH_SIZE];
        struct pages_values *one = pages_add(in, "language");
        page_path(tag, file, path);
        pages_set(one, "file", path);
        pages_set(one, "tag", tag[0] == '\0' ? "x-default" : tag);
        pages_set(one, "label",
                  tag[0] == '\0' ? interface_say(pages_language(in), "original")
                  : name != NULL && strchr(tag, '-') == NULL ? name
                                                             : tag);
        pages_set(one, "current", strcmp(tag, page->language) == 0 ? "1" : "");
    }
}

/* The names of constellations, one after the other. */
static void set_names(struct pages_values *in, const struct page *page)
{
    struct draft names = {0};
    for (size_t i = 0; i < page->root_count; i++) {
        struct text name = page->root[i].root->newest->is.root.name;
        draft_add(&names, i > 0 ? " · " : "");
        draft_add_clean(&names, name.at, name.len, false);
    }
    draft_trim(&names, "-");
    pages_set_text(in, "name", (struct text){names.at, names.len});
    pages_set_draft(in, "title", &names);
}

struct pages_values *page_begin(const struct page *page, const char *file,
                                char top[static SITE_PATH_SIZE])
{
    struct pages_values *in = pages_new(page->language[0] == '\0' ? "en" : page->language);
    if (in == NULL) {
        return NULL;
    }
    char path[SITE_PATH_SIZE];
    top[0] = '\0';
    page_path(page->language, file, path);
    for (const char *at = path; (at = strchr(at, '/')) != NULL; at++) {
        strcat(top, "../");
    }
    pages_set(in, "top", top);
    if (page->request->url != NULL) {
        pages_set(in, "site", page->request->url);
        pages_print(in, "url", "%s%s", page->request->url, path);
    }
    set_names(in, page);
    set_languages(in, page, file);
    return in;
}

void page_set_signed_by(struct pages_values *in, const char *name, const char *phrase, size_t count,
                        size_t of)
{
    char text[512];
    size_t used = 0;
    const char *at = interface_say(pages_language(in), phrase);
    for (; *at != '\0' && used + 24 < sizeof text; at++) {
        if (*at == '#' || *at == '$') {
            used += (size_t)snprintf(text + used, 24, "%zu", *at == '#' ? count : of);
        } else {
            text[used++] = *at;
        }
    }
    pages_set_text(in, name, (struct text){text, used});
}

static void set_window_page(struct pages_values *in, const struct page *page,
                            const struct page_root *root, const struct view_window *window,
                            const char *top)
{
    char file[SITE_PATH_SIZE];
    char path[SITE_PATH_SIZE];
    page_window_file(root, window, file);
    page_path(page->language, file, path);
    pages_print(in, "window_page", "%s%s", top, path);
}

static void add_row(struct pages_values *in, const char *list, const struct page *page,
                    const struct page_root *root, const struct told *told, const char *top)
{
    size_t first = told->coming < told->count ? told->coming : told->count - 1;
    const struct occasion *of = &told->occasion[first];
    const struct feed_item *item = of->at[0];
    struct pages_values *row = pages_add(in, list);
    tell_when(row, page, of);
    tell_what(row, page, item);
    tell_then(row, page, told, first);
    pages_set(row, "state", "");
    pages_set(row, "window_page", "");
    if (item->status == FEED_TENTATIVE) {
        page_set_signed_by(row, "state", "signed_by", told->in->signature_count,
                           root->root->newest->is.root.organizer_count);
    } else {
        set_window_page(row, page, root, told->in, top);
    }
    if (item->status == FEED_CANCELLED && told->in->cancel != NULL) {
        tell_text(row, "state", told->in->cancel->is.cancel.reason, false);
    }
}

void page_add_rows(struct pages_values *in, const char *list, const struct page *page,
                   const struct page_root *root, const struct occasions *of, size_t most,
                   const char *top)
{
    for (size_t i = 0; i < most && i < of->count; i++) {
        add_row(in, list, page, root, &of->told[i], top);
    }
}

void page_add_hero(struct pages_values *in, const struct page *page, const struct page_root *root,
                   const struct told *told, size_t which, size_t place, const char *top)
{
    const struct occasion *of = &told->occasion[which];
    struct pages_values *hero = pages_add(in, "hero");
    tell_when(hero, page, of);
    tell_what(hero, page, of->at[0]);
    pages_set(hero, "later", place > 0 ? "1" : "");
    pages_set(hero, "first", place == 0 ? "1" : "");
    set_window_page(hero, page, root, told->in, top);
    page_set_phones(hero, page, root, top);
}

void page_set_phones(struct pages_values *in, const struct page *page, const struct page_root *root,
                     const char *top)
{
    if (!page->request->has_phones) {
        return;
    }
    char id[RECORD_ID_TEXT_SIZE], path[SITE_PATH_SIZE];
    record_id_write(&root->root->id, id);
    pages_print(in, "listen", "%s%s#%s", top, SITE_LISTEN, id);
    site_kit_path(&root->root->id, "xdc", path);
    pages_print(in, "chat_app", "%s%s", top, path);
    site_kit_path(&root->root->id, "html", path);
    pages_print(in, "kept_page", "%s%s", top, path);
}

void page_set_true(struct pages_values *in, const struct page_root *root)
{
    const struct record *anchor = root->root->anchor;
    char words[PROQUINT_SIZE];
    char id[RECORD_ID_TEXT_SIZE];
    proquint_write(anchor->id.bytes, words);
    pages_set(in, "words", words);
    record_id_write(&anchor->id, id); /* by its own content, whatever it claims */
    for (size_t i = 0; i + 1 < sizeof id; i += 4) {
        pages_print(pages_add(in, "digits"), "four", "%.4s", id + i);
    }
    const struct record_root *newest = &root->root->newest->is.root;
    page_set_signed_by(in, "signed_by", "counts_when", newest->threshold, newest->organizer_count);
    if (root->is_signed) {
        char key[RECORD_PUBLIC_KEY_TEXT_SIZE];
        record_public_key_write(&root->key, key);
        pages_print(in, "sign_command", "minisign -Vm %s.ics -P %s", root->root8, key);
    }
    pages_set(in, "bundle", root->bundle);
}

void page_set_home(struct pages_values *in, const struct page *page, const char *top)
{
    char path[SITE_PATH_SIZE];
    page_path(page->language, "index.html", path);
    pages_print(in, "home", "%s%s", top, path);
}

char *page_end(struct pages_values *in, const char *template)
{
    char *text = pages_write(in, template);
    pages_free(in);
    return text;
}

void page_set_zones(struct pages_values *in, const struct page *page, bool is_for_names)
{
    struct draft text = {0};
    const char *area = NULL;
    size_t area_len = 0;
    for (size_t i = 0; i < page->readers->count; i++) {
        const char *name = page->readers->list[i].name;
        const char *slash = strchr(name, '/');
        const char *last = slash == NULL ? name : strrchr(name, '/') + 1;
        size_t len = slash == NULL ? 0 : (size_t)(slash - name) + 1;
        char city[PLACE_NAME_SIZE];
        tell_city(page, name, city);
        for (char *at = city; *at != '\0'; at++) {
            *at = *at == ' ' ? '_' : *at;
        }
        bool is_named = strcmp(last, city) != 0;
        bool is_plain = strpbrk(city, "'\"&<>") == NULL; /* it is not unescaped */
        if (is_for_names && !(is_named && is_plain)) {
            continue;
        }
        if (area == NULL || len != area_len || memcmp(area, name, len) != 0) {
            draft_print(&text, "%s%.*s", area == NULL ? "" : "\n", (int)len, name);
            area = name;
            area_len = len;
        }
        draft_print(&text, " %s", name + len);
        if (is_named && is_plain) {
            draft_print(&text, "=%s", city);
        }
    }
    pages_set_draft(in, "zones", &text);
}
