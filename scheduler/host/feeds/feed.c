#include "feeds/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/book.h"
#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "feeds/split.h"

enum { DAYS_BACK = 365, DAYS_AHEAD = 3 * 365 + 1 };

struct feed_horizon feed_horizon_at(const struct leap_table *leap, utc now)
{
    int64_t day = now.ns / NS_PER_DAY - (now.ns % NS_PER_DAY < 0 ? 1 : 0);
    return (struct feed_horizon){
        .from = leap_from_utc(leap, (utc){(day - DAYS_BACK) * NS_PER_DAY}, NULL),
        .to = leap_from_utc(leap, (utc){(day + DAYS_AHEAD) * NS_PER_DAY}, NULL),
        .now = leap_from_utc(leap, (utc){day * NS_PER_DAY}, NULL),
    };
}

/* The text before the first event; NULL with *result. */
static char *write_open(const struct feed_book *book, const struct feed_request *request,
                        enum feed_result *result, char error[static FEED_ERROR_SIZE])
{
    struct draft draft = {0};
    feed_calendar_open(&draft, book->source, request);
    char *open = draft_take(&draft);
    *result = open == NULL ? FEED_NO_MEMORY : FEED_OK;
    if (open != NULL && !feed_check_around(open, FEED_CALENDAR_CLOSE, error)) {
        *result = FEED_UNSOUND;
        free(open);
        return NULL;
    }
    return open;
}

static enum feed_result write_empty(const struct feed_book *book,
                                    const struct feed_request *request, const char *open,
                                    struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    struct feed_event event;
    if (!feed_event_build_empty(book->source, &book->tallies, request, &event)) {
        return FEED_NO_MEMORY;
    }
    struct draft draft = {0};
    draft_add(&draft, open);
    size_t from = draft.len;
    (void)feed_calendar_event(&draft, &event);
    enum feed_result result = FEED_NO_MEMORY;
    if (!draft.is_short_of_memory) {
        bool sound = feed_check_event(draft.at + from, draft.len - from, &event, error);
        result = sound ? feed_take_file(&draft, "", 1, &out->feed[0]) : FEED_UNSOUND;
    }
    out->count = result == FEED_OK ? 1 : 0;
    draft_free(&draft);
    feed_event_free(&event);
    return result;
}

static enum feed_result write_entries(struct feed_book *book, const struct feed_request *request,
                                      const struct feed_entries *entries, const char *open,
                                      struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    struct feed_slot *slot = calloc(entries->count + 1, sizeof *slot);
    enum feed_result result = slot != NULL ? FEED_OK : FEED_NO_MEMORY;
    for (size_t i = 0; result == FEED_OK && i < entries->count; i++) {
        const struct feed_entry *entry = &entries->entry[i];
        const struct feed_rendered *text;
        result = feed_book_render(book, request, entry, &text, error);
        if (result == FEED_OK) {
            slot[i] = (struct feed_slot){.start = entry->time.start,
                                         .end = entry->time.end,
                                         .series = entry->of->in,
                                         .bytes = text->bytes,
                                         .size = text->size};
        }
    }
    if (result == FEED_OK) {
        feed_list_free(out);
        result =
            feed_split_write(slot, entries->count, open,
                             leap_to_utc(book->source->leap, book->source->horizon.now, NULL), out);
    }
    free(slot);
    return result;
}

enum feed_result feed_write(struct feed_book *book, const struct feed_request *request,
                            struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    error[0] = '\0';
    icalerror_set_errors_are_fatal(0);
    struct feed_entries entries;
    if (!feed_entries_build(book->source, &book->items, request, &entries)) {
        return FEED_NO_MEMORY;
    }
    enum feed_result result;
    struct feed_list list = {.feed = calloc(1, sizeof *list.feed)};
    char *open = write_open(book, request, &result, error);
    if (open != NULL && list.feed == NULL) {
        result = FEED_NO_MEMORY;
    } else if (open != NULL) {
        result = entries.count == 0 ? write_empty(book, request, open, &list, error)
                                    : write_entries(book, request, &entries, open, &list, error);
    }
    free(open);
    feed_entries_free(&entries);
    feed_check_end();
    if (result != FEED_OK) {
        feed_list_free(&list);
        return result;
    }
    *out = list;
    return FEED_OK;
}

