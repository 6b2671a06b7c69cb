#include "site/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "site/code.h"
#include "site/words.h"

enum { SHOWN_WINDOWS = 24 };

const char *const PAGE_STYLE =
    ":root{color-scheme:light dark;--line:#8886;--note:#555}\n"
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:46rem;margin:1.5rem auto;"
    "padding:0 1rem}\n"
    "h1{font-size:1.9rem;line-height:1.2;overflow-wrap:anywhere}"
    "h2{font-size:1.25rem;margin-top:2.2rem}\n"
    "nav{display:flex;flex-wrap:wrap;gap:0 1rem}nav a{padding:.3rem 0}\n"
    "nav a[aria-current]{color:inherit;font-weight:600;text-decoration:none}\n"
    "a{color:#5a4fcf}\n"
    "@media(prefers-color-scheme:dark){:root{--note:#b5b5b5}a{color:#a8a0ff}}\n"
    "ol.next{list-style:none;padding:0}\n"
    "ol.next li{display:grid;grid-template-columns:14rem 1fr;gap:0 1rem;padding:.45rem 0;"
    "border-top:1px solid var(--line)}\n"
    "ol.next .what{overflow-wrap:anywhere;min-width:0}\n"
    "time{font-variant-numeric:tabular-nums}\n"
    ".cancelled .title{text-decoration:line-through}\n"
    ".note{color:var(--note);font-size:.92rem}\n"
    ".subscribe{display:flex;flex-wrap:wrap;gap:1.2rem;align-items:flex-start}\n"
    ".subscribe a{display:block;width:11rem;font-size:.92rem}\n"
    ".qr{width:11rem;height:11rem;display:block;border-radius:.3rem;margin-bottom:.2rem}\n"
    "code{font:.95rem/1.6 ui-monospace,monospace;overflow-wrap:anywhere}\n"
    "code.id span{margin-inline-end:.6em;display:inline-block}\n"
    "summary{padding:.3rem 0;cursor:pointer}\n"
    "ul.zones{columns:14rem;padding-inline-start:1.2rem}ul.zones li{overflow-wrap:anywhere}\n"
    "footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem}\n"
    "@media(max-width:36rem){ol.next li{grid-template-columns:1fr}h1{font-size:1.6rem}}\n";

bool page_links_add(struct page_links *links, const char *path, const char *label)
{
    if (links->count == links->room) {
        size_t room = links->room == 0 ? 16 : 2 * links->room;
        struct page_link *grown = realloc(links->link, room * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        links->link = grown;
        links->room = room;
    }
    struct page_link *link = &links->link[links->count++];
    snprintf(link->path, sizeof link->path, "%s", path);
    snprintf(link->label, sizeof link->label, "%s", label);
    return true;
}

void page_links_free(struct page_links *links)
{
    free(links->link);
    *links = (struct page_links){0};
}

void page_add_escaped(struct draft *draft, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        switch (text[i]) {
        case '&':
            draft_add(draft, "&amp;");
            break;
        case '<':
            draft_add(draft, "&lt;");
            break;
        case '>':
            draft_add(draft, "&gt;");
            break;
        case '"':
            draft_add(draft, "&quot;");
            break;
        case '\'':
            draft_add(draft, "&#39;");
            break;
        default:
            draft_add_bytes(draft, &text[i], 1);
            break;
        }
    }
}

/* A record's prose or name, cleaned and escaped. */
static void add_prose(struct draft *draft, struct text value, bool is_prose)
{
    struct draft plain = {0};
    if (is_prose) {
        draft_add_prose(&plain, value, false);
    } else {
        draft_add_clean(&plain, value.at, value.len, false);
    }
    if (plain.is_short_of_memory) {
        draft->is_short_of_memory = true;
    } else if (plain.at != NULL) {
        page_add_escaped(draft, plain.at, plain.len);
    }
    draft_free(&plain);
}

/* An occurrence still to come, as the page lists it. */
struct coming {
    int64_t sort_ns;
    const struct view_window *window;
    const struct view_occurrence *occurrence;
};

static int by_time(const void *left, const void *right)
{
    const struct coming *a = left;
    const struct coming *b = right;
    if (a->sort_ns != b->sort_ns) {
        return a->sort_ns < b->sort_ns ? -1 : 1;
    }
    return memcmp(a->window->uid.bytes, b->window->uid.bytes, sizeof a->window->uid.bytes);
}

