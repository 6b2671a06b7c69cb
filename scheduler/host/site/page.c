#include "site/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/prose.h"
#include "instants/stamp.h"
#include "places/places.h"
#include "records/proquint.h"
#include "site/addresses.h"
#include "site/code.h"
#include "site/tell.h"

enum {
    HEROES = 3, /* of what comes next: the script shows the first that is not over */
    CALLED_OFF_ROWS = 24,
    DESCRIPTION_LEN = 300,
    URL_SIZE = 2048,
};

/* --- addresses ---------------------------------------------------------------------------------
 */

/* A path of the site as a link: whole where it is known where the site stands. */
static void set_address(struct pages_values *in, const struct page *page, const char *name,
                        const char *top, const char *path)
{
    pages_print(in, name, "%s%s", page->request->url != NULL ? page->request->url : top, path);
}

static void set_code(struct pages_values *in, const char *address)
{
    struct draft svg = {0};
    if (code_add_svg(&svg, address)) {
        pages_set_markup(in, "code", svg.at);
    }
    draft_free(&svg);
}

/* --- what every page has -------------------------------------------------------------------- */

/* Languages as links to the same file in each of them. */
static void set_languages(struct pages_values *in, const struct page *page, const char *file)
{
    pages_set(in, "has_languages", page->tag_count > 0 ? "1" : "");
    const char *own = interface_own_name(page->language);
    pages_set(in, "own_name",
              page->language[0] == '\0' ? interface_say(pages_language(in), "original")
              : own != NULL             ? own
                                        : page->language);
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
    if (names.at != NULL) {
        pages_set_text(in, "name", names.at, names.len);
        pages_set_text(in, "title", names.at, names.len);
    }
    draft_free(&names);
}

/* Begins a page; file: its own in every language; top: the way up from there. */
static struct pages_values *begin(const struct page *page, const char *file,
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

/* A phrase with its two numbers. */
static void set_signed_by(struct pages_values *in, const char *name, const char *phrase,
                          size_t count, size_t of)
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
    pages_set_text(in, name, text, used);
}

/* --- rows --------------------------------------------------------------------------------------
 */

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
        set_signed_by(row, "state", "signed_by", told->in->signature_count,
                      root->root->newest->is.root.organizer_count);
    } else {
        set_window_page(row, page, root, told->in, top);
    }
    if (item->status == FEED_CANCELLED && told->in->cancel != NULL) {
        tell_text(row, "state", told->in->cancel->is.cancel.reason, false);
    }
}

static size_t add_rows(struct pages_values *in, const char *list, const struct page *page,
                       const struct page_root *root, const struct occasions *of, size_t from,
                       size_t to, const char *top)
{
    for (size_t i = from; i < to && i < of->count; i++) {
        add_row(in, list, page, root, &of->told[i], top);
    }
    return of->count;
}

static void add_hero(struct pages_values *in, const struct page *page, const struct page_root *root,
                     const struct told *told, size_t which, size_t place, const char *top)
{
    const struct occasion *of = &told->occasion[which];
    struct pages_values *hero = pages_add(in, "hero");
    tell_when(hero, page, of);
    tell_what(hero, page, of->at[0]);
    pages_set(hero, "later", place > 0 ? "1" : "");
    pages_set(hero, "first", place == 0 ? "1" : "");
    set_window_page(hero, page, root, told->in, top);
}

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
        add_hero(in, page, root, best, best_at, n, top);
    }
}

/* --- one constellation ----------------------------------------------------------------------- */

static void set_true(struct pages_values *in, const struct page_root *root)
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
    set_signed_by(in, "signed_by", "counts_when", newest->threshold, newest->organizer_count);
    if (root->is_signed) {
        char key[RECORD_PUBLIC_KEY_TEXT_SIZE];
        record_public_key_write(&root->key, key);
        pages_print(in, "sign_command", "minisign -Vm %s.ics -P %s", root->root8, key);
    }
    pages_set(in, "bundle", root->bundle);
}

