/* window_page.c -- the page of one window. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/prose.h"
#include "feeds/rule_said.h"
#include "feeds/words.h"
#include "instants/stamp.h"
#include "site/addresses.h"
#include "site/parts.h"
#include "site/tell.h"

enum { DESCRIPTION_LEN = 300, DATES_SHOWN = 12, DATES_FOLDED_LEAST = 4 };

/* The organizers' own words, a paragraph a line. */
static void set_story(struct pages_values *in, const struct page *page,
                      const struct record_window *window)
{
    const struct record_prose *about =
        record_prose_find(window->about, window->about_count, page->titles);
    struct draft plain = {0};
    if (about != NULL) {
        draft_add_prose(&plain, about->value, true);
        if (!text_is(about->tag, page->language) || about->tag.len == 0) {
            pages_set(in, "has_story_lang", "1");
            pages_set_text(in, "story_lang", about->tag);
        }
    }
    for (size_t from = 0; !plain.is_short_of_memory && from < plain.len;) {
        const char *line = plain.at + from;
        const char *lf = memchr(line, '\n', plain.len - from);
        size_t len = lf == NULL ? plain.len - from : (size_t)(lf - line);
        if (len > 0) {
            pages_set_text(pages_add(in, "story"), "line", (struct text){line, len});
        }
        from += len + 1;
    }
    if (!plain.is_short_of_memory && plain.len > 0) {
        size_t cut = text_cut(plain.at, plain.len, DESCRIPTION_LEN);
        for (size_t i = 0; i < cut; i++) {
            plain.at[i] = plain.at[i] == '\n' ? ' ' : plain.at[i];
        }
        pages_set_text(in, "description", (struct text){plain.at, cut});
    }
    if (feed_url_is_plain(window->url)) {
        pages_set_text(in, "link", window->url);
    }
    pages_set(in, "has_story", plain.len > 0 || feed_url_is_plain(window->url) ? "1" : "");
    draft_free(&plain);
}

/* The rule as a sentence, where the page's language has it. */
static void set_rule(struct pages_values *in, const struct page *page,
                     const struct record_window *window)
{
    bool has_words = strcmp(feed_words_for(page->language)->language, page->language) == 0;
    char *said = has_words ? feed_rule_said(window, page->language) : NULL;
    if (said != NULL && *said != '\0') {
        pages_set(in, "rule", said);
    }
    free(said);
}

static void add_date(struct pages_values *in, const char *list, const struct page *page,
                     const struct occasion *of, const char *state)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct occasion one = {.at = of->at + i, .count = 1, of->start_ns, of->end_ns};
        struct pages_values *when = pages_add(in, list);
        tell_when(when, page, &one);
        pages_set(when, "state", state);
    }
}

/* Every date that is still to come, and every one that was called off, by when they begin; of many
 * the first ones are seen. */
static void add_dates(struct pages_values *in, const struct page *page, const struct told *coming,
                      const struct told *gone)
{
    size_t to_come = coming != NULL ? coming->coming : 0;
    size_t called_off = 0;
    size_t left = (coming != NULL ? coming->count - to_come : 0) + (gone != NULL ? gone->count : 0);
    size_t seen = left < DATES_SHOWN + DATES_FOLDED_LEAST ? left : DATES_SHOWN;
    if (left > seen) {
        tell_more(in, "more", left - seen);
    }
    for (size_t n = 0; n < left; n++) {
        const struct occasion *one =
            coming != NULL && to_come < coming->count ? &coming->occasion[to_come] : NULL;
        const struct occasion *other =
            gone != NULL && called_off < gone->count ? &gone->occasion[called_off] : NULL;
        bool is_coming = other == NULL || (one != NULL && one->start_ns <= other->start_ns);
        add_date(in, n < seen ? "when" : "later", page, is_coming ? one : other,
                 is_coming ? "" : interface_say(pages_language(in), "is_called_off"));
        to_come += is_coming;
        called_off += !is_coming;
    }
}

/* That nothing is left of it, and why where the organizers said so. */
static void set_called_off(struct pages_values *in, const struct view_window *window)
{
    struct draft line = {0};
    draft_add(&line, interface_say(pages_language(in), "is_called_off"));
    pages_set(in, "is_called_off", "1");
    if (window->cancel != NULL) {
        struct text reason = window->cancel->is.cancel.reason;
        tell_text(in, "reason", reason, false);
        draft_add(&line, " · ");
        draft_add_clean(&line, reason.at, reason.len, false);
    }
    line.len = line.at == NULL ? 0 : text_cut(line.at, line.len, DESCRIPTION_LEN);
    pages_set_draft(in, "description", &line);
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
        tell_place(in, page, "event_place", first->place);
    } else {
        pages_set(in, "event_place",
                  interface_say(pages_language(in), is_clock ? "own_clock" : "same_instant"));
    }
}

