#include "feeds/feed.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/book.h"
#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "feeds/split.h"
#include "list/list.h"

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
    enum feed_result result = feed_write_one(open, &event, out, error);
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
    char *open = write_open(book, request, &result, error);
    if (open != NULL) {
        result = entries.count == 0 ? write_empty(book, request, open, out, error)
                                    : write_entries(book, request, &entries, open, out, error);
    }
    free(open);
    feed_entries_free(&entries);
    feed_check_end();
    return result;
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

/* Whether what a window says opens feeds: what too few have signed makes no site larger. */
static bool is_of(const struct view_window *window, const struct record_id *root)
{
    return feed_has_window(window) && (root == NULL || record_id_equal(&window->root, root));
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

/* Words of windows on their way to a caller. */
struct words {
    struct text *list; /* owned */
    size_t count, room;
};

static bool keep(struct words *words, struct text one)
{
    if (!LIST_ROOM(words->list, words->count, words->room)) {
        return false;
    }
    words->list[words->count++] = one;
    return true;
}

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* Ascending, each once; where not all of them were kept, none. */
static bool give(struct words *words, bool is_whole, struct text **out, size_t *count)
{
    if (!is_whole) {
        free(words->list);
        return false;
    }
    *count = list_sort_distinct(words->list, words->count, sizeof *words->list, by_text);
    *out = words->list;
    return true;
}

static bool keep_tags(struct words *words, const struct record_prose *prose, size_t count)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        done = keep(words, prose[i].tag);
    }
    return done;
}

bool feed_languages(const struct view *view, const struct record_id *root,
                    char (**out)[FEED_LANGUAGE_SIZE], size_t *count)
{
    struct words words = {0};
    struct text *tag;
    size_t tags;
    bool done = true;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        for (size_t r = 0; done && is_of(in, root) && r < told_count(in); r++) {
            const struct record_window *window = told_get(in, r);
            done = keep_tags(&words, window->title, window->title_count) &&
                   keep_tags(&words, window->about, window->about_count);
        }
    }
    if (!give(&words, done, &tag, &tags)) {
        return false;
    }
    assert(tag != NULL || tags == 0);
    *out = calloc(tags + 1, sizeof **out);
    *count = 0;
    for (size_t i = 0; *out != NULL && i < tags; i++) {
        if (tag[i].len > 0 && tag[i].len < FEED_LANGUAGE_SIZE &&
            !text_is(tag[i], FEED_MANY_LANGUAGES)) {
            memcpy((*out)[(*count)++], tag[i].at, tag[i].len);
        }
    }
    free(tag);
    return *out != NULL;
}

bool feed_places(const struct view *view, struct text **out, size_t *count)
{
    struct words words = {0};
    bool done = true;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        for (size_t k = 0; done && feed_has_window(in) && k < in->occurrence_count; k++) {
            struct text place = in->occurrence[k].place;
            done = place.len == 0 || keep(&words, place);
        }
        for (size_t k = 0; k < in->held_count; k++) { /* places that an amendment dropped */
            const struct record_window *window = &in->held[k]->is.window;
            for (size_t a = 0; done && window->wave == WAVE_PLACE && a < window->at_count; a++) {
                done = keep(&words, window->at[a].place);
            }
        }
    }
    return give(&words, done, out, count);
}

bool feed_gestures(const struct view *view, const struct record_id *root, struct text **out,
                   size_t *count)
{
    struct words words = {0};
    bool done = true;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *in = &view->window[i];
        for (size_t r = 0; done && is_of(in, root) && r < told_count(in); r++) {
            done = keep(&words, told_get(in, r)->gesture);
        }
    }
    return give(&words, done, out, count);
}