static void set_subscribe(struct pages_values *in, const struct page *page,
                          const struct page_root *root, const char *top)
{
    char feed[SITE_PATH_SIZE + 8];
    snprintf(feed, sizeof feed, "%s.ics", root->feed);
    pages_set(in, "feed", feed);
    pages_set(in, "many", root->many);
    pages_set(in, "root8", root->root8);
    set_address(in, page, "feed_folder", top, root->feed);
    set_address(in, page, "address", top, feed);
    char alarms[SITE_PATH_SIZE];
    snprintf(alarms, sizeof alarms, "plain/%s", root->root8); /* those alone have reminders */
    set_address(in, page, "alarm_folder", top, alarms);
    pages_print(in, "subscribe", "%s%s", top, feed);
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
    const char *url = page->request->url;
    if (url == NULL) {
        return;
    }
    struct addresses at;
    addresses_write(url, feed, &at);
    pages_set(in, "subscribe", at.webcal);
    pages_set(in, "google", at.google);
    pages_set(in, "outlook", at.outlook);
}

static void set_root(struct pages_values *in, const struct page_root *root)
{
    tell_text(in, "root_name", root->root->newest->is.root.name, false);
}

/* Every name of a zone that has feeds, by area: "Europe/ Amsterdam Kiev": whether the script can
 * offer that of a browser's zone. */
static void set_zones(struct pages_values *in, const struct page *page)
{
    struct draft text = {0};
    draft_add(&text, "");
    const char *area = NULL;
    size_t area_len = 0;
    for (size_t i = 0; i < page->readers->count; i++) {
        const struct reader *reader = &page->readers->list[i];
        const char *slash = strchr(reader->name, '/');
        size_t len = slash == NULL ? 0 : (size_t)(slash - reader->name) + 1;
        if (area == NULL || len != area_len || memcmp(area, reader->name, len) != 0) {
            draft_print(&text, "%s%.*s", i == 0 ? "" : "\n", (int)len, reader->name);
            area = reader->name;
            area_len = len;
        }
        draft_print(&text, " %s", reader->name + len);
    }
    if (text.at != NULL) {
        pages_set_text(in, "zones", text.at, text.len);
    }
    draft_free(&text);
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
        if (line.at != NULL) {
            pages_set_text(in, "description", line.at, line.len);
        }
        draft_free(&line);
        return;
    }
}

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
        char address[URL_SIZE];
        char path[SITE_PATH_SIZE];
        page_path(page->language, "index.html", path);
        snprintf(address, sizeof address, "%s%.*s", page->request->url,
                 (int)(strlen(path) - strlen("index.html")), path);
        set_code(section, address);
    }
    size_t rows = news->coming.coming_count;
    add_rows(section, "coming", page, root, &news->coming, 0, rows < PAGE_ROWS ? rows : PAGE_ROWS,
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
    add_rows(section, "tentative", page, root, &news->tentative, 0,
             tentative < PAGE_ROWS ? tentative : PAGE_ROWS, top);
    pages_set(section, "has_tentative", tentative > 0 ? "1" : "");
    pages_print(section, "tentative_count", "%zu", tentative);
    add_rows(section, "gone", page, root, &news->gone, 0, CALLED_OFF_ROWS, top);
    pages_set(section, "has_gone", news->gone.count > 0 ? "1" : "");
    pages_print(section, "gone_count", "%zu", news->gone.count);
    set_true(section, root);
}

static char *end(struct pages_values *in, const char *template)
{
    char *text = pages_write(in, template);
    pages_free(in);
    return text;
}

char *page_index(const struct page *page)
{
    char top[SITE_PATH_SIZE];
    struct pages_values *in = begin(page, "index.html", top);
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
    set_zones(in, page);
    return end(in, "constellation.html");
}

/* Where the way home from another page leads. */
static void set_home(struct pages_values *in, const struct page *page, const char *top)
{
    char path[SITE_PATH_SIZE];
    page_path(page->language, "index.html", path);
    pages_print(in, "home", "%s%s", top, path);
}

char *page_all(const struct page *page, const struct page_root *root)
{
    char file[SITE_PATH_SIZE];
    page_all_file(root, file);
    char top[SITE_PATH_SIZE];
    struct pages_values *in = begin(page, file, top);
    if (in == NULL) {
        return NULL;
    }
    set_home(in, page, top);
    pages_set(in, "kind", "all");
    struct pages_values *section = pages_add(in, "root");
    add_rows(section, "coming", page, root, &root->news->coming, 0, root->news->coming.coming_count,
             top);
    return end(in, "all.html");
}

/* --- where are you ---------------------------------------------------------------------------- */