/* A wave has no one moment: of which one day, night and hours are, and what the colours say. */
static void set_map_of(struct pages_values *in, const struct page *page,
                       const struct feed_item *first)
{
    enum record_wave wave = first->times->wave;
    if (wave != WAVE_PLACE && wave != WAVE_CLOCK) {
        return;
    }
    char stamp[STAMP_TEXT_SIZE];
    stamp_write(leap_to_utc(page->request->source.leap, first->start, NULL), stamp);
    const char *said =
        interface_say(pages_language(in), wave == WAVE_CLOCK ? "map_wave" : "map_places");
    const char *mark = strchr(said, '#');
    pages_print(in, "map_of", "%.*s%.5s UTC%s", (int)(mark - said), said, strchr(stamp, 'T') + 1,
                mark + 1);
}

/* Of what is called off the page tells the dates as they stood; of all else those that come, and
 * when none does, the last. */
static void set_window(struct pages_values *in, const struct page *page,
                       const struct page_root *root, const struct view_window *window,
                       const char *top)
{
    const struct told *coming = occasions_find(&root->news->coming, window);
    const struct told *gone = occasions_find(&root->news->gone, window);
    bool is_called_off = page_is_called_off(root, window);
    const struct told *any = coming != NULL && !is_called_off ? coming : gone;
    size_t first = any->coming < any->count ? any->coming : any->count - 1;
    const struct feed_item *of = any->occasion[first].at[0];
    tell_what(in, page, of);
    set_rule(in, page, &of->record->is.window);
    if (coming != NULL && coming->coming < coming->count) {
        page_add_hero(in, page, root, coming, coming->coming, 0, top);
    }
    set_story(in, page, &of->record->is.window);
    set_event(in, page, &any->occasion[first]);
    if (is_called_off) {
        set_called_off(in, window);
    }
    if (page->request->url == NULL && coming != NULL && coming->coming < coming->count) {
        page_set_date_code(in, page, &coming->occasion[coming->coming]);
    }
    add_dates(in, page, coming, gone);
    pages_set(in, "has_dates", "1");
    if (page_has_map(root, window)) {
        char map[SITE_PATH_SIZE];
        site_window_path(&root->root->id, &window->uid, "svg", map);
        set_map_of(in, page, any->occasion[first].at[0]);
        pages_print(in, "map", "%s#%s", map, interface_calendar(pages_language(in))->code);
    }
    char uid[RECORD_UID_TEXT_SIZE];
    record_uid_write(&window->uid, uid);
    pages_print(in, "window_feed", "%s/window/%s.ics", root->feed, uid);
    page_set_phones(in, page, root, top);
    for (size_t i = 0; i < page->request->kit_count; i++) {
        if (page->request->kit[i] == window) {
            char kit[SITE_PATH_SIZE];
            site_window_path(&root->root->id, &window->uid, "zip", kit);
            pages_print(in, "kit", "%s%s", top, kit);
        }
    }
}

char *page_window(const struct page *page, const struct page_root *root,
                  const struct view_window *window)
{
    char file[SITE_PATH_SIZE];
    page_window_file(root, window, file);
    char top[SITE_PATH_SIZE];
    struct pages_values *in = page_begin(page, file, top);
    if (in == NULL) {
        return NULL;
    }
    page_set_home(in, page, top);
    pages_set(in, "kind", "window");
    pages_set(in, "window_view", "1");
    tell_text(in, "name", root->root->newest->is.root.name, false);
    set_window(in, page, root, window, top);
    page_set_zones(in, page, true);
    struct pages_values *section = pages_add(in, "root");
    page_set_true(section, root);
    page_set_signed_by(section, "signed_by", "signed_by", window->signature_count,
                       root->root->newest->is.root.organizer_count);
    if (page->request->url != NULL) {
        char address[ADDRESS_SIZE];
        char path[SITE_PATH_SIZE];
        page_path(page->language, file, path);
        snprintf(address, sizeof address, "%s%s", page->request->url, path);
        page_set_code(in, address);
    }
    return page_end(in, "window.html");
}