bool feed_shape(struct feed_book *book, const struct feed_request *request,
                uint8_t out[static FEED_SHAPE_SIZE])
{
    struct feed_entries entries;
    if (!feed_entries_build(book->source, &book->items, request, &entries)) {
        return false;
    }
    struct draft draft = {0};
    draft_add(&draft, "");
    for (size_t i = 0; i < entries.count; i++) {
        const struct feed_entry *entry = &entries.entry[i];
        const int64_t is[] = {entry->of - book->items.list, entry->is_rest,
                              entry->time.is_date,          entry->time.exact_start.ns,
                              entry->time.shift_s,          entry->time.end_shift_s};
        draft_add_bytes(&draft, is, sizeof is);
    }
    struct record_id hash;
    if (!draft.is_short_of_memory) {
        record_id_of((const uint8_t *)draft.at, draft.len, &hash);
        memcpy(out, hash.bytes, FEED_SHAPE_SIZE);
    }
    bool done = !draft.is_short_of_memory;
    draft_free(&draft);
    feed_entries_free(&entries);
    return done;
}

static int by_tag(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Whether what a window says opens feeds: what too few have signed makes no site larger. */
static bool is_of(const struct view_window *window, const struct record_id *root)
{
    return feed_has_window(window) && record_id_equal(&window->root, root);
}

bool feed_has_window(const struct view_window *window)
{
    return window->record != NULL && window->held_count > 0;
}

/* The record that says what is shown, and those that said it before: whoever has a feed of a
 * language or a gesture that an amendment left must hear so there. */
static size_t told_count(const struct view_window *window)
{
    return window->held_count + 1;
}

static const struct record_window *told_get(const struct view_window *window, size_t index)
{
    const struct record *record = index < window->held_count ? window->held[index] : window->record;
    return &record->is.window;
}

bool feed_languages(const struct view *view, const struct record_id *root,
                    char (**out)[FEED_LANGUAGE_SIZE], size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        for (size_t r = 0; is_of(&view->window[i], root) && r < told_count(&view->window[i]); r++) {
            const struct record_window *window = told_get(&view->window[i], r);
            room += window->title_count + window->about_count;
        }
    }
    char(*tag)[FEED_LANGUAGE_SIZE] = calloc(room, sizeof *tag);
    if (tag == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        for (size_t r = 0; is_of(&view->window[i], root) && r < told_count(&view->window[i]); r++) {
            const struct record_window *window = told_get(&view->window[i], r);
            for (size_t k = 0; k < window->title_count + window->about_count; k++) {
                struct text text = k < window->title_count
                                       ? window->title[k].tag
                                       : window->about[k - window->title_count].tag;
                if (text.len > 0 && text.len < FEED_LANGUAGE_SIZE) {
                    memcpy(tag[used], text.at, text.len);
                    tag[used][text.len] = '\0';
                    used += strcmp(tag[used], FEED_MANY_LANGUAGES) != 0;
                }
            }
        }
    }
    qsort(tag, used, sizeof *tag, by_tag);
    size_t kept = 0;
    for (size_t i = 0; i < used; i++) {
        if (kept == 0 || strcmp(tag[kept - 1], tag[i]) != 0) {
            memmove(tag[kept++], tag[i], sizeof *tag);
        }
    }
    *out = tag;
    *count = kept;
    return true;
}

static int by_text(const void *left, const void *right)
{
    const struct text *a = left;
    const struct text *b = right;
    size_t least = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->at, b->at, least);
    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static size_t keep_distinct(struct text *list, size_t count)
{
    size_t kept = 0;
    if (count > 0) {
        qsort(list, count, sizeof *list, by_text);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_text(&list[kept - 1], &list[i]) != 0) {
            list[kept++] = list[i];
        }
    }
    return kept;
}

bool feed_places(const struct view *view, struct text **out, size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        room += in->occurrence_count;
        for (size_t k = 0; k < in->held_count; k++) {
            room += in->held[k]->is.window.at_count;
        }
    }
    struct text *place = malloc(room * sizeof *place);
    if (place == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        for (size_t k = 0; feed_has_window(in) && k < in->occurrence_count; k++) {
            if (in->occurrence[k].place.len > 0) {
                place[used++] = in->occurrence[k].place;
            }
        }
        for (size_t k = 0; k < in->held_count; k++) { /* places that an amendment dropped */
            const struct record_window *window = &in->held[k]->is.window;
            for (size_t a = 0; window->wave == WAVE_PLACE && a < window->at_count; a++) {
                place[used++] = window->at[a].place;
            }
        }
    }
    *count = keep_distinct(place, used);
    *out = place;
    return true;
}

bool feed_gestures(const struct view *view, const struct record_id *root, struct text **out,
                   size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        room += told_count(&view->window[i]);
    }
    struct text *gesture = malloc(room * sizeof *gesture);
    if (gesture == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        for (size_t r = 0; is_of(&view->window[i], root) && r < told_count(&view->window[i]); r++) {
            gesture[used++] = told_get(&view->window[i], r)->gesture;
        }
    }
    *count = keep_distinct(gesture, used);
    *out = gesture;
    return true;
}