static int by_country(const void *left, const void *right)
{
    const struct zoneinfo_name *a = left;
    const struct zoneinfo_name *b = right;
    const char *a_name = places_country_name(a->country);
    const char *b_name = places_country_name(b->country);
    int order = strcmp(a_name == NULL ? "" : a_name, b_name == NULL ? "" : b_name);
    order = order != 0 ? order : strcmp(a->country, b->country);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static void add_city(struct pages_values *country, const struct page *page, const char *name,
                     const char *top)
{
    struct pages_values *city = pages_add(country, "city");
    char path[2 * SITE_PATH_SIZE];
    char shown[ZONE_NAME_SIZE];
    /* of several constellations all in one */
    const char *feed = page->root[0].feed;
    bool is_one = page->root_count == 1;
    snprintf(path, sizeof path, "%.*s%s/%s.ics", (int)(is_one ? strlen(feed) : strcspn(feed, "/")),
             feed, is_one ? "" : "/all", name);
    if (page->request->url != NULL) {
        struct addresses at;
        addresses_write(page->request->url, path, &at);
        pages_set(city, "address", at.webcal);
    } else {
        pages_print(city, "address", "%s%s", top, path);
    }
    const char *slash = strrchr(name, '/');
    snprintf(shown, sizeof shown, "%s", slash == NULL ? name : slash + 1);
    for (char *at = shown; *at != '\0'; at++) {
        *at = *at == '_' ? ' ' : *at;
    }
    pages_set(city, "zone", name);
    pages_set(city, "city_name", shown);
}

char *page_where(const struct page *page)
{
    char top[SITE_PATH_SIZE];
    struct pages_values *in = begin(page, "where.html", top);
    struct zoneinfo_name *list = malloc((page->readers->count + 1) * sizeof *list);
    if (in == NULL || list == NULL) {
        pages_free(in);
        free(list);
        return NULL;
    }
    set_home(in, page, top);
    pages_set(in, "title", interface_say(pages_language(in), "where"));
    size_t count = 0;
    for (size_t i = 0; i < page->readers->count; i++) {
        const struct reader *reader = &page->readers->list[i];
        const struct zoneinfo_name *known =
            zoneinfo_name_find(page->request->zoneinfo, reader->name);
        if (reader->is_listed) {
            list[count++] = (struct zoneinfo_name){.name = reader->name,
                                                   .country = known == NULL ? "" : known->country};
        }
    }
    if (count > 0) {
        qsort(list, count, sizeof *list, by_country);
    }
    struct pages_values *country = NULL;
    for (size_t i = 0; i < count && page->root_count > 0; i++) {
        if (country == NULL || strcmp(list[i].country, list[i - 1].country) != 0) {
            const char *name = places_country_name(list[i].country);
            country = pages_add(in, "country");
            pages_set(country, "code", list[i].country);
            pages_set(country, "country_name", name == NULL ? list[i].country : name);
        }
        add_city(country, page, list[i].name, top);
    }
    free(list);
    return end(in, "where.html");
}

/* --- one window ------------------------------------------------------------------------------- */

/* The organizers' own words, a paragraph a line. */
static void set_story(struct pages_values *in, const struct page *page,
                      const struct record_window *window)
{
    const struct record_prose *about =
        record_prose_find(window->about, window->about_count, page->titles);
    struct draft plain = {0};
    draft_add(&plain, "");
    if (about != NULL) {
        draft_add_prose(&plain, about->value, true);
        if (!text_is(about->tag, page->language) || about->tag.len == 0) {
            pages_set(in, "has_story_lang", "1");
            pages_set_text(in, "story_lang", about->tag.at, about->tag.len);
        }
    }
    for (size_t from = 0; !plain.is_short_of_memory && from < plain.len;) {
        const char *line = plain.at + from;
        const char *lf = memchr(line, '\n', plain.len - from);
        size_t len = lf == NULL ? plain.len - from : (size_t)(lf - line);
        if (len > 0) {
            pages_set_text(pages_add(in, "story"), "line", line, len);
        }
        from += len + 1;
    }
    if (!plain.is_short_of_memory && plain.len > 0) {
        size_t cut = text_cut(plain.at, plain.len, DESCRIPTION_LEN);
        for (size_t i = 0; i < cut; i++) {
            plain.at[i] = plain.at[i] == '\n' ? ' ' : plain.at[i];
        }
        pages_set_text(in, "description", plain.at, cut);
    }
    if (feed_url_is_plain(window->url)) {
        pages_set_text(in, "link", window->url.at, window->url.len);
    }
    pages_set(in, "has_story", plain.len > 0 || feed_url_is_plain(window->url) ? "1" : "");
    draft_free(&plain);
}

static void add_date(struct pages_values *in, const struct page *page, const struct occasion *of,
                     const char *state)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct occasion one = {.at = of->at + i, .count = 1, of->start_ns, of->end_ns};
        struct pages_values *when = pages_add(in, "when");
        tell_when(when, page, &one);
        pages_set(when, "state", state);
    }
}

