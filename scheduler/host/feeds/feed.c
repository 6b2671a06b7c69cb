#include "feeds/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "feeds/calendar.h"
#include "feeds/check.h"
#include "feeds/draft.h"
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

static enum feed_result assemble(const struct feed_request *request,
                                 const struct feed_events *events, char *const *text,
                                 const char *open, const struct feed_share *share, struct feed *out,
                                 char error[static FEED_ERROR_SIZE])
{
    struct draft draft = {0};
    draft_add(&draft, open);
    for (size_t i = share->first; i < share->first + share->count; i++) {
        draft_add(&draft, text[i]);
    }
    draft_add(&draft, FEED_CALENDAR_CLOSE);
    size_t size = draft.len;
    char *bytes = draft_take(&draft);
    if (bytes == NULL) {
        return FEED_NO_MEMORY;
    }
    if (!feed_check(bytes, size, &events->event[share->first], share->count,
                    request->part == FEED_ZONE ? request->zone : NULL, error)) {
        free(bytes);
        return FEED_UNSOUND;
    }
    *out = (struct feed){.bytes = (uint8_t *)bytes, .size = size, .event_count = share->count};
    memcpy(out->name, share->name, sizeof out->name);
    return FEED_OK;
}

static enum feed_result write_shares(const struct feed_request *request,
                                     const struct feed_events *events, char *const *text,
                                     const size_t *size, const char *open, struct feed_list *out,
                                     char error[static FEED_ERROR_SIZE])
{
    struct feed_split split;
    size_t around = strlen(open) + strlen(FEED_CALENDAR_CLOSE);
    if (!feed_split(events, size, around < FEED_SIZE_MAX ? FEED_SIZE_MAX - around : 0,
                    leap_to_utc(request->leap, request->horizon.now, NULL), &split)) {
        return FEED_NO_MEMORY;
    }
    enum feed_result result = FEED_OK;
    struct feed_list list = {.feed = calloc(split.count, sizeof *list.feed)};
    if (list.feed == NULL) {
        result = FEED_NO_MEMORY;
    }
    while (result == FEED_OK && list.count < split.count) {
        result = assemble(request, events, text, open, &split.share[list.count],
                          &list.feed[list.count], error);
        if (result == FEED_OK) {
            list.count++;
        }
    }
    free(split.share);
    if (result != FEED_OK) {
        feed_list_free(&list);
        return result;
    }
    *out = list;
    return FEED_OK;
}

enum feed_result feed_write(const struct feed_request *request, struct feed_list *out,
                            char error[static FEED_ERROR_SIZE])
{
    error[0] = '\0';
    icalerror_set_errors_are_fatal(0);
    struct feed_events events;
    if (!feed_events_build(request, &events)) {
        return FEED_NO_MEMORY;
    }
    enum feed_result result = FEED_NO_MEMORY;
    char *open =
        feed_calendar_open(request, leap_to_utc(request->leap, request->horizon.from, NULL),
                           leap_to_utc(request->leap, request->horizon.to, NULL));
    char **text = calloc(events.count + 1, sizeof *text);
    size_t *size = calloc(events.count + 1, sizeof *size);
    bool written = open != NULL && text != NULL && size != NULL;
    for (size_t i = 0; written && i < events.count; i++) {
        text[i] = feed_calendar_event(&events.event[i],
                                      request->part == FEED_ZONE ? request->zone : NULL);
        written = text[i] != NULL;
        size[i] = written ? strlen(text[i]) : 0;
    }
    if (written) {
        result = write_shares(request, &events, text, size, open, out, error);
    }
    for (size_t i = 0; text != NULL && i < events.count; i++) {
        free(text[i]);
    }
    free(text);
    free(size);
    free(open);
    feed_events_free(&events);
    return result;
}

void feed_list_free(struct feed_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->feed[i].bytes);
    }
    free(list->feed);
    *list = (struct feed_list){0};
}

static int by_tag(const void *left, const void *right)
{
    return strcmp(left, right);
}

static bool is_of(const struct view_window *window, const struct record_id *root)
{
    return window->record != NULL && record_id_equal(&window->root, root);
}

bool feed_languages(const struct view *view, const struct record_id *root,
                    char (**out)[FEED_LANGUAGE_SIZE], size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        if (is_of(&view->window[i], root)) {
            const struct record_window *window = &view->window[i].record->is.window;
            room += window->title_count + window->about_count;
        }
    }
    char(*tag)[FEED_LANGUAGE_SIZE] = calloc(room, sizeof *tag);
    if (tag == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        if (!is_of(&view->window[i], root)) {
            continue;
        }
        const struct record_window *window = &view->window[i].record->is.window;
        for (size_t k = 0; k < window->title_count + window->about_count; k++) {
            struct text text = k < window->title_count ? window->title[k].tag
                                                       : window->about[k - window->title_count].tag;
            if (text.len > 0 && text.len < FEED_LANGUAGE_SIZE) {
                memcpy(tag[used], text.at, text.len);
                tag[used][text.len] = '\0';
                used += strcmp(tag[used], FEED_MANY_LANGUAGES) != 0;
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

bool feed_places(const struct view *view, const struct record_id *root, struct text **out,
                 size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < view->window_count; i++) {
        room += is_of(&view->window[i], root) ? view->window[i].occurrence_count : 0;
    }
    struct text *place = malloc(room * sizeof *place);
    if (place == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        if (!is_of(window, root) || window->record->is.window.wave != WAVE_PLACE) {
            continue;
        }
        for (size_t k = 0; k < window->occurrence_count; k++) {
            if (window->occurrence[k].place.len > 0) {
                place[used++] = window->occurrence[k].place;
            }
        }
    }
    qsort(place, used, sizeof *place, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < used; i++) {
        if (kept == 0 || by_text(&place[kept - 1], &place[i]) != 0) {
            place[kept++] = place[i];
        }
    }
    *out = place;
    *count = kept;
    return true;
}

bool feed_has_clock_waves(const struct view *view, const struct record_id *root)
{
    for (size_t i = 0; i < view->window_count; i++) {
        if (is_of(&view->window[i], root) && view->window[i].record->is.window.wave == WAVE_CLOCK) {
            return true;
        }
    }
    return false;
}

bool feed_has_rests(const struct view *view, const struct record_id *root)
{
    for (size_t i = 0; i < view->window_count; i++) {
        if (is_of(&view->window[i], root) && view->window[i].record->is.window.has_rest &&
            view->window[i].record->is.window.wave == WAVE_NONE) {
            return true;
        }
    }
    return false;
}