static int64_t sort_key(const struct page *page, const struct view_window *window,
                        const struct view_occurrence *occurrence)
{
    if (occurrence->has_start) {
        return leap_to_utc(page->request->source.leap, occurrence->start, NULL).ns;
    }
    const struct record_window *record = &window->record->is.window;
    struct civil_time time =
        record->wave == WAVE_CLOCK ? record->wave_time : (struct civil_time){0};
    return civil_to_utc((struct civil){occurrence->date, time}).ns;
}

/* From the day of the horizon on, so that the page is the same all day. */
static size_t collect_coming(const struct page *page, const struct record_id *root,
                             struct coming **out)
{
    const struct view *view = page->request->source.view;
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        room += view->window[i].occurrence_count;
    }
    struct coming *coming = malloc(room * sizeof *coming);
    *out = coming;
    if (coming == NULL) {
        return 0;
    }
    size_t count = 0;
    int64_t from =
        leap_to_utc(page->request->source.leap, page->request->source.horizon.now, NULL).ns;
    int64_t to = leap_to_utc(page->request->source.leap, page->request->source.horizon.to, NULL).ns;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (window->record == NULL || !record_id_equal(&window->root, root)) {
            continue;
        }
        for (size_t k = 0; k < window->occurrence_count; k++) {
            const struct view_occurrence *occurrence = &window->occurrence[k];
            int64_t at = sort_key(page, window, occurrence);
            if (occurrence->state != OCCURRENCE_EXPIRED && at >= from && at < to) {
                coming[count++] = (struct coming){at, window, occurrence};
            }
        }
    }
    qsort(coming, count, sizeof *coming, by_time);
    return count;
}

/* The language that the page itself speaks: that of its titles where we have words for it. */
static const char *page_language(const struct page *page, const struct site_words *say)
{
    size_t len = strlen(say->language);
    bool is_spoken = strncmp(page->language, say->language, len) == 0 &&
                     (page->language[len] == '\0' || page->language[len] == '-');
    return is_spoken ? page->language : say->language;
}

/* Figures run from left to right in every script: dir keeps them together. */
static void add_when(struct draft *draft, const struct coming *coming)
{
    const struct record_window *record = &coming->window->record->is.window;
    struct civil at = civil_from_utc((utc){coming->sort_ns});
    char date[STAMP_TEXT_SIZE];
    stamp_write_date(at.date, date);
    if (record->wave == WAVE_DAY) {
        draft_print(draft, "<time dir=\"ltr\" datetime=\"%s\">%s</time>", date, date);
        return;
    }
    if (!coming->occurrence->has_start) {
        draft_print(draft, "<time dir=\"ltr\" datetime=\"%sT%02d:%02d\">%s %02d:%02d</time>", date,
                    at.time.hour, at.time.minute, date, at.time.hour, at.time.minute);
        return;
    }
    char stamp[STAMP_TEXT_SIZE];
    stamp_write((utc){coming->sort_ns}, stamp);
    draft_print(draft, "<time dir=\"ltr\" datetime=\"%s\">%s %02d:%02d", stamp, date, at.time.hour,
                at.time.minute);
    if (at.time.second != 0) {
        draft_print(draft, ":%02d", at.time.second);
    }
    draft_add(draft, " UTC</time>");
}

/* The title says its language where that is not the page's, and its own direction.  lang="": a
 * language that nobody has told, rather than the page's. */
static void add_what(struct draft *draft, const struct page *page, const struct coming *coming,
                     const struct site_words *say)
{
    const struct record_window *record = &coming->window->record->is.window;
    const struct record_prose *title =
        record_prose_find(record->title, record->title_count, page->language);
    if (title != NULL) {
        draft_add(draft, "<span class=\"title\" dir=\"auto\"");
        if (!text_is(title->tag, page_language(page, say))) {
            draft_print(draft, " lang=\"%.*s\"", (int)title->tag.len,
                        title->tag.len > 0 ? title->tag.at : "");
        }
        draft_add(draft, ">");
        add_prose(draft, title->value, true);
        draft_add(draft, "</span>");
    }
    if (record->wave == WAVE_CLOCK && !coming->occurrence->has_start) {
        draft_print(draft, " <span class=\"note\">· %s</span>", say->your_clock);
    } else if (coming->occurrence->place.len > 0) {
        draft_add(draft, " <span class=\"note\">· <bdi>");
        add_prose(draft, coming->occurrence->place, false);
        draft_add(draft, "</bdi></span>");
    }
    enum view_occurrence_state state = coming->occurrence->state;
    bool is_gone = state == OCCURRENCE_CANCELLED || state == OCCURRENCE_OFF;
    if (is_gone || state == OCCURRENCE_NOT_YET) {
        draft_print(draft, " <span class=\"note\">(%s)</span>",
                    is_gone ? say->cancelled : say->tentative);
    }
}