/* What search engines and calendars read: schema.org's Event. */
static void set_event(struct pages_values *in, const struct page *page, const struct occasion *of)
{
    const struct feed_item *first = of->at[0];
    const struct record_window *times = first->times;
    char start[STAMP_TEXT_SIZE];
    char stop[STAMP_TEXT_SIZE];
    bool is_clock = times->wave == WAVE_CLOCK;
    utc from = leap_to_utc(page->request->source.leap, first->start, NULL);
    utc to = {from.ns + times->duration.ns};
    if (times->wave == WAVE_DAY) {
        stamp_write_date(first->date, start);
        stamp_write_date(civil_from_utc((utc){to.ns - 1}).date, stop);
    } else {
        stamp_write(from, start);
        stamp_write(to, stop);
        start[strlen(start) - (is_clock ? 1 : 0)] = '\0'; /* on each place's own clock: no Z */
        stop[strlen(stop) - (is_clock ? 1 : 0)] = '\0';
    }
    pages_set(in, "event", "1");
    pages_set(in, "event_start", start);
    pages_set(in, "event_end", stop);
    pages_print(in, "event_status", "https://schema.org/Event%s",
                first->status == FEED_CANCELLED ? "Cancelled" : "Scheduled");
    if (first->place.len > 0) {
        tell_text(in, "event_place", first->place, false);
    } else {
        pages_set(in, "event_place",
                  interface_say(pages_language(in), is_clock ? "own_clock" : "same_instant"));
    }
}

static void set_window(struct pages_values *in, const struct page *page,
                       const struct page_root *root, const struct view_window *window,
                       const char *top)
{
    const struct told *coming = occasions_find(&root->news->coming, window);
    const struct told *gone = occasions_find(&root->news->gone, window);
    const struct told *any = coming != NULL ? coming : gone;
    size_t first = any->coming < any->count ? any->coming : any->count - 1;
    const struct feed_item *of = any->occasion[first].at[0];
    tell_what(in, page, of);
    if (coming != NULL && coming->coming < coming->count) {
        add_hero(in, page, root, coming, coming->coming, 0, top);
    }
    set_story(in, page, &of->record->is.window);
    set_event(in, page, &any->occasion[first]);
    for (size_t i = coming != NULL ? coming->coming : 0; coming != NULL && i < coming->count; i++) {
        add_date(in, page, &coming->occasion[i], "");
    }
    for (size_t i = 0; gone != NULL && i < gone->count; i++) {
        add_date(in, page, &gone->occasion[i], interface_say(pages_language(in), "called_off"));
    }
    pages_set(in, "has_dates", "1");
    if (page_has_map(root, window)) {
        char map[SITE_PATH_SIZE];
        page_map_file(root, window, map);
        pages_set(in, "map", map);
    }
    char uid[RECORD_UID_TEXT_SIZE];
    record_uid_write(&window->uid, uid);
    pages_print(in, "window_feed", "%s/window/%s.ics", root->feed, uid);
}

char *page_window(const struct page *page, const struct page_root *root,
                  const struct view_window *window)
{
    char file[SITE_PATH_SIZE];
    page_window_file(root, window, file);
    char top[SITE_PATH_SIZE];
    struct pages_values *in = begin(page, file, top);
    if (in == NULL) {
        return NULL;
    }
    set_home(in, page, top);
    pages_set(in, "kind", "window");
    pages_set(in, "window_view", "1");
    tell_text(in, "name", root->root->newest->is.root.name, false);
    set_window(in, page, root, window, top);
    struct pages_values *section = pages_add(in, "root");
    set_true(section, root);
    set_signed_by(section, "signed_by", "signed_by", window->signature_count,
                  root->root->newest->is.root.organizer_count);
    if (page->request->url != NULL) {
        char address[URL_SIZE];
        char path[SITE_PATH_SIZE];
        page_path(page->language, file, path);
        snprintf(address, sizeof address, "%s%s", page->request->url, path);
        set_code(in, address);
    }
    return end(in, "window.html");
}