static void add_coming(struct draft *draft, const struct page *page, const struct page_root *root,
                       const struct site_words *say)
{
    struct coming *coming;
    size_t count = collect_coming(page, &root->root->id, &coming);
    if (coming == NULL) {
        draft->is_short_of_memory = true;
        return;
    }
    draft_print(draft, "<h2>%s</h2>\n", say->next);
    if (count == 0) {
        draft_print(draft, "<p>%s</p>\n", say->nothing);
    } else {
        draft_add(draft, "<ol class=\"next\">\n");
    }
    for (size_t i = 0; i < count && i < SHOWN_WINDOWS; i++) {
        bool is_gone = coming[i].occurrence->state == OCCURRENCE_CANCELLED ||
                       coming[i].occurrence->state == OCCURRENCE_OFF;
        draft_add(draft, is_gone ? "<li class=\"cancelled\">" : "<li>");
        add_when(draft, &coming[i]);
        draft_add(draft, "<div class=\"what\">");
        add_what(draft, page, &coming[i], say);
        draft_add(draft, "</div></li>\n");
    }
    if (count > 0) {
        draft_add(draft, "</ol>\n");
    }
    free(coming);
}

static void add_link(struct draft *draft, const struct page *page, const char *path,
                     const char *label)
{
    draft_print(draft, "<a href=\"%s%s\">%s</a>", page->to_top, path, label);
}

/* The same address under webcal:, which calendar programs take as "subscribe". */
static void add_address(struct draft *draft, const char *url, const char *path, bool as_webcal)
{
    const char *rest = strstr(url, "://");
    if (as_webcal && rest != NULL) {
        draft_add(draft, "webcal");
        url = rest;
    }
    draft_add(draft, url);
    draft_add(draft, path);
}

static void add_code(struct draft *draft, const char *url, const char *path, bool as_webcal,
                     const char *label)
{
    struct draft address = {0};
    add_address(&address, url, path, as_webcal);
    struct draft escaped = {0};
    page_add_escaped(&escaped, address.at == NULL ? "" : address.at, address.len);
    if (address.is_short_of_memory || escaped.is_short_of_memory) {
        draft->is_short_of_memory = true;
    } else {
        draft_print(draft, "<a href=\"%s\">", escaped.at);
        if (!code_add_svg(draft, address.at)) {
            draft->is_short_of_memory = true;
        }
        draft_print(draft, "%s</a>\n", label);
    }
    draft_free(&address);
    draft_free(&escaped);
}

static void add_subscribe(struct draft *draft, const struct page *page,
                          const struct page_root *root, const struct site_words *say)
{
    draft_print(draft, "<h2>%s</h2>\n", say->subscribe);
    if (page->request->url != NULL) {
        draft_add(draft, "<div class=\"subscribe\">\n");
        add_code(draft, page->request->url, root->feed, true, say->open_in_calendar);
        add_code(draft, page->request->url, root->feed, false, say->download);
        draft_add(draft, "</div>\n");
    }
    draft_add(draft, "<ul>\n<li>");
    add_link(draft, page, root->feed, say->download);
    draft_add(draft, "</li>\n");
    if (root->many[0] != '\0') {
        draft_add(draft, "<li>");
        add_link(draft, page, root->many, say->everything);
        draft_add(draft, "</li>\n");
    }
    draft_add(draft, "</ul>\n");
}

static void add_list(struct draft *draft, const struct page *page, const struct page_links *links,
                     const char *heading)
{
    if (links->count == 0) {
        return;
    }
    draft_print(draft, "<details><summary>%s</summary>\n<ul class=\"zones\">\n", heading);
    for (size_t i = 0; i < links->count; i++) {
        draft_add(draft, "<li>");
        add_link(draft, page, links->link[i].path, links->link[i].label);
        draft_add(draft, "</li>\n");
    }
    draft_add(draft, "</ul></details>\n");
}

static void add_check(struct draft *draft, const struct page *page, const struct page_root *root,
                      const struct site_words *say)
{
    char id[RECORD_ID_TEXT_SIZE];
    record_id_write(&root->root->anchor->id, id); /* by its own content, whatever it claims */
    draft_print(draft, "<h2>%s</h2>\n<p>%s</p>\n<p><code class=\"id\" dir=\"ltr\">", say->check,
                say->root_note);
    for (size_t i = 0; i + 1 < sizeof id; i += 4) {
        draft_print(draft, "<span>%.4s</span>", id + i);
    }
    draft_add(draft, "</code></p>\n");
    if (root->is_signed) {
        char key[RECORD_PUBLIC_KEY_TEXT_SIZE];
        record_public_key_write(&root->key, key);
        const char *slash = strrchr(root->feed, '/');
        draft_print(draft, "<p>%s</p>\n<p><code dir=\"ltr\">minisign -Vm %s -P %s</code></p>\n",
                    say->sign_note, slash == NULL ? root->feed : slash + 1, key);
    }
    draft_add(draft, "<p>");
    add_link(draft, page, root->bundle, say->bundle);
    draft_add(draft, "</p>\n");
}

static void add_head(struct draft *draft, const struct page *page, const struct site_words *say)
{
    const char *language = page_language(page, say);
    draft_print(draft,
                "<!DOCTYPE html>\n<html lang=\"%s\"%s>\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'self'; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
                language, site_is_right_to_left(language) ? " dir=\"rtl\"" : "");
    for (size_t i = 0; i < page->root_count; i++) {
        draft_add(draft, i == 0 ? "" : " · ");
        add_prose(draft, page->root[i].root->newest->is.root.name, false);
    }
    draft_print(draft, "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n", page->to_top);
    for (size_t i = 0; i < page->root_count; i++) {
        draft_print(draft, "<link rel=\"alternate\" type=\"text/calendar\" href=\"%s%s\">\n",
                    page->to_top, page->root[i].feed);
    }
    draft_add(draft, "</head>\n<body>\n");
}

static void add_languages(struct draft *draft, const struct page *page,
                          const struct site_words *say)
{
    if (page->language_count == 0) {
        return;
    }
    draft_print(draft, "<nav aria-label=\"%s\">", say->languages);
    draft_print(draft, "<a href=\"%sindex.html\"%s>%s</a>", page->to_top,
                page->language[0] == '\0' ? " aria-current=\"page\"" : "", say->original);
    for (size_t i = 0; i < page->language_count; i++) {
        const char *tag = page->language_tag[i];
        const char *name = site_language_name(tag);
        draft_print(draft, " <a href=\"%s%s/index.html\" hreflang=\"%s\" lang=\"%s\"%s>%s</a>",
                    page->to_top, tag, tag, tag,
                    strcmp(tag, page->language) == 0 ? " aria-current=\"page\"" : "",
                    name != NULL && strchr(tag, '-') == NULL ? name : tag);
    }
    draft_add(draft, "</nav>\n");
}

char *page_write(const struct page *page)
{
    const struct site_words *say = site_words_for(page->language);
    struct draft draft = {0};
    add_head(&draft, page, say);
    add_languages(&draft, page, say);
    draft_add(&draft, "<main>\n");
    for (size_t i = 0; i < page->root_count; i++) {
        const struct page_root *root = &page->root[i];
        draft_add(&draft, "<section>\n<h1><bdi lang=\"\">");
        add_prose(&draft, root->root->newest->is.root.name, false);
        draft_add(&draft, "</bdi></h1>\n");
        add_coming(&draft, page, root, say);
        add_subscribe(&draft, page, root, say);
        add_list(&draft, page, &root->zone, say->by_clock);
        add_list(&draft, page, &root->part, say->parts);
        add_check(&draft, page, root, say);
        draft_add(&draft, "</section>\n");
    }
    draft_print(&draft, "</main>\n<footer class=\"note\"><p>%s</p></footer>\n</body>\n</html>\n",
                say->privacy);
    return draft_take(&draft);
}
